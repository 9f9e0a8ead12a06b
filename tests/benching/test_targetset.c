/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "bench/targetset.h"

#include "model/tree.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Beside each other ---- */

static char web[] = "web", api[] = "api", one[] = "one", two[] = "two",
            repo[] = "repo", shop[] = "shop", old[] = "v1", new[] = "v2",
            django[] = "django", lts[] = "3.2.25", later[] = "5.2",
            asgiref[] = "3.6.0", newer[] = "22.0";

static const struct rp_target usual = {.name = web,
                                       .kind = RP_TARGET_COMMAND,
                                       .threads = 1,
                                       .processes = 1,
                                       .platform = {.framework = django,
                                                    .framework_version = lts,
                                                    .asgiref_version = asgiref},
                                       .server = RP_SERVER_GUNICORN};

/* The usual one under another name. */
static struct rp_target another(void)
{
    struct rp_target t = usual;

    t.name = api;
    return t;
}

/* `sentence`: NULL where they may share a set. */
static void expect_beside(const struct rp_target *t,
                          const struct rp_target *other, const char *sentence)
{
    static const char text[] = "{name: api}";
    struct rp_tree tree = {0};
    struct rp_error error = {0};
    enum rp_code code;

    cr_assert(rp_tree_read_text(text, sizeof text - 1, "p", &tree, &error) ==
              RP_OK);
    code = rp_target_check_beside(tree.root, t, other, &error);
    cr_expect(eq(int, code, sentence ? RP_ERR_VALUE : RP_OK), "%s", error.text);
    if (sentence)
        cr_expect(eq(str, error.text, (char *)sentence));
    rp_tree_free(&tree);
}

Test(targetset, a_name_is_that_of_one_target)
{
    struct rp_target t = usual;

    t.set = one; /* a set of its own is no other name */
    expect_beside(&t, &usual,
                  "p:1:8: name: \"web\" is the name of another target");
}

#define SERVER_ONCE                                                            \
    "p:1:1: the targets web and api are both gunicorn, with other processes, " \
    "app_built_in_loop, gil or version: a data set describes a server once; "  \
    "give one of them a set of its own"

#define OTHER_VERSIONS                                                         \
    "p:1:1: the targets web and api have other versions: a data set has one "  \
    "framework, version, asgiref and Python; give one of them a set of its "   \
    "own"

#define OTHER_REVISION                                                         \
    "p:1:1: the targets web and api are not of one revision of one "           \
    "repository, as a data set is; give one of them a set of its own"

static void expect_changed(struct rp_target t, const char *sentence)
{
    expect_beside(&t, &usual, sentence);
    t.set = two; /* of its own: nothing has to be the same */
    expect_beside(&t, &usual, NULL);
}

Test(targetset, what_a_data_set_says_of_each_run_may_differ)
{
    struct rp_target t = another();

    expect_changed(t, NULL);
    t.threads = 4;
    t.stack = two;
    t.cpus = one;
    t.kind = RP_TARGET_URL;
    expect_changed(t, NULL);
    t.server = RP_SERVER_UVICORN;
    t.processes = 2;
    t.version = newer;
    expect_changed(t, NULL);
}

Test(targetset, what_a_data_set_says_once_is_the_same_for_all_of_it)
{
    struct rp_target t = another();

    t.kind = RP_TARGET_MICROHANDLER;
    expect_changed(t, "p:1:1: one of the targets web and api is a "
                      "microhandler, which has not all that happens in CPython "
                      "under load: give one of them a set of its own");
    t = another();
    t.platform.framework_version = later;
    expect_changed(t, OTHER_VERSIONS);
    t = another();
    t.platform.python_version = later;
    expect_changed(t, OTHER_VERSIONS);
    t = another();
    t.from = (struct rp_revision){.git = repo, .revision = old};
    expect_changed(t, OTHER_REVISION);
}

Test(targetset, what_a_data_set_says_of_a_server_is_the_same_for_that_server)
{
    struct rp_target t = another();

    t.processes = 2;
    expect_changed(t, SERVER_ONCE);
    t = another();
    t.in_loop = true;
    expect_changed(t, SERVER_ONCE);
    t = another();
    t.free_threaded = true;
    expect_changed(t, SERVER_ONCE);
    t = another();
    t.version = newer;
    expect_changed(t, SERVER_ONCE);
}

Test(targetset, a_set_that_both_name_is_one_as_well)
{
    struct rp_target t = another(), other = usual;

    t.set = one;
    t.processes = 2;
    other.set = one;
    expect_beside(&t, &other, SERVER_ONCE);
    t.processes = 1;
    expect_beside(&t, &other, NULL);
}

Test(targetset, revisions_are_the_same_where_repository_and_revision_are)
{
    struct rp_target t = another(), other = usual;

    t.from = (struct rp_revision){.git = repo, .revision = old};
    other.from = t.from;
    expect_beside(&t, &other, NULL);
    other.from.revision = new;
    expect_beside(&t, &other, OTHER_REVISION);
    other.from = (struct rp_revision){.git = shop, .revision = old};
    expect_beside(&t, &other, OTHER_REVISION);
}

