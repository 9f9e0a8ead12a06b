/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "calibrate/runs.h"

#include "calibrate/abcurve.h"
#include "calibrate/ablint.h"
#include "calibrate/abreport.h"
#include "calibrate/sendtimes.h"
#include "model/excerpt.h"
#include "model/units.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
    FILE_NAME,
    ROUND,
    SERVER,
    THREADS,
    PATH,
    STACK,
    VIEW,
    IO_MS,
    CPU_US,
    CONCURRENCY,
    REQUESTS,
    TOOL,
    RATE,
    PROCESS,
    CV,
    KEEPALIVE,
};

static const char *const names[RP_RUN_COLUMN_COUNT] = {
    "file",       "round",   "server", "threads",     "path",     "stack",
    "view",       "io_ms",   "cpu_us", "concurrency", "requests", "tool",
    "rate_per_s", "process", "cv",     "keepalive"};

/* What ab takes: its -c and -n. */
static const double clients_max = 20000.0, count_max = 1e9;

enum rp_code rp_run_columns_find(const struct rp_csv *csv,
                                 struct rp_run_columns *columns,
                                 struct rp_error *error)
{
    for (size_t i = TOOL; i < RP_RUN_COLUMN_COUNT; i++)
        columns->at[i] = rp_csv_find(csv, names[i]);
    for (size_t i = 0; i < TOOL; i++) {
        const enum rp_code code =
            rp_csv_need(csv, names[i], &columns->at[i], error);

        if (code)
            return code;
    }
    for (size_t c = 0; c < csv->column_count; c++) {
        const struct rp_csv_cell *const head = &csv->head[c];
        bool known = false;
        char found[RP_EXCERPT_SIZE];

        for (size_t i = 0; i < RP_RUN_COLUMN_COUNT; i++)
            known |= columns->at[i] == c;
        if (!known)
            return rp_fail_at(error, RP_ERR_VALUE, csv->file, head->line,
                              head->column,
                              "unknown column \"%s\"; a data set has file, "
                              "round, server, threads, path, stack, view, "
                              "io_ms, cpu_us, concurrency, requests, tool, "
                              "rate_per_s, process, cv and keepalive",
                              rp_excerpt(head->text, found));
    }
    return RP_OK;
}

/* ---- Cells ---- */

struct place {
    const struct rp_csv *csv;
    const struct rp_run_columns *columns;
    size_t row;
    struct rp_error *error;
};

static const char *text_of(const struct place *p, size_t column)
{
    return rp_csv_text(p->csv, p->row, p->columns->at[column]);
}

static enum rp_code refuse(const struct place *p, size_t column,
                           const char *expected)
{
    char found[RP_EXCERPT_SIZE];

    return rp_csv_fail(p->csv, p->row, p->columns->at[column], p->error,
                       RP_ERR_VALUE, "%s: found \"%s\", expected %s",
                       names[column], rp_excerpt(text_of(p, column), found),
                       expected);
}

static enum rp_code read_whole(const struct place *p, size_t column,
                               double most, unsigned *number)
{
    const char *const text = text_of(p, column);
    const char *end = text;
    char expected[64];
    double value = 0.0;

    if (!rp_number_scan(text, &end, &value) || *end ||
        strspn(text, "0123456789") != strlen(text) || value < 1.0 ||
        value > most) {
        (void)snprintf(expected, sizeof expected, "a whole number, 1 .. %.0f",
                       most);
        return refuse(p, column, expected);
    }
    *number = (unsigned)value;
    return RP_OK;
}

/* The column's name has the unit, so the cell has none. */
static enum rp_code read_time(const struct place *p, size_t column,
                              double unit_ns, double *time_ns)
{
    const char *const text = text_of(p, column);
    const char *end = text;
    double value = 0.0;

    if (!rp_number_scan(text, &end, &value) || *end ||
        !(value >= 0.0 && value * unit_ns <= RP_DURATION_MAX_NS))
        return refuse(p, column,
                      "a number that is not negative, without a unit (0 where "
                      "the view does none)");
    *time_ns = value * unit_ns;
    return RP_OK;
}

static const char *text_if_any(const struct place *p, size_t column)
{
    return p->columns->at[column] == RP_CSV_NONE ? "" : text_of(p, column);
}

/* A number of an optional column; NAN where its cell is empty. */
static enum rp_code read_number(const struct place *p, size_t column,
                                double most, const char *expected,
                                double *number)
{
    const char *const text = text_if_any(p, column);
    const char *end = text;

    *number = NAN;
    if (!text[0])
        return RP_OK;
    if (!rp_number_scan(text, &end, number) || *end || !(*number >= 0.0) ||
        *number > most)
        return refuse(p, column, expected);
    return RP_OK;
}

