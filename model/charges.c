/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/charges.h"

#include <math.h>
#include <string.h>

static double full(const struct rp_profile *profile,
                   const struct rp_scenario *scenario,
                   enum rp_parameter of_daphne, enum rp_parameter of_uvicorn)
{
    switch (scenario->server.kind) {
    case RP_SERVER_DAPHNE:
        return rp_parameter_at_work(&profile->under_load, &scenario->mechanisms,
                                    of_daphne);
    case RP_SERVER_UVICORN:
        return rp_parameter_at_work(&profile->under_load, &scenario->mechanisms,
                                    of_uvicorn);
    case RP_SERVER_GUNICORN:
    case RP_SERVER_GTHREAD:
    case RP_SERVER_RUNSERVER:
        break; /* none in thousands of requests */
    }
    return 0.0;
}

static void add_collections(struct rp_charges *charges,
                            const struct rp_scenario *s,
                            const struct rp_profile *p)
{
    charges->full_every =
        full(p, s, RP_PARAMETER_FULL_DAPHNE, RP_PARAMETER_FULL_UVICORN);
    charges->full_crowded =
        full(p, s, RP_PARAMETER_CROWDED_DAPHNE, RP_PARAMETER_CROWDED_UVICORN);
    charges->full_ns =
        full(p, s, RP_PARAMETER_LENGTH_DAPHNE, RP_PARAMETER_LENGTH_UVICORN);
}

/* A process that slept has lost of its caches what its own code had there: the
 * more code it is, the more. */
static double waking_ns(const struct rp_scenario *s, const struct rp_profile *p)
{
    const int base = p->cost_of_item[rp_item_base(s->server.kind)];
    const double ratio = rp_parameter_at_work(&p->under_load, &s->mechanisms,
                                              RP_PARAMETER_WAKING);

    return ratio > 0.0 && base >= 0 ? ratio * p->costs[base].mean_ns : 0.0;
}

static void add_code(struct rp_charges *charges, const struct rp_scenario *s,
                     const struct rp_profile *p, bool has_loop)
{
    const struct rp_parameters *const of = &p->under_load;
    const struct rp_mechanisms *const on = &s->mechanisms;

    charges->wakeup_ns =
        rp_parameter_at_work(of, on, RP_PARAMETER_WAKEUP) + waking_ns(s, p);
    charges->after_ns =
        rp_parameter_at_work(of, on, rp_parameter_after(s->server.kind));
    charges->handover_ns = rp_parameter_at_work(of, on, RP_PARAMETER_HANDOVER);
    charges->accept_ns = rp_parameter_at_work(of, on, RP_PARAMETER_ACCEPT);
    charges->base = rp_item_base(s->server.kind);
    charges->loops = has_loop && charges->iteration_ns > 0.0;
    charges->answers = has_loop && on->after && rp_parameters_any(of);
    charges->accepts = on->acceptor && s->server.kind == RP_SERVER_GTHREAD &&
                       charges->accept_ns > 0.0;
    add_collections(charges, s, p);
}

struct rp_charges rp_charges_of(const struct rp_scenario *scenario,
                                const struct rp_profile *profile, bool has_loop)
{
    const struct rp_parameters *const of = &profile->under_load;
    const struct rp_mechanisms *const on = &scenario->mechanisms;
    struct rp_charges charges = {
        .runs = scenario->scheduling == RP_SCHEDULING_COMPLETION,
        .stalls = on->stalls,
        .client_ns = rp_parameter_at_work(of, on, RP_PARAMETER_CLIENT),
        .iteration_ns = rp_parameter_at_work(of, on, RP_PARAMETER_ITERATION),
        .pipe_ns = rp_parameter_at_work(of, on, RP_PARAMETER_PIPE),
        .thread_ns = rp_parameter_at_work(of, on, RP_PARAMETER_THREAD),
        .slack_ns = rp_parameter_at_work(of, on, RP_PARAMETER_SLACK)};

    if (charges.runs)
        add_code(&charges, scenario, profile, has_loop);
    return charges;
}

