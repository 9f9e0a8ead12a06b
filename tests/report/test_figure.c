/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/figure.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <string.h>

static const char whatif[] =
    "{\"schema\": \"reqpath.whatif/1\", \"scenario\": \"s\", \"metric\": "
    "\"p99_ms\", \"vary\": [{\"key\": \"a\", \"values\": [\"1\", \"2\"]}%s],"
    "\"baseline\": {\"p99_ms\": 7.5}, \"rows\": ["
    "{\"variant\": \"a=1\", \"edits\": {\"a\": \"1\", \"b\": \"x\"}, "
    "\"mean_ms\": 1, \"p99_ms\": 3.25, \"p99_low_ms\": 3, \"p99_high_ms\": 4},"
    "{\"variant\": \"a=2\", \"edits\": {\"a\": \"2\", \"b\": \"y\"}, "
    "\"mean_ms\": 2, \"p99_ms\": 6.5, \"p99_low_ms\": 6, \"p99_high_ms\": null}"
    "]}";

static struct rp_resultfile file_of(const char *text)
{
    struct rp_resultfile file = {.name = NULL};
    struct rp_error error = {0};

    cr_assert(
        eq(int,
           rp_resultfile_parse(text, strlen(text), "r.json", &file, &error),
           RP_OK),
        "%s", error.text);
    return file;
}

static struct rp_figure figure_of(const char *text, const char *metric)
{
    struct rp_resultfile file = file_of(text);
    struct rp_figure figure = {.points = NULL};
    struct rp_error error = {0};

    cr_assert(
        eq(int, rp_figure_of(&file, NULL, metric, &figure, &error), RP_OK),
        "%s", error.text);
    rp_resultfile_free(&file);
    return figure;
}

static struct rp_figure figure_of_whatif(const char *more, const char *metric)
{
    char text[2048];

    (void)snprintf(text, sizeof text, whatif, more);
    return figure_of(text, metric);
}

Test(figure, one_key_is_a_sweep_with_the_numbers_of_the_result)
{
    struct rp_figure f = figure_of_whatif("", NULL);

    cr_expect(eq(int, (int)f.kind, RP_FIGURE_SWEEP));
    cr_assert(eq(sz, f.point_count, 2));
    cr_expect(eq(str, f.points[1].label, "2"));
    cr_expect(eq(dbl, f.points[0].value, 3.25));
    cr_expect(eq(dbl, f.points[0].low, 3.0));
    cr_expect(eq(dbl, f.points[0].high, 4.0));
    cr_expect(isnan(f.points[1].high), "an end that is not known");
    cr_expect(eq(dbl, f.reference, 7.5));
    cr_expect(eq(str, f.value_name, "p99, ms"));
    rp_figure_free(&f);
}

Test(figure, two_keys_are_a_map_and_another_metric_can_be_asked_for)
{
    struct rp_figure f = figure_of_whatif(
        ", {\"key\": \"b\", \"values\": [\"x\", \"y\"]}", "mean_ms");

    cr_expect(eq(int, (int)f.kind, RP_FIGURE_MAP));
    cr_expect(eq(str, f.points[1].group, "2"), "the first key goes down");
    cr_expect(eq(str, f.points[1].label, "y"));
    cr_expect(eq(dbl, f.points[1].value, 2.0));
    cr_expect(eq(sz, f.group_count, 2));
    cr_expect(eq(sz, f.label_count, 2));
    rp_figure_free(&f);
}

/* 40 variants of no key that has several values: 40, 39, ..., 1 ms. */
Test(figure, bars_without_end_are_cut_to_the_best_which_is_said)
{
    char text[8192];
    size_t length = (size_t)snprintf(
        text, sizeof text,
        "{\"schema\": \"reqpath.whatif/1\", \"scenario\": \"s\", \"rows\": [");
    struct rp_figure f;

    for (int i = 40; i > 0; i--)
        length += (size_t)snprintf(text + length, sizeof text - length,
                                   "%s{\"variant\": \"v%d\", \"mean_ms\": %d, "
                                   "\"rps\": %d}",
                                   i < 40 ? "," : "", i, i, i);
    (void)snprintf(text + length, sizeof text - length, "]}");
    f = figure_of(text, NULL);
    cr_assert(eq(sz, f.point_count, 30));
    cr_expect(eq(str, f.points[0].label, "v1"));
    cr_expect(eq(str, f.points[29].label, "v30"));
    cr_expect(eq(str, f.title,
                 "What if: s: mean, ms, the best 30; 10 more are left out"));
    rp_figure_free(&f);
    f = figure_of(text, "rps");
    cr_expect(eq(str, f.points[0].label, "v40"), "of rates the highest");
    rp_figure_free(&f);
}

