/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/flow.h"

#include <math.h>
#include <stdlib.h>

enum {
    EACH_UNTIL = 12, /* every number of requests is solved so far, */
    POINTS_MAX = 48, /* then ever fewer of them: */
    GROWTH_PERCENT = 25,
    STATES_MAX = 1000000,
};

/* One more request adds less than this part of the throughput: enough. */
static const double flat = 2e-5;

struct point {
    unsigned requests;
    double rate;
    struct rp_layers_visit *visits; /* owned */
};

struct curve {
    const struct rp_demands *demands;
    struct point points[POINTS_MAX];
    size_t count;
    bool converged;
    struct rp_error *error;
};

/* The load is a number of requests in the system, who never think. */
static enum rp_code solve_point(struct curve *c, unsigned requests)
{
    struct rp_contention contention = {0};
    struct rp_layers layers = {0};
    enum rp_code code =
        rp_contention_find(c->demands, requests, &contention, c->error);

    contention.outside_ns = -c->demands->after_ns;
    if (!code)
        code = rp_layers_solve(c->demands, &contention, requests, &layers,
                               c->error);
    rp_contention_free(&contention);
    if (code)
        return code;
    c->converged &= layers.converged;
    c->points[c->count++] = (struct point){.requests = requests,
                                           .rate = layers.rate_per_ns,
                                           .visits = layers.visits};
    return RP_OK;
}

static bool is_flat(const struct curve *c)
{
    const struct point *const last = &c->points[c->count - 1];
    const struct point *const before = last - 1;

    return c->count > EACH_UNTIL &&
           last->rate - before->rate <=
               flat * (last->requests - before->requests) * last->rate;
}

/* Layers may lose a little throughput with one more request; a server does not.
 */
static void never_fall(struct curve *c)
{
    for (size_t i = 1; i < c->count; i++)
        c->points[i].rate = fmax(c->points[i].rate, c->points[i - 1].rate);
}

static double bottleneck_rate(const struct rp_demands *d)
{
    double rate = INFINITY;

    for (size_t i = 0; i < d->place_count; i++)
        if (d->places[i].demand_ns > 0.0 && !d->places[i].client)
            rate = fmin(rate, (double)d->places[i].servers *
                                  d->places[i].copies / d->places[i].demand_ns);
    return rate;
}

static enum rp_code solve_curve(struct curve *c)
{
    const double most = bottleneck_rate(c->demands);
    unsigned requests = 1;
    enum rp_code code = RP_OK;

    c->converged = true;
    while (c->count < POINTS_MAX && !code) {
        code = solve_point(c, requests);
        if (code)
            break;
        c->points[c->count - 1].rate = fmin(c->points[c->count - 1].rate, most);
        never_fall(c);
        if (is_flat(c))
            break;
        requests +=
            requests < EACH_UNTIL ? 1 : (requests * GROWTH_PERCENT + 99) / 100;
    }
    return code;
}

static void free_curve(struct curve *c)
{
    for (size_t i = 0; i < c->count; i++)
        free(c->points[i].visits);
}

/* Between two points by straight lines, and no faster after the last. */
static double between(const struct curve *c, unsigned requests, size_t *at,
                      double *part)
{
    size_t i = 0;

    while (i + 2 < c->count && c->points[i + 1].requests < requests)
        i++;
    *at = i;
    *part = (double)(requests - c->points[i].requests) /
            (double)(c->points[i + 1].requests - c->points[i].requests);
    *part = fmin(1.0, *part);
    return c->points[i].rate +
           *part * (c->points[i + 1].rate - c->points[i].rate);
}

/* ---- What requests meet ---- */

struct sums {
    double weight, requests; /* of states; in the system */
    double answers;          /* per ns, times weight */
};

/* States one by one until what is left cannot matter. Each weighs as often as
 * requests leave it, which is how they meet it. */
static void add_states(const struct curve *c, double rate, struct sums *sums,
                       struct rp_layers_visit *visits, double *beyond_ns)
{
    const struct point *const last = &c->points[c->count - 1];
    double weight = 1.0;

