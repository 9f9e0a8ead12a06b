/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/histogram.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <stdlib.h>

static struct rp_histogram *empty(void)
{
    return calloc(1, sizeof(struct rp_histogram));
}

Test(histogram, a_value_is_known_to_one_percent_over_the_whole_range)
{
    struct rp_histogram *const h = empty();

    for (uint64_t v = 1; v < UINT64_MAX / 3; v = v * 2 + v / 3 + 1) {
        *h = (struct rp_histogram){0};
        rp_histogram_add(h, v > 5 ? v - 5 : 0);
        rp_histogram_add(h, v);
        rp_histogram_add(h, v + v / 2);
        cr_expect(le(dbl, fabs(rp_histogram_quantile(h, 0.5) - (double)v),
                     0.01 * (double)v + 1.0),
                  "value %llu", (unsigned long long)v);
    }
    rp_histogram_add(h, UINT64_MAX);
    cr_expect(eq(u64, h->max_ns, UINT64_MAX));
    free(h);
}

/* Of 1 .. 100,000 us the share q lies below q * 100,000 us. */
Test(histogram, quantiles_of_evenly_spread_values_are_their_places)
{
    struct rp_histogram *const h = empty();
    static const double shares[] = {0.01, 0.1, 0.5, 0.9, 0.95, 0.99, 0.999};

    for (uint64_t i = 1; i <= 100000; i++)
        rp_histogram_add(h, i * 1000);
    for (size_t i = 0; i < sizeof shares / sizeof *shares; i++)
        cr_expect(
            le(dbl,
               fabs(rp_histogram_quantile(h, shares[i]) / 1e8 / shares[i] -
                    1.0),
               0.01),
            "share %g", shares[i]);
    cr_expect(epsilon_eq(dbl, rp_histogram_quantile(h, 0.0), 1000.0, 8.0));
    cr_expect(eq(dbl, rp_histogram_quantile(h, 1.0), 1e8));
    free(h);
}

/* 250 of 1 .. 1000 us lie below 250 us; one bucket is 1/128 of its value. */
Test(histogram, a_share_is_the_inverse_of_a_quantile)
{
    struct rp_histogram *const h = empty();

    cr_expect(isnan(rp_histogram_share(h, 5.0)));
    for (uint64_t i = 1; i <= 1000; i++)
        rp_histogram_add(h, i * 1000);
    cr_expect(epsilon_eq(dbl, rp_histogram_share(h, 250e3), 0.25, 0.002));
    cr_expect(eq(dbl, rp_histogram_share(h, 0.0), 0.0));
    cr_expect(eq(dbl, rp_histogram_share(h, 2e6), 1.0));
    for (double share = 0.05; share < 1.0; share += 0.05)
        cr_expect(epsilon_eq(
            dbl, rp_histogram_share(h, rp_histogram_quantile(h, share)), share,
            1e-9));
    free(h);
}

Test(histogram, merging_is_recording_both)
{
    struct rp_histogram *const a = empty(), *const b = empty(),
                               *const both = empty();

    for (uint64_t i = 0; i < 1000; i++) {
        rp_histogram_add(i % 3 ? a : b, i * i);
        rp_histogram_add(both, i * i);
    }
    rp_histogram_merge(a, b);
    rp_histogram_merge(a, &(struct rp_histogram){0});
    cr_expect(eq(u64, a->total, both->total));
    cr_expect(eq(u64, a->min_ns, both->min_ns));
    cr_expect(eq(u64, a->max_ns, both->max_ns));
    for (size_t i = 0; i < RP_HISTOGRAM_BUCKETS; i++)
        cr_assert(eq(u64, a->count[i], both->count[i]));
    free(a);
    free(b);
    free(both);
}

Test(histogram, an_empty_one_has_no_quantile)
{
    struct rp_histogram *const h = empty();

    cr_expect(isnan(rp_histogram_quantile(h, 0.5)));
    free(h);
}

Test(histogram, the_least_and_the_largest_value_are_exact_from_the_first_on)
{
    static const uint64_t values[][4] = {
        {7000001, 7000001, 7000001, 7000001},
        {7000001, 9000002, 9000002, 5000003},
        {0, 3, 0, 1000007},
        {1, 0, 0, 0},
    };
    struct rp_histogram *const h = malloc(sizeof *h);

    cr_assert(h != NULL);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        uint64_t least = UINT64_MAX, most = 0;

        *h = (struct rp_histogram){0};
        for (size_t k = 0; k < 4; k++) {
            const uint64_t v = values[i][k];

            rp_histogram_add(h, v);
            least = v < least ? v : least;
            most = v > most ? v : most;
            cr_expect(eq(u64, h->min_ns, least), "row %zu, value %zu", i, k);
            cr_expect(eq(u64, h->max_ns, most), "row %zu, value %zu", i, k);
        }
    }
    free(h);
}
