/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/fleet.h"

#include <math.h>

struct rp_fleet_rule rp_fleet_rule_defaults(void)
{
    return (struct rp_fleet_rule){
        .target_utilisation = 0.8, .zones = 1, .instances_max = RP_FLEET_MAX};
}

unsigned rp_fleet_left(unsigned instances, unsigned zones)
{
    return zones < 2 ? instances : instances - (instances + zones - 1) / zones;
}

/* A fleet that is exactly enough is enough, whatever the last bit of a
 * quotient. */
static double whole(double ratio)
{
    return fmax(1.0, ceil(ratio * (1.0 - 1e-12)));
}

unsigned rp_fleet_size(const struct rp_fleet_rule *rule, double peak_per_s,
                       double max_per_s, double emergency_per_s)
{
    const double needed = whole(peak_per_s * (1.0 + rule->buffer) /
                                (max_per_s * rule->target_utilisation));
    const double after_loss = whole(peak_per_s / emergency_per_s);
    unsigned instances;

    if (!(needed <= RP_FLEET_MAX) || !(after_loss <= RP_FLEET_MAX))
        return RP_FLEET_MAX + 1;
    instances = (unsigned)needed + rule->spare;
    while (rule->zones > 1 && instances <= RP_FLEET_MAX &&
           rp_fleet_left(instances, rule->zones) < (unsigned)after_loss)
        instances++;
    return instances;
}
