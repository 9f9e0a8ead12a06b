/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _DEFAULT_SOURCE /* lockf() */

#include "bench/measuring.h"

#include "bench/agreement.h"
#include "bench/benchload.h"
#include "bench/checkout.h"
#include "bench/commits.h"
#include "bench/journal.h"
#include "bench/schedule.h"
#include "bench/serving.h"
#include "calibrate/ablint.h"
#include "calibrate/dataset.h"
#include "model/file.h"
#include "model/tree.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    SENTENCE_SIZE = RP_ERROR_TEXT_SIZE + 512,
    FAILURES_MAX = 3, /* in a row, and a target is given up */
};

/* The share of its time that a client may compute: above, what is measured is
 * the client. */
static const double client_busy_max = 0.9;

struct measuring {
    const struct rp_plan *plan;
    const struct rp_bench_options *options;
    struct rp_bench_result *result;
    char *logs;                  /* folder */
    struct rp_serving *servings; /* of each target */
    struct rp_journal *journals; /* one for each set */
    size_t *journal_of;          /* each target */
    size_t journal_count;
    unsigned *failures; /* of each target, in a row */
    bool *busy_said;    /* of each run, like the next */
    bool *lacks_said;
    size_t *order;
    struct rp_checkouts checkouts;
    double begun_s;
    int lock; /* file that nobody else may lock; -1: none */
};

static void say(const struct measuring *m, const char *format, ...)
    RP_PRINTF(2, 3);

static void say(const struct measuring *m, const char *format, ...)
{
    char text[SENTENCE_SIZE];
    va_list values;

    va_start(values, format);
    (void)vsnprintf(text, sizeof text, format, values);
    va_end(values);
    m->options->say(m->options->user, text);
}

static bool is_interrupted(const struct measuring *m)
{
    return m->options->interrupted && *m->options->interrupted;
}

static enum rp_code no_memory(struct rp_error *error)
{
    (void)rp_fail(error, RP_ERR_MEMORY, "out of memory for a bench");
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

/* ---- The client ---- */

/* A call of the client: ab and an open load make so many requests, wrk measures
 * so many seconds. */
struct call {
    unsigned amount, concurrency;
    bool keepalive;
    const struct rp_openload *open; /* its rate is 0 where the load is closed */
    uint64_t seed;                  /* of an open load's moments */
    char *curve; /* of ab -e, or the rows of an open load; NULL: not wanted */
    char *url;
    const char *output;
};

static enum rp_code call_program(const struct measuring *m, char **arguments,
                                 const struct call *call,
                                 struct rp_child_end *end,
                                 struct rp_error *error)
{
    const struct rp_child_start start = {.arguments = arguments,
                                         .cpus = m->plan->client_cpus,
                                         .output = call->output};

    return rp_child_run(&start, m->options->interrupted, end, error);
}

static enum rp_code call_ab(const struct measuring *m, const struct call *call,
                            struct rp_child_end *end, struct rp_error *error)
{
    char quiet[] = "-q", n[] = "-n", c[] = "-c", e[] = "-e", k[] = "-k";
    char n_text[16], c_text[16];
    char *arguments[11] = {m->plan->program, quiet, n, n_text, c, c_text};
    size_t count = 6;

    (void)snprintf(n_text, sizeof n_text, "%u", call->amount);
    (void)snprintf(c_text, sizeof c_text, "%u", call->concurrency);
    if (call->keepalive)
        arguments[count++] = k;
    if (call->curve) {
        arguments[count++] = e;
        arguments[count++] = call->curve;
    }
    arguments[count] = call->url;
    return call_program(m, arguments, call, end, error);
}

/* One thread, like ab, so that no connection is left out; and a connection for
 * each request, for that is what costs are of, where keep-alive is not asked
 * for, which is what wrk does by itself. */
static enum rp_code call_wrk(const struct measuring *m, const struct call *call,
                             struct rp_child_end *end, struct rp_error *error)
{
    char t[] = "-t", one[] = "1", c[] = "-c", d[] = "-d", h[] = "-H";
    char latency[] = "--latency", closed[] = "Connection: close";
    char c_text[16], d_text[16];
    char *arguments[12] = {m->plan->program, t, one,    c,
                           c_text,           d, d_text, latency};
    size_t count = 8;

