/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/openrows.h"

#include "calibrate/samples.h"
#include "model/csv.h"
#include "model/excerpt.h"
#include "model/units.h"

#include <gsl/gsl_sort.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define RP_OPEN_END_AS_TEXTS(end, word, meaning) {word, meaning},
static const struct {
    const char *word, *meaning;
} ends[RP_OPEN_END_COUNT] = {RP_OPEN_END_LIST(RP_OPEN_END_AS_TEXTS)};
#undef RP_OPEN_END_AS_TEXTS

/* A client is late where it is so for this part of the time that a request
 * takes from its sending: what is looked for in runs is 5 to 10 %. */
static const double late_max = 0.1;

const char *rp_open_end_word(enum rp_open_end end)
{
    return ends[end].word;
}

/* As a simulation is judged (sim/warnings.c): a queue that merely varies has
 * not half as much again at the end, or is short. */
bool rp_open_fell_behind(const struct rp_open_summary *s)
{
    return (double)s->due_at_end > 1.5 * (double)s->due_at_half &&
           (double)s->due_at_end > 0.02 * (double)s->requests + 20.0;
}

bool rp_open_client_late(const struct rp_open_summary *s)
{
    return s->late_ms > late_max * s->service_ms;
}

/* ---- Summing up ---- */

/* The value of rank floor(0.5 + n level) of sorted ones, as ab has it; the last
 * where that is behind it. */
static double at_level(const double *sorted, size_t n, double level)
{
    const size_t rank = (size_t)(0.5 + (double)n * level + 1e-9);

    return sorted[rank < n ? rank : n - 1];
}

static double mean_of(const double *values, size_t n)
{
    double sum = 0.0;

    for (size_t i = 0; i < n; i++)
        sum += values[i];
    return sum / (double)n;
}

/* Planned up to `moment_us`, and not ended by then. */
static size_t due_at(const struct rp_open_row *rows, size_t count,
                     double moment_us)
{
    size_t due = 0;

    for (size_t i = 0; i < count; i++)
        due += rows[i].planned_us <= moment_us &&
               rows[i].planned_us + rows[i].elapsed_us > moment_us;
    return due;
}

/* The most between their sending and their end at a time; `values` holds two
 * for each row. */
static size_t most_at_a_time(const struct rp_open_row *rows, size_t count,
                             double *values)
{
    double *const sent = values, *const ended = values + count;
    size_t most = 0, over = 0;

    for (size_t i = 0; i < count; i++) {
        sent[i] = rows[i].planned_us + rows[i].late_us;
        ended[i] = rows[i].planned_us + rows[i].elapsed_us;
    }
    gsl_sort(sent, 1, count);
    gsl_sort(ended, 1, count);
    for (size_t i = 0; i < count; i++) {
        while (over < count && ended[over] <= sent[i])
            over++;
        if (i + 1 - over > most)
            most = i + 1 - over;
    }
    return most;
}

static void sum_up_client(const struct rp_open_row *rows, size_t count,
                          struct rp_open_summary *s, double *values)
{
    for (size_t i = 0; i < count; i++)
        values[i] = rows[i].late_us / 1e3;
    gsl_sort(values, 1, count);
    s->late_ms = mean_of(values, count);
    s->late_p99_ms = at_level(values, count, 0.99);
    s->latest_ms = values[count - 1];
    s->most_in_flight = most_at_a_time(rows, count, values);
    s->due_at_half = due_at(rows, count, rows[(count - 1) / 2].planned_us);
    s->due_at_end = due_at(rows, count, rows[count - 1].planned_us);
}

static void sum_up_service(const struct rp_open_row *rows, size_t count,
                           struct rp_open_summary *s, double *values)
{
    size_t n = 0;

    for (size_t i = 0; i < count; i++)
        if (rows[i].end == RP_OPEN_ANSWERED)
            values[n++] = (rows[i].elapsed_us - rows[i].late_us) / 1e3;
    if (n == 0)
        return;
    gsl_sort(values, 1, n);
    s->service_ms = mean_of(values, n);
    s->service_p50_ms = at_level(values, n, 0.50);
    s->service_p99_ms = at_level(values, n, 0.99);
}

/* Latencies of the answered, as those of any tool with single requests. */
static enum rp_code sum_up_latency(const struct rp_open_row *rows, size_t count,
                                   struct rp_open_summary *s,
                                   struct rp_error *error)
{
    struct rp_samples samples = {0};
    struct rp_peer peer;
    enum rp_code code = RP_OK;

    for (size_t i = 0; i < count && !code; i++)
        if (rows[i].end == RP_OPEN_ANSWERED)
            code = rp_samples_add(&samples, rows[i].planned_us,
                                  rows[i].elapsed_us, 200, error);
    if (!code && samples.count > 0) {
        s->rps = 1e6 * (double)samples.count / samples.last_us;
        rp_samples_sum_up(&samples, &peer);
        s->latency_ms = peer.latency_ms;
        s->longest_ms = peer.longest_ms;
        memcpy(s->percent_ms, peer.percent_ms, sizeof s->percent_ms);
        memcpy(s->level_ms, peer.level_ms, sizeof s->level_ms);
    }
    rp_samples_free(&samples);
    return code;
}

