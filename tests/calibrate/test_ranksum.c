/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/ranksum.h"
#include "sim/init.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

TestSuite(ranksum, .init = rp_init);

static struct rp_ranksum test(const double *a, size_t m, const double *b,
                              size_t n, double confidence)
{
    struct rp_ranksum result = {0};
    struct rp_error error = {0};

    cr_assert(eq(int, rp_ranksum_test(a, m, b, n, confidence, &result, &error),
                 RP_OK),
              "%s", error.text);
    return result;
}

/* Hollander and Wolfe, "Nonparametric Statistical Methods", 1973, page 69:
 * permeability of human chorioamnion. U is 35, the one-sided p-value 0.1272,
 * the estimate 0.305 and its 96 % interval -0.15 .. 0.76. */
static const double term[] = {0.80, 0.83, 1.89, 1.04, 1.45,
                              1.38, 1.91, 1.64, 0.73, 1.46};
static const double early[] = {1.15, 0.88, 0.90, 0.74, 1.21};

Test(ranksum, the_published_example_has_its_p_value)
{
    const struct rp_ranksum r = test(term, 10, early, 5, 0.95);

    cr_expect(eq(dbl, r.u, 35.0));
    cr_expect(r.exact);
    cr_expect(epsilon_eq(dbl, r.p, 2.0 * 0.1272, 1e-4));
}

Test(ranksum, the_published_example_has_its_interval)
{
    const struct rp_ranksum r = test(term, 10, early, 5, 0.96);

    cr_expect(epsilon_eq(dbl, r.shift, 0.305, 1e-12));
    cr_expect(epsilon_eq(dbl, r.low, -0.15, 1e-12));
    cr_expect(epsilon_eq(dbl, r.high, 0.76, 1e-12));
}

Test(ranksum, the_sides_can_be_changed)
{
    const struct rp_ranksum r = test(early, 5, term, 10, 0.96);

    cr_expect(eq(dbl, r.u, 15.0), "50 pairs, 35 the other way round");
    cr_expect(epsilon_eq(dbl, r.p, 2.0 * 0.1272, 1e-4));
    cr_expect(epsilon_eq(dbl, r.low, -0.76, 1e-12));
    cr_expect(epsilon_eq(dbl, r.high, 0.15, 1e-12));
}

Test(ranksum, ages_at_diagnosis_have_the_p_value_of_scipys_manual)
{
    static const double males[] = {19, 22, 16, 29, 24};
    static const double females[] = {20, 11, 17, 12};
    const struct rp_ranksum r = test(males, 5, females, 4, 0.95);

    cr_expect(eq(dbl, r.u, 17.0));
    cr_expect(epsilon_eq(dbl, r.p, 0.1111111111111111, 1e-14));
}

/* Mann and Whitney's table, 1947, n = m = 5: P(U <= 2) = 4 / 252, and one
 * more pair gives 7 / 252. */
Test(ranksum, five_and_five_have_the_tail_of_the_table)
{
    static const double a[] = {1, 2, 3, 4, 7};
    static const double b[] = {5, 6, 8, 9, 10};
    static const double c[] = {1, 2, 3, 4, 8}, d[] = {5, 6, 7, 9, 10};

    cr_expect(epsilon_eq(dbl, test(a, 5, b, 5, 0.95).p, 8.0 / 252.0, 1e-14));
    cr_expect(epsilon_eq(dbl, test(c, 5, d, 5, 0.95).p, 14.0 / 252.0, 1e-14));
}

Test(ranksum, ties_share_their_ranks)
{
    /* ranks 1, 2.5, 2.5, 4; of six pairs of ranks two have the sum 3.5 of the
     * first sample, and none less */
    static const double a[] = {1, 2}, b[] = {2, 3};
    const struct rp_ranksum r = test(a, 2, b, 2, 0.95);

    cr_expect(eq(dbl, r.u, 0.5));
    cr_expect(epsilon_eq(dbl, r.p, 2.0 * 2.0 / 6.0, 1e-14));
}

Test(ranksum, equal_values_tell_nothing)
{
    double same[60];

    for (size_t i = 0; i < 60; i++)
        same[i] = 7.0;
    cr_expect(eq(dbl, test(same, 4, same, 6, 0.95).p, 1.0));
    cr_expect(eq(dbl, test(same, 30, same, 30, 0.95).p, 1.0), "normal");
    cr_expect(eq(dbl, test(same, 30, same, 30, 0.95).shift, 0.0));
}

/* Below the limit ways are counted, above it U is normal: one value more
 * changes little. */
Test(ranksum, the_normal_approximation_continues_the_exact_test)
{
    double a[26], b[26];
    struct rp_ranksum exact, normal;

    for (size_t i = 0; i < 26; i++) {
        a[i] = (double)((i * 37) % 101);
        b[i] = (double)((i * 53) % 97) + 17.0;
    }
    exact = test(a, 25, b, 25, 0.95);
    normal = test(a, 25, b, 26, 0.95);
    cr_expect(exact.exact && !normal.exact);
    cr_expect(epsilon_eq(dbl, log(normal.p / exact.p), 0.0, 0.3));
    cr_expect(epsilon_eq(dbl, normal.low, exact.low, 4.0));
    cr_expect(epsilon_eq(dbl, normal.high, exact.high, 4.0));
}

Test(ranksum, sixty_values_have_the_normal_p_value)
{
    double a[30], b[30];

    for (size_t i = 0; i < 30; i++) {
        a[i] = (double)i;
        b[i] = (double)i + 10.5 - (i >= 20 ? 0.25 : 0.0);
    }
    /* value i is above those with i > k + 10.5: i - 10 of them */
    const struct rp_ranksum r = test(a, 30, b, 30, 0.95);

    cr_expect(eq(dbl, r.u, 19.0 * 20.0 / 2.0));
    /* (450 - 190 - 0.5) / 67.639 = 3.8365; twice the tail is 1.248e-4 */
    cr_expect(epsilon_eq(dbl, r.p, 1.248e-4, 2e-7));
}

Test(ranksum, few_values_have_no_interval)
{
    static const double a[] = {1, 2, 3}, b[] = {4, 5, 6};
    const struct rp_ranksum r = test(a, 3, b, 3, 0.95);

    cr_expect(epsilon_eq(dbl, r.p, 0.1, 1e-14));
    cr_expect(eq(dbl, r.shift, -3.0));
    cr_expect(isnan(r.low) && isnan(r.high), "2 / 20 is more than 5 %%");
    cr_expect(eq(dbl, test(a, 3, b, 3, 0.90).low, -5.0), "and less than 11 %%");
}

Test(ranksum, the_least_p_value_is_two_of_all_ways)
{
    cr_expect(epsilon_eq(dbl, rp_ranksum_least_p(3, 3), 2.0 / 20.0, 1e-12));
    cr_expect(epsilon_eq(dbl, rp_ranksum_least_p(6, 6), 2.0 / 924.0, 1e-12));
    cr_expect(epsilon_eq(dbl, rp_ranksum_least_p(4, 7), 2.0 / 330.0, 1e-12));
    cr_expect(eq(dbl, rp_ranksum_least_p(1, 1), 1.0));
}