    if (!call->keepalive) {
        arguments[count++] = h;
        arguments[count++] = closed;
    }
    arguments[count] = call->url;
    (void)snprintf(c_text, sizeof c_text, "%u", call->concurrency);
    (void)snprintf(d_text, sizeof d_text, "%us", call->amount);
    return call_program(m, arguments, call, end, error);
}

/* Ourselves, at a rate. */
static enum rp_code call_open(const struct measuring *m,
                              const struct call *call, struct rp_child_end *end,
                              struct rp_error *error)
{
    char self[512], command[] = "load", output[] = "-o";
    char keep[] = "--keep-alive";
    char rate[64], process[64], requests[32], timeout[64], seed[48], cv[64];
    const struct rp_openload *const open = call->open;
    const enum rp_shape shape = rp_process_shape(open->process);
    char *arguments[13] = {self,     command, call->url, rate,
                           requests, timeout, seed,      process};
    size_t count = 8;

    (void)snprintf(self, sizeof self, "%s", m->options->self);
    (void)snprintf(rate, sizeof rate, "--rate=%.9f/s", open->rate_per_s);
    (void)snprintf(requests, sizeof requests, "--requests=%u", call->amount);
    (void)snprintf(timeout, sizeof timeout, "--timeout=%.6fms",
                   m->plan->timeout_ns / 1e6);
    (void)snprintf(seed, sizeof seed, "--seed=%llu",
                   (unsigned long long)call->seed);
    (void)snprintf(process, sizeof process, "--process=%s",
                   rp_process_word(open->process));
    if (shape != RP_SHAPE_EXPONENTIAL && shape != RP_SHAPE_CONSTANT) {
        (void)snprintf(cv, sizeof cv, "--cv=%.9f", open->cv);
        arguments[count++] = cv;
    }
    if (call->keepalive)
        arguments[count++] = keep;
    if (call->curve) {
        arguments[count++] = output;
        arguments[count++] = call->curve;
    }
    return call_program(m, arguments, call, end, error);
}

static enum rp_code call_client(const struct measuring *m,
                                const struct call *call,
                                struct rp_child_end *end,
                                struct rp_error *error)
{
    if (call->open->rate_per_s > 0.0)
        return call_open(m, call, end, error);
    return m->plan->tool == RP_TOOL_WRK ? call_wrk(m, call, end, error)
                                        : call_ab(m, call, end, error);
}

/* What to do where the client is not there; an open load is our own. */
static const char *client_remedy(enum rp_tool tool)
{
    if (tool == RP_TOOL_AB)
        return "ab measures this plan: install Debian's package "
               "apache2-utils, or name the program by client: {program: PATH}";
    if (tool == RP_TOOL_WRK)
        return "wrk measures this plan: install Debian's package wrk, or name "
               "the program by client: {tool: wrk, program: PATH}";
    return NULL;
}

/* "2.3" of "This is ApacheBench, Version 2.3 <$Revision: ...>", "4.1.0" of "wrk
 * 4.1.0 [epoll] Copyright ...", "0.1.0" of "reqpath 0.1.0"; "" none. */
static enum rp_code find_version(const struct measuring *m, char *text,
                                 size_t size, struct rp_error *error)
{
    const bool is_open = m->plan->tool == RP_TOOL_OPEN;
    const char *const word = is_open                        ? "reqpath "
                             : m->plan->tool == RP_TOOL_WRK ? "wrk "
                                                            : "Version ";
    char *const log = path_in(m->logs, "client.log");
    char option[12] = "-V", self[512], line[256] = "";
    char *const arguments[] = {is_open ? self : m->plan->program, option, NULL};
    const struct rp_child_start start = {.arguments = arguments,
                                         .output = log,
                                         .remedy =
                                             client_remedy(m->plan->tool)};
    struct rp_child_end end;
    enum rp_code code = log ? RP_OK : no_memory(error);
    const char *at;
    FILE *file;

    if (m->plan->tool == RP_TOOL_WRK)
        option[1] = 'v';
    (void)snprintf(self, sizeof self, "%s", m->options->self);
    if (is_open)
        (void)snprintf(option, sizeof option, "--version");
    text[0] = '\0';
    if (!code)
        code = rp_child_run(&start, m->options->interrupted, &end, error);
    file = code ? NULL : fopen(log, "r");
    if (file && fgets(line, sizeof line, file)) {
        at = strstr(line, word);
        if (at)
            (void)snprintf(text, size, "%.*s",
                           (int)strcspn(at + strlen(word), " \n"),
                           at + strlen(word));
    }
    if (file)
        (void)fclose(file);
    free(log);
    return code;
}

/* ---- One run ---- */

/* The files of a run while it is measured. */
struct files {
    char name[RP_JOURNAL_FILE_SIZE];
    char *report, *curve, *url, *warm_up;
};

static enum rp_code warm_up(const struct measuring *m,
                            const struct rp_plan_run *run, struct files *f,
                            struct rp_error *error)
{
    const enum rp_tool tool = rp_plan_run_tool(m->plan, run);
    const unsigned least = run->concurrency; /* ab wants one for each */
    const unsigned n = m->plan->warm_up;
    /* in a plan of wrk it is a time */
    const double at_rate =
        ceil(n * (m->plan->tool == RP_TOOL_WRK ? run->open.rate_per_s : 1.0));
    struct rp_child_end end;

