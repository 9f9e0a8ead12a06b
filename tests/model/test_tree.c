/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "model/tree.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A tree that is expected to be readable. */
static struct rp_tree tree_of(const char *text)
{
    struct rp_tree tree = {0};
    struct rp_error error = {0};

    cr_assert(eq(int,
                 rp_tree_read_text(text, strlen(text), "x.yaml", &tree, &error),
                 RP_OK),
              "%s", error.text);
    return tree;
}

Test(tree, nodes_know_their_places)
{
    struct rp_tree tree = tree_of("name: hello\n"
                                  "list:\n"
                                  "  - {a: 1, b: 'x y'}\n"
                                  "  - \xC3\xA9t\xC3\xA9: 2\n");
    const struct rp_node *const list = rp_node_get(tree.root, "list");
    const struct rp_node *const b = rp_node_get(list->first, "b");
    const struct rp_node *const last = list->first->next->first;

    cr_expect(eq(int, tree.root->kind, RP_NODE_MAPPING));
    cr_expect(eq(sz, tree.root->count, 2));
    cr_expect(eq(int, list->kind, RP_NODE_SEQUENCE));
    cr_expect(eq(sz, list->count, 2));
    cr_expect(eq(sz, list->key_line, 2));
    cr_expect(eq(sz, list->key_column, 1));
    cr_expect(eq(str, (char *)b->text, "x y"));
    cr_expect(not(b->plain));
    cr_expect(rp_node_get(list->first, "a")->plain);
    cr_expect(eq(sz, b->line, 3));
    cr_expect(eq(sz, b->column, 15));
    cr_expect(eq(sz, b->key_column, 12));
    cr_expect(eq(sz, last->column, 10), "characters, not bytes");
    cr_expect(eq(str, (char *)last->file, "x.yaml"));
    rp_tree_free(&tree);
    rp_tree_free(&tree);
    cr_expect(eq(ptr, (void *)tree.root, NULL));
}

Test(tree, windows_line_ends_and_a_byte_order_mark_are_read)
{
    struct rp_tree tree = tree_of("\xEF\xBB\xBF"
                                  "a: 1\r\nb: 2\r\n");

    cr_expect(eq(sz, rp_node_get(tree.root, "b")->line, 2));
    cr_expect(eq(str, (char *)rp_node_get(tree.root, "b")->text, "2"));
    rp_tree_free(&tree);
}

