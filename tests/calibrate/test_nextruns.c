/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "calibrate/nextruns.h"

#include "calibrate/calibration.h"
#include "calibrate/robust.h"
#include "narrowed.h"
#include "synthetic.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

enum { REPETITIONS = 150, ROUNDS = 4, RUNS = 10 };

static const struct rp_next_target targets[] = {
    {RP_SERVER_GUNICORN, 1, RP_PATH_DUAL, NULL, true, true, {0}},
    {RP_SERVER_UVICORN, 1, RP_PATH_DUAL, NULL, true, true, {0}}};

static const char *const few[] = {"", "S", "SA", NULL};

static struct synthetic scene(void)
{
    struct synthetic s = synthetic_usual();

    s.stacks = few;
    s.rounds = ROUNDS;
    s.gap_ns = 0.0;
    s.noise_sd = 0.04;
    return s;
}

static struct rp_next find(const struct rp_measured *m,
                           const struct rp_scenario *forecast)
{
    const struct rp_next_options options = {.of = {.targets = targets,
                                                   .target_count = 2,
                                                   .letters = "SA",
                                                   .longest = 3,
                                                   .requests = 400,
                                                   .rounds = ROUNDS},
                                            .runs = RUNS,
                                            .metric = RP_METRIC_MEAN,
                                            .forecast = forecast};
    struct rp_next next = {0};
    struct rp_error error = {0};

    cr_assert(eq(int, rp_next_find(m, &options, &next, &error), RP_OK), "%s",
              error.text);
    return next;
}

/* The runs of a design, simulated as a campaign of its own. */
static struct rp_measured add_campaign(const struct synthetic *s,
                                       const struct rp_next *next,
                                       struct rp_measured *m, uint64_t *state)
{
    struct rp_measured all = {0}, fresh = {0};
    struct rp_error error = {0};
    const double speed = 1.05;

    fresh.dataset_count = fresh.campaign_count = 1;
    fresh.datasets = calloc(1, sizeof *fresh.datasets);
    fresh.campaigns = calloc(1, sizeof *fresh.campaigns);
    fresh.configs = calloc(RUNS, sizeof *fresh.configs);
    fresh.runs = calloc(RUNS * ROUNDS, sizeof *fresh.runs);
    fresh.blocks = calloc(ROUNDS, sizeof *fresh.blocks);
    cr_assert(rp_dataset_read_text(synthetic_yaml, strlen(synthetic_yaml),
                                   "dataset.yaml", &fresh.datasets[0],
                                   &error) == RP_OK);
    fresh.campaigns[0] = strdup("synthetic-2");
    for (unsigned r = 0; r < ROUNDS; r++)
        fresh.blocks[fresh.block_count++] =
            (struct rp_block){.round = r + 1, .speed = 1.0};
    for (size_t k = 0; k < next->run_count; k++) {
        fresh.configs[fresh.config_count] = next->runs[k].config;
        for (unsigned r = 0; r < ROUNDS; r++) {
            struct rp_measured_run *const run = &fresh.runs[fresh.run_count++];

            synthetic_run(s, &next->runs[k].config, speed,
                          1.0 + s->noise_sd * synthetic_normal(state), run);
            run->file = strdup("synthetic.txt");
            run->config = k;
            run->block = r;
        }
        fresh.config_count++;
    }
    cr_assert(rp_measured_append(&all, m, &error) == RP_OK);
    cr_assert(rp_measured_append(&all, &fresh, &error) == RP_OK);
    return all;
}

/* How far estimates really are from the truth, over many campaigns, and how far
 * the design said they would be: within what 150 repetitions show (6 %) and
 * families that are sometimes priced apart. The bases of servers hang on the
 * speed of the new campaign, whose doubt the calibration's own errors leave
 * out: it finds what was promised, and both are up to a third too small. With
 * the same runs in the old campaign, at its speed, base.daphne is at 1.14
 * instead of 1.28 and base.uvicorn at 1.21 instead of 1.36: the speed is about
 * half of what is missing. */
