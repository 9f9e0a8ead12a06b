/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "bench/benchplan.h"
#include "sim/init.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

TestSuite(benchplan, .init = rp_init);

#define HEAD                                                                   \
    "name: n\ncampaign: k\nframework_version: 3.2.25\n"                        \
    "asgiref_version: 3.6.0\nrounds: 3\n"
#define TARGETS                                                                \
    "targets:\n"                                                               \
    "- {name: g, kind: url, url: 'http://h:1/', server: gunicorn}\n"
#define RUNS "runs:\n- {requests: 100}\n"

static struct rp_plan read_good(const char *text)
{
    struct rp_plan plan = {0};
    struct rp_error error = {0};

    cr_assert(eq(int, rp_plan_read_text(text, strlen(text), "p", &plan, &error),
                 RP_OK),
              "%s", error.text);
    return plan;
}

Test(benchplan, what_is_not_said_has_a_default)
{
    struct rp_plan plan = read_good(HEAD TARGETS RUNS);
    const struct rp_target *const t = &plan.targets[0];
    const struct rp_plan_run *const r = &plan.runs[0];

    cr_expect(eq(str, plan.program, "ab"));
    cr_expect(eq(str, plan.framework, "django"));
    cr_expect(eq(uint, plan.rounds, 3));
    cr_expect(eq(ulong, (unsigned long)plan.seed, 1));
    cr_expect(eq(uint, plan.warm_up, 20));
    cr_expect(eq(dbl, plan.effect, 0.05));
    cr_expect(plan.client_cpus == NULL && t->cpus == NULL && t->set == NULL);
    cr_expect(eq(uint, t->threads, 1));
    cr_expect(eq(uint, t->processes, 1));
    cr_expect(eq(dbl, t->start_ns, 30e9));
    cr_expect(eq(sz, plan.run_count, 1));
    cr_expect(eq(str, (char *)r->stack, ""));
    cr_expect(not(r->view_async));
    cr_expect(eq(uint, r->concurrency, 1));
    rp_plan_free(&plan);
    rp_plan_free(&plan);
}

#define WRK "client: {tool: wrk}\n"

Test(benchplan, wrk_measures_for_a_time)
{
    struct rp_plan plan =
        read_good(HEAD WRK TARGETS "runs: [{duration: 2s, concurrency: 8}]\n");

    cr_expect(eq(int, (int)plan.tool, (int)RP_TOOL_WRK));
    cr_expect(eq(str, plan.program, "wrk"));
    cr_expect(eq(uint, plan.warm_up, 1), "a second");
    cr_expect(eq(uint, plan.runs[0].seconds, 2));
    cr_expect(eq(uint, plan.runs[0].requests, 0));
    rp_plan_free(&plan);
}

Test(benchplan, a_grid_is_every_combination)
{
    struct rp_plan plan = read_good(
        HEAD TARGETS "- {name: d, kind: command, command: run, "
                     "url: 'http://h:2/', server: daphne, env: {A: b, C: 1}}\n"
                     "runs:\n"
                     "- {stack: [none, S, AS], view: [sync, async], "
                     "concurrency: [1, 5], requests: 100}\n"
                     "- {target: d, io_ms: [1, 20], requests: 100}\n");

    /* 2 targets x 3 stacks x 2 views x 2 concurrencies, and 2 */
    cr_expect(eq(sz, plan.run_count, 26));
    cr_expect(eq(sz, plan.targets[1].env_count, 2));
    cr_expect(eq(str, plan.targets[1].env[0], "A=b"));
    cr_expect(eq(sz, plan.runs[25].target, 1));
    cr_expect(eq(dbl, plan.runs[25].io_ms, 20.0));
    rp_plan_free(&plan);
}

Test(benchplan, a_target_with_a_stack_has_the_runs_of_that_stack)
{
    struct rp_plan plan = read_good(
        HEAD "targets:\n"
             "- {name: a, kind: url, url: 'http://h:1/', server: gunicorn, "
             "stack: S}\n"
             "- {name: b, kind: url, url: 'http://h:2/', server: gunicorn, "
             "stack: none}\n"
             "runs:\n- {stack: [none, S, SSS], requests: 100}\n");

    cr_assert(eq(sz, plan.run_count, 2));
    cr_expect(eq(sz, plan.runs[0].target, 1), "none");
    cr_expect(eq(sz, plan.runs[1].target, 0), "S");
    rp_plan_free(&plan);
}

