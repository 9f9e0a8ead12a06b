/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE

#include "cli/progress.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Standard error is a terminal, whose other end is returned; each test has a
 * process of its own. */
static int open_terminal(void)
{
    const int master = posix_openpt(O_RDWR | O_NOCTTY);
    int slave;

    cr_assert(ge(int, master, 0));
    cr_assert(eq(int, grantpt(master), 0));
    cr_assert(eq(int, unlockpt(master), 0));
    slave = open(ptsname(master), O_RDWR | O_NOCTTY);
    cr_assert(ge(int, slave, 0));
    cr_assert(eq(int, dup2(slave, STDERR_FILENO), STDERR_FILENO));
    cr_assert(eq(int, fcntl(master, F_SETFL, O_NONBLOCK), 0));
    return master;
}

static void read_all(int from, char *text, size_t size)
{
    const ssize_t count = read(from, text, size - 1);

    text[count > 0 ? count : 0] = '\0';
}

/* As if it had begun, and last said something, so long ago. */
static void go_back(struct rp_progress *p, time_t seconds)
{
    p->begun.tv_sec -= seconds;
    p->last.tv_sec -= seconds;
}

Test(progress, nothing_is_said_where_standard_error_is_no_terminal)
{
    FILE *const file = tmpfile();
    struct rp_progress p;

    cr_assert(file != NULL);
    cr_assert(eq(int, dup2(fileno(file), STDERR_FILENO), STDERR_FILENO));
    p = rp_progress_begin();
    cr_expect(not(p.is_shown));
    go_back(&p, 60);
    rp_progress_say(&p, "step %d", 3);
    rp_progress_end(&p);
    (void)fflush(stderr);
    cr_expect(eq(long, lseek(fileno(file), 0, SEEK_END), 0));
    (void)fclose(file);
}

Test(progress, what_is_quick_needs_no_line)
{
    const int terminal = open_terminal();
    struct rp_progress p = rp_progress_begin();
    char text[256];

    cr_expect(p.is_shown);
    rp_progress_say(&p, "step %d", 3);
    rp_progress_end(&p);
    (void)fflush(stderr);
    read_all(terminal, text, sizeof text);
    cr_expect(eq(str, text, ""));
}

Test(progress, on_a_terminal_one_line_is_written_over_and_goes_away)
{
    const int terminal = open_terminal();
    struct rp_progress p = rp_progress_begin();
    char text[256];

    go_back(&p, 60);
    rp_progress_say(&p, "step %d", 3);
    rp_progress_say(&p, "step %d", 4); /* at once: too soon */
    read_all(terminal, text, sizeof text);
    cr_expect(eq(str, text, "\r\033[K  60 s  step 3"));
    go_back(&p, 1);
    rp_progress_say(&p, "step %d", 5);
    read_all(terminal, text, sizeof text);
    cr_expect(eq(str, text, "\r\033[K  61 s  step 5"));
    rp_progress_end(&p);
    (void)fflush(stderr);
    read_all(terminal, text, sizeof text);
    cr_expect(eq(str, text, "\r\033[K"));
    rp_progress_say(&p, "step %d", 6);
    read_all(terminal, text, sizeof text);
    cr_expect(eq(str, text, ""), "it has ended");
}
