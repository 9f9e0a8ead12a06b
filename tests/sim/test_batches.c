/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/batches.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

/* Answer number i comes at 10 i ns and took i ns. */
static struct rp_batches filled(uint64_t answers)
{
    struct rp_batches b = {0};
    struct rp_error error = {0};

    cr_assert(eq(int, rp_batches_init(&b, &error), RP_OK));
    rp_batches_begin(&b, 0);
    for (uint64_t i = 1; i <= answers; i++)
        rp_batches_add(&b, 10 * i, i);
    return b;
}

Test(batches, there_are_twenty_to_thirty_nine_however_long_the_run)
{
    static const uint64_t lengths[] = {39,   40,   79,     80,     81,
                                       1000, 4097, 100000, 163839, 163840};

    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        struct rp_batches b = filled(lengths[i]);

        cr_expect(ge(sz, b.count, 20), "%zu", b.count);
        cr_expect(lt(sz, b.count, RP_BATCHES_MAX));
        cr_expect(eq(u64, lengths[i] / b.size, b.count));
        rp_batches_free(&b);
    }
}

/* 1000 answers: batches of 32, and 8 left over. Number k has the answers
 * 32 k + 1 .. 32 k + 32, whose sum is 32 (32 k + 16.5). */
Test(batches, each_has_the_answers_of_its_time_and_no_others)
{
    struct rp_batches b = filled(1000);

    cr_assert(eq(u64, b.size, 32));
    cr_assert(eq(sz, b.count, 31));
    for (size_t k = 0; k < b.count; k++) {
        cr_expect(eq(dbl, b.span_ns[k], 320.0));
        cr_expect(eq(dbl, b.response_ns[k], 32.0 * (32.0 * (double)k + 16.5)));
        cr_expect(eq(u64, b.response[k].total, 32));
        cr_expect(eq(u64, b.response[k].min_ns, 32 * k + 1));
        cr_expect(eq(u64, b.response[k].max_ns, 32 * k + 32));
    }
    rp_batches_free(&b);
}

Test(batches, a_pair_is_both_and_an_odd_one_is_dropped)
{
    struct rp_batches b = filled(1000);

    rp_batches_pair(&b);
    cr_assert(eq(sz, b.count, 15));
    cr_expect(eq(u64, b.size, 64));
    cr_expect(eq(u64, b.response[14].min_ns, 14 * 64 + 1));
    cr_expect(eq(u64, b.response[14].max_ns, 15 * 64));
    cr_expect(eq(u64, b.response[15].total, 0), "nothing is left behind");
    rp_batches_free(&b);
}

Test(batches, a_new_beginning_forgets_everything)
{
    struct rp_batches b = filled(77);

    rp_batches_begin(&b, 5000);
    rp_batches_add(&b, 5007, 3);
    cr_expect(eq(sz, b.count, 1));
    cr_expect(eq(dbl, b.span_ns[0], 7.0));
    cr_expect(eq(dbl, b.response_ns[0], 3.0));
    rp_batches_free(&b);
    rp_batches_free(&b);
}
