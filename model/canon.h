/**
 * Canon: a scenario's file in one form.
 *
 * The same scenario can be written in many ways: keys in any order, 20ms or
 * 0.02s, defaults said or left out. Here it is written in one: so a variant can
 * be saved, and two can be compared, or hashed, as texts.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MODEL_CANON_H
#define RP_MODEL_CANON_H

#include "model/error.h"
#include "model/node.h"
#include "model/timestamps.h"

/**
 * Write a scenario's tree: keys in the order of their table, without those that
 * have their default; times in ns, rates per second, numbers with as many
 * digits as they have.
 *
 * @param root   of a valid scenario
 * @param trace  what its trace says; a comment has the sum of it
 * @param text   written on success; free()
 * @return RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_canon_text(const struct rp_node *root,
                                      const struct rp_timestamps *trace,
                                      char **text, struct rp_error *error);

#endif
