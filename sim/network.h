/**
 * Queueing networks: what the engine runs.
 *
 * A network has stations, each with a number of servers and one queue, and
 * classes of requests, each with a program of steps and a source. A step takes
 * a server of a station, gives it back, or holds for a random time whatever the
 * request has taken. That is enough for textbook queues and, with several
 * stations held at a time, for a web server whose threads are kept by
 * everything that runs inside them.
 *
 * M/M/1 at 90 % load:
 *
 *     struct rp_network net = {0};
 *     struct rp_duration service = {RP_SHAPE_EXPONENTIAL, 1e6, .cv = 1};
 *     struct rp_duration gap = {RP_SHAPE_EXPONENTIAL, 1e6 / .9, .cv = 1};
 *     const size_t server = rp_network_station(&net, "server", 1, false);
 *     const size_t work = rp_network_kind(&net, "service");
 *
 *     rp_network_open(&net, "customers", &gap);
 *     rp_network_arrive(&net);
 *     rp_network_take(&net, server);
 *     rp_network_own(&net, work, &service, "service");
 *     rp_network_hold(&net);
 *     rp_network_give(&net, server);
 *     rp_network_answer(&net);
 *
 * and run it with rp_engine_run() (sim/engine.h).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_SIM_NETWORK_H
#define RP_SIM_NETWORK_H

#include "model/error.h"
#include "model/spread.h"
#include "sim/arrivals.h"
#include "sim/runtime.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RP_STATION_NAME_SIZE 64

/** The most parts of one hold. */
#define RP_HOLD_PARTS_MAX 60000

/** The most kinds of time that a network can tell apart. */
#define RP_NETWORK_KINDS_MAX 16

/* The steps of a network's programs. */
#define RP_NETWORK_OP_LIST(X)                                                  \
    X(RP_NETWORK_ARRIVE, "the response time begins")                           \
    X(RP_NETWORK_CHOOSE, "go to the process that has the fewest requests")     \
    X(RP_NETWORK_TAKE, "take a server, in the order of asking")                \
    X(RP_NETWORK_GIVE, "give it back, to whoever waits longest")               \
    X(RP_NETWORK_HOLD, "keep what is taken for a random time")                 \
    X(RP_NETWORK_SERVE,                                                        \
      "be served for a random time by a station that shares")                  \
    X(RP_NETWORK_RUN, "run code for a random time on what is taken")           \
    X(RP_NETWORK_CALLBACK, "run code as a callback of an event loop")          \
    X(RP_NETWORK_PASS,                                                         \
      "pass a thread on, with its lock and core, to whoever waits for it")     \
    X(RP_NETWORK_SPLIT, "the answer has a turn of the loop, the rest goes on") \
    X(RP_NETWORK_ANSWER, "the response time ends; the client goes on")         \
    X(RP_NETWORK_END, "what followed the answer is done")                      \
    X(RP_NETWORK_POLL, "of a loop itself: wait until something is ready")      \
    X(RP_NETWORK_DISPATCH, "of a loop itself: run what is ready")              \
    X(RP_NETWORK_ALARM, "of a loop itself: its poll times out")

#define RP_NETWORK_OP_AS_ENUM(op, meaning) op,
enum rp_network_op { RP_NETWORK_OP_LIST(RP_NETWORK_OP_AS_ENUM) };
#undef RP_NETWORK_OP_AS_ENUM

/** A part of a hold: one random time, added to the other parts. */
struct rp_part {
    size_t kind;    /* of the time, for the account */
    bool is_own;    /* RUN, CALLBACK: code that is not the framework's, which
                       neither is slow when cold nor gets warm (sim/runtime.h) */
    bool is_waking; /* RUN: nothing where the thread was passed on */
    bool by_level;  /* a quantile function at the request's own level; else
                       `sampler`, drawn independently */
    double at[RP_LEVEL_COUNT], slope[RP_LEVEL_COUNT]; /* ns, by level */
    struct rp_sampler sampler;
    uint64_t purpose; /* of the sampler's stream */
    size_t label;     /* rp_network_label() */
};

