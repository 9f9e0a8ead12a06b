/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "bench/journal.h"

#include "bench/benchload.h"
#include "bench/description.h"
#include "model/csv.h"
#include "model/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char head[] = "file,round,server,threads,path,stack,view,io_ms,"
                           "cpu_us,concurrency,requests";
enum { ALWAYS = 11 }; /* columns of it */
/* Behind these, where a run of the plan has an open load, or another keep-alive
 * than its client. */
static const char head_of_open[] = ",tool,rate_per_s,process,cv";
static const char head_of_keepalive[] = ",keepalive";

static enum rp_code no_memory(struct rp_error *error)
{
    (void)rp_fail(error, RP_ERR_MEMORY, "out of memory for a data set");
    return RP_ERR_MEMORY;
}

static enum rp_code fail_write(const char *path, struct rp_error *error)
{
    return rp_fail_at(error, RP_ERR_IO, path, 0, 0, "cannot be written: %s",
                      strerror(errno));
}

static char *joined(const char *a, const char *b, const char *c)
{
    const size_t size = strlen(a) + strlen(b) + strlen(c) + 1;
    char *const text = malloc(size);

    if (text)
        (void)snprintf(text, size, "%s%s%s", a, b, c);
    return text;
}

/* ---- Files that are whole ---- */

static bool sync_path(const char *path)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    const bool good = fd >= 0 && fsync(fd) == 0;

    if (fd >= 0)
        (void)close(fd);
    return good;
}

static bool write_all(int fd, const char *text, size_t length)
{
    while (length > 0) {
        const ssize_t n = write(fd, text, length);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        text += n;
        length -= (size_t)n;
    }
    return fsync(fd) == 0;
}

static bool write_file(const char *path, int flags, const char *text,
                       size_t length)
{
    const int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0644);
    bool good;

    if (fd < 0)
        return false;
    good = write_all(fd, text, length);
    return close(fd) == 0 && good;
}

enum rp_code rp_journal_write(const char *path, const char *text,
                              struct rp_error *error)
{
    return rp_journal_write_bytes(path, text, strlen(text), error);
}

enum rp_code rp_journal_write_bytes(const char *path, const char *bytes,
                                    size_t length, struct rp_error *error)
{
    char *const part = joined(path, ".part", "");
    enum rp_code code = RP_OK;

    if (!part)
        return no_memory(error);
    if (!write_file(part, O_TRUNC, bytes, length) || rename(part, path) != 0)
        code = fail_write(path, error);
    free(part);
    return code;
}

static enum rp_code make_folder(const char *path, struct rp_error *error)
{
    if (mkdir(path, 0755) == 0 || errno == EEXIST)
        return RP_OK;
    return fail_write(path, error);
}

/* ---- Rows ---- */

/* Rows up to the last line end; what comes behind was cut by a kill. */
static enum rp_code mend(const char *path, struct rp_error *error)
{
    char *bytes = NULL;
    size_t length = 0, whole;
    enum rp_code code = rp_file_read(path, RP_CSV_BYTES_MAX, "runs.csv", &bytes,
                                     &length, error);

    if (code)
        return code;
    for (whole = length; whole > 0 && bytes[whole - 1] != '\n';)
        whole--;
    if (whole < length && truncate(path, (off_t)whole) != 0)
        code = fail_write(path, error);
    free(bytes);
    return code;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* As they stand in the file: reqpath import adds columns where it needs them,
 * behind the others. */
static enum rp_code read_last(struct rp_journal *j, const struct rp_csv *csv,
                              struct rp_error *error)
{
    j->last = calloc(csv->column_count + 1, sizeof *j->last);
    if (!j->last)
        return no_memory(error);
    for (size_t c = ALWAYS; c < csv->column_count; c++) {
        j->last[j->last_count] = strdup(csv->head[c].text);
        if (!j->last[j->last_count])
            return no_memory(error);
        j->last_count++;
    }
    return RP_OK;
}

static enum rp_code read_rows(struct rp_journal *j, const char *path,
                              struct rp_error *error)
{
    struct rp_csv csv = {0};
    size_t column = 0;
    enum rp_code code = mend(path, error);

