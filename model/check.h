/**
 * Checks: what must be true of a whole scenario, or a whole profile.
 *
 * A key by itself is checked where it is read. Here is what takes two of them
 * to be wrong: worker threads under a server that has none, a hook on a layer
 * that cannot have it, a covariance that no two costs can have. The same checks
 * serve a file, whose line they name, and what a program made in memory.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MODEL_CHECK_H
#define RP_MODEL_CHECK_H

#include "model/error.h"
#include "model/node.h"
#include "model/profile.h"
#include "model/scenario.h"

/** The most layers, resources and classes of a scenario. */
enum {
    RP_LAYERS_MAX = 1000,
    RP_RESOURCES_MAX = 1000,
    RP_RULES_MAX = 1000,
    RP_CLASSES_MAX = 1000
};

/** The most waits of a request of each class, those of all layers and the view
 * together: what bounds the length of the programs. */
enum { RP_CALLS_MAX = 100000 };

/**
 * Check a whole scenario.
 *
 * @param root  the file that it was read from: sentences begin with the line
 *              and column; NULL: they begin with the key alone
 * @return RP_ERR_VALUE: the sentence names the key, "server.threads: ..."
 */
RP_CHECKED enum rp_code rp_check_scenario(const struct rp_scenario *scenario,
                                          const struct rp_node *root,
                                          struct rp_error *error);

/** The highest relative noise of a profile: ten times the value itself is a
 * broken fit. */
#define RP_RELATIVE_MAX 10.0

/**
 * Check a whole profile: provenance, spreads, items and their costs, the
 * covariance.
 *
 * @param root  as above
 * @return RP_ERR_VALUE: the sentence names the key, "costs[2].spread: ..."
 */
RP_CHECKED enum rp_code rp_check_profile(const struct rp_profile *profile,
                                         const struct rp_node *root,
                                         struct rp_error *error);

#endif
