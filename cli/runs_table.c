/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "cli/runs_table.h"

#include "model/metric.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { COLUMNS_MAX = 64 };

/* "2026-11-26T21:51:07Z"; "" for 0. */
static const char *put_when(int64_t ms, char buffer[32])
{
    const time_t seconds = (time_t)(ms / 1000);
    struct tm when;

    buffer[0] = '\0';
    if (ms != 0 && gmtime_r(&seconds, &when))
        (void)strftime(buffer, 32, "%Y-%m-%dT%H:%M:%SZ", &when);
    return buffer;
}

/* ---- Sweeps ---- */

static const struct rp_column sweep_columns[] = {
    {"sweep", NULL, RP_COLUMN_COUNT, 0},
    {"command", NULL, RP_COLUMN_TEXT, 0},
    {"begun", NULL, RP_COLUMN_TEXT, 0},
    {"ended", NULL, RP_COLUMN_TEXT, 0},
    {"points", NULL, RP_COLUMN_COUNT, 0},
    {"there", NULL, RP_COLUMN_COUNT, 0},
    {"computed_s", "computed s", RP_COLUMN_FIXED, 1},
    {"program", NULL, RP_COLUMN_TEXT, 0},
    {"host", NULL, RP_COLUMN_TEXT, 0},
    {"command_line", "command line", RP_COLUMN_TEXT, 0},
};

static enum rp_code list_sweep(void *context,
                               const struct rp_store_listed *listed,
                               struct rp_error *error)
{
    struct rp_table *const table = context;
    const struct rp_store_sweep *const s = &listed->sweep;
    char buffer[32];

    (void)error;
    rp_table_row(table);
    rp_table_number(table, 0, (double)s->id);
    rp_table_text(table, 1, s->command);
    rp_table_text(table, 2, put_when(s->begun_ms, buffer));
    rp_table_text(table, 3, s->ended_ms ? put_when(s->ended_ms, buffer) : NULL);
    rp_table_number(table, 4, (double)s->wanted);
    rp_table_number(table, 5, (double)s->there);
    rp_table_number(table, 6, listed->seconds);
    rp_table_text(table, 7, s->program);
    rp_table_text(table, 8, s->host);
    rp_table_text(table, 9, s->command_line);
    return RP_OK;
}

struct rp_table *rp_runs_list(struct rp_store *store, struct rp_error *error)
{
    struct rp_table *const table = rp_table_new(
        sweep_columns, sizeof sweep_columns / sizeof *sweep_columns);

    if (!table || rp_store_sweeps(store, list_sweep, table, error) == RP_OK)
        return table;
    rp_table_free(table);
    return NULL;
}

/* ---- Points ---- */

static const struct rp_column point_columns[] = {
    {"sweep", NULL, RP_COLUMN_COUNT, 0},
    {"point", NULL, RP_COLUMN_COUNT, 0},
    {"scenario", NULL, RP_COLUMN_TEXT, 0},
};
static const struct rp_column origin_columns[] = {
    {"key", NULL, RP_COLUMN_TEXT, 0},
    {"profile", NULL, RP_COLUMN_TEXT, 0},
    {"profile_hash", NULL, RP_COLUMN_TEXT, 0},
    {"reader", NULL, RP_COLUMN_TEXT, 0},
    {"seed", NULL, RP_COLUMN_TEXT, 0}, /* 64 bits are more than a double has */
    {"program", NULL, RP_COLUMN_TEXT, 0},
    {"host", NULL, RP_COLUMN_TEXT, 0},
    {"when", NULL, RP_COLUMN_TEXT, 0},
    {"computed_s", NULL, RP_COLUMN_NUMBER, 0},
};

enum {
    POINT_COLUMNS = sizeof point_columns / sizeof *point_columns,
    ORIGIN_COLUMNS = sizeof origin_columns / sizeof *origin_columns
};

struct filling {
    struct rp_table *table;
    struct rp_digest *keys;
    bool whole;
    size_t number_count; /* columns of numbers, from POINT_COLUMNS on */
    size_t without;      /* points that have no numbers */
};

/* The first point decides; an interval is two numbers more. */
static bool begin_table(struct filling *f)
{
    struct rp_column columns[COLUMNS_MAX];
    size_t count = POINT_COLUMNS;
    const size_t most = COLUMNS_MAX - (f->whole ? ORIGIN_COLUMNS : 0);

    memcpy(columns, point_columns, sizeof point_columns);
    for (size_t i = 0; i < f->keys->count && count < most; i++)
        columns[count++] = (struct rp_column){f->keys->numbers[i].key, NULL,
                                              RP_COLUMN_NUMBER, 0};
    f->number_count = count - POINT_COLUMNS;
    if (f->whole) {
        memcpy(columns + count, origin_columns, sizeof origin_columns);
        count += ORIGIN_COLUMNS;
    }
    f->table = rp_table_new(columns, count);
    return f->table != NULL;
}

