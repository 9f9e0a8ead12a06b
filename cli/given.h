/**
 * Given: what commands about variants of a scenario take from their command
 * line: the scenario as it is, with the seed of --seed, and the line itself,
 * which goes into what they keep.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CLI_GIVEN_H
#define RP_CLI_GIVEN_H

#include "cli/command.h"
#include "model/edit.h"

enum { RP_GIVEN_SEED_SIZE = 24 };

/**
 * Read a scenario, as it is, so that one that is none is told before any
 * variant of it is blamed.
 *
 * @param draft     written; rp_draft_free(), also after a failure
 * @param seed      written where --seed was given: its digits
 * @param scenario  written on success; rp_scenario_free()
 */
RP_CHECKED enum rp_code
rp_given_scenario(const char *path, const struct rp_common *common,
                  struct rp_draft *draft, char seed[RP_GIVEN_SEED_SIZE],
                  struct rp_scenario *scenario, struct rp_error *error);

/** The words of a command line, with blanks between them; new memory, NULL:
 * none. */
char *rp_given_line(int argc, char **argv);

#endif
