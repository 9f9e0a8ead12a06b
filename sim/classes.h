/**
 * Classes: what became of the requests of each class, and of all.
 *
 * Not every request is answered where clients lose their patience or find the
 * door closed, and where views differ their mean says little: this is the part
 * of a result that tells them apart.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_SIM_CLASSES_H
#define RP_SIM_CLASSES_H

#include "sim/simulatestate.h"

/** Note the metrics of each class in one more replication, or in one more run
 * with drawn costs; false when memory is short. */
bool rp_classes_add(struct rp_simulation *simulation,
                    const struct rp_replication *run);
bool rp_classes_add_draw(struct rp_simulation *simulation,
                         const struct rp_replication *run);

/** Write `result.fate` and, where the scenario has a list of classes,
 * `result.classes`. */
RP_CHECKED enum rp_code rp_classes_fill(struct rp_simulation *simulation);

void rp_classes_free(struct rp_simulation *simulation);

#endif
