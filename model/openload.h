/**
 * Open loads with independent gaps: what `rate`, `process` and `cv` say.
 *
 * Requests come at a rate, whatever became of those before. Plans of a bench,
 * measured runs and the client that makes them have these three words from
 * scenario files and nothing else of a load; here is what they mean together.
 * With a rate of 0 a load is closed: it has clients.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MODEL_OPENLOAD_H
#define RP_MODEL_OPENLOAD_H

#include "model/scenario.h"

#include <stdbool.h>
#include <stddef.h>

struct rp_openload {
    double rate_per_s; /* 0: a closed load, and the others are 0 as well */
    enum rp_process process;
    double cv; /* of the gaps: their standard deviation by their mean */
};

/** The processes that have independent gaps, as people choose from them:
 * "poisson, deterministic, gamma or hyperexponential"; static storage. */
const char *rp_openload_words(void);

/** True where a process has independent gaps. */
bool rp_openload_has(enum rp_process process);

/**
 * Make one of its words.
 *
 * @param rate_per_s  > 0
 * @param word        of the process; NULL: poisson
 * @param cv          NAN: not said
 * @param sentence    what is wrong, RP_ERROR_TEXT_SIZE bytes; it begins with
 *                    the word that is, "process: ..." or "cv: ..."
 * @return false: `load` is untouched
 */
bool rp_openload_make(double rate_per_s, const char *word, double cv,
                      struct rp_openload *load, char *sentence);

/** What is between two requests. */
struct rp_duration rp_openload_gap(const struct rp_openload *load);

/** A scenario's load that is this open one. */
struct rp_load rp_openload_of_scenario(const struct rp_openload *load);

/** In order of process, cv and rate: negative, 0 (the same), positive. */
int rp_openload_compare(const struct rp_openload *a,
                        const struct rp_openload *b);

/** "200/s", "200/s deterministic", "200/s gamma cv 2"; `text` has at least 80
 * bytes and is returned. */
const char *rp_openload_describe(const struct rp_openload *load, char *text,
                                 size_t size);

#endif
