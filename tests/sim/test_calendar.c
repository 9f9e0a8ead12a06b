/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/calendar.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

Test(calendar, ties_come_in_the_order_in_which_they_were_put)
{
    struct rp_calendar c;

    cr_assert(rp_calendar_init(&c, 100));
    for (uint32_t i = 0; i < 100; i++)
        cr_assert(rp_calendar_put(&c, 5 + (i % 2), i));
    for (uint32_t i = 0; i < 100; i++) {
        cr_expect(
            eq(u32, rp_calendar_owner(&c), i < 50 ? 2 * i : 2 * (i - 50) + 1));
        cr_expect(eq(u64, rp_calendar_time(&c), i < 50 ? 5 : 6));
        rp_calendar_take(&c);
    }
    cr_expect(eq(sz, rp_calendar_count(&c), 0));
    rp_calendar_free(&c);
    rp_calendar_free(&c);
}

static uint64_t next_number(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return *state >> 33;
}

/* The hold model against a list that is searched from end to end. */
Test(calendar, any_mixture_of_operations_comes_out_as_from_a_plain_list)
{
    enum { MOST = 300, STEPS = 20000 };
    struct {
        uint64_t time, order;
        uint32_t owner;
    } list[MOST];
    struct rp_calendar c;
    uint64_t state = 1, order = 0, now = 0;
    size_t n = 0;

    cr_assert(rp_calendar_init(&c, 4));
    for (size_t i = 0; i < STEPS; i++) {
        const uint64_t what = next_number(&state) % 3;
        const uint64_t time = now + next_number(&state) % 50;
        const uint32_t owner = (uint32_t)(next_number(&state) % 1000000);
        size_t first = 0;

        for (size_t k = 1; k < n; k++)
            if (list[k].time < list[first].time ||
                (list[k].time == list[first].time &&
                 list[k].order < list[first].order))
                first = k;
        if (n > 0) {
            cr_assert(eq(u64, rp_calendar_time(&c), list[first].time));
            cr_assert(eq(u32, rp_calendar_owner(&c), list[first].owner));
        }
        if (what == 0 && n < MOST) {
            cr_assert(rp_calendar_put(&c, time, owner));
            list[n].time = time;
            list[n].order = order++;
            list[n++].owner = owner;
        } else if (what == 1 && n > 0) {
            now = list[first].time;
            rp_calendar_take(&c);
            list[first] = list[--n];
        } else if (what == 2 && n > 0) {
            now = list[first].time;
            rp_calendar_take(&c);
            cr_assert(rp_calendar_put(&c, now + time % 7, owner));
            list[first].time = now + time % 7;
            list[first].order = order++;
            list[first].owner = owner;
        }
        cr_assert(eq(sz, rp_calendar_count(&c), n));
    }
    rp_calendar_free(&c);
}

Test(calendar, the_entry_beside_the_others_has_its_turn_like_the_others)
{
    struct rp_calendar c;

    cr_assert(rp_calendar_init(&c, 4));
    cr_expect(rp_calendar_is_empty(&c));
    cr_expect(eq(u64, rp_calendar_time(&c), UINT64_MAX));
    cr_assert(rp_calendar_put(&c, 5, 1));
    rp_calendar_put_beside(&c, 5, 2);
    cr_assert(rp_calendar_put(&c, 4, 3));
    cr_expect(eq(u32, rp_calendar_owner(&c), 3));
    rp_calendar_take(&c);
    cr_expect(eq(u32, rp_calendar_owner(&c), 1), "it was put before");
    rp_calendar_take(&c);
    cr_expect(eq(u32, rp_calendar_owner(&c), 2));
    cr_expect(eq(u64, rp_calendar_time(&c), 5));
    cr_expect(not(rp_calendar_is_empty(&c)));
    rp_calendar_take_beside(&c);
    cr_expect(rp_calendar_is_empty(&c));
    rp_calendar_free(&c);
}

Test(calendar, of_two_entries_of_one_instant_the_one_put_first_is_first)
{
    struct rp_calendar c;

    cr_assert(rp_calendar_init(&c, 4));
    cr_expect(not(rp_calendar_beside_is_first(&c)), "there is none");
    rp_calendar_put_beside(&c, 5, 1);
    cr_expect(rp_calendar_beside_is_first(&c));
    cr_assert(rp_calendar_put(&c, 5, 2));
    cr_expect(rp_calendar_beside_is_first(&c), "it was put before");
    rp_calendar_replace_beside(&c, 5, 1);
    cr_expect(not(rp_calendar_beside_is_first(&c)), "it was put behind");
    cr_expect(eq(u32, rp_calendar_owner(&c), 2));
    rp_calendar_replace_beside(&c, 4, 1);
    cr_expect(rp_calendar_beside_is_first(&c));
    rp_calendar_take_beside(&c);
    cr_expect(not(rp_calendar_beside_is_first(&c)));
    rp_calendar_free(&c);
}

/* As many of one instant as fill what is near, and more. */
Test(calendar, ties_keep_their_order_where_some_are_near_and_others_far)
{
    enum { MOST = 5 * RP_CALENDAR_NEAR };
    struct rp_calendar c;

    cr_assert(rp_calendar_init(&c, 4));
    for (uint32_t i = 0; i < MOST; i++)
        cr_assert(rp_calendar_put(&c, 7, i));
    for (uint32_t i = 0; i < MOST; i++) {
        cr_expect(eq(u32, rp_calendar_owner(&c), i));
        rp_calendar_take(&c);
        cr_assert(rp_calendar_put(&c, 7, MOST + i));
    }
    for (uint32_t i = 0; i < MOST; i++) {
        cr_expect(eq(u32, rp_calendar_owner(&c), MOST + i));
        rp_calendar_take(&c);
    }
    rp_calendar_free(&c);
}
