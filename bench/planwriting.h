/**
 * Writing plans: a plan that was made, as the YAML that makes it.
 *
 * rp_plan_read() gives the same plan back. Every run is a row of its own.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_BENCH_PLANWRITING_H
#define RP_BENCH_PLANWRITING_H

#include "bench/benchplan.h"

#include <stdio.h>

/** Write a plan; what has its default is left out where it has a key that may
 * be missing. */
void rp_plan_write(const struct rp_plan *plan, FILE *out);

#endif
