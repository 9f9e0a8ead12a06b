/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE

#include "bench/revision.h"

#include "model/tree.h"
#include "tests/benching/gitrepo.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- In a plan ---- */

static enum rp_code read_it(const char *text, const char *revision,
                            struct rp_revision *out, struct rp_error *error)
{
    struct rp_tree tree = {0};
    enum rp_code code;

    cr_assert(rp_tree_read_text(text, strlen(text), "p", &tree, error) == RP_OK,
              "%s", error->text);
    code = rp_revision_read(tree.root, revision, out, error);
    rp_tree_free(&tree);
    return code;
}

Test(revision, a_target_names_its_repository_and_one_of_its_revisions)
{
    struct rp_revision r = {0};
    struct rp_error error = {0};

    cr_assert(eq(int,
                 read_it("{name: a, git: /srv/shop,\n revision: v1.2, build: "
                         "make -j2}",
                         NULL, &r, &error),
                 RP_OK),
              "%s", error.text);
    cr_expect(eq(str, r.git, "/srv/shop"));
    cr_expect(eq(str, r.revision, "v1.2"));
    cr_expect(eq(str, r.build, "make -j2"));
    cr_expect(eq(sz, r.line, 2));
    cr_expect(eq(sz, r.column, 12));
    cr_expect(eq(str, (char *)r.commit, ""), "not yet");
    rp_revision_free(&r);
    cr_expect(r.git == NULL && r.revision == NULL && r.build == NULL);
    rp_revision_free(&r);
}

Test(revision, of_several_it_is_the_one_that_is_asked_for)
{
    struct rp_revision r = {0};
    struct rp_error error = {0};

    cr_assert(
        eq(int,
           read_it("{git: ., revisions: [main, HEAD]}", "HEAD", &r, &error),
           RP_OK),
        "%s", error.text);
    cr_expect(eq(str, r.revision, "HEAD"));
    cr_expect(r.build == NULL);
    cr_expect(eq(sz, r.column, 21), "the list");
    rp_revision_free(&r);
    cr_assert(
        eq(int, read_it("{git: ., revision: main}", "v2", &r, &error), RP_OK),
        "%s", error.text);
    cr_expect(eq(str, r.revision, "v2"), "a command may ask for others");
    rp_revision_free(&r);
    cr_assert(eq(int, read_it("{git: .}", "v2", &r, &error), RP_OK), "%s",
              error.text);
    cr_expect(eq(str, r.revision, "v2"));
    cr_expect(eq(sz, r.column, 7), "the repository");
    rp_revision_free(&r);
}

Test(revision, without_a_repository_there_is_none)
{
    struct rp_revision r = {0};
    struct rp_error error = {0};

    cr_expect(eq(int, read_it("{name: a}", NULL, &r, &error), RP_OK));
    cr_expect(r.git == NULL && r.revision == NULL);
}

struct mistake {
    const char *text, *revision, *sentence;
};

Test(revision, each_mistake_of_a_plan_has_its_sentence)
{
    static const struct mistake mistakes[] = {
        {"{revision: main}", NULL,
         "p:1:12: revision: it belongs to a target that comes from a "
         "repository; name that by git:"},
        {"{revisions: [main]}", "main",
         "p:1:13: revisions: it belongs to a target that comes from a "
         "repository; name that by git:"},
        {"{build: make}", NULL,
         "p:1:9: build: it belongs to a target that comes from a repository; "
         "name that by git:"},
        {"{git: ., revision: a, revisions: [a, b]}", "a",
         "p:1:20: revision: there is revisions as well; say one of them"},
        {"{git: .}", NULL,
         "p:1:7: revision: missing; say which is measured, like revision: main "
         "or revisions: [main, HEAD], or ask reqpath diff PLAN --base main "
         "--candidate HEAD"},
        {"{git: ., revision: --upload-pack=x}", NULL,
         "p:1:20: revision: found \"--upload-pack=x\", expected one of git, "
         "like main, v1.2 or HEAD~1"},
        {"{git: ., revisions: [main, \"\"]}", "",
         "p:1:21: revision: found \"\", expected one of git, like main, v1.2 "
         "or HEAD~1"},
        {"{git: [.], revision: main}", NULL,
         "p:1:7: git: found a list, expected text on one line"}};

    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        struct rp_revision r = {0};
        struct rp_error error = {0};

        cr_expect(
            eq(int, read_it(mistakes[i].text, mistakes[i].revision, &r, &error),
               RP_ERR_VALUE));
        cr_expect(eq(str, error.text, (char *)mistakes[i].sentence));
        rp_revision_free(&r);
    }
}

/* Cut, it could be another that is there. */
Test(revision, one_that_is_too_long_is_not_cut)
{
    char text[512] = "{git: ., revision: HEAD";
    struct rp_revision r = {0};
    struct rp_error error = {0};

    memset(text + strlen(text), '~', 397);
    (void)strcat(text, "}");
    cr_expect(eq(int, read_it(text, NULL, &r, &error), RP_ERR_VALUE));
    cr_expect(
        eq(str, error.text, "p:1:20: revision: found more than 400 letters"));
    rp_revision_free(&r);
    (void)strcpy(text + strlen(text) - 2, "}");
    cr_expect(eq(int, read_it(text, NULL, &r, &error), RP_OK), "%s",
              error.text);
    cr_expect(eq(sz, strlen(r.revision), 400));
    rp_revision_free(&r);
}

struct name_case {
    const char *revision, *name;
};

