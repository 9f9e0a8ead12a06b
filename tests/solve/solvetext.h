/**
 * Scenarios as text, with a profile of round costs, for tests of the solver.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_TESTS_SOLVE_SOLVETEXT_H
#define RP_TESTS_SOLVE_SOLVETEXT_H

#include "solve/demands.h"
#include "solve/solve.h"

/** A profile whose base of every server costs so much and nothing else
 * anything; no spread. rp_profile_free(). */
struct rp_profile profile_of_base(double base_ns);

/** The demands of a scenario; rp_demands_free(). Fails the test. */
struct rp_demands demands_of(const char *text,
                             const struct rp_profile *profile);

/** The same, by what other requests do to it. */
struct rp_demands crowded_demands_of(const char *text,
                                     const struct rp_profile *profile,
                                     const struct rp_crowding *crowding);

/** Solve it; rp_solution_free(). */
RP_CHECKED enum rp_code solve_text(const char *text,
                                   const struct rp_profile *profile,
                                   struct rp_solution *solution,
                                   struct rp_error *error);

/** The place of that name; fails the test. */
size_t place_named(const struct rp_demands *demands, const char *name);

#endif
