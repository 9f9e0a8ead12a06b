/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "model/extent.h"
#include "model/tree.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

static const struct rp_setting usual = {.threads = 1,
                                        .processes = 1,
                                        .cores = 1,
                                        .concurrency = 1,
                                        .cpu_ns = 500e3};

static void add(struct rp_extent *extent, enum rp_server_kind server,
                const struct rp_setting *setting, const char *stack, double s2a,
                double a2s)
{
    struct rp_error error = {0};
    /* a crossing is paid by several items, and in halves */
    const double amounts[RP_ITEM_COUNT] = {[RP_ITEM_BASE_DAPHNE] = 1.0,
                                           [RP_ITEM_S2A_CALLER] = s2a / 2.0,
                                           [RP_ITEM_S2A_POOL] = s2a / 2.0,
                                           [RP_ITEM_A2S_NEW] = a2s / 2.0,
                                           [RP_ITEM_A2S_REUSE] = a2s / 2.0};

    cr_assert(eq(int,
                 rp_extent_add(extent, server, setting, stack, amounts, &error),
                 RP_OK));
}

static enum rp_code read_text(const char *text, struct rp_extent *extent,
                              struct rp_error *error)
{
    struct rp_tree tree = {0};
    enum rp_code code =
        rp_tree_read_text(text, strlen(text), "p.yaml", &tree, error);

    if (!code)
        code = rp_extent_read(rp_node_get(tree.root, "range"), extent, error);
    rp_tree_free(&tree);
    return code;
}

static char *written(const struct rp_extent *extent)
{
    char *text = NULL;
    size_t size = 0;
    FILE *const out = open_memstream(&text, &size);

    cr_assert(out != NULL);
    rp_extent_write(extent, out);
    (void)fclose(out);
    return text;
}

Test(extent, what_was_measured_is_there_and_nothing_else)
{
    struct rp_extent c = {0};
    struct rp_setting eight = usual;
    const struct rp_covered_server *daphne;

    eight.concurrency = 8;
    add(&c, RP_SERVER_DAPHNE, &usual, "SA", 3, 1);
    add(&c, RP_SERVER_DAPHNE, &usual, "SA", 3, 1);
    add(&c, RP_SERVER_DAPHNE, &usual, "", 2, 0);
    add(&c, RP_SERVER_DAPHNE, &eight, "MMM", 9, 2);
    add(&c, RP_SERVER_GUNICORN, &usual, "S", 0, 1);
    cr_assert(eq(sz, c.server_count, 2));
    daphne = rp_extent_server(&c, RP_SERVER_DAPHNE);
    cr_assert(daphne != NULL);
    cr_expect(rp_extent_server(&c, RP_SERVER_UVICORN) == NULL);
    cr_expect(eq(uint, daphne->layers.least, 0));
    cr_expect(eq(uint, daphne->layers.most, 3));
    cr_expect(eq(uint, daphne->sync_to_async.least, 2));
    cr_expect(eq(uint, daphne->sync_to_async.most, 9));
    cr_expect(eq(uint, daphne->async_to_sync.least, 0));
    cr_expect(eq(uint, daphne->async_to_sync.most, 2));
    cr_assert(eq(sz, daphne->point_count, 2));
    cr_expect(eq(sz, daphne->points[0].stack_count, 2), "each once");
    cr_expect(rp_extent_has(daphne, &usual, "SA"));
    cr_expect(rp_extent_has(daphne, &usual, ""));
    cr_expect(rp_extent_has(daphne, &eight, "MMM"));
    cr_expect(not(rp_extent_has(daphne, &eight, "SA")), "not together");
    cr_expect(not(rp_extent_has(daphne, &usual, "AS")));
    rp_extent_free(&c);
    rp_extent_free(&c);
}

Test(extent, processes_use_a_core_each)
{
    cr_expect(eq(uint, rp_setting_cores(8, 1), 1));
    cr_expect(eq(uint, rp_setting_cores(2, 4), 2));
}

