/**
 * Ranks: the processes of an MPI job as a crew.
 *
 * All ranks run the same command line and come to the same hand-out
 * (plan/handout.h). The first gives out points one by one, to whoever is free,
 * keeps and takes the answers; the others answer until they are told that there
 * is no more. A point is a number and an answer a text, so the result is the
 * same bytes as that of one thread, whatever the number of ranks.
 *
 * Each rank has the next point waiting while it works at one, so giving them
 * out costs it no time. Who waits for a message sleeps in between instead of
 * keeping a core busy: half a millisecond at most.
 *
 * A rank that dies ends the whole job: that is MPI's rule. Points that were
 * finished are in the store, and the next start with --resume runs the others.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_RANKS_RANKS_H
#define RP_RANKS_RANKS_H

#include "plan/workforce.h"

/** Incomplete: this process in its job. There is one at a time. */
struct rp_ranks;

/** True where mpirun, srun or another launcher has started this process as one
 * of several, by what it leaves in the environment. */
bool rp_ranks_launched(void);

/** Join the job. RP_ERR_IO, RP_ERR_MEMORY. */
RP_CHECKED enum rp_code rp_ranks_join(struct rp_ranks **ranks,
                                      struct rp_error *error);

/** This one's number, 0 .. rp_ranks_count() - 1. */
unsigned rp_ranks_number(const struct rp_ranks *ranks);
unsigned rp_ranks_count(const struct rp_ranks *ranks);

/** What rp_handout() is given in every rank; borrowed. NULL where this rank is
 * the only one: threads are then better. */
struct rp_workforce *rp_ranks_crew(struct rp_ranks *ranks);

/** Leave the job, all ranks together. Harmless on NULL. */
void rp_ranks_leave(struct rp_ranks *ranks);

#endif
