/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "calibrate/difference.h"
#include "calibrate/speeds.h"
#include "tests/calibrate/synthetic.h"

#include <criterion/new/assert.h>

TestSuite(difference, .init = rp_init);

/* ---- Two data sets out of one ---- */

/* Every run belongs to base or candidate; `both` copies it to both. */
struct pair {
    struct rp_measured measured; /* arrays are its own, texts `from`'s */
    const struct rp_measured *from;
};

static struct pair pair_begin(const struct rp_measured *from)
{
    struct pair p = {.from = from};
    struct rp_measured *const m = &p.measured;

    *m = *from;
    m->dataset_count = 2;
    m->datasets = calloc(2, sizeof *m->datasets);
    m->configs = calloc(2 * from->config_count, sizeof *m->configs);
    m->runs = calloc(2 * from->run_count, sizeof *m->runs);
    cr_assert(m->datasets && m->configs && m->runs);
    m->datasets[0] = m->datasets[1] = from->datasets[0];
    m->config_count = 2 * from->config_count;
    for (size_t i = 0; i < m->config_count; i++) {
        m->configs[i] = from->configs[i % from->config_count];
        m->configs[i].dataset = i / from->config_count;
    }
    m->run_count = 0;
    return p;
}

/* The run as one of the candidate's, with everything longer by a factor. */
static void put(struct pair *p, size_t run, bool candidate, double factor)
{
    struct rp_measured_run *const to = &p->measured.runs[p->measured.run_count];

    *to = p->from->runs[run];
    to->config += candidate ? p->from->config_count : 0;
    for (unsigned m = 0; m < RP_METRIC_COUNT; m++)
        to->value[m] *= m == RP_METRIC_RPS ? 1.0 / factor : factor;
    p->measured.run_count++;
}

static void pair_end(struct pair *p)
{
    free(p->measured.datasets);
    free(p->measured.configs);
    free(p->measured.runs);
}

static struct rp_difference_options of(enum rp_metric metric)
{
    struct rp_difference_options options = {.threshold = 0.05, .alpha = 0.05};

    options.metrics[metric] = true;
    return options;
}

static struct rp_differences find(const struct rp_measured *measured,
                                  const struct rp_difference_options *options)
{
    struct rp_differences d = {0};
    struct rp_error error = {0};

    cr_assert(eq(int, rp_differences_find(measured, 0, 1, options, &d, &error),
                 RP_OK),
              "%s", error.text);
    return d;
}

static struct rp_measured path_runs(void)
{
    struct rp_measured m = {0};
    struct rp_error error = {0};

    cr_assert(eq(int,
                 rp_dataset_read(RP_SOURCE_DIR "/data/ab/django-3.2/path", &m,
                                 &error),
                 RP_OK),
              "%s", error.text);
    return m;
}

/* ---- Nothing has changed ---- */

enum { SPLITS = 100, ROUNDS = 12 };

/* Half of the rounds, at random. */
static void split_rounds(uint64_t *state, bool in_candidate[ROUNDS + 1])
{
    size_t chosen = 0;

    memset(in_candidate, 0, (ROUNDS + 1) * sizeof *in_candidate);
    while (chosen < ROUNDS / 2) {
        const size_t r = 1 + (size_t)(synthetic_uniform(state) * ROUNDS);

        chosen += !in_candidate[r];
        in_candidate[r] = true;
    }
}

static struct rp_differences split(const struct rp_measured *from,
                                   const bool *in_candidate, size_t configs)
{
    const struct rp_difference_options options = of(RP_METRIC_MEAN);
    struct pair p = pair_begin(from);
    struct rp_differences d;

    for (size_t i = 0; i < from->run_count; i++)
        if (from->runs[i].config < configs)
            put(&p, i, in_candidate[from->blocks[from->runs[i].block].round],
                1.0);
    d = find(&p.measured, &options);
    pair_end(&p);
    return d;
}

