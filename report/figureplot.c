/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/figureplot.h"

#include <errno.h>
#include <math.h>
#include <string.h>

/* In quotes of either kind gnuplot has nothing to expand but the quote itself;
 * in data a quote has no escape. */
static void put_quoted(FILE *out, char quote, const char *text)
{
    (void)fputc(quote, out);
    for (; *text; text++)
        if (*text != quote)
            (void)fputc(*text, out);
        else if (quote == '\'')
            (void)fputs("''", out);
        else
            (void)fputc('\'', out);
    (void)fputc(quote, out);
}

static void set(FILE *out, const char *what, const char *text)
{
    (void)fprintf(out, "set %s ", what);
    put_quoted(out, '\'', text);
    (void)fputc('\n', out);
}

/* ---- Data ---- */

/* Where a point stands on the axis of labels. */
static double position(const struct rp_figure *f,
                       const struct rp_figure_point *p)
{
    const size_t row =
        f->kind == RP_FIGURE_SCATTER
            ? 0
            : rp_figure_place(f->labels, f->label_count, p->label);
    const double group =
        (double)rp_figure_place(f->groups, f->group_count, p->group);

    if (f->kind == RP_FIGURE_TAIL)
        return rp_figure_nines(p->x);
    if (f->kind == RP_FIGURE_SCATTER)
        return p->x;
    if (f->kind == RP_FIGURE_BARS && f->point_count > f->label_count)
        return (double)row + (group + 0.5) / (double)f->group_count * 0.8 - 0.4;
    return (double)row;
}

/* Columns: position, value, low, high, group, row of a map, label. An interval
 * that has no end ends at the value. */
static void put_data(const struct rp_figure *f, FILE *out)
{
    (void)fputs("$points << END_OF_POINTS\n", out);
    for (size_t i = 0; i < f->point_count; i++) {
        const struct rp_figure_point *const p = &f->points[i];

        (void)fprintf(out, "%.15g %.15g %.15g %.15g ", position(f, p), p->value,
                      isfinite(p->low) ? p->low : p->value,
                      isfinite(p->high) ? p->high : p->value);
        put_quoted(out, '"', p->group);
        (void)fprintf(out, " %zu ",
                      rp_figure_place(f->groups, f->group_count, p->group));
        put_quoted(out, '"', p->label);
        (void)fputc('\n', out);
    }
    (void)fputs("END_OF_POINTS\n", out);
}

static void put_ticks(FILE *out, char axis, const char *const *words,
                      size_t count)
{
    (void)fprintf(out, "set %ctics (", axis);
    for (size_t i = 0; i < count; i++) {
        (void)fputs(i ? ", " : "", out);
        put_quoted(out, '\'', words[i]);
        (void)fprintf(out, " %zu", i);
    }
    (void)fputs(")\n", out);
}

/* ---- Kinds ---- */

static void put_bars(const struct rp_figure *f, FILE *out)
{
    const bool grouped = f->point_count > f->label_count;
    const double half = 0.38 / (double)(grouped ? f->group_count : 1);

    put_ticks(out, 'y', f->labels, f->label_count);
    set(out, "xlabel", f->value_name);
    (void)fprintf(out,
                  "set yrange [%zu - 0.4:-0.6]\nset xrange [0:*]\n"
                  "set style fill solid 0.8 noborder\nset bars 0.5\n"
                  "plot ",
                  f->label_count);
    for (size_t i = 0; i < f->group_count; i++) {
        (void)fprintf(out,
                      "$points using (column(6) == %zu ? $2 / 2 : NaN):1:"
                      "($2 / 2):(%.4f) with boxxyerror lc %zu title ",
                      i, half, i + 1);
        put_quoted(out, '\'', f->groups[i]);
        (void)fputs(", \\\n     ", out);
    }
    (void)fputs("$points using ($3 < $4 ? $2 : NaN):1:3:4 with xerrorbars "
                "pt 0 lc 'black' notitle\n",
                out);
}

static void put_sweep(const struct rp_figure *f, FILE *out)
{
    put_ticks(out, 'x', f->labels, f->label_count);
    set(out, "xlabel", f->x_name);
    set(out, "ylabel", f->value_name);
    (void)fprintf(out, "set xrange [-0.5:%zu - 0.5]\nset yrange [0:*]\nplot ",
                  f->label_count);
    if (isfinite(f->reference))
        (void)fprintf(out, "%.15g dt 2 lc 'gray40' title 'as it is', \\\n     ",
                      f->reference);
    (void)fputs("$points using 1:2 with lines lw 2 lc 1 notitle, \\\n     "
                "$points using 1:2:3:4 with yerrorbars pt 7 lc 1 notitle\n",
                out);
}

