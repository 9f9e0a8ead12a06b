/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/stream.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

/* The published answers of Philox 2x64 with 7 rounds (Random123's
 * kat_vectors): the generator that is linked is the one that is meant. */
Test(stream, the_generator_gives_its_published_answers)
{
    const struct rp_stream zero = {0}, ones = {UINT64_MAX};
    uint64_t words[2];

    rp_stream_pair(zero, 0, 0, words);
    cr_expect(eq(u64, words[0], UINT64_C(0xb41da69fbfefc666)));
    cr_expect(eq(u64, words[1], UINT64_C(0x511e9ce1a5534056)));
    rp_stream_pair(ones, UINT64_MAX, UINT64_MAX, words);
    cr_expect(eq(u64, words[0], UINT64_C(0xa4696cc04462015d)));
    cr_expect(eq(u64, words[1], UINT64_C(0x724782dae17169e9)));
}

Test(stream, words_are_addressed_and_not_drawn_in_turn)
{
    const struct rp_stream s = rp_stream_make(7, 1, 2, 3);
    struct rp_cursor cursor = {.stream = s, .number = 41};
    uint64_t pair[2];

    cr_expect(eq(u64, rp_cursor_bits(&cursor), rp_stream_word(s, 41, 0)));
    cr_expect(eq(u64, rp_cursor_bits(&cursor), rp_stream_word(s, 41, 1)));
    rp_stream_pair(s, 20, 1, pair);
    cr_expect(eq(u64, pair[0], rp_stream_word(s, 40, 1)));
    cr_expect(eq(u64, pair[1], rp_stream_word(s, 41, 1)));
}

Test(stream, whatever_names_a_stream_changes_it)
{
    const struct rp_stream all[] = {
        rp_stream_make(1, 0, 0, 0),
        rp_stream_make(2, 0, 0, 0),
        rp_stream_make(1, 1, 0, 0),
        rp_stream_make(1, 0, 1, 0),
        rp_stream_make(1, 0, 0, 1),
        rp_stream_make(1, 0, 0, rp_stream_purpose("view", "cpu", 0)),
        rp_stream_make(1, 0, 0, rp_stream_purpose("view", "cpu", 1)),
        rp_stream_make(1, 0, 0, rp_stream_purpose("viewc", "pu", 0)),
        rp_stream_make(UINT64_C(1) << 32 | 1, 0, 0, 0),
    };
    const size_t n = sizeof all / sizeof *all;

    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < i; k++)
            cr_expect(ne(u64, all[i].key, all[k].key),
                      "streams %zu and %zu are one", i, k);
}

Test(stream, uniforms_are_never_0_and_never_1)
{
    cr_expect(gt(dbl, rp_uniform_of(0), 0.0));
    cr_expect(lt(dbl, rp_uniform_of(UINT64_MAX), 1.0));
}

/* Mean 1/2 within 4 standard errors, and no lag: the correlation of
 * neighbouring requests is 0 within 4 / sqrt(n). */
Test(stream, uniforms_are_uniform_and_neighbours_are_independent)
{
    enum { N = 100000 };
    const struct rp_stream s = rp_stream_make(11, 0, 0, 5);
    double sum = 0.0, product = 0.0, last = 0.0;

    for (uint64_t i = 0; i < N; i++) {
        struct rp_cursor cursor = {.stream = s, .number = i};
        const double u = rp_cursor_uniform(&cursor) - 0.5;

        sum += u;
        product += u * last;
        last = u;
    }
    cr_expect(lt(dbl, fabs(sum / N), 4.0 * sqrt(1.0 / 12.0 / N)));
    cr_expect(lt(dbl, fabs(product / N * 12.0), 4.0 / sqrt(N)));
}
