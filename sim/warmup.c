/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/warmup.h"

#include "sim/interval.h"

#include <stdlib.h>

enum {
    PILOTS = 5,            /* averaged, to find the warm-up */
    PILOT_REQUESTS = 4000, /* of each */
    FIRST_PILOT = 1 << 30, /* numbers of replications that no run has */
};

static void average_series(const struct rp_piece *pilots, double *average,
                           size_t *count)
{
    size_t shortest = SIZE_MAX;

    for (size_t i = 0; i < PILOTS; i++)
        if (pilots[i].replication.series_count < shortest)
            shortest = pilots[i].replication.series_count;
    for (size_t k = 0; k < shortest; k++) {
        double sum = 0.0;
        for (size_t i = 0; i < PILOTS; i++)
            sum += pilots[i].settings.series_ns[k];
        average[k] = sum / PILOTS;
    }
    *count = shortest;
}

/* As long as the run itself where that is short, and long enough that each
 * client asks several times. */
size_t rp_warm_up_pilot_length(const struct rp_scenario *scenario)
{
    size_t n = PILOT_REQUESTS;

    if (scenario->load.kind == RP_LOAD_CLOSED &&
        n < 20 * (size_t)scenario->load.clients)
        n = 20 * (size_t)scenario->load.clients;
    return n;
}

static enum rp_code find_warm_up(struct rp_simulation *s)
{
    const size_t length = rp_warm_up_pilot_length(s->scenario);
    double *const series = calloc((PILOTS + 1) * length, sizeof *series);
    struct rp_piece *const pilots = calloc(PILOTS, sizeof *pilots);
    enum rp_code code = RP_OK;
    size_t count = 0;
    int found = 0;

    if (!series || !pilots) {
        code = rp_simulation_no_memory(s);
        goto out;
    }
    for (size_t i = 0; i < PILOTS; i++) {
        pilots[i].network = &s->network;
        pilots[i].settings = (struct rp_engine_settings){
            .seed = s->scenario->seed,
            .replication = FIRST_PILOT + (unsigned)i,
            .requests = length,
            .series_ns = series + i * length,
            .series_capacity = length};
    }
    code = rp_simulation_run(s, pilots, PILOTS);
    if (code)
        goto out;
    average_series(pilots, series + PILOTS * length, &count);
    s->warm_up = rp_interval_mser5(series + PILOTS * length, count, &found);
    s->warm_up_found = found;
out:
    for (size_t i = 0; pilots && i < PILOTS; i++)
        rp_replication_free(&pilots[i].replication);
    free(pilots);
    free(series);
    return code;
}

enum rp_code rp_warm_up_set(struct rp_simulation *s)
{
    const struct rp_run *const run = &s->scenario->run;

    s->warm_up = run->warm_up_requests;
    s->warm_up_found = true;
    return run->warm_up_auto && rp_load_is_steady(&s->scenario->load)
               ? find_warm_up(s)
               : RP_OK;
}
