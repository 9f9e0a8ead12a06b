/**
 * Counts: files of what the real Django did, row by row, and the path compiler
 * held to them.
 *
 * Two tests read them: a sample that is always there, and all of them where
 * they lie beside the tree.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_TESTS_MODEL_COUNTS_H
#define RP_TESTS_MODEL_COUNTS_H

#include "model/program.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

/* A scenario of one stack, as the counts were taken. */
static inline struct rp_scenario scenario_of(const char *mode,
                                             const char *letters,
                                             const char *view,
                                             const char *outcome)
{
    struct rp_scenario s = {0};
    struct rp_error error = {0};

    cr_assert(eq(int, rp_scenario_init(&s, &error), RP_OK));
    cr_assert(eq(int, rp_scenario_set_letters(&s, letters, &error), RP_OK),
              "%s", error.text);
    s.server.kind =
        strcmp(mode, "asgi") == 0 ? RP_SERVER_DAPHNE : RP_SERVER_GUNICORN;
    s.view_async = strcmp(view, "async") == 0;
    cr_assert(rp_outcome_parse(outcome, &s.outcome), "%s", outcome);
    return s;
}

static inline struct rp_program program_of(const struct rp_scenario *s)
{
    struct rp_program program;
    struct rp_error error = {0};

    cr_assert(eq(int, rp_program_compile(&program, s, &error), RP_OK), "%s",
              error.text);
    return program;
}

static inline struct rp_counts counts_of(const struct rp_scenario *s)
{
    struct rp_program program = program_of(s);
    const struct rp_counts counts = rp_program_count(&program);

    rp_program_free(&program);
    return counts;
}

/* One file and the code that was counted. */
struct file {
    const char *name, *django, *asgiref;
    enum rp_path path;
    bool in_loop;
    bool has_hooks; /* an outcome, and where each sync_to_async ran */
    unsigned rows;  /* in the whole file, its heading apart */
};

static const struct file files[] = {
    {"transitions_django32.csv", "3.2.25", "3.6.0", RP_PATH_DUAL, false, false,
     21844},
    {"transitions_django32_inloop.csv", "3.2.25", "3.6.0", RP_PATH_DUAL, true,
     false, 2730},
    {"transitions_django42.csv", "4.2", "3.7", RP_PATH_DUAL, false, false,
     5460},
    {"transitions_django42_asgiref38.csv", "4.2", "3.8", RP_PATH_DUAL, false,
     false, 1364},
    {"transitions_djangomain.csv", "main", "3.12", RP_PATH_DUAL, false, false,
     1364},
    {"single_2dc408fb_asgiref-3.6.0.csv", "3.2.25", "3.6.0", RP_PATH_SINGLE,
     false, false, 60},
    {"hooks_django32.csv", "3.2.25", "3.6.0", RP_PATH_DUAL, false, true, 4000},
};

enum { FILE_COUNT = sizeof files / sizeof *files, COLUMNS = 11 };

static inline size_t split(char *line, char *cells[COLUMNS])
{
    size_t count = 0;

    line[strcspn(line, "\r\n")] = '\0';
    while (line && count < COLUMNS) {
        char *const comma = strchr(line, ',');

        cells[count++] = line;
        if (comma)
            *comma = '\0';
        line = comma ? comma + 1 : NULL;
    }
    return count;
}

static inline void expect_row(const struct file *f, char *cells[COLUMNS])
{
    struct rp_scenario s = scenario_of(cells[0], cells[1], cells[2],
                                       f->has_hooks ? cells[3] : "ok");
    struct rp_counts n;
    char found[128], wanted[128];

    cr_assert(rp_version_parse(f->django, &s.framework.version));
    cr_assert(rp_version_parse(f->asgiref, &s.framework.asgiref_version));
    s.framework.path = f->path;
    s.server.app_built_in_loop = f->in_loop;
    n = counts_of(&s);
    if (f->has_hooks)
        (void)snprintf(found, sizeof found, "%u,%u,%u,%u,%u,%u,%u",
                       n.sync_to_async, n.async_to_sync, n.loops_created,
                       n.s2a_caller, n.s2a_sensitive, n.s2a_context,
                       n.s2a_pool);
    else
        (void)snprintf(found, sizeof found, "%u,%u,%u,%u", n.sync_to_async,
                       n.async_to_sync, n.loops_created, n.threads_created);
    if (f->has_hooks)
        (void)snprintf(wanted, sizeof wanted, "%s,%s,%s,%s,%s,%s,%s", cells[4],
                       cells[5], cells[6], cells[7], cells[8], cells[9],
                       cells[10]);
    else
        (void)snprintf(wanted, sizeof wanted, "%s,%s,%s,%s", cells[3], cells[4],
                       cells[5], cells[6]);
    cr_expect(eq(str, found, wanted), "%s: %s,%s,%s", f->name, cells[0],
              cells[1], cells[2]);
    rp_scenario_free(&s);
}

/* Returns the number of rows; 0: there is no such file. */
static inline unsigned expect_file(const char *folder, const struct file *f)
{
    char path[512], line[256];
    unsigned rows = 0;
    FILE *in;

    (void)snprintf(path, sizeof path, "%s/%s", folder, f->name);
    in = fopen(path, "r");
    if (!in)
        return 0;
    cr_assert(fgets(line, sizeof line, in) != NULL);
    while (fgets(line, sizeof line, in)) {
        char *cells[COLUMNS] = {NULL};

        cr_assert(
            eq(sz, split(line, cells), f->has_hooks ? COLUMNS : COLUMNS - 4));
        expect_row(f, cells);
        rows++;
    }
    (void)fclose(in);
    return rows;
}

#endif
