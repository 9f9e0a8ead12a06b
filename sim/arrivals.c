/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/arrivals.h"

struct rp_arrivals rp_arrivals_start(const struct rp_arrival_plan *plan,
                                     struct rp_stream gaps,
                                     struct rp_stream phases)
{
    const struct rp_mmpp *const m = &plan->mmpp;
    const double u = rp_uniform_of(rp_stream_word(phases, 0, 0));

    return (struct rp_arrivals){.gaps = rp_lookahead_at(gaps),
                                .gap = plan->gap,
                                .spacing = plan->spacing,
                                .on = u * (m->on_ns + m->off_ns) < m->on_ns,
                                .plan = plan};
}

/* An arrival and the end of the phase compete: the first of the two comes after
 * an exponential time with the sum of their rates, and is either in proportion
 * to them. */
static uint64_t next_of_mmpp(struct rp_arrivals *a,
                             const struct rp_ziggurat *ziggurat,
                             struct rp_cursor cursor, uint64_t now_ns)
{
    const struct rp_mmpp *const m = &a->plan->mmpp;
    double gap_ns = 0.0;

    for (;;) {
        const double arrivals = (a->on ? m->on_per_s : m->off_per_s) / 1e9;
        const double ends = 1.0 / (a->on ? m->on_ns : m->off_ns);
        const double all = arrivals + ends;

        gap_ns += rp_exponential(ziggurat, &cursor) / all;
        if (rp_cursor_uniform(&cursor) * all < arrivals)
            return now_ns + rp_to_ns(gap_ns);
        a->on = !a->on;
    }
}

/* Thinning: candidates come at the highest rate of a piece and are taken with
 * the probability rate/highest (P. A. W. Lewis and G. S. Shedler, "Simulation
 * of nonhomogeneous Poisson processes by thinning", Naval Research Logistics
 * Quarterly 26, 1979). At the end of a piece candidates begin anew, which the
 * exponential allows. */
static uint64_t next_of_curve(const struct rp_arrivals *a,
                              const struct rp_ziggurat *ziggurat,
                              struct rp_cursor cursor, uint64_t now_ns)
{
    const struct rp_curve *const curve = &a->plan->curve;
    uint64_t from_ns = now_ns;

    while (from_ns < RP_NEVER / 4) {
        const struct rp_curve_piece s = rp_curve_piece_at(curve, from_ns);
        const double span_ns =
            (double)(s.end_ns < RP_NEVER / 2 ? s.end_ns - from_ns
                                             : RP_NEVER / 4);
        double t = 0.0;

        while (s.highest_per_s > 0.0) {
            uint64_t time_ns;

            t += 1e9 / s.highest_per_s * rp_exponential(ziggurat, &cursor);
            if (t >= span_ns)
                break;
            time_ns = from_ns + (uint64_t)t; /* before the end, as t is */
            if (rp_cursor_uniform(&cursor) * s.highest_per_s <
                rp_curve_rate(curve, time_ns))
                return time_ns;
        }
        from_ns = s.end_ns;
    }
    return RP_NEVER;
}

static uint64_t next_of_trace(const struct rp_arrivals *a, uint64_t number)
{
    const struct rp_timestamps *const trace = a->plan->trace;

    if (number >= trace->count)
        return RP_NEVER;
    return rp_to_ns((double)trace->at_ns[number] / a->plan->trace_speed);
}

uint64_t rp_arrivals_next(struct rp_arrivals *a,
                          const struct rp_ziggurat *ziggurat, uint64_t now_ns)
{
    struct rp_cursor cursor = {.stream = a->gaps.stream};

    if (a->spacing == RP_SPACING_GAPS)
        return now_ns + rp_arrivals_gap(a, ziggurat);
    cursor.number = a->count++;
    switch (a->spacing) {
    case RP_SPACING_GAPS:
        break;
    case RP_SPACING_MMPP:
        return next_of_mmpp(a, ziggurat, cursor, now_ns);
    case RP_SPACING_CURVE:
        return next_of_curve(a, ziggurat, cursor, now_ns);
    case RP_SPACING_TRACE:
        return next_of_trace(a, cursor.number);
    }
    return RP_NEVER;
}
