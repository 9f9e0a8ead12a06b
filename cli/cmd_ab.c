/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/abcurve.h"
#include "calibrate/ablint.h"
#include "calibrate/abreport.h"
#include "calibrate/abrows.h"
#include "calibrate/abscan.h"
#include "cli/command.h"
#include "cli/given.h"
#include "model/file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- What is printed ---- */

enum column {
    FILE_NAME,
    LINE,
    KIND,
    STATUS,
    USABLE,
    REQUESTS,
    FAILED,
    NON2XX,
    CONCURRENCY,
    SECONDS,
    RPS,
    MEAN,
    LATENCY,
    P50,
    P90,
    P95,
    P99,
    MOST,
    VERSION,
    REASON, /* not for people: their reasons are under the table */
    COLUMN_COUNT
};

static const struct rp_column columns[COLUMN_COUNT] = {
    [FILE_NAME] = {"file", NULL, RP_COLUMN_TEXT, 0},
    [LINE] = {"line", NULL, RP_COLUMN_COUNT, 0},
    [KIND] = {"kind", NULL, RP_COLUMN_TEXT, 0},
    [STATUS] = {"status", NULL, RP_COLUMN_TEXT, 0},
    [USABLE] = {"usable", NULL, RP_COLUMN_TEXT, 0},
    [REQUESTS] = {"requests", NULL, RP_COLUMN_COUNT, 0},
    [FAILED] = {"failed", NULL, RP_COLUMN_COUNT, 0},
    [NON2XX] = {"non2xx", "non-2xx", RP_COLUMN_COUNT, 0},
    [CONCURRENCY] = {"concurrency", "c", RP_COLUMN_COUNT, 0},
    [SECONDS] = {"run_s", "run s", RP_COLUMN_FIXED, 3},
    [RPS] = {"rps", "requests/s", RP_COLUMN_FIXED, 2},
    [MEAN] = {"mean_ms", "mean ms", RP_COLUMN_FIXED, 3},
    [LATENCY] = {"latency_mean_ms", "latency ms", RP_COLUMN_NUMBER, 0},
    [P50] = {"p50_ms", "p50 ms", RP_COLUMN_NUMBER, 0},
    [P90] = {"p90_ms", "p90 ms", RP_COLUMN_NUMBER, 0},
    [P95] = {"p95_ms", "p95 ms", RP_COLUMN_NUMBER, 0},
    [P99] = {"p99_ms", "p99 ms", RP_COLUMN_NUMBER, 0},
    [MOST] = {"max_ms", "max ms", RP_COLUMN_NUMBER, 0},
    [VERSION] = {"version", NULL, RP_COLUMN_TEXT, 0},
    [REASON] = {"reason", NULL, RP_COLUMN_TEXT, 0},
};

struct job {
    struct rp_common common;
    char **paths; /* borrowed */
    size_t path_count;
    unsigned long requests; /* behind files of -e; 0: not given */
    struct rp_table *table;
    json_t *details; /* of every report; for JSON */
    bool hinted;     /* at --requests */
    int code;        /* the gravest so far */
};

static bool for_people(const struct job *job)
{
    return job->common.format == RP_FORMAT_TEXT ||
           job->common.format == RP_FORMAT_MARKDOWN;
}

static void worsen(struct job *job, int code)
{
    if (code > job->code)
        job->code = code;
}

/* A thing that is wrong with the row that was begun last. */
static void add_finding(struct job *job, const char *sentence)
{
    rp_table_note(job->table, "%s", sentence);
    rp_table_text(job->table, USABLE, "no");
    if (!for_people(job))
        rp_table_text(job->table, REASON, sentence);
    worsen(job, RP_EXIT_FINDING);
}

/* Sentences, one a line, as notes about a place. */
static void add_notes(struct job *job, const char *file, size_t line,
                      const char *prefix, const char *sentences)
{
    while (*sentences) {
        const size_t n = strcspn(sentences, "\n");
        rp_table_note(job->table, "%s:%zu: %s%.*s", file, line, prefix, (int)n,
                      sentences);
        sentences += n + (sentences[n] == '\n');
    }
}

/* ---- Everything in a report, for JSON ---- */

enum field_kind { TEXT_FIELD, COUNT_FIELD, NUMBER_FIELD };

