/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/comparison.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

static const struct rp_compared hundred = {100.0, 3.0}, ninety = {90.0, 4.0},
                                sure = {100.0, 0.0},
                                none = {(double)NAN, (double)NAN},
                                vague = {100.0, (double)NAN};

Test(comparison, differences_are_in_percent_of_the_second)
{
    cr_expect(
        epsilon_eq(dbl, rp_comparison_percent(&ninety, &hundred), -10.0, 1e-9));
    cr_expect(epsilon_eq(dbl, rp_comparison_percent(&hundred, &ninety),
                         100.0 / 9.0, 1e-9));
    cr_expect(isnan(rp_comparison_percent(&none, &hundred)));
    cr_expect(isnan(rp_comparison_percent(&hundred, &none)));
}

Test(comparison, standard_errors_of_two_add_up_as_squares)
{
    cr_expect(
        epsilon_eq(dbl, rp_comparison_errors(&ninety, &hundred), -2.0, 1e-9));
    cr_expect(epsilon_eq(dbl, rp_comparison_errors(&sure, &ninety), 2.5, 1e-9));
    cr_expect(isnan(rp_comparison_errors(&sure, &sure)), "nothing varies");
    cr_expect(isnan(rp_comparison_errors(&vague, &ninety)));
}

static struct rp_comparison comparison(void)
{
    struct rp_comparison c = {.scenario = "shop", .method = RP_METHOD_LAYERS};

    for (unsigned m = 0; m < RP_METRIC_COUNT; m++)
        c.simulated[m] = c.solved[m] = c.measured[m] = none;
    c.simulated[RP_METRIC_RPS] = hundred;
    c.solved[RP_METRIC_RPS] = (struct rp_compared){94.0, 0.0};
    c.measured[RP_METRIC_RPS] = ninety;
    c.runs = 6;
    return c;
}

static double cell(struct rp_table *table, size_t row, const char *key)
{
    json_t *const rows = rp_table_to_json(table);
    const json_t *const value = json_object_get(json_array_get(rows, row), key);
    const double number =
        json_is_number(value) ? json_number_value(value) : (double)NAN;

    json_decref(rows);
    return number;
}

Test(comparison, a_row_has_the_three_and_their_differences)
{
    const struct rp_comparison c = comparison();
    struct rp_table *const table = rp_comparison_rows(&c, 1, true, false);

    cr_expect(eq(sz, rp_table_row_count(table), RP_COMPARISON_METRICS));
    cr_expect(epsilon_eq(dbl, cell(table, 0, "solved_to_simulated_percent"),
                         -6.0, 1e-9));
    cr_expect(
        epsilon_eq(dbl, cell(table, 0, "solved_to_simulated_se"), -2.0, 1e-9));
    cr_expect(
        epsilon_eq(dbl, cell(table, 0, "simulated_to_measured_se"), 2.0, 1e-9));
    cr_expect(
        epsilon_eq(dbl, cell(table, 0, "solved_to_measured_se"), 1.0, 1e-9));
    cr_expect(epsilon_eq(dbl, cell(table, 0, "runs"), 6.0, 1e-9));
    cr_expect(isnan(cell(table, 4, "solved")), "no p99");
    rp_table_free(table);
}

Test(comparison, without_data_sets_nothing_is_said_of_measurements)
{
    const struct rp_comparison c = comparison();
    struct rp_table *const table = rp_comparison_rows(&c, 1, false, false);

    cr_expect(isnan(cell(table, 0, "measured")));
    cr_expect(epsilon_eq(dbl, cell(table, 0, "solved"), 94.0, 1e-9));
    rp_table_free(table);
}
