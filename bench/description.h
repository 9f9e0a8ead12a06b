/**
 * Descriptions: the dataset.yaml of what a bench measures, for
 * rp_dataset_read().
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_BENCH_DESCRIPTION_H
#define RP_BENCH_DESCRIPTION_H

#include "bench/benchplan.h"
#include "bench/surroundings.h"

/**
 * The text; new memory, NULL: none.
 *
 * @param set     the targets that are in this data set; NULL: those without
 * @param client  version of the client, "" where it is not known
 */
char *rp_description_make(const struct rp_plan *plan, const char *set,
                          const struct rp_surroundings *surroundings,
                          const char *client);

#endif