/* What makes a callback ready. */
enum rp_wake {
    RP_WAKE_EVENT,  /* a socket, or the loop itself */
    RP_WAKE_THREAD, /* another thread, through the loop's self-pipe */
    RP_WAKE_TIMER   /* a timer, which a poll that waits notices late */
};

struct rp_network_step {
    enum rp_network_op op;
    size_t station;                /* TAKE, GIVE, SERVE, RUN, CALLBACK */
    size_t first_part, part_count; /* HOLD, SERVE, RUN, CALLBACK */
    size_t label;                  /* rp_network_label() */
    enum rp_wake wake;             /* CALLBACK */
};

/* How a station serves, in one list. The first two are taken, held and given
 * back; at the others a request is served for so long, in one step. */
#define RP_DISCIPLINE_LIST(X)                                                  \
    X(RP_DISCIPLINE_FIFO, "first come, first served")                          \
    X(RP_DISCIPLINE_PRIORITY,                                                  \
      "lowest priority number first, then FIFO; nobody is interrupted")        \
    X(RP_DISCIPLINE_SHARING,                                                   \
      "all at once, the servers divided equally, at most one each")            \
    X(RP_DISCIPLINE_QUANTUM, "in turn, each for a quantum")                    \
    X(RP_DISCIPLINE_RANDOM, "whoever happens to be first of those that wait")  \
    X(RP_DISCIPLINE_LOOP, "as callbacks of an event loop, in iterations")

#define RP_DISCIPLINE_AS_ENUM(discipline, meaning) discipline,
enum rp_discipline { RP_DISCIPLINE_LIST(RP_DISCIPLINE_AS_ENUM) };
#undef RP_DISCIPLINE_AS_ENUM

/** Priorities are 0 (first) .. RP_PRIORITIES - 1. */
#define RP_PRIORITIES 8

/** The most attempts after the first one. */
#define RP_RETRIES_MAX 32

/** The longest patience, and the longest pause before an attempt: 30 years. */
#define RP_PATIENCE_MAX_NS UINT64_C(946080000000000000)

/** A queue that is never full. */
#define RP_QUEUE_ENDLESS UINT32_MAX

/** No station: where a loop needs no lock. */
#define RP_NO_STATION SIZE_MAX

/** A station that is an event loop: a thread of its own that runs in
 * iterations all callbacks that are ready when one begins. For an iteration it
 * takes the lock, if there is one, and a core; between two of them it gives
 * both back. */
struct rp_loop_plan {
    size_t lock, cores;  /* stations, first come first served or random */
    double iteration_ns; /* its own code in an iteration */
    double wakeup_ns;    /* and in one that another thread asked for */
    uint64_t timer_ns;   /* a poll waits for whole multiples of it; 0: it ends
                            with the first timer */
    uint64_t late_ns;    /* and so much longer */
};

struct rp_station {
    char name[RP_STATION_NAME_SIZE];
    unsigned servers; /* >= 1; UINT_MAX: never a queue */
    bool in_process;  /* every process has its own */
    enum rp_discipline discipline;
    uint64_t quantum_ns;      /* RP_DISCIPLINE_QUANTUM: >= 1 */
    struct rp_loop_plan loop; /* RP_DISCIPLINE_LOOP */
    uint32_t queue_max;       /* who finds so many waiting is turned away */
};

/* Where requests of a class come from; shared: the source of the class before
 * it, each of whose requests is of one of these classes at random. */
enum rp_source_kind { RP_SOURCE_CLOSED, RP_SOURCE_OPEN, RP_SOURCE_SHARED };

/** A step that no program has. */
#define RP_NO_STEP SIZE_MAX

