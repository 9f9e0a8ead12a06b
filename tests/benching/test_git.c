/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE

#include "bench/git.h"

#include "model/error.h"
#include "tests/benching/gitrepo.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A repository of two commits; what it holds is read from its files. */
static char folder[] = "/tmp/reqpath-git-test-XXXXXX";

static void begin(void)
{
    gitrepo_begin(folder, "echo one >word && git add . && git commit -qm first "
                          "&& echo two >word && git commit -qam second");
}

static void end(void)
{
    gitrepo_end(folder);
}

TestSuite(git, .init = begin, .fini = end, .timeout = 60);

/* True where git answered with 0. */
static bool run(const char *const *arguments)
{
    struct rp_error error = {0};
    bool good = false;

    cr_assert(eq(int, rp_git_run("repo", arguments, "log", NULL, &good, &error),
                 RP_OK),
              "%s", error.text);
    return good;
}

Test(git, what_it_prints_is_in_the_log)
{
    static const char *const head[] = {"rev-parse", "HEAD", NULL};
    char hash[256];

    cr_expect(run(head));
    (void)snprintf(hash, sizeof hash, "%s",
                   gitrepo_line("repo/.git/refs/heads/main"));
    cr_expect(eq(str, gitrepo_line("log"), (char *)hash));
}

Test(git, a_log_is_made_anew)
{
    static const char *const nothing[] = {"rev-parse", "--verify", "--quiet",
                                          "HEAD", NULL};

    gitrepo_shell(
        "for i in 1 2 3 4 5 6 7 8 9; do echo what was before; done >log");
    cr_expect(run(nothing));
    gitrepo_shell("test $(wc -l <log) = 1");
}

Test(git, eight_arguments_are_taken)
{
    static const char *const subject[] = {
        "log",         "-1",         "--no-color",
        "--no-patch",  "--no-notes", "--no-decorate",
        "--format=%s", "HEAD~1",     NULL};

    cr_expect(run(subject));
    cr_expect(eq(str, gitrepo_line("log"), "first"));
}

Test(git, another_exit_code_is_not_good)
{
    static const char *const unknown[] = {"rev-parse", "--verify", "nowhere",
                                          NULL};

    cr_expect(not(run(unknown)));
    cr_expect(eq(str, gitrepo_line("log"), "fatal: Needed a single revision"));
}

Test(git, variables_of_a_hook_are_taken_away)
{
    static const char *const names[] = {
        "GIT_DIR",        "GIT_WORK_TREE",        "GIT_INDEX_FILE",
        "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY", "GIT_PREFIX"};
    static const char *const clean[] = {"diff", "--exit-code", "HEAD~1",
                                        "--",   "other",       NULL};
    static const char *const changed[] = {"diff", "--exit-code", "HEAD~1",
                                          NULL};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        cr_assert(eq(int, setenv(names[i], "/nowhere", 1), 0));
        cr_expect(run(clean), "%s: %s", names[i], gitrepo_line("log"));
        cr_expect(not(run(changed)), "%s", names[i]);
        cr_expect(strstr(gitrepo_line("log"), "diff --git a/word") != NULL,
                  "%s: %s", names[i], gitrepo_line("log"));
        cr_assert(eq(int, unsetenv(names[i]), 0));
    }
}

Test(git, hooks_of_the_repository_stay_silent)
{
    static const char *const there[] = {"checkout", "-q", "HEAD~1", NULL};

    gitrepo_shell("printf '#!/bin/sh\\necho hook >>'$PWD/hooked >"
                  "repo/.git/hooks/post-checkout && chmod +x "
                  "repo/.git/hooks/post-checkout");
    cr_expect(run(there));
    cr_expect(eq(str, gitrepo_line("repo/word"), "one"));
    cr_expect(eq(int, access("hooked", F_OK), -1));
    gitrepo_shell("git -C repo checkout -q main && test -f hooked");
}

Test(git, who_interrupts_does_not_wait_for_it)
{
    static const char *const sleeps[] = {"-c", "alias.rest=!sleep 50", "rest",
                                         NULL};
    const volatile sig_atomic_t interrupted = 1;
    struct rp_error error = {0};
    bool good = true;

    cr_expect(eq(int,
                 rp_git_run("repo", sleeps, "log", &interrupted, &good, &error),
                 RP_OK));
    cr_expect(not(good));
}

Test(git, without_it_a_sentence_says_what_to_do)
{
    static const char *const head[] = {"rev-parse", "HEAD", NULL};
    struct rp_error error = {0};
    bool good = true;

    cr_assert(eq(int, setenv("PATH", "/nowhere", 1), 0));
    cr_expect(eq(int, rp_git_run("repo", head, "log", NULL, &good, &error),
                 RP_ERR_IO));
    cr_expect(eq(str, error.text,
                 "git: cannot be started: No such file or directory; revisions "
                 "need git: install it, or measure what is there without the "
                 "key git"));
    cr_expect(good, "untouched");
}

Test(git, a_log_that_cannot_be_written_is_said)
{
    static const char *const head[] = {"rev-parse", "HEAD", NULL};
    struct rp_error error = {0};
    bool good = true;

    cr_expect(eq(int,
                 rp_git_run("repo", head, "nowhere/log", NULL, &good, &error),
                 RP_ERR_IO));
    cr_expect(strstr(error.text, "nowhere/log") == error.text, "%s",
              error.text);
}
