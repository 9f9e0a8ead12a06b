/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "report/fold.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>

Test(fold, lines_are_broken_between_words)
{
    static const struct {
        const char *text;
        size_t indent, width;
        const char *expected;
    } cases[] = {
        {"one two three", 0, 0, "one two three\n"},
        {"one two three", 0, 7, "one two\nthree\n"},
        {"one two three", 0, 6, "one\ntwo\nthree\n"},
        {"one two three", 2, 9, "  one two\n  three\n"},
        {"averyverylongword of 17", 1, 5, " averyverylongword\n of\n 17\n"},
        {"  blanks   do not count ", 0, 0, "blanks do not count\n"},
        {"caf\xC3\xA9 caf\xC3\xA9", 0, 9, "caf\xC3\xA9 caf\xC3\xA9\n"},
        {"", 4, 10, "\n"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *text = NULL;
        size_t size = 0;
        FILE *const out = open_memstream(&text, &size);

        cr_assert(ne(ptr, out, NULL));
        rp_fold(cases[i].text, cases[i].indent, cases[i].width, out);
        (void)fclose(out);
        cr_expect(eq(str, text, (char *)cases[i].expected));
        free(text);
    }
}

Test(fold, width_counts_characters)
{
    cr_expect(eq(sz, rp_fold_width(""), 0));
    cr_expect(eq(sz, rp_fold_width("caf\xC3\xA9 \xE2\x82\xAC"), 6));
}

Test(fold, a_line_is_as_many_words_as_fit_and_one_at_least)
{
    static const struct {
        const char *text;
        size_t width, bytes;
        const char *rest;
    } cases[] = {
        {"one two three", 7, 7, "three"},
        {"one two three", 6, 3, "two three"},
        {"one two three", 99, 13, ""},
        {"averylongword of", 3, 13, "of"},
        {"a  b c", 4, 4, "c"},
        {"one  ", 9, 3, ""},
        {"caf\xC3\xA9 caf", 8, 9, ""},
        {"", 5, 0, ""},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t bytes = 99;
        const char *const rest =
            rp_fold_line(cases[i].text, cases[i].width, &bytes);

        cr_expect(eq(sz, bytes, cases[i].bytes), "%s", cases[i].text);
        cr_expect(eq(str, (char *)rest, (char *)cases[i].rest));
    }
}
