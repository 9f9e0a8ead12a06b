/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE

#include "bench/commits.h"

#include "sim/init.h"
#include "tests/benching/gitrepo.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A repository of two commits on main and one before it on old. */
static char folder[] = "/tmp/reqpath-commits-XXXXXX";
static char said[4096];

static void begin(void)
{
    rp_init();
    said[0] = '\0';
    gitrepo_begin(folder, "mkdir app && echo one >app/word && echo x >other && "
                          "git add . && git commit -qm 1 && git branch old && "
                          "echo two >app/word && git commit -qam 2");
}

static void end(void)
{
    gitrepo_end(folder);
}

TestSuite(commits, .init = begin, .fini = end, .timeout = 60);

static void remember(void *user, const char *sentence)
{
    (void)user;
    (void)strncat(said, sentence, sizeof said - strlen(said) - 2);
    (void)strcat(said, "\n");
}

static char *hash_of(const char *branch)
{
    char path[64];

    (void)snprintf(path, sizeof path, "repo/.git/refs/heads/%s", branch);
    return gitrepo_line(path);
}

#define HEAD                                                                   \
    "name: n\ncampaign: k\nframework_version: 3.2.25\n"                        \
    "asgiref_version: 3.6.0\nrounds: 1\nruns: [{requests: 40}]\ntargets:\n"
#define TARGET(name, git)                                                      \
    "- {name: " name ", kind: command, command: x, url: 'http://h:{port}/', "  \
    "server: gunicorn, git: " git ", revisions: [old, main]}\n"

/* What is found for `text` is left in `plan`. */
static enum rp_code find(const char *text, struct rp_plan *plan,
                         struct rp_error *error)
{
    const struct rp_commits_search search = {
        .plan_path = "plan.yaml", .output = "out", .say = remember};

    cr_assert(rp_plan_read_text(text, strlen(text), "plan.yaml", plan, error) ==
                  RP_OK,
              "%s", error->text);
    return rp_commits_find(plan, &search, error);
}

static void expect_said(const char *text, const char *sentences)
{
    struct rp_plan plan = {0};
    struct rp_error error = {0};

    said[0] = '\0';
    cr_assert(eq(int, find(text, &plan, &error), RP_OK), "%s", error.text);
    cr_expect(eq(str, (char *)said, (char *)sentences));
    rp_plan_free(&plan);
}

Test(commits, each_target_has_that_of_its_revision)
{
    struct rp_plan plan = {0};
    struct rp_error error = {0};

    cr_assert(eq(int, find(HEAD TARGET("app", "repo"), &plan, &error), RP_OK),
              "%s", error.text);
    cr_assert(eq(sz, plan.target_count, 2));
    cr_expect(eq(str, (char *)plan.targets[0].from.commit, hash_of("old")));
    cr_expect(eq(str, (char *)plan.targets[1].from.commit, hash_of("main")));
    cr_expect(eq(str, (char *)said, ""), "all is committed");
    cr_expect(eq(int, access("out", F_OK), -1));
    rp_plan_free(&plan);
}

Test(commits, a_begun_folder_keeps_its_own)
{
    struct rp_plan plan = {0};
    struct rp_error error = {0};
    char line[512], commit[64];

    (void)snprintf(commit, sizeof commit, "%s", hash_of("old"));
    (void)snprintf(line, sizeof line,
                   "mkdir -p out/main && printf 'name: a\\ncampaign: c\\n"
                   "framework: django\\nframework_version: 3.2.25\\n"
                   "asgiref_version: 3.6.0\\nservers: {gunicorn: {}}\\n"
                   "measured_on: 2026-11-22\\ncommit: %s\\n' "
                   ">out/main/dataset.yaml",
                   commit);
    gitrepo_shell(line);
    cr_assert(eq(int, find(HEAD TARGET("app", "repo"), &plan, &error), RP_OK),
              "%s", error.text);
    cr_expect(eq(str, (char *)plan.targets[1].from.commit, (char *)commit));
    (void)snprintf(line, sizeof line,
                   "target app-main: main was %.12s when the folder was begun "
                   "and is %.12s now; it goes on with %.12s: name another "
                   "folder to measure what it is now\n",
                   commit, hash_of("main"), commit);
    cr_expect(eq(str, (char *)said, (char *)line));
    rp_plan_free(&plan);
}

