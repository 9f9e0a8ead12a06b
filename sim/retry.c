/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/retry.h"

#include <math.h>

uint64_t rp_retry_pause_ns(const struct rp_engine *e,
                           const struct rp_request *r, unsigned attempt)
{
    const struct rp_source *const s = r->source;
    struct rp_cursor cursor = {.stream = s->backoffs,
                               .number = r->number,
                               .next = (uint64_t)attempt << 32};
    const double pause_ns =
        ldexp(rp_sample_ns(&s->backoff, &e->ziggurat, &cursor), (int)attempt);

    return rp_to_ns(fmin(pause_ns, (double)RP_PATIENCE_MAX_NS));
}

/* What a request draws can be drawn again, so its pauses need not be kept. */
void rp_retry_give_up(const struct rp_engine *e, const struct rp_request *r)
{
    struct rp_class_stats *const stats = r->source->stats;
    double paused_ns = 0.0;

    for (unsigned k = 0; k < r->attempts; k++)
        paused_ns += rp_to_double(rp_retry_pause_ns(e, r, k));
    stats->given_up++;
    stats->given_up_ns += rp_to_double(e->now_ns - r->begun_ns) - paused_ns;
    stats->paused_ns -= paused_ns;
}