/** A class of requests. */
struct rp_class {
    char name[RP_STATION_NAME_SIZE];
    enum rp_source_kind source;
    double share;     /* of its source's requests; >= 0, a weight */
    unsigned clients; /* closed: each begins anew after its answer */
    struct rp_arrival_plan arrivals; /* open */
    unsigned priority;
    uint64_t patience_ns; /* it leaves a queue that it is in so long after it
                             arrived; 0: never */
    unsigned retries;     /* more attempts after it was turned away or left */
    struct rp_sampler backoff; /* before the first of them, doubled each time */
    size_t
        stay_step; /* from this one on no queue is left; RP_NO_STEP: any is */
    size_t first_step, step_count;
};

/**
 * A network; zero it, then build it with the functions below. When memory is
 * short while building, that is remembered and rp_network_check() says it.
 */
struct rp_network {
    unsigned processes; /* copies of the stations in processes; 0 counts as 1 */
    size_t station_count, class_count, step_count, part_count, kind_count;
    struct rp_station *stations; /* owned, like the others */
    struct rp_class *classes;
    struct rp_network_step *steps;
    struct rp_part *parts;
    char kinds[RP_NETWORK_KINDS_MAX][RP_STATION_NAME_SIZE];
    size_t open_parts;         /* parts that the next hold will take */
    size_t label;              /* of what is appended next */
    struct rp_runtime runtime; /* what happens to code that runs */
    bool out_of_memory;
};

/** Add a station, first come, first served, its queue endless; returns its
 * index. */
size_t rp_network_station(struct rp_network *network, const char *name,
                          unsigned servers, bool in_process);

/** How it serves; `quantum_ns` is for RP_DISCIPLINE_QUANTUM alone. */
void rp_network_discipline(struct rp_network *network, size_t station,
                           enum rp_discipline discipline, uint64_t quantum_ns);

/** It is an event loop. */
void rp_network_loop(struct rp_network *network, size_t station,
                     const struct rp_loop_plan *plan);

/** How many can wait for it; one more is turned away. */
void rp_network_backlog(struct rp_network *network, size_t station,
                        uint32_t queue_max);

/** The index of a kind of time, added where it is new; kinds beyond
 * RP_NETWORK_KINDS_MAX share the last. */
size_t rp_network_kind(struct rp_network *network, const char *name);

/** Begin a class: the steps that follow are its program, until the next. */
void rp_network_closed(struct rp_network *network, const char *name,
                       unsigned clients);
void rp_network_open(struct rp_network *network, const char *name,
                     const struct rp_duration *gap);

/** Begin another class of the same source as the class begun last: of the
 * source's requests each is of one of its classes at random, by their shares.
 * So a closed client asks for the one now, for the other then. */
void rp_network_variant(struct rp_network *network, const char *name);

/** Of the class begun last: its share, a weight of 0 or more (1 where it is not
 * called). */
void rp_network_share(struct rp_network *network, double share);

/** Of the open class begun last: arrivals that are not independent gaps. The
 * mean of its gap is then not used; `trace` is borrowed, and replayed `speed`
 * (> 0) times as fast. */
void rp_network_bursts(struct rp_network *network, const struct rp_mmpp *mmpp);
void rp_network_curve(struct rp_network *network, const struct rp_curve *curve);
void rp_network_trace(struct rp_network *network,
                      const struct rp_timestamps *trace, double speed);

/** Of the class begun last: its priority, 0 .. RP_PRIORITIES - 1 (0 where it is
 * not called); how long after its arrival it still waits in a queue; how often
 * it tries again after it was turned away or has left, first after `backoff`,
 * which doubles with each attempt. Whoever leaves gives back all that it took;
 * the next attempt begins at ARRIVE, with the same luck. */
void rp_network_priority(struct rp_network *network, unsigned priority);
void rp_network_patience(struct rp_network *network, uint64_t patience_ns);
void rp_network_retry(struct rp_network *network, unsigned retries,
                      const struct rp_duration *backoff);

