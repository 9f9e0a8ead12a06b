/**
 * Candidates: the configurations that a capacity plan compares.
 *
 * Every kind of server with every number of processes and of threads, on every
 * kind of instance; where a server has no worker threads the list of threads is
 * not for it. Instances with as many cores differ in price and memory alone, so
 * what one instance can take is asked once for each **configuration**.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_PLAN_CANDIDATE_H
#define RP_PLAN_CANDIDATE_H

#include "model/scenario.h"
#include "plan/catalogue.h"
#include "plan/countlist.h"

/** No instance type: the scenario's own host. */
#define RP_NO_INSTANCE SIZE_MAX

enum { RP_CANDIDATES_MAX = 10000, RP_POOLS_MAX = 16 };

/** A limit that all instances share: a database's connections. */
struct rp_pool_limit {
    char name[80];   /* of the resource, or what sentences call it */
    unsigned most;   /* connections, of all instances together */
    size_t resource; /* index into the scenario's; RP_NO_RESOURCE: each thread
                        has a connection of its own */
};

/** What may be chosen. */
struct rp_choices {
    size_t server_count; /* 0: the scenario's */
    enum rp_server_kind servers[5];
    struct rp_count_list processes; /* count 0: the scenario's */
    struct rp_count_list threads;   /* count 0: the scenario's */
    double process_bytes;           /* memory of a process; 0: not looked at */
    double thread_bytes;            /* and of each of its threads */
    size_t pool_count;
    struct rp_pool_limit pools[RP_POOLS_MAX];
};

struct rp_configuration {
    enum rp_server_kind server;
    unsigned processes, threads, cores;
};

struct rp_candidate {
    size_t configuration; /* index */
    size_t instance;      /* index into the catalogue, or RP_NO_INSTANCE */
};

struct rp_candidates {
    size_t configuration_count, count;
    struct rp_configuration *configurations; /* owned; all different */
    struct rp_candidate *all;                /* owned */
};

/**
 * Make them.
 *
 * @param catalogue  NULL: none
 * @return RP_ERR_VALUE: more than RP_CANDIDATES_MAX; RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_candidates_make(const struct rp_scenario *scenario,
                                           const struct rp_choices *choices,
                                           const struct rp_catalogue *catalogue,
                                           struct rp_candidates *candidates,
                                           struct rp_error *error);

void rp_candidates_free(struct rp_candidates *candidates);

/** The scenario with this configuration; borrows everything. */
struct rp_scenario rp_configured(const struct rp_scenario *scenario,
                                 const struct rp_configuration *configuration);

/** "gthread 2x4": server, processes, threads where it has them. Returns
 * `text`. */
const char *rp_configuration_text(const struct rp_configuration *configuration,
                                  char text[48]);

/** Memory of an instance, in bytes. */
double rp_configuration_bytes(const struct rp_configuration *configuration,
                              const struct rp_choices *choices);

/** Why it has not memory enough: "memory: 9 processes x 180 MiB > 1 GiB"; ""
 * where it has. Returns `text`. */
const char *rp_memory_reason(const struct rp_configuration *configuration,
                             const struct rp_choices *choices,
                             double memory_bytes, char *text, size_t size);

/** Connections that so many instances hold at most. */
double rp_pool_connections(const struct rp_pool_limit *pool,
                           const struct rp_scenario *scenario,
                           const struct rp_configuration *configuration,
                           unsigned instances);

/** Why a limit forbids so many instances: "database: 4x8x12 connections > 300";
 * "" where none does. Returns `text`. */
const char *rp_pool_reason(const struct rp_choices *choices,
                           const struct rp_scenario *scenario,
                           const struct rp_configuration *configuration,
                           unsigned instances, char *text, size_t size);

#endif
