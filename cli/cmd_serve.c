/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/command.h"

#include <stdlib.h>
#include <string.h>

#if RP_MICROHANDLER

#include "microhandler/serve.h"
#include "model/excerpt.h"
#include "model/route.h"
#include "model/units.h"

enum { WARNINGS_SIZE = 8192 };

/* ---- Options ---- */

struct options {
    const char *scenario_path, *profile_path;
    struct rp_serve_options serve;
};

enum {
    KEY_PROFILE = 'p',
    KEY_PORT = 0x2000,
    KEY_BIND,
    KEY_TIME_SCALE,
    KEY_MAX_CONNECTIONS,
    KEY_MAX_HEADER,
    KEY_MAX_HEADERS,
    KEY_MAX_BODY,
    KEY_HEADER_TIMEOUT,
    KEY_IDLE_TIMEOUT,
    KEY_SEND_TIMEOUT,
    KEY_DRAIN_TIMEOUT,
};

/* What is allowed as a whole number, and as a time. */
static const struct {
    int key;
    const char *option;
    uint64_t least, most;
} counts[] = {
    {KEY_MAX_CONNECTIONS, "--max-connections", 1, 100000},
    {KEY_MAX_HEADER, "--max-header", 64, 65536},
    {KEY_MAX_HEADERS, "--max-headers", 1, 10000},
    {KEY_MAX_BODY, "--max-body", 0, UINT64_C(1) << 40},
};

static const struct {
    int key;
    const char *option;
} times[] = {
    {KEY_HEADER_TIMEOUT, "--header-timeout"},
    {KEY_IDLE_TIMEOUT, "--idle-timeout"},
    {KEY_SEND_TIMEOUT, "--send-timeout"},
    {KEY_DRAIN_TIMEOUT, "--drain-timeout"},
};

static bool set_count(int key, const char *value,
                      const struct argp_state *state,
                      struct rp_allowance *allowance)
{
    uint64_t number = 0;
    bool known = false;

    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        if (counts[i].key == key) {
            number = rp_command_whole_number(state, counts[i].option, value,
                                             counts[i].least, counts[i].most);
            known = true;
        }
    if (key == KEY_MAX_CONNECTIONS)
        allowance->connections = (unsigned)number;
    if (key == KEY_MAX_HEADER)
        allowance->http.header_bytes = (size_t)number;
    if (key == KEY_MAX_HEADERS)
        allowance->http.header_count = (size_t)number;
    if (key == KEY_MAX_BODY)
        allowance->http.body_bytes = (size_t)number;
    return known;
}

static uint64_t parse_time(const struct argp_state *state, const char *option,
                           const char *value)
{
    const double least_ns = 1e6, most_ns = 3600e9;
    char found[RP_EXCERPT_SIZE];
    double time_ns = 0.0;

    if (rp_duration_parse(value, &time_ns, NULL) || time_ns < least_ns ||
        time_ns > most_ns)
        rp_command_usage(state,
                         "%s: found \"%s\", expected a time in 1ms .. 1h, as "
                         "5s",
                         option, rp_excerpt(value, found));
    return (uint64_t)time_ns;
}

static bool set_time(int key, const char *value, const struct argp_state *state,
                     struct rp_allowance *allowance)
{
    uint64_t time_ns = 0;
    bool known = false;

    for (size_t i = 0; i < sizeof times / sizeof *times; i++)
        if (times[i].key == key) {
            time_ns = parse_time(state, times[i].option, value);
            known = true;
        }
    if (key == KEY_HEADER_TIMEOUT)
        allowance->header_ns = time_ns;
    if (key == KEY_IDLE_TIMEOUT)
        allowance->idle_ns = time_ns;
    if (key == KEY_SEND_TIMEOUT)
        allowance->send_ns = time_ns;
    if (key == KEY_DRAIN_TIMEOUT)
        allowance->drain_ns = time_ns;
    return known;
}

static double parse_scale(const struct argp_state *state, const char *value)
{
    char found[RP_EXCERPT_SIZE];
    char *end;
    const double scale = strtod(value, &end);

    if (end == value || *end || !(scale >= 0.0) || scale > 1000.0)
        rp_command_usage(state,
                         "--time-scale: found \"%s\", expected a number in 0 "
                         ".. 1000, as 0.5",
                         rp_excerpt(value, found));
    return scale;
}