    const struct call call = {
        .amount = tool == RP_TOOL_OPEN ? (unsigned)fmin(at_rate, 1e8)
                  : n < least && tool == RP_TOOL_AB ? least
                                                    : n,
        .concurrency = run->concurrency,
        .keepalive = run->keepalive,
        .open = &run->open,
        .seed = m->plan->seed,
        .url = f->url,
        .output = f->warm_up};

    if (n == 0)
        return RP_OK;
    return call_client(m, &call, &end, error);
}

static enum rp_code check_end(const struct measuring *m,
                              const struct rp_plan_run *run,
                              const struct files *f,
                              const struct rp_child_end *end,
                              struct rp_error *error)
{
    const bool is_open = rp_plan_run_tool(m->plan, run) == RP_TOOL_OPEN;
    char line[160];

    /* 1: a request of an open load failed, of which its rows say more */
    if (end->exited && end->status <= is_open)
        return RP_OK;
    (void)rp_serving_last_line(f->report, line, sizeof line);
    return rp_fail(error, RP_ERR_UNUSABLE, "%s ended with %s %d%s%s%s",
                   is_open ? "reqpath load" : m->plan->program,
                   end->exited ? "exit code" : "signal", end->status,
                   line[0] ? ": \"" : "", line, line[0] ? "\"" : "");
}

static enum rp_code check_ab(const struct measuring *m,
                             const struct rp_plan_run *run,
                             const struct files *f, struct rp_error *error)
{
    struct rp_ab_file file = {0};
    char warnings[RP_AB_SENTENCES_SIZE] = "";
    enum rp_code code = rp_ab_read(f->report, &file, error);

    if (!code && file.report_count != 1)
        code = rp_fail(error, RP_ERR_UNUSABLE,
                       "found %zu reports, expected one", file.report_count);
    if (!code)
        code = rp_ab_usable(&file.reports[0], f->name, error);
    if (!code && (file.reports[0].requests != run->requests ||
                  file.reports[0].concurrency != run->concurrency))
        code = rp_fail(error, RP_ERR_UNUSABLE,
                       "asked for %u requests of %u clients, got a report of "
                       "another run",
                       run->requests, run->concurrency);
    if (!code && access(f->curve, R_OK) != 0)
        code = rp_fail(error, RP_ERR_UNUSABLE, "%s wrote no percentiles (-e)",
                       m->plan->program);
    if (!code &&
        rp_ab_warnings(&file.reports[0], warnings, sizeof warnings) > 0)
        say(m, "%s: %s", f->name, warnings);
    rp_ab_free(&file);
    return code;
}

/* What is doubtful about an open run, once for each run of the plan. */
static enum rp_code check_open(const struct measuring *m, size_t index,
                               const struct files *f, struct rp_error *error)
{
    const struct rp_plan_run *const run = &m->plan->runs[index];
    struct rp_peer peer;
    enum rp_code code = rp_tool_read(RP_TOOL_OPEN, f->curve, &peer, error);

    if (!code && peer.useless[0])
        code = rp_fail(error, RP_ERR_UNUSABLE, "%s", peer.useless);
    if (!code && peer.requests != run->requests)
        code = rp_fail(error, RP_ERR_UNUSABLE,
                       "asked for %u requests, got rows of another run",
                       run->requests);
    for (const char *at = peer.lacks; !code && !m->lacks_said[index] && *at;) {
        const size_t n = strcspn(at, "\n");

        say(m, "%s: %.*s", f->name, (int)n, at);
        at += n + (at[n] == '\n');
    }
    m->lacks_said[index] |= !code && peer.lacks[0];
    return code;
}

/* Each sentence of what wrk's report lacks, once for each run of the plan; what
 * all of them lack is said by the reader of the data set. */
static void say_lacks(const struct measuring *m, size_t run,
                      const struct files *f, const struct rp_peer *peer)
{
    if (m->lacks_said[run] || isfinite(peer->percent_ms[RP_METRIC_P50]))
        return;
    m->lacks_said[run] = true;
    say(m, "%s: %.*s", f->name, (int)strcspn(peer->lacks, "\n"), peer->lacks);
}

static enum rp_code check_wrk(const struct measuring *m, size_t index,
                              const struct files *f, unsigned *requests,
                              struct rp_error *error)
{
    const struct rp_plan_run *const run = &m->plan->runs[index];
    struct rp_peer peer;
    enum rp_code code = rp_tool_read(RP_TOOL_WRK, f->report, &peer, error);