Test(figure, a_validation_has_the_rows_of_its_metric_and_its_data_sets)
{
    struct rp_figure f =
        figure_of("{\"schema\": \"reqpath.validate/1\", \"rows\": ["
                  "{\"dataset\": \"one\", \"server\": \"s\", \"metric\": "
                  "\"mean_ms\", \"measured\": 2, "
                  "\"predicted\": 3},"
                  "{\"dataset\": \"one\", \"server\": \"s\", \"metric\": "
                  "\"rps\", \"measured\": 5, "
                  "\"predicted\": 6},"
                  "{\"dataset\": \"two\", \"server\": \"s\", \"metric\": "
                  "\"mean_ms\", \"measured\": null, "
                  "\"predicted\": 4},"
                  "{\"dataset\": \"two\", \"server\": \"s\", \"metric\": "
                  "\"mean_ms\", \"measured\": 8, "
                  "\"predicted\": 9}]}",
                  NULL);

    cr_assert(eq(sz, f.point_count, 2));
    cr_expect(eq(dbl, f.points[0].x, 2.0));
    cr_expect(eq(dbl, f.points[1].value, 9.0));
    cr_expect(eq(sz, f.group_count, 2));
    rp_figure_free(&f);
}

Test(figure, a_path_shows_its_crossings_and_not_its_waits)
{
    struct rp_figure f = figure_of(
        "{\"schema\": \"reqpath.explain/1\", \"rows\": ["
        "{\"step\": 1, \"op\": \"wait\", \"place\": \"loop\", \"what\": \"own "
        "wait\", \"origin\": \"view\", \"cross\": null, \"cost_us\": 20000},"
        "{\"step\": 2, \"op\": \"leave\", \"place\": \"loop\", \"what\": "
        "\"layer\", \"origin\": \"a\", \"cross\": \"sync_to_async\", "
        "\"cost_us\": 37.5}]}",
        NULL);

    cr_assert(eq(sz, f.point_count, 1));
    cr_expect(eq(str, f.points[0].label, "2 back from sync_to_async layer"));
    cr_expect(eq(dbl, f.points[0].value, 37.5));
    cr_expect(eq(str, f.title,
                 "What each step of a request costs, without its waits"));
    rp_figure_free(&f);
}

Test(figure, a_path_says_before_which_step_its_client_is_answered)
{
    struct rp_figure f =
        figure_of("{\"schema\": \"reqpath.explain/1\", \"rows\": ["
                  "{\"step\": 1, \"op\": \"cpu\", \"place\": \"loop\", "
                  "\"what\": \"w\", \"origin\": \"a\", \"cross\": null, "
                  "\"cost_us\": 1, \"after_answer\": false},"
                  "{\"step\": 2, \"op\": \"enter\", \"place\": \"loop\", "
                  "\"what\": \"w\", \"origin\": \"a\", \"cross\": null, "
                  "\"cost_us\": 1, \"after_answer\": true},"
                  "{\"step\": 3, \"op\": \"leave\", \"place\": \"loop\", "
                  "\"what\": \"w\", \"origin\": \"a\", \"cross\": null, "
                  "\"cost_us\": 1, \"after_answer\": true}]}",
                  NULL);

    cr_expect(eq(str, f.title,
                 "What each step of a request costs; answered before step 2"));
    rp_figure_free(&f);
}

static const char calibration[] =
    "{\"schema\": \"reqpath.calibrate/1\", \"rows\": [{\"cost\": \"s2a\", "
    "\"mean_us\": 75, \"low_us\": 70, \"high_us\": 80}], \"correlations\": "
    "[{\"cost\": \"a\", \"other\": \"b\", \"correlation\": -0.5}], "
    "\"under_load\": [{\"parameter\": \"p\", \"value\": 40, \"se\": 10, "
    "\"known_by\": \"runs\"}], \"residuals\": [{\"dataset\": \"d\", "
    "\"configuration\": \"c\", \"measured_mean_ms\": 2, \"fitted_mean_ms\": "
    "2.5}], \"left_out\": [{\"dataset\": \"d\", \"server\": \"all\", "
    "\"metric\": \"rps\", \"median_error_percent\": 3, \"noise_percent\": 4}, "
    "{\"dataset\": \"d\", \"server\": \"daphne\", \"metric\": \"rps\", "
    "\"median_error_percent\": 5, \"noise_percent\": 6}]}";

