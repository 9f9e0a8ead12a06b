/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/dominant.h"
#include "sim/init.h"
#include "tests/calibrate/byhand.h"

#include <criterion/new/assert.h>

#define PROFILE RP_SOURCE_DIR "/tests/data/profiles/round.yaml"

/* One client: 4.5 ms of wait and 0.5 ms of base, then 30 us of the client. */
Test(dominant, the_largest_times_come_first_and_the_busiest_place_is_named)
{
    struct rp_profile profile = {.file = NULL};
    struct rp_error error = {.code = RP_OK};
    struct rp_dominant d;
    struct byhand h;

    rp_init();
    byhand_make(&h, 1);
    h.config.io_ns = 4.5e6;
    cr_assert(eq(int, rp_profile_read(PROFILE, &profile, &error), RP_OK));
    cr_assert(
        eq(int,
           rp_dominant_find(&h.dataset, &h.config, 200, &profile, &d, &error),
           RP_OK),
        "%s", error.text);
    cr_assert(eq(sz, d.kind_count, 2));
    cr_expect(eq(str, d.kinds[0].name, "own wait"));
    cr_expect(epsilon_eq(dbl, d.kinds[0].part, 0.9, 1e-6));
    cr_expect(eq(str, d.kinds[1].name, "base"));
    cr_expect(epsilon_eq(dbl, d.kinds[1].part, 0.1, 1e-6));
    cr_expect(eq(str, d.place, "worker threads"));
    cr_expect(epsilon_eq(dbl, d.utilisation, 5.0 / 5.03, 1e-3));
    rp_profile_free(&profile);
    rp_dataset_free(&h.dataset);
}

/* Twenty clients at one worker: nineteen parts of twenty are waiting. */
Test(dominant, a_queue_is_the_largest_time_of_a_crowd)
{
    struct rp_profile profile = {.file = NULL};
    struct rp_error error = {.code = RP_OK};
    struct rp_dominant d;
    struct byhand h;

    rp_init();
    byhand_make(&h, 20);
    cr_assert(eq(int, rp_profile_read(PROFILE, &profile, &error), RP_OK));
    cr_assert(
        eq(int,
           rp_dominant_find(&h.dataset, &h.config, 2000, &profile, &d, &error),
           RP_OK),
        "%s", error.text);
    cr_expect(eq(str, d.kinds[0].name, "queue: worker threads"));
    cr_expect(epsilon_eq(dbl, d.kinds[0].part, 0.95, 0.01));
    cr_expect(eq(str, d.place, "worker threads"));
    rp_profile_free(&profile);
    rp_dataset_free(&h.dataset);
}