    if (!code && peer.useless[0])
        code = rp_fail(error, RP_ERR_UNUSABLE, "%s", peer.useless);
    if (!code && peer.concurrency != run->concurrency)
        code = rp_fail(error, RP_ERR_UNUSABLE,
                       "asked for %u clients, got a report of another run",
                       run->concurrency);
    if (code)
        return code;
    *requests = (unsigned)peer.requests;
    if (peer.requests / RP_PLAN_REQUESTS_A_CLIENT < run->concurrency)
        say(m,
            "%s: %lu requests of %u clients are fewer than %d for each, too "
            "few to see a steady state: measure longer",
            f->name, peer.requests, run->concurrency,
            RP_PLAN_REQUESTS_A_CLIENT);
    say_lacks(m, index, f, &peer);
    return RP_OK;
}

static void check_client(const struct measuring *m, size_t run,
                         const struct files *f, const struct rp_child_end *end)
{
    if (m->busy_said[run] || !(end->seconds > 0.05) ||
        end->cpu_seconds < client_busy_max * end->seconds)
        return;
    m->busy_said[run] = true;
    say(m,
        "%s: the client computed for %.0f %% of the time: this measures the "
        "client; give it a CPU of its own, or take fewer clients",
        f->name, 100.0 * end->cpu_seconds / end->seconds);
}

static void free_files(struct files *f, bool remove_them)
{
    if (remove_them && f->report)
        (void)unlink(f->report);
    if (remove_them && f->curve)
        (void)unlink(f->curve);
    free(f->report);
    free(f->curve);
    free(f->url);
    free(f->warm_up);
}

/* RP_ERR_UNUSABLE: this run is no good; other errors end the bench. */
static enum rp_code measure(struct measuring *m, size_t index, unsigned round,
                            struct rp_error *error)
{
    const struct rp_plan_run *const run = &m->plan->runs[index];
    struct rp_journal *const journal = &m->journals[m->journal_of[run->target]];
    struct rp_child_end end = {0};
    struct files f = {.warm_up = path_in(m->logs, "warm_up.log")};
    const enum rp_tool tool = rp_plan_run_tool(m->plan, run);
    char name[RP_RUN_NAME_SIZE];
    unsigned requests = run->requests;
    enum rp_code code = RP_OK;

