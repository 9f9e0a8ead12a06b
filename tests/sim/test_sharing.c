/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/sharing.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>

Test(sharing, nobody_there_means_no_end)
{
    struct rp_sharing s = {.servers = 1};

    cr_expect(eq(u64, rp_sharing_due_ns(&s), UINT64_MAX));
    rp_sharing_free(&s);
    rp_sharing_free(&s);
}

Test(sharing, one_server_is_divided_among_all)
{
    struct rp_sharing s = {.servers = 1};

    cr_assert(rp_sharing_add(&s, 0, 1000.0, 7));
    cr_expect(eq(u64, rp_sharing_due_ns(&s), 1000));
    cr_assert(rp_sharing_add(&s, 200, 100.0, 8));
    cr_expect(eq(u64, rp_sharing_due_ns(&s), 400), "100 at half speed");
    cr_expect(eq(u32, rp_sharing_take(&s, 400), 8));
    cr_expect(eq(u64, rp_sharing_due_ns(&s), 1100), "700 at full speed");
    cr_expect(eq(u32, rp_sharing_take(&s, 1100), 7));
    cr_expect(eq(u64, rp_sharing_due_ns(&s), UINT64_MAX));
    rp_sharing_free(&s);
}

Test(sharing, as_many_jobs_as_servers_do_not_slow_each_other)
{
    struct rp_sharing s = {.servers = 2};

    cr_assert(rp_sharing_add(&s, 0, 900.0, 1));
    cr_assert(rp_sharing_add(&s, 0, 500.0, 2));
    cr_expect(eq(u64, rp_sharing_due_ns(&s), 500));
    cr_assert(rp_sharing_add(&s, 200, 1000.0, 3)); /* two thirds each */
    cr_expect(eq(u64, rp_sharing_due_ns(&s), 650), "300 / (2 / 3)");
    cr_expect(eq(u32, rp_sharing_take(&s, 650), 2));
    cr_expect(eq(u64, rp_sharing_due_ns(&s), 1050), "400 left of the first");
    rp_sharing_free(&s);
}

/* Ends fall on whole nanoseconds, none before the work is done. */
Test(sharing, an_end_is_rounded_up)
{
    struct rp_sharing s = {.servers = 1};

    cr_assert(rp_sharing_add(&s, 10, 2.25, 1));
    cr_expect(eq(u64, rp_sharing_due_ns(&s), 13));
    rp_sharing_free(&s);
}

Test(sharing, equal_ends_come_in_the_order_of_coming)
{
    struct rp_sharing s = {.servers = 1};

    for (uint32_t i = 0; i < 100; i++)
        cr_assert(rp_sharing_add(&s, 0, 10.0, i));
    for (uint32_t i = 0; i < 100; i++)
        cr_assert(eq(u32, rp_sharing_take(&s, 1000), i));
    rp_sharing_free(&s);
}

Test(sharing, work_of_nothing_ends_at_once)
{
    struct rp_sharing s = {.servers = 1};

    cr_assert(rp_sharing_add(&s, 5, 100.0, 1));
    cr_assert(rp_sharing_add(&s, 50, 0.0, 2));
    cr_expect(eq(u64, rp_sharing_due_ns(&s), 50));
    cr_expect(eq(u32, rp_sharing_take(&s, 50), 2));
    cr_expect(eq(u64, rp_sharing_due_ns(&s), 105), "nobody lost time");
    rp_sharing_free(&s);
}

/* Against the definition: every nanosecond each job gets its part. */
Test(sharing, ends_are_those_of_serving_all_bit_by_bit)
{
    enum { JOBS = 40 };
    static const unsigned servers = 3;
    double left[JOBS] = {0.0};
    uint64_t comes[JOBS], ends[JOBS] = {0};
    struct rp_sharing s = {.servers = servers};
    unsigned seed = 12345, next = 0, done = 0;

    for (unsigned i = 0; i < JOBS; i++) {
        seed = seed * 1103515245u + 12345u;
        comes[i] = (i ? comes[i - 1] : 0) + (seed >> 16) % 200;
    }
    for (uint64_t now = 0; done < JOBS; now++) {
        unsigned there = 0;

        while (next < JOBS && comes[next] <= now) {
            seed = seed * 1103515245u + 12345u;
            left[next] = 50.0 + (seed >> 16) % 500;
            while (rp_sharing_due_ns(&s) <= now) {
                const uint64_t due = rp_sharing_due_ns(&s);
                ends[rp_sharing_take(&s, due)] = due;
            }
            cr_assert(rp_sharing_add(&s, now, left[next], next));
            next++;
        }
        for (unsigned i = 0; i < next; i++)
            there += left[i] > 1e-9;
        for (unsigned i = 0; i < next; i++) {
            if (left[i] <= 1e-9)
                continue;
            left[i] -= there <= servers ? 1.0 : (double)servers / there;
            if (left[i] > 1e-9)
                continue;
            done++;
            while (ends[i] == 0) {
                const uint64_t due = rp_sharing_due_ns(&s);
                cr_assert(ne(u64, due, UINT64_MAX));
                ends[rp_sharing_take(&s, due)] = due;
            }
            /* the definition gives no part of the last nanosecond away */
            cr_expect(ends[i] + 30 > now && ends[i] < now + 30,
                      "job %u: %llu for %llu", i, (unsigned long long)ends[i],
                      (unsigned long long)now);
        }
    }
    rp_sharing_free(&s);
}