/* Which of its cells a sentence is about, it says by its first word. */
static enum rp_code refuse_open(const struct place *p, const char *sentence)
{
    const size_t column = strncmp(sentence, "cv", 2) == 0 ? CV : PROCESS;
    const size_t at = p->columns->at[column];

    return rp_csv_fail(p->csv, p->row,
                       at == RP_CSV_NONE ? p->columns->at[RATE] : at, p->error,
                       RP_ERR_VALUE, "%s", sentence);
}

/* Clients, or a rate. */
static enum rp_code read_load(const struct place *p, struct rp_config *config)
{
    const char *const process = text_if_any(p, PROCESS);
    char sentence[RP_ERROR_TEXT_SIZE];
    double rate = NAN, cv = NAN;
    enum rp_code code =
        read_number(p, RATE, RP_RATE_MAX_PER_S,
                    "a number above 0, without a unit (nothing where there "
                    "were clients)",
                    &rate);

    if (!code && rate <= 0.0)
        code = refuse(p, RATE,
                      "a number above 0, without a unit (nothing where "
                      "there were clients)");
    if (!code)
        code = read_number(p, CV, 1e6, "a number that is not negative", &cv);
    if (code)
        return code;
    if (isnan(rate) && (process[0] || !isnan(cv)))
        return refuse(p, process[0] ? PROCESS : CV,
                      "nothing, for the row has no rate_per_s");
    if (isnan(rate))
        return read_whole(p, CONCURRENCY, clients_max, &config->concurrency);
    if (text_of(p, CONCURRENCY)[0])
        return refuse(p, CONCURRENCY,
                      "nothing, for the row has a rate_per_s: an open load has "
                      "no clients that wait for answers");
    if (!rp_openload_make(rate, process[0] ? process : NULL, cv, &config->open,
                          sentence))
        return refuse_open(p, sentence);
    return RP_OK;
}

static enum rp_code read_server(const struct place *p,
                                const struct rp_dataset *dataset,
                                enum rp_server_kind *server)
{
    char found[RP_EXCERPT_SIZE];

    if (!rp_server_parse(text_of(p, SERVER), server))
        return refuse(p, SERVER,
                      "gunicorn, gthread, runserver, daphne or uvicorn");
    if (!dataset->servers[*server].said)
        return rp_csv_fail(p->csv, p->row, p->columns->at[SERVER], p->error,
                           RP_ERR_VALUE,
                           "server: dataset.yaml does not describe %s; add it "
                           "under servers",
                           rp_excerpt(text_of(p, SERVER), found));
    return RP_OK;
}

static enum rp_code read_stack(const struct place *p, char stack[RP_STACK_SIZE])
{
    const char *const text = text_of(p, STACK);

    if (strlen(text) >= RP_STACK_SIZE)
        return refuse(p, STACK, "at most 63 letters");
    (void)snprintf(stack, RP_STACK_SIZE, "%s",
                   strcmp(text, "none") == 0 ? "" : text);
    return RP_OK;
}

static enum rp_code read_tool(const struct place *p,
                              const struct rp_dataset *dataset,
                              enum rp_tool *tool)
{
    *tool = dataset->tool;
    if (p->columns->at[TOOL] == RP_CSV_NONE ||
        rp_tool_parse(text_of(p, TOOL), tool))
        return RP_OK;
    return refuse(p, TOOL, rp_tool_words());
}

/* The row, else the data set, else what the tool does unless it is told not
 * to. */
static enum rp_code read_keepalive(const struct place *p,
                                   const struct rp_dataset *dataset,
                                   struct rp_run_row *is)
{
    const char *const text = text_if_any(p, KEEPALIVE);
    const bool says = strcmp(text, "true") == 0;

    if (text[0] && !says && strcmp(text, "false") != 0)
        return refuse(p, KEEPALIVE,
                      "true or false (nothing where it is as dataset.yaml "
                      "says)");
    is->config.keepalive = text[0] ? says
                           : dataset->keepalive_said
                               ? dataset->keepalive
                               : rp_tool_keeps(is->config.tool);
    is->keepalive_assumed =
        is->config.keepalive && !text[0] && !dataset->keepalive_said;
    return RP_OK;
}

