/**
 * Plain: the loop of networks whose requests only queue and are served.
 *
 * Most models are that: stations first come, first served, visited one after
 * the other. To take a server, hold it for a time that one part says and give
 * it back is one operation then, a visit; and what other networks have to be
 * asked at every entry of the calendar (who shares, who is watched, whose code
 * runs) is not asked. Whatever is not a visit, an arrival or an answer is left
 * to the general walk of sim/engine.c, request by request: both work on the
 * same state, and a run that takes either way gives the same numbers to the
 * last bit.
 *
 * A source is bare where all that its requests draw at their beginning is the
 * gap to the next one, and they arrive at once: an open class of independent
 * gaps that is its source's only one and has no levels. Most open classes are,
 * and nothing else is asked of their requests when they come.
 *
 * Not for users of the library: engine.h is.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_SIM_ENGINEPLAIN_H
#define RP_SIM_ENGINEPLAIN_H

#include "sim/enginestate.h"

/** What a step is to the plain loop; the general walk does not look at it. */
enum rp_plain_op {
    RP_PLAIN_OTHER,  /* the general walk goes on from here */
    RP_PLAIN_ARRIVE, /* as the step says, */
    RP_PLAIN_VISIT,  /* TAKE, the HOLD behind it and the GIVE behind that */
    RP_PLAIN_LEAVE,  /* that GIVE, where a visit was served */
    RP_PLAIN_ANSWER, /* which is the end */
    RP_PLAIN_LAST    /* the same, of an open class without patience in which
                        nobody chooses a process */
};

/** Note what each step is, and whether the network is plain; when all else of
 * the program is made. */
void rp_engine_plain_make(struct rp_engine *engine);

/** Serve all entries of the calendar up to `watch_ns`, or until the run is
 * done. */
void rp_engine_plain(struct rp_engine *engine);

#endif
