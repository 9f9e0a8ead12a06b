/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/crowding.h"

#include "model/charges.h"
#include "solve/demands.h"
#include "solve/layers.h"

#include <math.h>

struct rp_crowding rp_crowding_alone(void)
{
    return (struct rp_crowding){.requests = 1.0,
                                .is_alone = true,
                                .ready = 1.0,
                                .accepted = 1.0,
                                .in_flight = 1.0};
}

/* ---- Who waits ---- */

/* Waits at a place by the time that it is held; those of visits inside of a
 * place `inside`, or not (PLACE_ANY: all of them). */
enum { PLACE_ANY = -1 };

static bool comes_from(const struct rp_demands *d, size_t visit,
                       ptrdiff_t place)
{
    const size_t up = d->visits[visit].parent;

    return up != RP_VISIT_NONE && (ptrdiff_t)d->visits[up].place == place;
}

static double wait_by_hold(const struct rp_demands *d,
                           const struct rp_layers_visit *at, ptrdiff_t place,
                           ptrdiff_t inside, bool is_inside)
{
    double wait_ns = 0.0, hold_ns = 0.0;

    for (size_t v = 0; v < d->visit_count; v++) {
        if ((ptrdiff_t)d->visits[v].place != place)
            continue;
        if (inside != PLACE_ANY && comes_from(d, v, inside) != is_inside)
            continue;
        wait_ns += d->visits[v].visits * at[v].wait_ns;
        hold_ns += at[v].hold_ns;
    }
    return hold_ns > 0.0 ? wait_ns / hold_ns : 0.0;
}

/* ---- Idle processes ---- */

/* How busy one of `customers` finds what they keep busy to `busy`: as all of
 * the time where they do so, and alone never. */
static double found_busy(double busy, double customers)
{
    if (isinf(customers))
        return busy;
    return customers > 1.0 ? busy * (customers - 1.0) / (customers - busy)
                           : 0.0;
}

double rp_crowding_idle(const struct rp_crowding *c,
                        const struct rp_crowding_pause *pause)
{
    const double idle =
        1.0 - found_busy(c->busy, fmin(c->requests, pause->others + 1.0));

    if (c->in_step && c->requests > 1.0) /* the first of them does */
        return pause->enters ? 0.0 : 1.0 / c->requests;
    if (!pause->enters)
        return idle;
    return fmin(idle, 1.0 - found_busy(c->full, c->requests));
}

/* Nobody comes while a request pauses that is alone: its pause is all idle. */
static bool is_alone(const struct rp_crowding *c,
                     const struct rp_crowding_pause *pause)
{
    return c->is_alone || pause->others < 1.0;
}

static double utilisation(const struct rp_demands *d,
                          const struct rp_crowding_seen *seen, ptrdiff_t place)
{
    double hold_ns = 0.0;

    if (place < 0)
        return 0.0;
    for (size_t v = 0; v < d->visit_count; v++)
        if ((ptrdiff_t)d->visits[v].place == place)
            hold_ns += seen->visits[v].hold_ns;
    return fmin(
        1.0, seen->rate_per_ns * d->processes * hold_ns /
                 ((double)d->places[place].servers * d->places[place].copies));
}

static void find_idle(const struct rp_demands *d,
                      const struct rp_crowding_seen *seen,
                      struct rp_crowding *c)
{
    const double rate = seen->rate_per_ns;
    double idle;

    c->requests = seen->requests;
    c->is_alone = d->processes == 1 && seen->requests <= 1.0;
    c->in_step = d->in_step;
    c->busy = fmin(1.0, rate * d->code_ns);
    idle = fmax(0.0, 1.0 - c->busy - rate * d->alone_pause_ns);
    if (d->wakeups > 0.0)
        c->idle_ns = idle / (rate * d->wakeups);
    if (d->worker >= 0)
        c->full = pow(utilisation(d, seen, d->worker),
                      (double)d->places[d->worker].servers / d->processes);
}

/* ---- The whole ---- */

/* How often a thread that is done has another to go on with: those who queue
 * for it, and those whom an iteration of the loop sends there together. */
static double passed(const struct rp_demands *d,
                     const struct rp_layers_visit *at, double ready)
{
    double together, queued;

    if (!d->keeps || d->sensitive < 0)
        return 0.0;
    queued = wait_by_hold(d, at, d->sensitive, PLACE_ANY, false);
    together = d->turns > 0.0
                   ? ready * d->places[d->sensitive].visits / d->turns
                   : 1.0;
    return fmin(1.0, fmax(queued, 1.0 - 1.0 / fmax(1.0, together)));
}

/* Little's law: while one goes through, each of the others that are there on
 * average has a request's code done, all while that one does not run. The waits
 * of a solution are shares of that, even where they do not add up to the time
 * that it takes (solve.c corrects throughput only). */
