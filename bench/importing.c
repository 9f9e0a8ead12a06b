/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _DEFAULT_SOURCE /* flock(), lockf() */

#include "bench/importing.h"

#include "bench/journal.h"
#include "calibrate/abcurve.h"
#include "calibrate/ablint.h"
#include "calibrate/dataset.h"
#include "calibrate/runs.h"
#include "model/file.h"
#include "model/tree.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static const char head[] = "file,round,server,threads,path,stack,view,io_ms,"
                           "cpu_us,concurrency,requests,tool";

struct importing {
    const struct rp_import *import;
    struct rp_imported *imported;
    size_t count;
    char *description_path, *runs_path, *folder; /* folder: "imported" */
    char *description; /* text of a new dataset.yaml; NULL: it is there */
    struct rp_dataset dataset;
    struct rp_csv csv; /* runs.csv as it is, or without rows */
    char *runs;        /* runs.csv as it is to be */
    int lock;          /* -1: none */
};

static enum rp_code no_memory(struct rp_error *error)
{
    (void)rp_fail(error, RP_ERR_MEMORY, "out of memory for a data set");
    return RP_ERR_MEMORY;
}

static char *path_in(const char *folder, const char *name)
{
    const size_t size = strlen(folder) + strlen(name) + 2;
    char *const path = malloc(size);

    if (path)
        (void)snprintf(path, size, "%s/%s", folder, name);
    return path;
}

/* ---- The reports ---- */

/* "x.txt" has its percentiles in x.csv, "x" in x.csv too; new memory. */
static char *curve_of(const char *source)
{
    const size_t length = strlen(source);
    const bool is_text = length > 4 && strcmp(source + length - 4, ".txt") == 0;
    const size_t kept = is_text ? length - 4 : length;
    char *const path = malloc(kept + sizeof ".csv");

    if (path) {
        memcpy(path, source, kept);
        memcpy(path + kept, ".csv", sizeof ".csv");
    }
    return path;
}

static void take_curve(const struct rp_ab_curve *curve, struct rp_peer *peer)
{
    for (unsigned m = 0; m < RP_METRIC_COUNT; m++) {
        const double level = rp_metric_level((enum rp_metric)m);

        if (!isnan(level))
            peer->percent_ms[m] = rp_ab_curve_at(curve, level);
    }
    peer->longest_ms = rp_ab_curve_at(curve, 1.0);
}

static enum rp_code read_curve(const char *source, struct rp_peer *peer,
                               struct rp_error *error)
{
    char *const path = curve_of(source);
    struct rp_ab_curve curve;
    enum rp_code code = path ? RP_OK : no_memory(error);

    if (!code && access(path, F_OK) != 0)
        rp_peer_lacks(peer,
                      "percentiles are not beside it: run ab with -e and "
                      "keep that file as %s",
                      path);
    else if (!code) {
        code = rp_ab_curve_read(path, peer->requests, &curve, error);
        if (!code)
            take_curve(&curve, peer);
    }
    free(path);
    return code;
}

/* `kept`: it was ab -k. */
static enum rp_code read_ab(const char *source, struct rp_peer *peer,
                            bool *kept, struct rp_error *error)
{
    struct rp_ab_file file = {0};
    enum rp_code code = rp_ab_read(source, &file, error);

    rp_peer_init(peer);
    if (!code && file.report_count != 1)
        code = rp_fail_at(error, RP_ERR_VALUE, source, 0, 0,
                          "found %zu reports of ab, expected one: a file is "
                          "one run",
                          file.report_count);
    if (!code)
        code = rp_ab_usable(&file.reports[0], source, error);
    if (!code) {
        *kept = rp_ab_printed(&file.reports[0], RP_AB_KEEPALIVE);
        peer->requests = file.reports[0].requests;
        peer->concurrency = file.reports[0].concurrency;
        peer->rps = rp_ab_throughput(&file.reports[0], NULL);
        (void)rp_ab_warnings(&file.reports[0], peer->lacks, sizeof peer->lacks);
        code = read_curve(source, peer, error);
    }
    rp_ab_free(&file);
    return code;
}

/* Rows of an open load do not say at which rate they were planned to come. */
static enum rp_code refuse_open(const char *source, enum rp_tool tool,
                                struct rp_error *error)
{
    if (tool != RP_TOOL_OPEN)
        return RP_OK;
    return rp_fail_at(error, RP_ERR_VALUE, source, 0, 0,
                      "runs of an open load come into a data set by reqpath "
                      "bench, which knows their rate: write a plan with rate "
                      "in place of concurrency");
}

