/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/loadat.h"

struct rp_load rp_load_at(const struct rp_load *load, double rate_per_s)
{
    struct rp_load at = {.kind = RP_LOAD_OPEN,
                         .clients = 1,
                         .rate_per_s = rate_per_s,
                         .process = RP_PROCESS_POISSON,
                         .gap = {.shape = RP_SHAPE_EXPONENTIAL, .cv = 1.0},
                         .trace_speed = 1.0,
                         .timeout_ns = load->timeout_ns,
                         .retries = load->retries,
                         .backoff = load->backoff};

    if (load->kind == RP_LOAD_OPEN && !load->trace &&
        load->curve.kind == RP_CURVE_FLAT) {
        const double times = rate_per_s / load->rate_per_s;

        at.process = load->process;
        at.gap = load->gap;
        at.mmpp = load->mmpp;
        at.mmpp.on_per_s *= times;
        at.mmpp.off_per_s *= times;
    }
    at.gap.mean_ns = 1e9 / rate_per_s;
    return at;
}