static void put_origin(const struct filling *f,
                       const struct rp_store_point *point)
{
    const size_t at = POINT_COLUMNS + f->number_count;
    const struct rp_store_question *const q = &point->question;
    char buffer[32];

    rp_table_text(f->table, at, point->key);
    rp_table_text(f->table, at + 1, q->profile_name);
    rp_table_text(f->table, at + 2, q->profile_hash);
    rp_table_text(f->table, at + 3, q->reader);
    (void)snprintf(buffer, sizeof buffer, "%llu", (unsigned long long)q->seed);
    rp_table_text(f->table, at + 4, buffer);
    rp_table_text(f->table, at + 5, q->program);
    rp_table_text(f->table, at + 6, point->origin.host);
    rp_table_text(f->table, at + 7, put_when(point->origin.when_ms, buffer));
    rp_table_number(f->table, at + 8, point->origin.seconds);
}

/* With intervals as numbers of their own: "p99_ms", "p99_low_ms", ... */
static enum rp_code widen(struct rp_digest *d, struct rp_error *error)
{
    static const char *const ends[] = {"low", "high"};
    struct rp_digest wide = {.numbers =
                                 calloc(3 * d->count + 1, sizeof *d->numbers)};
    bool short_of = !wide.numbers;

    for (size_t i = 0; i < d->count && !short_of; i++) {
        struct rp_digest_number *const n = &d->numbers[i];
        const double limits[] = {n->low, n->high};

        for (size_t e = 0; e < 2 && !(isnan(n->low) && isnan(n->high)); e++) {
            char text[RP_METRIC_KEY_SIZE];
            char *const key = strdup(rp_metric_key_with(n->key, ends[e], text));

            wide.numbers[wide.count++] =
                (struct rp_digest_number){key, limits[e], limits[e], limits[e]};
            short_of |= !key;
        }
    }
    if (short_of) {
        rp_digest_free(&wide);
        return rp_fail(error, RP_ERR_MEMORY, "out of memory");
    }
    /* The numbers themselves first. */
    memmove(wide.numbers + d->count, wide.numbers,
            wide.count * sizeof *wide.numbers);
    memcpy(wide.numbers, d->numbers, d->count * sizeof *d->numbers);
    wide.count += d->count;
    free(d->numbers);
    *d = wide;
    return RP_OK;
}

static enum rp_code put_point(void *context, const struct rp_store_point *point,
                              struct rp_error *error)
{
    struct filling *const f = context;
    struct rp_digest digest = {0};
    enum rp_code code;

    if (point->text[0] != '{') { /* it was not evaluated, and says why */
        f->without++;
        return RP_OK;
    }
    code = rp_digest_read(point->text, &digest, error);
    if (!code && f->whole)
        code = widen(&digest, error);
    if (!code && !f->table) {
        *f->keys = digest;
        digest = (struct rp_digest){0};
        code = begin_table(f) ? rp_digest_read(point->text, &digest, error)
                              : rp_fail(error, RP_ERR_MEMORY, "out of memory");
        if (!code && f->whole)
            code = widen(&digest, error);
    }
    if (!code) {
        rp_table_row(f->table);
        rp_table_number(f->table, 0, (double)point->sweep);
        rp_table_number(f->table, 1, (double)point->place);
        rp_table_text(f->table, 2, point->question.scenario_name);
        for (size_t i = 0; i < f->number_count; i++) {
            const struct rp_digest_number *const n =
                rp_digest_find(&digest, f->keys->numbers[i].key);

            rp_table_number(f->table, POINT_COLUMNS + i,
                            n ? n->value : (double)NAN);
        }
        if (f->whole)
            put_origin(f, point);
    }
    rp_digest_free(&digest);
    return code;
}

struct rp_table *rp_runs_points_table(struct rp_store *store,
                                      const struct rp_store_which *which,
                                      bool whole, struct rp_digest *keys,
                                      struct rp_error *error)
{
    struct filling f = {.keys = keys, .whole = whole};

    if (rp_store_points(store, which, put_point, &f, error) == RP_OK) {
        if (!f.table)
            (void)begin_table(&f);
        if (f.table && f.without > 0)
            rp_table_note(f.table,
                          "%zu points have no numbers: they were pruned.",
                          f.without);
        return f.table;
    }
    rp_table_free(f.table);
    return NULL;
}

/* ---- Two of them ---- */

static enum rp_code add_point(void *context, const struct rp_store_point *point,
                              struct rp_error *error)
{
    struct rp_runs_points *const p = context;
    struct rp_runs_point *new_point;

