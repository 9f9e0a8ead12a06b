/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/moments.h"

#include "sim/arrivals.h"

void rp_moments_make(const struct rp_duration *gap, uint64_t seed, uint32_t run,
                     size_t count, uint64_t *at_ns)
{
    const struct rp_arrival_plan plan = {.spacing = RP_SPACING_GAPS,
                                         .gap = rp_sampler_make(gap)};
    const struct rp_stream gaps =
        rp_stream_make(seed, run, 0, rp_stream_purpose("moments", "gap", 0));
    struct rp_arrivals arrivals = rp_arrivals_start(&plan, gaps, gaps);
    struct rp_ziggurat ziggurat;
    uint64_t now_ns = 0;

    rp_ziggurat_make(&ziggurat);
    for (size_t i = 0; i < count; i++)
        at_ns[i] = now_ns = rp_arrivals_next(&arrivals, &ziggurat, now_ns);
}
