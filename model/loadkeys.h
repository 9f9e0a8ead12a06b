/**
 * Load keys: which keys of a load belong together.
 *
 * The table of keys (model/keys.h) knows each key by itself. A load has keys
 * for closed and open ones, for one process or another, for a curve or a trace:
 * here those that do nothing are refused, those that are missing are named, and
 * what follows from others (the mean rate, the times of a trace) is worked out.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MODEL_LOADKEYS_H
#define RP_MODEL_LOADKEYS_H

#include "model/error.h"
#include "model/node.h"
#include "model/scenario.h"

/**
 * Read the mapping of a load.
 *
 * @param map   NULL: nothing is read
 * @param load  with its defaults; it may be half written on failure, and owns
 *              what is in it all the same
 * @return RP_ERR_VALUE; of a trace also RP_ERR_IO, RP_ERR_SYNTAX; RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_loadkeys_read(const struct rp_node *map,
                                         struct rp_load *load,
                                         struct rp_error *error);

#endif
