/**
 * The state of a run: what sim/engine.c walks and sim/enginebuild.c makes.
 *
 * Not for users of the library: engine.h is.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_SIM_ENGINESTATE_H
#define RP_SIM_ENGINESTATE_H

#include "sim/area.h"
#include "sim/arrivals.h"
#include "sim/calendar.h"
#include "sim/deadlines.h"
#include "sim/engine.h"
#include "sim/fewest.h"
#include "sim/sharing.h"

enum {
    RP_NOBODY = UINT32_MAX,
    RP_FIRST_ROOM = 1024,          /* requests that there is room for */
    RP_DEFAULT_IN_FLIGHT = 1 << 20 /* more give the run up */
};

/* gcc and clang both know it; elsewhere the compiler decides. */
#if defined(__GNUC__)
#define RP_ALWAYS_INLINE __attribute__((always_inline))
#define RP_NEVER_INLINE  __attribute__((noinline))
#else
#define RP_ALWAYS_INLINE
#define RP_NEVER_INLINE
#endif

struct rp_instruction;
struct rp_source;

/* A request, or a closed client between two of them: one line of the cache.
 * What begins as zero is the last of it, and is set by one store. */
struct rp_request {
    uint64_t begun_ns; /* of its first attempt */
    uint64_t number;   /* within its class: the address of its luck */
    double fraction;   /* of its level, within the segment */
    const struct rp_instruction *step; /* the next one */
    struct rp_source *source;          /* its class */
    uint32_t next;     /* in a queue, the ready list or the free list */
    uint32_t waits_at; /* the place that it queues for; RP_NOBODY */
    uint32_t process;  /* that serves it */
    uint32_t serial;   /* of its deadline; 0: it has none */
    uint16_t segment;  /* of the levels that it drew */
    uint16_t attempts;
    bool chose;      /* its process, which counts it */
    bool overdue;    /* its deadline has passed */
    bool was_passed; /* its thread, which was awake */
    bool has_waited; /* for its lock */
};

/* Where a request stands at a station that takes turns. */
struct rp_turn {
    uint64_t left_ns, slice_ns;
    bool serving;      /* a slice of it is under way */
    uint64_t since_ns; /* when its code began a slice of the network's runtime,
                        */
    uint64_t held_ns;  /* and since when its thread has its lock */
};

struct rp_queue {
    uint32_t head, tail;
};

/* An event loop: its thread, which walks a program of its own, and its alarm,
 * which is the time-out of its poll. */
struct rp_looping {
    const struct rp_loop_plan *plan; /* borrowed */
    struct rp_instruction *program;  /* borrowed */
    uint32_t thread, alarm;          /* records */
    uint32_t gate;    /* callbacks that are left of this iteration */
    uint32_t running; /* whose callback runs; RP_NOBODY */
    bool is_parked;   /* in its poll, since: */
    bool is_iterating;
    bool is_woken; /* by another thread, for the next iteration */
    bool keeps;    /* its lock, or where it needs none its core */
    uint64_t parked_ns;
    uint64_t alarm_ns; /* when its alarm goes off; RP_NEVER */
};

/* A station in one process; what a visit touches comes first. */
struct rp_place {
    uint32_t servers, busy, waiting, queue_max;
    uint32_t head, tail; /* of the queue, where it has one only */
    uint64_t visits;
    struct rp_area busy_area, queue_area;
    uint32_t index;             /* among all places */
    uint32_t station;           /* that it is a copy of */
    bool has_choice;            /* who is next is not who came first */
    bool is_lock;               /* whoever waited for it has to be woken */
    bool is_cores;              /* code runs on it */
    struct rp_queue *queues;    /* RP_PRIORITIES of them, or NULL */
    struct rp_sharing *sharing; /* or NULL */
    struct rp_looping *looping; /* or NULL */
    uint64_t due_ns;            /* of sharing's entry in the calendar */
    uint64_t quantum_ns;
    uint64_t at_start; /* of the measured time: requests that it served */
};

/* A part of a hold, as drawing needs it. */
struct rp_draw {
    size_t kind;
    bool by_level;
    bool is_own, is_waking;
    const double *at, *slope; /* borrowed */
    double drawn_ns;          /* in the measured time, by all requests */
    double longest_ns;        /* of all, where assertions are on */
    struct rp_lookahead first;
    struct rp_sampler sampler; /* last: only a refill of `first` reads it */
};

/* A step with all that it needs. */
struct rp_instruction {
    uint8_t op;      /* enum rp_network_op */
    bool in_process; /* there are several copies of the station */
    uint16_t part_count;
    uint8_t wake;           /* enum rp_wake, of a callback */
    uint8_t plain;          /* enum rp_plain_op */
    bool has_more;          /* an answer that is not all */
    bool is_split;          /* what follows this answer goes on already */
    struct rp_place *place; /* borrowed; of the station, in the first process */
    struct rp_draw *draws;  /* borrowed; of a hold, or the visit's */
};

/* What a step has taken before it: what is given back by who leaves there. */
struct rp_holding {
    uint32_t count;
    uint32_t first; /* into `held`: instructions that took */
};

/* What a class draws for each of its requests, and how it behaves. Of the
 * classes that share a source the first one counts requests, draws gaps and
 * chooses among them. */