static struct rp_open_summary unknown(size_t count)
{
    struct rp_open_summary s = {.requests = count,
                                .rate_per_s = NAN,
                                .rps = NAN,
                                .latency_ms = NAN,
                                .longest_ms = NAN,
                                .service_ms = NAN,
                                .service_p50_ms = NAN,
                                .service_p99_ms = NAN,
                                .late_ms = NAN,
                                .late_p99_ms = NAN,
                                .latest_ms = NAN};

    for (size_t i = 0; i < RP_METRIC_COUNT; i++)
        s.percent_ms[i] = NAN;
    for (size_t i = 0; i < RP_LEVEL_COUNT; i++)
        s.level_ms[i] = NAN;
    return s;
}

enum rp_code rp_open_rows_sum_up(const struct rp_open_row *rows, size_t count,
                                 struct rp_open_summary *summary,
                                 struct rp_error *error)
{
    double *const values = calloc(2 * count + 1, sizeof *values);
    struct rp_open_summary s = unknown(count);
    enum rp_code code = RP_OK;

    if (!values)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for %zu requests",
                       count);
    for (size_t i = 0; i < count; i++) {
        s.ends[rows[i].end]++;
        s.not_2xx += rows[i].end == RP_OPEN_ANSWERED &&
                     (rows[i].status < 200 || rows[i].status > 299);
    }
    if (count > 0) {
        s.rate_per_s = 1e6 * (double)count / rows[count - 1].planned_us;
        sum_up_client(rows, count, &s, values);
        sum_up_service(rows, count, &s, values);
        code = sum_up_latency(rows, count, &s, error);
    }
    free(values);
    if (!code)
        *summary = s;
    return code;
}

/* ---- CSV ---- */

enum { PLANNED, LATE, ELAPSED, STATUS, BYTES, END, COLUMNS };

static const char *const names[COLUMNS] = {
    "planned_us", "late_us", "elapsed_us", "status", "bytes", "end"};

void rp_open_rows_write(const struct rp_open_row *rows, size_t count, FILE *out)
{
    for (size_t c = 0; c < COLUMNS; c++)
        (void)fprintf(out, "%s%s", c ? "," : "", names[c]);
    (void)fputc('\n', out);
    for (size_t i = 0; i < count; i++)
        (void)fprintf(out, "%.3f,%.3f,%.3f,%u,%" PRIu64 ",%s\n",
                      rows[i].planned_us, rows[i].late_us, rows[i].elapsed_us,
                      rows[i].status, rows[i].bytes, ends[rows[i].end].word);
}

struct reading {
    struct rp_csv csv;
    size_t at[COLUMNS];
    struct rp_error *error;
};

static enum rp_code refuse(const struct reading *r, size_t row, size_t column,
                           const char *expected)
{
    char found[RP_EXCERPT_SIZE];

    return rp_csv_fail(
        &r->csv, row, r->at[column], r->error, RP_ERR_VALUE,
        "%s: found \"%s\", expected %s", names[column],
        rp_excerpt(rp_csv_text(&r->csv, row, r->at[column]), found), expected);
}

static enum rp_code find_columns(struct reading *r)
{
    enum rp_code code = RP_OK;

    for (size_t i = 0; i < COLUMNS && !code; i++)
        code = rp_csv_need(&r->csv, names[i], &r->at[i], r->error);
    if (!code && r->csv.column_count > COLUMNS)
        code = rp_fail_at(r->error, RP_ERR_VALUE, r->csv.file, 1, 1,
                          "found %zu columns; requests of an open load have "
                          "planned_us, late_us, elapsed_us, status, bytes and "
                          "end",
                          r->csv.column_count);
    return code;
}

static enum rp_code read_number(const struct reading *r, size_t row,
                                size_t column, bool whole, double most,
                                double *value)
{
    const char *const text = rp_csv_text(&r->csv, row, r->at[column]);
    const char *end = text;

    if (rp_number_scan(text, &end, value) && !*end && *value >= 0.0 &&
        *value <= most && !(whole && floor(*value) < *value))
        return RP_OK;
    return refuse(r, row, column,
                  column == STATUS ? "a status of HTTP, 0 where there was no "
                                     "answer"
                  : whole          ? "a whole number"
                                   : "a number that is not negative");
}

static enum rp_code read_end(const struct reading *r, size_t row,
                             struct rp_open_row *to)
{
    const char *const text = rp_csv_text(&r->csv, row, r->at[END]);