Test(extent, what_is_written_is_read_and_written_again)
{
    struct rp_extent first = {0}, second = {0};
    struct rp_setting other = usual;
    struct rp_error error = {0};
    char *one, *two;

    other.path = RP_PATH_SINGLE;
    other.view_async = other.app_in_loop = true;
    other.free_threaded = true;
    other.wait_ns = 20e6 / 3.0;
    add(&first, RP_SERVER_UVICORN, &usual, "", 2, 0);
    add(&first, RP_SERVER_UVICORN, &other, "SyX", 4, 1);
    one = written(&first);
    cr_expect(strstr(one, "    sync_to_async: [2, 4]\n") != NULL, "%s", one);
    cr_expect(strstr(one,
                     "      - {path: single, view: async, app_in_loop: true, "
                     "threads: 1, processes: 1, cores: 1, concurrency: 1, "
                     "wait: 6666.667us, cpu: 500us, free_threaded: true, "
                     "stacks: [SyX]}\n") != NULL,
              "%s", one);
    cr_assert(eq(int, read_text(one, &second, &error), RP_OK), "%s",
              error.text);
    two = written(&second);
    cr_expect(eq(str, one, two));
    cr_expect(rp_extent_has(&second.servers[0], &other, "SyX"),
              "to the digits that are kept");
    free(one);
    free(two);
    rp_extent_free(&first);
    rp_extent_free(&second);
}

Test(extent, a_profile_without_the_section_says_nothing)
{
    struct rp_extent c = {0};
    struct rp_error error = {0};
    char *text;

    cr_assert(eq(int, read_text("other: 1\n", &c, &error), RP_OK));
    cr_expect(eq(sz, c.server_count, 0));
    text = written(&c);
    cr_expect(eq(str, text, ""));
    free(text);
}

#define SERVER "range:\n  - server: gunicorn\n    layers: [0, 2]\n"
#define SPANS  "    sync_to_async: [0, 1]\n    async_to_sync: [0, 1]\n"
#define POINT                                                                  \
    "    points:\n      - {path: dual, view: sync, app_in_loop: false, "       \
    "threads: 1, processes: 1, cores: 1, "

Test(extent, mistakes_are_named_with_their_place)
{
    static const struct {
        const char *text, *sentence;
    } cases[] = {
        {"range: {}\n", "p.yaml:1:8: range: found a mapping, expected a list: "
                        "[a, b], or lines that begin with \"- \""},
        {"range:\n  - server: apache\n",
         "p.yaml:2:13: server: found \"apache\", expected gunicorn, gthread, "
         "runserver, daphne or uvicorn"},
        {"range:\n  - server: gunicorn\n    layers: [0]\n",
         "p.yaml:3:13: layers: found 1 numbers, expected two, the least and "
         "the most: [0, 4]"},
        {"range:\n  - server: gunicorn\n    layers: [2, 1]\n",
         "p.yaml:3:17: found \"1\", expected a whole number from 2 to "
         "1000000"},
        {SERVER "    sync_to_async: [0, 1]\n",
         "p.yaml:2:5: the key \"async_to_sync\" is missing here; write "
         "\"async_to_sync: ...\""},
        {SERVER SPANS POINT "concurrency: 0, wait: 0us, cpu: 0us, stacks: "
                            "[]}\n",
         "p.yaml:7:103: concurrency: found \"0\", expected a whole number from "
         "1 to 1000000"},
        {SERVER SPANS POINT "concurrency: 1, wait: 0us, cpu: 0us, stacks: "
                            "[S-S]}\n",
         "p.yaml:7:136: stacks: found \"S-S\", expected the letters of a "
         "stack, at most 63, or none"},
        {SERVER SPANS "    points: []\n  - server: gunicorn\n",
         "p.yaml:7:5: range: gunicorn is there twice; put its points into one "
         "entry"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rp_extent c = {0};
        struct rp_error error = {0};

        cr_expect(eq(int, read_text(cases[i].text, &c, &error), RP_ERR_VALUE));
        cr_expect(eq(str, error.text, (char *)cases[i].sentence));
        rp_extent_free(&c);
    }
}
