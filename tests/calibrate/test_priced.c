/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/priced.h"
#include "tests/calibrate/byhand.h"

#include <criterion/new/assert.h>

#define PROFILE RP_SOURCE_DIR "/tests/data/profiles/round.yaml"

/* A sync layer before an async view under WSGI: a new loop of 400 us, a layer
 * of 10 us, a base of 500 us, and 250 us of the view's own. */
Test(priced, demand_is_the_sum_of_what_is_paid_without_waits)
{
    struct rp_profile profile = {.file = NULL};
    struct rp_error error = {.code = RP_OK};
    struct rp_priced priced;
    struct byhand h;

    byhand_make(&h, 1);
    (void)strcpy(h.config.stack, "S");
    h.config.view_async = true;
    h.config.cpu_ns = 250e3;
    h.config.io_ns = 5e6;
    cr_assert(eq(int, rp_profile_read(PROFILE, &profile, &error), RP_OK));
    cr_assert(
        eq(int,
           rp_priced_find(&h.dataset, &h.config, &profile, &priced, &error),
           RP_OK),
        "%s", error.text);
    cr_expect(epsilon_eq(dbl, priced.demand_ns, 1160e3, 1e-6));
    cr_expect(epsilon_eq(dbl, priced.prices.total_ns, 6160e3, 1e-6));
    cr_expect(eq(int, (int)priced.validity.tier, RP_TIER_UNKNOWN));
    cr_expect(not(priced.validity.stale), "CPU and Python series are alike");
    (void)strcpy(h.dataset.cpu, "other");
    cr_assert(eq(
        int, rp_priced_find(&h.dataset, &h.config, &profile, &priced, &error),
        RP_OK));
    cr_expect(priced.validity.stale);
    rp_profile_free(&profile);
    rp_dataset_free(&h.dataset);
}