static double work_for_others(const struct rp_demands *d,
                              const struct rp_layers_visit *at, double others)
{
    double away_ns = d->away_ns;

    for (size_t v = 0; v < d->visit_count; v++)
        if (d->visits[v].phase == RP_PHASE_RESPONSE)
            away_ns += d->visits[v].visits * at[v].wait_ns;
    return away_ns > 0.0 ? others * d->framework_ns / away_ns : 0.0;
}

struct rp_crowding rp_crowding_of(const struct rp_demands *d,
                                  const struct rp_crowding_seen *seen)
{
    const struct rp_layers_visit *const at = seen->visits;
    const double most = fmax(1.0, seen->requests);
    const double there = seen->rate_per_ns * seen->response_ns;
    struct rp_crowding c = {.coldness = d->coldness, .asked = d->asked};

    find_idle(d, seen, &c);
    c.ready = fmin(most, 1.0 + wait_by_hold(d, at, d->loop, PLACE_ANY, false));
    c.accepted =
        fmin(most, 1.0 + wait_by_hold(d, at, d->acceptor, PLACE_ANY, false));
    c.loop_waited = fmin(1.0, wait_by_hold(d, at, d->gil, d->loop, true));
    c.thread_waited = fmin(1.0, wait_by_hold(d, at, d->gil, d->loop, false));
    c.passed = passed(d, at, c.ready);
    c.in_flight = fmax(1.0, 1.0 + there * (1.0 - 1.0 / most));
    c.work = work_for_others(d, at, c.in_flight - 1.0);
    return c;
}

static double step(double *from, double to, double part, double by)
{
    const double change = fabs(to - *from) / by;

    *from += part * (to - *from);
    return change;
}

double rp_crowding_approach(struct rp_crowding *from,
                            const struct rp_crowding *to, double part)
{
    double most = step(&from->busy, to->busy, part, 1.0);

    from->requests = to->requests;
    from->in_step = to->in_step;
    from->is_alone = to->is_alone;
    most = fmax(most, step(&from->full, to->full, part, 1.0));
    most = fmax(most, step(&from->asked, to->asked, part, 1.0));
    most = fmax(most, step(&from->idle_ns, to->idle_ns, part,
                           fmax(1.0, from->idle_ns)));
    most = fmax(most, step(&from->ready, to->ready, part, from->ready));
    most =
        fmax(most, step(&from->accepted, to->accepted, part, from->accepted));
    most = fmax(most, step(&from->loop_waited, to->loop_waited, part, 1.0));
    most = fmax(most, step(&from->thread_waited, to->thread_waited, part, 1.0));
    most = fmax(most, step(&from->passed, to->passed, part, 1.0));
    most = fmax(most, step(&from->work, to->work, part, 1.0));
    most = fmax(most,
                step(&from->in_flight, to->in_flight, part, from->in_flight));
    return fmax(most, step(&from->coldness, to->coldness, part, 1.0));
}

double rp_crowding_wait_ns(const struct rp_crowding *c, size_t visit)
{
    return visit < c->wait_count ? c->waits_ns[visit] : 0.0;
}

/* One iteration has so many callbacks, each of them asked for or not. */
double rp_crowding_asked_share(const struct rp_crowding *c)
{
    if (!(c->asked > 0.0))
        return 1.0;
    return (1.0 - pow(1.0 - fmin(1.0, c->asked), c->ready)) /
           (c->ready * c->asked);
}

/* The lesser of a time and an exponential one. */
double rp_crowding_notice_ns(const struct rp_crowding *c,
                             const struct rp_crowding_pause *pause,
                             double due_ns)
{
    const double idle = rp_crowding_idle(c, pause);

    if (is_alone(c, pause) || c->in_step)
        return due_ns;
    return c->idle_ns > 0.0 ? idle * c->idle_ns * -expm1(-due_ns / c->idle_ns)
                            : 0.0;
}

/* The mean of warmth over idle times that are exponential: sqrt(pi) x exp(x^2)
 * erfc(x). Both factors are in range up to 20; beyond that the series is exact
 * to 1e-5. */
static double warmth_after(double mean_ns, double tau_ns)
{
    const double x = tau_ns / (2.0 * mean_ns);

    if (x > 20.0)
        return 1.0 - 0.5 / (x * x);
    return sqrt(acos(-1.0)) * x * exp(x * x) * erfc(x);
}

/* Alone the pause is known; else idle times are taken as exponential. */
double rp_crowding_warmth(const struct rp_crowding *c,
                          const struct rp_crowding_pause *pause, double tau_ns)
{
    double left;

    if (!(tau_ns > 0.0))
        return 1.0;
    if (is_alone(c, pause))
        return rp_charges_warmth(pause->length_ns, tau_ns);
    if (!(c->idle_ns > 0.0))
        return 1.0;
    left = warmth_after(c->idle_ns, tau_ns);
    return 1.0 - rp_crowding_idle(c, pause) * (1.0 - left);
}
