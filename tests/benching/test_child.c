/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "bench/child.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char output[] = "/tmp/reqpath-child-XXXXXX";

static void make_output(void)
{
    const int fd = mkstemp(output);

    cr_assert(fd >= 0);
    (void)close(fd);
}

static void remove_output(void)
{
    (void)unlink(output);
}

TestSuite(child, .init = make_output, .fini = remove_output);

static enum rp_code shell(const char *line, struct rp_child_end *end)
{
    char sh[] = "sh", c[] = "-c", text[256], variable[] = "WHO=me";
    char *const arguments[] = {sh, c, text, NULL};
    char *const env[] = {variable};
    const struct rp_child_start start = {
        .arguments = arguments, .env = env, .env_count = 1, .output = output};

    (void)snprintf(text, sizeof text, "%s", line);
    return rp_child_run(&start, NULL, end, NULL);
}

static void expect_output(const char *wanted)
{
    char text[256] = "";
    FILE *const file = fopen(output, "r");

    cr_assert(file != NULL);
    (void)!fread(text, 1, sizeof text - 1, file);
    (void)fclose(file);
    cr_expect(eq(str, text, (char *)wanted));
}

Test(child, its_output_environment_and_exit_code_are_kept)
{
    struct rp_child_end end = {0};

    cr_assert(eq(int, shell("echo $WHO; echo two >&2; exit 3", &end), RP_OK));
    cr_expect(end.exited);
    cr_expect(eq(int, end.status, 3));
    expect_output("me\ntwo\n");
}

Test(child, a_signal_is_no_exit)
{
    struct rp_child_end end = {0};

    cr_assert(eq(int, shell("kill -9 $$", &end), RP_OK));
    cr_expect(not(end.exited));
    cr_expect(eq(int, end.status, SIGKILL));
}

Test(child, the_time_that_it_computes_is_known)
{
    struct rp_child_end end = {0};

    cr_assert(eq(
        int, shell("i=0; while [ $i -lt 20000 ]; do i=$((i + 1)); done", &end),
        RP_OK));
    cr_expect(gt(dbl, end.cpu_seconds, 0.0));
    cr_expect(le(dbl, end.cpu_seconds, end.seconds + 0.05));
}

Test(child, a_program_that_is_not_there_is_an_error)
{
    char name[] = "no-such-program-here";
    char *const arguments[] = {name, NULL};
    const struct rp_child_start start = {.arguments = arguments,
                                         .output = output};
    struct rp_child child = {0};
    struct rp_error error = {0};

    cr_expect(eq(int, rp_child_begin(&start, &child, &error), RP_ERR_IO));
    cr_expect(eq(str, (char *)error.text,
                 "no-such-program-here: cannot be started: No such file or "
                 "directory"));
    cr_expect(eq(int, child.pid, 0));
}

Test(child, cpus_that_are_not_there_are_an_error)
{
    char name[] = "true";
    char *const arguments[] = {name, NULL};
    const struct rp_child_start start = {
        .arguments = arguments, .cpus = "1023", .output = output};
    struct rp_child child = {0};
    struct rp_error error = {0};

    cr_expect(eq(int, rp_child_begin(&start, &child, &error), RP_ERR_IO));
    cr_expect(strstr(error.text, "cpus: the system refuses \"1023\"") != NULL,
              "%s", error.text);
}

static int has_said_something(void)
{
    struct stat s;

    return stat(output, &s) == 0 && s.st_size > 0;
}

Test(child, who_does_not_want_to_end_is_made_to, .timeout = 30)
{
    char sh[] = "sh", c[] = "-c",
         line[] = "trap '' TERM; echo up; (sleep 1; echo late) & sleep 9; wait";
    char *const arguments[] = {sh, c, line, NULL};
    const struct rp_child_start start = {.arguments = arguments,
                                         .output = output};
    struct rp_child child = {0};
    struct rp_child_end end;

    cr_assert(eq(int, rp_child_begin(&start, &child, NULL), RP_OK));
    cr_expect(rp_child_runs(&child, &end));
    for (int i = 0; i < 1000 && !has_said_something(); i++)
        rp_pause(0.02); /* only then does it not want to */
    rp_child_stop(&child, 0.2);
    cr_expect(eq(int, child.pid, 0));
    rp_pause(1.2); /* nor is what it had started left */
    expect_output("up\n");
    rp_child_stop(&child, 0.2);
}