Test(benchplan, names_and_urls_say_what_a_run_is)
{
    struct rp_plan plan =
        read_good(HEAD TARGETS "runs:\n- {stack: SSA, view: async, io_ms: 2.5, "
                               "cpu_us: 500, concurrency: 8, requests: 1000}\n"
                               "- {requests: 20}\n");
    char name[RP_RUN_NAME_SIZE];
    char *url = rp_plan_run_url("http://h/{view}/{stack}?io={io_ms}&cpu="
                                "{cpu_us}&{view}{no}",
                                &plan.runs[0]);

    cr_expect(eq(str, (char *)rp_plan_run_name(&plan, &plan.runs[0], name),
                 "g_SSA_async_io2.5_cpu500_c8"));
    cr_expect(eq(str, url, "http://h/async/SSA?io=2.5&cpu=500&async{no}"));
    free(url);
    url = rp_plan_run_url("{stack}", &plan.runs[1]);
    cr_expect(eq(str, (char *)rp_plan_run_name(&plan, &plan.runs[1], name),
                 "g_none_sync_c1"));
    cr_expect(eq(str, url, "none"));
    free(url);
    rp_plan_free(&plan);
}

/* ---- Mistakes ---- */

struct mistake {
    const char *text, *sentence;
};

#define TARGET(rest) HEAD "targets:\n- {" rest "}\n" RUNS
#define RUN(rest)    HEAD TARGETS "runs:\n- {" rest "}\n"

