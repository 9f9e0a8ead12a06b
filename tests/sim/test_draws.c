/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/draws.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ROUND RP_SOURCE_DIR "/tests/data/profiles/round.yaml"

enum { DRAWS = 5000, SURE = RP_PARAMETER_SLACK, VAGUE = RP_PARAMETER_FADE };

static struct rp_profile round_profile(void)
{
    struct rp_profile profile = {0};
    struct rp_error error = {0};

    cr_assert(eq(int, rp_profile_read(ROUND, &profile, &error), RP_OK), "%s",
              error.text);
    return profile;
}

static void know(struct rp_parameters *p, enum rp_parameter parameter,
                 double value, double se)
{
    p->known[parameter] = true;
    p->value[parameter] = value;
    p->se[parameter] = se;
    p->correlation[parameter][parameter] = 1.0;
}

/* The logarithms of one parameter by its value. */
static double *logs_of(const struct rp_parameters *drawn, size_t parameter,
                       double value)
{
    double *const logs = calloc(DRAWS, sizeof *logs);

    cr_assert(logs != NULL);
    for (size_t i = 0; i < DRAWS; i++)
        logs[i] = log(drawn[i].value[parameter] / value);
    return logs;
}

/* Each within 5 standard errors: of a mean 1 / sqrt(n), of a standard deviation
 * 1 / sqrt(2 n), of a correlation (1 - r^2) / sqrt(n). */
Test(draws, parameters_have_their_errors_and_correlations)
{
    struct rp_profile profile = round_profile();
    struct rp_parameters *const p = &profile.under_load;
    struct rp_parameters *const drawn = calloc(DRAWS, sizeof *drawn);
    const double root = sqrt(DRAWS);
    struct rp_error error = {0};
    double *one, *two;

    cr_assert(drawn != NULL);
    know(p, RP_PARAMETER_CLIENT, 90e3, 18e3);
    know(p, RP_PARAMETER_FULL_DAPHNE, 1500.0, 150.0);
    p->correlation[RP_PARAMETER_CLIENT][RP_PARAMETER_FULL_DAPHNE] =
        p->correlation[RP_PARAMETER_FULL_DAPHNE][RP_PARAMETER_CLIENT] = -0.6;
    cr_assert(
        eq(int, rp_draws_parameters(&profile, 3, DRAWS, drawn, &error), RP_OK));
    one = logs_of(drawn, RP_PARAMETER_CLIENT, 90e3);
    two = logs_of(drawn, RP_PARAMETER_FULL_DAPHNE, 1500.0);
    cr_expect(
        epsilon_eq(dbl, gsl_stats_mean(one, 1, DRAWS), 0.0, 5 * 0.2 / root));
    cr_expect(
        epsilon_eq(dbl, gsl_stats_mean(two, 1, DRAWS), 0.0, 5 * 0.1 / root));
    cr_expect(epsilon_eq(dbl, gsl_stats_sd(one, 1, DRAWS), 0.2,
                         5 * 0.2 / sqrt(2.0) / root));
    cr_expect(epsilon_eq(dbl, gsl_stats_sd(two, 1, DRAWS), 0.1,
                         5 * 0.1 / sqrt(2.0) / root));
    cr_expect(epsilon_eq(dbl, gsl_stats_correlation(one, 1, two, 1, DRAWS),
                         -0.6, 5 * 0.64 / root));
    free(one);
    free(two);
    free(drawn);
    rp_profile_free(&profile);
}

