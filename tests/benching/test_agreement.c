/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE

#include "bench/agreement.h"
#include "sim/init.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char path[] = "/tmp/reqpath-agreement-XXXXXX";

/* A scenario that was written as a calibration run would describe itself. */
static const char scenario[] =
    "framework: {name: django, version: 3.2.25, asgiref: 3.6.0}\n"
    "server: {kind: gthread, threads: 4}\n"
    "middleware:\n- {name: one, kind: sync}\n- {name: two, kind: async}\n"
    "view: {kind: async, cpu: 500us, wait: 20ms}\n";

static void begin(void)
{
    const int fd = mkstemp(path);

    rp_init();
    cr_assert(fd >= 0);
    cr_assert(write(fd, scenario, strlen(scenario)) ==
              (ssize_t)strlen(scenario));
    (void)close(fd);
}

static void end(void)
{
    (void)unlink(path);
}

TestSuite(agreement, .init = begin, .fini = end);

static char name[] = "m";

static void expect(struct rp_target target, struct rp_plan_run run,
                   const char *wanted)
{
    const struct rp_plan plan = {
        .target_count = 1, .targets = &target, .run_count = 1, .runs = &run};
    struct rp_error error = {0};
    char sentence[256] = "";

    if (wanted)
        (void)snprintf(sentence, sizeof sentence, "%s has %s; make them agree",
                       path, wanted);
    cr_expect(eq(int, rp_agreement_check(&plan, 0, &error),
                 wanted ? RP_ERR_VALUE : RP_OK));
    cr_expect(eq(str, (char *)error.text, sentence));
}

Test(agreement, what_differs_is_said)
{
    const struct rp_target t = {.kind = RP_TARGET_MICROHANDLER,
                                .name = name,
                                .scenario = path,
                                .server = RP_SERVER_GTHREAD,
                                .threads = 4,
                                .processes = 1};
    const struct rp_plan_run r = {
        .stack = "SA", .view_async = true, .io_ms = 20.0, .cpu_us = 500.0};
    struct rp_target other = t;
    struct rp_plan_run run = r;

    expect(t, r, NULL);
    other.server = RP_SERVER_GUNICORN;
    expect(other, r, "the server gthread, but the plan says gunicorn");
    other = t;
    other.threads = 2;
    expect(other, r, "threads: 4, but the plan says 2");
    other = t;
    other.processes = 3;
    expect(other, r, "processes: 1, but the plan says 3");
    other = t;
    other.free_threaded = true;
    expect(other, r, "gil: true, but the plan says false");
    (void)strcpy(run.stack, "");
    expect(t, run, "the stack SA, but the plan says none");
    run = r;
    run.view_async = false;
    expect(t, run, "a view that is async, but the plan says sync");
    run = r;
    run.io_ms = 0.0;
    expect(t, run, "a view with io_ms: 20, but the plan says 0");
    run = r;
    run.cpu_us = 400.0;
    expect(t, run, "a view with cpu_us: 500, but the plan says 400");
    other = t;
    other.kind = RP_TARGET_URL;
    other.server = RP_SERVER_GUNICORN;
    expect(other, r, NULL);
}
