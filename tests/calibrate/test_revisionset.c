/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE

#include "calibrate/revisionset.h"

#include "sim/init.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/reqpath-revisionset-XXXXXX";

#define FIRST  "1111111aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define SECOND "2222222bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

static void add_set(const char *name, const char *revision, const char *commit)
{
    char path[128];
    FILE *file;

    cr_assert(eq(int, mkdir(name, 0755), 0));
    (void)snprintf(path, sizeof path, "%s/dataset.yaml", name);
    file = fopen(path, "w");
    cr_assert(file != NULL);
    (void)fputs("name: a\ncampaign: c\nframework: django\nframework_version: "
                "3.2.25\nasgiref_version: 3.6.0\nservers: {gunicorn: {}}\n"
                "measured_on: 2026-11-22\n",
                file);
    if (revision)
        (void)fprintf(file, "revision: %s\ncommit: %s\n", revision, commit);
    (void)fclose(file);
}

/* As a bench of two revisions leaves its output: with what is no data set. */
static void begin(void)
{
    rp_init();
    cr_assert(mkdtemp(folder) != NULL);
    cr_assert(eq(int, chdir(folder), 0));
    cr_assert(eq(int, mkdir("out", 0755), 0));
    cr_assert(eq(int, chdir("out"), 0));
    add_set("main", "main", FIRST);
    add_set("feature_x", "feature/x", SECOND);
    add_set("older", NULL, NULL);
    cr_assert(eq(int, mkdir("logs", 0755), 0));
    cr_assert(eq(int, system("echo name: n >plan.yaml"), 0));
    cr_assert(eq(int, chdir(".."), 0));
}

static void end(void)
{
    char line[128];

    cr_expect(eq(int, chdir("/"), 0));
    (void)snprintf(line, sizeof line, "/bin/rm -rf %s", folder);
    (void)!system(line);
}

TestSuite(revisionset, .init = begin, .fini = end);

static void expect_found(const char *revision, const char *set)
{
    char *path = NULL;
    struct rp_error error = {0};

    cr_expect(
        eq(int, rp_revisionset_find("out", revision, &path, &error), RP_OK),
        "%s", error.text);
    cr_expect(eq(str, path, (char *)set));
    free(path);
}

static void expect_mistake(const char *where, const char *revision,
                           enum rp_code code, const char *sentence)
{
    char untouched[] = "untouched", *path = untouched;
    struct rp_error error = {0};

    cr_expect(
        eq(int, rp_revisionset_find(where, revision, &path, &error), code));
    cr_expect(eq(str, error.text, (char *)sentence));
    cr_expect(path == untouched);
}

Test(revisionset, a_set_is_found_by_the_name_that_the_plan_has)
{
    expect_found("main", "out/main");
    expect_found("feature/x", "out/feature_x");
}

Test(revisionset, seven_digits_of_its_commit_are_enough)
{
    expect_found(FIRST, "out/main");
    expect_found("2222222", "out/feature_x");
    expect_found("2222222bb", "out/feature_x");
    expect_mistake("out", "222222", RP_ERR_VALUE,
                   "out: found no data set of the revision \"222222\" below "
                   "it, expected one of: feature/x, main");
    expect_mistake("out", "2222222c", RP_ERR_VALUE,
                   "out: found no data set of the revision \"2222222c\" below "
                   "it, expected one of: feature/x, main");
    expect_mistake("out", SECOND "b", RP_ERR_VALUE,
                   "out: found no data set of the revision \"" SECOND
                   "b\" below it, expected one of: feature/x, main");
}

Test(revisionset, the_folder_s_name_is_not_the_revision)
{
    expect_mistake("out", "older", RP_ERR_VALUE,
                   "out: found no data set of the revision \"older\" below it, "
                   "expected one of: feature/x, main");
    expect_mistake("out", "", RP_ERR_VALUE,
                   "out: found no data set of the revision \"\" below it, "
                   "expected one of: feature/x, main");
}

Test(revisionset, of_two_sets_none_is_taken)
{
    cr_assert(eq(int, chdir("out"), 0));
    add_set("api-main", "main", FIRST);
    cr_assert(eq(int, chdir(".."), 0));
    expect_mistake("out", "main", RP_ERR_VALUE,
                   "out: out/api-main and out/main are both of \"main\"; name "
                   "the two data sets themselves");
    expect_mistake("out", "v9", RP_ERR_VALUE,
                   "out: found no data set of the revision \"v9\" below it, "
                   "expected one of: main, feature/x");
}

Test(revisionset, a_name_goes_before_a_commit_that_begins_so)
{
    cr_assert(eq(int, chdir("out"), 0));
    add_set("another", "HEAD", FIRST);
    add_set("named", "1111111", FIRST);
    cr_assert(eq(int, chdir(".."), 0));
    expect_found("1111111", "out/named");
}

Test(revisionset, each_mistake_has_its_sentence)
{
    cr_assert(eq(int, mkdir("empty", 0755), 0));
    expect_mistake("empty", "main", RP_ERR_VALUE,
                   "empty: found no data set of the revision \"main\" below "
                   "it, expected one of: none is there");
    expect_mistake("nowhere", "main", RP_ERR_IO,
                   "nowhere: cannot be opened: No such file or directory; name "
                   "the folder that reqpath bench wrote");
    cr_assert(eq(int, system("echo 'name: [' >out/older/dataset.yaml"), 0));
    {
        char *path = NULL;
        struct rp_error error = {0};

        cr_expect(eq(int, rp_revisionset_find("out", "v9", &path, &error),
                     RP_ERR_SYNTAX));
        cr_expect(strstr(error.text, "out/older/dataset.yaml:2:1: ") ==
                      error.text,
                  "%s", error.text);
        cr_expect(path == NULL);
    }
}
