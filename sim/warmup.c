/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/warmup.h"

#include "sim/interval.h"

#include <stdlib.h>

enum {
    PILOTS_MIN = 5, /* averaged, to find the warm-up */
    PILOTS_MAX = 20,
    PILOT_REQUESTS = 4000,      /* of each, at first */
    PILOT_REQUESTS_MAX = 64000, /* where it takes so many */
    FIRST_PILOT = 1 << 30,      /* numbers of replications that no run has */
};

static size_t average_series(const struct rp_piece *pilots, size_t pilot_count,
                             double *average)
{
    size_t shortest = SIZE_MAX;

    for (size_t i = 0; i < pilot_count; i++)
        if (pilots[i].replication.series_count < shortest)
            shortest = pilots[i].replication.series_count;
    for (size_t k = 0; k < shortest; k++) {
        double sum = 0.0;
        for (size_t i = 0; i < pilot_count; i++)
            sum += pilots[i].settings.series_ns[k];
        average[k] = sum / (double)pilot_count;
    }
    return shortest;
}

/* Long enough that each client asks several times. */
static size_t first_length(const struct rp_scenario *scenario)
{
    size_t n = PILOT_REQUESTS;

    if (scenario->load.kind == RP_LOAD_CLOSED &&
        n < 20 * (size_t)scenario->load.clients)
        n = 20 * (size_t)scenario->load.clients;
    return n;
}

/* The more replications are averaged, the less of the beginning may stay in
 * them: MSER weighs it against the noise of as many pilots. */
static size_t how_many(const struct rp_run *run)
{
    const unsigned wanted =
        run->precision > 0.0 ? run->max_replications : run->replications;

    if (wanted < PILOTS_MIN)
        return PILOTS_MIN;
    return wanted < PILOTS_MAX ? wanted : PILOTS_MAX;
}

static enum rp_code run_pilots(struct rp_simulation *s, struct rp_piece *pilots,
                               size_t pilot_count, double *series)
{
    const size_t length = s->pilot_length;

    for (size_t i = 0; i < pilot_count; i++) {
        pilots[i].network = &s->network;
        pilots[i].settings = (struct rp_engine_settings){
            .seed = s->scenario->seed,
            .replication = FIRST_PILOT + (unsigned)i,
            .requests = length,
            .series_ns = series + i * length,
            .series_capacity = length};
    }
    return rp_simulation_run(s, pilots, pilot_count);
}

/* With pilots of `pilot_length`. */
static enum rp_code look_for_end(struct rp_simulation *s, size_t pilot_count)
{
    const size_t length = s->pilot_length;
    double *const series = calloc((pilot_count + 1) * length, sizeof *series);
    struct rp_piece *const pilots = calloc(pilot_count, sizeof *pilots);
    double *average;
    enum rp_code code = RP_OK;
    int found = 0;

    if (!series || !pilots) {
        code = rp_simulation_no_memory(s);
        goto out;
    }
    code = run_pilots(s, pilots, pilot_count, series);
    if (code)
        goto out;
    average = series + pilot_count * length;
    s->warm_up = rp_interval_mser5(
        average, average_series(pilots, pilot_count, average), &found);
    s->warm_up_found = found;
out:
    for (size_t i = 0; pilots && i < pilot_count; i++)
        rp_replication_free(&pilots[i].replication);
    free(pilots);
    free(series);
    return code;
}

enum rp_code rp_warm_up_set(struct rp_simulation *s)
{
    const struct rp_run *const run = &s->scenario->run;
    enum rp_code code;
    uint64_t first;

    s->warm_up = run->warm_up_requests;
    s->warm_up_found = true;
    if (!run->warm_up_auto || !rp_load_is_steady(&s->scenario->load))
        return RP_OK;
    s->pilot_length = first_length(s->scenario);
    code = look_for_end(s, how_many(run));
    first = s->warm_up;
    while (!code && !s->warm_up_found &&
           2 * s->pilot_length <= PILOT_REQUESTS_MAX) {
        s->pilot_length *= 2;
        code = look_for_end(s, how_many(run));
    }
    /* What has no end is cut where it is not yet long: a queue that only grows
     * is seen by how much it grows of itself. */
    if (!s->warm_up_found)
        s->warm_up = first;
    return code;
}
