/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "model/canon.h"

#include "model/edit.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *canon(const char *text, const char *file)
{
    struct rp_draft draft = {0};
    struct rp_error error = {0};
    char *written = NULL;

    cr_assert(eq(int,
                 rp_draft_read_text(text, strlen(text), file, &draft, &error),
                 RP_OK),
              "%s", error.text);
    cr_assert(eq(int, rp_draft_text(&draft, NULL, 0, &written, &error), RP_OK),
              "%s\n%s", error.text, text);
    rp_draft_free(&draft);
    return written;
}

static void expect_same(const char *a, const char *b)
{
    char *const x = canon(a, "s.yaml"), *const y = canon(b, "s.yaml");

    cr_expect(eq(str, x, y));
    free(x);
    free(y);
}

Test(canon, order_units_and_defaults_say_nothing)
{
    expect_same("view: {wait: 20ms, kind: sync}\nhost: {cores: 2}\n",
                "host: {cores: 02}\nview: {wait: 0.02s}\nload: {}\n");
    expect_same("load: {kind: open, rate: 600/min}\n",
                "load: {rate: 10/s, kind: open, process: poisson}\nseed: 1\n");
    expect_same("framework: {version: 3.2.0}\n", "framework: {version: 3.2}\n");
    expect_same("middleware: [{name: a, kind: mixin, hooks: [process_response,"
                " process_request]}]\n",
                "middleware: [{kind: mixin, name: \"a\", hooks: "
                "[process_request, process_response]}]\n");
    expect_same("run: {precision: 2%}\n", "run: {precision: 2.0%}\n");
}

Test(canon, what_differs_is_written_differently)
{
    static const char *const texts[] = {
        "view: {kind: sync}\n",
        "view: {kind: async}\n",
        "view: {wait: 1ms}\n",
        "view: {wait: {mean: 1ms, cv: 1}}\n",
        "server: {threads: 1}\n",
        "server: {kind: gthread}\n",
        "server: {kind: gthread, threads: 1}\n",
        "seed: 2\n",
        "load: {clients: 2}\n",
        "load: {kind: open, rate: 2/s}\n",
        "name: it's\n",
    };
    enum { COUNT = sizeof texts / sizeof *texts };
    char *written[COUNT];

    for (size_t i = 0; i < COUNT; i++) {
        written[i] = canon(texts[i], "s.yaml");
        for (size_t k = 0; k < i; k++)
            cr_expect(ne(str, written[k], written[i]));
    }
    for (size_t i = 0; i < COUNT; i++)
        free(written[i]);
}

static char *slurp(const char *path)
{
    FILE *const in = fopen(path, "r");
    char *text = NULL;
    size_t size = 0;

    cr_assert(ne(ptr, in, NULL), "%s", path);
    cr_assert(ge(long, (long)getdelim(&text, &size, '\0', in), 1));
    (void)fclose(in);
    return text;
}

/* What is written is a scenario, and its own canon: nothing gets lost and
 * nothing is refused. */
Test(canon, every_example_is_read_back_and_written_the_same)
{
    DIR *const folder = opendir(RP_SOURCE_DIR "/data/scenarios");
    unsigned count = 0;

    cr_assert(ne(ptr, folder, NULL));
    for (const struct dirent *e = readdir(folder); e; e = readdir(folder)) {
        char path[1024];
        char *text, *once, *twice;

        if (!strstr(e->d_name, ".yaml"))
            continue;
        (void)snprintf(path, sizeof path, "%s/%s",
                       RP_SOURCE_DIR "/data/scenarios", e->d_name);
        text = slurp(path);
        once = canon(text, path);
        twice = canon(once, path);
        cr_expect(eq(str, once, twice), "%s", path);
        free(text);
        free(once);
        free(twice);
        count++;
    }
    (void)closedir(folder);
    cr_expect(ge(uint, count, 15));
}

Test(canon, a_trace_is_what_its_file_says)
{
    const char *const path = RP_SOURCE_DIR "/data/scenarios/access-log.yaml";
    char *const text = slurp(path);
    char *const written = canon(text, path);

    cr_expect(strstr(written, "# trace: ") != NULL, "%s", written);
    free(text);
    free(written);
}