    if (!code)
        code = rp_csv_read(path, &csv, error);
    if (!code)
        code = rp_csv_need(&csv, "file", &column, error);
    if (!code)
        code = read_last(j, &csv, error);
    if (!code) {
        j->there = calloc(csv.row_count + 1, sizeof *j->there);
        if (!j->there)
            code = no_memory(error);
    }
    for (size_t row = 0; !code && row < csv.row_count; row++) {
        j->there[row] = strdup(rp_csv_text(&csv, row, column));
        if (!j->there[row])
            code = no_memory(error);
        else
            j->there_count++;
    }
    rp_csv_free(&csv);
    if (!code)
        qsort(j->there, j->there_count, sizeof *j->there, by_text);
    j->row_count = j->there_count;
    return code;
}

static enum rp_code write_head(const struct rp_journal *j, const char *runs,
                               struct rp_error *error)
{
    char line[256];
    enum rp_code code;

    (void)snprintf(line, sizeof line, "%s%s%s\n", head,
                   rp_plan_has_open(j->plan) ? head_of_open : "",
                   rp_plan_mixes_keepalive(j->plan) ? head_of_keepalive : "");
    code = rp_journal_write(runs, line, error);
    return code;
}

static enum rp_code begin(struct rp_journal *j,
                          const struct rp_surroundings *surroundings,
                          const char *client, struct rp_error *error)
{
    char *const description = joined(j->folder, "/dataset.yaml", "");
    char *const runs = joined(j->folder, "/runs.csv", "");
    char *const text =
        rp_description_make(j->plan, j->set, surroundings, client);
    enum rp_code code = RP_OK;
    struct stat info;

    if (!description || !runs || !text)
        code = no_memory(error);
    /* runs.csv comes second: where it is, the description is */
    if (!code && stat(runs, &info) != 0) {
        code = rp_journal_write(description, text, error);
        if (!code)
            code = write_head(j, runs, error);
    }
    if (!code)
        code = read_rows(j, runs, error);
    free(text);
    free(runs);
    free(description);
    return code;
}

enum rp_code rp_journal_open(const char *output, const char *set,
                             const struct rp_plan *plan,
                             const struct rp_surroundings *surroundings,
                             const char *client, struct rp_journal *journal,
                             struct rp_error *error)
{
    struct rp_journal fresh = {
        .folder = joined(output, set ? "/" : "", set ? set : ""),
        .plan = plan,
        .set = set};
    enum rp_code code = fresh.folder ? RP_OK : no_memory(error);

    if (!code)
        code = make_folder(output, error);
    if (!code)
        code = make_folder(fresh.folder, error);
    if (!code)
        code = begin(&fresh, surroundings, client, error);
    if (code)
        rp_journal_close(&fresh);
    else
        *journal = fresh;
    return code;
}

/* ---- Runs ---- */

const char *rp_journal_file(const struct rp_plan *plan,
                            const struct rp_plan_run *run, unsigned round,
                            char file[RP_JOURNAL_FILE_SIZE])
{
    char name[RP_RUN_NAME_SIZE];

    (void)snprintf(file, RP_JOURNAL_FILE_SIZE, "round-%02u/%s_r%02u.%s", round,
                   rp_plan_run_name(plan, run, name), round,
                   run->open.rate_per_s > 0.0 ? "csv" : "txt");
    return file;
}

bool rp_journal_has(const struct rp_journal *journal, const char *file)
{
    return bsearch(&file, journal->there, journal->there_count,
                   sizeof *journal->there, by_text);
}

char *rp_journal_path(const struct rp_journal *journal, const char *file,
                      const char *suffix)
{
    const size_t kept = strlen(file) - strlen(".txt");
    const size_t size = strlen(journal->folder) + kept + strlen(suffix) + 2;
    char *const path = malloc(size);
    char *slash;

    if (!path)
        return NULL;
    (void)snprintf(path, size, "%s/%.*s%s", journal->folder, (int)kept, file,
                   suffix);
    slash = strrchr(path, '/');
    *slash = '\0';
    (void)mkdir(path, 0755); /* what is wrong shows when the file is written */
    *slash = '/';
    return path;
}

/* One of a run's files gets its name. */
static enum rp_code put_in_place(const struct rp_journal *j, const char *file,
                                 const char *part, const char *suffix,
                                 struct rp_error *error)
{
    char *const from = rp_journal_path(j, file, part);
    char *const to = rp_journal_path(j, file, suffix);
    enum rp_code code = RP_OK;