struct rp_spread rp_charges_spread(const struct rp_charges *charges,
                                   const struct rp_cost *cost, bool is_base)
{
    struct rp_spread spread = cost->spread;

    if (is_base && charges->full_every > 0.0 && cost->mean_ns > 0.0)
        spread.tail -= charges->full_ns / charges->full_every /
                       (1.0 - rp_levels[RP_LEVEL_COUNT - 1]) / cost->mean_ns;
    if (!charges->stalls || spread.tail < 0.0)
        spread.tail = 0.0;
    return spread;
}

double rp_charges_shared_ns(const struct rp_charges *charges, enum rp_item item,
                            bool is_base, bool at_loop, bool wakes)
{
    const bool to_thread = strncmp(rp_item_family(item), "s2a", 3) == 0;
    const bool to_loop = strncmp(rp_item_family(item), "a2s", 3) == 0;

    if (charges->accepts)
        return is_base ? charges->accept_ns + charges->iteration_ns : 0.0;
    if (!at_loop || !charges->loops)
        return 0.0;
    if (is_base)
        return (RP_TURNS_BEFORE + (charges->answers ? RP_TURNS_AFTER : 0)) *
               charges->iteration_ns;
    if (!to_thread && !to_loop)
        return 0.0;
    return RP_TURNS_OF_CROSSING * charges->iteration_ns + charges->pipe_ns +
           (wakes ? charges->thread_ns : 0.0);
}

/* What a step's item costs by its share, in ns; 0: it has no price. */
static double price_of(const struct rp_profile *profile,
                       const struct rp_prices *prices,
                       const struct rp_step *step)
{
    const int index =
        step->item == RP_ITEM_NONE ? -1 : prices->items[step->item].cost;

    return index < 0 ? 0.0 : step->share * profile->costs[index].mean_ns;
}

/* Of a crossing from the loop, what the code burns that asks for it. */
static double asking_ns(const struct rp_charges *charges,
                        const struct rp_step *step, double price_ns)
{
    const bool wakes =
        step->place == RP_PLACE_SENSITIVE || step->place == RP_PLACE_POOL;
    const double shared_ns =
        step->share *
        rp_charges_shared_ns(charges, step->item, false, true, wakes);
    const double sides = charges->loops ? RP_SIDES_OF_CROSSING : 1.0;

    return fmax(0.0, price_ns - shared_ns) / sides;
}

/* Levels at which two requests are compared: so many that going from one to the
 * next changes a waking of 0.1 ms by less than two microseconds. */
enum { LEVELS = 64 };

/* The time from an answer until nothing is left to do of its request. Where a
 * loop answers, the thread that goes on had to wait for it. */
static void find_rest(const struct rp_charges *charges,
                      const struct rp_profile *profile,
                      const struct rp_program *program,
                      const struct rp_prices *prices, double asking_ns,
                      double rest_ns[static LEVELS])
{
    const double waiting_ns = asking_ns > 0.0 ? charges->handover_ns : 0.0;

    for (size_t k = 0; k < LEVELS; k++) {
        const double u = ((double)k + 0.5) / LEVELS;

        rest_ns[k] = waiting_ns - asking_ns;
        if (charges->after_ns > 0.0)
            rest_ns[k] +=
                charges->after_ns * rp_spread_at(&profile->request_spread, u);
        for (size_t i = program->answer_step;
             charges->answers && i < program->step_count; i++) {
            const struct rp_step *const step = &program->steps[i];
            const double price_ns = price_of(profile, prices, step);

            if (price_ns > 0.0)
                rest_ns[k] +=
                    price_ns *
                    rp_spread_at(
                        &profile->costs[prices->items[step->item].cost].spread,
                        u);
        }
    }
}

/* The time from an answer until its client is back: its own part of the
 * response, as the base cost varies, and the gap to the next. */
