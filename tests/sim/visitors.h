/**
 * Visitors: requests that come once, at an instant of their own, so that what
 * becomes of each can be worked out by hand.
 *
 * Each is an open class whose first arrival is at 100 ms plus its instant; the
 * run ends before anybody could come a second time.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_TESTS_SIM_VISITORS_H
#define RP_TESTS_SIM_VISITORS_H

#include "sim/engine.h"

/** Begin a visitor that comes at `at_ms`, 0 .. 99; steps follow. Its index is
 * that of its class. */
void visitor(struct rp_network *network, double at_ms);

/** Append: take the station, hold it so long, give it back. */
void visitor_uses(struct rp_network *network, size_t station, double ms);

/** Append: be served so long by a station that shares or takes turns. */
void visitor_served(struct rp_network *network, size_t station, double ms);

/** Append a hold. */
void visitor_holds(struct rp_network *network, double ms);

/** A visitor that comes, uses one station, and goes. */
void simple_visitor(struct rp_network *network, double at_ms, size_t station,
                    double ms);

/** Run them all, until 99 ms after the first instant; fails the test where the
 * engine does. Release it with rp_replication_free(). */
struct rp_replication visit(const struct rp_network *network);

/** The response of a visitor, ms; 0 where it was not answered. */
double visitor_response(const struct rp_replication *replication,
                        size_t visitor_index);

#endif