Test(nextruns, expected_errors_are_those_of_simulated_runs)
{
    struct synthetic s = scene();
    double squares[RP_ITEM_COUNT] = {0.0}, expected[RP_ITEM_COUNT] = {0.0};
    size_t found[RP_ITEM_COUNT] = {0};

    for (unsigned i = 0; i < REPETITIONS; i++) {
        struct rp_measured m, all;
        struct rp_next next;
        struct rp_costs costs = {.rows = 0};
        struct rp_error error = {0};
        uint64_t state = 1000 + i;

        s.seed = 1 + i;
        m = synthetic_measure(&s);
        next = find(&m, NULL);
        all = add_campaign(&s, &next, &m, &state);
        cr_assert(rp_costs_fit(&all, NULL, &costs, &error) == RP_OK, "%s",
                  error.text);
        for (size_t j = 0; j < next.cost_count; j++)
            for (size_t k = 0; k < costs.columns.count; k++) {
                const struct rp_fitted_cost *const c = &costs.columns.costs[k];
                enum rp_item item = rp_item_parse(c->name);

                if (strcmp(c->name, next.costs[j].name) != 0 ||
                    item == RP_ITEM_NONE || isnan(next.costs[j].after_ns))
                    continue;
                found[item]++;
                squares[item] += (c->mean_ns - s.cost_ns[item]) *
                                 (c->mean_ns - s.cost_ns[item]);
                expected[item] +=
                    next.costs[j].after_ns * next.costs[j].after_ns;
            }
        rp_costs_free(&costs);
        rp_next_free(&next);
        rp_measured_free(&all);
    }
    for (size_t i = 0; i < RP_ITEM_COUNT; i++)
        if (found[i] > REPETITIONS / 2) {
            const double ratio = sqrt(squares[i] / expected[i]);

            printf("%s: %zu, really / expected %.3f\n",
                   rp_item_name((enum rp_item)i), found[i], ratio);
            cr_expect(gt(dbl, ratio, 0.75));
            cr_expect(lt(dbl, ratio, 1.5));
        }
    cr_expect(gt(sz, found[RP_ITEM_BASE_UVICORN], REPETITIONS / 2));
}

Test(nextruns, a_forecast_gets_narrower_than_without_naming_it)
{
    struct synthetic s = scene();
    struct rp_measured m = synthetic_measure(&s);
    struct rp_config config = {.threads = 1};
    struct rp_scenario scenario = {0};
    struct rp_error error = {0};
    struct rp_costs costs;
    struct rp_next all, one;
    double mean_ns, se_ns;

    synthetic_config(&m.datasets[0], RP_SERVER_UVICORN, "ASAS", true, &config);
    cr_assert(rp_dataset_scenario(&m.datasets[0], &config, &scenario, &error) ==
              RP_OK);
    all = find(&m, NULL);
    one = find(&m, &scenario);
    cr_assert(rp_costs_fit(&m, NULL, &costs, &error) == RP_OK);
    mean_ns = rp_costs_predict(&costs, config.amounts, &se_ns);
    cr_expect(isnan(all.forecast));
    cr_expect(epsilon_eq(dbl, one.forecast, mean_ns, 1e-6 * mean_ns));
    cr_expect(
        epsilon_eq(dbl, one.forecast * one.forecast_now, se_ns, 1e-6 * se_ns),
        "what calibration says of it");
    cr_expect(lt(dbl, one.forecast_after, one.forecast_now));
    rp_costs_free(&costs);
    rp_scenario_free(&scenario);
    cr_expect(eq(sz, one.run_count, RUNS));
    for (size_t j = 0; j < all.cost_count; j++)
        cr_expect(isnan(all.costs[j].now_ns) ||
                  all.costs[j].after_ns <= all.costs[j].now_ns);
    for (size_t k = 0; k < all.run_count; k++)
        for (size_t i = 0; i < m.config_count; i++)
            cr_expect(rp_config_compare(&m.configs[i], &all.runs[k].config) !=
                          0,
                      "it is measured already");
    rp_next_free(&all);
    rp_next_free(&one);
    rp_next_free(&one);
    rp_measured_free(&m);
}

Test(nextruns, more_runs_than_there_are_configurations_are_refused)
{
    struct synthetic s = scene();
    struct rp_measured m = synthetic_measure(&s);
    const struct rp_next_options options = {.of = {.targets = targets,
                                                   .target_count = 1,
                                                   .letters = "S",
                                                   .longest = 1,
                                                   .requests = 400,
                                                   .rounds = 1},
                                            .runs = 7};
    struct rp_next next = {.run_count = 9};
    struct rp_error error = {0};

    cr_expect(eq(int, rp_next_find(&m, &options, &next, &error), RP_ERR_VALUE));
    cr_expect(
        eq(str, error.text,
           "7 runs were asked for, and only 0 configurations that are not "
           "measured yet pay something else than the others: take more "
           "letters or longer stacks"));
    cr_expect(eq(sz, next.run_count, 9), "untouched");
    rp_measured_free(&m);
}