/* Half of the rounds against the other half, a hundred times: exchangeable, so
 * a test errs in 5 of 100. More than ten of a hundred has probability 0.011. */
Test(difference, rounds_split_at_random_differ_no_more_than_they_may)
{
    enum { FAMILY = 8 };
    struct rp_measured m = path_runs();
    uint64_t state = 20261126;
    size_t found = 0, uncorrected = 0;

    for (int i = 0; i < SPLITS; i++) {
        bool in_candidate[ROUNDS + 1], any = false;
        struct rp_differences d;

        split_rounds(&state, in_candidate);
        d = split(&m, in_candidate, FAMILY);
        cr_assert(eq(sz, d.count, FAMILY));
        cr_expect(not(d.same_rounds));
        cr_expect(eq(sz, d.verdicts[RP_VERDICT_FEW], 0));
        found += d.verdicts[RP_VERDICT_SLOWER] + d.verdicts[RP_VERDICT_FASTER] +
                             d.verdicts[RP_VERDICT_SMALL] >
                         0
                     ? 1
                     : 0;
        for (size_t k = 0; k < d.count; k++)
            any |= d.rows[k].p <= 0.05;
        uncorrected += any;
        rp_differences_free(&d);
    }
    cr_expect(le(sz, found, 10));
    cr_expect(gt(sz, uncorrected, 10), "eight tests would find more: %zu",
              uncorrected);
    rp_measured_free(&m);
}

Test(difference, six_rounds_of_a_hundred_configurations_are_too_few)
{
    struct rp_measured m = path_runs();
    uint64_t state = 1;
    bool in_candidate[ROUNDS + 1];
    struct rp_differences d;

    split_rounds(&state, in_candidate);
    d = split(&m, in_candidate, m.config_count);
    cr_expect(eq(sz, d.count, 102));
    cr_expect(eq(sz, d.verdicts[RP_VERDICT_FEW], 102));
    /* 2 / C(14, 7) x 102 = 0.059, 2 / C(16, 8) x 102 = 0.016 */
    cr_expect(eq(uint, d.least_rounds, 8));
    rp_differences_free(&d);
    rp_measured_free(&m);
}

/* ---- Something has changed ---- */

static struct rp_differences against_copy(const struct rp_measured *from,
                                          double factor, enum rp_metric metric)
{
    const struct rp_difference_options options = of(metric);
    struct pair p = pair_begin(from);
    struct rp_differences d;

    for (size_t i = 0; i < from->run_count; i++) {
        put(&p, i, false, 1.0);
        put(&p, i, true, factor);
    }
    d = find(&p.measured, &options);
    pair_end(&p);
    return d;
}

/* One configuration and a copy of it that is slower. */
static struct rp_difference one_against_copy(const struct rp_measured *from,
                                             size_t config, double factor)
{
    struct rp_difference_options options = of(RP_METRIC_MEAN);
    struct pair p = pair_begin(from);
    struct rp_differences d;
    struct rp_difference row;

    options.threshold = factor - 1.0;
    for (size_t i = 0; i < from->run_count; i++)
        if (from->runs[i].config == config) {
            put(&p, i, false, 1.0);
            put(&p, i, true, factor);
        }
    d = find(&p.measured, &options);
    cr_assert(d.same_rounds);
    cr_assert(eq(sz, d.count, 1));
    row = d.rows[0];
    rp_differences_free(&d);
    pair_end(&p);
    return row;
}

/* The median of all pairs of a sample and itself is the factor. Where the
 * formula says that twelve rounds are enough, twelve rounds find it; the noise
 * of most of these runs hides five percent. */