    (void)rp_journal_file(m->plan, run, round, f.name);
    f.report = rp_journal_path(journal, f.name, RP_JOURNAL_REPORT_PART);
    f.curve = rp_journal_path(journal, f.name, RP_JOURNAL_CURVE_PART);
    f.url = rp_plan_run_url(m->servings[run->target].url, run);
    if (!f.warm_up || !f.report || !f.curve || !f.url)
        code = no_memory(error);
    if (!code)
        code = warm_up(m, run, &f, error);
    if (!code)
        code = call_client(
            m,
            &(struct call){
                .amount = tool == RP_TOOL_WRK ? run->seconds : run->requests,
                .concurrency = run->concurrency,
                .keepalive = run->keepalive,
                .open = &run->open,
                .seed = rp_schedule_run_seed(
                    m->plan->seed, round, rp_plan_run_name(m->plan, run, name)),
                .curve = f.curve,
                .url = f.url,
                .output = f.report},
            &end, error);
    if (!code)
        code = check_end(m, run, &f, &end, error);
    if (!code) {
        code = tool == RP_TOOL_OPEN  ? check_open(m, index, &f, error)
               : tool == RP_TOOL_WRK ? check_wrk(m, index, &f, &requests, error)
                                     : check_ab(m, run, &f, error);
        if (code && code != RP_ERR_MEMORY)
            code = RP_ERR_UNUSABLE;
    }
    if (!code) {
        check_client(m, index, &f, &end);
        code = rp_journal_keep(journal, run, round, f.name, requests, error);
    }
    free_files(&f, code != RP_OK);
    return code;
}

/* ---- All runs ---- */

static void give_up(struct measuring *m, size_t target, const char *why)
{
    const char *const name = m->plan->targets[target].name;

    say(m, "target %s: %s; its runs are left out", name, why);
    rp_serving_stop(&m->servings[target]);
}

static enum rp_code visit(struct measuring *m, size_t index, unsigned round,
                          struct rp_error *error)
{
    const size_t target = m->plan->runs[index].target;
    char file[RP_JOURNAL_FILE_SIZE];
    struct rp_error why = {0};
    enum rp_code code;

    if (!m->servings[target].is_up) {
        m->result->missing++;
        return RP_OK;
    }
    if (!rp_serving_lives(&m->servings[target], &why)) {
        m->result->missing++;
        give_up(m, target, why.text);
        return RP_OK;
    }
    code = measure(m, index, round, &why);
    if (is_interrupted(m))
        return RP_OK;
    if (!code) {
        m->result->measured++;
        m->failures[target] = 0;
        return RP_OK;
    }
    if (code != RP_ERR_UNUSABLE)
        return rp_fail(error, code, "%s", why.text);
    m->result->missing++;
    say(m, "%s: not kept: %s",
        rp_journal_file(m->plan, &m->plan->runs[index], round, file), why.text);
    if (++m->failures[target] == FAILURES_MAX)
        give_up(m, target, "several runs in a row failed");
    return RP_OK;
}

/* Before this bench, that is: within it every run has one turn. */
static bool is_there(const struct measuring *m, size_t index, unsigned round)
{
    const struct rp_plan_run *const run = &m->plan->runs[index];
    char file[RP_JOURNAL_FILE_SIZE];

    return rp_journal_has(&m->journals[m->journal_of[run->target]],
                          rp_journal_file(m->plan, run, round, file));
}

static void tell_progress(const struct measuring *m, size_t index,
                          unsigned round)
{
    const struct rp_bench_result *const r = m->result;
    const size_t total = m->plan->run_count * m->plan->rounds;
    const size_t done = r->measured + r->there + r->missing;
    char name[RP_RUN_NAME_SIZE];
    struct rp_bench_progress p = {
        .round = round,
        .rounds = m->plan->rounds,
        .done = done,
        .total = total,
        .seconds_left = NAN,
        .run = rp_plan_run_name(m->plan, &m->plan->runs[index], name)};

    if (r->measured > 0)
        p.seconds_left = (rp_clock_s() - m->begun_s) / (double)r->measured *
                         (double)(total - done);
    m->options->progress(m->options->user, &p);
}

static enum rp_code do_round(struct measuring *m, unsigned round,
                             struct rp_error *error)
{
    enum rp_code code = RP_OK;