static void check_all_there(const struct argp_state *state,
                            const struct options *options)
{
    if (!options->scenario_path)
        rp_command_usage(state, "a scenario is missing: name its file");
    if (!options->profile_path)
        rp_command_usage(state,
                         "the costs are missing: name a profile with "
                         "--profile FILE, one that reqpath calibrate made");
}

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct options *const options = state->input;

    if (set_count(key, value, state, &options->serve.allowance) ||
        set_time(key, value, state, &options->serve.allowance))
        return 0;
    switch (key) {
    case KEY_PROFILE:
        options->profile_path = value;
        return 0;
    case KEY_PORT:
        options->serve.port = (uint16_t)rp_command_whole_number(
            state, "--port", value, 0, UINT16_MAX);
        return 0;
    case KEY_BIND:
        options->serve.bind = value;
        return 0;
    case KEY_TIME_SCALE:
        options->serve.time_scale = parse_scale(state, value);
        return 0;
    case ARGP_KEY_ARG:
        if (state->arg_num > 0)
            return ARGP_ERR_UNKNOWN;
        options->scenario_path = value;
        return 0;
    case ARGP_KEY_END:
        check_all_there(state, options);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option option_list[] = {
    {.name = "profile",
     .key = KEY_PROFILE,
     .arg = "FILE",
     .doc = "unit costs, as reqpath calibrate makes them"},
    {.name = "port",
     .key = KEY_PORT,
     .arg = "N",
     .doc = "where to listen, default 8000; 0: any free port, which is said"},
    {.name = "bind",
     .key = KEY_BIND,
     .arg = "ADDRESS",
     .doc = "of this machine, default 127.0.0.1"},
    {.name = "time-scale",
     .key = KEY_TIME_SCALE,
     .arg = "X",
     .doc = "multiplies all that is burned and waited, default 1"},
    {.doc = "What clients may do:", .group = 1},
    {.name = "max-connections",
     .key = KEY_MAX_CONNECTIONS,
     .arg = "N",
     .doc = "in each process, default 4096; one more gets 503",
     .group = 1},
    {.name = "max-header",
     .key = KEY_MAX_HEADER,
     .arg = "BYTES",
     .doc = "of request line and fields, default 8192; more gets 431",
     .group = 1},
    {.name = "max-headers",
     .key = KEY_MAX_HEADERS,
     .arg = "N",
     .doc = "fields, default 100; more gets 431",
     .group = 1},
    {.name = "max-body",
     .key = KEY_MAX_BODY,
     .arg = "BYTES",
     .doc = "default 1048576; more gets 413",
     .group = 1},
    {.name = "header-timeout",
     .key = KEY_HEADER_TIMEOUT,
     .arg = "TIME",
     .doc = "from a request's first byte to its last, default 10s; then 408",
     .group = 1},
    {.name = "idle-timeout",
     .key = KEY_IDLE_TIMEOUT,
     .arg = "TIME",
     .doc = "between two requests of a connection, default 5s",
     .group = 1},
    {.name = "send-timeout",
     .key = KEY_SEND_TIMEOUT,
     .arg = "TIME",
     .doc = "for a client to take its response, default 10s",
     .group = 1},
    {.name = "drain-timeout",
     .key = KEY_DRAIN_TIMEOUT,
     .arg = "TIME",
     .doc = "after SIGTERM, for clients that are slow, default 10s",
     .group = 1},
    {.name = NULL},
};

/* ---- The command ---- */

static enum rp_code warn(const struct rp_scenario *scenario,
                         const struct rp_profile *profile,
                         struct rp_error *error)
{
    struct rp_routes routes = {0};
    char warnings[WARNINGS_SIZE];
    const enum rp_code code = rp_routes_make(scenario, profile, &routes, error);

    if (code)
        return code;
    if (rp_routes_warnings(&routes, scenario, profile, warnings,
                           sizeof warnings) > 0)
        rp_command_warn("serve", warnings);
    rp_routes_free(&routes);
    return RP_OK;
}

static enum rp_code serve(struct options *options,
                          const struct rp_common *common,
                          struct rp_error *error)
{
    struct rp_scenario scenario = {0};
    struct rp_profile profile = {0};
    enum rp_code code =
        rp_scenario_read(options->scenario_path, &scenario, error);

    if (!code)
        code = rp_profile_read(options->profile_path, &profile, error);
    if (!code && common->seed_set)
        scenario.seed = common->seed;
    if (!code)
        code = warn(&scenario, &profile, error);
    options->serve.out = stdout;
    if (!code)
        code = rp_serve(&scenario, &profile, &options->serve, error);
    rp_profile_free(&profile);
    rp_scenario_free(&scenario);
    return code;
}

int rp_cmd_serve(int argc, char **argv)
{
    static const struct argp argp = {
        .options = option_list,
        .parser = parse,
        .args_doc = "SCENARIO",
        .doc =
            "The scenario as a real HTTP server.\v"
            "Each request of / walks the scenario's path for real: CPU is "
            "burned as the profile prices it, waits are waited, every "
            "crossing is a hand-off between threads and event loops that "
            "exist. /NAME is a request of one class where the scenario has "
            "several, / draws one by their shares. /healthz says that the "
            "server lives, /metrics what it has done, for Prometheus; the "
            "header Server-Timing of a response says which steps took how "
            "long.\n\n"
            "The server is kept to as many cores as the scenario's host has. "
            "The load of the scenario is not used: that is what ab does. "
            "SIGTERM and SIGINT let those who have asked be answered, then "
            "the server ends."};
    struct options options = {.serve = rp_serve_defaults()};
    struct rp_common common = {0};
    struct rp_error error = {0};

    rp_command_parse(&argp, RP_TAKES_SEED, argc, argv, &options, &common);
    return serve(&options, &common, &error) ? rp_command_fail("serve", &error)
                                            : RP_EXIT_OK;
}

#else

int rp_cmd_serve(int argc, char **argv)
{
    struct rp_error error = {0};

    (void)argc;
    (void)argv;
    (void)rp_fail(&error, RP_ERR_VALUE,
                  "this reqpath was built without libuv and http-parser, which "
                  "its server needs: install them (Debian: libuv1-dev "
                  "libhttp-parser-dev) and build it again");
    return rp_command_fail("serve", &error);
}

#endif