static const struct field {
    const char *key;
    size_t offset;
    enum field_kind kind;
} fields[] = {
#define FIELD(key, field, kind)                                                \
    {                                                                          \
        key, offsetof(struct rp_ab_report, field), kind##_FIELD                \
    }
#define TIMES(name)                                                            \
    FIELD(#name "_min_ms", name##_min_ms, NUMBER),                             \
        FIELD(#name "_mean_ms", name##_mean_ms, NUMBER),                       \
        FIELD(#name "_sd_ms", name##_sd_ms, NUMBER),                           \
        FIELD(#name "_median_ms", name##_median_ms, NUMBER),                   \
        FIELD(#name "_max_ms", name##_max_ms, NUMBER)
    FIELD("version", version, TEXT),
    FIELD("server", software, TEXT),
    FIELD("host", host, TEXT),
    FIELD("port", port, COUNT),
    FIELD("tls", tls, TEXT),
    FIELD("path", path, TEXT),
    FIELD("document_bytes", document_bytes, NUMBER),
    FIELD("concurrency", concurrency, COUNT),
    FIELD("requests", requests, COUNT),
    FIELD("failed", failed, COUNT),
    FIELD("failed_connect", failed_connect, COUNT),
    FIELD("failed_receive", failed_receive, COUNT),
    FIELD("failed_length", failed_length, COUNT),
    FIELD("failed_exceptions", failed_exceptions, COUNT),
    FIELD("write_errors", write_errors, COUNT),
    FIELD("non2xx", non2xx, COUNT),
    FIELD("keepalive", keepalive, COUNT),
    FIELD("transferred_bytes", transferred_bytes, NUMBER),
    FIELD("sent_bytes", sent_bytes, NUMBER),
    FIELD("html_bytes", html_bytes, NUMBER),
    FIELD("printed_s", seconds, NUMBER),
    FIELD("run_s", run_seconds, NUMBER),
    FIELD("rps", rps, NUMBER),
    FIELD("mean_ms", mean_ms, NUMBER),
    FIELD("across_ms", across_ms, NUMBER),
    TIMES(connect),
    TIMES(processing),
    TIMES(waiting),
    TIMES(total),
    FIELD("error", error, TEXT),
    FIELD("completed_before_abort", aborted_requests, COUNT),
#undef TIMES
#undef FIELD
};

static json_t *number_or_null(double number)
{
    return isfinite(number) ? json_real(number) : json_null();
}

static json_t *field_value(const struct rp_ab_report *report,
                           const struct field *field)
{
    const char *const at = (const char *)report + field->offset;
    unsigned long count;
    double number;
    json_t *text;

    switch (field->kind) {
    case TEXT_FIELD:
        text = json_string(at); /* NULL where it is not UTF-8 */
        return text ? text : json_null();
    case COUNT_FIELD:
        memcpy(&count, at, sizeof count);
        return json_integer((json_int_t)count);
    case NUMBER_FIELD:
        memcpy(&number, at, sizeof number);
        return number_or_null(number);
    }
    return NULL;
}

static json_t *percentiles_of(const struct rp_ab_report *report)
{
    json_t *const object = json_object();

    for (size_t i = 0; object && i < RP_AB_PERCENT_COUNT; i++) {
        char key[16];
        (void)snprintf(key, sizeof key, "p%u_ms",
                       rp_ab_percent_of((enum rp_ab_percent)i));
        (void)json_object_set_new(object, key,
                                  number_or_null(report->percent_ms[i]));
    }
    return object;
}

static void add_details(struct job *job, const char *file,
                        const struct rp_ab_report *report)
{
    json_t *const object = json_object();
    double half;
    const double throughput = rp_ab_throughput(report, &half);

    if (!object)
        return;
    (void)json_object_set_new(object, "file", json_string(file));
    (void)json_object_set_new(object, "line",
                              json_integer((json_int_t)report->line));
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        (void)json_object_set_new(object, fields[i].key,
                                  field_value(report, &fields[i]));
    (void)json_object_set_new(object, "throughput_per_s",
                              number_or_null(throughput));
    (void)json_object_set_new(object, "throughput_half_width_per_s",
                              number_or_null(half));
    (void)json_object_set_new(object, "interrupted",
                              json_boolean(report->interrupted));
    (void)json_object_set_new(object, "percentiles", percentiles_of(report));
    (void)json_array_append_new(job->details, object);
}

/* ---- One file ---- */

static void begin_row(struct job *job, const char *file, const char *kind,
                      const char *status)
{
    rp_table_row(job->table);
    rp_table_text(job->table, FILE_NAME, file);
    rp_table_text(job->table, KIND, kind);
    rp_table_text(job->table, STATUS, status);
    rp_table_text(job->table, USABLE, "yes");
}

/* A count that was printed; a failure has none. */
static void set_count(struct job *job, enum column column,
                      const struct rp_ab_report *report, enum rp_ab_key key,
                      unsigned long count)
{
    if (rp_ab_printed(report, key))
        rp_table_number(job->table, column, (double)count);
}

/* The mean, and the times at 50, 90, 95, 99 and 100 %. */
static void set_latencies(struct job *job, double mean_ms,
                          const double at_ms[5])
{
    static const enum column places[] = {P50, P90, P95, P99, MOST};

    rp_table_number(job->table, LATENCY, mean_ms);
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        rp_table_number(job->table, places[i], at_ms[i]);
}

/* "2.3 <$Revision: 1913912 $>" as "2.3 r1913912", "2.3 <$Revision$>" as "2.3".
 */
static const char *short_version(const struct rp_ab_report *report,
                                 char text[sizeof report->version])
{
    static const char mark[] = " <$Revision: ";
    const char *const tail = strstr(report->version, " <$");
    const int n = (int)strcspn(report->version, "<");

    if (!tail)
        return report->version;
    if (strncmp(tail, mark, strlen(mark)) != 0)
        (void)snprintf(text, sizeof report->version, "%.*s", n - 1,
                       report->version);
    else
        (void)snprintf(text, sizeof report->version, "%.*sr%.*s", n,
                       report->version, (int)strcspn(tail + strlen(mark), " $"),
                       tail + strlen(mark));
    return text;
}

static void set_figures(struct job *job, const struct rp_ab_report *report)
{
    struct rp_table *const table = job->table;
    char version[sizeof report->version];

    rp_table_number(table, LINE, (double)report->line);
    set_count(job, REQUESTS, report, RP_AB_REQUESTS, report->requests);
    set_count(job, FAILED, report, RP_AB_FAILED, report->failed);
    if (report->status != RP_AB_FAILURE)
        rp_table_number(table, NON2XX, (double)report->non2xx);
    set_count(job, CONCURRENCY, report, RP_AB_CONCURRENCY, report->concurrency);
    rp_table_number(table, SECONDS, report->run_seconds);
    rp_table_number(table, RPS, report->rps);
    rp_table_number(table, MEAN, report->mean_ms);
    set_latencies(job, report->total_mean_ms,
                  (const double[]){report->percent_ms[RP_AB_P50],
                                   report->percent_ms[RP_AB_P90],
                                   report->percent_ms[RP_AB_P95],
                                   report->percent_ms[RP_AB_P99],
                                   report->percent_ms[RP_AB_P100]});
    rp_table_text(table, VERSION, short_version(report, version));
}

static const char *behind_first(const char *sentences)
{
    const char *const end = strchr(sentences, '\n');

    return end ? end + 1 : "";
}

static void show_report(struct job *job, const char *file,
                        const struct rp_ab_report *report)
{
    char sentences[RP_AB_SENTENCES_SIZE];
    struct rp_error error = {0};

    begin_row(job, file, "report", rp_ab_status_word(report->status));
    set_figures(job, report);
    if (rp_ab_usable(report, file, &error))
        add_finding(job, error.text);
    /* The first contradiction is the reason already, if it is one. */
    if (rp_ab_lint(report, sentences, sizeof sentences) > 0)
        add_notes(job, file, report->line, "",
                  report->flaw[0] ? sentences : behind_first(sentences));
    if (rp_ab_warnings(report, sentences, sizeof sentences) > 0 && !error.code)
        add_notes(job, file, report->line, "warning: ", sentences);
    add_details(job, file, report);
}

static enum rp_code show_reports(struct job *job, const char *text,
                                 size_t length, const char *file,
                                 struct rp_error *error)
{
    struct rp_ab_file reports = {0};
    const enum rp_code code =
        rp_ab_read_text(text, length, file, &reports, error);

    for (size_t i = 0; i < reports.report_count; i++)
        show_report(job, file, &reports.reports[i]);
    rp_ab_free(&reports);
    return code;
}

static enum rp_code show_curve(struct job *job, const char *text, size_t length,
                               const char *file, struct rp_error *error)
{
    struct rp_table *const table = job->table;
    struct rp_ab_curve curve = {0};
    const enum rp_code code =
        rp_ab_curve_read_text(text, length, file, job->requests, &curve, error);

    if (code && code != RP_ERR_UNUSABLE)
        return code;
    begin_row(job, file, "percentiles", code ? "malformed" : "ok");
    if (code) {
        add_finding(job, error->text);
        if (job->requests == 0 && !job->hinted)
            rp_table_note(table, "(--requests N says how many there were)");
        job->hinted = true;
        return RP_OK;
    }
    if (job->requests > 0)
        rp_table_number(table, REQUESTS, (double)job->requests);
    set_latencies(job, rp_ab_curve_mean(&curve),
                  (const double[]){rp_ab_curve_at(&curve, 0.5),
                                   rp_ab_curve_at(&curve, 0.9),
                                   rp_ab_curve_at(&curve, 0.95),
                                   rp_ab_curve_at(&curve, 0.99),
                                   rp_ab_curve_at(&curve, 1.0)});
    if (curve.dropped > 0)
        rp_table_note(table,
                      "%s: %zu rows left out: of so few requests ab "
                      "reads them from behind its array",
                      file, curve.dropped);
    return RP_OK;
}

static enum rp_code show_rows(struct job *job, const char *text, size_t length,
                              const char *file, struct rp_error *error)
{
    struct rp_table *const table = job->table;
    struct rp_ab_rows rows = {0};
    const enum rp_code code =
        rp_ab_rows_read_text(text, length, file, &rows, error);

    if (code)
        return code;
    begin_row(job, file, "requests", rows.odd_count ? "malformed" : "ok");
    rp_table_number(table, REQUESTS, (double)rows.count);
    set_latencies(job, rp_ab_rows_mean(&rows),
                  (const double[]){rp_ab_rows_percentile(&rows, 50),
                                   rp_ab_rows_percentile(&rows, 90),
                                   rp_ab_rows_percentile(&rows, 95),
                                   rp_ab_rows_percentile(&rows, 99),
                                   rp_ab_rows_percentile(&rows, 100)});
    if (rows.odd_count > 0) {
        (void)rp_fail_at(error, RP_ERR_UNUSABLE, file, 0, 0,
                         "in %zu of %zu rows ttime is not ctime + dtime",
                         rows.odd_count, rows.count);
        add_finding(job, error->text);
    }
    rp_ab_rows_free(&rows);
    return RP_OK;
}

static void show_file(struct job *job, const char *path)
{
    const char *const file = rp_file_name(path);
    struct rp_error error = {0};
    char *text = NULL;
    size_t length = 0;
    enum rp_code code = rp_file_read(path, RP_AB_BYTES_MAX, "a report of ab",
                                     &text, &length, &error);

    if (!code) {
        switch (rp_ab_kind(text, length)) {
        case RP_AB_KIND_REPORT:
            code = show_reports(job, text, length, file, &error);
            break;
        case RP_AB_KIND_CURVE:
            code = show_curve(job, text, length, file, &error);
            break;
        case RP_AB_KIND_ROWS:
            code = show_rows(job, text, length, file, &error);
            break;
        }
    }
    if (code)
        worsen(job, rp_command_fail("ab", &error));
    free(text);
}

/* ---- The command ---- */

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct job *const job = state->input;
    const char *end;

    switch (key) {
    case 'n':
        if (!rp_ab_scan_count(value, &end, &job->requests) || *end ||
            job->requests == 0)
            rp_command_usage(state,
                             "found --requests %s, expected a whole number "
                             "above 0",
                             value);
        return 0;
    case ARGP_KEY_ARGS:
        job->paths = state->argv + state->next;
        job->path_count = (size_t)(state->argc - state->next);
        return 0;
    case ARGP_KEY_NO_ARGS:
        rp_command_usage(state, "no file; name at least one output of ab");
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static int print(struct job *job)
{
    json_t *extra = NULL;
    int code = RP_EXIT_OK;

    if (rp_table_row_count(job->table) == 0)
        return RP_EXIT_OK; /* every file was refused */
    if (job->common.format == RP_FORMAT_JSON) {
        extra = json_pack("{s:O}", "reports", job->details);
        if (!extra)
            return rp_command_memory("ab");
    }
    code =
        rp_command_table("ab", &job->common, job->table, "reqpath.ab/1", extra);
    json_decref(extra);
    return code;
}

int rp_cmd_ab(int argc, char **argv)
{
    static const struct argp_option options[] = {
        {"requests", 'n', "N", 0,
         "how many requests the files of ab -e are about: with up to 50, "
         "their last rows are not to be believed",
         0},
        {0}};
    static const struct argp argp = {
        .options = options,
        .parser = parse,
        .args_doc = "FILE...",
        .doc = "What is in these outputs of ab, and whether they can be used.\v"
               "A FILE is a report, in whatever it was pasted into, or what -e "
               "or -g wrote; - is standard input. \"mean ms\" is concurrency / "
               "throughput, as ab prints it, \"latency ms\" the mean of the "
               "latencies. Exits with 1 where something cannot serve a "
               "calibration, with 2 where a file is none of ab's."};
    struct job job = {0};
    struct rp_error error = {0};

    rp_command_parse(&argp, RP_TAKES_FORMAT | RP_TAKES_OUTPUT, argc, argv, &job,
                     &job.common);
    if (rp_given_apart(job.common.output_path, (const char *const *)job.paths,
                       job.path_count, &error))
        return rp_command_fail("ab", &error);
    job.table = rp_table_new(columns, for_people(&job) ? COLUMN_COUNT - 1
                                                       : COLUMN_COUNT);
    job.details = json_array();
    if (!job.table || !job.details)
        worsen(&job, rp_command_memory("ab"));
    for (size_t i = 0; job.table && job.details && i < job.path_count; i++)
        show_file(&job, job.paths[i]);
    if (job.table && job.details)
        worsen(&job, print(&job));
    json_decref(job.details);
    rp_table_free(job.table);
    return job.code;
}
