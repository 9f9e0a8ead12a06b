/**
 * What a scenario asks for and the solver has no formula for.
 *
 * Each is said, in a sentence, and what is taken instead; the simulator has
 * them all.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_SOLVE_UNMODELLED_H
#define RP_SOLVE_UNMODELLED_H

#include "model/scenario.h"

#include <stdbool.h>
#include <stddef.h>

/**
 * Append sentences, one a line, to what `text` holds; what does not fit is cut.
 *
 * @param crowded  the profile knows what happens under load
 * @param size  of `text`, its closing zero included
 * @return how many sentences there are
 */
unsigned rp_unmodelled_say(const struct rp_scenario *scenario, bool crowded,
                           char *text, size_t size);

#endif
