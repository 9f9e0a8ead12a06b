/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "calibrate/calibration.h"
#include "calibrate/speeds.h"
#include "tests/calibrate/synthetic.h"

#include <criterion/new/assert.h>

static struct rp_calibration calibrate(struct rp_measured *m)
{
    struct rp_calibration c = {.speed = NULL};
    struct rp_error error = {0};

    cr_assert(eq(int, rp_speeds_find(m, &error), RP_OK));
    cr_assert(eq(int, rp_calibrate(m, NULL, "a test", NULL, &c, &error), RP_OK),
              "%s", error.text);
    return c;
}

Test(calibration, a_profile_has_the_costs_that_the_runs_were_made_from)
{
    static const double speeds[] = {1.25, 0.8, 1.0, 2.0, 0.5, 1.0};
    const struct rp_spread flat = rp_spread_constant();
    struct synthetic s = synthetic_usual();
    struct rp_measured m;
    struct rp_calibration c;

    s.spread = &flat;
    s.gap_ns = 30e3;
    s.speed = speeds;
    m = synthetic_measure(&s);
    c = calibrate(&m);
    for (unsigned i = 0; i < RP_ITEM_COUNT; i++)
        if (s.cost_ns[i] > 0.0 && c.profile.cost_of_item[i] >= 0)
            cr_expect(
                epsilon_eq(dbl,
                           c.profile.costs[c.profile.cost_of_item[i]].mean_ns,
                           s.cost_ns[i], 0.002 * s.cost_ns[i] + 100.0),
                "%s", rp_item_name((enum rp_item)i));
    cr_assert(ge(int, c.profile.cost_of_item[RP_ITEM_CLIENT_GAP], 0));
    cr_expect(epsilon_eq(
        dbl,
        c.profile.costs[c.profile.cost_of_item[RP_ITEM_CLIENT_GAP]].mean_ns,
        30e3, 1.0));
    cr_assert(eq(sz, c.profile.round_count, 6));
    cr_expect(epsilon_eq(dbl, rp_profile_speed(&c.profile, "synthetic-1", 4),
                         2.0, 0.01));
    rp_calibration_free(&c);
    rp_calibration_free(&c);
    rp_measured_free(&m);
}

/* 15 stacks with both views on three servers, of which one is no use. */
Test(calibration, a_profile_lists_the_configurations_behind_its_costs)
{
    struct synthetic s = synthetic_usual();
    struct rp_measured m = synthetic_measure(&s);
    const struct rp_covered_server *gunicorn;
    struct rp_calibration c;
    struct rp_setting setting;

    m.configs[0].io_ns = 5e6; /* waits serve no fit */
    setting = rp_config_setting(&m.datasets[0], &m.configs[3]);
    c = calibrate(&m);
    cr_assert(eq(sz, c.profile.extent.server_count, 3));
    gunicorn = rp_extent_server(&c.profile.extent, RP_SERVER_GUNICORN);
    cr_assert(gunicorn != NULL);
    cr_assert(eq(sz, gunicorn->point_count, 2), "one a view");
    cr_expect(eq(
        sz, gunicorn->points[0].stack_count + gunicorn->points[1].stack_count,
        29));
    cr_expect(eq(uint, gunicorn->layers.least, 0));
    cr_expect(eq(uint, gunicorn->layers.most, 3));
    cr_expect(rp_extent_has(gunicorn, &setting, m.configs[3].stack));
    setting.concurrency = 8;
    cr_expect(not(rp_extent_has(gunicorn, &setting, m.configs[3].stack)));
    rp_calibration_free(&c);
    rp_measured_free(&m);
}

Test(calibration, its_provenance_is_that_of_the_data_sets)
{
    struct synthetic s = synthetic_usual();
    struct rp_measured m = synthetic_measure(&s);
    struct rp_calibration c = calibrate(&m);
    struct rp_profile again = {0};
    struct rp_error error = {0};
    char *text = NULL;
    size_t size = 0;
    FILE *const out = open_memstream(&text, &size);

    cr_expect(eq(str, c.profile.made_by, "a test"));
    cr_expect(eq(str, c.profile.made_on, "2026-11-22"), "the newest run's day");
    cr_expect(eq(str, c.profile.framework_version, "3.2.25"));
    cr_expect(eq(str, c.profile.cpu, "none"));
    cr_assert(eq(sz, c.profile.source_count, 1));
    cr_expect(eq(str, c.profile.sources[0],
                 "synthetic (540 runs, campaign synthetic-1)"));
    cr_expect(eq(ulong, c.profile.runs, 540));
    cr_assert(out != NULL);
    cr_expect(eq(int, rp_profile_write(&c.profile, out, &error), RP_OK), "%s",
              error.text);
    (void)fclose(out);
    cr_expect(eq(int,
                 rp_profile_read_text(text, size, "p.yaml", &again, &error),
                 RP_OK),
              "what was made is valid: %s", error.text);
    free(text);
    rp_profile_free(&again);
    rp_calibration_free(&c);
    rp_measured_free(&m);
}

Test(calibration, noise_and_misfit_are_told_apart)
{
    struct synthetic s = synthetic_usual();
    struct rp_measured m;
    struct rp_calibration c;

    s.rounds = 12;
    s.noise_sd = 0.06;
    s.misfit_sd = 0.04;
    m = synthetic_measure(&s);
    c = calibrate(&m);
    cr_expect(epsilon_eq(
        dbl, c.profile.accuracy[RP_SITUATION_ALONE][RP_METRIC_MEAN].run_sd,
        0.06, 0.008));
    cr_expect(epsilon_eq(
        dbl, c.profile.accuracy[RP_SITUATION_ALONE][RP_METRIC_MEAN].misfit_sd,
        0.04, 0.012));
    cr_expect(eq(dbl,
                 c.profile.accuracy[RP_SITUATION_ALONE][RP_METRIC_P99].run_sd,
                 0.0),
              "unknown");
    rp_calibration_free(&c);
    rp_measured_free(&m);
}

Test(calibration, two_platforms_are_no_profile)
{
    static const struct {
        const char *from, *to, *sentence;
    } cases[] = {
        {"3.2.25", "4.2.11",
         "a was measured on django 3.2.25, b on 4.2.11: a profile is for one "
         "platform; calibrate each with its own"},
        {"cpu: none", "cpu: some",
         "a was measured on a CPU called none, b on some: a profile is for one "
         "platform; calibrate each with its own"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rp_dataset two[2] = {{.cores = 0}, {.cores = 0}};
        const struct rp_measured m = {.dataset_count = 2, .datasets = two};
        struct rp_error error = {0};
        char text[1024];
        const char *const at = strstr(synthetic_yaml, cases[i].from);

        (void)snprintf(text, sizeof text, "%.*s%s%s",
                       (int)(at - synthetic_yaml), synthetic_yaml, cases[i].to,
                       at + strlen(cases[i].from));
        cr_assert(
            eq(int,
               rp_dataset_read_text(synthetic_yaml, strlen(synthetic_yaml), "a",
                                    &two[0], &error),
               RP_OK));
        cr_assert(
            eq(int,
               rp_dataset_read_text(text, strlen(text), "b", &two[1], &error),
               RP_OK),
            "%s", error.text);
        free(two[0].folder);
        free(two[1].folder);
        two[0].folder = strdup("a");
        two[1].folder = strdup("b");
        cr_expect(eq(int, rp_calibration_check(&m, &error), RP_ERR_VALUE));
        cr_expect(eq(str, error.text, (char *)cases[i].sentence));
        rp_dataset_free(&two[0]);
        rp_dataset_free(&two[1]);
    }
}
