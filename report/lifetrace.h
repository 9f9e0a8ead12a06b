/**
 * Traces: one request's life for people, and for a viewer of traces.
 *
 * The text tells in order what the request did, since when, and for how long.
 * The trace is the JSON that Chrome and Perfetto open: a track for what the
 * request does, one for what it waits for, and one for each place that it had
 * a server of.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_REPORT_LIFETRACE_H
#define RP_REPORT_LIFETRACE_H

#include "model/life.h"
#include "report/table.h"

/** A row a stretch, times since the arrival; what it held for a single stretch
 * of code is left out. NULL when memory is short. */
struct rp_table *rp_lifetrace_table(const struct rp_life *life);

/**
 * The trace-event format: {"traceEvents": [...]}, times in microseconds from
 * the beginning of the life.
 *
 * @return the caller owns it; NULL when memory is short
 */
json_t *rp_lifetrace_json(const struct rp_life *life);

#endif