/* A standard error of three times the value says nothing: a factor of e. */
Test(draws, a_parameter_without_error_stays_and_one_without_knowledge_is_held)
{
    struct rp_profile profile = round_profile();
    struct rp_parameters *const drawn = calloc(DRAWS, sizeof *drawn);
    struct rp_error error = {0};
    double *logs;

    cr_assert(drawn != NULL);
    know(&profile.under_load, (enum rp_parameter)SURE, 150e3, 0.0);
    know(&profile.under_load, (enum rp_parameter)VAGUE, 0.3e6, 0.9e6);
    cr_assert(
        eq(int, rp_draws_parameters(&profile, 3, DRAWS, drawn, &error), RP_OK));
    logs = logs_of(drawn, VAGUE, 0.3e6);
    cr_expect(epsilon_eq(dbl, gsl_stats_sd(logs, 1, DRAWS), 1.0,
                         5 / sqrt(2.0 * DRAWS)));
    for (size_t i = 0; i < DRAWS; i++) {
        cr_assert(eq(dbl, drawn[i].value[SURE], 150e3));
        cr_assert(eq(dbl, drawn[i].value[RP_PARAMETER_CLIENT], 0.0));
        cr_assert(drawn[i].known[VAGUE] && drawn[i].known[SURE]);
        cr_assert(not(drawn[i].known[RP_PARAMETER_CLIENT]));
    }
    free(logs);
    free(drawn);
    rp_profile_free(&profile);
}

Test(draws, the_same_seed_draws_the_same_and_more_draws_begin_alike)
{
    struct rp_profile profile = round_profile();
    struct rp_parameters few[3], more[5], other[3];
    struct rp_error error = {0};

    know(&profile.under_load, RP_PARAMETER_CLIENT, 90e3, 18e3);
    cr_assert(eq(int, rp_draws_parameters(&profile, 3, 3, few, &error), RP_OK));
    cr_assert(
        eq(int, rp_draws_parameters(&profile, 3, 5, more, &error), RP_OK));
    cr_assert(
        eq(int, rp_draws_parameters(&profile, 4, 3, other, &error), RP_OK));
    for (size_t i = 0; i < 3; i++) {
        cr_expect(eq(dbl, few[i].value[RP_PARAMETER_CLIENT],
                     more[i].value[RP_PARAMETER_CLIENT]));
        cr_expect(ne(dbl, few[i].value[RP_PARAMETER_CLIENT],
                     other[i].value[RP_PARAMETER_CLIENT]));
    }
    rp_profile_free(&profile);
}

/* base.gunicorn is 500 +- 3 us, base.daphne 1500 +- 4, their errors correlated
 * by 0.5 (tests/data/profiles/round.yaml); none is ever negative. */
Test(draws, costs_have_their_errors_and_are_never_negative)
{
    struct rp_profile profile = round_profile();
    const size_t n = profile.cost_count;
    double *const costs = calloc(DRAWS * n, sizeof *costs);
    struct rp_error error = {0};
    const double root = sqrt(DRAWS);

    cr_assert(costs != NULL);
    profile.costs[5].mean_ns = 0.0;
    cr_assert(eq(int, rp_draws_make(&profile, 3, DRAWS, costs, &error), RP_OK));
    cr_expect(epsilon_eq(dbl, gsl_stats_mean(costs, n, DRAWS), 500e3,
                         5 * 3e3 / root));
    cr_expect(epsilon_eq(dbl, gsl_stats_sd(costs + 1, n, DRAWS), 4e3,
                         5 * 4e3 / sqrt(2.0) / root));
    cr_expect(epsilon_eq(dbl,
                         gsl_stats_correlation(costs, n, costs + 1, n, DRAWS),
                         0.5, 5 * 0.75 / root));
    cr_expect(eq(dbl, gsl_stats_min(costs + 5, n, DRAWS), 0.0));
    free(costs);
    rp_profile_free(&profile);
}

Test(draws, a_drawn_profile_has_other_costs_and_parameters_and_borrows_the_rest)
{
    struct rp_profile profile = round_profile(), drawn;
    const double costs[6] = {1, 2, 3, 4, 5, 6};
    struct rp_parameters p = {.known = {false}};

    know(&p, RP_PARAMETER_CLIENT, 90e3, 0.0);
    cr_assert(rp_drawn_profile(&profile, costs, &p, &drawn));
    cr_expect(eq(dbl, drawn.costs[4].mean_ns, 5.0));
    cr_expect(eq(str, drawn.costs[4].name, profile.costs[4].name));
    cr_expect(eq(dbl, drawn.under_load.value[RP_PARAMETER_CLIENT], 90e3));
    cr_expect(eq(dbl, profile.costs[4].mean_ns, 400e3), "untouched");
    cr_expect(eq(ptr, drawn.file, profile.file));
    free(drawn.costs);
    rp_profile_free(&profile);
}
