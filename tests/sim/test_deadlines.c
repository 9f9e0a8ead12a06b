/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/deadlines.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

Test(deadlines, none_has_no_first)
{
    struct rp_deadlines d = {0};

    cr_expect(eq(ptr, (void *)rp_deadlines_first(&d), NULL));
    rp_deadlines_free(&d);
    rp_deadlines_free(&d);
}

/* The ring turns several times while it also grows. */
Test(deadlines, they_come_out_in_the_order_in_which_they_were_set)
{
    struct rp_deadlines d = {0};
    uint64_t set = 0, seen = 0;

    for (unsigned round = 1; round <= 60; round++) {
        for (unsigned i = 0; i < 40 + round; i++, set++)
            cr_assert(rp_deadlines_add(
                &d, (struct rp_deadline){set / 2, (uint32_t)set % 7,
                                         (uint32_t)set}));
        for (unsigned i = 0; i < 40; i++, seen++) {
            const struct rp_deadline *const first = rp_deadlines_first(&d);
            cr_assert(eq(u64, first->due_ns, seen / 2));
            cr_assert(eq(u32, first->owner, (uint32_t)seen % 7));
            cr_assert(eq(u32, first->serial, (uint32_t)seen));
            rp_deadlines_drop(&d);
        }
    }
    cr_expect(eq(sz, d.count, set - seen));
    cr_expect(eq(sz, d.capacity & (d.capacity - 1), 0));
    rp_deadlines_free(&d);
}

Test(deadlines, a_ring_that_was_emptied_begins_again)
{
    struct rp_deadlines d = {0};

    for (unsigned i = 0; i < 1000; i++) {
        cr_assert(rp_deadlines_add(&d, (struct rp_deadline){i, i, 1}));
        cr_expect(eq(u32, rp_deadlines_first(&d)->owner, i));
        rp_deadlines_drop(&d);
        cr_expect(eq(ptr, (void *)rp_deadlines_first(&d), NULL));
    }
    cr_expect(eq(sz, d.capacity, 256), "it never grew");
    rp_deadlines_free(&d);
}