/* Who keeps clients asking, and who sends at a rate, is one tool's nature. */
static enum rp_code refuse_tool(const struct place *p,
                                const struct rp_config *config)
{
    const bool is_open = rp_config_is_open(config);
    const size_t at = p->columns->at[TOOL];

    return rp_csv_fail(
        p->csv, p->row, at == RP_CSV_NONE ? p->columns->at[FILE_NAME] : at,
        p->error, RP_ERR_VALUE, "tool: this run has %s, and %s %s",
        is_open ? "a rate_per_s" : "no rate_per_s", rp_tool_word(config->tool),
        is_open ? "keeps so many clients asking; the tool of an "
                  "open load is open"
                : "sends at one; add the column");
}

static enum rp_code read_view(const struct place *p, bool *view_async)
{
    const char *const text = text_of(p, VIEW);

    *view_async = strcmp(text, "async") == 0;
    if (!*view_async && strcmp(text, "sync") != 0)
        return refuse(p, VIEW, "sync or async");
    return RP_OK;
}

enum rp_code rp_run_row_read(const struct rp_csv *csv,
                             const struct rp_run_columns *columns, size_t row,
                             const struct rp_dataset *dataset,
                             struct rp_run_row *out, struct rp_error *error)
{
    const struct place p = {csv, columns, row, error};
    struct rp_run_row is = {.file = text_of(&p, FILE_NAME)};
    struct rp_config *const c = &is.config;
    enum rp_code code = RP_OK;

    if (!is.file[0])
        code = refuse(&p, FILE_NAME, "the name of a report");
    if (!code)
        code = read_whole(&p, ROUND, count_max, &is.round);
    if (!code)
        code = read_server(&p, dataset, &c->server);
    if (!code)
        code = read_whole(&p, THREADS, clients_max, &c->threads);
    if (!code && !rp_path_parse(text_of(&p, PATH), &c->path))
        code = refuse(&p, PATH, "dual, unified or single");
    if (!code)
        code = read_stack(&p, c->stack);
    if (!code)
        code = read_view(&p, &c->view_async);
    if (!code)
        code = read_time(&p, IO_MS, 1e6, &c->io_ns);
    if (!code)
        code = read_time(&p, CPU_US, 1e3, &c->cpu_ns);
    if (!code)
        code = read_load(&p, c);
    if (!code)
        code = read_whole(&p, REQUESTS, count_max, &is.requests);
    if (!code)
        code = read_tool(&p, dataset, &c->tool);
    if (!code)
        code = read_keepalive(&p, dataset, &is);
    if (!code && rp_config_is_open(c) != (c->tool == RP_TOOL_OPEN))
        code = refuse_tool(&p, c);
    if (!code)
        *out = is;
    return code;
}

/* ---- The report ---- */

static enum rp_code differs(const struct place *p, size_t column,
                            const char *what, unsigned long in_report)
{
    return rp_csv_fail(p->csv, p->row, p->columns->at[column], p->error,
                       RP_ERR_VALUE,
                       "%s: found %s, but the report %s has %s %lu: this row "
                       "and that report are not of one run",
                       names[column], text_of(p, column), text_of(p, FILE_NAME),
                       what, in_report);
}

/* ab counts what it kept where it was called with -k, and only there. */
static enum rp_code compare_keepalive(const struct place *p,
                                      const struct rp_ab_report *report,
                                      const struct rp_run_row *is)
{
    const size_t at = p->columns->at[KEEPALIVE];
    const bool kept = rp_ab_printed(report, RP_AB_KEEPALIVE);

    if (kept == is->config.keepalive)
        return RP_OK;
    return rp_csv_fail(
        p->csv, p->row, at == RP_CSV_NONE ? p->columns->at[FILE_NAME] : at,
        p->error, RP_ERR_VALUE,
        "keepalive: the report %s is of ab %s -k; say keepalive: %s under "
        "client in dataset.yaml, or %s in a column keepalive here",
        text_of(p, FILE_NAME), kept ? "with" : "without",
        kept ? "true" : "false", kept ? "true" : "false");
}

static enum rp_code compare(const struct place *p,
                            const struct rp_ab_report *report,
                            const struct rp_run_row *is)
{
    if (report->concurrency != is->config.concurrency)
        return differs(p, CONCURRENCY, "concurrency", report->concurrency);
    if (report->requests != is->requests)
        return differs(p, REQUESTS, "complete requests", report->requests);
    return compare_keepalive(p, report, is);
}

static void take_report(const struct rp_ab_report *report,
                        struct rp_measured_run *run)
{
    const double rps = rp_ab_throughput(report, NULL);