    rp_schedule_round(m->plan->seed, round, m->plan->run_count, m->order);
    for (size_t i = 0; i < m->plan->run_count && !code; i++) {
        if (is_interrupted(m)) {
            m->result->interrupted = true;
            return RP_OK;
        }
        if (is_there(m, m->order[i], round))
            continue;
        tell_progress(m, m->order[i], round);
        code = visit(m, m->order[i], round, error);
    }
    return code;
}

/* ---- Targets ---- */

/* The first run of a target that is not there yet. */
static const struct rp_plan_run *first_missing(const struct measuring *m,
                                               size_t target)
{
    for (size_t i = 0; i < m->plan->run_count; i++) {
        if (m->plan->runs[i].target != target)
            continue;
        for (unsigned round = 1; round <= m->plan->rounds; round++)
            if (!is_there(m, i, round))
                return &m->plan->runs[i];
    }
    return NULL;
}

static enum rp_code start_targets(struct measuring *m, struct rp_error *error)
{
    size_t wanted = 0, up = 0;
    struct rp_error why = {0};

    for (size_t t = 0; t < m->plan->target_count && !is_interrupted(m); t++) {
        const struct rp_serving_start start = {
            .folder = m->logs,
            .self = m->options->self,
            .checkout = rp_checkouts_path(&m->checkouts, t),
            .first = first_missing(m, t),
            .interrupted = m->options->interrupted};
        enum rp_code code;

        if (!start.first)
            continue;
        wanted++;
        code = rp_agreement_check(m->plan, t, &why);
        if (!code)
            code = rp_serving_start(&m->plan->targets[t], &start,
                                    &m->servings[t], &why);
        if (code == RP_ERR_MEMORY)
            return no_memory(error);
        up += !code;
        if (code && !is_interrupted(m))
            say(m, "target %s: %s; its runs are left out",
                m->plan->targets[t].name, why.text);
    }
    if (wanted > 0 && up == 0 && !is_interrupted(m))
        return rp_fail(error, RP_ERR_UNUSABLE,
                       "no target could be started; the last: %s", why.text);
    return RP_OK;
}

/* ---- What the machine did meanwhile ---- */

/* Speeds of rounds are found from all data sets of the campaign. */
static void check_drift(const struct measuring *m)
{
    struct rp_measured measured = {0};
    struct rp_error why = {0};
    double fastest = INFINITY, slowest = 0.0;
    enum rp_code code = RP_OK;

    for (size_t j = 0; j < m->journal_count && !code; j++)
        if (m->journals[j].row_count > 0)
            code = rp_dataset_read(m->journals[j].folder, &measured, &why);
    if (code)
        say(m, "the data set cannot be read: %s", why.text);
    for (size_t b = 0; b < measured.block_count && !code; b++) {
        fastest = fmin(fastest, measured.blocks[b].speed);
        slowest = fmax(slowest, measured.blocks[b].speed);
    }
    if (!code && slowest > fastest * (1.0 + m->plan->effect))
        say(m,
            "the slowest round took %.0f %% longer than the fastest, and %.0f "
            "%% are looked for (effect): compare only what was measured in the "
            "same rounds",
            100.0 * (slowest / fastest - 1.0), 100.0 * m->plan->effect);
    rp_measured_free(&measured);
}

/* ---- The output ---- */

/* Two that write into one folder would spoil it; a lock ends with its process,
 * however that ends. */
static enum rp_code lock_folder(struct measuring *m, struct rp_error *error)
{
    char *const path = path_in(m->logs, "lock");
    enum rp_code code = path ? RP_OK : no_memory(error);

