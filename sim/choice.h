/**
 * Choices: what a request draws when it begins, and who is next in a queue that
 * is not first come, first served.
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

/** Who is next of those that wait at a place that has a choice: any of them, or
 * the first of those of the lowest priority number. It leaves the queue. */
uint32_t rp_choice_next(struct rp_engine *engine, struct rp_place *place);

#endif