    if (!from || !to)
        code = no_memory(error);
    else if (!sync_path(from) || rename(from, to) != 0)
        code = fail_write(to, error);
    free(to);
    free(from);
    return code;
}

/* The cell of a column that not every data set has; "" where it says nothing of
 * this run. */
static void put_cell(const struct rp_journal *j, const char *column,
                     const struct rp_plan_run *run, char *text, size_t size)
{
    const struct rp_openload *const open = &run->open;
    const bool is_open = open->rate_per_s > 0.0;
    const enum rp_shape shape = rp_process_shape(open->process);

    text[0] = '\0';
    if (strcmp(column, "tool") == 0)
        (void)snprintf(text, size, "%s",
                       rp_tool_word(rp_plan_run_tool(j->plan, run)));
    else if (strcmp(column, "keepalive") == 0)
        (void)snprintf(text, size, "%s", run->keepalive ? "true" : "false");
    else if (is_open && strcmp(column, "rate_per_s") == 0)
        (void)snprintf(text, size, "%.10g", open->rate_per_s);
    else if (is_open && strcmp(column, "process") == 0)
        (void)snprintf(text, size, "%s", rp_process_word(open->process));
    else if (is_open && strcmp(column, "cv") == 0 &&
             shape != RP_SHAPE_EXPONENTIAL && shape != RP_SHAPE_CONSTANT)
        (void)snprintf(text, size, "%.10g", open->cv);
}

/* What stands behind the columns that every data set has. */
static void put_last(const struct rp_journal *j, const struct rp_plan_run *run,
                     char *text, size_t size)
{
    size_t n = 0;

    text[0] = '\0';
    for (size_t c = 0; c < j->last_count && n + 1 < size; c++) {
        char cell[48];

        put_cell(j, j->last[c], run, cell, sizeof cell);
        (void)snprintf(text + n, size - n, ",%s", cell);
        n += strlen(text + n);
    }
}

enum rp_code rp_journal_keep(struct rp_journal *journal,
                             const struct rp_plan_run *run, unsigned round,
                             const char *file, unsigned requests,
                             struct rp_error *error)
{
    const struct rp_target *const t = &journal->plan->targets[run->target];
    const enum rp_tool tool = rp_plan_run_tool(journal->plan, run);
    char *const runs = joined(journal->folder, "/runs.csv", "");
    char row[RP_JOURNAL_FILE_SIZE + RP_STACK_SIZE + 384];
    char clients[24] = "", last[128] = "";
    enum rp_code code = runs ? RP_OK : no_memory(error);

    if (!code && tool != RP_TOOL_WRK)
        code =
            put_in_place(journal, file, RP_JOURNAL_CURVE_PART, ".csv", error);
    if (!code)
        code =
            put_in_place(journal, file, RP_JOURNAL_REPORT_PART, ".txt", error);
    if (run->concurrency > 0)
        (void)snprintf(clients, sizeof clients, "%u", run->concurrency);
    put_last(journal, run, last, sizeof last);
    (void)snprintf(row, sizeof row,
                   "%s,%u,%s,%u,%s,%s,%s,%.10g,%.10g,%s,%u%s\n", file, round,
                   rp_server_word(t->server), t->threads, rp_path_word(t->path),
                   run->stack, run->view_async ? "async" : "sync", run->io_ms,
                   run->cpu_us, clients, requests, last);
    if (!code && !write_file(runs, O_APPEND, row, strlen(row)))
        code = fail_write(runs, error);
    free(runs);
    journal->row_count += !code;
    return code;
}

void rp_journal_close(struct rp_journal *journal)
{
    for (size_t i = 0; i < journal->there_count; i++)
        free(journal->there[i]);
    for (size_t c = 0; c < journal->last_count; c++)
        free(journal->last[c]);
    free(journal->last);
    free(journal->there);
    free(journal->folder);
    *journal = (struct rp_journal){0};
}
