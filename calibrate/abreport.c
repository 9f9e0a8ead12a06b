/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/abreport.h"

#include "calibrate/ablint.h"
#include "calibrate/abscan.h"
#include "model/excerpt.h"
#include "model/file.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- The tables ---- */

static const unsigned percents[] = {
#define RP_AB_PERCENT_AS_NUMBER(percent) percent,
    RP_AB_PERCENT_LIST(RP_AB_PERCENT_AS_NUMBER)
#undef RP_AB_PERCENT_AS_NUMBER
};

enum value_kind { TEXT, COUNT, BYTES, DECIMAL };

struct key {
    const char *words;
    size_t offset;
    enum value_kind kind;
};

static const struct key keys[] = {
#define RP_AB_KEY_AS_ROW(id, field, kind, words)                               \
    {words, offsetof(struct rp_ab_report, field), kind},
    RP_AB_KEY_LIST(RP_AB_KEY_AS_ROW)
#undef RP_AB_KEY_AS_ROW
};

/* A report without any of these is a page that has "Server Port:" in it. */
static const unsigned figures = 1u << RP_AB_CONCURRENCY | 1u << RP_AB_SECONDS |
                                1u << RP_AB_REQUESTS | 1u << RP_AB_FAILED |
                                1u << RP_AB_RPS | 1u << RP_AB_MEAN;

/* The rows of the table of times, and where their five figures go. */
enum { FIGURES = 5 };