    for (unsigned e = 0; e < RP_OPEN_END_COUNT; e++)
        if (strcmp(text, ends[e].word) == 0) {
            to->end = (enum rp_open_end)e;
            if ((to->status > 0) != (to->end == RP_OPEN_ANSWERED))
                return refuse(r, row, END,
                              "answered where there is a status, and nowhere "
                              "else");
            return RP_OK;
        }
    return refuse(r, row, END, "answered, connect, broken or timeout");
}

static enum rp_code read_row(const struct reading *r, size_t row,
                             struct rp_open_row *to)
{
    static const double most = 9007199254740992.0; /* 2^53 */
    double value[COLUMNS] = {0.0};
    enum rp_code code = RP_OK;

    for (size_t c = 0; c < END && !code; c++)
        code = read_number(r, row, c, c == STATUS || c == BYTES,
                           c == STATUS ? 999.0 : most, &value[c]);
    if (code)
        return code;
    *to = (struct rp_open_row){.planned_us = value[PLANNED],
                               .late_us = value[LATE],
                               .elapsed_us = value[ELAPSED],
                               .status = (unsigned)value[STATUS],
                               .bytes = (uint64_t)value[BYTES]};
    if (row > 0 && to->planned_us < (to - 1)->planned_us)
        return refuse(r, row, PLANNED,
                      "no moment before that of the row above");
    if (to->elapsed_us < to->late_us)
        return refuse(r, row, ELAPSED,
                      "late_us or more, for it counts from the same moment");
    return read_end(r, row, to);
}

enum rp_code rp_open_rows_parse(const char *text, size_t length,
                                const char *file_name,
                                struct rp_open_rows *rows,
                                struct rp_error *error)
{
    struct reading r = {.error = error};
    struct rp_open_rows fresh = {0};
    enum rp_code code =
        rp_csv_read_text(text, length, file_name, &r.csv, error);

    if (!code)
        code = find_columns(&r);
    if (!code) {
        fresh.count = r.csv.row_count;
        fresh.rows = calloc(fresh.count + 1, sizeof *fresh.rows);
        if (!fresh.rows)
            code = rp_fail(error, RP_ERR_MEMORY,
                           "out of memory for %zu requests", fresh.count);
    }
    for (size_t i = 0; !code && i < fresh.count; i++)
        code = read_row(&r, i, &fresh.rows[i]);
    rp_csv_free(&r.csv);
    if (code)
        rp_open_rows_free(&fresh);
    else
        *rows = fresh;
    return code;
}

void rp_open_rows_free(struct rp_open_rows *rows)
{
    free(rows->rows);
    *rows = (struct rp_open_rows){0};
}

/* ---- As a report ---- */

static void judge(const struct rp_open_summary *s, struct rp_peer *peer)
{
    if (s->requests == 0)
        rp_peer_useless(peer, "there is no request in it");
    for (unsigned e = RP_OPEN_ANSWERED + 1; e < RP_OPEN_END_COUNT; e++)
        if (s->ends[e] > 0)
            rp_peer_useless(peer, "%zu of %zu requests %s", s->ends[e],
                            s->requests, ends[e].meaning);
    if (s->not_2xx > 0)
        rp_peer_useless(peer, "%zu of %zu requests were not answered with 2xx",
                        s->not_2xx, s->requests);
    if (rp_open_client_late(s))
        rp_peer_lacks(peer,
                      "the client was late, by %.3f ms in the mean, where "
                      "answers took %.3f ms: it is the bottleneck; give it a "
                      "CPU of its own, or lower the rate",
                      s->late_ms, s->service_ms);
    if (rp_open_fell_behind(s))
        rp_peer_lacks(peer,
                      "the server fell behind: it had %zu requests to do when "
                      "half of them had come, %zu when all had; the rate is "
                      "above what it can serve, and latencies say how long the "
                      "run was",
                      s->due_at_half, s->due_at_end);
}

enum rp_code rp_open_rows_judge(const struct rp_open_row *rows, size_t count,
                                struct rp_peer *peer, struct rp_error *error)
{
    struct rp_open_summary s;
    const enum rp_code code = rp_open_rows_sum_up(rows, count, &s, error);

    if (code)
        return code;
    rp_peer_init(peer);
    peer->requests = s.ends[RP_OPEN_ANSWERED];
    peer->rps = s.rps;
    peer->latency_ms = s.latency_ms;
    peer->longest_ms = s.longest_ms;
    memcpy(peer->percent_ms, s.percent_ms, sizeof peer->percent_ms);
    memcpy(peer->level_ms, s.level_ms, sizeof peer->level_ms);
    judge(&s, peer);
    return RP_OK;
}

enum rp_code rp_open_rows_read_text(const char *text, size_t length,
                                    const char *file_name, struct rp_peer *peer,
                                    struct rp_error *error)
{
    struct rp_open_rows rows = {0};
    enum rp_code code =
        rp_open_rows_parse(text, length, file_name, &rows, error);

    if (!code)
        code = rp_open_rows_judge(rows.rows, rows.count, peer, error);
    rp_open_rows_free(&rows);
    return code;
}
