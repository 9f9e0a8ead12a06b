/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/figureplot.h"

#include "handfigure.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

Test(figureplot, a_script_has_the_numbers_and_its_quotes_are_closed)
{
    struct rp_figure f = rp_handfigure_bars();
    char *const script = rp_handfigure_written(rp_figureplot_write, &f);

    cr_expect(ne(ptr,
                 strstr(script, "\n0 10 10 10 \"it's\" 0 \"a <b> & 'c'\"\n"
                                "1 40 30 50 \"no\" 1 \"d\"\n"),
                 NULL),
              "%s", script);
    cr_expect(ne(ptr, strstr(script, "title 'it''s'"), NULL));
    free(script);
    rp_figure_free(&f);
}

Test(figureplot, many_bars_make_a_picture_higher)
{
    struct rp_figure f = rp_handfigure_bars();
    int width, height, more;

    rp_figureplot_size(&f, &width, &height);
    f.point_count = 100;
    rp_figureplot_size(&f, &width, &more);
    f.point_count = 2;
    cr_expect(more > height);
    rp_figure_free(&f);
}