static enum rp_code find_tool(const struct rp_import *import,
                              const char *source, enum rp_tool *tool,
                              struct rp_error *error)
{
    char *bytes = NULL;
    size_t length = 0;
    enum rp_code code = RP_OK;

    *tool = import->config.tool;
    if (import->tool_set)
        return refuse_open(source, *tool, error);
    code = rp_file_read(source, RP_PEER_BYTES_MAX, "a report", &bytes, &length,
                        error);
    if (!code && !rp_tool_guess(bytes, length, tool))
        code = rp_fail_at(error, RP_ERR_SYNTAX, source, 0, 0,
                          "whose report this is cannot be told; say --tool, "
                          "one of %s",
                          rp_tool_words());
    free(bytes);
    return code ? code : refuse_open(source, *tool, error);
}

static enum rp_code find_concurrency(const struct rp_import *import,
                                     const char *source,
                                     const struct rp_peer *peer,
                                     struct rp_imported *to,
                                     struct rp_error *error)
{
    const unsigned said = import->config.concurrency;
    const unsigned long has = peer->concurrency;
    size_t used;

    if (said == 0 && has == 0)
        return rp_fail_at(error, RP_ERR_VALUE, source, 0, 0,
                          "%s does not say how many clients there were; say "
                          "--concurrency",
                          rp_tool_program(to->config.tool));
    if (said > 0 && has > 0 && said != has)
        return rp_fail_at(error, RP_ERR_VALUE, source, 0, 0,
                          "the report has %lu clients, but --concurrency is "
                          "%u",
                          has, said);
    to->config.concurrency = said > 0 ? said : (unsigned)has;
    if (peer->requests / 20 < to->config.concurrency)
        (void)snprintf(to->lacks, sizeof to->lacks,
                       "%lu requests of %u clients are fewer than 20 for each, "
                       "too few to see a steady state%s",
                       peer->requests, to->config.concurrency,
                       peer->lacks[0] ? "\n" : "");
    used = strlen(to->lacks);
    (void)snprintf(to->lacks + used, sizeof to->lacks - used, "%s",
                   peer->lacks);
    return RP_OK;
}

static enum rp_code read_source(const struct rp_import *import,
                                const char *source, struct rp_imported *to,
                                struct rp_error *error)
{
    struct rp_peer peer;
    enum rp_code code;

    *to = (struct rp_imported){.source = source, .config = import->config};
    code = find_tool(import, source, &to->config.tool, error);
    if (code)
        return code;
    code = to->config.tool == RP_TOOL_AB
               ? read_ab(source, &peer, &to->config.keepalive, error)
               : rp_tool_read(to->config.tool, source, &peer, error);
    if (!code && peer.useless[0])
        code = rp_fail_at(error, RP_ERR_UNUSABLE, source, 0, 0,
                          "this run cannot be used: %s", peer.useless);
    if (!code && import->closes && to->config.keepalive)
        code = rp_fail_at(error, RP_ERR_VALUE, source, 0, 0,
                          "the report is of ab -k, but --closed says that "
                          "every request had a connection of its own");
    if (!code)
        code = find_concurrency(import, source, &peer, to, error);
    if (!code)
        rp_run_take_peer(&peer, to->config.concurrency, &to->run);
    return code;
}

/* ---- The data set as it is ---- */

static enum rp_code need(const char *value, const char *option,
                         const char *output, struct rp_error *error)
{
    if (value && value[0])
        return RP_OK;
    return rp_fail_at(error, RP_ERR_VALUE, output, 0, 0,
                      "the data set is new, and has to say what was measured: "
                      "%s is missing",
                      option);
}

/* Closed whatever was wrong before. */
static bool is_whole(FILE *out)
{
    const bool failed = ferror(out) != 0;

    return fclose(out) == 0 && !failed;
}

static void put_line(FILE *out, const char *key, const char *text)
{
    if (!text)
        return;
    (void)fprintf(out, "%s: '", key);
    for (; *text; text++)
        (void)fprintf(out, *text == '\'' ? "''" : "%c", *text);
    (void)fputs("'\n", out);
}