    run->requests = (unsigned)report->requests;
    run->mean_ns = 1e9 * (double)report->concurrency / rps;
    run->curve_mean_ns = run->longest_ms = NAN;
    for (size_t i = 0; i < RP_METRIC_COUNT; i++)
        run->value[i] = NAN;
    for (size_t i = 0; i < RP_LEVEL_COUNT; i++)
        run->level_ns[i] = NAN;
    run->value[RP_METRIC_RPS] = rps;
    run->value[RP_METRIC_MEAN] = run->mean_ns / 1e6;
}

/* A curve that lacks a level shows no spread, for the others would have to make
 * up for it. */
static void take_levels(const struct rp_ab_curve *curve,
                        struct rp_measured_run *run)
{
    bool whole = true;

    for (size_t i = 0; i < RP_LEVEL_COUNT; i++)
        whole &= !isnan(rp_ab_curve_at(curve, rp_levels[i]));
    for (size_t i = 0; i < RP_LEVEL_COUNT && whole; i++)
        run->level_ns[i] = rp_ab_curve_at(curve, rp_levels[i]) * 1e6;
}

static void take_curve(const struct rp_ab_curve *curve,
                       struct rp_measured_run *run)
{
    run->curve_mean_ns = rp_ab_curve_mean(curve) * 1e6;
    run->longest_ms = rp_ab_curve_at(curve, 1.0);
    run->value[RP_METRIC_P50] = rp_ab_curve_at(curve, 0.50);
    run->value[RP_METRIC_P90] = rp_ab_curve_at(curve, 0.90);
    run->value[RP_METRIC_P95] = rp_ab_curve_at(curve, 0.95);
    run->value[RP_METRIC_P99] = rp_ab_curve_at(curve, 0.99);
    take_levels(curve, run);
}

/* The file of -e has the report's name and ends in .csv; new memory. */
static char *curve_path(const char *report_path)
{
    const size_t length = strlen(report_path);
    const bool is_text =
        length > 4 && strcmp(report_path + length - 4, ".txt") == 0;
    const size_t kept = is_text ? length - 4 : length;
    char *const path = malloc(kept + sizeof ".csv");

    if (path) {
        memcpy(path, report_path, kept);
        memcpy(path + kept, ".csv", sizeof ".csv");
    }
    return path;
}

/* Percentiles of another run: the longest request is another one. Reports give
 * it to the millisecond. */
static enum rp_code compare_curve(const struct rp_ab_curve *curve,
                                  const struct rp_ab_report *report,
                                  const char *path, struct rp_error *error)
{
    const double longest = rp_ab_curve_at(curve, 1.0);
    const double printed = report->percent_ms[RP_AB_PERCENT_COUNT - 1];

    if (isnan(longest) || isnan(printed) || fabs(longest - printed) <= 1.0)
        return RP_OK;
    return rp_fail_at(
        error, RP_ERR_UNUSABLE, path, 0, 0,
        "the longest request took %.3f ms, but by the report %.0f "
        "ms: these percentiles are of another run",
        longest, printed);
}

/* A run may lack percentiles; where there are some, they must be good. */
static enum rp_code read_curve(const char *report_path,
                               const struct rp_ab_report *report,
                               struct rp_measured_run *run, bool *usable,
                               struct rp_error *error)
{
    char *const path = curve_path(report_path);
    struct rp_ab_curve curve;
    struct stat info;
    enum rp_code code = RP_OK;

    if (!path)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory");
    if (stat(path, &info) == 0) {
        code = rp_ab_curve_read(path, run->requests, &curve, error);
        if (!code)
            code = compare_curve(&curve, report, path, error);
        if (!code)
            take_curve(&curve, run);
        *usable = !code;
        if (code == RP_ERR_SYNTAX || code == RP_ERR_UNUSABLE)
            code = RP_OK;
    }
    free(path);
    return code;
}

static enum rp_code use_report(const struct place *p, const char *path,
                               const struct rp_ab_file *file,
                               const struct rp_run_row *is,
                               struct rp_measured_run *run, bool *usable,
                               bool *warned)
{
    const struct rp_ab_report *const report = &file->reports[0];
    enum rp_code code;

    if (file->report_count != 1)
        return rp_csv_fail(p->csv, p->row, p->columns->at[FILE_NAME], p->error,
                           RP_ERR_VALUE,
                           "file: %s holds %zu reports, expected one: a row is "
                           "one run",
                           path, file->report_count);
    code = rp_ab_usable(report, path, p->error);
    *usable = !code;
    if (code)
        return code == RP_ERR_UNUSABLE ? RP_OK : code;
    code = compare(p, report, is);
    if (code)
        return code;
    take_report(report, run);
    *warned = rp_ab_warnings(report, NULL, 0) > 0;
    return read_curve(path, report, run, usable, p->error);
}

