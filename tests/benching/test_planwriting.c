/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "bench/planwriting.h"

#include "sim/init.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

TestSuite(planwriting, .init = rp_init);

static char *written(const struct rp_plan *plan)
{
    char *text = NULL;
    size_t length = 0;
    FILE *const out = open_memstream(&text, &length);

    cr_assert(out != NULL);
    rp_plan_write(plan, out);
    cr_assert(eq(int, fclose(out), 0));
    return text;
}

static struct rp_plan read_back(const char *text)
{
    struct rp_plan plan = {0};
    struct rp_error error = {0};

    cr_assert(eq(int, rp_plan_read_text(text, strlen(text), "p", &plan, &error),
                 RP_OK),
              "%s\n%s", error.text, text);
    return plan;
}

/* What the reader makes of it is what the reader made of the original, so both
 * are written alike. */
static void expect_same(struct rp_plan plan)
{
    char *const first = written(&plan);
    struct rp_plan again = read_back(first);
    char *const second = written(&again);

    cr_expect(eq(str, first, second));
    cr_expect(eq(sz, again.run_count, plan.run_count));
    cr_expect(eq(sz, again.target_count, plan.target_count));
    for (size_t r = 0; r < plan.run_count && r < again.run_count; r++) {
        char a[RP_RUN_NAME_SIZE], b[RP_RUN_NAME_SIZE];

        cr_expect(eq(str, (char *)rp_plan_run_name(&plan, &plan.runs[r], a),
                     (char *)rp_plan_run_name(&again, &again.runs[r], b)));
    }
    free(second);
    free(first);
    rp_plan_free(&again);
    rp_plan_free(&plan);
}

Test(planwriting, every_key_comes_back)
{
    struct rp_plan plan = {0};
    struct rp_error error = {0};

    cr_assert(eq(int,
                 rp_plan_read(RP_SOURCE_DIR
                              "/tests/fuzz/seeds/benchplan/all-keys.yaml",
                              &plan, &error),
                 RP_OK),
              "%s", error.text);
    cr_assert(gt(sz, plan.targets[0].env_count, 0));
    expect_same(plan);
}

Test(planwriting, a_grid_becomes_its_runs)
{
    struct rp_plan plan = {0};
    struct rp_error error = {0};

    cr_assert(
        eq(int,
           rp_plan_read(RP_SOURCE_DIR "/tests/fuzz/seeds/benchplan/grid.yaml",
                        &plan, &error),
           RP_OK),
        "%s", error.text);
    expect_same(plan);
}

Test(planwriting, wrk_and_odd_texts_come_back)
{
    struct rp_plan plan = read_back(
        "name: \"a: \\\"b\\\" \\\\ c\"\ncampaign: k\n"
        "framework_version: 3.2.25\nasgiref_version: 3.6.0\nrounds: 2\n"
        "warm_up: 3s\neffect: 2.5%\nclient: {tool: wrk}\n"
        "targets: [{name: g, kind: url, url: 'http://h/', server: uvicorn, "
        "app_built_in_loop: false, start_timeout: 1500ms}]\n"
        "runs: [{stack: SA, io_ms: 2.5, duration: 7s}]\n");

    cr_expect(eq(uint, plan.warm_up, 3));
    expect_same(plan);
}

Test(planwriting, a_target_without_a_gil_stays_one)
{
    struct rp_plan plan = read_back(
        "name: n\ncampaign: k\nframework_version: 3.2.25\n"
        "asgiref_version: 3.6.0\nrounds: 2\n"
        "targets:\n- {name: a, kind: url, url: 'http://h/', server: uvicorn, "
        "set: a, gil: false}\n"
        "- {name: b, kind: url, url: 'http://h/', server: uvicorn, set: b}\n"
        "runs: [{requests: 40}]\n");
    char *const text = written(&plan);
    struct rp_plan again = read_back(text);

    cr_expect(again.targets[0].free_threaded);
    cr_expect(not(again.targets[1].free_threaded));
    free(text);
    rp_plan_free(&again);
    rp_plan_free(&plan);
}

Test(planwriting, whether_connections_are_kept_comes_back)
{
    struct rp_plan plan = read_back(
        "name: n\ncampaign: k\nframework_version: 3.2.25\n"
        "asgiref_version: 3.6.0\nrounds: 2\nclient: {keepalive: true}\n"
        "targets: [{name: a, kind: url, url: 'http://h/', server: uvicorn}]\n"
        "runs: [{requests: 40}, {stack: S, keepalive: false, requests: 40}]\n");
    char *const text = written(&plan);
    struct rp_plan again = read_back(text);

    cr_expect(again.keepalive);
    cr_expect(again.runs[0].keepalive);
    cr_expect(not(again.runs[1].keepalive));
    free(text);
    rp_plan_free(&again);
    expect_same(plan);
}
