/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _DEFAULT_SOURCE /* RLIMIT_NOFILE's rlim_t */

#include "cli/command.h"

#if RP_MICROHANDLER

#include "cli/interruption.h"
#include "client/openclient.h"
#include "model/excerpt.h"
#include "model/openload.h"
#include "model/units.h"
#include "sim/moments.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

/* ---- Options ---- */

struct options {
    const char *url;
    double rate_per_s, cv; /* 0, NAN: not said */
    const char *process;
    struct rp_openload load;
    size_t requests;
    double timeout_ns;
    bool keepalive;
};

enum {
    KEY_RATE = 'r',
    KEY_REQUESTS = 'n',
    KEY_PROCESS = 0x2000,
    KEY_CV,
    KEY_TIMEOUT,
    KEY_KEEP_ALIVE,
    REQUESTS_MAX = 100000000,
};

static const struct argp_option option_list[] = {
    {.name = "rate",
     .key = KEY_RATE,
     .arg = "RATE",
     .doc = "Requests a second in the mean, as 200/s; needed"},
    {.name = "requests",
     .key = KEY_REQUESTS,
     .arg = "N",
     .doc = "How many are sent (1000)"},
    {.name = "process",
     .key = KEY_PROCESS,
     .arg = "WORD",
     .doc = "How they are spaced: poisson (default), deterministic, gamma, "
            "hyperexponential"},
    {.name = "cv",
     .key = KEY_CV,
     .arg = "NUMBER",
     .doc = "Of gamma and hyperexponential: the standard deviation of what is "
            "between two, by its mean"},
    {.name = "timeout",
     .key = KEY_TIMEOUT,
     .arg = "TIME",
     .doc = "How long a request is waited for (30s)"},
    {.name = "keep-alive",
     .key = KEY_KEEP_ALIVE,
     .doc = "Use connections again; without it each request has one of its "
            "own, as those of ab"},
    {0}};

static void parse_rate(const struct argp_state *state, const char *value,
                       struct options *options)
{
    char found[RP_EXCERPT_SIZE];

    if (rp_rate_parse(value, &options->rate_per_s, NULL) ||
        !(options->rate_per_s > 0.0))
        rp_command_usage(state,
                         "--rate: found \"%s\", expected a rate above 0, as "
                         "200/s",
                         rp_excerpt(value, found));
}

static void parse_cv(const struct argp_state *state, const char *value,
                     struct options *options)
{
    const char *end = value;
    char found[RP_EXCERPT_SIZE];

    if (!rp_number_scan(value, &end, &options->cv) || *end ||
        !(options->cv >= 0.0))
        rp_command_usage(state, "--cv: found \"%s\", expected a number, as 2",
                         rp_excerpt(value, found));
}

static void parse_timeout(const struct argp_state *state, const char *value,
                          struct options *options)
{
    const double least_ns = 1e6, most_ns = 3600e9;
    char found[RP_EXCERPT_SIZE];

    if (rp_duration_parse(value, &options->timeout_ns, NULL) ||
        options->timeout_ns < least_ns || options->timeout_ns > most_ns)
        rp_command_usage(state,
                         "--timeout: found \"%s\", expected a time in 1ms .. "
                         "1h, as 5s",
                         rp_excerpt(value, found));
}

static void check(const struct argp_state *state, struct options *options)
{
    char sentence[RP_ERROR_TEXT_SIZE];

    if (!options->url)
        rp_command_usage(state, "the URL is missing; name one like "
                                "http://127.0.0.1:8000/");
    if (!(options->rate_per_s > 0.0))
        rp_command_usage(state, "the rate is missing: say --rate, as 200/s");
    if (!rp_openload_make(options->rate_per_s, options->process, options->cv,
                          &options->load, sentence))
        rp_command_usage(state, "--%s", sentence);
}

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct options *const options = state->input;

    switch (key) {
    case KEY_RATE:
        parse_rate(state, value, options);
        return 0;
    case KEY_REQUESTS:
        options->requests = (size_t)rp_command_whole_number(
            state, "--requests", value, 1, REQUESTS_MAX);
        return 0;
    case KEY_PROCESS:
        options->process = value;
        return 0;
    case KEY_CV:
        parse_cv(state, value, options);
        return 0;
    case KEY_TIMEOUT:
        parse_timeout(state, value, options);
        return 0;
    case KEY_KEEP_ALIVE:
        options->keepalive = true;
        return 0;
    case ARGP_KEY_ARG:
        if (options->url)
            return ARGP_ERR_UNKNOWN;
        options->url = value;
        return 0;
    case ARGP_KEY_END:
        check(state, options);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* ---- What it says ---- */

static void print_times(const char *what, double mean, double p50, double p99,
                        double longest)
{
    char texts[4][24];
    const double values[4] = {mean, p50, p99, longest};

    for (size_t i = 0; i < 4; i++)
        (void)snprintf(texts[i], sizeof texts[i],
                       isnan(values[i]) ? "-" : "%.3f", values[i]);
    (void)printf("%-24s %10s %10s %10s %10s\n", what, texts[0], texts[1],
                 texts[2], texts[3]);
}

static void print_summary(const struct options *options,
                          const struct rp_open_summary *s)
{
    char load[80];

    (void)printf(
        "%s: %zu requests at %s, %zu answered (%.2f/s), at most %zu in "
        "flight\n",
        options->url, s->requests,
        rp_openload_describe(&options->load, load, sizeof load),
        s->ends[RP_OPEN_ANSWERED], isnan(s->rps) ? 0.0 : s->rps,
        s->most_in_flight);
    (void)printf("failed: %zu without a connection, %zu broken, %zu timed out; "
                 "answered otherwise than 2xx: %zu\n\n",
                 s->ends[RP_OPEN_CONNECT], s->ends[RP_OPEN_BROKEN],
                 s->ends[RP_OPEN_TIMEOUT], s->not_2xx);
    (void)printf("%-24s %10s %10s %10s %10s\n", "ms", "mean", "p50", "p99",
                 "longest");
    print_times("from the planned moment", s->latency_ms,
                s->percent_ms[RP_METRIC_P50], s->percent_ms[RP_METRIC_P99],
                s->longest_ms);
    print_times("from the sending", s->service_ms, s->service_p50_ms,
                s->service_p99_ms, NAN);
    print_times("client late by", s->late_ms, NAN, s->late_p99_ms,
                s->latest_ms);
    (void)fflush(stdout);
}

static enum rp_code warn(const struct rp_open_row *rows, size_t count,
                         struct rp_error *error)
{
    struct rp_peer peer;
    const enum rp_code code = rp_open_rows_judge(rows, count, &peer, error);

    if (!code && peer.lacks[0])
        rp_command_warn("load", peer.lacks);
    return code;
}

/* ---- The command ---- */

/* Above its capacity a server has thousands of requests to do. */
static void allow_descriptors(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
    }
}

