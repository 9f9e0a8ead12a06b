/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two readers of one network: exact mean value analysis and the engine. */
#include "netrun.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

enum { NETWORKS = 40, REQUESTS = 3000 };

/* Each within its 99.9 % interval: of 40 that all agree one is outside in 4 of
 * 100 seeds. A thousand are in tests/stress. */
Test(productform, the_engine_and_mean_value_analysis_agree)
{
    for (uint64_t i = 0; i < NETWORKS; i++) {
        const struct closednet net = closednet_random(5000 + i, 40);
        struct netrun run;

        cr_assert(netrun_both(&net, i + 1, REQUESTS, &run));
        cr_expect(netrun_agrees(&run), "network %d: %g for %g +- %g", (int)i,
                  run.mean, run.exact, run.half_width);
        cr_expect(lt(dbl, run.half_width, 0.1 * run.exact), "it could fail");
    }
}

Test(productform, a_demand_that_is_five_percent_off_is_noticed)
{
    unsigned noticed = 0;

    for (uint64_t i = 0; i < 10; i++) {
        struct closednet net = closednet_random(5000 + i, 40);
        struct netrun right, wrong;

        cr_assert(netrun_both(&net, i + 1, REQUESTS, &right));
        for (size_t k = 0; k < net.count; k++)
            net.stations[k].demand_ns *= 1.05;
        net.think_ns *= 1.05;
        cr_assert(netrun_both(&net, i + 1, 10, &wrong));
        right.exact = wrong.exact;
        noticed += !netrun_agrees(&right);
    }
    cr_expect(ge(u32, noticed, 5));
}
