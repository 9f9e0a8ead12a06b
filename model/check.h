/**
 * Checks: what must be true of a scenario across its keys.
 *
 * A key by itself is checked where it is read. Here is what takes two of them
 * to be wrong: worker threads under a server that has none, a hook on a layer
 * that cannot have it, two layers of one name. The same checks serve a file,
 * whose line they name, and a scenario that a program made in memory.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MODEL_CHECK_H
#define RP_MODEL_CHECK_H

#include "model/error.h"
#include "model/node.h"
#include "model/scenario.h"

/** The most layers and resources of a scenario. */
enum { RP_LAYERS_MAX = 1000, RP_RESOURCES_MAX = 1000 };

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

#endif
