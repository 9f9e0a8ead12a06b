/**
 * Target sets: which targets of a plan may be measured into one data set.
 *
 * A data set describes each server once, and says once what happens in it under
 * load; so targets that differ in that need sets of their own.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_BENCH_TARGETSET_H
#define RP_BENCH_TARGETSET_H

#include "bench/benchplan.h"
#include "model/node.h"

/**
 * Check a target against one that stands before it.
 *
 * @param node  of the target `t`, for the sentence's place
 * @return RP_ERR_VALUE: the same name, or the same set where they cannot share
 *         one
 */
RP_CHECKED enum rp_code rp_target_check_beside(const struct rp_node *node,
                                               const struct rp_target *t,
                                               const struct rp_target *other,
                                               struct rp_error *error);

/**
 * Read where a target comes from; of several revisions it takes a name and a
 * set of its own.
 *
 * @param revision  one of several, or NULL
 * @param t         its name, kind, set and url are read
 * @return RP_ERR_VALUE, RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_target_read_revision(const struct rp_node *map,
                                                const char *revision,
                                                struct rp_target *t,
                                                struct rp_error *error);

#endif