static enum rp_code describe(struct importing *i, struct rp_error *error)
{
    const struct rp_import *const m = i->import;
    const enum rp_tool tool = i->imported[0].config.tool;
    const char *const slash = strrchr(m->output, '/');
    const char *const name =
        m->name ? m->name : (slash && slash[1] ? slash + 1 : m->output);
    size_t length = 0;
    enum rp_code code =
        need(m->framework_version, "--framework-version", m->output, error);
    FILE *out;

    if (!code)
        code = need(m->asgiref_version, "--asgiref-version", m->output, error);
    if (!code)
        code = need(m->measured_on, "--measured-on", m->output, error);
    if (code)
        return code;
    out = open_memstream(&i->description, &length);
    if (!out)
        return no_memory(error);
    (void)fputs("# Written by reqpath import.\n", out);
    put_line(out, "name", name);
    put_line(out, "campaign", m->campaign ? m->campaign : name);
    put_line(out, "framework", "django");
    put_line(out, "framework_version", m->framework_version);
    put_line(out, "asgiref_version", m->asgiref_version);
    put_line(out, "python_version", m->python_version);
    (void)fprintf(out, "servers:\n  %s: {processes: %u}\n",
                  rp_server_word(m->config.server), m->processes);
    (void)fprintf(out, "client: {tool: %s%s}\n", rp_tool_word(tool),
                  m->closes ? ", keepalive: false" : "");
    put_line(out, "measured_on", m->measured_on);
    if (!is_whole(out))
        return no_memory(error);
    return rp_dataset_read_text(i->description, length, i->description_path,
                                &i->dataset, error);
}

static enum rp_code fail_lock(const char *output, struct rp_error *error)
{
    return rp_fail_at(error, RP_ERR_IO, output, 0, 0,
                      "the data set cannot be locked, another process may be "
                      "writing into it: %s",
                      strerror(errno));
}

/* Nobody else imports into it; a lock ends with its process. It is one that
 * survives the reading of its file, unlike those of lockf(). */
static enum rp_code lock_dataset(struct importing *i, struct rp_error *error)
{
    i->lock = open(i->description_path, O_RDONLY | O_CLOEXEC);
    if (i->lock >= 0 && flock(i->lock, LOCK_EX | LOCK_NB) == 0)
        return RP_OK;
    return fail_lock(i->import->output, error);
}

/* A bench locks a file among its logs. */
static enum rp_code refuse_bench(const char *output, struct rp_error *error)
{
    char *const path = path_in(output, "logs/lock");
    const int lock = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    enum rp_code code = path ? RP_OK : no_memory(error);

    if (lock >= 0 && lockf(lock, F_TEST, 0) != 0)
        code = fail_lock(output, error);
    if (lock >= 0)
        (void)close(lock);
    free(path);
    return code;
}

static enum rp_code read_description(struct importing *i,
                                     struct rp_error *error)
{
    char *bytes = NULL;
    size_t length = 0;
    enum rp_code code = rp_file_read(i->description_path, RP_TREE_BYTES_MAX,
                                     "a YAML file", &bytes, &length, error);

    if (!code)
        code = rp_dataset_read_text(bytes, length, i->description_path,
                                    &i->dataset, error);
    free(bytes);
    return code;
}

static enum rp_code open_dataset(struct importing *i, struct rp_error *error)
{
    const char *const output = i->import->output;
    const bool described = access(i->description_path, F_OK) == 0;
    const bool has_runs = access(i->runs_path, F_OK) == 0;
    enum rp_code code = RP_OK;

    if (!described && has_runs)
        return rp_fail_at(error, RP_ERR_VALUE, output, 0, 0,
                          "the folder has runs.csv and no dataset.yaml; write "
                          "that first");
    if (described)
        code = lock_dataset(i, error);
    if (!code)
        code = refuse_bench(output, error);
    if (!code)
        code = described ? read_description(i, error) : describe(i, error);
    if (!code)
        code = has_runs ? rp_csv_read(i->runs_path, &i->csv, error)
                        : rp_csv_read_text(head, strlen(head), i->runs_path,
                                           &i->csv, error);
    return code;
}

/* ---- Where the new rows belong ---- */

/* What a row has that does not say it. */
static bool usual_keepalive(const struct importing *i, enum rp_tool tool)
{
    return i->dataset.keepalive_said ? i->dataset.keepalive
                                     : rp_tool_keeps(tool);
}