static const struct {
    const char *text, *sentence;
} unreadable[] = {
    {"", "x.yaml: found nothing but blanks and comments, expected \"key: "
         "value\" lines"},
    {"# only this\n", "x.yaml: found nothing but blanks and comments, "
                      "expected \"key: value\" lines"},
    {"a:\n\tb: 1", "x.yaml:2:1: found a tab; indent with spaces"},
    {"\xC3\xA9: @x", "x.yaml:1:4: a value cannot begin with \"@\"; put it "
                     "in quotes"},
    {"a: b: c", "x.yaml:1:5: found \":\" where none was expected; put a "
                "value with \": \" in quotes, and check the indent of this "
                "line and the colon of the one before"},
    {"a: [1, 2\nb: 3", "x.yaml:2:2: expected \",\" or \"]\" of the list "
                       "that was opened with \"[\" (it belongs to what "
                       "begins in line 1)"},
    {"a: {b: 1", "x.yaml:2:1: expected \",\" or \"}\" of the mapping that "
                 "was opened with \"{\" (it belongs to what begins in "
                 "line 1)"},
    {"a: \"x", "x.yaml:1:6: the file ends inside a quoted text; close the "
               "quote"},
    {"a:\n  b: 1\n c: 2", "x.yaml:3:2: expected a key here; check the "
                          "indent of this line and the quotes before it "
                          "(it belongs to what begins in line 1)"},
    {"- a\nb: 1", "x.yaml:2:1: expected \"- \" of the list above; check "
                  "the indent of this line (it belongs to what begins in "
                  "line 1)"},
    {"a: - 1", "x.yaml:1:4: a list cannot begin here; put \"- \" on a line "
               "of its own"},
    {"a: &x 1", "x.yaml:1:4: anchors (\"&\") and aliases (\"*\") are not "
                "read here; write the value out, or put it in quotes"},
    {"a: *x", "x.yaml:1:4: anchors (\"&\") and aliases (\"*\") are not "
              "read here; write the value out, or put it in quotes"},
    {"a: &x [*x]", "x.yaml:1:4: anchors (\"&\") and aliases (\"*\") are "
                   "not read here; write the value out, or put it in "
                   "quotes"},
    {"a: !!str 1", "x.yaml:1:4: found a tag (\"!\"), which has no meaning "
                   "here; leave it out, or put the value in quotes"},
    {"a: !x {b: 1}", "x.yaml:1:4: found a tag (\"!\"), which has no "
                     "meaning here; leave it out"},
    {"a: 1\n---\nb: 2", "x.yaml:2:1: a second document (\"---\") begins "
                        "here; one file holds one document"},
    {"a: 1\nb: 2\na: 3\nb: 4", "x.yaml:3:1: the key \"a\" was given "
                               "already in line 1, column 1; keep one of "
                               "the two"},
    {"{c: {a: 1, a: 2}}", "x.yaml:1:12: the key \"a\" was given already in "
                          "line 1, column 6; keep one of the two"},
    {"[a]: 1", "x.yaml:1:1: found a list where a key was expected; a key "
               "is one word"},
    {"? {a: 1}", "x.yaml:1:3: found a mapping where a key was expected; a "
                 "key is one word"},
    {"a: \"x\\0y\"", "x.yaml:1:4: found a zero byte (\"\\0\") in a quoted "
                     "text; leave it out"},
    {"a: \x01", "x.yaml:1:4: found the control character 0x01, expected "
                "text; is this a text file?"},
    {"a: 1\r\nb: \xFF", "x.yaml:2:4: found the byte 0xFF, which is not "
                        "UTF-8; save the file as UTF-8 text"},
    {"\xFF\xFE", "x.yaml:1:1: found the byte 0xFF, which is not UTF-8; "
                 "save the file as UTF-8 text"},
    {"\xC0\xAF", "x.yaml:1:1: found the byte 0xC0, which is not UTF-8; "
                 "save the file as UTF-8 text"},
    {"\xED\xA0\x80", "x.yaml:1:1: found the byte 0xED, which is not UTF-8; "
                     "save the file as UTF-8 text"},
    {"\xE2\x82", "x.yaml:1:1: found the byte 0xE2, which is not UTF-8; "
                 "save the file as UTF-8 text"},
};

Test(tree, what_is_not_read_says_where_and_what_to_do)
{
    for (size_t i = 0; i < sizeof unreadable / sizeof *unreadable; i++) {
        struct rp_tree tree = {0};
        struct rp_error error = {0};

        cr_expect(
            eq(int,
               rp_tree_read_text(unreadable[i].text, strlen(unreadable[i].text),
                                 "x.yaml", &tree, &error),
               RP_ERR_SYNTAX),
            "%s", unreadable[i].text);
        cr_expect(eq(str, error.text, (char *)unreadable[i].sentence));
        cr_expect(eq(ptr, (void *)tree.root, NULL));
    }
}

Test(tree, a_zero_byte_is_no_end_of_the_file)
{
    struct rp_tree tree = {0};
    struct rp_error error = {0};

    cr_expect(eq(int,
                 rp_tree_read_text("a: 1\n\0b", 7, "x.yaml", &tree, &error),
                 RP_ERR_SYNTAX));
    cr_expect(eq(str, error.text,
                 "x.yaml:2:1: found the control character 0x00, expected text; "
                 "is this a text file?"));
}

Test(tree, nesting_and_size_have_limits)
{
    char text[2 * RP_TREE_DEPTH_MAX + 3] = {0};
    struct rp_tree tree = {0};
    struct rp_error error = {0};
    char *const large = malloc(RP_TREE_BYTES_MAX + 1);

    memset(text, '[', RP_TREE_DEPTH_MAX);
    memset(text + RP_TREE_DEPTH_MAX, ']', RP_TREE_DEPTH_MAX);
    tree = tree_of(text);
    rp_tree_free(&tree);
    memset(text, '[', RP_TREE_DEPTH_MAX + 1);
    memset(text + RP_TREE_DEPTH_MAX + 1, ']', RP_TREE_DEPTH_MAX + 1);
    cr_expect(eq(int,
                 rp_tree_read_text(text, strlen(text), "x.yaml", &tree, &error),
                 RP_ERR_SYNTAX));
    cr_expect(eq(str, error.text, "x.yaml:1:65: nested deeper than 64 levels"));

    cr_assert(ne(ptr, large, NULL));
    memset(large, ' ', RP_TREE_BYTES_MAX + 1);
    cr_expect(eq(int,
                 rp_tree_read_text(large, RP_TREE_BYTES_MAX + 1, "x.yaml",
                                   &tree, &error),
                 RP_ERR_IO));
    cr_expect(eq(str, error.text,
                 "x.yaml: larger than 16 MiB, which no file written by hand "
                 "is; is this the right file?"));
    free(large);
}

