/**
 * Laws: what must hold of every run, whatever the network.
 *
 * Conservation: whoever was there or came has been answered, has left, or is
 * still there. Little's law: the requests in the system, summed over time, are
 * their times in the system, summed over requests. The utilisation law: the
 * time that servers were taken is the service that was drawn. Each side of each
 * is counted apart from the other, so a fault of the engine shows. Builds with
 * assertions hold every run to them; every result carries the gaps.
 *
 * Not for users of the library: engine.h is.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_SIM_LAWS_H
#define RP_SIM_LAWS_H

#include "sim/enginestate.h"

/** The measured time begins: note who is where. */
void rp_laws_begin(struct rp_engine *engine);

/** Write `served_ns` of each station; after the other sums of the run. */
void rp_laws_serve(struct rp_engine *engine);

/** Whether they hold, as exactly as they can: all but what the two ends of the
 * measured time cut in two. For assert(), after rp_laws_serve(). */
bool rp_laws_hold(const struct rp_engine *engine);

#endif
