/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/ranksum.h"

#include <assert.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sf_gamma.h>
#include <gsl/gsl_sort.h>
#include <math.h>
#include <stdlib.h>

/* Both samples in one order. */
struct ranking {
    size_t n, first_count;
    double *values;  /* sorted, and from which sample each is */
    size_t *order;   /* index into both samples, one behind the other */
    size_t *doubled; /* twice the middle rank: a whole number */
    double ties;     /* sum of t^3 - t over groups of t equal values */
};

static void rank(struct ranking *r)
{
    gsl_sort_index(r->order, r->values, 1, r->n);
    for (size_t i = 0, end; i < r->n; i = end) {
        end = i + 1;
        while (end < r->n &&
               !(r->values[r->order[end]] > r->values[r->order[i]]))
            end++;
        const double t = (double)(end - i);

        for (size_t k = i; k < end; k++)
            r->doubled[k] = i + end + 1; /* ranks i + 1 .. end */
        r->ties += t * t * t - t;
    }
}

static size_t doubled_sum_of_first(const struct ranking *r)
{
    size_t sum = 0;

    for (size_t k = 0; k < r->n; k++)
        if (r->order[k] < r->first_count)
            sum += r->doubled[k];
    return sum;
}

/* ---- Counting ---- */

/* How many ways there are to choose `chosen` of n doubled ranks with each sum:
 * ways[k * (sum_max + 1) + s] for k of those looked at. NULL: no memory. */
static double *count_ways(const size_t *doubled, size_t n, size_t chosen,
                          size_t sum_max)
{
    const size_t width = sum_max + 1;
    double *const ways = calloc((chosen + 1) * width, sizeof *ways);

    if (!ways)
        return NULL;
    ways[0] = 1.0;
    for (size_t i = 0; i < n; i++)
        for (size_t k = i < chosen ? i + 1 : chosen; k > 0; k--) {
            const double *const from = ways + (k - 1) * width;
            double *const to = ways + k * width;

            for (size_t s = sum_max; s + 1 > doubled[i]; s--)
                to[s] += from[s - doubled[i]];
        }
    return ways;
}

struct tails {
    double below, above; /* P(sum <= observed), P(sum >= observed) */
};

static enum rp_code exact_tails(const struct ranking *r, size_t observed,
                                struct tails *tails, struct rp_error *error)
{
    const size_t sum_max = r->n * (r->n + 1); /* of all doubled ranks */
    double *const ways = count_ways(r->doubled, r->n, r->first_count, sum_max);
    const double *const last =
        ways ? ways + r->first_count * (sum_max + 1) : NULL;
    double all = 0.0;

    if (!last)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for %zu ranks",
                       r->n);
    *tails = (struct tails){0};
    for (size_t s = 0; s <= sum_max; s++) {
        all += last[s];
        tails->below += s <= observed ? last[s] : 0.0;
        tails->above += s >= observed ? last[s] : 0.0;
    }
    tails->below /= all;
    tails->above /= all;
    free(ways);
    return RP_OK;
}

static double normal_sd(double m, double n, double ties)
{
    const double all = m + n;

    return sqrt(m * n / 12.0 * (all + 1.0 - ties / (all * (all - 1.0))));
}

static double normal_p(const struct ranking *r, double u)
{
    const double m = (double)r->first_count;
    const double n = (double)(r->n - r->first_count);
    const double sd = normal_sd(m, n, r->ties);
    const double distance = fmax(fabs(u - m * n / 2.0) - 0.5, 0.0);

    return sd > 0.0 ? fmin(2.0 * gsl_cdf_ugaussian_Q(distance / sd), 1.0) : 1.0;
}

/* ---- The shift ---- */

/* The most pairs that may lie on the far side of an interval's end: the
 * largest k with P(U < k) <= tail; 0: not even one. */
static enum rp_code pairs_outside(size_t m, size_t n, double tail, size_t *k,
                                  struct rp_error *error)
{
    const size_t all = m + n, sum_max = all * (all + 1) / 2;
    const size_t least = m * (m + 1) / 2;
    size_t ranks[RP_RANKSUM_EXACT_MAX];
    double total = 0.0, sum = 0.0;
    double *ways;