Test(tree, files_that_cannot_be_read_say_why)
{
    struct rp_tree tree = {0};
    struct rp_error error = {0};

    cr_expect(eq(int, rp_tree_read("no/such.yaml", &tree, &error), RP_ERR_IO));
    cr_expect(eq(str, error.text,
                 "no/such.yaml: cannot be opened: No such file or directory"));
    cr_expect(eq(int, rp_tree_read(RP_SOURCE_DIR, &tree, &error), RP_ERR_IO));
    cr_expect(ne(ptr,
                 strstr(error.text, ": found a directory, expected a YAML "
                                    "file; name one of the files in it"),
                 NULL));
    cr_expect(eq(int, rp_tree_read("/dev/zero", &tree, &error), RP_ERR_IO));
    cr_expect(eq(ptr, (void *)tree.root, NULL));
}

Test(tree, an_unreadable_file_says_so)
{
    char path[] = "/tmp/test_tree_XXXXXX";
    const int handle = mkstemp(path);
    struct rp_tree tree = {0};
    struct rp_error error = {0};

    cr_assert(ge(int, handle, 0));
    (void)close(handle);
    cr_assert(eq(int, chmod(path, 0), 0));
    if (access(path, R_OK) == 0) {
        puts("not tried here: this user may read every file");
    } else {
        cr_expect(eq(int, rp_tree_read(path, &tree, &error), RP_ERR_IO));
        cr_expect(ne(ptr,
                     strstr(error.text, "cannot be opened: Permission denied"),
                     NULL));
    }
    (void)unlink(path);
}

Test(tree, a_file_is_read_like_its_text)
{
    char path[] = "/tmp/test_tree_XXXXXX";
    const int handle = mkstemp(path);
    struct rp_tree tree = {0};
    struct rp_error error = {0};

    cr_assert(ge(int, handle, 0));
    /* Longer than the first buffer and than a block of nodes. */
    for (int i = 0; i < 4000; i++)
        cr_assert(gt(int, dprintf(handle, "key_%d: %d\n", i, 2 * i), 0));
    (void)close(handle);
    cr_assert(eq(int, rp_tree_read(path, &tree, &error), RP_OK), "%s",
              error.text);
    cr_expect(eq(sz, tree.root->count, 4000));
    cr_expect(
        eq(str, (char *)rp_node_get(tree.root, "key_3999")->text, "7998"));
    cr_expect(eq(sz, rp_node_get(tree.root, "key_3999")->line, 4000));
    rp_tree_free(&tree);
    (void)unlink(path);
}

static const char *const shades[] = {"red", "green", "dark blue"};