/* ab's reports say it themselves. */
static bool says_keepalive(const struct importing *i,
                           const struct rp_imported *m)
{
    return i->import->closes || m->config.tool == RP_TOOL_AB;
}

static enum rp_code check_config(struct importing *i, struct rp_imported *to,
                                 struct rp_error *error)
{
    const struct rp_config *const c = &to->config;

    if (!says_keepalive(i, to))
        to->config.keepalive = usual_keepalive(i, c->tool);
    if (!i->dataset.servers[c->server].said)
        return rp_fail_at(error, RP_ERR_VALUE, i->description_path, 0, 0,
                          "the data set does not describe %s; add it under "
                          "servers",
                          rp_server_word(c->server));
    return rp_dataset_amounts(&i->dataset, &to->config, error);
}

/* The rows that are there: which rounds the configuration has. */
static enum rp_code look_at_rows(struct importing *i, struct rp_imported *to,
                                 unsigned *last, struct rp_error *error)
{
    struct rp_run_columns columns;
    enum rp_code code = rp_run_columns_find(&i->csv, &columns, error);

    *last = 0;
    for (size_t row = 0; row < i->csv.row_count && !code; row++) {
        struct rp_run_row is;

        code = rp_run_row_read(&i->csv, &columns, row, &i->dataset, &is, error);
        if (code || rp_config_compare(&is.config, &to->config) != 0)
            continue;
        *last = is.round > *last ? is.round : *last;
        if (strcmp(rp_tool_program(is.config.tool),
                   rp_tool_program(to->config.tool)) != 0)
            code =
                rp_fail_at(error, RP_ERR_VALUE, to->source, 0, 0,
                           "%s has runs of this configuration by %s; those "
                           "of %s belong into a data set of their own",
                           i->import->output, rp_tool_program(is.config.tool),
                           rp_tool_program(to->config.tool));
    }
    return code;
}

/* Files of one configuration are one round after the other. */
static enum rp_code find_round(struct importing *i, size_t at,
                               struct rp_error *error)
{
    struct rp_imported *const to = &i->imported[at];
    unsigned last = 0;
    enum rp_code code = look_at_rows(i, to, &last, error);

    to->round = i->import->round ? i->import->round : last + 1;
    for (size_t k = 0; k < at && !code; k++) {
        const struct rp_imported *const other = &i->imported[k];

        if (rp_config_compare(&other->config, &to->config) == 0)
            to->round = other->round + 1;
        if (rp_config_compare(&other->config, &to->config) == 0 &&
            strcmp(rp_tool_program(other->config.tool),
                   rp_tool_program(to->config.tool)) != 0)
            code = rp_fail_at(error, RP_ERR_VALUE, to->source, 0, 0,
                              "this run is of %s, and %s of %s: one "
                              "configuration of a data set is measured with "
                              "one tool",
                              rp_tool_program(to->config.tool), other->source,
                              rp_tool_program(other->config.tool));
    }
    return code;
}

static const char *ending_of(enum rp_tool tool)
{
    switch (tool) {
    case RP_TOOL_HEY_CSV:
    case RP_TOOL_OPEN:
    case RP_TOOL_SAMPLES:
        return ".csv";
    case RP_TOOL_H2LOAD_LOG:
        return ".tsv";
    case RP_TOOL_AB:
    case RP_TOOL_WRK:
    case RP_TOOL_HEY:
    case RP_TOOL_H2LOAD:
    case RP_TOOL_COUNT:
        break;
    }
    return ".txt";
}

/* A name that no file has: what somebody left there stays. */
static enum rp_code name_file(struct importing *i, struct rp_imported *to,
                              struct rp_error *error)
{
    const struct rp_config *const c = &to->config;
    char io[40] = "", cpu[40] = "", again[24] = "";

    if (c->io_ns > 0.0)
        (void)snprintf(io, sizeof io, "_io%g", c->io_ns / 1e6);
    if (c->cpu_ns > 0.0)
        (void)snprintf(cpu, sizeof cpu, "_cpu%g", c->cpu_ns / 1e3);
    for (unsigned n = 1;; n++) {
        char *path;
        bool taken;

        if (n > 1)
            (void)snprintf(again, sizeof again, "-%u", n);
        (void)snprintf(to->file, sizeof to->file,
                       "imported/%s%u_%s_%s_%s%s%s_c%u%s_r%02u%s%s",
                       rp_server_word(c->server), c->threads,
                       rp_path_word(c->path), c->stack[0] ? c->stack : "none",
                       c->view_async ? "async" : "sync", io, cpu,
                       c->concurrency, c->keepalive ? "_k" : "", to->round,
                       again, ending_of(c->tool));
        path = path_in(i->import->output, to->file);
        if (!path)
            return no_memory(error);
        taken = access(path, F_OK) == 0;
        free(path);
        if (!taken)
            return RP_OK;
    }
}