    if (!code)
        m->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (!code && (m->lock < 0 || lockf(m->lock, F_TLOCK, 0) != 0))
        code = rp_fail_at(error, RP_ERR_IO, m->options->output, 0, 0,
                          "another bench is writing into this folder: %s",
                          strerror(errno));
    free(path);
    return code;
}

/* The plan is kept beside what it made: who goes on has the same. */
static enum rp_code keep_plan(const struct measuring *m, struct rp_error *error)
{
    char *const kept = path_in(m->options->output, "plan.yaml");
    char *bytes = NULL, *before = NULL;
    size_t length = 0, length_before = 0;
    enum rp_code code = kept ? RP_OK : no_memory(error);

    if (!code && m->options->plan_text) {
        bytes = strdup(m->options->plan_text);
        length = bytes ? strlen(bytes) : 0;
        code = bytes ? RP_OK : no_memory(error);
    } else if (!code) {
        code = rp_file_read(m->options->plan_path, RP_TREE_BYTES_MAX, "a plan",
                            &bytes, &length, error);
    }
    if (!code && access(kept, F_OK) != 0)
        code = rp_journal_write(kept, bytes, error);
    else if (!code) {
        code = rp_file_read(kept, RP_TREE_BYTES_MAX, "a plan", &before,
                            &length_before, error);
        if (!code &&
            (length != length_before || memcmp(bytes, before, length) != 0))
            code =
                rp_fail_at(error, RP_ERR_VALUE, m->options->output, 0, 0,
                           "the folder was begun with another plan, which is "
                           "%s; go on with that, or name another folder",
                           kept);
    }
    free(before);
    free(bytes);
    free(kept);
    return code;
}

static enum rp_code prepare_folder(struct measuring *m, struct rp_error *error)
{
    const char *const output = m->options->output;
    char *const runs = path_in(output, "runs.csv");
    char *const plan = path_in(output, "plan.yaml");
    enum rp_code code = RP_OK;

    if (!runs || !plan)
        code = no_memory(error);
    else if (mkdir(output, 0755) != 0 && errno != EEXIST)
        code = rp_fail_at(error, RP_ERR_IO, output, 0, 0,
                          "the folder cannot be made: %s", strerror(errno));
    else if (access(runs, F_OK) == 0 && access(plan, F_OK) != 0)
        code = rp_fail_at(error, RP_ERR_VALUE, output, 0, 0,
                          "the folder is a data set that no bench made; name "
                          "another");
    free(plan);
    free(runs);
    if (!code)
        code = keep_plan(m, error);
    if (code)
        return code;
    m->logs = path_in(output, "logs");
    if (!m->logs)
        return no_memory(error);
    if (mkdir(m->logs, 0755) != 0 && errno != EEXIST)
        return rp_fail_at(error, RP_ERR_IO, m->logs, 0, 0,
                          "the folder cannot be made: %s", strerror(errno));
    return lock_folder(m, error);
}

static size_t find_journal(const struct measuring *m, const char *set)
{
    size_t j = 0;

    while (j < m->journal_count && !(m->journals[j].set == set ||
                                     (m->journals[j].set && set &&
                                      strcmp(m->journals[j].set, set) == 0)))
        j++;
    return j;
}

static enum rp_code open_journals(struct measuring *m, struct rp_error *error)
{
    const struct rp_surroundings surroundings = rp_surroundings_find();
    char version[64];
    enum rp_code code = find_version(m, version, sizeof version, error);

