/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/moments.h"

#include "model/openload.h"
#include "sim/init.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <string.h>

TestSuite(moments, .init = rp_init);

enum { MANY = 100000 };

static struct rp_duration gap_of(const char *word, double cv)
{
    struct rp_openload load;
    char sentence[RP_ERROR_TEXT_SIZE];

    cr_assert(rp_openload_make(1000.0, word, cv, &load, sentence));
    return rp_openload_gap(&load);
}

/* Mean and standard deviation of the gaps, ms. */
static void expect_gaps(const char *word, double cv, double sd)
{
    static uint64_t at_ns[MANY];
    const struct rp_duration gap = gap_of(word, cv);
    double sum = 0.0, squares = 0.0;

    rp_moments_make(&gap, 7, 0, MANY, at_ns);
    for (size_t i = 0; i < MANY; i++) {
        const uint64_t before = i > 0 ? at_ns[i - 1] : 0;
        const double ms = (double)(at_ns[i] - before) / 1e6;

        cr_assert(at_ns[i] >= before);
        sum += ms;
        squares += ms * ms;
    }
    /* five standard errors of the mean; for the deviation what the fourth
     * moment of the widest of them makes of it */
    cr_expect(epsilon_eq(dbl, sum / MANY, 1.0, 5.0 * sd / sqrt(MANY) + 1e-9),
              "%s", word);
    cr_expect(epsilon_eq(dbl, sqrt(squares / MANY - 1.0), sd, 0.05 * sd + 1e-4),
              "%s", word);
}

Test(moments, gaps_have_the_mean_and_the_cv_that_were_asked_for)
{
    expect_gaps("poisson", NAN, 1.0);
    expect_gaps("gamma", 0.5, 0.5);
    expect_gaps("hyperexponential", 2.0, 2.0);
}

Test(moments, even_ones_are_a_gap_apart_and_begin_after_one)
{
    const struct rp_duration gap = gap_of("deterministic", NAN);
    uint64_t at_ns[4];

    rp_moments_make(&gap, 1, 0, 4, at_ns);
    for (size_t i = 0; i < 4; i++)
        cr_expect(eq(u64, at_ns[i], (i + 1) * UINT64_C(1000000)));
}

Test(moments, a_longer_run_begins_with_the_shorter_one_and_another_does_not)
{
    const struct rp_duration gap = gap_of(NULL, NAN);
    uint64_t few[10], more[20], other[10], seed[10];

    rp_moments_make(&gap, 5, 2, 10, few);
    rp_moments_make(&gap, 5, 2, 20, more);
    rp_moments_make(&gap, 5, 3, 10, other);
    rp_moments_make(&gap, 6, 2, 10, seed);
    cr_expect(eq(int, memcmp(few, more, sizeof few), 0));
    cr_expect(ne(int, memcmp(few, other, sizeof few), 0));
    cr_expect(ne(int, memcmp(few, seed, sizeof few), 0));
}