/* ---- runs.csv as it is to be ---- */

static void put_cell(FILE *out, const char *text)
{
    if (!text[strcspn(text, ",\"\r\n")]) {
        (void)fputs(text, out);
        return;
    }
    (void)fputc('"', out);
    for (; *text; text++)
        (void)fprintf(out, *text == '"' ? "\"\"" : "%c", *text);
    (void)fputc('"', out);
}

static void put_new(FILE *out, const char *column, const struct importing *i,
                    const struct rp_imported *m)
{
    const struct rp_config *const c = &m->config;

    if (strcmp(column, "file") == 0)
        put_cell(out, m->file);
    else if (strcmp(column, "round") == 0)
        (void)fprintf(out, "%u", m->round);
    else if (strcmp(column, "server") == 0)
        (void)fputs(rp_server_word(c->server), out);
    else if (strcmp(column, "threads") == 0)
        (void)fprintf(out, "%u", c->threads);
    else if (strcmp(column, "path") == 0)
        (void)fputs(rp_path_word(c->path), out);
    else if (strcmp(column, "stack") == 0)
        (void)fputs(c->stack[0] ? c->stack : "none", out);
    else if (strcmp(column, "view") == 0)
        (void)fputs(c->view_async ? "async" : "sync", out);
    else if (strcmp(column, "io_ms") == 0)
        (void)fprintf(out, "%.10g", c->io_ns / 1e6);
    else if (strcmp(column, "cpu_us") == 0)
        (void)fprintf(out, "%.10g", c->cpu_ns / 1e3);
    else if (strcmp(column, "concurrency") == 0)
        (void)fprintf(out, "%u", c->concurrency);
    else if (strcmp(column, "requests") == 0)
        (void)fprintf(out, "%u", m->run.requests);
    else if (strcmp(column, "tool") == 0)
        (void)fputs(rp_tool_word(c->tool), out);
    else if (strcmp(column, "keepalive") == 0 && says_keepalive(i, m))
        (void)fputs(c->keepalive ? "true" : "false", out);
    /* what is left says at which rate requests came: here there were clients */
}

/* The columns that the new rows need and the file has not; how many. */
static size_t missing_columns(const struct importing *i, const char *missing[2])
{
    bool tool = false, keepalive = false;
    size_t count = 0;

    for (size_t k = 0; k < i->count; k++) {
        const struct rp_config *const c = &i->imported[k].config;

        tool |= c->tool != i->dataset.tool;
        keepalive |= c->keepalive != usual_keepalive(i, c->tool);
    }
    if (tool && rp_csv_find(&i->csv, "tool") == RP_CSV_NONE)
        missing[count++] = "tool";
    if (keepalive && rp_csv_find(&i->csv, "keepalive") == RP_CSV_NONE)
        missing[count++] = "keepalive";
    return count;
}

/* Old rows keep their cells; columns come behind where they are needed. What an
 * old row says of its tool is what the data set said; of keep-alive it says
 * nothing, and so what the data set does. */
static enum rp_code make_runs(struct importing *i, struct rp_error *error)
{
    const struct rp_csv *const csv = &i->csv;
    const char *missing[2];
    const size_t more = missing_columns(i, missing);
    size_t length = 0;
    FILE *const out = open_memstream(&i->runs, &length);

