/**
 * Given: what commands about scenarios take from their command line: files that
 * are not to be written over, the scenario as it is, with the seed of --seed,
 * and the line itself, which goes into what sweeps keep.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CLI_GIVEN_H
#define RP_CLI_GIVEN_H

#include "cli/command.h"
#include "model/edit.h"

enum { RP_GIVEN_SEED_SIZE = 24 };

/** RP_ERR_VALUE where what is written is one of the `count` files that are read
 * (NULL: none): it would be written over. */
RP_CHECKED enum rp_code rp_given_apart(const char *written,
                                       const char *const *read, size_t count,
                                       struct rp_error *error);

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
