/**
 * Warnings of several scenarios: each sentence is said once.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CLI_SAID_ONCE_H
#define RP_CLI_SAID_ONCE_H

#include <stddef.h>

/** What was said; zero it. */
struct rp_said {
    char *text; /* owned: the sentences, one a line */
    size_t used;
};

/** Print `reqpath COMMAND: SCENARIO: sentence` to standard error for each line
 * that was not said before. */
void rp_said_warn(struct rp_said *said, const char *command,
                  const char *scenario, const char *lines);

/** Harmless on a zeroed or freed one. */
void rp_said_free(struct rp_said *said);

#endif
