/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "cli/whatif_stream.h"

#include "model/units.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DIGITS = 15 };

static enum rp_code no_memory(struct rp_error *error)
{
    return rp_fail(error, RP_ERR_MEMORY, "out of memory for a row");
}

char *rp_whatif_variant(const struct rp_grid_edits *edits)
{
    char *text = NULL;
    size_t size = 0;
    FILE *const out = open_memstream(&text, &size);

    if (!out)
        return NULL;
    for (size_t i = 0; i < edits->count; i++)
        (void)fprintf(out, "%s%s=%s", i ? ", " : "", edits->edits[i].key,
                      edits->edits[i].value);
    if (fclose(out) == 0)
        return text;
    free(text);
    return NULL;
}

/* ---- A row, cell by cell, in either format ---- */

/* Where cells go: a line of CSV, or an object. */
struct cells {
    FILE *csv;
    json_t *object;
    bool headings; /* CSV: names are written instead of values */
    bool first, failed;
};

static void put_csv(const char *text, FILE *out)
{
    if (!strpbrk(text, ",\"\r\n")) {
        (void)fputs(text, out);
        return;
    }
    (void)putc('"', out);
    for (; *text; text++) {
        if (*text == '"')
            (void)putc('"', out);
        (void)putc(*text, out);
    }
    (void)putc('"', out);
}

static void cell(struct cells *c, const char *name, json_t *value,
                 const char *text)
{
    if (c->csv) {
        (void)fputs(c->first ? "" : ",", c->csv);
        put_csv(c->headings ? name : text, c->csv);
        c->first = false;
        json_decref(value);
    } else if (json_object_set_new(c->object, name, value)) {
        c->failed = true;
    }
}

static void text_cell(struct cells *c, const char *name, const char *text)
{
    cell(c, name, c->csv ? NULL : json_string(text), text);
}

static void number_cell(struct cells *c, const char *name, double value)
{
    char text[RP_NUMBER_TEXT_SIZE] = "";

    if (isfinite(value))
        (void)rp_number_format(value, DIGITS, text);
    cell(c, name,
         c->csv            ? NULL
         : isfinite(value) ? json_real(value)
                           : json_null(),
         text);
}

static void metric_cell(struct cells *c, const char *key, const char *tail,
                        double value)
{
    char name[RP_METRIC_KEY_SIZE];

    number_cell(c, rp_metric_key_with(key, tail, name), value);
}

static const struct rp_point no_point = {.metrics = {{NAN, NAN, NAN, NAN, NAN},
                                                     {NAN, NAN, NAN, NAN, NAN},
                                                     {NAN, NAN, NAN, NAN, NAN},
                                                     {NAN, NAN, NAN, NAN, NAN},
                                                     {NAN, NAN, NAN, NAN, NAN},
                                                     {NAN, NAN, NAN, NAN, NAN}},
                                         .in_flight = NAN,
                                         .utilisation = NAN,
                                         .capacity_per_s = NAN,
                                         .turned_away = NAN,
                                         .late = NAN};

static void metrics_of(struct cells *c, const struct rp_point *point,
                       const struct rp_paired *paired)
{
    static const struct rp_paired none = {NAN, NAN, NAN, NAN};

    for (unsigned m = 0; m < RP_METRIC_COUNT; m++) {
        const char *const key = rp_metric_key((enum rp_metric)m);
        const struct rp_point_metric *const e = &point->metrics[m];
        const struct rp_paired *const p = paired ? &paired[m] : &none;

        number_cell(c, key, e->value);
        metric_cell(c, key, "low", e->low);
        metric_cell(c, key, "high", e->high);
        metric_cell(c, key, "difference", p->difference);
        metric_cell(c, key, "difference_low", p->low);
        metric_cell(c, key, "difference_high", p->high);
        metric_cell(c, key, "ratio", p->ratio);
    }
}

static void rest_of(struct cells *c, const struct rp_point *point,
                    const char *reason)
{
    const bool is_there = point != &no_point;

    number_cell(c, "in_flight", point->in_flight);
    text_cell(c, "bottleneck", is_there ? point->bottleneck : "");
    number_cell(c, "utilisation", point->utilisation);
    number_cell(c, "capacity_per_s", point->capacity_per_s);
    text_cell(c, "saturated",
              !is_there          ? ""
              : point->saturated ? "true"
                                 : "false");
    number_cell(c, "turned_away", point->turned_away);
    number_cell(c, "late", point->late);
    text_cell(c, "method",
              is_there && point->reader == RP_READER_SOLVE
                  ? rp_method_word(point->method)
                  : "");
    text_cell(c, "validity", is_there ? rp_tier_word(point->validity) : "");
    text_cell(c, "warnings", is_there ? point->warnings : "");
    text_cell(c, "reason", reason);
}

/* CSV has a column a key, JSON an object of them. */
static void edits_of(struct cells *c, const struct rp_whatif_stream *s,
                     const struct rp_grid_edits *edits)
{
    json_t *object;

    if (c->csv) {
        for (size_t k = 0; k < s->grid->vary_count; k++)
            text_cell(c, s->grid->varies[k].key,
                      edits ? edits->edits[k].value : "");
        return;
    }
    object = json_object();
    for (size_t k = 0; edits && k < edits->count; k++)
        if (json_object_set_new(object, edits->edits[k].key,
                                json_string(edits->edits[k].value)))
            c->failed = true;
    cell(c, "edits", object, "");
}

