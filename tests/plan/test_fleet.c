/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/fleet.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

Test(fleet, buffer_target_and_spare_are_worked_out_by_hand)
{
    struct rp_fleet_rule rule = rp_fleet_rule_defaults();

    /* 1000/s over 100/s each, at 80 %: 12.5 */
    cr_expect(eq(uint, rp_fleet_size(&rule, 1000.0, 100.0, 100.0), 13));
    rule.buffer = 0.2; /* 1200 / 80 = 15 */
    cr_expect(eq(uint, rp_fleet_size(&rule, 1000.0, 100.0, 100.0), 15));
    rule.spare = 2;
    cr_expect(eq(uint, rp_fleet_size(&rule, 1000.0, 100.0, 100.0), 17));
    rule = (struct rp_fleet_rule){.target_utilisation = 1.0, .zones = 1};
    cr_expect(eq(uint, rp_fleet_size(&rule, 0.1, 100.0, 100.0), 1));
}

Test(fleet, exactly_enough_is_enough)
{
    const struct rp_fleet_rule rule = {.target_utilisation = 0.7, .zones = 1};

    /* 0.7 * 300 is 210 but for the last bit */
    cr_expect(eq(uint, rp_fleet_size(&rule, 2100.0, 300.0, 300.0), 10));
}

Test(fleet, who_is_left_after_a_zone_takes_the_peak)
{
    struct rp_fleet_rule rule = {.target_utilisation = 1.0, .zones = 3};

    cr_expect(eq(uint, rp_fleet_left(10, 3), 6), "4, 3 and 3");
    cr_expect(eq(uint, rp_fleet_left(9, 3), 6));
    cr_expect(eq(uint, rp_fleet_left(7, 1), 7));
    /* 10 would do; 10 have to be left: 15 - 5 */
    cr_expect(eq(uint, rp_fleet_size(&rule, 1000.0, 100.0, 100.0), 15));
    /* while a zone is lost each may take 150/s: 7 are left of 11, and of 10 6
     */
    cr_expect(eq(uint, rp_fleet_size(&rule, 1000.0, 100.0, 150.0), 11));
    rule.zones = 2;
    cr_expect(eq(uint, rp_fleet_size(&rule, 1000.0, 100.0, 100.0), 20));
}

Test(fleet, more_than_anybody_has_is_said)
{
    const struct rp_fleet_rule rule = rp_fleet_rule_defaults();

    cr_expect(gt(uint, rp_fleet_size(&rule, 1e9, 1e-3, 1e-3), RP_FLEET_MAX));
}
