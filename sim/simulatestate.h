/**
 * The state of a simulation: everything on the way from scenario to result.
 *
 * sim/simulate.c makes it and runs the engine; warm-up, estimates, summary and
 * warnings each fill in their part. Runs are dropped as soon as they are added
 * to `total` and their metrics noted, so memory does not grow with their
 * number. Not for users of the library: simulate.h is.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_SIM_SIMULATESTATE_H
#define RP_SIM_SIMULATESTATE_H

#include "model/route.h"
#include "sim/engine.h"
#include "sim/simulate.h"

#include <pthread.h>

struct rp_simulation;

/* One run of the engine, for rp_jobs_run(). */
struct rp_piece {
    struct rp_simulation *simulation; /* borrowed */
    const struct rp_network *network;
    struct rp_engine_settings settings;
    struct rp_replication replication;
    enum rp_code code;
    struct rp_error error;
};

/* What each run gave for each metric, in the order of their numbers. */
struct rp_tally {
    size_t count, capacity;
    double *values[RP_METRIC_COUNT]; /* owned */
};

/* So few replications have an interval from the batches of their answers: five
 * values and more give a better one by themselves. */
enum { RP_REPLICATIONS_FEW = 4 };

struct rp_simulation {
    const struct rp_scenario *scenario;
    const struct rp_profile *profile;
    struct rp_simulate_options options;
    struct rp_routes routes;
    struct rp_network network;
    uint64_t warm_up;
    bool warm_up_found;
    size_t pilot_length; /* requests of each run that looked for it */
    size_t draw_count;
    struct rp_network *drawn;     /* owned; draw_count */
    struct rp_tally runs;         /* of the replications */
    struct rp_tally draws;        /* of the runs with drawn costs */
    struct rp_tally *class_runs;  /* owned; one a class of a list, */
    struct rp_tally *class_draws; /* and so are these */
    struct rp_replication total;  /* all replications together */
    struct rp_batches batches[RP_REPLICATIONS_FEW]; /* owned; of the first */
    bool serial;        /* batches still depend on each other */
    double serial_lag1; /* so much */
    bool precision_reached;
    pthread_mutex_t telling; /* progress, of */
    size_t pieces_done, pieces_known;
    struct rp_result result;
    struct rp_error *error;
};

/** Run the pieces, in `options.jobs` threads; the first failure in their order
 * becomes the simulation's. */
RP_CHECKED enum rp_code rp_simulation_run(struct rp_simulation *simulation,
                                          struct rp_piece *pieces,
                                          size_t count);

/** The simulation fails for want of memory. */
enum rp_code rp_simulation_no_memory(const struct rp_simulation *simulation);

#endif