struct rp_source {
    struct rp_lookahead levels;
    struct rp_arrivals arrivals; /* of an open class */
    bool by_level;               /* any part is, so requests need a level */
    bool closed;
    bool draws_first;       /* its class, or its level */
    bool is_bare;           /* see sim/engineplain.h */
    bool is_one_of_several; /* classes of its source, */
    uint16_t first_class;   /* of which this is the first */
    uint32_t owner;         /* of its entries in the calendar */
    uint64_t count;         /* of requests that began */
    const struct rp_instruction *first_step, *arrive_step; /* borrowed */
    const struct rp_instruction *end_step;  /* borrowed; behind the last */
    const struct rp_instruction *stay_step; /* from it on no queue is left */
    struct rp_class_stats *stats;           /* borrowed */
    unsigned priority, retries;
    uint64_t patience_ns;
    struct rp_deadlines deadlines;
    double share_end; /* up to it a uniform number chooses this class */
    struct rp_lookahead choices;
    struct rp_sampler backoff;
    struct rp_stream backoffs;
};

/* What a run is waiting for: each stage ends after so many requests are done
 * with, or at an instant. */
enum rp_stage { RP_WARMING_UP, RP_FIRST_HALF, RP_SECOND_HALF, RP_OVER };

/* The request that is watched, as it was last seen. */
struct rp_watched {
    uint32_t id; /* RP_NOBODY: it has not begun */
    uint64_t number;
    bool is_numbered;               /* the warm-up is over */
    const struct rp_source *source; /* its class */
    const struct rp_instruction *step;
    uint32_t process;
    bool queues, is_served; /* at `step` */
    bool has_drawn;         /* the parts of `step` were told */
};

struct rp_engine {
    /* What every event touches comes first, where short offsets reach it. */
    uint64_t now_ns;
    uint64_t watch_ns; /* stage_ns, or the first deadline */
    struct rp_request *requests;
    struct rp_source *source_beside; /* borrowed; whose arrival is beside the
                                        calendar's others */
    uint32_t free_head;
    uint32_t ready_head, ready_tail; /* granted at this very instant */
    uint32_t first_source;           /* owners from here on are sources, */
    uint64_t in_flight, in_flight_max;
    uint64_t arrivals, answers; /* in the measured time */
    uint64_t ends_left;         /* until the next stage; 0 counts as never */
    struct rp_area flight_area;
    bool done, out_of_memory;
    bool notes_answers; /* one by one, for a series or batches */
    bool is_plain;      /* see sim/engineplain.h */
    bool is_watching;
    struct rp_calendar calendar;
    struct rp_ziggurat ziggurat;

    const struct rp_network *net;
    const struct rp_engine_settings *set;
    struct rp_replication *out;
    struct rp_footprint *footprints; /* one a request, where others displace
                                        its data; or NULL */
    struct rp_turn *turns; /* one a request, where any station takes turns */
    uint32_t request_count, request_capacity;
    struct rp_place *places;
    size_t place_count;
    size_t *first_place; /* of each station */
    struct rp_instruction *program;
    struct rp_holding *holdings; /* one a step */
    uint32_t *held;              /* steps, see rp_holding */
    struct rp_draw *draws;
    struct rp_source *sources;
    struct rp_fewest in_process;         /* requests in each process */
    struct rp_runtime_state *runtimes;   /* one a process */
    struct rp_looping *loops;            /* one a place that is a loop */
    struct rp_instruction *loop_program; /* of all of them */
    struct rp_source loop_source;        /* whose their records are */
    uint32_t loop_count;
    bool allocates;         /* requests bring collections nearer */
    struct rp_stream picks; /* among those that wait at random */
    uint64_t pick_count;
    unsigned process_count;
    uint32_t first_shared; /* owners from here on places, of which some share */
    uint32_t shared_count; /* all places, where any shares; else 0 */
    uint32_t serial;       /* of the last deadline */
    size_t ended;          /* classes whose last request has arrived */

    enum rp_stage stage;
    uint64_t stage_ns; /* when the next one begins, where it has an instant */
    uint64_t start_ns; /* of the measured time */
    uint64_t begun_sum_ns; /* of when they began, modulo 2^64; where assertions
                              are on */
    uint64_t ages_at_start_ns;
    double flight_half_ns; /* the area up to half_ns */
    uint64_t half_ns;      /* when half were answered */
    struct rp_watched watched;
};

/** Whether the run has a length, and the numbers in the records can hold what
 * the network needs: RP_ERR_VALUE. */
RP_CHECKED enum rp_code
rp_engine_check(const struct rp_network *network,
                const struct rp_engine_settings *settings,
                struct rp_error *error);

/** All arrays and the calendar; false when memory is short. */
bool rp_engine_make(struct rp_engine *engine);

/** Room for more requests; false when memory is short. */
bool rp_engine_grow(struct rp_engine *engine);

/** From here on it counts. */
void rp_engine_measure(struct rp_engine *engine);

/** The next stage begins. */
void rp_engine_next_stage(struct rp_engine *engine);

/** Walk one request as far as it goes without time passing. */
void rp_engine_walk(struct rp_engine *engine, uint32_t id);

/** Everybody who was granted something at this instant goes on. */
void rp_engine_drain(struct rp_engine *engine);

/** True where the request queues, false where it is turned away or its patience
 * was over already. */
bool rp_engine_queue_up(struct rp_engine *engine, uint32_t id,
                        struct rp_place *place);

/** Run from the beginning to the end: RP_ERR_UNSTABLE, RP_ERR_MEMORY. */
RP_CHECKED enum rp_code rp_engine_go(struct rp_engine *engine,
                                     struct rp_error *error);

/** Write what was measured. */
void rp_engine_finish(struct rp_engine *engine);

void rp_engine_release(struct rp_engine *engine);

/** Begin to watch, where anybody is. */
void rp_engine_watch(struct rp_engine *engine);

/** Tell what the watched request did since the last look; before the clock
 * moves on. */
void rp_engine_look(struct rp_engine *engine);

/** Somebody leaves: before that, while it still has its place in its program.
 * `has_left` by its own will, else it was turned away. */
void rp_engine_watch_leaving(struct rp_engine *engine, uint32_t id,
                             bool has_left, bool gives_up);

#endif
