/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/totals.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

/* Two classes, one of four requests and three of four: a thread that is held
 * for 8 and 0 by itself, and inside of it a core for 4 and 12. */
Test(totals, what_is_inside_is_held_outside_and_classes_count_by_share)
{
    struct rp_demand_place places[2] = {{.servers = 1}, {.servers = 1}};
    struct rp_visit visits[2] = {
        {.place = 0, .parent = RP_VISIT_NONE, .visits = 2.0, .square_ns2 = 6.0},
        {.place = 1, .parent = 0, .visits = 4.0, .square_ns2 = 2.0}};
    struct rp_visit_share by_class[4] = {
        {.own_ns = 8.0}, {.own_ns = 0.0}, {.own_ns = 4.0}, {.own_ns = 12.0}};
    double share[2] = {0.25, 0.75}, delay_ns[2] = {4.0, 8.0};
    struct rp_stretch whole[2] = {{.own_ns = 16.0}, {.own_ns = 20.0}};
    struct rp_demands d = {.place_count = 2,
                           .visit_count = 2,
                           .class_count = 2,
                           .places = places,
                           .visits = visits,
                           .by_class = by_class,
                           .class_share = share,
                           .class_delay_ns = delay_ns,
                           .whole = whole};

    rp_totals_fill(&d);
    cr_expect(eq(dbl, visits[0].own_ns, 2.0));
    cr_expect(eq(dbl, visits[1].hold_ns, 10.0));
    cr_expect(eq(dbl, places[0].demand_ns, 12.0));
    cr_expect(eq(dbl, places[1].demand_ns, 10.0));
    cr_expect(eq(dbl, visits[0].square_ns2, 3.0));
    cr_expect(eq(dbl, places[1].square_ns2, 0.5));
    cr_expect(eq(dbl, d.delay_ns, 7.0));
    cr_expect(eq(dbl, d.alone_ns, 19.0));
}