Test(difference, what_is_added_to_a_copy_is_found_where_rounds_are_enough)
{
    static const double factors[] = {1.05, 1.1, 1.2, 1.4};
    struct rp_measured m = path_runs();
    size_t enough = 0, found = 0, of_five_percent = 0, too_early = 0;

    for (size_t i = 0; i < 4 * m.config_count; i++) {
        const double factor = factors[i % 4];
        const struct rp_difference row = one_against_copy(&m, i / 4, factor);
        const bool is_found = row.verdict == RP_VERDICT_SLOWER;

        cr_expect(epsilon_eq(dbl, row.ratio, factor, 1e-9));
        cr_expect(row.low < factor && row.high > factor);
        enough += row.rounds <= ROUNDS;
        found += row.rounds <= ROUNDS && is_found;
        of_five_percent += i % 4 == 0 && row.rounds <= ROUNDS && is_found;
        too_early += row.rounds > 4 * ROUNDS && is_found;
    }
    cr_expect(gt(sz, enough, 100), "%zu", enough);
    cr_expect(ge(dbl, (double)found, 0.8 * (double)enough), "%zu of %zu", found,
              enough);
    cr_expect(gt(sz, of_five_percent, 0));
    cr_expect(eq(sz, too_early, 0), "with a fourth of the rounds");
    rp_measured_free(&m);
}

Test(difference, the_geometric_mean_is_over_configurations)
{
    struct rp_measured m = path_runs();
    struct rp_differences d = against_copy(&m, 1.05, RP_METRIC_P50);

    cr_assert(eq(sz, d.count, 102));
    cr_expect(epsilon_eq(dbl, d.geometric_mean[RP_METRIC_P50], 1.05, 1e-9));
    cr_expect(isnan(d.geometric_mean[RP_METRIC_MEAN]), "not asked for");
    cr_expect(epsilon_eq(dbl, d.geometric_low[RP_METRIC_P50], 1.05, 1e-9),
              "the copy differs by nothing else, round for round");
    cr_expect(isnan(d.geometric_low[RP_METRIC_MEAN]));
    cr_expect(eq(sz, d.verdicts[RP_VERDICT_FASTER], 0));
    rp_differences_free(&d);
    rp_measured_free(&m);
}

static struct rp_measured little_noise(void)
{
    static const char *const stacks[] = {"", "S", NULL};
    static const double drift[] = {1.0, 1.3, 0.9, 1.1, 0.8, 1.2, 1.0, 0.85};
    struct synthetic s = synthetic_usual();

    s.stacks = stacks;
    s.rounds = 8;
    s.noise_sd = 0.01;
    s.speed = drift;
    return synthetic_measure(&s);
}

Test(difference, less_than_the_threshold_is_small)
{
    struct rp_measured m = little_noise();
    struct rp_error error = {0};
    struct rp_differences d;

    cr_assert(eq(int, rp_speeds_find(&m, &error), RP_OK));
    d = against_copy(&m, 1.04, RP_METRIC_MEAN);
    cr_expect(eq(sz, d.verdicts[RP_VERDICT_SMALL], d.count));
    rp_differences_free(&d);
    rp_measured_free(&m);
}

Test(difference, throughput_is_slower_the_other_way_round)
{
    struct rp_measured m = little_noise();
    struct rp_error error = {0};
    struct rp_differences d;

    cr_assert(eq(int, rp_speeds_find(&m, &error), RP_OK));
    d = against_copy(&m, 1.1, RP_METRIC_RPS);
    cr_expect(eq(sz, d.verdicts[RP_VERDICT_SLOWER], d.count));
    cr_expect(epsilon_eq(dbl, d.rows[0].ratio, 1.0 / 1.1, 1e-9));
    rp_differences_free(&d);
    d = against_copy(&m, 1.0 / 1.1, RP_METRIC_RPS);
    cr_expect(eq(sz, d.verdicts[RP_VERDICT_FASTER], d.count));
    rp_differences_free(&d);
    rp_measured_free(&m);
}

/* The machine's speed differs by half between rounds: side by side that is
 * taken out; where the rounds are not the same it hides five percent. */
