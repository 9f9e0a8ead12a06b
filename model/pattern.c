/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/pattern.h"

#include "model/units.h"

#include <math.h>

/* Who waits for a request that hardly ever comes waits for ever: so many must
 * come on average in each round of a pattern. */
static const double least_per_round = 1e-3;

const char *rp_curve_word(enum rp_curve_kind kind)
{
#define RP_CURVE_AS_WORD(curve, word)                                          \
    case curve:                                                                \
        return word;
    switch (kind) {
        RP_CURVE_LIST(RP_CURVE_AS_WORD)
    }
#undef RP_CURVE_AS_WORD
    return "unknown curve";
}

/* ---- On and off ---- */

static double requests_of_a_round(const struct rp_mmpp *m)
{
    return (m->on_per_s * m->on_ns + m->off_per_s * m->off_ns) / 1e9;
}

double rp_mmpp_rate(const struct rp_mmpp *m)
{
    return 1e9 * requests_of_a_round(m) / (m->on_ns + m->off_ns);
}

static bool is_time(double ns)
{
    return ns >= 1.0 && ns <= RP_DURATION_MAX_NS;
}

static bool is_rate(double per_s)
{
    return per_s >= 0.0 && per_s <= RP_RATE_MAX_PER_S;
}

const char *rp_mmpp_fault(const struct rp_mmpp *m, const char **key)
{
    *key = "on_rate";
    if (!is_rate(m->on_per_s) || m->on_per_s == 0.0)
        return "there must be more than 0/s";
    *key = "off_rate";
    if (!is_rate(m->off_per_s))
        return "there must be 0/s or more";
    *key = "on_for";
    if (!is_time(m->on_ns))
        return "must be 1ns .. 1000h";
    *key = "off_for";
    if (!is_time(m->off_ns))
        return "must be 1ns .. 1000h";
    *key = "on_rate";
    if (!(requests_of_a_round(m) >= least_per_round))
        return "fewer than one request comes in a thousand rounds of on and "
               "off; write a higher rate, or a longer on_for";
    return NULL;
}

/* ---- Curves ---- */

static uint64_t whole(double ns)
{
    return (uint64_t)(ns + 0.5);
}

/* The time since the last round began; a spike that comes once has none. */
static uint64_t phase_of(const struct rp_curve *c, uint64_t time_ns)
{
    uint64_t period_ns = whole(c->period_ns);

    if (c->kind == RP_CURVE_POINTS)
        period_ns = whole(c->points[c->point_count - 1].at_ns);
    return period_ns > 0 ? time_ns % period_ns : time_ns;
}

/* The first point that is later; the last one ends the round, so there is. */
static size_t next_point(const struct rp_curve *c, uint64_t phase_ns)
{
    size_t i = 1;

    while (i + 1 < c->point_count && whole(c->points[i].at_ns) <= phase_ns)
        i++;
    return i;
}

static double mean_of_points(const struct rp_curve *c)
{
    double requests = 0.0;

    for (size_t i = 0; i + 1 < c->point_count; i++) {
        const struct rp_curve_point *const p = &c->points[i];
        requests += (p[1].at_ns - p[0].at_ns) *
                    (p[0].rate_per_s + p[1].rate_per_s) / 2.0;
    }
    return requests / c->points[c->point_count - 1].at_ns;
}

double rp_curve_mean(const struct rp_curve *c)
{
    switch (c->kind) {
    case RP_CURVE_FLAT:
    case RP_CURVE_DIURNAL:
        break;
    case RP_CURVE_SPIKE:
        if (c->period_ns > 0.0)
            return c->rate_per_s *
                   (1.0 + (c->times - 1.0) * c->for_ns / c->period_ns);
        break;
    case RP_CURVE_POINTS:
        return mean_of_points(c);
    }
    return c->rate_per_s;
}

/* It begins at its lowest, as at night. */
static double diurnal_rate(const struct rp_curve *c, uint64_t phase_ns)
{
    const double two_pi = 6.28318530717958647692;
    const double angle = two_pi * (double)phase_ns / c->period_ns;

    return c->rate_per_s * (1.0 - c->amplitude * cos(angle));
}

static bool in_spike(const struct rp_curve *c, uint64_t phase_ns)
{
    return phase_ns >= whole(c->from_ns) &&
           phase_ns < whole(c->from_ns + c->for_ns);
}

static double rate_of_points(const struct rp_curve *c, uint64_t phase_ns)
{
    const struct rp_curve_point *const p =
        &c->points[next_point(c, phase_ns) - 1];
    const double share =
        ((double)phase_ns - p[0].at_ns) / (p[1].at_ns - p[0].at_ns);

    return p[0].rate_per_s + share * (p[1].rate_per_s - p[0].rate_per_s);
}

double rp_curve_rate(const struct rp_curve *c, uint64_t time_ns)
{
    const uint64_t phase_ns = phase_of(c, time_ns);

    switch (c->kind) {
    case RP_CURVE_FLAT:
        break;
    case RP_CURVE_DIURNAL:
        return diurnal_rate(c, phase_ns);
    case RP_CURVE_SPIKE:
        return in_spike(c, phase_ns) ? c->rate_per_s * c->times : c->rate_per_s;
    case RP_CURVE_POINTS:
        return rate_of_points(c, phase_ns);
    }
    return c->rate_per_s;
}