static const struct phase {
    const char *words;
    size_t offsets[FIGURES];
} phases[] = {
#define PHASE(name)                                                            \
    {                                                                          \
        offsetof(struct rp_ab_report, name##_min_ms),                          \
            offsetof(struct rp_ab_report, name##_mean_ms),                     \
            offsetof(struct rp_ab_report, name##_sd_ms),                       \
            offsetof(struct rp_ab_report, name##_median_ms),                   \
            offsetof(struct rp_ab_report, name##_max_ms)                       \
    }
    {"Connect", PHASE(connect)},
    {"Processing", PHASE(processing)},
    {"Waiting", PHASE(waiting)},
    {"Total", PHASE(total)},
#undef PHASE
};

enum { PHASE_COUNT = sizeof phases / sizeof *phases };

const char *rp_ab_status_word(enum rp_ab_status status)
{
    static const char *const words[] = {
#define RP_AB_STATUS_AS_WORD(status, word) word,
        RP_AB_STATUS_LIST(RP_AB_STATUS_AS_WORD)
#undef RP_AB_STATUS_AS_WORD
    };
    assert((size_t)status < sizeof words / sizeof *words);
    return words[status];
}

unsigned rp_ab_percent_of(enum rp_ab_percent percent)
{
    assert(percent < RP_AB_PERCENT_COUNT);
    return percents[percent];
}

bool rp_ab_printed(const struct rp_ab_report *report, enum rp_ab_key key)
{
    return (report->printed & 1u << key) != 0;
}

static double *number_at(struct rp_ab_report *report, size_t offset)
{
    return (double *)(void *)((char *)report + offset);
}

static unsigned long *count_at(struct rp_ab_report *report, size_t offset)
{
    return (unsigned long *)(void *)((char *)report + offset);
}

/* ---- The reader ---- */

/*
 * A report does not need its lines, so the reader does not look at lines. It
 * goes through the text word by word and knows what the words of ab mean,
 * wherever they stand. What belongs together is a section: from a banner, or
 * from a line that the section before has already, to the next.
 */
struct reader {
    const char *text; /* ends with a zero, which no word of ab contains */
    const char *end;
    const char *at;
    size_t line;      /* of `at`, from 1 */
    bool begins[256]; /* whether a word of ab begins so */

    struct rp_ab_report now; /* the section */
    bool open;               /* it holds something */
    bool has_banner, was_started;
    bool dots, done;            /* "(be patient)..." and "..done" */
    bool in_times, in_percents; /* inside of these tables */
    bool stopped;               /* "interrupted" */

    struct rp_ab_file file;
    size_t room;
    bool no_memory, too_many;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool follows(const char **at, const char *word)
{
    size_t n;

    if (**at != *word) /* nearly always, and every word comes here */
        return false;
    n = strlen(word);
    if (strncmp(*at, word, n) != 0)
        return false;
    *at += n;
    return true;
}

/* "Key:", "**Key**:" */
static bool follows_key(const char **at, const char *words)
{
    const char *after = *at;

    if (!follows(&after, words))
        return false;
    after = rp_ab_skip_decoration(after);
    if (*after != ':')
        return false;
    *at = after + 1;
    return true;
}

/* Move on, and keep count of the lines. */
static void advance(struct reader *reader, const char *to)
{
    assert(to <= reader->end);
    while (reader->at < to)
        if (*reader->at++ == '\n')
            reader->line++;
}

/* ---- Sections ---- */

static void clear_report(struct rp_ab_report *report)
{
    *report = (struct rp_ab_report){0};
    for (size_t i = 0; i < RP_AB_KEY_COUNT; i++)
        if (keys[i].kind == DECIMAL || keys[i].kind == BYTES)
            *number_at(report, keys[i].offset) = NAN;
    for (size_t i = 0; i < PHASE_COUNT; i++)
        for (size_t j = 0; j < FIGURES; j++)
            *number_at(report, phases[i].offsets[j]) = NAN;
    for (size_t i = 0; i < RP_AB_PERCENT_COUNT; i++)
        report->percent_ms[i] = NAN;
    report->run_seconds = NAN;
}

static bool has_report(const struct reader *reader)
{
    return (reader->now.printed & figures) != 0;
}

static bool has_failure(const struct rp_ab_report *report)
{
    return report->error[0] || report->aborted || report->send_failures > 0;
}

/* The lines that only a whole report has. ab omits rates where there was
 * nothing to divide, and percentiles of fewer than two requests. */
static bool is_whole(const struct rp_ab_report *report)
{
    static const unsigned always = 1u << RP_AB_CONCURRENCY |
                                   1u << RP_AB_SECONDS | 1u << RP_AB_REQUESTS |
                                   1u << RP_AB_FAILED;
    static const unsigned rates = 1u << RP_AB_RPS | 1u << RP_AB_MEAN;
    const bool divides = report->requests > 0 && report->seconds > 0.0;

    if ((report->printed & always) != always)
        return false;
    if (divides && (report->printed & rates) != rates)
        return false;
    for (size_t i = 0; i < RP_AB_PERCENT_COUNT && report->requests > 1; i++)
        if (isnan(report->percent_ms[i]))
            return false;
    return true;
}

static enum rp_ab_status status_of(const struct rp_ab_report *report)
{
    if (report->flaw[0] || rp_ab_lint(report, NULL, 0) > 0)
        return RP_AB_MALFORMED;
    return is_whole(report) ? RP_AB_OK : RP_AB_PARTIAL;
}

static void keep_report(struct reader *reader)
{
    struct rp_ab_file *const file = &reader->file;

    if (file->report_count == RP_AB_REPORTS_MAX) {
        reader->too_many = true;
        return;
    }
    if (file->report_count == reader->room) {
        const size_t room = reader->room ? 2 * reader->room : 4;
        struct rp_ab_report *const more =
            realloc(file->reports, room * sizeof *more);
        if (!more) {
            reader->no_memory = true;
            return;
        }
        file->reports = more;
        reader->room = room;
    }
    file->reports[file->report_count++] = reader->now;
}

/* End the section; keep it if it says anything about a run. */
static void close_section(struct reader *reader)
{
    struct rp_ab_report *const now = &reader->now;

    if (has_report(reader)) {
        const bool progress = now->progress_requests > 0 && !now->finished;
        now->interrupted =
            reader->stopped || progress || (reader->dots && !reader->done);
        now->run_seconds = rp_ab_mended_seconds(now);
        now->status = status_of(now);
        keep_report(reader);
    } else if (has_failure(now) || reader->was_started) {
        now->status = RP_AB_FAILURE;
        keep_report(reader);
    }
    reader->open = reader->has_banner = reader->was_started = false;
    reader->dots = reader->done = reader->stopped = false;
    reader->in_times = reader->in_percents = false;
    clear_report(now);
}

/* Whatever is found next belongs to the open section, or opens one. */
static struct rp_ab_report *section(struct reader *reader)
{
    if (!reader->open) {
        reader->open = true;
        reader->now.line = reader->line;
    }
    return &reader->now;
}

/* ---- Values ---- */

static void note_flaw(struct reader *reader, const char *words,
                      const char *found)
{
    char line[RP_EXCERPT_SIZE], excerpt[RP_EXCERPT_SIZE];
    size_t n = 0;

    if (reader->now.flaw[0])
        return;
    found = rp_ab_skip_decoration(found);
    while (n < sizeof line - 1 && found[n] && found[n] != '\n') {
        line[n] = found[n];
        n++;
    }
    line[n] = '\0';
    reader->now.flaw_line = reader->line;
    (void)snprintf(reader->now.flaw, sizeof reader->now.flaw,
                   "expected a number after \"%s\", found \"%s\"", words,
                   rp_excerpt(line, excerpt));
}

/* ---- Keys ---- */

/* Which key begins at `at`; RP_AB_KEY_COUNT: none. */
static size_t key_at(const char **at)
{
    static const struct {
        const char *words;
        enum rp_ab_key key;
    } others[] = {
        {"Broken pipe errors", RP_AB_WRITE_ERRORS}, /* 1.3 */
        {"Total POSTed", RP_AB_SENT},               /* before 2.4 */
        {"Total PUT", RP_AB_SENT},
    };

    for (size_t i = 0; i < RP_AB_KEY_COUNT; i++)
        if (follows_key(at, keys[i].words))
            return i;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (follows_key(at, others[i].words))
            return others[i].key;
    return RP_AB_KEY_COUNT;
}

static bool at_word(const struct reader *reader, const char *at)
{
    return reader->begins[(unsigned char)*at] &&
           (at == reader->text || !is_word(at[-1]));
}

/* Where the value at `at` ends: at the end of the line, or at the next key in
 * a report that was flattened. */
static const char *value_end(const struct reader *reader, const char *at)
{
    while (at < reader->end && *at != '\n') {
        const char *after = at;
        if (at_word(reader, at) && key_at(&after) != RP_AB_KEY_COUNT)
            break;
        at++;
    }
    return at;
}

static void copy_text(char text[RP_AB_TEXT_SIZE], const char *from,
                      const char *end)
{
    size_t n;

    from = rp_ab_skip_decoration(from);
    while (end > from && strchr(" \t\r*|`", end[-1]))
        end--;
    n = end > from ? (size_t)(end - from) : 0;
    if (n >= RP_AB_TEXT_SIZE)
        n = RP_AB_TEXT_SIZE - 1;
    memcpy(text, from, n);
    text[n] = '\0';
}

/* A value, before it is known which report it belongs to. */
struct value {
    char text[RP_AB_TEXT_SIZE];
    unsigned long count;
    double number;
    unsigned digits;
    enum rp_ab_scanned scanned;
};

/* Returns where it ends. A number may be followed by anything. */
static const char *scan_value(const struct reader *reader, enum value_kind kind,
                              const char *at, struct value *value)
{
    const char *end;

    value->scanned = RP_AB_SCANNED;
    switch (kind) {
    case TEXT:
        end = value_end(reader, at);
        copy_text(value->text, at, end);
        return end;
    case COUNT:
        value->scanned = rp_ab_scan_whole(&at, &value->count);
        break;
    case BYTES:
        /* "Variable", or a counter that overflowed: no use, and no harm. */
        if (rp_ab_scan_value(&at, &value->number, &value->digits) !=
                RP_AB_SCANNED ||
            value->number < 0.0)
            value->number = NAN;
        break;
    case DECIMAL:
        value->scanned = rp_ab_scan_value(&at, &value->number, &value->digits);
        if (value->scanned == RP_AB_SCANNED && value->number < 0.0)
            value->scanned = RP_AB_NO_NUMBER;
        break;
    }
    return at;
}

static bool holds(const char *at, const char *end, const char *word)
{
    const size_t n = strlen(word);

    for (; (size_t)(end - at) >= n; at++)
        if (memcmp(at, word, n) == 0)
            return true;
    return false;
}

/* "[ms] (mean)" or "[ms] (mean, across all concurrent requests)" */
static size_t which_time(const struct reader *reader, const char *at,
                         struct value *value)
{
    const char *const end = value_end(reader, at);

    if (holds(at, end, "across"))
        return RP_AB_ACROSS;
    if (holds(at, end, "(mean)"))
        return RP_AB_MEAN;
    /* Cut before it could say which. */
    if (end == reader->end && !holds(at, end, ")"))
        value->scanned = RP_AB_CUT;
    /* A mail may have wrapped the line; then the order tells. */
    return rp_ab_printed(&reader->now, RP_AB_MEAN) ? RP_AB_ACROSS : RP_AB_MEAN;
}

static bool is_repetition(struct rp_ab_report *report, size_t key,
                          const struct value *value)
{
    const size_t offset = keys[key].offset;

    switch (keys[key].kind) {
    case TEXT:
        return strcmp((const char *)report + offset, value->text) == 0;
    case COUNT:
        return *count_at(report, offset) == value->count;
    case BYTES:
        return true;
    case DECIMAL:
        return *number_at(report, offset) == value->number;
    }
    return false;
}

static void store_value(struct rp_ab_report *report, size_t key,
                        const struct value *value)
{
    const size_t offset = keys[key].offset;

    switch (keys[key].kind) {
    case TEXT:
        memcpy((char *)report + offset, value->text, RP_AB_TEXT_SIZE);
        break;
    case COUNT:
        *count_at(report, offset) = value->count;
        break;
    case BYTES:
    case DECIMAL:
        *number_at(report, offset) = value->number;
        report->digits[key] = (unsigned char)value->digits;
        break;
    }
    report->printed |= 1u << key;
}

/* Whether a line, though there already, must belong to another report. */
static bool begins_another(struct reader *reader, size_t key,
                           const struct value *value)
{
    if (reader->now.aborted)
        return true;
    if (!rp_ab_printed(&reader->now, (enum rp_ab_key)key))
        return false;
    if (key == RP_AB_SOFTWARE || key == RP_AB_CONCURRENCY)
        return true;
    return value->scanned == RP_AB_SCANNED &&
           !is_repetition(&reader->now, key, value);
}

static const char *read_key(struct reader *reader, size_t key, const char *at)
{
    struct value value = {.number = NAN};
    const char *const end = scan_value(reader, keys[key].kind, at, &value);

    if (key == RP_AB_MEAN)
        key = which_time(reader, end, &value);
    if (begins_another(reader, key, &value))
        close_section(reader);
    (void)section(reader);
    reader->in_times = reader->in_percents = false;
    if (value.scanned == RP_AB_NO_NUMBER)
        note_flaw(reader, keys[key].words, at);
    else if (value.scanned == RP_AB_SCANNED &&
             !rp_ab_printed(&reader->now, (enum rp_ab_key)key))
        store_value(&reader->now, key, &value);
    return end;
}

/* ---- The other lines ---- */

static const char *read_banner(struct reader *reader, const char *at)
{
    struct rp_ab_report *now;
    size_t n = 0;

    close_section(reader);
    now = section(reader);
    reader->has_banner = true;
    while (*at == ' ')
        at++;
    while (at[n] && !strchr(" \t\r\n", at[n]) && n + 1 < sizeof now->version)
        n++;
    /* " <$Revision: 1913912 $>" */
    if (strncmp(at + n, " <$", 3) == 0)
        for (size_t i = n + 3; at[i] && at[i] != '\n'; i++)
            if (at[i] == '>' && i + 1 < sizeof now->version) {
                n = i + 1;
                break;
            }
    memcpy(now->version, at, n);
    now->version[n] = '\0';
    return at + n;
}

/* "Benchmarking HOST [through PROXY] (be patient)..." */
static const char *read_start(struct reader *reader, const char *at)
{
    static const char tail[] = "(be patient)";
    enum { LONGEST = 512 };
    size_t n = 0;

    while (n < LONGEST && at[n] && at[n] != '\n' &&
           (at[n] != '(' || strncmp(at + n, tail, strlen(tail)) != 0))
        n++;
    if (strncmp(at + n, tail, strlen(tail)) != 0)
        return NULL;
    if (reader->was_started || has_report(reader) || has_failure(&reader->now))
        close_section(reader);
    (void)section(reader);
    reader->was_started = true;
    at += n + strlen(tail);
    reader->dots = strncmp(at, "...", 3) == 0;
    reader->now.many_asked = !reader->dots;
    return at;
}

static const char *read_done(struct reader *reader, const char *at)
{
    reader->done = true;
    return at;
}

static const char *read_interrupted(struct reader *reader, const char *at)
{
    if (reader->open)
        reader->stopped = true;
    return at;
}

/* A count and " requests"; NULL where that is not what follows. */
static const char *scan_requests(const char *at, const char *word,
                                 unsigned long *count)
{
    if (!rp_ab_scan_count(at, &at, count) || !follows(&at, word))
        return NULL;
    return at;
}

static const char *read_progress(struct reader *reader, const char *at)
{
    unsigned long count;

    at = scan_requests(at, " requests", &count);
    if (!at)
        return NULL;
    if (has_report(reader))
        close_section(reader);
    section(reader)->progress_requests = count;
    return at;
}

static const char *read_finished(struct reader *reader, const char *at)
{
    unsigned long count;

    at = scan_requests(at, " requests", &count);
    if (!at)
        return NULL;
    if (has_report(reader))
        close_section(reader);
    section(reader)->finished = true;
    reader->now.finished_requests = count;
    if (follows(&at, " (interrupted)"))
        reader->stopped = true;
    return at;
}

/* A line about a failure that comes after a report belongs to another run. */
static void open_failure(struct reader *reader)
{
    const struct rp_ab_report *const now = &reader->now;

    if (has_report(reader) &&
        (!isnan(now->percent_ms[RP_AB_P100]) || !isnan(now->total_max_ms)))
        close_section(reader);
    (void)section(reader);
}

static const char *read_total_of(struct reader *reader, const char *at)
{
    unsigned long count;

    at = scan_requests(at, " requests completed", &count);
    if (!at)
        return NULL;
    open_failure(reader);
    reader->now.aborted = true;
    reader->now.aborted_requests = count;
    return at;
}

/* "socket_recv: Connection refused (111)", behind "apr_" */
static const char *read_apr(struct reader *reader, const char *at)
{
    static const char front[] = "apr_";
    const char *const start = at - strlen(front);
    const char *end = NULL;
    bool colon = false;

    for (size_t n = 0; n < RP_AB_TEXT_SIZE && at[n] && at[n] != '\n'; n++) {
        colon = colon || strncmp(at + n, ": ", 2) == 0;
        if (colon && at[n] == ')' && is_digit(at[n - 1])) {
            end = at + n + 1;
            break;
        }
    }
    if (!end)
        return NULL;
    open_failure(reader);
    if (!reader->now.error[0])
        copy_text(reader->now.error, start, end);
    return end;
}

static const char *read_send_failure(struct reader *reader, const char *at)
{
    open_failure(reader);
    reader->now.send_failures++;
    return at;
}

static const char *read_tls_failure(struct reader *reader, const char *at)
{
    (void)section(reader);
    reader->now.tls_failures++;
    return at;
}

/* "0, Receive: 10, Length: 10, Exceptions: 10)", behind "(Connect:" */
static const char *read_breakdown(struct reader *reader, const char *at)
{
    static const char *const words[] = {"Receive", "Length", "Exceptions"};
    struct rp_ab_report *const now = &reader->now;
    unsigned long *const counts[] = {&now->failed_receive, &now->failed_length,
                                     &now->failed_exceptions};
    unsigned long count;

    if (!rp_ab_printed(now, RP_AB_FAILED) || now->has_breakdown ||
        rp_ab_scan_whole(&at, &count) != RP_AB_SCANNED)
        return NULL;
    now->failed_connect = count;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const char *next = *at == ',' ? rp_ab_skip_decoration(at + 1) : at;
        if (!follows_key(&next, words[i]))
            continue; /* 1.3 to 2.2.8 have no Receive */
        if (rp_ab_scan_whole(&next, &count) != RP_AB_SCANNED)
            return NULL;
        *counts[i] = count;
        at = next;
    }
    now->has_breakdown = *at == ')';
    return at;
}

static const char *read_times_heading(struct reader *reader, const char *at)
{
    reader->in_times = has_report(reader);
    return at;
}

static const char *read_percents_heading(struct reader *reader, const char *at)
{
    reader->in_times = false;
    reader->in_percents = has_report(reader);
    return at;
}

/* min, mean, sd, median, max; with -S min, mean, max. */
static const char *read_phase(struct reader *reader, size_t index,
                              const char *at)
{
    struct rp_ab_report *const now = &reader->now;
    const struct phase *const phase = &phases[index];
    double values[FIGURES];
    enum rp_ab_scanned scanned = RP_AB_SCANNED;
    unsigned digits;
    size_t n = 0;

    while (n < FIGURES && scanned == RP_AB_SCANNED) {
        scanned = rp_ab_scan_value(&at, &values[n], &digits);
        n += scanned == RP_AB_SCANNED;
    }
    if (index == PHASE_COUNT - 1)
        reader->in_times = false;
    if (scanned == RP_AB_CUT || !isnan(*number_at(now, phase->offsets[0])))
        return at;
    if (n == FIGURES)
        for (size_t i = 0; i < FIGURES; i++)
            *number_at(now, phase->offsets[i]) = values[i];
    else if (n == 3) {
        *number_at(now, phase->offsets[0]) = values[0];
        *number_at(now, phase->offsets[1]) = values[1];
        *number_at(now, phase->offsets[FIGURES - 1]) = values[2];
    } else
        note_flaw(reader, phase->words, at);
    return at;
}

/* "95%   1054" */
static const char *read_percent(struct reader *reader, const char *at)
{
    unsigned long percent;
    unsigned digits;
    double ms;

    if (!rp_ab_scan_count(at, &at, &percent) || *at++ != '%')
        return NULL;
    for (size_t i = 0; i < RP_AB_PERCENT_COUNT; i++) {
        double *const to = &reader->now.percent_ms[i];
        if (percents[i] != percent || !isnan(*to))
            continue;
        switch (rp_ab_scan_value(&at, &ms, &digits)) {
        case RP_AB_SCANNED:
            *to = ms;
            break;
        case RP_AB_NO_NUMBER:
            note_flaw(reader, "%", at);
            break;
        case RP_AB_CUT:
            break;
        }
        reader->in_percents = i + 1 < RP_AB_PERCENT_COUNT;
    }
    return at;
}

/* ---- All together ---- */

static const struct event {
    const char *words;
    /* From behind the words; returns where to go on, NULL: not this. */
    const char *(*read)(struct reader *reader, const char *at);
} events[] = {
    {"This is ApacheBench, Version", read_banner},
    {"Benchmarking ", read_start},
    {"..done", read_done},
    {"..interrupted", read_interrupted},
    {"Completed ", read_progress},
    {"Finished ", read_finished},
    {"Total of ", read_total_of},
    {"apr_", read_apr},
    {"Send request failed!", read_send_failure},
    {"Send request timed out!", read_send_failure},
    {"SSL handshake failed", read_tls_failure},
    {"SSL read failed", read_tls_failure},
    {"(Connect:", read_breakdown},
    {"Connection Times (ms)", read_times_heading},
    {"Connnection Times (ms)", read_times_heading}, /* 1.3 */
    {"Percentage of the requests", read_percents_heading},
};

enum { EVENT_COUNT = sizeof events / sizeof *events };

/* Read what begins here; NULL: nothing that ab says. */
static const char *read_word(struct reader *reader)
{
    const char *after = reader->at;
    size_t key;

    if (reader->in_percents && is_digit(*after))
        return read_percent(reader, after);
    for (size_t i = 0; i < EVENT_COUNT; i++) {
        after = reader->at;
        if (follows(&after, events[i].words))
            return events[i].read(reader, after);
    }
    for (size_t i = 0; i < PHASE_COUNT && reader->in_times; i++)
        if (follows_key(&after, phases[i].words))
            return read_phase(reader, i, after);
    after = reader->at;
    key = key_at(&after);
    return key < RP_AB_KEY_COUNT ? read_key(reader, key, after) : NULL;
}

static void set_begins(struct reader *reader)
{
    static const char others[] = "BT0123456789"; /* key_at()'s, percentages */

    for (size_t i = 0; i < RP_AB_KEY_COUNT; i++)
        reader->begins[(unsigned char)keys[i].words[0]] = true;
    for (size_t i = 0; i < PHASE_COUNT; i++)
        reader->begins[(unsigned char)phases[i].words[0]] = true;
    for (size_t i = 0; i < EVENT_COUNT; i++)
        reader->begins[(unsigned char)events[i].words[0]] = true;
    for (const char *c = others; *c; c++)
        reader->begins[(unsigned char)*c] = true;
}

static void read_all(struct reader *reader)
{
    set_begins(reader);
    clear_report(&reader->now);
    while (reader->at < reader->end && !reader->no_memory &&
           !reader->too_many) {
        const char *const next =
            at_word(reader, reader->at) ? read_word(reader) : NULL;
        /* What was read ends behind `at`, but a table's heading may be a
         * word that also ends something else: never go back. */
        advance(reader, next && next > reader->at ? next : reader->at + 1);
    }
    close_section(reader);
}

/* ---- The interface ---- */

enum rp_code rp_ab_read_text(const char *text, size_t length,
                             const char *file_name, struct rp_ab_file *file,
                             struct rp_error *error)
{
    struct reader reader = {.line = 1};
    enum rp_code code = rp_ab_check_kind(text, length, file_name, error);
    char *copy;

    if (code)
        return code;
    copy = malloc(length + 1);
    if (!copy)
        return rp_fail_at(error, RP_ERR_MEMORY, file_name, 0, 0,
                          "out of memory");
    memcpy(copy, text, length);
    copy[length] = '\0';
    rp_ab_undecorate(copy, length);
    reader.text = reader.at = copy;
    reader.end = copy + length;
    read_all(&reader);
    if (reader.no_memory)
        code =
            rp_fail_at(error, RP_ERR_MEMORY, file_name, 0, 0, "out of memory");
    else if (reader.too_many)
        code = rp_fail_at(error, RP_ERR_SYNTAX, file_name, 0, 0,
                          "more than %d reports; split the file",
                          RP_AB_REPORTS_MAX);
    else if (reader.file.report_count == 0)
        code = rp_ab_no_report(copy, file_name, error);
    free(copy);
    if (code)
        rp_ab_free(&reader.file);
    else
        *file = reader.file;
    return code;
}

enum rp_code rp_ab_read(const char *path, struct rp_ab_file *file,
                        struct rp_error *error)
{
    char *bytes = NULL;
    size_t length = 0;
    enum rp_code code = rp_file_read(path, RP_AB_BYTES_MAX, "a report of ab",
                                     &bytes, &length, error);

    if (!code)
        code = rp_ab_read_text(bytes, length, rp_file_name(path), file, error);
    free(bytes);
    return code;
}

void rp_ab_free(struct rp_ab_file *file)
{
    free(file->reports);
    *file = (struct rp_ab_file){0};
}
