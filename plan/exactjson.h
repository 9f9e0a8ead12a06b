/**
 * Exact JSON: numbers that come back as the bits that they were.
 *
 * Results go to a store, to another thread or to another machine as text, and
 * what comes back must print as if they had never left. A real has 17 digits;
 * what JSON has no number for is null (NAN) or a word ("inf").
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_PLAN_EXACTJSON_H
#define RP_PLAN_EXACTJSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/** A number; NULL when memory is short. */
json_t *rp_exact(double number);

/** `count` numbers. */
json_t *rp_exact_array(const double *numbers, size_t count);

/** The text of a value, with 17 digits; malloc'd; NULL when memory is short or
 * `json` is NULL. Takes the reference of `json`. */
char *rp_exact_dump(json_t *json);

/** Reads the members of an object; `good` becomes false where one is missing or
 * of another kind, and what is read is then 0. */
struct rp_exact_reader {
    const json_t *object; /* borrowed */
    bool good;
};

double rp_exact_number(struct rp_exact_reader *reader, const char *key);
void rp_exact_numbers(struct rp_exact_reader *reader, const char *key,
                      double *numbers, size_t count);
long long rp_exact_whole(struct rp_exact_reader *reader, const char *key);
bool rp_exact_truth(struct rp_exact_reader *reader, const char *key);
void rp_exact_text(struct rp_exact_reader *reader, const char *key, char *text,
                   size_t size);

#endif