Test(revision, a_file_can_be_named_after_it)
{
    static const struct name_case cases[] = {{"main", "main"},
                                             {"v1.2-rc_3", "v1.2-rc_3"},
                                             {"feature/x", "feature_x"},
                                             {"HEAD~1", "HEAD_1"},
                                             {".", "_"},
                                             {"..", "_."},
                                             {".hidden", "_hidden"},
                                             {"/", "_"},
                                             {"a b:c", "a_b_c"},
                                             {"stra\xc3\x9f"
                                              "e",
                                              "stra__e"},
                                             {"@{yesterday}", "__yesterday_"}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *const name = rp_revision_file_name(cases[i].revision);

        cr_expect(eq(str, name, (char *)cases[i].name));
        free(name);
    }
}

/* ---- In its repository ---- */

static char folder[] = "/tmp/reqpath-revision-XXXXXX";

/* main has two commits; v1 and release (a tag with a text) are the first. */
static void begin(void)
{
    gitrepo_begin(
        folder,
        "echo one >word && git add . && git commit -qm first && git tag v1 && "
        "git tag -m text release && cp .git/refs/heads/main ../first && git "
        "checkout -qb feature/x && echo two >word && git commit -qam second && "
        "cp .git/refs/heads/feature/x ../second");
}

static void end(void)
{
    gitrepo_end(folder);
}

TestSuite(commits_of_revisions, .init = begin, .fini = end, .timeout = 60);

static enum rp_code resolve(const char *git, const char *revision,
                            char commit[RP_COMMIT_SIZE], struct rp_error *error)
{
    struct rp_revision r = {.git = strdup(git),
                            .revision = strdup(revision),
                            .line = 3,
                            .column = 9};
    const enum rp_code code =
        rp_revision_resolve(&r, "plan.yaml", "log", NULL, error);

    memcpy(commit, r.commit, RP_COMMIT_SIZE);
    rp_revision_free(&r);
    return code;
}

static void expect_commit(const char *git, const char *revision,
                          const char *path)
{
    char commit[RP_COMMIT_SIZE];
    struct rp_error error = {0};

    cr_expect(eq(int, resolve(git, revision, commit, &error), RP_OK), "%s",
              error.text);
    cr_expect(eq(str, (char *)commit, gitrepo_line(path)), "%s", revision);
}

Test(commits_of_revisions, branches_tags_hashes_and_ancestors_are_found)
{
    char hash[16];

    expect_commit("repo", "main", "first");
    expect_commit("repo", "feature/x", "second");
    expect_commit("repo", "HEAD", "second");
    expect_commit("repo", "HEAD~1", "first");
    expect_commit("repo", "v1", "first");
    expect_commit("repo", "release", "first");
    expect_commit("repo/.git", "feature/x", "second");
    (void)snprintf(hash, sizeof hash, "%.10s", gitrepo_line("first"));
    expect_commit("repo", hash, "first");
}

Test(commits_of_revisions, hashes_of_sha256_fit)
{
    char commit[RP_COMMIT_SIZE];
    struct rp_error error = {0};

    gitrepo_shell(
        "git init -q -b main --object-format=sha256 wide && cd wide && git "
        "-c user.email=a@b.c -c user.name=n commit -q --allow-empty -m 1");
    cr_expect(eq(int, resolve("wide", "main", commit, &error), RP_OK), "%s",
              error.text);
    cr_expect(eq(sz, strlen(commit), 64));
    cr_expect(
        eq(str, (char *)commit, gitrepo_line("wide/.git/refs/heads/main")));
}

Test(commits_of_revisions, an_ambiguous_name_is_the_one_that_git_takes)
{
    /* git warns before it answers: a tag goes before a branch */
    gitrepo_shell("git -C repo tag main feature/x");
    expect_commit("repo", "main", "second");
    expect_commit("repo", "heads/main", "first");
}

Test(commits_of_revisions, what_is_no_commit_is_not_found)
{
    static const char *const none[] = {"nowhere",   "main..feature/x",
                                       "HEAD:word", "HEAD^{tree}",
                                       "HEAD~2",    "main feature"};

    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        char commit[RP_COMMIT_SIZE], sentence[256];
        struct rp_error error = {0};

        (void)snprintf(sentence, sizeof sentence,
                       "plan.yaml:3:9: revision: the repository repo has no "
                       "\"%s\"; git branch --all and git tag list what it has",
                       none[i]);
        cr_expect(
            eq(int, resolve("repo", none[i], commit, &error), RP_ERR_VALUE));
        cr_expect(eq(str, error.text, (char *)sentence));
        cr_expect(eq(str, (char *)commit, ""), "untouched");
    }
}

Test(commits_of_revisions, what_is_no_repository_is_said)
{
    char commit[RP_COMMIT_SIZE];
    struct rp_error error = {0};

    gitrepo_shell("mkdir plain");
    cr_assert(eq(int, setenv("GIT_CEILING_DIRECTORIES", folder, 1), 0));
    cr_expect(eq(int, resolve("plain", "main", commit, &error), RP_ERR_IO));
    cr_expect(eq(str, error.text,
                 "plan.yaml:3:9: git: found \"plain\", expected a git "
                 "repository: fatal: not a git repository (or any of the "
                 "parent directories): .git"));
    cr_expect(eq(int, resolve("nowhere", "main", commit, &error), RP_ERR_IO));
    cr_expect(eq(str, error.text,
                 "plan.yaml:3:9: git: found \"nowhere\", expected a git "
                 "repository: fatal: cannot change to 'nowhere': No such file "
                 "or directory"));
}
