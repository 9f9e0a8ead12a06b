/**
 * Charges: which part of a unit cost is paid where, once there is a load.
 *
 * A unit cost is what an item takes in a request that is alone. Where a profile
 * knows what happens under load (model/parameter.h), a part of it belongs to
 * somebody else: of a base cost the client's own time and the waking of an idle
 * process, of what is paid at an event loop the loop's iterations. Whoever
 * follows requests through a loaded server takes these parts out of the costs
 * and charges them where they fall due. This is the one place that says how
 * much is taken out.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MODEL_CHARGES_H
#define RP_MODEL_CHARGES_H

#include "model/item.h"
#include "model/price.h"
#include "model/profile.h"
#include "model/program.h"
#include "model/scenario.h"

enum {
    /* Iterations of the loop that a request takes before the application has
     * it: the listening socket, the connection made, its data, the task that
     * runs. */
    RP_TURNS_BEFORE = 4,
    /* One in which the connection is closed when the response was sent
     * (asyncio, selector_events.py, _SelectorTransport.close; Twisted's
     * doWrite). */
    RP_TURNS_AFTER = 1,
    /* And those of a crossing that comes to the loop: what the other thread
     * asked for, and the task that it wakes. */
    RP_TURNS_OF_CROSSING = 2,
    /* Where it comes to a loop or from one, half of a crossing is paid on
     * either side. */
    RP_SIDES_OF_CROSSING = 2,
    /* CPython's selectors round a time-out up to whole milliseconds
     * (Lib/selectors.py, EpollSelector.select). */
    RP_POLL_UNIT_NS = 1000000,
    /* sys.getswitchinterval(): 5 ms, unless somebody has set it */
    RP_SWITCH_INTERVAL_NS = 5000000,
};

/** All zero and false: costs are paid in full, where their item is. */
struct rp_charges {
    bool runs;    /* code is not only a service time (model/mechanism.h) */
    bool loops;   /* an event loop runs in iterations */
    bool accepts; /* gthread's accepting thread is one of its own */
    bool stalls;
    bool answers; /* the client is answered before the steps behind
                     rp_program.answer_step */
    double client_ns, wakeup_ns; /* in a base cost */
    double iteration_ns, pipe_ns, thread_ns, accept_ns;
    double after_ns;
    enum rp_item base; /* the server's */
    double slack_ns, handover_ns;
    double full_every, full_crowded; /* requests between full collections, one
                                        at a time and many; 0: none */
    double full_ns;                  /* a full collection */
};

/**
 * The charges of a scenario.
 *
 * @param has_loop  some request is served by the event loop
 */
struct rp_charges rp_charges_of(const struct rp_scenario *scenario,
                                const struct rp_profile *profile,
                                bool has_loop);

/** How a cost varies, without what is charged elsewhere: the tail holds what
 * stalls a request, full collections among it. */
struct rp_spread rp_charges_spread(const struct rp_charges *charges,
                                   const struct rp_cost *cost, bool is_base);

/**
 * Of an item's cost, what is paid once for all that are ready.
 *
 * @param at_loop  the item is paid at the loop, or crosses to or from it
 * @param wakes    a crossing goes to a thread that may sleep, and not to one of
 *                 the request's own
 */
double rp_charges_shared_ns(const struct rp_charges *charges, enum rp_item item,
                            bool is_base, bool at_loop, bool wakes);

/** What one client's unit costs hold; see rp_charges_sending(). */
struct rp_sending {
    double behind_ns; /* the price of the steps that follow the answer */
    double burned_ns; /* of that, what is burned before it */
    double met_ns;    /* what one client waits for the rest of its request
                         before, */
    double asleep;    /* and the share of its requests that do not and find the
                         process idle */
    double asleep_ns; /* of the base cost, without the client's own time, what
                         is not the server's code: waking it, and what cannot
                         be taken from the steps behind the answer */
};

/**
 * How what follows an answer stands in the costs of requests that come one at a
 * time.
 *
 * Unit costs were measured as response times and are paid by the step, so the
 * price of the steps that follow the answer, too, is time that one client
 * waited: the server's, for sending the response. Less what the code that
 * answers pays for the crossing that it asks for, and less what was left of the
 * request before when the client was back, for which it waited. A process that
 * is not done by then does not sleep, and need not be woken. Both are averages
 * over the levels of two requests, which are independent.
 *
 * @param prices  of `program`, by `profile`
 */
struct rp_sending rp_charges_sending(const struct rp_charges *charges,
                                     const struct rp_profile *profile,
                                     const struct rp_program *program,
                                     const struct rp_prices *prices);

/**
 * What is burned before the answer on top of the steps that are there, step by
 * step.
 *
 * @param add  called with `context` for each step that has a price: that price,
 *             how much of it is not burned there, and how it varies; never,
 *             where nothing is burned
 */
void rp_charges_send(const struct rp_sending *sending,
                     const struct rp_profile *profile,
                     const struct rp_program *program,
                     const struct rp_prices *prices,
                     void (*add)(void *context, double price_ns,
                                 double elsewhere_ns,
                                 const struct rp_spread *spread),
                     void *context);

/**
 * What is left of warmth, of 1, after a pause: memory is lost by a square law
 * of time, slowly at first, as was timed (ARCHITECTURE.md, "Beyond one
 * client").
 *
 * @param tau_ns  a pause that cools by two thirds; 0: none does
 */
double rp_charges_warmth(double pause_ns, double tau_ns);

/** The spread of a part of `of_ns`, of which `constant_ns` does not vary and is
 * paid elsewhere: what is left varies as the whole did. */
struct rp_spread rp_charges_left(const struct rp_spread *spread, double of_ns,
                                 double constant_ns);

#endif
