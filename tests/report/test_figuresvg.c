/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/figuresvg.h"

#include "handfigure.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

/* The width of the bar that carries `value`. */
static double width_of(const char *svg, const char *value)
{
    char mark[64];
    const char *at, *width = NULL;

    (void)snprintf(mark, sizeof mark, "data-value=\"%s\"", value);
    at = strstr(svg, mark);
    cr_assert(ne(ptr, (void *)at, NULL), "%s is in no mark", value);
    for (const char *p = svg; p < at; p++)
        if (strncmp(p, " width=\"", 8) == 0)
            width = p + 8;
    cr_assert(ne(ptr, (void *)width, NULL));
    return strtod(width, NULL);
}

Test(figuresvg, bars_are_as_long_as_their_numbers_say)
{
    struct rp_figure f = rp_handfigure_bars();
    char *const svg = rp_handfigure_written(rp_figuresvg_write, &f);

    cr_expect(
        epsilon_eq(dbl, width_of(svg, "40") / width_of(svg, "10"), 4.0, 0.01));
    free(svg);
    rp_figure_free(&f);
}

Test(figuresvg, words_cannot_become_tags)
{
    struct rp_figure f = rp_handfigure_bars();
    char *const svg = rp_handfigure_written(rp_figuresvg_write, &f);

    cr_expect(eq(ptr, strstr(svg, "<b>"), NULL));
    cr_expect(ne(ptr, strstr(svg, "a &lt;b&gt; &amp; &quot;c&quot;"), NULL));
    cr_expect(ne(ptr, strstr(svg, "d, no: 40, from 30, to 50"), NULL));
    free(svg);
    rp_figure_free(&f);
}
