/**
 * Crowding: what the requests under way make of each other's costs.
 *
 * Where a profile knows what happens under load (model/charges.h), demands
 * depend on the solution: an idle process has to be woken and its code is cold,
 * a loop that has more to do pays for an iteration once, a thread that has more
 * to do need not be woken. Here those means are taken from a solution, for the
 * demands to be taken anew, until the two agree. All of it is approximate:
 * means stand for what varies, and what happens together is taken as
 * independent.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_SOLVE_CROWDING_H
#define RP_SOLVE_CROWDING_H

#include <stdbool.h>
#include <stddef.h>

struct rp_demands;
struct rp_layers_visit;

struct rp_crowding {
    double requests; /* that can be in a process; INFINITY: any number */
    bool is_alone;   /* one request, and one process */
    bool in_step;    /* a loop runs requests together, who wait together */
    double busy;     /* how much of the time a process is */
    double full;     /* and all of its worker threads are */
    double idle_ns;  /* mean time that a process is idle, where not only for one
                        request's own pause; 0: it never is */
    double ready;    /* callbacks of an iteration of a loop, >= 1 */
    double asked;    /* how many of a loop's callbacks other threads ask for */
    double accepted; /* the same, of gthread's accepting thread */
    double loop_waited, thread_waited; /* probability of waiting for the GIL */
    double passed;    /* probability that a thread had more to do */
    double in_flight; /* in the process, at an answer */
    double coldness;  /* of the code, when a request begins */
    double work;      /* of the framework for others, in a process, per time
                         that a request in it does not run */
    const double *waits_ns; /* of each time that a request makes a visit of its
                               demands, in their order; not owned */
    size_t wait_count;      /* of later visits: 0 */
};

/** What was found for a process. */
struct rp_crowding_seen {
    double rate_per_ns; /* of one process */
    double requests;    /* clients of one process, or, open,
                           INFINITY */
    double response_ns;
    const struct rp_layers_visit *visits; /* of the demands */
};

/** Of a request that is alone, with warm code. */
struct rp_crowding rp_crowding_alone(void);

/** What a solution makes of it. */
struct rp_crowding rp_crowding_of(const struct rp_demands *demands,
                                  const struct rp_crowding_seen *seen);

/** Go a part of the way from one to another; the largest change, relative
 * where it is a number of something. */
double rp_crowding_approach(struct rp_crowding *from,
                            const struct rp_crowding *to, double part);

/** How long a request waits, each time that it makes a visit. */
double rp_crowding_wait_ns(const struct rp_crowding *crowding, size_t visit);

/** Of what an iteration pays if other threads asked for it, the part of one
 * callback that they asked for. */
double rp_crowding_asked_share(const struct rp_crowding *crowding);

/** A request that comes to its process from outside: a new one, or one whose
 * wait is over. */
struct rp_crowding_pause {
    double length_ns; /* that it was outside */
    double others;    /* requests that could run on to its end meanwhile */
    bool enters;      /* it is new: worker threads may all be busy */
};

/** Probability that it finds the process idle. */
double rp_crowding_idle(const struct rp_crowding *crowding,
                        const struct rp_crowding_pause *pause);

/** Mean time until a loop's poll notices a timer that is due by `due_ns` from
 * now, where others wake it meanwhile. */
double rp_crowding_notice_ns(const struct rp_crowding *crowding,
                             const struct rp_crowding_pause *pause,
                             double due_ns);

/** What is left of warmth, of 1, after a pause; `tau_ns` of idle time cools by
 * two thirds. */
double rp_crowding_warmth(const struct rp_crowding *crowding,
                          const struct rp_crowding_pause *pause, double tau_ns);

#endif
