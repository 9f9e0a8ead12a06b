/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "sim/hdrtable.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_MAX = 500 };

/* A table as a reader of such files sees it. */
struct table {
    char *text; /* owned */
    size_t rows;
    double value[ROWS_MAX], share[ROWS_MAX], ratio[ROWS_MAX];
    unsigned long long count[ROWS_MAX], total;
    double mean, deviation, max;
    int buckets, sub_buckets;
};

static char *written(const struct rp_histogram *h, double unit_ns)
{
    struct rp_error error = {0};
    char *text = NULL;
    size_t size = 0;
    FILE *const out = open_memstream(&text, &size);

    cr_assert(out != NULL);
    cr_assert(eq(int, rp_hdr_table_write(h, unit_ns, out, &error), RP_OK));
    cr_assert(eq(int, fclose(out), 0));
    return text;
}

static struct table *read_back(const struct rp_histogram *h, double unit_ns)
{
    struct table *const t = calloc(1, sizeof *t);
    char *line;

    t->text = written(h, unit_ns);
    line = strchr(t->text, '\n') + 2;
    for (; *line && *line != '#'; line = strchr(line, '\n') + 1, t->rows++) {
        const size_t i = t->rows;
        char ratio[64] = "";
        char *end = strchr(line, '\n');

        cr_assert(lt(sz, i, ROWS_MAX));
        *end = '\0';
        cr_assert(ge(int,
                     sscanf(line, "%lf %lf %llu %63s", &t->value[i],
                            &t->share[i], &t->count[i], ratio),
                     3),
                  "%s", line);
        t->ratio[i] = ratio[0] ? atof(ratio) : INFINITY;
        *end = '\n';
    }
    cr_assert(eq(int,
                 sscanf(line,
                        "#[Mean = %lf, StdDeviation = %lf]\n"
                        "#[Max = %lf, Total count = %llu]\n"
                        "#[Buckets = %d, SubBuckets = %d]\n",
                        &t->mean, &t->deviation, &t->max, &t->total,
                        &t->buckets, &t->sub_buckets),
                 6),
              "%s", line);
    return t;
}

static void drop(struct table *t)
{
    free(t->text);
    free(t);
}

/* 1 .. 100,000 us, once each: as many values as its number lie at or below
 * one. */
Test(hdrtable, what_is_read_is_what_was_recorded)
{
    struct rp_histogram *const h = calloc(1, sizeof *h);
    struct table *t;

    for (uint64_t i = 1; i <= 100000; i++)
        rp_histogram_add(h, i * 1000);
    t = read_back(h, 1e6);
    cr_expect(gt(sz, t->rows, 40));
    for (size_t i = 0; i < t->rows; i++) {
        const double below = (double)t->count[i] / 1e5;

        cr_expect(epsilon_eq(dbl, 1e3 * t->value[i], (double)t->count[i], 1.5),
                  "row %zu", i);
        cr_expect(le(dbl, t->share[i], below + 1e-12));
        cr_expect(ge(dbl, t->share[i], below - 0.01 * below - 1e-5),
                  "a bucket more than needed, at most: row %zu", i);
        if (t->share[i] < 1.0)
            cr_expect(epsilon_eq(dbl, t->ratio[i], 1.0 / (1.0 - t->share[i]),
                                 0.006 + 1e-6 * t->ratio[i] * t->ratio[i]));
        if (i > 0)
            cr_expect(ge(dbl, t->share[i], t->share[i - 1]));
    }
    cr_expect(eq(dbl, t->share[t->rows - 1], 1.0));
    cr_expect(eq(u64, t->count[t->rows - 1], 100000));
    cr_expect(epsilon_eq(dbl, t->mean, 50.0005, 0.01));
    cr_expect(epsilon_eq(dbl, t->deviation, 100.0 / sqrt(12.0), 0.01));
    cr_expect(eq(dbl, t->max, 100.0));
    cr_expect(eq(u64, t->total, 100000));
    cr_expect(eq(int, t->sub_buckets, 128));
    drop(t);
    free(h);
}

/* Ten steps of 10 % until half, five each time the rest halves. */
Test(hdrtable, levels_grow_denser_towards_the_maximum)
{
    static const double expected[] = {0.0,  0.1,   0.2,  0.3,  0.4,  0.5,
                                      0.55, 0.6,   0.65, 0.7,  0.75, 0.775,
                                      0.8,  0.825, 0.85, 0.875};
    struct rp_histogram *const h = calloc(1, sizeof *h);
    struct table *t;

    for (uint64_t i = 1; i <= 100000; i++)
        rp_histogram_add(h, i * 1000);
    t = read_back(h, 1e6);
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        cr_expect(epsilon_eq(dbl, t->share[i], expected[i], 1e-11));
    drop(t);
    free(h);
}

Test(hdrtable, its_words_stand_where_readers_look_for_them)
{
    struct rp_histogram *const h = calloc(1, sizeof *h);
    char *text;

    rp_histogram_add(h, 5);
    text = written(h, 1.0);
    cr_expect(eq(str, text,
                 "       Value     Percentile TotalCount 1/(1-Percentile)\n\n"
                 "       5.000 0.000000000000          1           1.00\n"
                 "       5.000 1.000000000000          1\n"
                 "#[Mean    =        5.000, StdDeviation   =        0.000]\n"
                 "#[Max     =        5.000, Total count    =            1]\n"
                 "#[Buckets =           58, SubBuckets     =          128]\n"));
    free(text);
    *h = (struct rp_histogram){0};
    text = written(h, 1.0);
    cr_expect(strstr(text, "\n\n#[Mean    =        0.000") != NULL, "%s", text);
    free(text);
    free(h);
}