    if (point->text[0] != '{')
        return RP_OK;
    if (p->count == p->room) {
        const size_t room = 2 * p->room + 16;
        struct rp_runs_point *const more =
            realloc(p->points, room * sizeof *more);

        if (!more)
            return rp_fail(error, RP_ERR_MEMORY, "out of memory for points");
        p->points = more;
        p->room = room;
    }
    new_point = &p->points[p->count++];
    *new_point = (struct rp_runs_point){
        .place = point->place,
        .name = strdup(point->question.scenario_name),
        .scenario = strdup(point->question.scenario_text)};
    if (!new_point->name || !new_point->scenario)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for points");
    return rp_digest_read(point->text, &new_point->digest, error);
}

enum rp_code rp_runs_read(struct rp_store *store, struct rp_runs_points *points,
                          struct rp_error *error)
{
    return rp_store_points(store, &points->which, add_point, points, error);
}

void rp_runs_points_free(struct rp_runs_points *points)
{
    for (size_t i = 0; i < points->count; i++) {
        free(points->points[i].name);
        free(points->points[i].scenario);
        rp_digest_free(&points->points[i].digest);
    }
    free(points->points);
    *points = (struct rp_runs_points){.count = 0};
}

static const struct rp_column compare_columns[] = {
    {"scenario", NULL, RP_COLUMN_TEXT, 0},
    {"point_a", "point a", RP_COLUMN_COUNT, 0},
    {"point_b", "point b", RP_COLUMN_COUNT, 0},
    {"number", NULL, RP_COLUMN_TEXT, 0},
    {"a", NULL, RP_COLUMN_NUMBER, 0},
    {"b", NULL, RP_COLUMN_NUMBER, 0},
    {"difference_percent", "difference %", RP_COLUMN_FIXED, 2},
    {"standard_errors", "in standard errors", RP_COLUMN_FIXED, 1},
};

static void compare_points(struct rp_table *table,
                           const struct rp_runs_point *a,
                           const struct rp_runs_point *b)
{
    for (size_t i = 0; i < a->digest.count; i++) {
        const struct rp_digest_number *const x = &a->digest.numbers[i];
        const struct rp_digest_number *const y =
            rp_digest_find(&b->digest, x->key);

        if (!y)
            continue;
        rp_table_row(table);
        rp_table_text(table, 0, a->name);
        rp_table_number(table, 1, (double)a->place);
        rp_table_number(table, 2, (double)b->place);
        rp_table_text(table, 3, x->key);
        rp_table_number(table, 4, x->value);
        rp_table_number(table, 5, y->value);
        rp_table_number(table, 6,
                        100.0 * (y->value - x->value) / fabs(x->value));
        rp_table_number(table, 7,
                        (y->value - x->value) /
                            hypot(rp_digest_error(&a->digest, x),
                                  rp_digest_error(&b->digest, y)));
    }
}

static int by_scenario(const void *a, const void *b)
{
    const struct rp_runs_point *const *const x = a, *const *const y = b;
    const int order = strcmp((*x)->scenario, (*y)->scenario);

    return order ? order
                 : ((*x)->place > (*y)->place) - ((*x)->place < (*y)->place);
}

static int by_scenario_alone(const void *a, const void *b)
{
    const struct rp_runs_point *const *const x = a, *const *const y = b;

    return strcmp((*x)->scenario, (*y)->scenario);
}

static bool compare_all(struct rp_table *table, const struct rp_runs_points *a,
                        const struct rp_runs_points *b)
{
    const struct rp_runs_point **const sorted =
        calloc(b->count + 1, sizeof *sorted);
    size_t pairs = 0;

    if (!sorted)
        return false;
    for (size_t i = 0; i < b->count; i++)
        sorted[i] = &b->points[i];
    qsort(sorted, b->count, sizeof *sorted, by_scenario);
    for (size_t i = 0; i < a->count; i++) {
        const struct rp_runs_point *const key = &a->points[i];
        const struct rp_runs_point **const found =
            bsearch(&key, sorted, b->count, sizeof *sorted, by_scenario_alone);

        pairs += found != NULL;
        if (found)
            compare_points(table, key, *found);
    }
    free(sorted);
    rp_table_note(table,
                  "%zu of %zu points of a and %zu of b are of the same "
                  "scenario.",
                  pairs, a->count, b->count);
    return true;
}

struct rp_table *rp_runs_compare(const struct rp_runs_points *a,
                                 const struct rp_runs_points *b)
{
    struct rp_table *const table = rp_table_new(
        compare_columns, sizeof compare_columns / sizeof *compare_columns);

    if (!table)
        return NULL;
    if (!a->which.all_places && !b->which.all_places) {
        compare_points(table, &a->points[0], &b->points[0]);
        return table;
    }
    if (compare_all(table, a, b))
        return table;
    rp_table_free(table);
    return NULL;
}