static void put_tail(const struct rp_figure *f, FILE *out)
{
    set(out, "xlabel", f->x_name);
    set(out, "ylabel", f->value_name);
    (void)fputs("set xtics ('0' 0, '50' 0.30103, '90' 1, '99' 2, '99.9' 3, "
                "'99.99' 4)\nset yrange [0:*]\nplot ",
                out);
    for (size_t i = 0; i < f->group_count; i++) {
        (void)fprintf(out,
                      "%s$points using (column(6) == %zu && strcol(7)[1:1] eq "
                      "'q' ? $1 : NaN):2 with lines lw 2 lc %zu title ",
                      i ? ", \\\n     " : "", i, i + 1);
        put_quoted(out, '\'', f->groups[i]);
        (void)fprintf(out,
                      ", \\\n     $points using (column(6) == %zu && "
                      "strcol(7)[1:1] eq 'p' ? $1 : NaN):2:3:4 with "
                      "yerrorbars pt 7 lc %zu notitle",
                      i, i + 1);
    }
    (void)fputc('\n', out);
}

static void put_scatter(const struct rp_figure *f, FILE *out)
{
    set(out, "xlabel", f->x_name);
    set(out, "ylabel", f->value_name);
    (void)fputs("set logscale xy\nplot x dt 2 lc 'gray40' "
                "notitle",
                out);
    for (size_t i = 0; i < f->group_count; i++) {
        (void)fprintf(out,
                      ", \\\n     $points using (column(6) == %zu ? $1 : NaN):"
                      "2:3:4 with yerrorbars pt 7 ps 0.5 lc %zu title ",
                      i, i + 1);
        put_quoted(out, '\'', f->groups[i]);
    }
    (void)fputc('\n', out);
}

/* The only values below zero are correlations. */
static bool is_signed(const struct rp_figure *f)
{
    for (size_t i = 0; i < f->point_count; i++)
        if (f->points[i].value < 0.0)
            return true;
    return false;
}

static void put_map(const struct rp_figure *f, FILE *out)
{
    put_ticks(out, 'x', f->labels, f->label_count);
    put_ticks(out, 'y', f->groups, f->group_count);
    set(out, "xlabel", f->x_name);
    set(out, "ylabel", f->group_name);
    set(out, "cblabel", f->value_name);
    (void)fprintf(out,
                  "set xrange [-0.5:%zu - 0.5]\nset yrange [%zu - 0.5:-0.5]\n"
                  "unset key\nunset grid\n"
                  "%s"
                  "plot $points using 1:6:2 with image, \\\n"
                  "     $points using 1:6:(sprintf('%%.3g', $2)) with labels\n",
                  f->label_count, f->group_count,
                  is_signed(f)
                      ? "set palette defined (-1 '#d55e00', 0 '#ffffff', "
                        "1 '#0072b2')\nset cbrange [-1:1]\n"
                      : "set palette defined (0 '#f0f6fa', 1 '#4f9ccb')\n");
}

/* ---- The whole ---- */

void rp_figureplot_size(const struct rp_figure *figure, int *width, int *height)
{
    const size_t rows =
        figure->kind == RP_FIGURE_BARS ? figure->point_count : 0;

    *width = 900;
    *height = rows > 18 ? 160 + 22 * (int)(rows < 1000 ? rows : 1000) : 540;
}

enum rp_code rp_figureplot_write(const struct rp_figure *figure, FILE *out,
                                 struct rp_error *error)
{
    (void)fputs("# Made by reqpath plot; gnuplot 5.2 or later.\n"
                "set termoption noenhanced\nset encoding utf8\n"
                "set linetype 1 lc '#0072b2'\nset linetype 2 lc '#d55e00'\n"
                "set linetype 3 lc '#009e73'\nset linetype 4 lc '#cc79a7'\n"
                "set linetype 5 lc '#e69f00'\nset linetype 6 lc '#56b4e9'\n"
                "set linetype 7 lc '#666666'\nset linetype cycle 7\n"
                "set key outside center top horizontal\n"
                "set grid lc 'gray90' lt 1\nset tics nomirror\n",
                out);
    set(out, "title", figure->title);
    put_data(figure, out);
    switch (figure->kind) {
    case RP_FIGURE_BARS:
        put_bars(figure, out);
        break;
    case RP_FIGURE_SWEEP:
        put_sweep(figure, out);
        break;
    case RP_FIGURE_TAIL:
        put_tail(figure, out);
        break;
    case RP_FIGURE_SCATTER:
        put_scatter(figure, out);
        break;
    case RP_FIGURE_MAP:
        put_map(figure, out);
        break;
    }
    if (!ferror(out))
        return RP_OK;
    return rp_fail(error, RP_ERR_IO, "the script cannot be written: %s",
                   strerror(errno));
}