static const struct mistake mistakes[] = {
    {HEAD "round: 3\n" TARGETS RUNS,
     "p:6:1: unknown key \"round\"; did you mean \"rounds\"? (keys are name, "
     "campaign, framework, framework_version, asgiref_version, "
     "python_version, rounds, seed, warm_up, effect, client, targets or runs)"},
    {"name: n\n",
     "p:1:1: the key \"campaign\" is missing here; write \"campaign: ...\""},
    {HEAD RUNS,
     "p:1:1: the key \"targets\" is missing here; write \"targets: ...\""},
    {HEAD "targets: []\n" RUNS,
     "p:6:10: targets: found none, expected at least one"},
    {HEAD TARGETS,
     "p:1:1: the key \"runs\" is missing here; write \"runs: ...\""},
    {HEAD TARGETS "runs: []\n", "p:8:7: runs: found none that a target serves, "
                                "expected at least one"},
    {TARGET("name: a/b, kind: url, url: 'http://h/', server: daphne"),
     "p:7:10: name: found \"a/b\", expected at most 64 letters, digits, \"-\", "
     "\"_\" and \".\": it becomes part of file names"},
    {TARGET("name: a, kind: uri, url: 'http://h/', server: daphne"),
     "p:7:19: kind: found \"uri\"; did you mean \"url\"? (expected command, "
     "url or microhandler)"},
    {TARGET("name: a, kind: url, url: 'h:80', server: daphne"),
     "p:7:29: url: found \"h:80\", expected one like http://127.0.0.1:8000/"},
    {TARGET("name: a, kind: url, url: 'http://h/', server: daphne, command: x"),
     "p:7:67: command: a target of this kind has none; leave it out or change "
     "its kind"},
    {TARGET("name: a, kind: command, url: 'http://h/', server: daphne"),
     "p:7:3: the key \"command\" is missing here; write \"command: ...\""},
    {TARGET("name: a, kind: microhandler, scenario: s, profile: p, "
            "url: 'http://h/', server: daphne"),
     "p:7:63: url: a microhandler says itself where it listens; leave it out"},
    {TARGET("name: a, kind: url, url: 'http://h/', health: x, server: daphne"),
     "p:7:50: health: expected a path that begins with \"/\""},
    {TARGET("name: a, kind: url, url: 'http://h/', server: dafne"),
     "p:7:50: server: found \"dafne\", expected gunicorn, gthread, runserver, "
     "daphne or uvicorn"},
    {TARGET("name: a, kind: url, url: 'http://h/', server: gunicorn, "
            "app_built_in_loop: true"),
     "p:7:79: app_built_in_loop: gunicorn has no loop"},
    {TARGET("name: a, kind: url, url: 'http://h/', server: daphne, cpus: 0-"),
     "p:7:64: cpus: found \"0-\", expected numbers of CPUs, like \"0\", "
     "\"0-3\" or \"0,2\""},
    {HEAD TARGETS
     "- {name: g, kind: url, url: 'http://h:1/', server: gunicorn}\n" RUNS,
     "p:8:10: name: \"g\" is the name of another target"},
    {HEAD TARGETS "- {name: h, kind: url, url: 'http://h:1/', "
                  "server: gunicorn, processes: 2}\n" RUNS,
     "p:8:3: the targets g and h are both gunicorn, with other processes, "
     "app_built_in_loop, gil or version: a data set describes a server once; "
     "give one of them a set of its own"},
    {HEAD
     "targets:\n- {name: g, kind: url, url: 'http://h:1/', server: daphne, "
     "version: 4.0.0}\n- {name: h, kind: url, url: 'http://h:2/', server: "
     "daphne, version: 4.1.0}\n" RUNS,
     "p:8:3: the targets g and h are both daphne, with other processes, "
     "app_built_in_loop, gil or version: a data set describes a server once; "
     "give one of them a set of its own"},
    {HEAD TARGETS "- {name: h, kind: url, url: 'http://h:1/', "
                  "server: gunicorn, gil: false}\n" RUNS,
     "p:8:3: the targets g and h are both gunicorn, with other processes, "
     "app_built_in_loop, gil or version: a data set describes a server once; "
     "give one of them a set of its own"},
    {HEAD TARGETS "- {name: h, kind: microhandler, scenario: s, profile: p, "
                  "server: daphne}\n" RUNS,
     "p:8:3: one of the targets g and h is a microhandler, which has not all "
     "that happens in CPython under load: give one of them a set of its "
     "own"},
    {RUN("target: f, requests: 100"),
     "p:9:12: target: found \"f\", expected the name of a target; did you mean "
     "\"g\"?"},
    {RUN("stack: SQ, requests: 100"), "p:9:11: stack: "},
    {RUN("view: asynch, requests: 100"),
     "p:9:10: view: found \"asynch\"; did you mean \"async\"? (expected "
     "sync or async)"},
    {RUN("stack: S"), "p:9:3: requests: missing; name how many each run makes"},
    {RUN("concurrency: 8, requests: 100"),
     "p:9:30: requests: 100 for 8 clients are fewer than 20 for each, which is "
     "too few to see a steady state; ask for 160 or more"},
    {RUN("io_ms: 5ms, requests: 100"), "p:9:11: io_ms: "},
    {RUN("stack: [], requests: 100"),
     "p:9:11: stack: found an empty list, expected a value or several"},
    {RUN("stack: [S, S], requests: 100"),
     "p:9:3: the run g_S_sync_c1 is there twice; a round visits each run once"},
    {HEAD "client: {keepalive: 1}\n" TARGETS RUNS,
     "p:6:21: keepalive: found \"1\", expected true or false"},
    {RUN("keepalive: [true, maybe], requests: 100"),
     "p:9:22: found \"maybe\", expected true or false"},
    {RUN("keepalive: [true, true], requests: 100"),
     "p:9:3: the run g_none_sync_c1_k is there twice; a round visits each run "
     "once"},
    {HEAD "client: {tool: hey}\n" TARGETS RUNS,
     "p:6:16: tool: found \"hey\", expected ab, wrk or open"},
    {HEAD WRK TARGETS "runs: [{requests: 100}]\n",
     "p:9:19: requests: wrk cannot make a number of requests; say how long it "
     "measures, like duration: 10s, or take ab"},
    {HEAD WRK TARGETS "runs: [{stack: S}]\n",
     "p:9:8: duration: missing; say how long wrk measures, like 10s"},
    {HEAD WRK TARGETS "runs: [{duration: 1500ms}]\n",
     "p:9:19: duration: found 1.5 s; wrk measures whole seconds, at most "
     "86400"},
    {HEAD WRK TARGETS "runs: [{duration: 0s}]\n",
     "p:9:19: duration: found 0 s, expected 1s or more"},
    {HEAD WRK "warm_up: 20\n" TARGETS "runs: [{duration: 2s}]\n", "p:7:10: "},
    {RUN("duration: 2s"), "p:9:14: duration: ab makes a number of requests; "
                          "say requests, or client: "
                          "{tool: wrk}"},
    {"name: n\ncampaign: k\nframework_version: three\nasgiref_version: 3.6.0\n"
     "rounds: 3\n" TARGETS RUNS,
     "p:3:20: framework_version: found \"three\", expected a version like "
     "3.2.25"},
};

Test(benchplan, each_mistake_has_its_sentence)
{
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        const char *const text = mistakes[i].text;
        struct rp_plan plan = {.rounds = 77};
        struct rp_error error = {0};

        cr_expect(ne(int,
                     rp_plan_read_text(text, strlen(text), "p", &plan, &error),
                     RP_OK),
                  "%s", mistakes[i].sentence);
        cr_expect(strncmp(error.text, mistakes[i].sentence,
                          strlen(mistakes[i].sentence)) == 0,
                  "\n%s\nnot\n%s", error.text, mistakes[i].sentence);
        cr_expect(eq(uint, plan.rounds, 77), "untouched on failure");
    }
}

