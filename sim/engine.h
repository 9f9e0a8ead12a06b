/**
 * The engine: one replication of a queueing network in virtual time.
 *
 * Requests walk the steps of their class in one interpreter loop. A hold is one
 * entry in the calendar; taking a free server, giving one back and handing it
 * to the next in the queue cost no entry at all. Nothing is allocated for a
 * request once the run is on its way, but that the store of requests doubles
 * when an open load fills it.
 *
 * Time is counted in whole nanoseconds. Of two things at one instant the one
 * that was decided first comes first, so a run is the same on every machine.
 *
 * What is measured begins when `warm_up` requests are done with (answered, or
 * given up) and ends with the last of `requests`, or after a time. Requests
 * that are still in the system then are counted, and are in no latency.
 *
 * Where every class is at the end of its trace and everybody was answered, the
 * run ends early, with the last answer.
 *
 * A request whose patience is over leaves the queue that it is in, or the next
 * one that it comes to; while it is served it stays, and after the step that
 * rp_network_stay() names it stays for good. Whoever is granted a
 * server at the very instant of the deadline is served.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_SIM_ENGINE_H
#define RP_SIM_ENGINE_H

#include "sim/histogram.h"
#include "sim/network.h"
#include "sim/watch.h"

struct rp_engine_settings {
    uint64_t seed;
    unsigned replication;   /* its number: which streams it draws from */
    uint64_t warm_up;       /* answered requests that are not measured */
    uint64_t requests;      /* answered requests that are; 0: by duration */
    double duration_ns;     /* measured time, where requests is 0 */
    size_t in_flight_max;   /* give up beyond so many; 0: 2^20 */
    double *series_ns;      /* borrowed; the response times in the order of
                               answers, from the first; NULL: not wanted */
    size_t series_capacity; /* of it; later ones are left out */
    const struct rp_watch *watch; /* borrowed; NULL: nobody is watched */
};

/** What a station did in the measured time, all processes together. */
struct rp_station_stats {
    double busy_ns;  /* servers taken x time */
    double queue_ns; /* requests waiting x time; where it shares its servers
                        those beyond their number x time */
    uint64_t visits; /* servers granted */
};

/** What became of the requests of a class in the measured time. */
struct rp_class_stats {
    uint64_t answered;
    uint64_t late;        /* answered after their patience was over */
    uint64_t turned_away; /* attempts that found a queue full */
    uint64_t left;        /* attempts that left a queue at their deadline */
    uint64_t given_up;    /* requests whose last attempt was one of these */
    double response_ns;   /* sum over the answered, from their first attempt */
    double given_up_ns;   /* time in the system of those given up */
    double paused_ns;     /* pauses that ended, but of those given up */
    struct rp_histogram *response; /* owned */
};

/** What one replication measured. */
struct rp_replication {
    uint64_t answered, arrived; /* in the measured time; an arrival is an
                                   attempt */
    double span_ns;             /* the measured time */
    double response_ns;         /* sum over the answered */
    double in_flight_ns;        /* requests in the system x time */
    double in_flight_early;     /* their mean until half were answered */
    double in_flight_late;      /* and after that */
    uint64_t in_flight_at_end;
    size_t series_count;
    uint64_t events; /* entries of the calendar, warm-up included */
    bool overflowed; /* in_flight_max was reached; the run ended there */
    double kind_ns[RP_NETWORK_KINDS_MAX]; /* held, summed over requests; each in
                                             full where its hold begins */
    struct rp_histogram *response;        /* owned; of all classes */
    size_t station_count;
    struct rp_station_stats *stations; /* owned; one a station */
    size_t class_count;
    struct rp_class_stats *classes; /* owned; one a class */
};

/**
 * Run one replication.
 *
 * @param network      valid by rp_network_check(); only read, may be shared
 * @param replication  written on success; rp_replication_free()
 * @return RP_ERR_VALUE (the network, or neither requests nor duration),
 *         RP_ERR_UNSTABLE (nothing can ever happen again: every request waits),
 *         RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_engine_run(const struct rp_network *network,
                                      const struct rp_engine_settings *settings,
                                      struct rp_replication *replication,
                                      struct rp_error *error);

/**
 * Add what another run of the same network measured: times and counts add up,
 * means are weighted by the measured time.
 *
 * @param all  zeroed, or of that network
 * @return false when memory is short; `all` is then good for
 *         rp_replication_free() alone
 */
RP_CHECKED bool rp_replication_merge(struct rp_replication *all,
                                     const struct rp_replication *one);

/** Harmless on a zeroed or freed replication. */
void rp_replication_free(struct rp_replication *replication);

#endif
