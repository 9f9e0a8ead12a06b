/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/figuretext.h"

#include <errno.h>
#include <math.h>
#include <string.h>

enum {
    WIDTH_DEFAULT = 80,
    WIDTH_LEAST = 40,
    VALUE_WIDTH = 10, /* " 1.235e+04" */
    BIN_COUNT = 16,
};

struct sheet {
    const struct rp_figure *figure;
    size_t width;
    bool blocks;
    FILE *out;
};

/* ---- Lines ---- */

static size_t letters_of(const char *text)
{
    size_t count = 0;

    for (; *text; text++)
        count += ((unsigned char)*text & 0xc0u) != 0x80u;
    return count;
}

/* The first `room` letters of a text; blanks up to `room`. */
static void put_padded(FILE *out, const char *text, size_t room)
{
    size_t letters = 0;

    for (; *text; text++) {
        if (((unsigned char)*text & 0xc0u) != 0x80u && letters++ == room)
            return;
        (void)fputc(*text, out);
    }
    for (; letters < room; letters++)
        (void)fputc(' ', out);
}

/* Two blanks and a share of `room` columns, to the eighth where there are
 * blocks. */
static void put_bar(const struct sheet *sheet, double share, size_t room)
{
    static const char *const eighths[] = {"",       "\u258f", "\u258e",
                                          "\u258d", "\u258c", "\u258b",
                                          "\u258a", "\u2589"};
    const double columns = fmin(fmax(share, 0.0), 1.0) * (double)room;
    const size_t all = (size_t)lround(columns * (sheet->blocks ? 8.0 : 1.0));
    const size_t whole = sheet->blocks ? all / 8 : all;

    if (all > 0)
        (void)fputs("  ", sheet->out);
    for (size_t i = 0; i < whole; i++)
        (void)fputs(sheet->blocks ? "\u2588" : "#", sheet->out);
    if (sheet->blocks)
        (void)fputs(eighths[all % 8], sheet->out);
}

static void put_line(const struct sheet *sheet, const char *label,
                     size_t label_room, const char *value, double share)
{
    const size_t used = label_room + 1 + VALUE_WIDTH + 2;

    put_padded(sheet->out, label, label_room);
    (void)fprintf(sheet->out, " %*s", VALUE_WIDTH, value);
    put_bar(sheet, share, sheet->width > used ? sheet->width - used : 1);
    (void)fputc('\n', sheet->out);
}

/* ---- A bar a point ---- */

static size_t label_width(const struct sheet *sheet)
{
    const struct rp_figure *const f = sheet->figure;
    size_t most = 8;

    for (size_t i = 0; i < f->point_count; i++) {
        const size_t letters = letters_of(f->points[i].label);

        most = letters > most ? letters : most;
    }
    return most < sheet->width / 2 ? most : sheet->width / 2;
}

static double highest(const struct rp_figure *f)
{
    double most = isfinite(f->reference) ? f->reference : 0.0;

    for (size_t i = 0; i < f->point_count; i++)
        most = fmax(most, f->points[i].value);
    return most;
}

static void put_group(const struct sheet *sheet, const char *group)
{
    const struct rp_figure *const f = sheet->figure;
    const size_t room = label_width(sheet);
    const double most = highest(f);
    char value[32];

    for (size_t i = 0; i < f->point_count; i++) {
        const struct rp_figure_point *const p = &f->points[i];

        if (strcmp(p->group, group) != 0)
            continue;
        rp_figure_number(p->value, value);
        put_line(sheet, p->label, room, value,
                 most > 0.0 ? p->value / most : 0.0);
    }
}

static void put_points(const struct sheet *sheet)
{
    const struct rp_figure *const f = sheet->figure;
    char value[32];

    if (isfinite(f->reference)) {
        rp_figure_number(f->reference, value);
        put_line(sheet, "as it is", label_width(sheet), value,
                 f->reference / highest(f));
    }
    for (size_t i = 0; i < f->group_count; i++) {
        if (*f->groups[i]) {
            (void)fputs(i ? "\n" : "", sheet->out);
            put_padded(sheet->out, f->group_name, letters_of(f->group_name));
            (void)fputs(": ", sheet->out);
            put_padded(sheet->out, f->groups[i], letters_of(f->groups[i]));
            (void)fputc('\n', sheet->out);
        }
        put_group(sheet, f->groups[i]);
    }
}

/* ---- Histograms ---- */

/* Shares in percent of what lies in each bin, beginning at `least`. */
static void put_histogram(const struct sheet *sheet, double least, double step,
                          const double shares[BIN_COUNT], double beyond)
{
    double most = 0.0;
    char label[40], value[32];

    for (size_t i = 0; i < BIN_COUNT; i++)
        most = fmax(most, shares[i]);
    for (size_t i = 0; i < BIN_COUNT; i++) {
        (void)snprintf(label, sizeof label, "%.4g ..",
                       least + step * (double)i);
        (void)snprintf(value, sizeof value, "%.1f %%", shares[i]);
        put_line(sheet, label, 12, value, most > 0.0 ? shares[i] / most : 0.0);
    }
    (void)snprintf(label, sizeof label, "%.4g ..", least + step * BIN_COUNT);
    (void)snprintf(value, sizeof value, "%.1f %%", beyond);
    put_line(sheet, label, 12, value, most > 0.0 ? beyond / most : 0.0);
}