static void find_back(const struct rp_charges *charges,
                      const struct rp_profile *profile,
                      const struct rp_prices *prices,
                      double back_ns[static LEVELS])
{
    const int gap = profile->cost_of_item[RP_ITEM_CLIENT_GAP];
    const int base = prices->items[charges->base].cost;

    for (size_t k = 0; k < LEVELS; k++) {
        const double u = ((double)k + 0.5) / LEVELS;

        back_ns[k] = 0.0;
        if (base >= 0 && charges->client_ns > 0.0)
            back_ns[k] = charges->client_ns *
                         rp_spread_at(&profile->costs[base].spread, u);
        if (gap >= 0)
            back_ns[k] += profile->costs[gap].mean_ns *
                          rp_spread_at(&profile->costs[gap].spread, u);
    }
}

/* Returns the mean time that one client waits for the rest of its request
 * before; both times rise with the level. */
static double meet(const double rest_ns[static LEVELS],
                   const double back_ns[static LEVELS], double *asleep)
{
    double met_ns = 0.0, sum_ns = 0.0;
    size_t sooner = 0, later = 0;

    for (size_t k = 0; k < LEVELS; k++) {
        while (sooner < LEVELS && back_ns[sooner] <= rest_ns[k])
            sum_ns += back_ns[sooner++];
        later += LEVELS - sooner;
        met_ns += (double)sooner * rest_ns[k] - sum_ns;
    }
    *asleep = (double)later / (LEVELS * LEVELS);
    return met_ns / (LEVELS * LEVELS);
}

struct rp_sending rp_charges_sending(const struct rp_charges *charges,
                                     const struct rp_profile *profile,
                                     const struct rp_program *program,
                                     const struct rp_prices *prices)
{
    double rest_ns[LEVELS], back_ns[LEVELS];
    struct rp_sending of = {.asleep = 1.0};
    double asking = 0.0;

    for (size_t i = program->answer_step;
         charges->answers && i < program->step_count; i++) {
        const struct rp_step *const step = &program->steps[i];
        const double price_ns = price_of(profile, prices, step);

        of.behind_ns += price_ns;
        if (i == program->answer_step && step->op == RP_STEP_ENTER)
            asking = asking_ns(charges, step, price_ns);
    }
    if (of.behind_ns + charges->after_ns > 0.0) {
        find_rest(charges, profile, program, prices, asking, rest_ns);
        find_back(charges, profile, prices, back_ns);
        of.met_ns = meet(rest_ns, back_ns, &of.asleep);
        if (charges->accepts) /* its thread waits for the GIL then */
            of.met_ns += (1.0 - of.asleep) * charges->handover_ns;
    }
    of.burned_ns = fmax(0.0, of.behind_ns - asking - of.met_ns);
    of.asleep_ns = of.asleep * charges->wakeup_ns +
                   fmax(0.0, of.met_ns + asking - of.behind_ns);
    return of;
}

void rp_charges_send(const struct rp_sending *sending,
                     const struct rp_profile *profile,
                     const struct rp_program *program,
                     const struct rp_prices *prices,
                     void (*add)(void *context, double price_ns,
                                 double elsewhere_ns,
                                 const struct rp_spread *spread),
                     void *context)
{
    const double gone = 1.0 - sending->burned_ns / sending->behind_ns;

    if (!(sending->burned_ns > 0.0))
        return;
    for (size_t i = program->answer_step; i < program->step_count; i++) {
        const struct rp_step *const step = &program->steps[i];
        const double price_ns = price_of(profile, prices, step);

        if (price_ns > 0.0)
            add(context, price_ns, price_ns * gone,
                &profile->costs[prices->items[step->item].cost].spread);
    }
}

double rp_charges_warmth(double pause_ns, double tau_ns)
{
    const double by = tau_ns > 0.0 ? pause_ns / tau_ns : 0.0;

    return exp(-by * by);
}

struct rp_spread rp_charges_left(const struct rp_spread *spread, double of_ns,
                                 double constant_ns)
{
    struct rp_spread left = *spread;

    for (size_t i = 0; i < RP_LEVEL_COUNT; i++)
        left.multiple[i] = fmax(0.0, left.multiple[i] - constant_ns / of_ns);
    return left;
}