/* The figure of one part, whose points are to be as many. */
static struct rp_figure part_of_calibration(const char *part, size_t points)
{
    struct rp_resultfile file = file_of(calibration);
    struct rp_figure figure = {.points = NULL};
    struct rp_error error = {0};

    cr_assert(eq(int, rp_figure_of(&file, part, NULL, &figure, &error), RP_OK),
              "%s", error.text);
    rp_resultfile_free(&file);
    cr_assert(eq(sz, figure.point_count, points));
    return figure;
}

Test(figure, a_calibration_shows_its_costs_with_their_intervals)
{
    struct rp_figure f = part_of_calibration(NULL, 1);

    cr_expect(eq(str, f.points[0].label, "s2a"));
    cr_expect(eq(dbl, f.points[0].value, 75.0));
    cr_expect(eq(dbl, f.points[0].low, 70.0));
    cr_expect(eq(dbl, f.points[0].high, 80.0));
    rp_figure_free(&f);
}

Test(figure, a_calibration_shows_what_the_runs_tell_apart_and_how_well)
{
    struct rp_figure f = part_of_calibration("correlations", 1);

    cr_expect(eq(int, (int)f.kind, RP_FIGURE_MAP));
    cr_expect(eq(dbl, f.points[0].value, -0.5));
    rp_figure_free(&f);
    f = part_of_calibration("load", 1);
    cr_expect(eq(dbl, f.points[0].value, 25.0), "10 is 25 percent of 40");
    cr_expect(eq(str, f.points[0].group, "runs"));
    rp_figure_free(&f);
}

Test(figure, a_calibration_shows_residuals_and_errors_beside_noise)
{
    struct rp_figure f = part_of_calibration("residuals", 1);

    cr_expect(eq(dbl, f.points[0].x, 2.0));
    cr_expect(eq(dbl, f.points[0].value, 2.5));
    rp_figure_free(&f);
    f = part_of_calibration("left-out", 2);
    cr_expect(eq(dbl, f.points[0].value, 3.0));
    cr_expect(eq(dbl, f.points[1].value, 4.0), "the noise stands beside it");
    rp_figure_free(&f);
}

Test(figure, a_part_that_is_none_is_told_with_those_that_are)
{
    struct rp_resultfile file = file_of(calibration);
    struct rp_figure figure = {.points = NULL};
    struct rp_error error = {0};

    cr_expect(eq(int, rp_figure_of(&file, "cost", NULL, &figure, &error),
                 RP_ERR_VALUE));
    cr_expect(eq(str, error.text,
                 "r.json: the picture of a result of calibrate: found "
                 "\"cost\", expected costs, correlations, load, residuals, "
                 "left-out or accuracy; did you mean \"costs\"?"));
    cr_expect(eq(int, rp_figure_of(&file, "accuracy", NULL, &figure, &error),
                 RP_ERR_VALUE));
    cr_expect(eq(str, error.text,
                 "r.json: there is nothing to draw: no accuracy is known: "
                 "calibrate from several runs of a configuration"));
    rp_resultfile_free(&file);
}

Test(figure, what_has_nothing_to_draw_is_told_in_a_sentence)
{
    struct rp_resultfile file = file_of(
        "{\"schema\": \"reqpath.plan/1\", \"rows\": [{\"configuration\": "
        "\"c\", \"max_rps\": null}]}");
    struct rp_figure figure = {.points = NULL};
    struct rp_error error = {0};

    cr_expect(eq(int, rp_figure_of(&file, NULL, NULL, &figure, &error),
                 RP_ERR_VALUE));
    cr_expect(eq(str, error.text,
                 "r.json: there is nothing to draw: no configuration meets "
                 "the objective at any rate: loosen --slo"));
    cr_expect(eq(int, rp_figure_of(&file, NULL, "rps", &figure, &error),
                 RP_ERR_VALUE));
    cr_expect(eq(ptr, figure.points, NULL));
    rp_resultfile_free(&file);
}

Test(figure, each_nine_is_as_far_from_the_last)
{
    cr_expect(eq(dbl, rp_figure_nines(0.0), 0.0));
    cr_expect(epsilon_eq(dbl, rp_figure_nines(90.0), 1.0, 1e-12));
    cr_expect(epsilon_eq(dbl, rp_figure_nines(99.0), 2.0, 1e-12));
    cr_expect(epsilon_eq(dbl, rp_figure_nines(99.9), 3.0, 1e-9));
}

Test(figure, large_numbers_are_whole)
{
    char text[32];

    rp_figure_number(20000.4, text);
    cr_expect(eq(str, text, "20000"));
    rp_figure_number(12.3456, text);
    cr_expect(eq(str, text, "12.35"));
}