#define PART_OF_NONE                                                           \
    "): they are part of no revision, so they are not measured; commit them "  \
    "and name that commit, or leave them\n"

Test(commits, changes_that_are_not_committed_are_said_once)
{
    static const char one[] = HEAD TARGET("app", "repo");
    static const char two[] = HEAD TARGET("app", "repo") TARGET("api", "repo");

    gitrepo_shell("echo three >repo/app/word");
    expect_said(one, "the repository repo has changes that are not committed "
                     "(app/word" PART_OF_NONE);
    expect_said("" HEAD
                "- {name: app, kind: command, command: x, url: 'http://h/', "
                "server: gunicorn, git: repo, revision: old}\n",
                "the repository repo has changes that are not committed "
                "(app/word" PART_OF_NONE);
    gitrepo_shell("cd repo && git add app/word && git mv other zebra");
    expect_said(one, "the repository repo has changes that are not committed "
                     "(app/word and 1 other" PART_OF_NONE);
    gitrepo_shell("cd repo && echo new >newer && git add newer");
    expect_said(two, "the repository repo has changes that are not committed "
                     "(app/word and 2 others" PART_OF_NONE);
    expect_said(HEAD TARGET("app", "repo/app"),
                "the repository repo/app has changes that are not committed "
                "(app/word and 2 others" PART_OF_NONE);
    gitrepo_shell("cd repo && git commit -qam 3");
    expect_said(one, "");
}

Test(commits, files_that_git_does_not_know_are_no_changes)
{
    gitrepo_shell("echo plan >repo/plan.yaml && mkdir repo/data && echo x "
                  ">repo/data/runs.csv && touch repo/app/word");
    expect_said(HEAD TARGET("app", "repo"), "");
}

Test(commits, a_repository_without_a_working_tree_has_none)
{
    gitrepo_shell("git clone -q --bare repo bare.git");
    expect_said(HEAD TARGET("app", "bare.git"), "");
}

/* Looking must not write: an index that git refreshes would be locked from a
 * commit that is made meanwhile. */
Test(commits, looking_leaves_the_repository_alone)
{
    gitrepo_shell(
        "cd repo && sleep 1 && touch app/word && sha256sum .git/index "
        ">../before");
    expect_said(HEAD TARGET("app", "repo"), "");
    gitrepo_shell("cd repo && sha256sum .git/index | cmp - ../before");
}

Test(commits, each_mistake_has_its_sentence)
{
    struct rp_plan plan = {0};
    struct rp_error error = {0};

    cr_expect(
        eq(int, find(HEAD TARGET("app", "nowhere"), &plan, &error), RP_ERR_IO));
    cr_expect(strstr(error.text,
                     "plan.yaml:8:110: git: found \"nowhere\", "
                     "expected a git repository: fatal: ") == error.text,
              "%s", error.text);
    rp_plan_free(&plan);
    gitrepo_shell("echo three >repo/app/word && git -C repo branch -D old -q");
    cr_expect(
        eq(int, find(HEAD TARGET("app", "repo"), &plan, &error), RP_ERR_VALUE));
    cr_expect(eq(str, error.text,
                 "plan.yaml:8:107: revision: the repository repo has no "
                 "\"old\"; git branch --all and git tag list what it has"));
    cr_expect(eq(str, (char *)said, ""), "the mistake alone");
    rp_plan_free(&plan);
}

Test(commits, a_plan_without_repositories_needs_no_git)
{
    cr_assert(eq(int, setenv("PATH", "/nowhere", 1), 0));
    expect_said(HEAD "- {name: a, kind: url, url: 'http://h/', server: "
                     "gunicorn}\n",
                "");
}
