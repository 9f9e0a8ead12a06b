/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/solvestate.h"

#include "solve/queues.h"
#include "solve/trust.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

static bool is_exponential(const struct rp_solving *s)
{
    return s->demands.class_count == 1 &&
           rp_stretch_is_exponential(&s->demands.whole[0]);
}

static enum rp_method closed_method(const struct rp_solving *s)
{
    if (s->contention.contended == 0)
        return RP_METHOD_ALONE;
    if (s->contention.nested)
        return RP_METHOD_LAYERS;
    return s->layers.exact ? RP_METHOD_MVA : RP_METHOD_MVA_RESIDUAL;
}

static bool is_poisson(const struct rp_solving *s)
{
    return s->scenario->load.process == RP_PROCESS_POISSON;
}

static enum rp_method open_method(const struct rp_solving *s)
{
    const struct rp_demand_place *const place =
        &s->demands.places[s->lone_place];

    if (s->lone_place == s->demands.place_count)
        return RP_METHOD_FLOW;
    if (!is_poisson(s))
        return RP_METHOD_GGC;
    if (is_exponential(s) && s->contention.delay_ns <= 0.0)
        return place->servers == 1 ? RP_METHOD_MM1 : RP_METHOD_MMC;
    return place->servers == 1 && !place->shares ? RP_METHOD_MG1
                                                 : RP_METHOD_GGC;
}

static void write(char text[RP_SOLUTION_TEXT_SIZE], const char *format, ...)
    RP_PRINTF(2, 3);

static void write(char text[RP_SOLUTION_TEXT_SIZE], const char *format, ...)
{
    va_list args;

    va_start(args, format);
    (void)vsnprintf(text, RP_SOLUTION_TEXT_SIZE, format, args);
    va_end(args);
}

/* Which place is held while which is waited for: the pair that is met first. */
static void why_layers(struct rp_solving *s)
{
    const struct rp_demands *const d = &s->demands;

    for (size_t i = 0; i < d->visit_count; i++) {
        const size_t outer = s->contention.visits[i].parent;
        const size_t place = d->visits[i].place;

        if (!s->contention.places[place].contended || outer == RP_VISIT_NONE)
            continue;
        write(s->solution.why, "\"%s\" is held while \"%s\" is waited for",
              d->places[d->visits[outer].place].name, d->places[place].name);
        return;
    }
}

static void write_why(struct rp_solving *s)
{
    char *const why = s->solution.why;

    switch (s->solution.method) {
    case RP_METHOD_ALONE:
        write(why, "so few requests are in the system that each finds all "
                   "places free");
        return;
    case RP_METHOD_MVA:
        write(why, "no place is held while another one is waited for, and "
                   "service times allow it");
        return;
    case RP_METHOD_MVA_RESIDUAL:
        write(why,
              "no place is held while another one is waited for, but "
              "%s",
              s->demands.processes > 1
                  ? "processes share requests evenly instead of at random"
                  : "service times are not exponential");
        return;
    case RP_METHOD_LAYERS:
        why_layers(s);
        return;
    case RP_METHOD_MM1:
    case RP_METHOD_MMC:
        write(why, "requests arrive at random, and all they do is one "
                   "exponential service in one queue");
        return;
    case RP_METHOD_MG1:
        write(why, "requests arrive at random and queue once, for one server");
        return;
    case RP_METHOD_GGC:
        write(why, "requests queue once, but %s",
              is_poisson(s) ? "for several servers, or service that is shared"
                            : "do not arrive at random");
        return;
    case RP_METHOD_FLOW:
        write(why, "the load is open and there are several queues, or one that "
                   "requests come to again");
        return;
    }
}

/* Found on configurations that were measured, several methods apart. */
static const char *trust_crowded(const struct rp_solving *s)
{
    if (s->solution.method == RP_METHOD_LAYERS)
        return RP_TRUST_CROWDED_LAYERS;
    return s->solution.method == RP_METHOD_ALONE ? RP_TRUST_CROWDED_ALONE
                                                 : RP_TRUST_CROWDED_ROUND;
}

static void write_trust(struct rp_solving *s)
{
    char *const trust = s->solution.trust;

    if (s->unmodelled > 0) {
        write(trust, "the scenario has more than the method knows, see below: "
                     "the bounds of a server without that hold, the rest is a "
                     "guide");
        return;
    }
    if (s->crowded) {
        write(trust, "%s", s->open ? RP_TRUST_CROWDED_OPEN : trust_crowded(s));
        return;
    }
    switch (s->solution.method) {
    case RP_METHOD_ALONE:
    case RP_METHOD_MVA:
    case RP_METHOD_MM1:
    case RP_METHOD_MMC:
    case RP_METHOD_MG1:
        write(trust, "exact for the model; what the model leaves out is as for "
                     "reqpath simulate");
        return;
    case RP_METHOD_MVA_RESIDUAL:
        write(trust, "%s", "approximate: " RP_TRUST_RESIDUAL);
        return;
    case RP_METHOD_LAYERS:
        write(trust, "%s", "approximate: " RP_TRUST_LAYERS);
        return;
    case RP_METHOD_GGC:
        write(trust, "%s", "approximate: " RP_TRUST_GGC);
        return;
    case RP_METHOD_FLOW:
        write(trust, "%s", "approximate: " RP_TRUST_FLOW);
        return;
    }
}

void rp_method_choose(struct rp_solving *s)
{
    s->solution.method = s->open ? open_method(s) : closed_method(s);
    switch (s->solution.method) {
    case RP_METHOD_ALONE:
    case RP_METHOD_MVA:
    case RP_METHOD_MM1:
    case RP_METHOD_MMC:
    case RP_METHOD_MG1:
        s->solution.exact = s->unmodelled == 0 && !s->crowded;
        break;
    case RP_METHOD_MVA_RESIDUAL:
    case RP_METHOD_LAYERS:
    case RP_METHOD_GGC:
    case RP_METHOD_FLOW:
        s->solution.exact = false;
        break;
    }
    write_why(s);
    write_trust(s);
}

/* ---- Percentiles ---- */

static double percentile_ns(const struct rp_solving *s, double level)
{
    const struct rp_demands *const d = &s->demands;

    switch (s->solution.method) {
    case RP_METHOD_ALONE:
        return d->class_count == 1 ? rp_stretch_at_ns(&d->whole[0], level)
                                   : (double)NAN;
    case RP_METHOD_MM1:
    case RP_METHOD_MMC:
        return rp_queue_mmc_response_at(s->offered_per_ns, d->alone_ns,
                                        d->places[s->lone_place].servers,
                                        level);
    case RP_METHOD_MVA:
    case RP_METHOD_MVA_RESIDUAL:
    case RP_METHOD_LAYERS:
    case RP_METHOD_MG1:
    case RP_METHOD_GGC:
    case RP_METHOD_FLOW:
        return NAN;
    }
    return NAN;
}

void rp_percentiles_fill(struct rp_solving *s)
{
    for (unsigned m = 0; m < RP_METRIC_COUNT; m++) {
        const double level = rp_metric_level((enum rp_metric)m);

        if (!isnan(level))
            s->solution.metrics[m] =
                s->unmodelled == 0 && !s->solution.saturated
                    ? percentile_ns(s, level)
                    : (double)NAN;
    }
}