/* ---- The report of another tool ---- */

void rp_run_take_peer(const struct rp_peer *peer, unsigned concurrency,
                      struct rp_measured_run *run)
{
    bool whole = true;

    run->requests = (unsigned)peer->requests;
    run->mean_ns = concurrency > 0 ? 1e9 * (double)concurrency / peer->rps
                                   : peer->latency_ms * 1e6;
    run->curve_mean_ns = peer->latency_ms * 1e6;
    run->longest_ms = peer->longest_ms;
    for (size_t i = 0; i < RP_METRIC_COUNT; i++)
        run->value[i] = peer->percent_ms[i];
    run->value[RP_METRIC_RPS] = peer->rps;
    run->value[RP_METRIC_MEAN] = run->mean_ns / 1e6;
    for (size_t i = 0; i < RP_LEVEL_COUNT; i++)
        whole &= !isnan(peer->level_ms[i]);
    for (size_t i = 0; i < RP_LEVEL_COUNT; i++)
        run->level_ns[i] = whole ? peer->level_ms[i] * 1e6 : (double)NAN;
}

static enum rp_code use_peer(const struct place *p, const char *path,
                             const struct rp_run_row *is,
                             struct rp_measured_run *run, bool *usable,
                             bool *warned)
{
    struct rp_peer peer;
    enum rp_code code = rp_tool_read(is->config.tool, path, &peer, p->error);

    if (code)
        return code;
    if (peer.useless[0]) {
        (void)rp_fail_at(p->error, RP_ERR_UNUSABLE, path, 0, 0, "%s",
                         peer.useless);
        return RP_OK;
    }
    if (peer.concurrency > 0 && peer.concurrency != is->config.concurrency)
        return differs(p, CONCURRENCY, "concurrency", peer.concurrency);
    if (peer.requests != is->requests)
        return differs(p, REQUESTS, "complete requests", peer.requests);
    rp_run_take_peer(&peer, is->config.concurrency, run);
    if (is->config.tool == RP_TOOL_OPEN)
        code =
            rp_sendtimes_read(path, is->requests, &run->planned_ns, p->error);
    if (code)
        return code;
    *usable = true;
    *warned = peer.requests / 20 < is->config.concurrency;
    return RP_OK;
}

/* A report that cannot be opened is the row's mistake: say where it stands. */
static enum rp_code no_report(const struct place *p, enum rp_code code)
{
    const struct rp_error inner = *p->error;

    return rp_csv_fail(p->csv, p->row, p->columns->at[FILE_NAME], p->error,
                       code, "file: %s", inner.text);
}

static void free_run(struct rp_measured_run *run)
{
    free(run->file);
    free(run->planned_ns);
}

enum rp_code rp_run_report_read(const struct rp_csv *csv,
                                const struct rp_run_columns *columns,
                                size_t row, const struct rp_run_row *is,
                                const char *folder, struct rp_measured_run *run,
                                bool *usable, bool *warned,
                                struct rp_error *error)
{
    const size_t size = strlen(folder) + strlen(is->file) + 2;
    struct rp_error own = {.code = RP_OK};
    const struct place p = {csv, columns, row, error ? error : &own};
    struct rp_measured_run fresh = {.file = strdup(is->file)};
    struct rp_ab_file file = {0};
    char *const path = malloc(size);
    enum rp_code code = RP_ERR_MEMORY;

    *usable = *warned = false;
    if (!path || !fresh.file) {
        (void)rp_fail(error, code, "out of memory");
        goto out;
    }
    (void)snprintf(path, size, "%s/%s", folder, is->file);
    if (is->config.tool == RP_TOOL_AB)
        code = rp_ab_read(path, &file, p.error);
    else
        code = use_peer(&p, path, is, &fresh, usable, warned);
    if (code == RP_ERR_IO || code == RP_ERR_SYNTAX)
        code = no_report(&p, code);
    if (!code && is->config.tool == RP_TOOL_AB)
        code = use_report(&p, path, &file, is, &fresh, usable, warned);
out:
    rp_ab_free(&file);
    free(path);
    if (code || !*usable)
        free_run(&fresh);
    else
        *run = fresh;
    return code;
}