    for (size_t t = 0; t < m->plan->target_count && !code; t++) {
        const char *const set = m->plan->targets[t].set;

        m->journal_of[t] = find_journal(m, set);
        if (m->journal_of[t] < m->journal_count)
            continue;
        code = rp_journal_open(m->options->output, set, m->plan, &surroundings,
                               version, &m->journals[m->journal_count], error);
        m->journal_count += !code;
    }
    return code;
}

/* ---- Revisions ---- */

static enum rp_code check_out(struct measuring *m, struct rp_error *error)
{
    bool *const wanted = calloc(m->plan->target_count, sizeof *wanted);
    const struct rp_checkouts_start start = {.output = m->options->output,
                                             .logs = m->logs,
                                             .wanted = wanted,
                                             .interrupted =
                                                 m->options->interrupted};
    enum rp_code code;

    if (!wanted)
        return no_memory(error);
    for (size_t t = 0; t < m->plan->target_count; t++)
        wanted[t] = first_missing(m, t) != NULL;
    code = rp_checkouts_make(m->plan, &start, &m->checkouts, error);
    free(wanted);
    return code;
}

/* ---- The whole ---- */

static enum rp_code run_all(struct measuring *m, struct rp_error *error)
{
    enum rp_code code = prepare_folder(m, error);

    if (!code)
        code = open_journals(m, error);
    if (code)
        return code;
    for (size_t j = 0; j < m->journal_count; j++)
        m->result->there += m->journals[j].there_count;
    code = check_out(m, error);
    if (!code)
        code = start_targets(m, error);
    m->begun_s = rp_clock_s();
    for (unsigned r = 1;
         r <= m->plan->rounds && !code && !m->result->interrupted; r++)
        code = do_round(m, r, error);
    rp_serving_stop_all(m->servings, m->plan->target_count);
    rp_checkouts_remove(&m->checkouts);
    m->result->interrupted |= is_interrupted(m);
    if (m->result->interrupted)
        code = RP_OK;
    if (!code && !m->result->interrupted)
        check_drift(m);
    return code;
}

enum rp_code rp_bench_measure(struct rp_plan *plan,
                              const struct rp_bench_options *options,
                              struct rp_bench_result *result,
                              struct rp_error *error)
{
    const size_t targets = plan->target_count;
    struct rp_bench_result fresh = {0};
    struct measuring m = {
        .plan = plan,
        .options = options,
        .result = &fresh,
        .servings = calloc(targets, sizeof *m.servings),
        .journals = calloc(targets, sizeof *m.journals),
        .journal_of = calloc(targets, sizeof *m.journal_of),
        .failures = calloc(targets, sizeof *m.failures),
        .busy_said = calloc(plan->run_count, sizeof *m.busy_said),
        .lacks_said = calloc(plan->run_count, sizeof *m.lacks_said),
        .order = calloc(plan->run_count, sizeof *m.order),
        .lock = -1};
    const struct rp_commits_search search = {.plan_path = options->plan_path,
                                             .output = options->output,
                                             .interrupted =
                                                 options->interrupted,
                                             .say = options->say,
                                             .user = options->user};
    enum rp_code code;

    if (!m.servings || !m.journals || !m.journal_of || !m.failures ||
        !m.busy_said || !m.lacks_said || !m.order)
        code = no_memory(error);
    else
        code = rp_commits_find(plan, &search, error);
    if (is_interrupted(&m)) {
        fresh.interrupted = true;
        code = RP_OK;
    } else if (!code) {
        code = run_all(&m, error);
    }
    for (size_t j = 0; m.journals && j < m.journal_count; j++)
        rp_journal_close(&m.journals[j]);
    free(m.order);
    free(m.lacks_said);
    free(m.busy_said);
    free(m.failures);
    free(m.journal_of);
    free(m.journals);
    free(m.servings);
    free(m.logs);
    if (m.lock >= 0)
        (void)close(m.lock);
    if (!code)
        *result = fresh;
    return code;
}
