/**
 * Fleets: how many instances a peak takes, and what forbids them.
 *
 * The arithmetic of a capacity plan. With a buffer on top of the peak, each
 * instance gets no more than the target utilisation of the largest rate that
 * it can take; `spare` more may fail; and where the fleet is spread over zones,
 * those that are left when one zone is lost have to take the peak by
 * themselves (without buffer and target: that is the emergency they are for).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_PLAN_FLEET_H
#define RP_PLAN_FLEET_H

#include <stdbool.h>
#include <stddef.h>

/** The most instances that are thought about. */
enum { RP_FLEET_MAX = 1000000 };

struct rp_fleet_rule {
    double buffer;             /* >= 0; 0.2: a fifth more than the peak */
    double target_utilisation; /* 0 .. 1, > 0 */
    unsigned spare;            /* instances that may fail, N + k */
    unsigned zones;            /* >= 1; 1: no zone is lost */
    unsigned instances_max;    /* 1 .. RP_FLEET_MAX */
};

/** No buffer, 80 %, no spare, one zone. */
struct rp_fleet_rule rp_fleet_rule_defaults(void);

/** What is left of so many when the largest zone is lost; all of them where
 * there is one zone. */
unsigned rp_fleet_left(unsigned instances, unsigned zones);

/**
 * The smallest fleet.
 *
 * @param peak_per_s       > 0
 * @param max_per_s        of an instance, > 0
 * @param emergency_per_s  of an instance while a zone is lost, > 0
 * @return more than RP_FLEET_MAX where that many are not enough
 */
unsigned rp_fleet_size(const struct rp_fleet_rule *rule, double peak_per_s,
                       double max_per_s, double emergency_per_s);

#endif
