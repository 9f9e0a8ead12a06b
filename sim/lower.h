/**
 * Lowering: a path program and its prices as a queueing network.
 *
 * What a request does is said by the program; here it is said what it holds
 * meanwhile, by one rule: a loop is never held by a suspended request, a thread
 * always is, by everything that runs inside it.
 *
 * | place                  | becomes                                          |
 * |------------------------|--------------------------------------------------|
 * | loop                   | one server a process, taken for each stretch of  |
 * |                        | code between two suspensions                     |
 * | worker                 | so many threads, taken for the whole request; the|
 * |                        | queue is the listen backlog of all processes     |
 * | sensitive thread       | one server a process, held from enter to leave   |
 * | pool                   | min(32, cores + 4) servers a process, held alike |
 * | context, caller, inner | a thread that only this request uses: no queue   |
 * | CPU on any of them     | takes the process's GIL (where it has one), then |
 * |                        | one of the host's cores                          |
 * | take, give             | a station of the resource's capacity a process   |
 *
 * Code keeps the GIL and the core from one suspension or crossing to the next;
 * without a GIL its thread keeps the core as long as it has more to do, if no
 * slice of the kernel's ends. Where the host shares its cores, code is served
 * by them instead.
 * Of a crossing's cost one half is burned by who sends, one by who answers.
 *
 * Where the profile knows what happens under load (model/parameter.h) and the
 * scenario leaves it on (model/mechanism.h), the loop is a thread of its own
 * that runs callbacks in iterations, code takes what sim/runtime.h makes of it,
 * threads with more to do keep the GIL, an answer leaves work behind, and ab's
 * part of a response is on ab's thread. What these take is taken out of the
 * unit costs, so that a request that is alone takes what it took. A request
 * that began at a loop is answered at the program's answer_step, in a turn of
 * its own, and what the steps behind it cost is burned before it, too
 * (rp_charges_sending).
 *
 * A request is let in when a worker thread takes it, or, at a loop, when it has
 * its first turn. Until then it waits in the backlog: at a loop that is a
 * station of its own whose servers are the places in it, given back at the
 * first turn. Who is turned away, or leaves, was never let in: no server stops
 * working for a client that has gone.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_SIM_LOWER_H
#define RP_SIM_LOWER_H

#include "model/profile.h"
#include "model/route.h"
#include "model/scenario.h"
#include "sim/network.h"

/* Kinds of time in which a request is served, in one list. */
#define RP_TIME_KIND_LIST(X)                                                   \
    X(RP_TIME_BASE, "base")                                                    \
    X(RP_TIME_LAYERS, "layers")                                                \
    X(RP_TIME_S2A, "sync_to_async")                                            \
    X(RP_TIME_A2S, "async_to_sync")                                            \
    X(RP_TIME_THREADS, "threads")                                              \
    X(RP_TIME_ERRORS, "error response")                                        \
    X(RP_TIME_RENDER, "template")                                              \
    X(RP_TIME_OWN_CPU, "own CPU")                                              \
    X(RP_TIME_OWN_WAIT, "own wait")                                            \
    X(RP_TIME_CLIENT_SIDE, "client's side")                                    \
    X(RP_TIME_CLIENT, "client")

#define RP_TIME_KIND_AS_ENUM(kind, name) kind,
enum rp_time_kind { RP_TIME_KIND_LIST(RP_TIME_KIND_AS_ENUM) RP_TIME_KINDS };
#undef RP_TIME_KIND_AS_ENUM

/** Its name; static storage. */
const char *rp_time_kind_name(enum rp_time_kind kind);

/** The kind of time that an item's cost is. */
enum rp_time_kind rp_time_kind_of(enum rp_item item);

/**
 * Build the network of a scenario under its load: a class for each route, all
 * of one source, whose kinds of time are those of the list above, in that
 * order. Its labels are indices into a route's program, plus one.
 *
 * @param routes   of the scenario
 * @param profile  whose costs pay; those that the routes were priced by, or
 *                 drawn around them
 * @param network  written on success; rp_network_free(); borrows the
 *                 trace of the load and nothing else
 * @return RP_ERR_MEMORY, RP_ERR_VALUE
 */
RP_CHECKED enum rp_code rp_lower(const struct rp_scenario *scenario,
                                 const struct rp_routes *routes,
                                 const struct rp_profile *profile,
                                 struct rp_network *network,
                                 struct rp_error *error);

#endif