static bool is_curve(const struct rp_figure_point *p, const char *group)
{
    return p->label[0] == 'q' && strcmp(p->group, group) == 0;
}

/* The percent of the answers of a group below `value`: straight lines between
 * the points of its curve, which ascend. */
static double percent_below(const struct rp_figure *f, const char *group,
                            double value)
{
    const struct rp_figure_point *before = NULL;

    for (size_t i = 0; i < f->point_count; i++) {
        const struct rp_figure_point *const p = &f->points[i];

        if (!is_curve(p, group))
            continue;
        if (p->value > value)
            return before ? before->x + (p->x - before->x) *
                                            (value - before->value) /
                                            (p->value - before->value)
                          : 0.0;
        before = p;
    }
    return before ? before->x : 0.0;
}

static void put_percentiles(const struct sheet *sheet, const char *group)
{
    const struct rp_figure *const f = sheet->figure;

    for (size_t i = 0; i < f->point_count; i++) {
        const struct rp_figure_point *const p = &f->points[i];

        if (p->label[0] == 'q' || strcmp(p->group, group) != 0)
            continue;
        (void)fprintf(sheet->out, "%-4s %10.4g", p->label, p->value);
        if (isfinite(p->low) && isfinite(p->high))
            (void)fprintf(sheet->out, "  %.4g .. %.4g", p->low, p->high);
        (void)fputc('\n', sheet->out);
    }
}

/* Up to p99: the tail beyond would squeeze all else into one bin. */
static void put_distribution(const struct sheet *sheet, const char *group)
{
    const struct rp_figure *const f = sheet->figure;
    double least = INFINITY, most = 0.0, shares[BIN_COUNT], below = 0.0, step;

    for (size_t i = 0; i < f->point_count; i++)
        if (is_curve(&f->points[i], group) && f->points[i].x <= 99.0) {
            least = fmin(least, f->points[i].value);
            most = fmax(most, f->points[i].value);
        }
    put_padded(sheet->out, group,
               letters_of(group) < sheet->width ? letters_of(group)
                                                : sheet->width);
    (void)fputc('\n', sheet->out);
    put_percentiles(sheet, group);
    if (!(most > least))
        return;
    (void)fputc('\n', sheet->out);
    step = (most - least) / BIN_COUNT;
    for (size_t i = 0; i < BIN_COUNT; i++) {
        /* The last end is the value itself, not what rounding makes of it. */
        const double end =
            i + 1 == BIN_COUNT ? most : least + step * (double)(i + 1);
        const double to = percent_below(f, group, end);

        shares[i] = to - below;
        below = to;
    }
    put_histogram(sheet, least, step, shares, 100.0 - below);
}

static double error_percent(const struct rp_figure_point *p)
{
    return 100.0 * (p->value / p->x - 1.0);
}

/* From -40 to 40 percent; what is beyond counts in the first and the last. */
static void put_errors(const struct sheet *sheet, const char *group)
{
    const struct rp_figure *const f = sheet->figure;
    const double least = -40.0, step = 80.0 / BIN_COUNT;
    double shares[BIN_COUNT] = {0}, beyond = 0.0, all = 0.0;

    for (size_t i = 0; i < f->point_count; i++) {
        const double at = floor((error_percent(&f->points[i]) - least) / step);

        if (strcmp(f->points[i].group, group) != 0)
            continue;
        all += 1.0;
        if (at >= BIN_COUNT)
            beyond += 1.0;
        else
            shares[at > 0.0 ? (size_t)at : 0] += 1.0;
    }
    for (size_t i = 0; i < BIN_COUNT; i++)
        shares[i] *= 100.0 / all;
    put_padded(sheet->out, group, letters_of(group));
    (void)fprintf(sheet->out, ": errors of %.0f predictions, in %%\n", all);
    put_histogram(sheet, least, step, shares, 100.0 * beyond / all);
}

/* ---- The whole ---- */

enum rp_code rp_figuretext_write(const struct rp_figure *figure, int width,
                                 bool blocks, FILE *out, struct rp_error *error)
{
    const int columns = width > 0 ? width : WIDTH_DEFAULT;
    const struct sheet sheet = {
        .figure = figure,
        .blocks = blocks,
        .out = out,
        .width = (size_t)(columns < WIDTH_LEAST ? WIDTH_LEAST : columns)};

    put_padded(out, figure->title,
               letters_of(figure->title) < sheet.width
                   ? letters_of(figure->title)
                   : sheet.width);
    (void)fputc('\n', out);
    if (!strstr(figure->title, figure->value_name) &&
        figure->kind != RP_FIGURE_SCATTER)
        (void)fprintf(out, "%s\n", figure->value_name);
    (void)fputc('\n', out);
    if (figure->kind != RP_FIGURE_TAIL && figure->kind != RP_FIGURE_SCATTER)
        put_points(&sheet);
    else
        for (size_t i = 0; i < figure->group_count; i++) {
            (void)fputs(i ? "\n" : "", out);
            if (figure->kind == RP_FIGURE_TAIL)
                put_distribution(&sheet, figure->groups[i]);
            else
                put_errors(&sheet, figure->groups[i]);
        }
    if (!ferror(out))
        return RP_OK;
    return rp_fail(error, RP_ERR_IO, "the text cannot be written: %s",
                   strerror(errno));
}