static void fill(struct cells *c, const struct rp_whatif_stream *s,
                 const char *variant, const struct rp_grid_edits *edits,
                 const struct rp_point *point, const struct rp_paired *paired,
                 const char *reason)
{
    c->first = true;
    text_cell(c, "variant", variant);
    edits_of(c, s, edits);
    metrics_of(c, point, paired);
    rest_of(c, point, reason);
}

static enum rp_code write_object(const struct rp_whatif_stream *s,
                                 struct cells *c, struct rp_error *error)
{
    enum rp_code code = RP_OK;

    if (c->failed || json_dumpf(c->object, s->out,
                                JSON_COMPACT | JSON_REAL_PRECISION(DIGITS)))
        code = ferror(s->out) ? RP_OK : no_memory(error);
    json_decref(c->object);
    return code;
}

static enum rp_code write_row(const struct rp_whatif_stream *s,
                              const char *variant,
                              const struct rp_grid_edits *edits,
                              const struct rp_point *point,
                              const struct rp_paired *paired,
                              const char *reason, struct rp_error *error)
{
    struct cells c = {0};

    if (s->format == RP_FORMAT_CSV) {
        c.csv = s->out;
        fill(&c, s, variant, edits, point, paired, reason);
        (void)putc('\n', s->out);
        return RP_OK;
    }
    c.object = json_object();
    if (!c.object)
        return no_memory(error);
    fill(&c, s, variant, edits, point, paired, reason);
    return write_object(s, &c, error);
}

/* ---- The whole ---- */

static bool put_string(FILE *out, const char *text)
{
    json_t *const string = json_string(text);
    const bool good = string && json_dumpf(string, out, JSON_ENCODE_ANY) == 0;

    json_decref(string);
    return good;
}

static bool put_varies(const struct rp_whatif_stream *s)
{
    bool good = true;

    (void)fputs(" \"vary\": [", s->out);
    for (size_t k = 0; k < s->grid->vary_count && good; k++) {
        const struct rp_vary *const vary = &s->grid->varies[k];

        (void)fputs(k ? ",\n  {\"key\": " : "\n  {\"key\": ", s->out);
        good = put_string(s->out, vary->key);
        (void)fputs(", \"values\": [", s->out);
        for (size_t i = 0; i < vary->count && good; i++) {
            char buffer[RP_VARY_VALUE_SIZE];

            (void)fputs(i ? ", " : "", s->out);
            good = put_string(s->out, rp_vary_value(vary, i, buffer));
        }
        (void)fputs("]}", s->out);
    }
    (void)fputs("],\n", s->out);
    return good;
}

static enum rp_code begin_json(struct rp_whatif_stream *s,
                               struct rp_error *error)
{
    enum rp_code code;

    (void)fputs("{\"schema\": \"reqpath.whatif/1\",\n \"scenario\": ", s->out);
    if (!put_string(s->out, s->scenario) && !ferror(s->out))
        return no_memory(error);
    (void)fprintf(s->out,
                  ",\n \"seed\": %llu,\n \"reader\": \"%s\",\n \"metric\": "
                  "\"%s\",\n \"combinations\": %zu,\n",
                  s->seed, rp_reader_word(s->reader), rp_metric_key(s->metric),
                  s->grid->all);
    if (!put_varies(s) && !ferror(s->out))
        return no_memory(error);
    (void)fputs(" \"baseline\": ", s->out);
    code = write_row(s, "as it is", NULL, s->baseline, NULL, "", error);
    (void)fputs(",\n \"rows\": [", s->out);
    return code;
}

enum rp_code rp_whatif_stream_begin(struct rp_whatif_stream *s,
                                    struct rp_error *error)
{
    struct cells c = {.csv = s->out, .headings = true};

    if (s->format == RP_FORMAT_JSON)
        return begin_json(s, error);
    fill(&c, s, "", NULL, &no_point, NULL, "");
    (void)putc('\n', s->out);
    return write_row(s, "as it is", NULL, s->baseline, NULL, "", error);
}

enum rp_code rp_whatif_stream_row(struct rp_whatif_stream *s,
                                  const struct rp_whatif_row *row,
                                  struct rp_error *error)
{
    char *const variant = rp_whatif_variant(row->edits);
    enum rp_code code;

    if (!variant)
        return no_memory(error);
    if (s->format == RP_FORMAT_JSON)
        (void)fputs(s->rows ? ",\n  " : "\n  ", s->out);
    code =
        write_row(s, variant, row->edits, row->point ? row->point : &no_point,
                  row->point ? row->paired : NULL, row->reason, error);
    free(variant);
    s->rows++;
    if (!code && ferror(s->out))
        code = rp_fail(error, RP_ERR_IO, "the rows cannot be written: %s",
                       strerror(errno));
    return code;
}

void rp_whatif_stream_end(struct rp_whatif_stream *s,
                          const struct rp_whatif_tally *tally)
{
    if (s->format == RP_FORMAT_CSV)
        return;
    (void)fprintf(s->out,
                  "],\n \"refused\": %zu,\n \"left_out_by_where\": %zu,\n "
                  "\"pruned_by_bound\": %zu,\n "
                  "\"pruned_by_approximation\": %zu,\n \"interrupted\": %s}\n",
                  tally->refused, tally->filtered, tally->pruned_by_bound,
                  tally->pruned_by_approximation,
                  tally->stopped ? "true" : "false");
}
