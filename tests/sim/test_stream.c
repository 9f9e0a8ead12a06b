/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/stream.h"

#include <Random123/philox.h>
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

/* The published answer of Philox 4x32-10 for a counter and key of zeros
 * (Random123's kat_vectors): the library that is linked is the generator that
 * is meant. */
Test(stream, the_generator_gives_its_published_answer)
{
    const philox4x32_ctr_t counter = {{0, 0, 0, 0}};
    const philox4x32_key_t key = {{0, 0}};
    const philox4x32_ctr_t r = philox4x32(counter, key);

    cr_expect(eq(u32, r.v[0], 0x6627e8d5u));
    cr_expect(eq(u32, r.v[1], 0xe169c58du));
    cr_expect(eq(u32, r.v[2], 0xbc57ac4cu));
    cr_expect(eq(u32, r.v[3], 0x9b00dbd8u));
}

Test(stream, words_are_addressed_and_not_drawn_in_turn)
{
    const struct rp_stream s = rp_stream_make(7, 1, 2, 3);
    struct rp_cursor cursor = rp_cursor_at(&s, 41);
    uint64_t first[2], second[2];

    rp_stream_words(&s, 41, 1, second);
    rp_stream_words(&s, 41, 0, first);
    cr_expect(eq(u64, rp_cursor_bits(&cursor), first[0]));
    cr_expect(eq(u64, rp_cursor_bits(&cursor), first[1]));
    cr_expect(eq(u64, rp_cursor_bits(&cursor), second[0]));
    cr_expect(eq(u64, rp_cursor_bits(&cursor), second[1]));
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
            cr_expect(all[i].key[0] != all[k].key[0] ||
                          all[i].key[1] != all[k].key[1],
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
        struct rp_cursor cursor = rp_cursor_at(&s, i);
        const double u = rp_cursor_uniform(&cursor) - 0.5;

        sum += u;
        product += u * last;
        last = u;
    }
    cr_expect(lt(dbl, fabs(sum / N), 4.0 * sqrt(1.0 / 12.0 / N)));
    cr_expect(lt(dbl, fabs(product / N * 12.0), 4.0 / sqrt(N)));
}
