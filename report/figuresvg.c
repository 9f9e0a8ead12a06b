/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/figuresvg.h"

#include <errno.h>
#include <math.h>
#include <string.h>

enum {
    WIDTH = 760,
    TOP = 44,    /* the title */
    BOTTOM = 52, /* labels of the lower axis, and its name */
    RIGHT = 24,
    ROW = 22, /* a bar */
    LEGEND_ROW = 18,
    LETTER = 7,     /* about as wide as a letter is */
    LABEL_MAX = 44, /* letters; longer words are cut */
    TICK_MAX = 12,
};

/* Colours that the colour-blind tell apart: Okabe and Ito's. */
static const char *const hues[] = {"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                   "#e69f00", "#56b4e9", "#666666"};
enum { HUE_COUNT = sizeof hues / sizeof *hues };

struct axis {
    double least, most; /* what it spans */
    bool logarithmic;
    double from, to; /* pixels */
};

struct pen {
    const struct rp_figure *figure;
    FILE *out;
    double left, top, right, bottom; /* the frame */
    struct axis x, y;
    double below; /* what labels that hang down add to the bottom */
};

/* ---- Texts ---- */

/* Escaped; at most `most` letters of it, then an ellipsis. */
static void put_text(FILE *out, const char *text, size_t most)
{
    size_t letters = 0;

    for (const char *at = text; *at; at++) {
        const bool begins = ((unsigned char)*at & 0xc0u) != 0x80u;

        if (begins && letters++ == most) {
            (void)fputs("\xe2\x80\xa6", out);
            return;
        }
        switch (*at) {
        case '<':
            (void)fputs("&lt;", out);
            break;
        case '>':
            (void)fputs("&gt;", out);
            break;
        case '&':
            (void)fputs("&amp;", out);
            break;
        case '"':
            (void)fputs("&quot;", out);
            break;
        default:
            (void)fputc(*at, out);
        }
    }
}

static size_t letters_of(const char *text)
{
    size_t count = 0;

    for (; *text; text++)
        count += ((unsigned char)*text & 0xc0u) != 0x80u;
    return count < LABEL_MAX ? count : LABEL_MAX;
}

static void label_at(const struct pen *pen, double x, double y,
                     const char *attributes, const char *text, size_t most)
{
    (void)fprintf(pen->out, "<text x=\"%.1f\" y=\"%.1f\"%s>", x, y, attributes);
    put_text(pen->out, text, most);
    (void)fputs("</text>\n", pen->out);
}

static const char *hue_of(const struct pen *pen, const char *group)
{
    const struct rp_figure *const f = pen->figure;

    return hues[rp_figure_place(f->groups, f->group_count, group) % HUE_COUNT];
}

/* What a mark stands for, for people and for programs; ends the mark. */
static void end_mark(const struct pen *pen, const struct rp_figure_point *p,
                     const char *element)
{
    (void)fprintf(pen->out, " data-value=\"%.15g\"><title>", p->value);
    put_text(pen->out, p->label, 200);
    if (*p->group) {
        (void)fputs(", ", pen->out);
        put_text(pen->out, p->group, 200);
    }
    (void)fprintf(pen->out, ": %.4g", p->value);
    if (isfinite(p->low))
        (void)fprintf(pen->out, ", from %.4g", p->low);
    if (isfinite(p->high))
        (void)fprintf(pen->out, ", to %.4g", p->high);
    (void)fprintf(pen->out, "</title></%s>\n", element);
}

/* ---- Axes ---- */

static double along(const struct axis *axis, double value)
{
    const double share =
        axis->logarithmic ? log(fmax(value, axis->least) / axis->least) /
                                log(axis->most / axis->least)
                          : (value - axis->least) / (axis->most - axis->least);

    return axis->from + fmin(fmax(share, 0.0), 1.0) * (axis->to - axis->from);
}

/* 1, 2 or 5 times a power of ten: about `count` steps of it span `span`. */
static double nice_step(double span, int count)
{
    const double rough = span / count;
    const double power = pow(10.0, floor(log10(rough)));
    const double times = rough / power;

    return power * (times <= 1.0   ? 1.0
                    : times <= 2.0 ? 2.0
                    : times <= 5.0 ? 5.0
                                   : 10.0);
}

static size_t linear_ticks(const struct axis *axis, double ticks[TICK_MAX])
{
    const double step = nice_step(axis->most - axis->least, 6);
    size_t count = 0;

    for (double at = ceil(axis->least / step); count < TICK_MAX; at++) {
        if (at * step > axis->most * (1.0 + 1e-12))
            break;
        ticks[count++] = at * step;
    }
    return count;
}

/* 1, 2 and 5 of each power of ten, or the powers where these are many. */
static size_t logarithmic_ticks(const struct axis *axis, double ticks[TICK_MAX])
{
    static const double parts[] = {1.0, 2.0, 5.0};
    const double decades = log10(axis->most / axis->least);
    const size_t part_count = decades > 3.0 ? 1 : 3;
    size_t count = 0;

    for (double power = floor(log10(axis->least)); count < TICK_MAX; power++) {
        if (pow(10.0, power) > axis->most)
            break;
        for (size_t i = 0; i < part_count && count < TICK_MAX; i++) {
            const double tick = parts[i] * pow(10.0, power);

            if (tick >= axis->least && tick <= axis->most)
                ticks[count++] = tick;
        }
    }
    return count;
}

static size_t ticks_of(const struct axis *axis, double ticks[TICK_MAX])
{
    return axis->logarithmic ? logarithmic_ticks(axis, ticks)
                             : linear_ticks(axis, ticks);
}

static void grid_line(const struct pen *pen, bool upright, double at)
{
    (void)fprintf(pen->out,
                  "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" "
                  "stroke=\"#e4e4e4\"/>\n",
                  upright ? at : pen->left, upright ? pen->top : at,
                  upright ? at : pen->right, upright ? pen->bottom : at);
}

static void draw_x_ticks(const struct pen *pen)
{
    double ticks[TICK_MAX];
    const size_t count = ticks_of(&pen->x, ticks);

    for (size_t i = 0; i < count; i++) {
        const double x = along(&pen->x, ticks[i]);
        char text[32];

        (void)snprintf(text, sizeof text, "%g", ticks[i]);
        grid_line(pen, true, x);
        label_at(pen, x, pen->bottom + 17, " text-anchor=\"middle\"", text, 12);
    }
}

static void draw_y_ticks(const struct pen *pen)
{
    double ticks[TICK_MAX];
    const size_t count = ticks_of(&pen->y, ticks);

    for (size_t i = 0; i < count; i++) {
        const double y = along(&pen->y, ticks[i]);
        char text[32];

        (void)snprintf(text, sizeof text, "%g", ticks[i]);
        grid_line(pen, false, y);
        label_at(pen, pen->left - 6, y + 4, " text-anchor=\"end\"", text, 12);
    }
}

static void draw_x_name(const struct pen *pen, const char *name)
{
    label_at(pen, (pen->left + pen->right) / 2, pen->bottom + 40 + pen->below,
             " text-anchor=\"middle\" fill=\"#555\"", name, 90);
}

/* The name of what goes up, turned, at the left edge. */
static void draw_y_name(const struct pen *pen, const char *name)
{
    const double y = (pen->top + pen->bottom) / 2;

    (void)fprintf(pen->out,
                  "<text transform=\"translate(16 %.1f) rotate(-90)\" "
                  "text-anchor=\"middle\" fill=\"#555\">",
                  y);
    put_text(pen->out, name, (size_t)((pen->bottom - pen->top) / LETTER));
    (void)fputs("</text>\n", pen->out);
}

/* ---- What is spanned ---- */

static double highest(const struct rp_figure *f)
{
    double most = isfinite(f->reference) ? f->reference : 0.0;

    for (size_t i = 0; i < f->point_count; i++) {
        most = fmax(most, f->points[i].value);
        if (isfinite(f->points[i].high))
            most = fmax(most, f->points[i].high);
    }
    return most > 0.0 ? most : 1.0;
}

static size_t longest(const char *const *words, size_t count)
{
    size_t most = 0;

    for (size_t i = 0; i < count; i++) {
        const size_t letters = letters_of(words[i]);

        most = letters > most ? letters : most;
    }
    return most;
}

/* ---- Intervals ---- */

/* Ends that are not known are open: the whisker ends at the value. */
static void whisker(const struct pen *pen, const struct rp_figure_point *p,
                    bool upright, double across, const char *hue)
{
    const struct axis *const axis = upright ? &pen->y : &pen->x;
    const double a = along(axis, isfinite(p->low) ? p->low : p->value);
    const double b = along(axis, isfinite(p->high) ? p->high : p->value);

    if (!isfinite(p->low) && !isfinite(p->high))
        return;
    if (upright)
        (void)fprintf(pen->out,
                      "<path d=\"M%.1f %.1fV%.1fM%.1f %.1fh8M%.1f %.1fh8\" "
                      "stroke=\"%s\" fill=\"none\"/>\n",
                      across, a, b, across - 4, a, across - 4, b, hue);
    else
        (void)fprintf(pen->out,
                      "<path d=\"M%.1f %.1fH%.1fM%.1f %.1fv8M%.1f %.1fv8\" "
                      "stroke=\"%s\" fill=\"none\"/>\n",
                      a, across, b, a, across - 4, b, across - 4, hue);
}

static void dot(const struct pen *pen, const struct rp_figure_point *p,
                double x, double y, double radius, const char *hue)
{
    (void)fprintf(pen->out,
                  "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" fill=\"%s\"", x,
                  y, radius, hue);
    end_mark(pen, p, "circle");
}

/* ---- Bars ---- */

static void draw_bar(const struct pen *pen, const struct rp_figure_point *p,
                     double y, double height)
{
    const double end = along(&pen->x, p->value);
    const double high = isfinite(p->high) ? along(&pen->x, p->high) : end;
    char value[32];

    (void)fprintf(pen->out,
                  "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" "
                  "fill=\"%s\" fill-opacity=\"0.8\"",
                  pen->left, y, end - pen->left, height, hue_of(pen, p->group));
    end_mark(pen, p, "rect");
    whisker(pen, p, false, y + height / 2, "#222");
    rp_figure_number(p->value, value);
    label_at(pen, fmax(end, high) + 5, y + height / 2 + 4, " fill=\"#333\"",
             value, 12);
}

/* Bars of one label that are of several groups lie below each other. */
static bool is_grouped(const struct rp_figure *f)
{
    return f->point_count > f->label_count;
}

static void draw_bars(struct pen *pen)
{
    const struct rp_figure *const f = pen->figure;
    const bool grouped = is_grouped(f);
    const double rows = (pen->bottom - pen->top) /
                        (double)(f->label_count ? f->label_count : 1);
    const double height = (rows - 6) / (double)(grouped ? f->group_count : 1);

    pen->x = (struct axis){
        .most = highest(f), .from = pen->left, .to = pen->right - 62};
    draw_x_ticks(pen);
    for (size_t i = 0; i < f->label_count; i++)
        label_at(pen, pen->left - 7, pen->top + ((double)i + 0.5) * rows + 4,
                 " text-anchor=\"end\"", f->labels[i], LABEL_MAX);
    for (size_t i = 0; i < f->point_count; i++) {
        const struct rp_figure_point *const p = &f->points[i];
        const size_t row = rp_figure_place(f->labels, f->label_count, p->label);
        const size_t part =
            grouped ? rp_figure_place(f->groups, f->group_count, p->group) : 0;

        draw_bar(pen, p,
                 pen->top + (double)row * rows + 3 + (double)part * height,
                 height - (grouped ? 1 : 0));
    }
    draw_x_name(pen, f->value_name);
}

/* ---- A sweep ---- */

static void draw_reference(const struct pen *pen)
{
    const double value = pen->figure->reference;
    const double y = along(&pen->y, value);

    if (!isfinite(value))
        return;
    (void)fprintf(pen->out,
                  "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" "
                  "stroke=\"#555\" stroke-dasharray=\"5 4\"/>\n",
                  pen->left, y, pen->right, y);
    label_at(pen, pen->right - 4, y - 5, " text-anchor=\"end\" fill=\"#555\"",
             "as it is", 12);
}

static double sweep_x(const struct pen *pen, const struct rp_figure_point *p)
{
    const struct rp_figure *const f = pen->figure;
    const double step = (pen->right - pen->left) / (double)f->label_count;

    return pen->left + step * ((double)rp_figure_place(
                                   f->labels, f->label_count, p->label) +
                               0.5);
}

static void draw_sweep(struct pen *pen)
{
    const struct rp_figure *const f = pen->figure;
    const double step = (pen->right - pen->left) / (double)f->label_count;

    pen->y = (struct axis){
        .most = highest(f) * 1.06, .from = pen->bottom, .to = pen->top};
    draw_y_ticks(pen);
    draw_reference(pen);
    (void)fprintf(pen->out,
                  "<polyline fill=\"none\" stroke=\"%s\" "
                  "stroke-width=\"2\" points=\"",
                  hues[0]);
    for (size_t i = 0; i < f->point_count; i++)
        (void)fprintf(pen->out, "%.1f,%.1f ", sweep_x(pen, &f->points[i]),
                      along(&pen->y, f->points[i].value));
    (void)fputs("\"/>\n", pen->out);
    for (size_t i = 0; i < f->point_count; i++) {
        const struct rp_figure_point *const p = &f->points[i];

        whisker(pen, p, true, sweep_x(pen, p), hues[0]);
        dot(pen, p, sweep_x(pen, p), along(&pen->y, p->value), 4, hues[0]);
    }
    for (size_t i = 0; i < f->label_count; i++)
        label_at(pen, pen->left + step * ((double)i + 0.5), pen->bottom + 17,
                 " text-anchor=\"middle\"", f->labels[i],
                 (size_t)(step / LETTER) + 1);
    draw_x_name(pen, f->x_name);
    draw_y_name(pen, f->value_name);
}

/* ---- A distribution ---- */

static void draw_nines(const struct pen *pen)
{
    static const double percents[] = {0, 50, 90, 99, 99.9, 99.99};

    for (size_t i = 0; i < sizeof percents / sizeof *percents; i++) {
        const double at = rp_figure_nines(percents[i]);
        char text[16];

        if (at > pen->x.most)
            break;
        (void)snprintf(text, sizeof text, "%g", percents[i]);
        grid_line(pen, true, along(&pen->x, at));
        label_at(pen, along(&pen->x, at), pen->bottom + 17,
                 " text-anchor=\"middle\"", text, 12);
    }
}

/* The curve of one group, then its percentiles with intervals, moved aside by
 * a few pixels a group, for those of several scenarios lie over each other. */
static void draw_tail_of(const struct pen *pen, size_t group)
{
    const struct rp_figure *const f = pen->figure;
    const char *const hue = hues[group % HUE_COUNT];

    (void)fprintf(pen->out,
                  "<polyline fill=\"none\" stroke=\"%s\" "
                  "stroke-width=\"2\" points=\"",
                  hue);
    for (size_t i = 0; i < f->point_count; i++)
        if (f->points[i].label[0] == 'q' &&
            strcmp(f->points[i].group, f->groups[group]) == 0)
            (void)fprintf(pen->out, "%.1f,%.1f ",
                          along(&pen->x, rp_figure_nines(f->points[i].x)),
                          along(&pen->y, f->points[i].value));
    (void)fputs("\"/>\n", pen->out);
    for (size_t i = 0; i < f->point_count; i++) {
        const struct rp_figure_point *const p = &f->points[i];
        const double x = along(&pen->x, rp_figure_nines(p->x));

        if (p->label[0] == 'q' || strcmp(p->group, f->groups[group]) != 0)
            continue;
        whisker(pen, p, true, x + 5.0 * (double)group, hue);
        dot(pen, p, x, along(&pen->y, p->value), 4, hue);
    }
}

static void draw_tail(struct pen *pen)
{
    const struct rp_figure *const f = pen->figure;
    double most = 0.0;

    for (size_t i = 0; i < f->point_count; i++)
        most = fmax(most, f->points[i].x);
    pen->x = (struct axis){.most = fmax(rp_figure_nines(most), 1.0),
                           .from = pen->left,
                           .to = pen->right - 12};
    pen->y = (struct axis){
        .most = highest(f) * 1.04, .from = pen->bottom, .to = pen->top};
    draw_nines(pen);
    draw_y_ticks(pen);
    for (size_t i = 0; i < f->group_count; i++)
        draw_tail_of(pen, i);
    draw_x_name(pen, f->x_name);
    draw_y_name(pen, f->value_name);
}

/* ---- A scatter ---- */

static void draw_scatter(struct pen *pen)
{
    const struct rp_figure *const f = pen->figure;
    double least = INFINITY, most = 0.0;

    for (size_t i = 0; i < f->point_count; i++) {
        least = fmin(least, fmin(f->points[i].x, f->points[i].value));
        most = fmax(most, fmax(f->points[i].x, f->points[i].value));
    }
    pen->x = (struct axis){.least = least / 1.15,
                           .most = most * 1.15,
                           .logarithmic = true,
                           .from = pen->left,
                           .to = pen->right};
    pen->y = pen->x;
    pen->y.from = pen->bottom;
    pen->y.to = pen->top;
    draw_x_ticks(pen);
    draw_y_ticks(pen);
    (void)fprintf(pen->out,
                  "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" "
                  "stroke=\"#555\" stroke-dasharray=\"5 4\"/>\n",
                  pen->left, pen->bottom, pen->right, pen->top);
    (void)fputs("<g fill-opacity=\"0.7\" stroke-opacity=\"0.25\">\n", pen->out);
    for (size_t i = 0; i < f->point_count; i++) {
        const struct rp_figure_point *const p = &f->points[i];
        const char *const hue = hue_of(pen, p->group);

        whisker(pen, p, true, along(&pen->x, p->x), hue);
        dot(pen, p, along(&pen->x, p->x), along(&pen->y, p->value), 3, hue);
    }
    (void)fputs("</g>\n", pen->out);
    draw_x_name(pen, f->x_name);
    draw_y_name(pen, f->value_name);
}

/* ---- A map ---- */

/* Labels that are wider than their column hang down from it. */
static void draw_columns(const struct pen *pen, double width)
{
    const struct rp_figure *const f = pen->figure;

    for (size_t i = 0; i < f->label_count; i++) {
        const double x = pen->left + width * ((double)i + 0.5);
        const double y = pen->bottom + 17;
        char turned[80];

        (void)snprintf(turned, sizeof turned,
                       " text-anchor=\"end\" transform=\"rotate(-40 %.1f "
                       "%.1f)\"",
                       x + 4, y);
        label_at(pen, pen->below > 0.0 ? x + 4 : x, y,
                 pen->below > 0.0 ? turned : " text-anchor=\"middle\"",
                 f->labels[i], LABEL_MAX);
    }
}

static double below_of(const struct rp_figure *f, double width)
{
    const double letters = (double)longest(f->labels, f->label_count);

    if (f->kind != RP_FIGURE_MAP ||
        letters * LETTER <= width / (double)f->label_count)
        return 0.0;
    return 0.65 * LETTER * letters; /* the sine of 40 degrees */
}

static void draw_cell(const struct pen *pen, const struct rp_figure_point *p,
                      double width, double height, double share)
{
    const struct rp_figure *const f = pen->figure;
    const double x =
        pen->left +
        width * (double)rp_figure_place(f->labels, f->label_count, p->label);
    const double y =
        pen->top +
        height * (double)rp_figure_place(f->groups, f->group_count, p->group);
    char value[32];

    (void)fprintf(pen->out,
                  "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" "
                  "fill=\"%s\" fill-opacity=\"%.3f\"",
                  x + 1, y + 1, width - 2, height - 2,
                  p->value < 0.0 ? hues[1] : hues[0], 0.06 + 0.88 * share);
    end_mark(pen, p, "rect");
    if (p->value < 0.0 || width < 60.0)
        (void)snprintf(value, sizeof value, "%.2g", p->value);
    else
        rp_figure_number(p->value, value);
    label_at(pen, x + width / 2, y + height / 2 + 4,
             share > 0.7 ? " text-anchor=\"middle\" fill=\"#fff\""
                         : " text-anchor=\"middle\"",
             value, (size_t)(width / LETTER));
}

/* Values that span more than a decade are told apart by their logarithms;
 * where some are negative, sizes count and signs are hues. */
static void draw_map(struct pen *pen)
{
    const struct rp_figure *const f = pen->figure;
    const double width = (pen->right - pen->left) / (double)f->label_count;
    const double height = (pen->bottom - pen->top) / (double)f->group_count;
    double least = INFINITY, most = -INFINITY;

    for (size_t i = 0; i < f->point_count; i++) {
        least = fmin(least, f->points[i].value);
        most = fmax(most, f->points[i].value);
    }
    const bool wide = least > 0.0 && most > 10.0 * least;
    const bool is_signed = least < 0.0;

    if (is_signed) {
        most = fmax(most, -least);
        least = 0.0;
    }
    const struct axis colour = {.least = least,
                                .most = most > least ? most : least + 1.0,
                                .logarithmic = wide,
                                .to = 1.0};

    for (size_t i = 0; i < f->point_count; i++)
        draw_cell(pen, &f->points[i], width, height,
                  along(&colour, is_signed ? fabs(f->points[i].value)
                                           : f->points[i].value));
    draw_columns(pen, width);
    for (size_t i = 0; i < f->group_count; i++)
        label_at(pen, pen->left - 7, pen->top + height * ((double)i + 0.5) + 4,
                 " text-anchor=\"end\"", f->groups[i], LABEL_MAX);
    draw_x_name(pen, f->x_name);
    draw_y_name(pen, f->group_name);
}

/* ---- The sheet ---- */

static bool has_legend(const struct rp_figure *f)
{
    return f->kind != RP_FIGURE_MAP && f->group_count > 0 &&
           *f->groups[0] != '\0' &&
           (f->group_count > 1 || f->kind != RP_FIGURE_BARS);
}

static void draw_legend(const struct pen *pen)
{
    const struct rp_figure *const f = pen->figure;

    for (size_t i = 0; has_legend(f) && i < f->group_count; i++) {
        const double y = TOP - 6 + (double)i * LEGEND_ROW;

        (void)fprintf(pen->out,
                      "<rect x=\"16\" y=\"%.1f\" width=\"11\" height=\"11\" "
                      "fill=\"%s\"/>\n",
                      y, hues[i % HUE_COUNT]);
        label_at(pen, 33, y + 10, "", f->groups[i], 90);
    }
}

static double height_of(const struct rp_figure *f)
{
    const double bars =
        (double)f->label_count *
        (is_grouped(f) ? 8.0 + 15.0 * (double)f->group_count : (double)ROW);

    switch (f->kind) {
    case RP_FIGURE_BARS:
        return bars;
    case RP_FIGURE_MAP:
        return fmax(40.0 * (double)f->group_count, 180.0);
    case RP_FIGURE_SCATTER:
        return 460.0;
    case RP_FIGURE_SWEEP:
    case RP_FIGURE_TAIL:
        return 280.0;
    }
    return 0.0;
}

static double left_of(const struct rp_figure *f)
{
    switch (f->kind) {
    case RP_FIGURE_BARS:
        return 20.0 + LETTER * (double)longest(f->labels, f->label_count);
    case RP_FIGURE_MAP:
        return 40.0 + LETTER * (double)longest(f->groups, f->group_count);
    case RP_FIGURE_SCATTER:
    case RP_FIGURE_SWEEP:
    case RP_FIGURE_TAIL:
        break;
    }
    return 74.0;
}

static void draw(struct pen *pen)
{
    switch (pen->figure->kind) {
    case RP_FIGURE_BARS:
        draw_bars(pen);
        break;
    case RP_FIGURE_SWEEP:
        draw_sweep(pen);
        break;
    case RP_FIGURE_TAIL:
        draw_tail(pen);
        break;
    case RP_FIGURE_SCATTER:
        draw_scatter(pen);
        break;
    case RP_FIGURE_MAP:
        draw_map(pen);
        break;
    }
}

enum rp_code rp_figuresvg_write(const struct rp_figure *figure, FILE *out,
                                struct rp_error *error)
{
    const double legend =
        has_legend(figure) ? (double)(figure->group_count * LEGEND_ROW) : 0.0;
    struct pen pen = {.figure = figure,
                      .out = out,
                      .left = left_of(figure),
                      .top = TOP + legend,
                      .right = WIDTH - RIGHT};

    pen.bottom = pen.top + height_of(figure);
    pen.below = below_of(figure, pen.right - pen.left);
    (void)fprintf(out,
                  "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" "
                  "height=\"%.0f\" viewBox=\"0 0 %d %.0f\" font-family=\""
                  "sans-serif\" font-size=\"12\" fill=\"#222\">\n"
                  "<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n",
                  WIDTH, pen.bottom + pen.below + BOTTOM, WIDTH,
                  pen.bottom + pen.below + BOTTOM);
    label_at(&pen, 16, 24, " font-size=\"15\" font-weight=\"600\"",
             figure->title, 95);
    draw_legend(&pen);
    draw(&pen);
    (void)fputs("</svg>\n", out);
    if (!ferror(out))
        return RP_OK;
    return rp_fail(error, RP_ERR_IO, "the picture cannot be written: %s",
                   strerror(errno));
}