/* Two WSGI servers and two ASGI ones, each with five stacks and the real
 * layers of startproject; one view and two, one client and eight. */
Test(benchplan, the_plan_that_is_shipped_has_seventy_two_runs)
{
    struct rp_plan plan = {0};
    struct rp_error error = {0};

    cr_assert(eq(int,
                 rp_plan_read(RP_SOURCE_DIR "/data/plans/hello-world.yaml",
                              &plan, &error),
                 RP_OK),
              "%s", error.text);
    cr_expect(eq(sz, plan.target_count, (2 + 2) * (5 + 1)));
    cr_expect(eq(sz, plan.run_count, (2 * 1 + 2 * 2) * (5 + 1) * 2));
    rp_plan_free(&plan);
}

Test(benchplan, a_target_may_have_versions_of_its_own)
{
    static const char text[] =
        "name: n\ncampaign: k\nframework_version: 3.2.25\n"
        "asgiref_version: 3.6.0\nrounds: 3\ntargets:\n"
        "- {name: a, kind: url, url: http://h/, server: gunicorn}\n"
        "- {name: b, set: new, kind: url, url: http://i/, server: gunicorn, "
        "framework_version: 4.2, asgiref_version: 3.7.2, python_version: "
        "3.12}\n"
        "runs: [{stack: none, requests: 20}]\n";
    struct rp_plan plan = {0};
    struct rp_error error = {0};
    char together[sizeof text];
    char *set;

    cr_assert(eq(int, rp_plan_read_text(text, strlen(text), "p", &plan, &error),
                 RP_OK),
              "%s", error.text);
    cr_expect(
        eq(str, plan.targets[0].platform.framework_version, (char *)"3.2.25"));
    cr_expect(
        eq(str, plan.targets[1].platform.framework_version, (char *)"4.2"));
    cr_expect(
        eq(str, plan.targets[1].platform.asgiref_version, (char *)"3.7.2"));
    cr_expect(eq(str, plan.targets[1].platform.framework, (char *)"django"));
    rp_plan_free(&plan);
    (void)strcpy(together, text);
    set = strstr(together, "set: new, ");
    (void)memmove(set, set + strlen("set: new, "),
                  strlen(set + strlen("set: new, ")) + 1);
    cr_assert(eq(
        int, rp_plan_read_text(together, strlen(together), "p", &plan, &error),
        RP_ERR_VALUE));
    cr_expect(eq(
        str, error.text,
        (char *)"p:8:3: the targets a and b have other versions: a data set "
                "has one framework, version, asgiref and Python; give one of "
                "them a set of its own"));
}

Test(benchplan, several_revisions_are_as_many_targets)
{
    static const char text[] =
        "name: n\ncampaign: k\nframework_version: 3.2.25\n"
        "asgiref_version: 3.6.0\nrounds: 3\ntargets:\n"
        "- {name: a, kind: command, git: r, revisions: [main, x/y~1], "
        "command: c, url: 'http://h:{port}/', server: gunicorn}\n"
        "runs: [{target: a, stack: [none, S], requests: 20}]\n";
    struct rp_plan plan = {0};
    struct rp_error error = {0};

    cr_assert(eq(int, rp_plan_read_text(text, strlen(text), "p", &plan, &error),
                 RP_OK),
              "%s", error.text);
    cr_assert(eq(sz, plan.target_count, 2));
    cr_expect(eq(sz, plan.run_count, 4));
    cr_expect(eq(str, plan.targets[1].name, (char *)"a-x_y_1"));
    cr_expect(eq(str, plan.targets[1].set, (char *)"x_y_1"));
    cr_expect(eq(str, plan.targets[1].from.revision, (char *)"x/y~1"));
    rp_plan_free(&plan);
}

Test(benchplan, connections_are_kept_where_it_is_asked_for)
{
    struct rp_plan plan = read_good(HEAD "client: {keepalive: true}\n" TARGETS
                                         "runs:\n- {requests: 100}\n"
                                         "- {keepalive: [true, false], stack: "
                                         "S, requests: 100}\n");
    struct rp_plan usual = read_good(HEAD TARGETS RUNS);

    cr_assert(eq(sz, plan.run_count, 3));
    cr_expect(plan.keepalive);
    cr_expect(plan.runs[0].keepalive, "as the client does");
    cr_expect(plan.runs[1].keepalive);
    cr_expect(not(plan.runs[2].keepalive), "its own");
    cr_expect(not(usual.keepalive));
    cr_expect(not(usual.runs[0].keepalive));
    rp_plan_free(&usual);
    rp_plan_free(&plan);
}
