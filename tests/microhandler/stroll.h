/**
 * A stroll: requests walked in this process, without HTTP, for tests.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_TESTS_MICROHANDLER_STROLL_H
#define RP_TESTS_MICROHANDLER_STROLL_H

#include "microhandler/walk.h"
#include "model/profile.h"
#include "model/scenario.h"

/** A profile in which every item costs the same, always; not to be freed. */
struct rp_profile stroll_profile(double cost_ns);

/** The same, and it knows something of what happens under load, which costs
 * nothing here: loops answer before a program's end. */
struct rp_profile stroll_loaded_profile(double cost_ns);

struct stroll {
    struct rp_scenario scenario; /* owned */
    struct rp_profile profile;
    struct rp_routes routes;
    struct rp_courses courses;
    struct rp_metrics *metrics;
    struct rp_places places;
    struct rp_walk walk;
    pthread_t *trail; /* of the last walk: one a step */
    uint64_t number;
    unsigned answers;                         /* that were given early, */
    size_t answer_step;                       /* the last before that step */
    void (*on_answer)(struct stroll *stroll); /* or NULL: called there */
};

/** Takes the scenario over. Ends the program where something fails. Must not
 * move. */
void stroll_begin(struct stroll *stroll, struct rp_scenario scenario,
                  double cost_ns);

/** The same from YAML. */
void stroll_begin_text(struct stroll *stroll, const char *yaml, double cost_ns);

/** Both with stroll_loaded_profile(). */
void stroll_begin_loaded(struct stroll *stroll, struct rp_scenario scenario,
                         double cost_ns);
void stroll_begin_text_loaded(struct stroll *stroll, const char *yaml,
                              double cost_ns);

/** Walk one request to its end: in this thread, which is the worker or runs
 * the loop. */
void stroll_walk(struct stroll *stroll);

/** What a counter shows. */
uint64_t stroll_count(const struct stroll *stroll, enum rp_count count);

/** The program that is walked. */
const struct rp_program *stroll_program(const struct stroll *stroll);

void stroll_end(struct stroll *stroll);

#endif
