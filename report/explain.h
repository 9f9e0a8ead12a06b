/**
 * Explanations: a path program made readable, with what its steps cost.
 *
 * This is what `reqpath explain` shows. Machines get one row a step. People
 * get the same steps indented by their brackets, a crossing with nothing in it
 * on one line, and the threads named that are held by what happens inside
 * them: in the indent, "|" is a bracket that holds its thread and "." one at a
 * loop, which nothing holds. A line of its own says where the client has its
 * answer, unless that is at the end.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_REPORT_EXPLAIN_H
#define RP_REPORT_EXPLAIN_H

#include "model/price.h"
#include "model/validity.h"
#include "report/table.h"

#include <stdbool.h>

/** What is explained; all borrowed. */
struct rp_explanation {
    const struct rp_scenario *scenario; /* rp_scenario_of_class() */
    size_t class_index;                 /* which that is */
    const struct rp_program *program;   /* compiled from it */
    const struct rp_profile *profile;   /* NULL: nothing is priced */
    const struct rp_prices *prices;     /* where there is a profile */
    const struct rp_validity *validity; /* the same; NULL: not judged */
};

/**
 * The step that closes the bracket of step `enter`.
 *
 * @param enter  index of an RP_STEP_ENTER
 * @return index of its RP_STEP_LEAVE
 */
size_t rp_explain_leave(const struct rp_program *program, size_t enter);

/**
 * True where the bracket of step `enter` runs on a thread and something in it
 * waits or crosses on, so that the thread is held and idle meanwhile.
 */
bool rp_explain_holds(const struct rp_program *program, size_t enter);

/** One row a step, for CSV and JSON, with warnings as notes; NULL when memory
 * is short. */
struct rp_table *rp_explain_steps(const struct rp_explanation *what);

/** The steps for people, for text and Markdown; counts, totals and warnings
 * are notes. NULL when memory is short. */
struct rp_table *rp_explain_path(const struct rp_explanation *what);

/** The members of the JSON beside the steps: scenario, counts, held places,
 * total. NULL when memory is short; the caller owns it. */
json_t *rp_explain_json(const struct rp_explanation *what);

/** Room for the warnings of any program. */
enum { RP_EXPLAIN_WARNINGS_SIZE = 8192 };

/** The warnings of a price, and of versions without rules of their own, one a
 * line; returns how many. */
unsigned rp_explain_warnings(const struct rp_explanation *what, char *text,
                             size_t size);

#endif