    if (!out)
        return no_memory(error);
    for (size_t c = 0; c < csv->column_count; c++)
        (void)fprintf(out, "%s%s", c ? "," : "", csv->head[c].text);
    for (size_t c = 0; c < more; c++)
        (void)fprintf(out, ",%s", missing[c]);
    (void)fputc('\n', out);
    for (size_t row = 0; row < csv->row_count; row++) {
        for (size_t c = 0; c < csv->column_count; c++) {
            (void)fputs(c ? "," : "", out);
            put_cell(out, rp_csv_text(csv, row, c));
        }
        for (size_t c = 0; c < more; c++)
            (void)fprintf(out, ",%s",
                          strcmp(missing[c], "tool") == 0
                              ? rp_tool_word(i->dataset.tool)
                              : "");
        (void)fputc('\n', out);
    }
    for (size_t k = 0; k < i->count; k++) {
        for (size_t c = 0; c < csv->column_count + more; c++) {
            (void)fputs(c ? "," : "", out);
            put_new(out,
                    c < csv->column_count ? csv->head[c].text
                                          : missing[c - csv->column_count],
                    i, &i->imported[k]);
        }
        (void)fputc('\n', out);
    }
    if (!is_whole(out))
        return no_memory(error);
    return RP_OK;
}

/* ---- Writing ---- */

static enum rp_code make_folder(const char *path, struct rp_error *error)
{
    if (mkdir(path, 0755) == 0 || errno == EEXIST)
        return RP_OK;
    return rp_fail_at(error, RP_ERR_IO, path, 0, 0,
                      "the folder cannot be made: %s", strerror(errno));
}

static enum rp_code copy_file(const char *source, const char *to,
                              struct rp_error *error)
{
    char *bytes = NULL;
    size_t length = 0;
    enum rp_code code = rp_file_read(source, RP_PEER_BYTES_MAX, "a report",
                                     &bytes, &length, error);

    if (!code)
        code = rp_journal_write_bytes(to, bytes, length, error);
    free(bytes);
    return code;
}

static enum rp_code copy_report(const struct importing *i,
                                const struct rp_imported *m,
                                struct rp_error *error)
{
    char *const to = path_in(i->import->output, m->file);
    char *const curve = curve_of(m->source);
    char *const curve_to = to ? curve_of(to) : NULL;
    enum rp_code code = to && curve && curve_to ? RP_OK : no_memory(error);

    if (!code)
        code = copy_file(m->source, to, error);
    if (!code && m->config.tool == RP_TOOL_AB && access(curve, F_OK) == 0)
        code = copy_file(curve, curve_to, error);
    free(curve_to);
    free(curve);
    free(to);
    return code;
}

static enum rp_code write_all(struct importing *i, struct rp_error *error)
{
    enum rp_code code = make_folder(i->import->output, error);

    if (!code && i->description && access(i->description_path, F_OK) == 0)
        code = rp_fail_at(error, RP_ERR_IO, i->import->output, 0, 0,
                          "another process began this data set meanwhile; try "
                          "again");
    if (!code)
        code = make_folder(i->folder, error);
    for (size_t k = 0; k < i->count && !code; k++)
        code = copy_report(i, &i->imported[k], error);
    if (!code && i->description)
        code = rp_journal_write(i->description_path, i->description, error);
    return code ? code : rp_journal_write(i->runs_path, i->runs, error);
}

static enum rp_code import_all(struct importing *i, char *const *sources,
                               struct rp_error *error)
{
    enum rp_code code = RP_OK;

    for (size_t k = 0; k < i->count && !code; k++)
        code = read_source(i->import, sources[k], &i->imported[k], error);
    if (!code)
        code = open_dataset(i, error);
    for (size_t k = 0; k < i->count && !code; k++) {
        code = check_config(i, &i->imported[k], error);
        if (!code)
            code = find_round(i, k, error);
        if (!code)
            code = name_file(i, &i->imported[k], error);
    }
    if (!code)
        code = make_runs(i, error);
    return code ? code : write_all(i, error);
}

enum rp_code rp_import_files(const struct rp_import *import,
                             char *const *sources, size_t count,
                             struct rp_imported *imported,
                             struct rp_error *error)
{
    char *const description = path_in(import->output, "dataset.yaml");
    char *const runs = path_in(import->output, "runs.csv");
    char *const reports = path_in(import->output, "imported");
    struct importing i = {.import = import,
                          .imported = imported,
                          .count = count,
                          .description_path = description,
                          .runs_path = runs,
                          .folder = reports,
                          .lock = -1};
    enum rp_code code;

    if (!description || !runs || !reports)
        code = no_memory(error);
    else
        code = import_all(&i, sources, error);
    if (i.lock >= 0)
        (void)close(i.lock);
    free(i.runs);
    free(i.description);
    free(reports);
    free(runs);
    free(description);
    rp_csv_free(&i.csv);
    rp_dataset_free(&i.dataset);
    return code;
}