Test(tree, typed_values_are_read)
{
    struct rp_tree tree =
        tree_of("{i: 42, big: 18446744073709551615, n: -1.5e1, t: true, "
                "f: false, d: 3.5us, r: 900/s, w: green, s: \"quoted\"}");
    struct rp_error error = {0};
    uint64_t i = 0, big = 0;
    double n = 0, d = 0, r = 0;
    bool t = false, f = true;
    size_t w = 9;
    char *s = NULL;

#define GET(call) cr_expect(eq(int, call, RP_OK), "%s", error.text)
    GET(rp_node_integer(rp_node_get(tree.root, "i"), 0, 42, &i, &error));
    GET(rp_node_integer(rp_node_get(tree.root, "big"), 0, UINT64_MAX, &big,
                        &error));
    GET(rp_node_number(rp_node_get(tree.root, "n"), -15.0, 0.0, &n, &error));
    GET(rp_node_bool(rp_node_get(tree.root, "t"), &t, &error));
    GET(rp_node_bool(rp_node_get(tree.root, "f"), &f, &error));
    GET(rp_node_duration(rp_node_get(tree.root, "d"), &d, &error));
    GET(rp_node_rate(rp_node_get(tree.root, "r"), &r, &error));
    GET(rp_node_word(rp_node_get(tree.root, "w"), shades, 3, &w, &error));
    GET(rp_node_copy_text(rp_node_get(tree.root, "s"), &s, &error));
#undef GET
    cr_expect(eq(u64, i, 42));
    cr_expect(eq(u64, big, UINT64_MAX));
    cr_expect(eq(dbl, n, -15.0));
    cr_expect(t && !f);
    cr_expect(eq(dbl, d, 3500.0));
    cr_expect(eq(dbl, r, 900.0));
    cr_expect(eq(sz, w, 1));
    cr_expect(eq(str, s, "quoted"));
    free(s);
    rp_tree_free(&tree);
}

/* Which getter a case below calls. */
enum getter { INTEGER, NUMBER, BOOL, DURATION, RATE, WORD, TEXT };

static enum rp_code call_getter(enum getter getter, const struct rp_node *node,
                                struct rp_error *error)
{
    uint64_t i = 7;
    double x = 7.0;
    bool truth = true;
    size_t word = 7;
    const char *text = NULL;
    enum rp_code code = RP_OK;

    switch (getter) {
    case INTEGER:
        code = rp_node_integer(node, 1, 20, &i, error);
        break;
    case NUMBER:
        code = rp_node_number(node, 0.0, 1.0, &x, error);
        break;
    case BOOL:
        code = rp_node_bool(node, &truth, error);
        break;
    case DURATION:
        code = rp_node_duration(node, &x, error);
        break;
    case RATE:
        code = rp_node_rate(node, &x, error);
        break;
    case WORD:
        code = rp_node_word(node, shades, 3, &word, error);
        break;
    case TEXT:
        code = rp_node_text(node, &text, error);
        break;
    }
    cr_expect(i == 7 && x == 7.0 && truth && word == 7 && !text,
              "untouched on failure");
    return code;
}

