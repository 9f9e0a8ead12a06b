/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "model/program.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER RP_SOURCE_DIR "/data/scenarios"

static bool ends_in(const char *name, const char *end)
{
    const size_t n = strlen(name), k = strlen(end);

    return n > k && strcmp(name + n - k, end) == 0;
}

static void read_start(const char *name, char *text, size_t size)
{
    char path[512];
    FILE *in;
    size_t n;

    (void)snprintf(path, sizeof path, "%s/%s", FOLDER, name);
    in = fopen(path, "r");
    cr_assert(in != NULL, "%s", path);
    n = fread(text, 1, size - 1, in);
    text[n] = '\0';
    (void)fclose(in);
}

/* The scenario of a file, compiled. */
static struct rp_counts counts_of(const char *name)
{
    struct rp_scenario s = {0};
    struct rp_program p;
    struct rp_error error = {0};
    struct rp_counts counts;
    char path[512];

    (void)snprintf(path, sizeof path, "%s/%s", FOLDER, name);
    cr_assert(eq(int, rp_scenario_read(path, &s, &error), RP_OK), "%s",
              error.text);
    for (size_t i = 1; i < s.class_count; i++) {
        const struct rp_scenario seen = rp_scenario_of_class(&s, i);
        cr_assert(eq(int, rp_program_compile(&p, &seen, &error), RP_OK),
                  "%s: %s", name, error.text);
        rp_program_free(&p);
    }
    cr_assert(eq(int, rp_program_compile(&p, &s, &error), RP_OK), "%s: %s",
              name, error.text);
    cr_expect(s.name[0] != '\0', "%s has a name", name);
    counts = rp_program_count(&p);
    rp_program_free(&p);
    rp_scenario_free(&s);
    return counts;
}

Test(examples, every_scenario_is_read_explained_and_listed)
{
    char index[8192], text[8192], entry[512];
    DIR *const folder = opendir(FOLDER);
    const struct dirent *file;
    unsigned found = 0;

    cr_assert(folder != NULL);
    read_start("README.md", index, sizeof index);
    while ((file = readdir(folder))) {
        if (!ends_in(file->d_name, ".yaml"))
            continue;
        found++;
        read_start(file->d_name, text, sizeof text);
        cr_expect(strncmp(text, "# ", 2) == 0, "%s opens with a comment",
                  file->d_name);
        (void)snprintf(entry, sizeof entry, "| `%s` |", file->d_name);
        cr_expect(strstr(index, entry) != NULL, "README.md lists %s",
                  file->d_name);
        (void)counts_of(file->d_name);
    }
    (void)closedir(folder);
    cr_expect(found >= 10, "%u", found);
}

/* What the opening comments claim. Those of startproject's layers under ASGI
 * were counted on Django 3.2.25 itself. */
Test(examples, what_the_comments_claim_is_so)
{
    static const struct {
        const char *name;
        unsigned s2a, a2s, loops, threads;
    } cases[] = {
        {"wsgi-sync-view.yaml", 0, 0, 0, 0},
        {"wsgi-async-view.yaml", 0, 1, 1, 1},
        {"asgi-sync-view.yaml", 16, 0, 0, 0},
        {"asgi-async-view.yaml", 15, 0, 0, 0},
        {"mixed-middleware.yaml", 3, 1, 1, 1},
        {"hybrid-middleware.yaml", 2, 0, 0, 1},
        {"single-path.yaml", 9, 8, 8, 8},
        {"unified-path.yaml", 14, 1, 1, 1},
        {"io-bound-view.yaml", 2, 0, 0, 1},
        {"open-load.yaml", 0, 0, 0, 0},
        {"on-off-bursts.yaml", 0, 0, 0, 0},
        {"flash-crowd.yaml", 0, 0, 0, 0},
        {"access-log.yaml", 0, 0, 0, 0},
        {"overload-protection.yaml", 0, 0, 0, 0},
        {"request-mix.yaml", 0, 0, 0, 0},
        /* started, close, the view, the hooks as one unit */
        {"error-page.yaml", 4, 0, 0, 0},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct rp_counts n = counts_of(cases[i].name);

        cr_expect(eq(uint, n.sync_to_async, cases[i].s2a), "%s", cases[i].name);
        cr_expect(eq(uint, n.async_to_sync, cases[i].a2s), "%s", cases[i].name);
        cr_expect(eq(uint, n.loops_created, cases[i].loops), "%s",
                  cases[i].name);
        cr_expect(eq(uint, n.threads_created, cases[i].threads), "%s",
                  cases[i].name);
    }
}
