/**
 * Choices: what a request draws when it begins, and the process that it goes
 * to.
 *
 * A part of the engine; not for users of the library.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_SIM_CHOICE_H
#define RP_SIM_CHOICE_H

#include "sim/enginestate.h"

/** Draw the level that all costs of a request lie at. */
void rp_choice_level(struct rp_source *source, struct rp_request *request);

/** The process with the fewest requests. The search begins at another one for
 * each request, so that ties are shared out. */
uint32_t rp_choice_process(const struct rp_engine *engine, uint64_t number);

#endif