/* ---- Runs that were measured ---- */

static struct rp_measured read_path(void)
{
    struct rp_measured m = {0};
    struct rp_error error = {0};

    rp_init();
    cr_assert(rp_dataset_read(RP_SOURCE_DIR "/data/ab/django-3.2/path", &m,
                              &error) == RP_OK,
              "%s", error.text);
    return m;
}

/* What is known now is what calibrate says, to the last digit, of the costs
 * that two configurations alone pay too. */
Test(nextruns, standard_errors_now_are_those_of_the_calibration)
{
    struct rp_measured m = read_path();
    struct rp_calibration c = {.speed = NULL};
    struct rp_error error = {0};
    struct rp_next next = find(&m, NULL);
    bool nested = false;

    cr_assert(rp_calibrate(&m, NULL, "test", NULL, &c, &error) == RP_OK);
    cr_assert(eq(sz, next.cost_count, c.costs.columns.count));
    for (size_t j = 0; j < next.cost_count; j++) {
        cr_expect(eq(str, next.costs[j].name, c.costs.columns.costs[j].name));
        cr_expect(
            eq(dbl, next.costs[j].now_ns, c.costs.columns.costs[j].se_ns));
        nested |= strcmp(next.costs[j].name, "a2s.nested_loop") == 0;
    }
    cr_expect(nested);
    rp_next_free(&next);
    rp_calibration_free(&c);
    rp_measured_free(&m);
}

/* Half of the measured configurations are taken out; eight of them come back by
 * the design. What the calibration then says was promised, within what is by
 * chance: of the runs of Django 3.2 eight in ten are 0.92 to 1.14 times as
 * large (stress/narrowing), and estimates move as far as they should: normal
 * ones by 0.67 standard deviations in the median. */
Test(nextruns, real_runs_narrow_costs_as_promised)
{
    enum { SPLITS = 6 };
    struct rp_measured all = read_path();
    double ratio[SPLITS * RP_ITEM_COUNT], moved[SPLITS * RP_ITEM_COUNT];
    size_t count = 0;

    for (unsigned split = 1; split <= SPLITS; split++) {
        struct narrowed n = narrowed_begin(&all, false, split);
        struct rp_error error = {0};
        struct rp_next next = {0};
        struct rp_measured again;
        struct rp_costs costs;

        cr_assert(eq(int,
                     narrowed_design(&n, &n.kept, 8, NULL, NULL, &next, &error),
                     RP_OK),
                  "%s", error.text);
        again = narrowed_with(&n, &next);
        cr_assert(eq(sz, again.config_count, n.kept.config_count + 8));
        cr_assert(eq(int, rp_costs_fit(&again, NULL, &costs, &error), RP_OK));
        for (size_t j = 0; j < next.cost_count; j++)
            for (size_t k = 0; k < costs.columns.count; k++) {
                const struct rp_next_cost *const was = &next.costs[j];
                const struct rp_fitted_cost *const is = &costs.columns.costs[k];

                if (strcmp(was->name, is->name) != 0 || isnan(was->mean_ns) ||
                    !(was->after_ns < was->now_ns))
                    continue;
                ratio[count] = is->se_ns / was->after_ns;
                moved[count++] = fabs(is->mean_ns - was->mean_ns) /
                                 sqrt(was->now_ns * was->now_ns -
                                      was->after_ns * was->after_ns);
            }
        rp_costs_free(&costs);
        narrowed_release(&again);
        rp_next_free(&next);
        narrowed_end(&n);
    }
    cr_assert(gt(sz, count, 5 * SPLITS));
    cr_expect(epsilon_eq(dbl, rp_median(ratio, count), 1.0, 0.1));
    cr_expect(gt(dbl, ratio[count / 10], 0.8));
    cr_expect(lt(dbl, ratio[count - 1 - count / 10], 1.3));
    cr_expect(epsilon_eq(dbl, rp_median(moved, count), 0.67, 0.4));
    rp_measured_free(&all);
}