/* ---- Revisions ---- */

static enum rp_code read_it(const char *text, const char *revision,
                            struct rp_target *t, struct rp_error *error)
{
    struct rp_tree tree = {0};
    enum rp_code code;

    cr_assert(rp_tree_read_text(text, strlen(text), "p", &tree, error) == RP_OK,
              "%s", error->text);
    code = rp_target_read_revision(tree.root, revision, t, error);
    rp_tree_free(&tree);
    return code;
}

static struct rp_target made(const char *name, const char *set, char *url)
{
    return (struct rp_target){.name = strdup(name),
                              .set = set ? strdup(set) : NULL,
                              .kind = RP_TARGET_COMMAND,
                              .url = url};
}

static void forget(struct rp_target *t)
{
    free(t->name);
    free(t->group);
    free(t->set);
    rp_revision_free(&t->from);
}

static char url[] = "http://127.0.0.1:{port}/", fixed[] = "http://h:1/";

Test(targetset, one_of_several_revisions_has_a_name_and_a_set_of_its_own)
{
    static const char text[] = "{git: ., revisions: [main, feature/x]}";
    struct rp_target t = made("web", NULL, url);
    struct rp_error error = {0};

    cr_assert(eq(int, read_it(text, "feature/x", &t, &error), RP_OK), "%s",
              error.text);
    cr_expect(eq(str, t.name, "web-feature_x"));
    cr_expect(eq(str, t.group, "web"));
    cr_expect(eq(str, t.set, "feature_x"));
    cr_expect(eq(str, t.from.revision, "feature/x"));
    forget(&t);
    t = made("web", "blue", url);
    cr_assert(eq(int, read_it(text, "main", &t, &error), RP_OK), "%s",
              error.text);
    cr_expect(eq(str, t.name, "web-main"));
    cr_expect(eq(str, t.set, "blue-main"), "within the one that was named");
    forget(&t);
}

Test(targetset, one_revision_and_none_leave_name_and_set)
{
    struct rp_target t = made("web", NULL, fixed);
    struct rp_error error = {0};

    cr_assert(
        eq(int, read_it("{git: ., revision: main}", NULL, &t, &error), RP_OK),
        "%s", error.text);
    cr_expect(eq(str, t.name, "web"));
    cr_expect(t.set == NULL && t.group == NULL);
    cr_expect(eq(str, t.from.revision, "main"));
    forget(&t);
    t = made("web", NULL, fixed);
    t.kind = RP_TARGET_URL;
    cr_assert(eq(int, read_it("{name: web}", NULL, &t, &error), RP_OK), "%s",
              error.text);
    cr_expect(t.from.git == NULL && t.set == NULL);
    forget(&t);
}

Test(targetset, what_cannot_run_from_several_revisions_is_refused)
{
    static const char two_of[] = "{git: .,\n url: u, revisions: [main, v1]}";
    struct rp_target t = made("web", NULL, fixed);
    struct rp_error error = {0};

    cr_expect(eq(int, read_it(two_of, "main", &t, &error), RP_ERR_VALUE));
    cr_expect(eq(str, error.text,
                 "p:2:7: url: revisions run side by side and need a port each; "
                 "write {port} here and in the command"));
    cr_expect(eq(str, t.name, "web"));
    forget(&t);
    t = made("web", NULL, url);
    t.kind = RP_TARGET_MICROHANDLER;
    cr_expect(eq(int, read_it(two_of, "main", &t, &error), RP_ERR_VALUE));
    cr_expect(eq(str, error.text,
                 "p:1:7: git: only a target of kind command is started from a "
                 "checkout"));
    forget(&t);
}

/* The letters that the name or the set would have. */
static void expect_length(const char *set, size_t letters, bool fits)
{
    struct rp_target t = made("web", set, url);
    struct rp_error error = {0};
    const size_t begins = strlen(set ? set : "web") + 1;
    char revision[100] = "", text[200];

    memset(revision, 'r', letters - begins);
    (void)snprintf(text, sizeof text, "{git: ., revisions: [%s]}", revision);
    cr_expect(eq(int, read_it(text, revision, &t, &error),
                 fits ? RP_OK : RP_ERR_VALUE),
              "%s", error.text);
    if (fits) {
        cr_expect(eq(sz, strlen(set ? t.set : t.name), letters));
    } else {
        cr_expect(eq(str, t.name, "web"), "as it was");
        cr_expect(strstr(error.text, "the name or the set becomes longer than "
                                     "98 letters; take a shorter one") != NULL,
                  "%s", error.text);
    }
    forget(&t);
}

Test(targetset, a_name_or_a_set_that_becomes_too_long_is_refused)
{
    expect_length(NULL, 98, true);
    expect_length(NULL, 99, false);
    expect_length("colours", 98, true);
    expect_length("colours", 99, false);
}