/** From the step that is appended next a request of the class begun last leaves
 * no queue any more: its answer may be late. */
void rp_network_stay(struct rp_network *network);

/** Label the steps and parts that are appended next: a number that means
 * something to whoever builds the network; 0, where it is not called, means
 * nothing. The engine hands it on to whoever watches a request. */
void rp_network_label(struct rp_network *network, size_t label);

/** Append a step to the class begun last. Before ARRIVE a closed client may
 * hold (think) and take stations of its own, which are in no process. Without
 * CHOOSE a request is in the first process. */
void rp_network_arrive(struct rp_network *network);
void rp_network_choose(struct rp_network *network);
void rp_network_take(struct rp_network *network, size_t station);
void rp_network_give(struct rp_network *network, size_t station);
void rp_network_answer(struct rp_network *network);

/** Add a part to the hold that comes next: `spread` times `mean_ns` at the
 * request's level, or an independent `duration` with a stream of its own for
 * `purpose`. */
void rp_network_level(struct rp_network *network, size_t kind, double mean_ns,
                      const struct rp_spread *spread);
void rp_network_own(struct rp_network *network, size_t kind,
                    const struct rp_duration *duration, const char *purpose);

/** Append the hold of the parts since the last one; no part: no hold. */
void rp_network_hold(struct rp_network *network);

/** The same at a station that shares or takes turns. */
void rp_network_serve(struct rp_network *network, size_t station);

/** The part that was added last is code that is not the framework's. */
void rp_network_is_own(struct rp_network *network);

/** It is what waking a thread takes, which is nothing where PASS handed it
 * on. */
void rp_network_is_waking(struct rp_network *network);

/** Code that runs: like a hold, for as long as the network's runtime makes of
 * its parts. Where `lock` is a station, two steps before this one must take it
 * and the step before this one a core: both are offered to others whenever the
 * runtime's switch interval is over. Code that needs no lock names the station
 * of its core, which it then offers like one. */
void rp_network_run(struct rp_network *network, size_t lock);

/** Code that runs as a callback of a loop, made ready as `wake` says. */
void rp_network_callback(struct rp_network *network, size_t loop,
                         enum rp_wake wake);

/** A thread that has more to do keeps its lock and its core: where somebody
 * waits for `thread`, and the lock was not kept for longer than the runtime's
 * switch interval, all three go to whoever is next, past the three steps that
 * take them. The three steps after this one must give core, lock and thread
 * back; they are for where nobody waits. After code without a lock that is a
 * core and a thread, in two steps. */
void rp_network_pass(struct rp_network *network, size_t thread);

/** The answer leaves with a turn of the loop, behind what is ready there, while
 * what follows goes on: three steps, of which the rest of the program takes
 * none. Nothing is held meanwhile, and it needs an end. */
void rp_network_answer_in_turn(struct rp_network *network, size_t loop);

/** The end of what follows an answer; a program whose last step is the answer
 * needs none. */
void rp_network_end(struct rp_network *network);

/**
 * Check what building cannot: memory, at least one class, a server in each
 * station, brackets of TAKE and GIVE that close in every program, exactly one
 * ARRIVE before the one ANSWER, which is last but for what an END ends, nothing
 * held where it has a turn of a loop, CHOOSE between them at most once
 * and before any station of a process is taken, TAKE and SERVE each at a
 * station of its kind, nothing kept from before ARRIVE and nobody turned away
 * there, no closed client that could be turned away again and again without
 * that time passes, and shares of a source that are not all zero.
 *
 * @return RP_ERR_MEMORY, RP_ERR_VALUE
 */
RP_CHECKED enum rp_code rp_network_check(const struct rp_network *network,
                                         struct rp_error *error);

/** Harmless on a zeroed or freed network. */
void rp_network_free(struct rp_network *network);

#endif
