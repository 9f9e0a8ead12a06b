/**
 * Figures: what there is to be drawn of a result, without a pen.
 *
 * A figure is a kind, its axes and a list of points, each a number with the
 * ends of its interval. It is taken from a result file alone and copied, never
 * computed anew, so a picture has the numbers of the result, or a number in
 * percent of another. Who draws it
 * stands in figuresvg.h, figureplot.h (gnuplot) and figuretext.h; a notebook
 * carries the points and draws them once more.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_REPORT_FIGURE_H
#define RP_REPORT_FIGURE_H

#include "report/resultfile.h"
#include "report/table.h"

#include <stdbool.h>

enum rp_figure_kind {
    RP_FIGURE_BARS,    /* a bar a label, in groups; value to the right */
    RP_FIGURE_SWEEP,   /* labels along x, value up, points joined */
    RP_FIGURE_TAIL,    /* percents along x, each nine as wide as the last */
    RP_FIGURE_SCATTER, /* x against value, both logarithmic */
    RP_FIGURE_MAP,     /* labels across, groups down, value as colour */
};

struct rp_figure_point {
    char *label, *group;     /* owned, printable, "" where there is none */
    double x;                /* NAN unless the kind has an x that is a number */
    double value, low, high; /* low and high NAN: no interval */
};

struct rp_figure {
    enum rp_figure_kind kind;
    char *title, *x_name, *value_name; /* owned, printable */
    char *group_name;                  /* owned; what groups are */
    double reference; /* value of the scenario as it is; NAN: none */
    size_t point_count, group_count, label_count;
    struct rp_figure_point *points; /* owned */
    const char **groups, **labels;  /* owned lists of points' words, each once,
                                       in the order in which they come */
};

enum { RP_FIGURE_PARTS_MAX = 8 };

/** The words for the pictures that a kind of result has, the first that of who
 * names none; returns how many. */
size_t rp_figure_parts(enum rp_resultfile_kind kind,
                       const char *parts[RP_FIGURE_PARTS_MAX]);

/**
 * A figure of a result: the steps of explain, both sides of explain --against,
 * the distribution of simulate, the sweep or the map of whatif, the scatter of
 * validate and its errors beside noise, the largest rates of plan, what
 * calibrate found and how far to trust it.
 *
 * @param part    one of rp_figure_parts(); NULL: the first
 * @param metric  "p99_ms", ...; NULL: whatif's own, else the mean. Others than
 *                whatif's and the scatter of validate have none: RP_ERR_VALUE
 * @return RP_ERR_VALUE (no such part, nothing to draw, in a sentence),
 * RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_figure_of(const struct rp_resultfile *file,
                                     const char *part, const char *metric,
                                     struct rp_figure *figure,
                                     struct rp_error *error);

/** Harmless on a zeroed or freed one. */
void rp_figure_free(struct rp_figure *figure);

/** Where a word stands in a list of `count`; it has to be there. */
size_t rp_figure_place(const char *const *words, size_t count,
                       const char *word);

/** The points as a table: label, group, x, value, low, high. NULL: no memory.
 */
struct rp_table *rp_figure_table(const struct rp_figure *figure);

/** A number for people: four digits, whole from ten thousand on. */
void rp_figure_number(double number, char text[32]);

/** Where a percent stands on an axis of nines: 0 at 0, 1 at 90, 2 at 99. */
double rp_figure_nines(double percent);

#endif