static enum rp_code write_rows(const struct rp_open_row *rows, size_t count,
                               const char *path, struct rp_error *error)
{
    struct rp_output output = {0};
    enum rp_code code;

    if (!path)
        return RP_OK;
    code = rp_output_open(&output, path, error);
    if (code)
        return code;
    rp_open_rows_write(rows, count, output.stream);
    return rp_output_close(&output, true, error);
}

static enum rp_code load(const struct options *options,
                         const struct rp_common *common, bool *all_good,
                         struct rp_error *error)
{
    const size_t n = options->requests;
    const struct rp_duration gap = rp_openload_gap(&options->load);
    uint64_t *const at_ns = calloc(n, sizeof *at_ns);
    struct rp_open_row *const rows = calloc(n, sizeof *rows);
    const struct rp_openclient_options how = {
        .url = options->url,
        .at_ns = at_ns,
        .count = n,
        .timeout_ns = (uint64_t)options->timeout_ns,
        .keepalive = options->keepalive,
        .interrupted = rp_interruption_catch()};
    struct rp_open_summary summary;
    enum rp_code code = RP_OK;

    if (!at_ns || !rows)
        code =
            rp_fail(error, RP_ERR_MEMORY, "out of memory for %zu requests", n);
    if (!code) {
        rp_moments_make(&gap, common->seed_set ? common->seed : 1, 0, n, at_ns);
        code = rp_openclient_run(&how, rows, error);
    }
    if (!code)
        code = rp_open_rows_sum_up(rows, n, &summary, error);
    if (!code)
        code = write_rows(rows, n, common->output_path, error);
    if (!code) {
        print_summary(options, &summary);
        code = warn(rows, n, error);
        *all_good = summary.ends[RP_OPEN_ANSWERED] == n && summary.not_2xx == 0;
    }
    free(rows);
    free(at_ns);
    return code;
}

int rp_cmd_load(int argc, char **argv)
{
    static const struct argp argp = {
        .options = option_list,
        .parser = parse,
        .args_doc = "URL",
        .doc =
            "Sends requests at a rate, whatever becomes of them: an open "
            "load.\v"
            "The moments are planned before the first request is sent, by the "
            "words of a scenario's open load: rate, process, cv. Each request "
            "is sent at its moment however many are under way, and its latency "
            "counts from the moment that was planned, so that nothing is left "
            "out when client or server are held up. How late the client was is "
            "said; where that is much it is the bottleneck.\n\n"
            "-o writes a row for each request: planned_us, late_us, elapsed_us "
            "(from the planned moment), status, bytes, end (answered, connect, "
            "broken, timeout). reqpath bench calls it where a run of a plan "
            "has "
            "a rate.\n\n"
            "Exit code 1: a request was not answered with 2xx."};
    struct options options = {.cv = NAN, .requests = 1000, .timeout_ns = 30e9};
    struct rp_common common = {0};
    struct rp_error error = {0};
    bool all_good = false;

    rp_command_parse(&argp, RP_TAKES_OUTPUT | RP_TAKES_SEED, argc, argv,
                     &options, &common);
    allow_descriptors();
    if (load(&options, &common, &all_good, &error))
        return rp_command_fail("load", &error);
    return all_good ? RP_EXIT_OK : RP_EXIT_FINDING;
}

#else

int rp_cmd_load(int argc, char **argv)
{
    struct rp_error error = {0};

    (void)argc;
    (void)argv;
    (void)rp_fail(&error, RP_ERR_VALUE,
                  "this reqpath was built without libuv and http-parser, which "
                  "its client needs: install them (Debian: libuv1-dev "
                  "libhttp-parser-dev) and build it again");
    return rp_command_fail("load", &error);
}

#endif
