/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/fewest.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

/* 2 0 1 0 1: by hand. */
Test(fewest, the_first_of_the_lowest_is_found_from_any_place_on)
{
    static const uint32_t found[] = {1, 1, 3, 3, 1};
    struct rp_fewest f;

    cr_assert(rp_fewest_init(&f, 5));
    rp_fewest_add(&f, 0);
    rp_fewest_add(&f, 0);
    rp_fewest_add(&f, 2);
    rp_fewest_add(&f, 4);
    for (uint32_t from = 0; from < 5; from++)
        cr_expect(eq(u32, rp_fewest_find(&f, from), found[from]));
    cr_expect(eq(u32, rp_fewest_of(&f, 0), 2));
    rp_fewest_free(&f);
    rp_fewest_free(&f);
}

Test(fewest, a_single_counter_is_always_the_lowest)
{
    struct rp_fewest f;

    cr_assert(rp_fewest_init(&f, 1));
    cr_expect(eq(u32, rp_fewest_find(&f, 0), 0));
    rp_fewest_add(&f, 0);
    cr_expect(eq(u32, rp_fewest_find(&f, 0), 0));
    cr_expect(eq(u32, rp_fewest_of(&f, 0), 1));
    rp_fewest_free(&f);
}

static uint32_t next_number(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return (uint32_t)(*state >> 33);
}

static uint32_t search(const uint32_t *counters, uint32_t count, uint32_t from)
{
    uint32_t best = from;

    for (uint32_t i = 1; i < count; i++) {
        const uint32_t at = (from + i) % count;

        if (counters[at] < counters[best])
            best = at;
    }
    return best;
}

Test(fewest, any_changes_leave_what_a_search_from_end_to_end_finds)
{
    enum { MOST = 40 };
    uint64_t state = 1;

    for (uint32_t count = 1; count <= MOST; count++) {
        uint32_t counters[MOST] = {0};
        struct rp_fewest f;

        cr_assert(rp_fewest_init(&f, count));
        for (unsigned i = 0; i < 2000; i++) {
            const uint32_t at = next_number(&state) % count;
            const uint32_t from = next_number(&state) % count;

            if (counters[at] > 0 && next_number(&state) % 2) {
                counters[at]--;
                rp_fewest_drop(&f, at);
            } else {
                counters[at]++;
                rp_fewest_add(&f, at);
            }
            cr_assert(eq(u32, rp_fewest_of(&f, at), counters[at]));
            cr_assert(eq(u32, rp_fewest_find(&f, from),
                         search(counters, count, from)));
        }
        rp_fewest_free(&f);
    }
}
