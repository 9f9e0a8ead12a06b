/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "report/solving.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct rp_solution_place places[] = {
    {.name = "loop",
     .servers = 2,
     .demand_ns = 4e6,
     .visits = 2.0,
     .utilisation = 0.625,
     .queue_mean = 1.5,
     .wait_ns = 3e6,
     .limit_per_s = 500.0},
};
static struct rp_solution_class classes[] = {
    {.name = "page", .rps = 300.0, .mean_ns = 5e6, .alone_ns = 4e6},
};
static char name[] = "shop", warnings[] = "one thing\nanother\n";

static struct rp_solution solution(void)
{
    struct rp_solution s = {.scenario = name,
                            .method = RP_METHOD_LAYERS,
                            .why = "of this",
                            .trust = "as far as that",
                            .alone_ns = 4e6,
                            .clients = 8,
                            .capacity_per_s = 480.0,
                            .saturation_clients = 2.5,
                            .place_count = 1,
                            .places = places,
                            .warnings = warnings};

    for (unsigned m = 0; m < RP_METRIC_COUNT; m++)
        s.metrics[m] = NAN;
    s.metrics[RP_METRIC_RPS] = 312.5;
    s.metrics[RP_METRIC_MEAN] = 25.6e6;
    s.bounds =
        (struct rp_solution_bounds){250.0, 500.0, (double)NAN, (double)NAN,
                                    16e6,  32e6,  (double)NAN, (double)NAN};
    return s;
}

static char *printed(const struct rp_solution *s)
{
    char *text = NULL;
    size_t size = 0;
    struct rp_error error = {0};
    FILE *const out = open_memstream(&text, &size);

    cr_assert(out != NULL);
    cr_expect(
        eq(int, rp_solving_print(s, RP_FORMAT_TEXT, 0, out, &error), RP_OK),
        "%s", error.text);
    cr_assert(zero(fclose(out)));
    return text;
}

static void expect_words(const char *text, const char *words)
{
    cr_expect(strstr(text, words) != NULL, "\"%s\" in: %s", words, text);
}

Test(solving, a_closed_solution_says_its_method_and_stands_between_its_bounds)
{
    const struct rp_solution s = solution();
    char *const text = printed(&s);

    expect_words(text, "by layers, layered mean value analysis");
    expect_words(text, "because of this\nas far as that\n");
    expect_words(text, "8 clients, and loop would be always taken from 2.5 on");
    expect_words(text, "requests/s  312.5     250.0     500.0");
    expect_words(text, "mean        25.60 ms  16.00 ms  32.00 ms");
    expect_words(text, "no closed form has percentiles here");
    expect_words(text, "loop         2    4.000            2.00      500      "
                       "62.5     1.50    3.000");
    cr_expect(eq(ptr, strstr(text, "p99"), NULL));
    cr_expect(eq(ptr, strstr(text, "class"), NULL));
    free(text);
}

Test(solving, percentiles_classes_and_overload_are_shown_where_there_are)
{
    struct rp_solution s = solution();
    char *text;

    s.open = s.saturated = true;
    s.offered_per_s = 600.0;
    s.metrics[RP_METRIC_P50] = 7e6;
    s.class_count = 1;
    s.classes = classes;
    text = printed(&s);
    expect_words(text, "shop: more arrives than is served");
    expect_words(text, "600 requests/s arrive, 480/s could be served");
    expect_words(text, "p50         7.000 ms");
    expect_words(text, "page          300        5         4");
    free(text);
}

Test(solving, rows_have_numbers_with_their_units_in_the_key)
{
    const struct rp_solution s = solution();
    struct rp_table *const table = rp_solving_rows(&s, 1, false);
    json_t *const rows = rp_table_to_json(table);
    const json_t *const row = json_array_get(rows, 0);

    cr_expect(
        eq(dbl, json_number_value(json_object_get(row, "mean_ms")), 25.6));
    cr_expect(
        eq(dbl, json_number_value(json_object_get(row, "alone_ms")), 4.0));
    cr_expect(
        eq(dbl, json_number_value(json_object_get(row, "mean_high_ms")), 32.0));
    cr_expect(eq(int, json_is_null(json_object_get(row, "p99_ms")), 1));
    cr_expect(eq(str,
                 (char *)json_string_value(json_object_get(row, "bottleneck")),
                 "loop"));
    cr_expect(eq(dbl,
                 json_number_value(json_object_get(row, "saturation_clients")),
                 2.5));
    json_decref(rows);
    rp_table_free(table);
}

Test(solving, json_has_why_and_the_warnings_one_by_one)
{
    const struct rp_solution s = solution();
    json_t *const all = rp_solving_json(&s, 1);
    const json_t *const one = json_array_get(all, 0);

    cr_expect(eq(str, (char *)json_string_value(json_object_get(one, "why")),
                 "of this"));
    cr_expect(eq(sz, json_array_size(json_object_get(one, "warnings")), 2));
    cr_expect(eq(sz, json_array_size(json_object_get(one, "places")), 1));
    json_decref(all);
}
