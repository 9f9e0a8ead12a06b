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

Test(figuresvg, a_map_of_correlations_tells_their_signs_by_hue)
{
    char labels[2][8] = {"a", "b"};
    struct rp_figure_point points[] = {
        {.label = labels[0], .group = labels[0], .value = 0.5},
        {.label = labels[1], .group = labels[0], .value = -1.0}};
    const char *words[] = {labels[0], labels[1]};
    char none[] = "";
    const struct rp_figure figure = {.kind = RP_FIGURE_MAP,
                                     .title = none,
                                     .x_name = none,
                                     .value_name = none,
                                     .group_name = none,
                                     .point_count = 2,
                                     .group_count = 1,
                                     .label_count = 2,
                                     .points = points,
                                     .groups = words,
                                     .labels = words};
    char *const text = rp_handfigure_written(rp_figuresvg_write, &figure);

    /* half as strong as the other: 0.06 + 0.88 / 2 and 0.06 + 0.88 */
    cr_expect(strstr(text, "fill=\"#0072b2\" fill-opacity=\"0.500\" "
                           "data-value=\"0.5\"") != NULL);
    cr_expect(strstr(text, "fill=\"#d55e00\" fill-opacity=\"0.940\" "
                           "data-value=\"-1\"") != NULL);
    free(text);
}
