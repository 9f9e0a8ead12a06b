/**
 * Results: what a reader of a path program found out about a scenario.
 *
 * The simulator fills one; tables, validation and plans read it. All times are
 * nanoseconds, all rates per second. A number that could not be had is NAN.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MODEL_RESULT_H
#define RP_MODEL_RESULT_H

#include "model/profile.h"
#include "model/validity.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** A number with its uncertainty. */
struct rp_estimate {
    double value;
    double own_low, own_high; /* 95 % interval of the simulation itself, by
                                 replications or batches (sim/interval.h);
                                 NAN: unknown */
    double half_width;        /* of it */
    double run_sd, misfit_sd, costs_sd; /* what else makes a measured run
                         differ: noise of repeated runs, misfit of
                         configurations, unit costs and parameters that are not
                         known exactly; as standard deviations; NAN: unknown */
    double low, high; /* 95 % prediction interval for what a measured run
                         would show: simulation, unit costs, repeat-run noise
                         and misfit together; NAN: no profile gave them */
};

#define RP_RESULT_NAME_SIZE 80

/** One station: a place, a lock, the cores. Processes are taken together. */
struct rp_place_result {
    char name[RP_RESULT_NAME_SIZE];
    unsigned servers;   /* in all processes together */
    double utilisation; /* of the servers, 0..1; held counts as busy */
    double queue_mean;  /* requests that wait for it, time average */
    double wait_ns;     /* waiting by visits; where some leave the queue, their
                           waiting too */
    double visits;      /* per request */
    double utilisation_gap; /* |taken - served| / taken, time of all servers:
                               the utilisation law; NAN where requests wait
                               for something else while they hold one */
};

/** Time of the mean request in one kind of step. */
struct rp_kind_result {
    char name[RP_RESULT_NAME_SIZE]; /* "base", "crossings", "queue: loop" */
    double mean_ns;                 /* per request, waiting included where the
                                       name begins with "queue:" */
};

/** What became of requests in the measured time. A request is one attempt, or
 * several where it tries again. */
struct rp_fate {
    uint64_t answered;
    uint64_t late;        /* of the answered: after the client's time-out */
    uint64_t turned_away; /* attempts that found the backlog full */
    uint64_t left;        /* attempts that were not let in in time */
    uint64_t given_up;    /* requests whose last attempt was one of these */
};

/** One class of requests. */
struct rp_class_result {
    char name[RP_RESULT_NAME_SIZE];
    struct rp_fate fate;
    struct rp_estimate metrics[RP_METRIC_COUNT]; /* of the answered */
};

/** The part of a fate's attempts that were turned away, and that left; the part
 * of its answers that were late; the part of its requests that were given up.
 * 0..1, NAN where there were none. */
double rp_fate_turned_away(const struct rp_fate *fate);
double rp_fate_left(const struct rp_fate *fate);
double rp_fate_late(const struct rp_fate *fate);
double rp_fate_given_up(const struct rp_fate *fate);

/* Shares of answers, in percent, at which a result keeps latencies: what a
 * curve of the distribution takes, denser towards its tail. */
#define RP_RESULT_PERCENTS                                                     \
    0, 1, 2, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80,    \
        85, 90, 92, 94, 95, 96, 97, 98, 99, 99.5, 99.8, 99.9, 99.95, 99.99,    \
        100

/** The shares, ascending, and how many; static storage. */
const double *rp_result_percents(size_t *count);

struct rp_result {
    char *scenario; /* owned: its name, or its file */
    uint64_t seed;
    unsigned replications;
    uint64_t requests;         /* measured, all replications together */
    uint64_t warm_up_requests; /* left out at the start of each */
    double duration_ns;        /* virtual time measured, all together */
    struct rp_estimate metrics[RP_METRIC_COUNT]; /* rps in 1/s, others in ns */
    double *runs[RP_METRIC_COUNT]; /* owned: of each replication, in their
                                      order; NULL: not simulated */
    double *quantiles_ns;      /* owned: latencies below which these percents of
                                  the answers lie (rp_result_percents); NAN
                                  where fewer than ten answers lie beyond, but
                                  for the longest; NULL: nobody kept them */
    double in_flight_mean;     /* requests in the system, time average */
    uint64_t arrived;          /* attempts, in the measured time */
    uint64_t in_flight_at_end; /* not answered when the runs ended: they count
                                  in throughput and latency nowhere */
    double little_gap;         /* |L - X R| / L: Little's law, of all that are
                                  underway: pausing and giving up included */
    double utilisation_gap;    /* the largest of the places; NAN: none has it */
    int64_t unaccounted;       /* there at first + arrived - answered - turned
                                  away - left - there at last: 0, requests are
                                  conserved */
    bool may_fail;       /* clients have a time-out, or the server a backlog */
    struct rp_fate fate; /* of all requests */
    size_t class_count;  /* 0: the scenario has no list of classes */
    struct rp_class_result *classes; /* owned */
    bool is_of_alone; /* noise and misfit are those of requests one at a time,
                         for the profile knows no others */
    bool saturated;   /* open load above what can be served */
    double capacity_per_s; /* what could be served at most: where saturated,
                              simulated; else an upper bound, the throughput at
                              which the busiest place would be always taken */
    size_t place_count;
    struct rp_place_result *places; /* owned */
    size_t kind_count;
    struct rp_kind_result *kinds; /* owned; they add up to the mean latency, but
                                     for requests at the edges of a run */
    struct rp_validity validity;  /* how far from what was measured */
    char *warnings;               /* owned: sentences, one a line; "" is none */
};

/** Harmless on a zeroed or freed result. */
void rp_result_free(struct rp_result *result);

#endif