    sums->weight = 1.0;
    for (unsigned n = 1; n < STATES_MAX; n++) {
        size_t at;
        double part;
        const double speed = between(c, n, &at, &part);
        const struct rp_layers_visit *const a = c->points[at].visits;
        const struct rp_layers_visit *const b = c->points[at + 1].visits;

        weight *= rate / speed;
        sums->weight += weight;
        sums->requests += n * weight;
        sums->answers += speed * weight;
        for (size_t v = 0; v < c->demands->visit_count; v++) {
            visits[v].wait_ns +=
                weight * speed *
                ((1.0 - part) * a[v].wait_ns + part * b[v].wait_ns);
            visits[v].hold_ns +=
                weight * speed *
                ((1.0 - part) * a[v].hold_ns + part * b[v].hold_ns);
        }
        if (n > last->requests)
            *beyond_ns += weight * (n - last->requests);
        if (n > last->requests && n * weight < 1e-12 * sums->requests)
            break;
    }
}

/* Those beyond the last point all wait for what is busiest. */
static size_t busiest(const struct curve *c)
{
    const struct rp_demands *const d = c->demands;
    size_t best = 0;
    double most = -1.0;

    for (size_t v = 0; v < d->visit_count; v++) {
        const struct rp_demand_place *const p = &d->places[d->visits[v].place];
        const double load = c->points[c->count - 1].visits[v].hold_ns /
                            ((double)p->servers * p->copies);

        if (d->visits[v].parent == RP_VISIT_NONE &&
            d->visits[v].phase == RP_PHASE_RESPONSE && load > most) {
            most = load;
            best = v;
        }
    }
    return best;
}

/* How regular arrivals and services are matters where nobody comes back. */
static double regularity(const struct rp_demands *d, size_t visit,
                         double gap_scv)
{
    const struct rp_demand_place *const place =
        &d->places[d->visits[visit].place];

    if (place->visits > 1.0)
        return 1.0;
    return 0.5 * (gap_scv + rp_layers_scv(place));
}

static void add_up(const struct curve *c, double rate, double gap_scv,
                   struct rp_flow *flow)
{
    const struct rp_demands *const d = c->demands;
    struct sums sums = {0};
    double beyond = 0.0, scaled_ns = 0.0;

    add_states(c, rate, &sums, flow->visits, &beyond);
    for (size_t v = 0; v < d->visit_count; v++) {
        flow->visits[v].wait_ns /= sums.answers;
        flow->visits[v].hold_ns /= sums.answers;
    }
    if (d->visit_count > 0) {
        const size_t v = busiest(c);

        flow->visits[v].wait_ns += beyond / sums.answers / d->visits[v].visits;
    }
    for (size_t v = 0; v < d->visit_count; v++) {
        const double factor = regularity(d, v, gap_scv);
        const double wait_ns = flow->visits[v].wait_ns;

        flow->visits[v].wait_ns *= factor;
        scaled_ns += (factor - 1.0) * wait_ns * d->visits[v].visits;
    }
    flow->response_ns = sums.requests / sums.answers + scaled_ns;
}

enum rp_code rp_flow_solve(const struct rp_demands *demands, double rate_per_ns,
                           double gap_scv, struct rp_flow *flow,
                           struct rp_error *error)
{
    struct curve *const c = calloc(1, sizeof *c);
    struct rp_flow fresh = {.rate_per_ns = rate_per_ns, .response_ns = NAN};
    enum rp_code code;

    fresh.visits = calloc(demands->visit_count + 1, sizeof *fresh.visits);
    if (!c || !fresh.visits) {
        free(c);
        rp_flow_free(&fresh);
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for an open load");
    }
    c->demands = demands;
    c->error = error;
    code = solve_curve(c);
    if (!code) {
        fresh.capacity_per_ns = c->points[c->count - 1].rate;
        fresh.saturated = rate_per_ns >= fresh.capacity_per_ns;
        fresh.converged = c->converged;
        if (!fresh.saturated)
            add_up(c, rate_per_ns, gap_scv, &fresh);
        *flow = fresh;
    } else {
        rp_flow_free(&fresh);
    }
    free_curve(c);
    free(c);
    return code;
}

void rp_flow_free(struct rp_flow *flow)
{
    free(flow->visits);
    *flow = (struct rp_flow){0};
}