    *k = 0;
    if (all > RP_RANKSUM_EXACT_MAX) {
        const double low =
            (double)m * (double)n / 2.0 -
            gsl_cdf_ugaussian_Qinv(tail) * normal_sd((double)m, (double)n, 0.0);

        *k = low > 0.0 ? (size_t)low : 0;
        return RP_OK;
    }
    for (size_t i = 0; i < all; i++)
        ranks[i] = i + 1;
    ways = count_ways(ranks, all, m, sum_max);
    if (!ways)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for %zu ranks",
                       all);
    for (size_t s = 0; s <= sum_max; s++)
        total += ways[m * (sum_max + 1) + s];
    for (;; ++*k) {
        sum += ways[m * (sum_max + 1) + least + *k];
        if (sum > tail * total * (1.0 + 1e-12)) /* 1 of 20 is 5 % */
            break;
    }
    free(ways);
    return RP_OK;
}

static enum rp_code find_shift(const double *first, size_t m,
                               const double *second, size_t n,
                               double confidence, struct rp_ranksum *result,
                               struct rp_error *error)
{
    const size_t pairs = m * n;
    double *const differences = calloc(pairs, sizeof *differences);
    size_t outside = 0;
    enum rp_code code;

    if (!differences)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for %zu pairs",
                       pairs);
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < n; j++)
            differences[i * n + j] = first[i] - second[j];
    gsl_sort(differences, 1, pairs);
    result->shift =
        0.5 * (differences[(pairs - 1) / 2] + differences[pairs / 2]);
    result->low = result->high = NAN;
    code = pairs_outside(m, n, 0.5 * (1.0 - confidence), &outside, error);
    if (!code && outside > 0) {
        result->low = differences[outside - 1];
        result->high = differences[pairs - outside];
    }
    free(differences);
    return code;
}

/* ---- Both ---- */

static enum rp_code find_p(struct ranking *r, struct rp_ranksum *result,
                           struct rp_error *error)
{
    const double m = (double)r->first_count;
    struct tails tails = {0};
    enum rp_code code;
    size_t sum;

    rank(r);
    sum = doubled_sum_of_first(r);
    result->u = 0.5 * ((double)sum - m * (m + 1.0));
    result->exact = r->n <= RP_RANKSUM_EXACT_MAX;
    if (!result->exact) {
        result->p = normal_p(r, result->u);
        return RP_OK;
    }
    code = exact_tails(r, sum, &tails, error);
    if (!code)
        result->p = fmin(2.0 * fmin(tails.below, tails.above), 1.0);
    return code;
}

enum rp_code rp_ranksum_test(const double *first, size_t first_count,
                             const double *second, size_t second_count,
                             double confidence, struct rp_ranksum *result,
                             struct rp_error *error)
{
    const size_t n = first_count + second_count;
    struct ranking r = {.n = n,
                        .first_count = first_count,
                        .values = calloc(n, sizeof(double)),
                        .order = calloc(n, sizeof(size_t)),
                        .doubled = calloc(n, sizeof(size_t))};
    struct rp_ranksum fresh = {0};
    enum rp_code code = RP_OK;

    assert(first_count > 0 && second_count > 0);
    assert(confidence > 0.0 && confidence < 1.0);
    if (!r.values || !r.order || !r.doubled) {
        code = rp_fail(error, RP_ERR_MEMORY, "out of memory for %zu ranks", n);
        goto out;
    }
    for (size_t i = 0; i < n; i++)
        r.values[i] = i < first_count ? first[i] : second[i - first_count];
    code = find_p(&r, &fresh, error);
    if (!code)
        code = find_shift(first, first_count, second, second_count, confidence,
                          &fresh, error);
    if (!code)
        *result = fresh;
out:
    free(r.doubled);
    free(r.order);
    free(r.values);
    return code;
}

double rp_ranksum_least_p(size_t first_count, size_t second_count)
{
    const double n = (double)(first_count + second_count);
    const double ways = gsl_sf_lnchoose((unsigned)n, (unsigned)first_count);

    assert(first_count > 0 && second_count > 0);
    return fmin(2.0 * exp(-ways), 1.0);
}