/* Where the rate of a spike changes next. */
static uint64_t end_of_spike(const struct rp_curve *c, uint64_t time_ns)
{
    const uint64_t phase_ns = phase_of(c, time_ns);
    const uint64_t round_ns = time_ns - phase_ns;

    if (phase_ns < whole(c->from_ns))
        return round_ns + whole(c->from_ns);
    if (in_spike(c, phase_ns))
        return round_ns + whole(c->from_ns + c->for_ns);
    return c->period_ns > 0.0 ? round_ns + whole(c->period_ns) : UINT64_MAX;
}

static struct rp_curve_piece piece_of_points(const struct rp_curve *c,
                                             uint64_t time_ns)
{
    const uint64_t phase_ns = phase_of(c, time_ns);
    const struct rp_curve_point *const p = &c->points[next_point(c, phase_ns)];

    return (struct rp_curve_piece){time_ns - phase_ns + whole(p->at_ns),
                                   fmax(p[-1].rate_per_s, p->rate_per_s)};
}

struct rp_curve_piece rp_curve_piece_at(const struct rp_curve *c,
                                        uint64_t time_ns)
{
    switch (c->kind) {
    case RP_CURVE_FLAT:
        break;
    case RP_CURVE_DIURNAL:
        return (struct rp_curve_piece){UINT64_MAX,
                                       c->rate_per_s * (1.0 + c->amplitude)};
    case RP_CURVE_SPIKE:
        return (struct rp_curve_piece){end_of_spike(c, time_ns),
                                       rp_curve_rate(c, time_ns)};
    case RP_CURVE_POINTS:
        return piece_of_points(c, time_ns);
    }
    return (struct rp_curve_piece){UINT64_MAX, c->rate_per_s};
}

/* ---- Checking ---- */

static const char *fault_of_diurnal(const struct rp_curve *c, const char **key)
{
    *key = "amplitude";
    if (!(c->amplitude >= 0.0 && c->amplitude <= 1.0))
        return "must be 0 .. 1, of the mean rate";
    *key = "period";
    return is_time(c->period_ns) ? NULL : "must be 1ns .. 1000h";
}

static const char *fault_of_spike(const struct rp_curve *c, const char **key)
{
    *key = "from";
    if (!(c->from_ns >= 0.0 && c->from_ns <= RP_DURATION_MAX_NS))
        return "must be 0ms .. 1000h";
    *key = "for";
    if (!is_time(c->for_ns))
        return "must be 1ns .. 1000h";
    *key = "times";
    if (!(c->times >= 0.0 && c->times <= 1000.0))
        return "must be 0 .. 1000";
    *key = "period";
    if (c->period_ns == 0.0)
        return NULL;
    if (!is_time(c->period_ns) ||
        whole(c->period_ns) < whole(c->from_ns + c->for_ns))
        return "the next spike would come before this one has ended; write a "
               "longer period, or leave it out";
    return NULL;
}

static const char *fault_of_points(const struct rp_curve *c, const char **key)
{
    const struct rp_curve_point *const p = c->points;

    *key = "points";
    if (c->point_count < 2 || c->point_count > RP_CURVE_POINTS_MAX)
        return "there must be 2 .. 97";
    if (p[0].at_ns != 0.0)
        return "the first must be at: 0s, where the run begins";
    for (size_t i = 0; i < c->point_count; i++) {
        if (!(p[i].at_ns <= RP_DURATION_MAX_NS) || !is_rate(p[i].rate_per_s))
            return "each must be at 0ms .. 1000h, its rate 0/s or more";
        if (i > 0 && !(p[i].at_ns >= p[i - 1].at_ns + 1.0))
            return "each must be later than the one before";
    }
    return NULL;
}

/* Whether requests come at all, in a curve that goes round. */
static const char *fault_of_round(const struct rp_curve *c, const char **key)
{
    const double period_ns = c->kind == RP_CURVE_POINTS
                                 ? c->points[c->point_count - 1].at_ns
                                 : c->period_ns;

    *key = c->kind == RP_CURVE_POINTS ? "points" : "period";
    if (c->kind == RP_CURVE_DIURNAL || period_ns == 0.0 ||
        rp_curve_mean(c) * period_ns / 1e9 >= least_per_round)
        return NULL;
    return "fewer than one request comes in a thousand periods; write higher "
           "rates, or a longer period";
}

const char *rp_curve_fault(const struct rp_curve *c, const char **key)
{
    const char *fault = NULL;

    *key = "rate";
    if (c->kind != RP_CURVE_POINTS &&
        (!is_rate(c->rate_per_s) || c->rate_per_s == 0.0))
        return "there must be more than 0/s";
    switch (c->kind) {
    case RP_CURVE_FLAT:
        return NULL;
    case RP_CURVE_DIURNAL:
        fault = fault_of_diurnal(c, key);
        break;
    case RP_CURVE_SPIKE:
        fault = fault_of_spike(c, key);
        break;
    case RP_CURVE_POINTS:
        fault = fault_of_points(c, key);
        break;
    }
    return fault ? fault : fault_of_round(c, key);
}
