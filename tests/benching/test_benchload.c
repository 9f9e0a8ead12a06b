/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/benchload.h"

#include "bench/schedule.h"
#include "sim/init.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

TestSuite(benchload, .init = rp_init);

#define HEAD                                                                   \
    "name: n\ncampaign: k\nframework_version: 3.2.25\n"                        \
    "asgiref_version: 3.6.0\nrounds: 3\n"                                      \
    "targets: [{name: g, kind: url, url: 'http://h:1/', server: gunicorn}]\n"

static struct rp_plan read_good(const char *text)
{
    struct rp_plan plan = {0};
    struct rp_error error = {0};

    cr_assert(eq(int, rp_plan_read_text(text, strlen(text), "p", &plan, &error),
                 RP_OK),
              "%s", error.text);
    return plan;
}

static void expect_refused(const char *text, const char *sentence)
{
    struct rp_plan plan = {.rounds = 77};
    struct rp_error error = {0};

    cr_expect(eq(int, rp_plan_read_text(text, strlen(text), "p", &plan, &error),
                 RP_ERR_VALUE));
    cr_expect(eq(str, error.text, (char *)sentence));
    cr_expect(eq(uint, plan.rounds, 77), "untouched on failure");
}

Test(benchload, a_run_with_a_rate_is_open_whatever_the_tool_of_the_plan)
{
    struct rp_plan plan = read_good(
        HEAD "runs:\n- {concurrency: 8, requests: 160}\n"
             "- {rate: [100/s, 300/min], requests: 50}\n"
             "- {rate: 100/s, process: gamma, cv: 2, requests: 50}\n");
    char name[RP_RUN_NAME_SIZE];

    cr_assert(eq(sz, plan.run_count, 4));
    cr_expect(
        eq(int, (int)rp_plan_run_tool(&plan, &plan.runs[0]), (int)RP_TOOL_AB));
    cr_expect(eq(int, (int)rp_plan_run_tool(&plan, &plan.runs[1]),
                 (int)RP_TOOL_OPEN));
    cr_expect(rp_plan_has_open(&plan));
    cr_expect(eq(uint, plan.runs[1].concurrency, 0));
    cr_expect(eq(uint, plan.runs[1].requests, 50));
    cr_expect(eq(dbl, plan.runs[2].open.rate_per_s, 5.0));
    cr_expect(eq(dbl, plan.runs[3].open.cv, 2.0));
    cr_expect(eq(dbl, plan.timeout_ns, 30e9));
    cr_expect(eq(str, (char *)rp_plan_run_name(&plan, &plan.runs[0], name),
                 "g_none_sync_c8"));
    cr_expect(eq(str, (char *)rp_plan_run_name(&plan, &plan.runs[1], name),
                 "g_none_sync_r100"));
    cr_expect(eq(str, (char *)rp_plan_run_name(&plan, &plan.runs[3], name),
                 "g_none_sync_r100-gamma-cv2"));
    rp_plan_free(&plan);
}

Test(benchload, a_plan_of_open_loads_alone_needs_no_other_client)
{
    struct rp_plan plan = read_good(HEAD "client: {tool: open, timeout: 2s}\n"
                                         "runs: [{rate: 5/s, requests: 1}]\n");

    cr_expect(eq(int, (int)plan.tool, (int)RP_TOOL_OPEN));
    cr_expect(eq(dbl, plan.timeout_ns, 2e9));
    rp_plan_free(&plan);
}

Test(benchload, what_does_not_go_with_a_rate_is_refused_at_its_place)
{
    expect_refused(HEAD "runs: [{rate: 5/s, concurrency: 2, requests: 9}]\n",
                   "p:7:33: concurrency: the run has a rate, so its load is "
                   "open; nobody waits for an answer before they ask; leave it "
                   "out, or leave out rate");
    expect_refused(HEAD "runs: [{rate: 5/s, duration: 2s}]\n",
                   "p:7:30: duration: the run has a rate, so its load is open; "
                   "say how many requests come: requests");
    expect_refused(HEAD "runs: [{rate: 5/s}]\n",
                   "p:7:8: requests: missing; name how many each run makes");
    expect_refused(HEAD "runs: [{process: gamma, requests: 9}]\n",
                   "p:7:18: process belongs to an open load, and the run has "
                   "no rate; say rate: 200/s, or leave it out");
    expect_refused(HEAD "runs: [{rate: 5/s, process: gamma, requests: 9}]\n",
                   "p:7:29: process: gamma needs the key \"cv\", the gaps' "
                   "standard deviation by their mean; write cv: 2");
    expect_refused(HEAD "runs: [{rate: 0/s, requests: 9}]\n",
                   "p:7:15: rate: found \"0/s\", expected more than 0");
    expect_refused(HEAD "runs: [{rate: 1/min, requests: 9999}]\n",
                   "p:7:32: requests: 9999 at 0.0166667/s take more than a "
                   "day");
}

Test(benchload, a_client_of_open_loads_has_runs_with_rates_alone)
{
    expect_refused(HEAD "client: {tool: open}\nruns: [{requests: 9}]\n",
                   "p:8:8: rate: missing; the tool is open, so say how many "
                   "requests come a second, like rate: 200/s");
    expect_refused(HEAD "client: {tool: open, program: x}\n"
                        "runs: [{rate: 5/s, requests: 9}]\n",
                   "p:7:31: program: the client of an open load is reqpath "
                   "itself; leave it out");
    expect_refused(HEAD "client: {timeout: 0s}\n"
                        "runs: [{rate: 5/s, requests: 9}]\n",
                   "p:7:19: timeout: expected 1ms .. 1h");
}

Test(benchload, a_run_has_other_moments_in_each_round_and_keeps_them)
{
    const uint64_t one = rp_schedule_run_seed(1, 1, "g_none_sync_r100");

    cr_expect(eq(u64, one, rp_schedule_run_seed(1, 1, "g_none_sync_r100")));
    cr_expect(ne(u64, one, rp_schedule_run_seed(1, 2, "g_none_sync_r100")));
    cr_expect(ne(u64, one, rp_schedule_run_seed(2, 1, "g_none_sync_r100")));
    cr_expect(ne(u64, one, rp_schedule_run_seed(1, 1, "g_none_sync_r101")));
}
