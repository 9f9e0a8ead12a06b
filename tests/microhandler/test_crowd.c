/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "microhandler/crowd.h"

#include "served.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static enum rp_code end_well(void *argument, struct rp_error *error)
{
    sigset_t wanted;
    int found;

    (void)argument;
    (void)error;
    (void)sigemptyset(&wanted);
    (void)sigaddset(&wanted, SIGTERM);
    return sigwait(&wanted, &found) == 0 ? RP_OK : RP_ERR_IO;
}

static enum rp_code end_badly(void *argument, struct rp_error *error)
{
    (void)argument;
    return rp_fail(error, RP_ERR_IO, "as it should");
}

static enum rp_code be_killed(void *argument, struct rp_error *error)
{
    (void)argument;
    (void)error;
    (void)raise(SIGKILL);
    return RP_OK;
}

static void block_signals(void)
{
    sigset_t blocked;

    (void)sigemptyset(&blocked);
    (void)sigaddset(&blocked, SIGTERM);
    (void)sigaddset(&blocked, SIGINT);
    (void)sigprocmask(SIG_BLOCK, &blocked, NULL);
}

TestSuite(crowd, .init = block_signals, .timeout = 60);

Test(crowd, all_end_when_the_watcher_is_told_to)
{
    struct rp_error error = {0};

    (void)kill(getpid(), SIGTERM); /* it is pending until they are there */
    cr_expect(eq(int, rp_crowd_run(3, end_well, NULL, &error), RP_OK), "%s",
              error.text);
}

Test(crowd, one_that_fails_ends_the_others)
{
    struct rp_error error = {0};

    cr_expect(eq(int, rp_crowd_run(3, end_badly, NULL, &error), RP_ERR_IO));
    cr_expect(strstr(error.text, "of the server ended with code 2: the others "
                                 "were stopped") != NULL,
              "%s", error.text);
}

Test(crowd, one_that_is_killed_is_said_to_be)
{
    struct rp_error error = {0};

    cr_expect(eq(int, rp_crowd_run(2, be_killed, NULL, &error), RP_ERR_IO));
    cr_expect(strstr(error.text, "was ended by signal 9") != NULL, "%s",
              error.text);
}

/* Four processes behind one port, which count together. */
Test(crowd, processes_serve_the_same_port)
{
    const struct rp_serve_options options = rp_serve_defaults();
    const struct served s =
        served_begin("server: {kind: gunicorn, processes: 4}\n", &options);

    for (int i = 0; i < 40; i++)
        cr_expect(eq(u32, served_ask(&s, "GET / HTTP/1.0\r\n\r\n"), 200));
    cr_expect(eq(
        long, served_metric(&s, "reqpath_request_duration_seconds_count"), 40));
    cr_expect(eq(int, served_end(&s, SIGTERM), 0));
}
