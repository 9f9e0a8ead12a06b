/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/runname.h"

#include "bench/benchplan.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char gunicorn[] = "gunicorn", daphne[] = "daphne-v1.2";
static struct rp_target targets[] = {{.name = gunicorn}, {.name = daphne}};
static const struct rp_plan plan = {.targets = targets, .target_count = 2};

struct run_case {
    struct rp_plan_run run;
    const char *name;
};

Test(runname, it_says_what_a_run_is)
{
    static const struct run_case cases[] = {
        {{.concurrency = 1}, "gunicorn_none_sync_c1"},
        {{.target = 1, .stack = "SSA", .view_async = true, .concurrency = 16},
         "daphne-v1.2_SSA_async_c16"},
        {{.stack = "SSS", .view_async = true, .io_ms = 20, .concurrency = 8},
         "gunicorn_SSS_async_io20_c8"},
        {{.stack = "M", .io_ms = 2.5, .cpu_us = 500, .concurrency = 2},
         "gunicorn_M_sync_io2.5_cpu500_c2"},
        {{.open = {200, RP_PROCESS_POISSON, 1}}, "gunicorn_none_sync_r200"},
        {{.cpu_us = 0.25, .open = {12.5, RP_PROCESS_DETERMINISTIC, 0}},
         "gunicorn_none_sync_cpu0.25_r12.5-deterministic"},
        {{.open = {200, RP_PROCESS_GAMMA, 2}},
         "gunicorn_none_sync_r200-gamma-cv2"},
        {{.open = {0.5, RP_PROCESS_HYPEREXPONENTIAL, 1.5}},
         "gunicorn_none_sync_r0.5-hyperexponential-cv1.5"},
        {{.concurrency = 8, .keepalive = true}, "gunicorn_none_sync_c8_k"},
        {{.target = 2, .concurrency = 1}, "_none_sync_c1"}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[RP_RUN_NAME_SIZE];

        cr_expect(rp_plan_run_name(&plan, &cases[i].run, text) == text);
        cr_expect(eq(str, (char *)text, (char *)cases[i].name));
    }
}

Test(runname, a_file_can_be_called_after_any_run)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-+";

    for (unsigned process = 0; process <= RP_PROCESS_MMPP; process++) {
        const struct rp_plan_run run = {
            .io_ms = 1e-7,
            .cpu_us = 1e9,
            .open = {1234567.0, (enum rp_process)process, 1e5}};
        char text[RP_RUN_NAME_SIZE];

        if (!rp_openload_has((enum rp_process)process))
            continue;
        (void)rp_plan_run_name(&plan, &run, text);
        cr_expect(eq(sz, strspn(text, allowed), strlen(text)), "%s", text);
    }
}

/* What a plan lets through at its longest: a name of 98 bytes with that of a
 * revision, 63 layers, an open load with a cv. */
Test(runname, the_longest_run_has_its_load_in_its_name)
{
    char name[99], text[RP_RUN_NAME_SIZE];
    struct rp_target target = {.name = name};
    const struct rp_plan long_plan = {.targets = &target, .target_count = 1};
    struct rp_plan_run run = {
        .view_async = true,
        .io_ms = 123456.789,
        .cpu_us = 123456789.0,
        .keepalive = true,
        .open = {1.23456789e-5, RP_PROCESS_HYPEREXPONENTIAL, 1.23456789e-5}};
    static const char end[] =
        "_async_io123457_cpu1.23457e+08_r1.23457e-05-hyperexponential-"
        "cv1.23457e-05_k";

    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    memset(run.stack, 'S', sizeof run.stack - 1);
    (void)rp_plan_run_name(&long_plan, &run, text);
    cr_expect(eq(sz, strlen(text), 98 + 1 + 63 + strlen(end)));
    cr_expect(eq(str, text + 98 + 1 + 63, (char *)end));
}

static void expect_url(const char *url, const struct rp_plan_run *run,
                       const char *filled)
{
    char *const text = rp_plan_run_url(url, run);

    cr_expect(eq(str, text, (char *)filled));
    free(text);
}

Test(runname, the_url_asks_for_the_run)
{
    static const char all[] =
        "http://h/{stack}/{view}?io={io_ms}&cpu={cpu_us}#{port}";

    expect_url(all, &(struct rp_plan_run){.stack = "SMA", .io_ms = 20},
               "http://h/SMA/sync?io=20&cpu=0#{port}");
    expect_url(all,
               &(struct rp_plan_run){
                   .view_async = true, .io_ms = 2.5, .cpu_us = 0.125},
               "http://h/none/async?io=2.5&cpu=0.125#{port}");
    expect_url("http://h/", &(struct rp_plan_run){.stack = "SMA"}, "http://h/");
}

/* int("1e+06") is an error in Python, and 1234567 is not 1.23457e+06. */
Test(runname, numbers_in_a_url_are_whole_and_have_no_exponent)
{
    static const struct {
        double io_ms, cpu_us;
        const char *filled;
    } cases[] = {{0.0, 1e6, "0/1000000"},
                 {1e6, 1e9, "1000000/1000000000"},
                 {0.1, 1234567.0, "0.1/1234567"},
                 {20.0, 123456.75, "20/123456.75"},
                 {1e-5, 0.3, "0.00001/0.3"},
                 {2.5e-7, 1e8 / 3.0, "0.00000025/33333333.3333333"}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_url("{io_ms}/{cpu_us}",
                   &(struct rp_plan_run){.io_ms = cases[i].io_ms,
                                         .cpu_us = cases[i].cpu_us},
                   cases[i].filled);
}
