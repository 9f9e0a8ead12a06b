/**
 * What happens to code while it runs: why the same work takes longer at one
 * time than at another.
 *
 * A cost is that of warm code on a busy machine. Where a process was idle,
 * somebody has to wake it; and its caches and its branch predictors are cold:
 * at first its code is several times slower, and gets warm by running. Time
 * that a process spends in code other than the framework's cools the
 * framework's as well. Full garbage collections stop a process: CPython makes
 * one when what has lived long has grown by a quarter, which is sooner where
 * many requests are in flight.
 *
 * Coldness is between 0 and 1. Of warmth a time t without the framework's code
 * leaves exp(-(t / pause)^2). Coldness goes to 0 with work of the framework w:
 * code that takes w when warm then takes w + slowness x fade x coldness x (1 -
 * exp(-w / fade)).
 *
 * A request has data of its own besides: its thread's stack, its task, its
 * event loop. After work w of the framework for others all but exp(-(w /
 * others)^2) of them is gone, and it gets them back as code gets warm. What a
 * view burns for itself takes next to none of them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_SIM_RUNTIME_H
#define RP_SIM_RUNTIME_H

#include <stdbool.h>
#include <stdint.h>

/* What is added to code, in one list. */
#define RP_ADDED_LIST(X)                                                       \
    X(RP_ADDED_ITERATION, "loop iterations")                                   \
    X(RP_ADDED_WAKEUP, "waking up")                                            \
    X(RP_ADDED_COLD, "cold code")                                              \
    X(RP_ADDED_PAUSE, "garbage collection")

#define RP_ADDED_AS_ENUM(added, name) added,
enum rp_added { RP_ADDED_LIST(RP_ADDED_AS_ENUM) RP_ADDED_KINDS };
#undef RP_ADDED_AS_ENUM

/** Its name; static storage. */
const char *rp_added_name(enum rp_added added);

/** Full collections: `every` requests in a process that serves one at a time,
 * `every_crowded` where it serves very many at once; between them the frequency
 * follows the share of requests that others wait with. */
struct rp_collections {
    double every, every_crowded; /* requests; 0: never */
    double length_ns;
};

/** Zero: nothing is added to code. */
struct rp_runtime {
    double wakeup_ns; /* of a process that was idle */
    double slowness;  /* of cold code: it takes 1 + slowness times as long */
    double fade_ns;   /* work after which a third of the coldness is left */
    double pause_ns;  /* time without it that cools by two thirds; 0: none */
    double displaced; /* the same of a thread whose own data are gone, */
    double others_ns; /* and work for others by which two thirds are */
    struct rp_collections full;
    double handover_ns; /* taking a lock after waiting for it */
    bool keeps;        /* a loop with more to do keeps its lock, or where it has
                          none its core, until then: */
    uint64_t keeps_ns; /* who has had its lock for so long does not keep it any
                          more; 0: it may for ever */
    uint64_t switch_ns; /* who runs for so long offers its lock, or core; 0:
                           never, and it may be kept for ever */
};

/** The state of a process; zeroed it is warm, and idle since 0. */
struct rp_runtime_state {
    uint64_t busy_until_ns;
    uint64_t wanted_ns; /* since when it waits for a core, busy or not; 0: it
                           does not */
    double coldness;
    double worked_ns; /* the framework's, as far as requests lose data */
    double full;      /* part of the way to the next collection */
    double added_ns[RP_ADDED_KINDS];
};

/**
 * How long code takes that begins now; the state goes on.
 *
 * @param framework_ns  work of the framework
 * @param own_ns        other code, which runs after it
 * @return ns
 */
double rp_runtime_stretch(const struct rp_runtime *runtime,
                          struct rp_runtime_state *state, uint64_t now_ns,
                          double framework_ns, double own_ns);

/** What a request has of its own in the caches. */
struct rp_footprint {
    uint64_t begun_ns; /* when the request began: another one has it all */
    double displaced;  /* the part that is gone, 0 .. 1 */
    double seen_ns;    /* worked_ns when it last ran; 0: never */
};

/**
 * How much longer a request's code takes that begins now, because the framework
 * worked for others since it last did; the state and the footprint go on.
 *
 * @return ns, to be added to framework_ns
 */
double rp_runtime_displace(const struct rp_runtime *runtime,
                           struct rp_runtime_state *state,
                           struct rp_footprint *footprint, double framework_ns);

/** A request was answered: what it allocated brings the next collections
 * nearer.
 *
 * @param in_flight  requests in the process, this one included; >= 1
 */
void rp_runtime_allocate(const struct rp_runtime *runtime,
                         struct rp_runtime_state *state, double in_flight);

#endif
