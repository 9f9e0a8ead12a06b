/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "report/page.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static const char plan[] = "{\"schema\": \"reqpath.plan/1\", \"rows\": [{"
                           "\"configuration\": \"%s\", \"max_rps\": 0.1}]}";

/* A plan whose configuration is `words`, JSON's escapes in it. */
static struct rp_resultfile plan_of(const char *words, const char *name)
{
    struct rp_resultfile file = {.name = NULL};
    struct rp_error error = {0};
    char text[512];

    (void)snprintf(text, sizeof text, plan, words);
    cr_assert(eq(int,
                 rp_resultfile_parse(text, strlen(text), name, &file, &error),
                 RP_OK),
              "%s", error.text);
    return file;
}

/* The caller frees it. */
static char *page_of(const char *title, const struct rp_resultfile *files,
                     size_t count)
{
    struct rp_error error = {0};
    char *text = NULL;
    size_t size = 0;
    FILE *const out = open_memstream(&text, &size);

    cr_assert(ne(ptr, out, NULL));
    cr_assert(eq(int, rp_page_write(title, files, count, out, &error), RP_OK),
              "%s", error.text);
    (void)fclose(out);
    return text;
}

static size_t times(const char *text, const char *part)
{
    size_t count = 0;

    for (const char *at = strstr(text, part); at; at = strstr(at + 1, part))
        count++;
    return count;
}

/* What a browser takes for the block of data: it ends at the first end tag. */
static json_t *data_of(const char *page)
{
    static const char begin[] =
        "<script type=\"application/json\" id=\"data\">";
    const char *const start = strstr(page, begin);
    const char *end;

    cr_assert(ne(ptr, (void *)start, NULL));
    end = strstr(start, "</script");
    cr_assert(ne(ptr, (void *)end, NULL));
    return json_loadb(start + strlen(begin),
                      (size_t)(end - start) - strlen(begin), 0, NULL);
}

static const char *text_at(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

Test(page, the_block_of_data_holds_the_results_in_their_order)
{
    struct rp_resultfile files[] = {plan_of("a", "one.json"),
                                    plan_of("b", "two.json")};
    char *const page = page_of("A title", files, 2);
    json_t *const data = data_of(page);
    const json_t *const second =
        json_array_get(json_object_get(data, "files"), 1);
    const json_t *const row = json_array_get(
        json_object_get(json_object_get(second, "result"), "rows"), 0);

    cr_assert(ne(ptr, data, NULL));
    cr_expect(eq(str, (char *)text_at(data, "title"), "A title"));
    cr_expect(eq(str, (char *)text_at(second, "file"), "two.json"));
    cr_expect(eq(str, (char *)text_at(second, "command"), "plan"));
    cr_expect(eq(str, (char *)text_at(row, "configuration"), "b"));
    cr_expect(eq(dbl, json_number_value(json_object_get(row, "max_rps")), 0.1),
              "numbers are what they were");
    cr_expect(eq(sz, times(page, "<title>A title</title>"), 1));
    json_decref(data);
    free(page);
    rp_resultfile_free(&files[0]);
    rp_resultfile_free(&files[1]);
}

/* Names that end a block, open a comment or a tag, close an attribute. */
Test(page, what_a_user_wrote_cannot_leave_the_block_of_data)
{
    static const char evil[] = "</script><script>alert(1)</script><!--<script>"
                               "\"'&amp;";
    struct rp_resultfile harmless = plan_of("a", "a.json");
    struct rp_resultfile file = plan_of(
        "</script><script>alert(1)</script><!--<script>\\\"'&amp;", "<b>.json");
    char *const plain = page_of("a", &harmless, 1);
    char *const page = page_of(evil, &file, 1);
    json_t *const data = data_of(page);
    const json_t *const first =
        json_array_get(json_object_get(data, "files"), 0);
    const json_t *const row = json_array_get(
        json_object_get(json_object_get(first, "result"), "rows"), 0);

    cr_assert(ne(ptr, data, NULL), "the block ends where it shall");
    cr_expect(eq(str, (char *)text_at(row, "configuration"), (char *)evil));
    cr_expect(eq(str, (char *)text_at(data, "title"), (char *)evil));
    cr_expect(eq(str, (char *)text_at(first, "file"), "<b>.json"));
    cr_expect(eq(sz, times(page, "<"), times(plain, "<")),
              "not a tag more than without");
    cr_expect(eq(sz, times(page, "alert(1)&lt;/script&gt;"), 1),
              "in the title it is text");
    json_decref(data);
    free(page);
    free(plain);
    rp_resultfile_free(&file);
    rp_resultfile_free(&harmless);
}

Test(page, nothing_is_loaded_and_no_other_script_runs)
{
    struct rp_resultfile file = plan_of("a", "a.json");
    char *const page = page_of("a", &file, 1);

    cr_expect(
        eq(sz, times(page, "default-src 'none'; script-src 'sha256-"), 1));
    cr_expect(eq(sz, times(page, "<script"), 2), "the data, and the page's");
    cr_expect(eq(sz, times(page, "src=\""), 0));
    cr_expect(eq(sz, times(page, "<link"), 0));
    cr_expect(eq(sz, times(page, "@import"), 0));
    cr_expect(eq(sz, times(page, "url(http"), 0));
    free(page);
    rp_resultfile_free(&file);
}

Test(page, the_same_results_make_the_same_bytes)
{
    struct rp_resultfile file = plan_of("\\u00fc\\u2028", "a.json");
    char *const one = page_of("\xc3\xbc", &file, 1);
    char *const two = page_of("\xc3\xbc", &file, 1);

    cr_expect(eq(str, one, two));
    free(one);
    free(two);
    rp_resultfile_free(&file);
}

Test(page, a_stream_that_fails_is_said)
{
    struct rp_resultfile file = plan_of("a", "a.json");
    struct rp_error error = {0};
    FILE *const out = fopen("/dev/full", "w");

    cr_assert(ne(ptr, out, NULL));
    (void)setvbuf(out, NULL, _IONBF, 0);
    cr_expect(eq(int, rp_page_write("a", &file, 1, out, &error), RP_ERR_IO));
    cr_expect(eq(str, error.text,
                 "the page cannot be written: No space left on device"));
    (void)fclose(out);
    rp_resultfile_free(&file);
}
