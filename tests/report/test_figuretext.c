/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/figuretext.h"

#include "handfigure.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

static enum rp_code ascii_60(const struct rp_figure *figure, FILE *out,
                             struct rp_error *error)
{
    return rp_figuretext_write(figure, 60, false, out, error);
}

static enum rp_code blocks_60(const struct rp_figure *figure, FILE *out,
                              struct rp_error *error)
{
    return rp_figuretext_write(figure, 60, true, out, error);
}

static size_t times(const char *text, size_t length, const char *part)
{
    size_t count = 0;

    for (size_t i = 0; i < length; i++)
        count += strncmp(text + i, part, strlen(part)) == 0;
    return count;
}

/* The longest line, in letters. */
static size_t widest(const char *text)
{
    size_t most = 0, letters = 0;

    for (; *text; text++) {
        letters += ((unsigned char)*text & 0xc0u) != 0x80u;
        if (*text == '\n')
            letters = 0;
        most = letters > most ? letters : most;
    }
    return most;
}

static void expect_bars_of(const char *text, const char *part)
{
    const char *const first = strstr(text, "\na <b>") + 1;
    const char *const second = strstr(text, "\nd ") + 1;
    const size_t a = times(first, strcspn(first, "\n"), part);
    const size_t d = times(second, strcspn(second, "\n"), part);

    cr_expect(d > 8, "%s", text);
    cr_expect(a >= d / 4 - (d % 4 ? 0 : 1) && a <= d / 4 + 1,
              "10 is a quarter of 40: %zu of %zu", a, d);
    cr_expect(widest(text) <= 60, "%zu", widest(text));
}

Test(figuretext, bars_are_in_proportion_and_within_the_width)
{
    struct rp_figure f = rp_handfigure_bars();
    char *const ascii = rp_handfigure_written(ascii_60, &f);
    char *const blocks = rp_handfigure_written(blocks_60, &f);

    expect_bars_of(ascii, "#");
    expect_bars_of(blocks, "\u2588");
    free(ascii);
    free(blocks);
    rp_figure_free(&f);
}

/* 16 bins up to the 96th percent, of 6 percent each. */
Test(figuretext, a_uniform_distribution_has_equal_bins)
{
    struct rp_figure f = rp_handfigure_uniform();
    char *const text = rp_handfigure_written(ascii_60, &f);

    cr_expect(eq(sz, times(text, strlen(text), "  6.0 % "), 16), "%s", text);
    cr_expect(eq(sz, times(text, strlen(text), "  4.0 % "), 1));
    cr_expect(ne(ptr, strstr(text, "p50          50  45 .. 55\n"), NULL));
    cr_expect(eq(ptr, strstr(text, " \n"), NULL), "blanks at a line's end");
    free(text);
    rp_figure_free(&f);
}