Test(tree, a_value_of_the_wrong_type_says_what_was_expected)
{
    static const struct {
        enum getter getter;
        const char *text, *sentence;
    } cases[] = {
        {INTEGER, "k: 21",
         "x.yaml:1:4: k: found \"21\", expected a whole number from 1 to 20"},
        {INTEGER, "k: -1",
         "x.yaml:1:4: k: found \"-1\", expected a whole number from 1 to 20"},
        {INTEGER, "k: 1.5",
         "x.yaml:1:4: k: found \"1.5\", expected a whole number from 1 to 20"},
        {INTEGER, "k: 18446744073709551617",
         "x.yaml:1:4: k: found \"18446744073709551617\", expected a whole "
         "number from 1 to 20"},
        {INTEGER, "k:",
         "x.yaml:1:3: k: found nothing, expected a whole number from 1 to 20"},
        {INTEGER, "k: [1]",
         "x.yaml:1:4: k: found a list, expected a whole number from 1 to 20"},
        {NUMBER, "k: 1.01",
         "x.yaml:1:4: k: found \"1.01\", expected a number from 0 to 1"},
        {NUMBER, "k: nan",
         "x.yaml:1:4: k: found \"nan\", expected a number from 0 to 1"},
        {NUMBER, "k: 0.5 x",
         "x.yaml:1:4: k: found \"0.5 x\", expected a number from 0 to 1"},
        {BOOL, "k: yes",
         "x.yaml:1:4: k: found \"yes\", expected true or false"},
        {DURATION, "k: 12",
         "x.yaml:1:4: k: found \"12\" without a unit; write 12ms, 12us or "
         "12s"},
        {DURATION, "k: {mean: 1s}",
         "x.yaml:1:4: k: found a mapping, expected a duration, like 12ms or "
         "3.5us"},
        {RATE, "k: -1/s",
         "x.yaml:1:4: k: found \"-1/s\"; a rate cannot be negative"},
        {RATE, "k:",
         "x.yaml:1:3: k: found nothing, expected a rate, like "
         "900/s or 5000/min"},
        {WORD, "k: gren",
         "x.yaml:1:4: k: found \"gren\"; did you mean \"green\"? (expected "
         "red, green or dark blue)"},
        {WORD, "k: purple",
         "x.yaml:1:4: k: found \"purple\", expected red, green or dark blue"},
        {TEXT, "k: \"\"",
         "x.yaml:1:4: k: found \"\", expected text on one line"},
        {TEXT, "k: \"a\\nb\"",
         "x.yaml:1:4: k: found \"a?b\", expected text on one line"},
        {TEXT, "k: {a: 1}",
         "x.yaml:1:4: k: found a mapping, expected text on one line"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rp_tree tree = tree_of(cases[i].text);
        struct rp_error error = {0};

        cr_expect(eq(int,
                     call_getter(cases[i].getter, tree.root->first, &error),
                     RP_ERR_VALUE),
                  "%s", cases[i].text);
        cr_expect(eq(str, error.text, (char *)cases[i].sentence));
        rp_tree_free(&tree);
    }
}

Test(tree, an_absent_key_leaves_the_default)
{
    struct rp_error error = {0};

    for (int getter = INTEGER; getter <= TEXT; getter++)
        cr_expect(
            eq(int, call_getter((enum getter)getter, NULL, &error), RP_OK));
    cr_expect(eq(ptr, (void *)rp_node_get(NULL, "a"), NULL));
}

Test(tree, a_key_that_must_be_there_is_named)
{
    struct rp_tree tree = tree_of("a:\n  b: 1\n");
    const struct rp_node *child = NULL;
    struct rp_error error = {0};

    cr_expect(eq(int, rp_node_need(tree.root, "a", &child, &error), RP_OK));
    cr_expect(
        eq(int, rp_node_need(child, "mean", &child, &error), RP_ERR_VALUE));
    cr_expect(eq(str, error.text,
                 "x.yaml:2:3: the key \"mean\" is missing here; write \"mean: "
                 "...\""));
    cr_expect(eq(str, (char *)child->key, "a"), "untouched on failure");
    rp_tree_free(&tree);
}

Test(tree, keys_that_nobody_reads_are_refused)
{
    static const char *const known[] = {"name", "server", "load"};
    struct rp_tree tree = tree_of("name: x\nsevrer: y\n");
    struct rp_error error = {0};

    cr_expect(eq(int,
                 rp_node_only_keys(tree.root, known, 3, "see there", &error),
                 RP_ERR_VALUE));
    cr_expect(eq(str, error.text,
                 "x.yaml:2:1: unknown key \"sevrer\"; did you mean "
                 "\"server\"? (see there)"));
    cr_expect(eq(int, rp_node_only_keys(tree.root, known, 1, NULL, &error),
                 RP_ERR_VALUE));
    cr_expect(eq(str, error.text,
                 "x.yaml:2:1: unknown key \"sevrer\" (keys are name)"));
    cr_expect(eq(int,
                 rp_node_only_keys(tree.root->first, known, 3, NULL, &error),
                 RP_ERR_VALUE));
    cr_expect(eq(str, error.text,
                 "x.yaml:1:7: name: found \"x\", expected a mapping: {key: "
                 "value}, or indented \"key: value\" lines"));
    cr_expect(eq(int, rp_node_only_keys(NULL, known, 3, NULL, &error), RP_OK));
    rp_tree_free(&tree);
}

Test(tree, a_path_finds_the_nearest_node_there_is)
{
    struct rp_tree tree =
        tree_of("middleware:\n  - {name: a}\n  - {before: {cpu: 1us}}\n");
    static const struct {
        const char *path;
        size_t line, column;
    } cases[] = {
        {"", 1, 1},
        {"middleware", 2, 3},
        {"middleware[0].name", 2, 12},
        {"middleware[1].before.cpu", 3, 20},
        {"middleware[1].before.wait", 3, 14},
        {"middleware[1].after.wait", 3, 5},
        {"middleware[7].name", 2, 3},
        {"load.rate", 1, 1},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct rp_node *const n = rp_node_find(tree.root, cases[i].path);

        cr_expect(eq(sz, n->line, cases[i].line), "%s", cases[i].path);
        cr_expect(eq(sz, n->column, cases[i].column), "%s", cases[i].path);
    }
    rp_tree_free(&tree);
}