Test(difference, drift_is_taken_out_of_the_same_rounds_only)
{
    struct rp_measured m = little_noise();
    const struct rp_difference_options options = of(RP_METRIC_MEAN);
    struct rp_error error = {0};
    struct rp_differences d;
    struct pair p;

    cr_assert(eq(int, rp_speeds_find(&m, &error), RP_OK));
    d = against_copy(&m, 1.05, RP_METRIC_MEAN);
    cr_expect(d.same_rounds);
    cr_expect(eq(sz, d.verdicts[RP_VERDICT_SLOWER], d.count));
    rp_differences_free(&d);

    p = pair_begin(&m);
    for (size_t i = 0; i < m.run_count; i++) {
        put(&p, i, false, 1.0);
        if (m.blocks[m.runs[i].block].round < 8)
            put(&p, i, true, 1.05);
    }
    d = find(&p.measured, &options);
    cr_expect(not(d.same_rounds));
    cr_expect(eq(sz, d.verdicts[RP_VERDICT_UNCLEAR], d.count));
    rp_differences_free(&d);
    pair_end(&p);
    rp_measured_free(&m);
}

/* ---- What only one has ---- */

Test(difference, what_only_one_side_has_is_named)
{
    struct rp_measured m = little_noise();
    const struct rp_difference_options options = of(RP_METRIC_MEAN);
    struct pair p = pair_begin(&m);
    struct rp_differences d;

    for (size_t i = 0; i < m.run_count; i++) {
        if (m.runs[i].config != 3)
            put(&p, i, false, 1.0);
        if (m.runs[i].config != 5)
            put(&p, i, true, 1.0);
    }
    d = find(&p.measured, &options);
    cr_expect(eq(sz, d.count, m.config_count - 2));
    cr_assert(eq(sz, d.base_only_count, 1));
    cr_assert(eq(sz, d.candidate_only_count, 1));
    cr_expect(eq(sz, d.base_only[0], 5));
    cr_expect(eq(sz, d.candidate_only[0], m.config_count + 3));
    rp_differences_free(&d);
    pair_end(&p);
    rp_measured_free(&m);
}

Test(difference, nothing_in_common_is_an_error)
{
    struct rp_measured m = little_noise();
    const struct rp_difference_options options = of(RP_METRIC_P99);
    struct rp_differences d = {.count = 77};
    struct rp_error error = {0};
    struct pair p = pair_begin(&m);

    put(&p, 0, false, 1.0);
    put(&p, 0, true, 1.0); /* a run without percentiles */
    cr_expect(eq(int,
                 rp_differences_find(&p.measured, 0, 1, &options, &d, &error),
                 RP_ERR_UNUSABLE));
    cr_expect(eq(sz, d.count, 77), "untouched on failure");
    pair_end(&p);
    rp_measured_free(&m);
}

/* ---- How many rounds ---- */

Test(difference, rounds_needed_follow_the_two_sample_formula)
{
    /* 2 (1.959964 + 0.841621)^2 = 15.6978; x pi / 3 = 16.4387 */
    cr_expect(eq(dbl, rp_difference_rounds(0.1, exp(0.1), 0.05), 17.0));
    cr_expect(eq(dbl, rp_difference_rounds(0.1, exp(0.05), 0.05), 66.0),
              "half the effect, four times the runs: 65.75");
    cr_expect(eq(dbl, rp_difference_rounds(0.0, 1.05, 0.05), 4.0),
              "no noise: what the test itself needs");
    cr_expect(isnan(rp_difference_rounds(NAN, 1.05, 0.05)));
}

Test(difference, the_test_itself_needs_rounds)
{
    cr_expect(eq(uint, rp_difference_least_rounds(0.05), 4), "2 / 70");
    cr_expect(eq(uint, rp_difference_least_rounds(0.1), 3), "2 / 20");
    cr_expect(eq(uint, rp_difference_least_rounds(0.01), 5), "2 / 252");
}
