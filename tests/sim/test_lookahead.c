/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/lookahead.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static struct rp_stream stream(void)
{
    return rp_stream_make(11, 2, 3, rp_stream_purpose("test", "words", 0));
}

/* In turn, back, far ahead, at the borders of a block, and again. */
Test(lookahead, a_word_is_what_the_stream_says_whatever_the_order_of_asking)
{
    static const uint64_t numbers[] = {
        0,   1,  2,          31,         32,         33, 0,
        31,  64, 1000,       999,        1024,       63, 1023,
        500, 5,  UINT32_MAX, UINT32_MAX, 4294967296, 7,  1000000000000,
    };
    struct rp_lookahead l = rp_lookahead_at(stream());

    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        cr_expect(eq(u64, rp_lookahead_word(&l, numbers[i]),
                     rp_stream_word(stream(), numbers[i], 0)),
                  "number %llu", (unsigned long long)numbers[i]);
}

Test(lookahead, the_first_asked_can_be_any)
{
    static const uint64_t numbers[] = {0, 17, 31, 32, 12345};

    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        struct rp_lookahead l = rp_lookahead_at(stream());
        cr_expect(eq(u64, rp_lookahead_word(&l, numbers[i]),
                     rp_stream_word(stream(), numbers[i], 0)));
    }
}

/* Every shape draws what it draws without lookahead, also in the rare case that
 * an exponential needs more than its first word. */
Test(lookahead, samples_are_those_of_a_cursor)
{
    static const struct rp_duration durations[] = {
        {RP_SHAPE_CONSTANT, 1e6, 0.0},         {RP_SHAPE_EXPONENTIAL, 1e6, 1.0},
        {RP_SHAPE_LOGNORMAL, 1e6, 0.8},        {RP_SHAPE_GAMMA, 1e6, 0.5},
        {RP_SHAPE_HYPEREXPONENTIAL, 1e6, 2.0},
    };
    struct rp_ziggurat ziggurat;

    rp_ziggurat_make(&ziggurat);
    for (size_t d = 0; d < sizeof durations / sizeof *durations; d++) {
        const struct rp_sampler sampler = rp_sampler_make(&durations[d]);
        struct rp_lookahead l = rp_lookahead_at(stream());

        for (uint64_t i = 0; i < 3000; i++) {
            struct rp_cursor cursor = {.stream = stream(), .number = i};
            cr_assert(eq(dbl, rp_lookahead_sample(&l, &sampler, &ziggurat, i),
                         rp_sample_ns(&sampler, &ziggurat, &cursor)),
                      "shape %zu, request %llu", d, (unsigned long long)i);
        }
    }
}
