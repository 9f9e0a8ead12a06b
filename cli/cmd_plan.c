/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/command.h"
#include "cli/given.h"
#include "cli/host_note.h"
#include "cli/interruption.h"
#include "cli/mpi_job.h"
#include "cli/plan_table.h"
#include "cli/plan_work.h"
#include "model/excerpt.h"
#include "model/units.h"
#include "plan/bytes.h"
#include "sim/simulate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    KEY_PROFILE = 'p',
    KEY_RATE = 0x2000,
    KEY_PEAK,
    KEY_FORECAST,
    KEY_GROWTH,
    KEY_MONTHS,
    KEY_SLO,
    KEY_ZONE_SLO,
    KEY_INSTANCES,
    KEY_SERVERS,
    KEY_PROCESSES,
    KEY_THREADS,
    KEY_PROCESS_MEMORY,
    KEY_THREAD_MEMORY,
    KEY_CONNECTIONS,
    KEY_TARGET,
    KEY_BUFFER,
    KEY_SPARE,
    KEY_ZONES,
    KEY_MOST,
    KEY_RANK,
    KEY_REQUESTS,
    KEY_STORE,
    KEY_RESUME,
};

struct options {
    const char *scenario_path, *profile_path, *forecast_path, *instances_path;
    double rate_per_s, peak_per_s, growth; /* 0: not given */
    unsigned months;
    struct rp_slos slos, zone_slos;
    struct rp_choices choices;
    struct rp_fleet_rule rule;
    enum rp_ranking ranking;
    unsigned requests;      /* of a replication; 0: the default */
    const char *store_path; /* NULL: none */
    bool resumes;
    char *command_line; /* owned */
};

/* ---- Options ---- */

static void must(const struct argp_state *state, const char *option,
                 enum rp_code code, const struct rp_error *error)
{
    if (code)
        rp_command_usage(state, "%s%s%s", option, option[0] ? ": " : "",
                         error->text);
}

static void parse_servers(const struct argp_state *state, const char *text,
                          struct rp_choices *choices)
{
    const char *at = text;

    choices->server_count = 0;
    for (;;) {
        const size_t length = strcspn(at, ",");
        char word[32];
        enum rp_server_kind kind = RP_SERVER_GUNICORN;

        (void)snprintf(word, sizeof word, "%.*s", (int)length, at);
        if (length >= sizeof word || !rp_server_parse(word, &kind))
            rp_command_usage(state,
                             "--servers: found \"%s\", expected gunicorn, "
                             "gthread, runserver, daphne or uvicorn, with "
                             "commas between them",
                             word);
        if (choices->server_count == 5)
            rp_command_usage(state, "--servers: there are five kinds, and no "
                                    "need to name one twice");
        choices->servers[choices->server_count++] = kind;
        if (at[length] == '\0')
            return;
        at += length + 1;
    }
}

/* NAME=COUNT; which resource it is, is found when the scenario is there. */
static void parse_pool(const struct argp_state *state, const char *text,
                       struct rp_choices *choices)
{
    struct rp_pool_limit *const pool = &choices->pools[choices->pool_count];
    const char *const equals = strrchr(text, '=');
    const size_t length = equals ? (size_t)(equals - text) : 0;
    char excerpt[RP_EXCERPT_SIZE];

    if (choices->pool_count == RP_POOLS_MAX)
        rp_command_usage(state, "--connections: at most %d limits",
                         RP_POOLS_MAX);
    if (length == 0 || length >= sizeof pool->name)
        rp_command_usage(state,
                         "--connections: found \"%s\", expected NAME=COUNT, "
                         "such as database=300",
                         rp_excerpt(text, excerpt));
    (void)snprintf(pool->name, sizeof pool->name, "%.*s", (int)length, text);
    pool->most = (unsigned)rp_command_whole_number(state, "--connections",
                                                   equals + 1, 1, 1000000000);
    choices->pool_count++;
}

static void parse_ranking(const struct argp_state *state, const char *text,
                          enum rp_ranking *ranking)
{
    if (strcmp(text, "cost") == 0)
        *ranking = RP_RANKING_COST;
    else if (strcmp(text, "regret") == 0)
        *ranking = RP_RANKING_REGRET;
    else
        rp_command_usage(state, "--rank: found \"%s\", expected cost or regret",
                         text);
}

static void parse_target(const struct argp_state *state, const char *text,
                         double *target)
{
    struct rp_error error = {0};

    must(state, "--target-utilisation", rp_share_parse(text, target, &error),
         &error);
    if (*target <= 0.0)
        rp_command_usage(state, "--target-utilisation: found 0%%, at which no "
                                "number of instances is enough: give more");
}

static void positive_rate(const struct argp_state *state, const char *option,
                          const char *text, double *rate)
{
    struct rp_error error = {0};

    must(state, option, rp_rate_parse(text, rate, &error), &error);
    if (*rate <= 0.0)
        rp_command_usage(state, "%s: nobody asks at 0/s: give a rate above it",
                         option);
}

static error_t parse_demand(int key, char *value, struct argp_state *state,
                            struct options *o)
{
    struct rp_error error = {0};

    switch (key) {
    case KEY_RATE:
        positive_rate(state, "--rate", value, &o->rate_per_s);
        return 0;
    case KEY_PEAK:
        positive_rate(state, "--peak", value, &o->peak_per_s);
        return 0;
    case KEY_FORECAST:
        o->forecast_path = value;
        return 0;
    case KEY_GROWTH:
        must(state, "--growth", rp_growth_parse(value, &o->growth, &error),
             &error);
        return 0;
    case KEY_MONTHS:
        o->months = (unsigned)rp_command_whole_number(
            state, "--months", value, 1, RP_FORECAST_PERIODS_MAX);
        return 0;
    case KEY_SLO:
        must(state, "--slo", rp_slos_add(&o->slos, value, &error), &error);
        return 0;
    case KEY_ZONE_SLO:
        must(state, "--zone-slo", rp_slos_add(&o->zone_slos, value, &error),
             &error);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static error_t parse_choice(int key, char *value, struct argp_state *state,
                            struct rp_choices *c)
{
    struct rp_error error = {0};

    switch (key) {
    case KEY_SERVERS:
        parse_servers(state, value, c);
        return 0;
    case KEY_PROCESSES:
        must(state, "--processes",
             rp_counts_parse(value, "processes", &c->processes, &error),
             &error);
        return 0;
    case KEY_THREADS:
        must(state, "--threads",
             rp_counts_parse(value, "threads", &c->threads, &error), &error);
        return 0;
    case KEY_PROCESS_MEMORY:
        must(state, "--memory-per-process",
             rp_bytes_parse(value, &c->process_bytes, &error), &error);
        return 0;
    case KEY_THREAD_MEMORY:
        must(state, "--memory-per-thread",
             rp_bytes_parse(value, &c->thread_bytes, &error), &error);
        return 0;
    case KEY_CONNECTIONS:
        parse_pool(state, value, c);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static error_t parse_rule(int key, char *value, struct argp_state *state,
                          struct rp_fleet_rule *rule)
{
    struct rp_error error = {0};

    switch (key) {
    case KEY_TARGET:
        parse_target(state, value, &rule->target_utilisation);
        return 0;
    case KEY_BUFFER:
        must(state, "--buffer", rp_share_parse(value, &rule->buffer, &error),
             &error);
        return 0;
    case KEY_SPARE:
        rule->spare =
            (unsigned)rp_command_whole_number(state, "--spare", value, 0, 1000);
        return 0;
    case KEY_ZONES:
        rule->zones =
            (unsigned)rp_command_whole_number(state, "--zones", value, 1, 100);
        return 0;
    case KEY_MOST:
        rule->instances_max = (unsigned)rp_command_whole_number(
            state, "--max-instances", value, 1, RP_FLEET_MAX);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static void check_demand(const struct argp_state *state,
                         const struct options *o)
{
    if (o->rate_per_s > 0.0 && o->forecast_path)
        rp_command_usage(state, "--rate and --forecast both say how many ask: "
                                "leave one out");
    if (o->rate_per_s <= 0.0 && !o->forecast_path)
        rp_command_usage(state, "how many ask is missing: give --rate R, such "
                                "as 400/s, or --forecast FILE");
    if (o->forecast_path &&
        (o->peak_per_s > 0.0 || o->growth > 0.0 || o->months > 0))
        rp_command_usage(state, "--peak, --growth and --months belong to "
                                "--rate: the forecast has its own");
    if (o->peak_per_s > 0.0 && o->peak_per_s < o->rate_per_s)
        rp_command_usage(state,
                         "--peak: %.4g/s is below the average, --rate %.4g/s: "
                         "a peak is at least as high",
                         o->peak_per_s, o->rate_per_s);
    if ((o->growth > 0.0) != (o->months > 0))
        rp_command_usage(state, "--growth and --months need each other: how "
                                "much more each month, and how many months");
}

static void check_options(const struct argp_state *state,
                          const struct options *o)
{
    if (!o->scenario_path)
        rp_command_usage(state, "a scenario is missing: name its file");
    if (!o->profile_path)
        rp_command_usage(state,
                         "the costs are missing: name a profile with "
                         "--profile FILE, one that reqpath calibrate made");
    check_demand(state, o);
    if (rp_slos_count(&o->slos) == 0)
        rp_command_usage(state, "what responses may take is missing: give "
                                "--slo, such as 'p99<=50ms'");
    if (rp_slos_count(&o->zone_slos) > 0 && o->rule.zones < 2)
        rp_command_usage(state, "--zone-slo is for when a zone is lost: give "
                                "--zones 2 or more");
    if (!o->instances_path &&
        (o->choices.process_bytes > 0.0 || o->choices.thread_bytes > 0.0))
        rp_command_usage(state, "memory is that of instances: name them with "
                                "--instances FILE");
    if (o->resumes && !o->store_path)
        rp_command_usage(state, "--resume goes on with what is in a store: "
                                "name its file with --store FILE");
    if (o->store_path && strcmp(o->profile_path, "-") == 0)
        rp_command_usage(state, "--store keeps what the profile was, which "
                                "standard input cannot say twice: name a file");
    if (!o->instances_path && o->ranking == RP_RANKING_REGRET)
        rp_command_usage(state, "--rank regret needs prices: name instances "
                                "with --instances FILE");
}

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct options *const o = state->input;

    switch (key) {
    case KEY_PROFILE:
        o->profile_path = value;
        return 0;
    case KEY_INSTANCES:
        o->instances_path = value;
        return 0;
    case KEY_RANK:
        parse_ranking(state, value, &o->ranking);
        return 0;
    case KEY_REQUESTS:
        o->requests = (unsigned)rp_command_whole_number(state, "--requests",
                                                        value, 200, 10000000);
        return 0;
    case KEY_STORE:
        o->store_path = value;
        return 0;
    case KEY_RESUME:
        o->resumes = true;
        return 0;
    case ARGP_KEY_ARG:
        if (o->scenario_path)
            rp_command_usage(state,
                             "a plan is for one scenario: \"%s\" is a "
                             "second one",
                             value);
        o->scenario_path = value;
        return 0;
    case ARGP_KEY_END:
        check_options(state, o);
        return 0;
    default:
        if (parse_demand(key, value, state, o) == 0 ||
            parse_choice(key, value, state, &o->choices) == 0 ||
            parse_rule(key, value, state, &o->rule) == 0)
            return 0;
        return ARGP_ERR_UNKNOWN;
    }
}

/* ---- Inputs ---- */

struct inputs {
    struct rp_draft draft;
    char seed[RP_GIVEN_SEED_SIZE];
    struct rp_scenario scenario;
    struct rp_profile profile;
    struct rp_catalogue catalogue;
    struct rp_forecast forecast;
};

static void free_inputs(struct inputs *in)
{
    rp_scenario_free(&in->scenario);
    rp_draft_free(&in->draft);
    rp_profile_free(&in->profile);
    rp_catalogue_free(&in->catalogue);
    rp_forecast_free(&in->forecast);
}

/* A limit is that of a resource where the scenario names resources at all. */
static enum rp_code find_pools(const struct rp_scenario *scenario,
                               struct rp_choices *choices,
                               struct rp_error *error)
{
    for (size_t i = 0; i < choices->pool_count; i++) {
        struct rp_pool_limit *const pool = &choices->pools[i];
        const char *names[16];
        size_t count = 0;

        pool->resource = RP_NO_RESOURCE;
        for (size_t k = 0; k < scenario->resource_count; k++) {
            if (strcmp(scenario->resources[k].name, pool->name) == 0)
                pool->resource = k;
            if (count < sizeof names / sizeof *names)
                names[count++] = scenario->resources[k].name;
        }
        if (pool->resource == RP_NO_RESOURCE && count > 0) {
            struct rp_error inner = {0};

            (void)rp_fail_word(&inner, pool->name, names, count);
            return rp_fail(error, RP_ERR_VALUE,
                           "--connections: no such resource in the scenario: "
                           "%s",
                           inner.text);
        }
    }
    return RP_OK;
}

static enum rp_code read_inputs(struct options *o,
                                const struct rp_common *common,
                                struct inputs *in, struct rp_error *error)
{
    const double peak = o->peak_per_s > 0.0 ? o->peak_per_s : o->rate_per_s;
    enum rp_code code = rp_given_scenario(o->scenario_path, common, &in->draft,
                                          in->seed, &in->scenario, error);

    if (!code)
        code = rp_profile_read(o->profile_path, &in->profile, error);
    if (!code && o->instances_path)
        code = rp_catalogue_read(o->instances_path, &in->catalogue, error);
    if (!code)
        code = o->forecast_path
                   ? rp_forecast_read(o->forecast_path, &in->forecast, error)
                   : rp_forecast_grow(
                         o->rate_per_s, peak, o->months ? o->growth : 1.0,
                         o->months ? o->months : 1, &in->forecast, error);
    return code ? code : find_pools(&in->scenario, &o->choices, error);
}

/* ---- Output ---- */

static void warn(const struct rp_planning_question *q)
{
    const struct rp_load *const load = &q->scenario->load;
    char notes[RP_SLOS_TEXT_SIZE];

    rp_command_warn("plan", rp_slos_notes(&q->assessment.slos, notes));
    if (q->assessment.slos.wanted[RP_LIMIT_ERRORS] && load->timeout_ns <= 0.0 &&
        q->scenario->server.backlog == 0)
        rp_command_warn("plan",
                        "nothing in the scenario fails, as it has no "
                        "load.timeout and no server.backlog: the limit of "
                        "errors is met at any rate");
}

static enum rp_code print_to(FILE *out, const struct rp_common *common,
                             const struct rp_planning_question *q,
                             const struct rp_planning *planning,
                             struct rp_error *error)
{
    const bool for_people = common->format == RP_FORMAT_TEXT ||
                            common->format == RP_FORMAT_MARKDOWN;
    struct rp_table *table;
    json_t *extra;
    enum rp_code code;

    if (for_people)
        return rp_plan_print(q, planning, common->format,
                             rp_terminal_width(out), out, error);
    table = rp_plan_rows(planning);
    extra = rp_plan_json(q, planning);
    code = table && extra
               ? rp_table_print(table, common->format, "reqpath.plan/1", extra,
                                0, out, error)
               : rp_fail(error, RP_ERR_MEMORY, "out of memory for a table");
    json_decref(extra);
    rp_table_free(table);
    return code;
}

static int print_everything(const struct rp_common *common,
                            const struct rp_planning_question *q,
                            const struct rp_planning *planning)
{
    struct rp_error error = {0};
    struct rp_output output;
    enum rp_code code;

    rp_host_note("plan", q->assessment.profile);
    warn(q);
    if (rp_output_open(&output, common->output_path, &error))
        return rp_command_fail("plan", &error);
    code = print_to(output.stream, common, q, planning, &error);
    if (rp_output_close(&output, !code, code ? NULL : &error) || code)
        return rp_command_fail("plan", &error);
    return planning->met > 0 ? RP_EXIT_OK : RP_EXIT_FINDING;
}

static struct rp_planning_question question_of(const struct options *o,
                                               const struct inputs *in)
{
    struct rp_planning_question q = {
        .scenario = &in->scenario,
        .catalogue = o->instances_path ? &in->catalogue : NULL,
        .forecast = &in->forecast,
        .choices = &o->choices,
        .assessment = {.profile = &in->profile,
                       .slos = o->slos,
                       .emergency = rp_slos_count(&o->zone_slos) > 0
                                        ? o->zone_slos
                                        : o->slos,
                       .rule = o->rule,
                       .peak_per_s =
                           rp_forecast_highest(&in->forecast)->peak_per_s,
                       .settings = rp_capacity_defaults(),
                       .draws = RP_SIMULATE_DRAWS},
        .ranking = o->ranking};

    if (o->requests > 0)
        q.assessment.settings.effort.requests = o->requests;
    return q;
}

static enum rp_code check_files(const struct options *o,
                                const struct rp_common *common,
                                struct rp_error *error)
{
    const char *const read[] = {o->scenario_path, o->profile_path,
                                o->forecast_path, o->instances_path,
                                o->store_path};

    return rp_given_apart(common->output_path, read, sizeof read / sizeof *read,
                          error);
}

static enum rp_code work(const struct options *o,
                         const struct rp_common *common,
                         const struct rp_mpi_job *job, const struct inputs *in,
                         const struct rp_planning_question *q,
                         struct rp_planning *planning, bool *stopped,
                         struct rp_error *error)
{
    const struct rp_plan_work work = {.question = q,
                                      .draft = &in->draft,
                                      .seed =
                                          common->seed_set ? in->seed : NULL,
                                      .jobs = common->job_count,
                                      .job = job,
                                      .store_path = o->store_path,
                                      .resumes = o->resumes,
                                      .profile_path = o->profile_path,
                                      .command_line = o->command_line};

    return rp_plan_work(&work, planning, stopped, error);
}

static int plan(struct options *o, struct rp_common *common)
{
    struct rp_planning planning = {0};
    struct rp_planning_question q = {0};
    struct inputs in = {0};
    struct rp_error error = {0};
    enum rp_code code = check_files(o, common, &error);
    struct rp_mpi_job job = {.is_first = true};
    bool stopped = false;
    int exit_code = RP_EXIT_OK;

    if (!code)
        code = rp_mpi_job_join(&job, common, &error);
    if (!code)
        code = read_inputs(o, common, &in, &error);
    if (!code) {
        q = question_of(o, &in);
        code = rp_planning_begin(&q, &planning, &error);
    }
    if (!code)
        code = work(o, common, &job, &in, &q, &planning, &stopped, &error);
    if (!code && !stopped && job.is_first)
        code = rp_planning_end(&q, &planning, &error);
    if (code)
        exit_code = rp_command_fail("plan", &error);
    else if (stopped)
        exit_code = RP_EXIT_INTERRUPTED;
    else if (job.is_first)
        exit_code = print_everything(common, &q, &planning);
    if (!code)
        rp_mpi_job_leave(&job);
    rp_planning_free(&planning);
    free_inputs(&in);
    return exit_code;
}

static const struct argp_option own[] = {
    {"profile", KEY_PROFILE, "FILE", 0,
     "unit costs, as reqpath calibrate makes them", 1},
    {"rate", KEY_RATE, "R", 0, "requests on average, such as 400/s", 1},
    {"peak", KEY_PEAK, "R", 0, "requests at the peak; the average", 1},
    {"growth", KEY_GROWTH, "G", 0, "such as 5%/month or 80%/year", 1},
    {"months", KEY_MONTHS, "N", 0, "for so many months", 1},
    {"forecast", KEY_FORECAST, "FILE", 0,
     "instead: a CSV file with the columns month (or label), average and "
     "peak",
     1},
    {"slo", KEY_SLO, "LIMITS", 0,
     "what responses may take: limits of mean, p50, p90, p95, p99 and "
     "errors, such as 'p99<=50ms,errors<=0.1%'; may be repeated",
     1},
    {"instances", KEY_INSTANCES, "FILE", 0,
     "a YAML catalogue of instance types: cores, memory, price; the "
     "scenario's host",
     2},
    {"servers", KEY_SERVERS, "LIST", 0,
     "kinds of servers to try; the scenario's", 2},
    {"processes", KEY_PROCESSES, "LIST", 0,
     "numbers to try: 2,4,8 or [2:8,2] or 1/core; the scenario's", 2},
    {"threads", KEY_THREADS, "LIST", 0,
     "of each process, where a server has threads", 2},
    {"memory-per-process", KEY_PROCESS_MEMORY, "M", 0,
     "such as 150MiB; not looked at", 2},
    {"memory-per-thread", KEY_THREAD_MEMORY, "M", 0,
     "on top of it, for each thread", 2},
    {"connections", KEY_CONNECTIONS, "NAME=N", 0,
     "a resource, such as database, has room for so many connections of "
     "all instances; may be repeated",
     2},
    {"target-utilisation", KEY_TARGET, "SHARE", 0,
     "of the largest rate that meets the limits; 80%", 3},
    {"buffer", KEY_BUFFER, "SHARE", 0, "on top of the peak; 0%", 3},
    {"spare", KEY_SPARE, "K", 0, "instances that may fail; 0", 3},
    {"zones", KEY_ZONES, "N", 0,
     "zones, one of which may be lost at the peak; 1: none", 3},
    {"zone-slo", KEY_ZONE_SLO, "LIMITS", 0,
     "what responses may take then; those of --slo", 3},
    {"max-instances", KEY_MOST, "N", 0, "no plan may have more", 3},
    {"rank", KEY_RANK, "BY", 0,
     "cost (of all months) or regret (of the worst month); cost", 3},
    {"requests", KEY_REQUESTS, "N", 0,
     "of a replication; 4000: more make brackets narrower", 4},
    {"store", KEY_STORE, "FILE", 0,
     "keep every configuration in FILE as soon as it is there (reqpath "
     "runs shows them)",
     4},
    {"resume", KEY_RESUME, NULL, 0,
     "take from the store what it has, and go on", 4},
    {0}};

int rp_cmd_plan(int argc, char **argv)
{
    static const struct argp argp = {
        .options = own,
        .parser = parse,
        .args_doc = "SCENARIO",
        .doc =
            "How many instances, of which kind, and what they cost.\v"
            "For each configuration the largest rate of an instance is found "
            "that meets the limits, by bisection on simulations with common "
            "random numbers, with a bracket. The fleet for the peak follows: "
            "target utilisation, buffer, spare instances, the loss of a zone. "
            "Just that fleet is then simulated.\n\n"
            "The load is an open one: Poisson, or spaced as the scenario's own "
            "open load. Every candidate that is not recommended has a "
            "reason.\n\n"
            "Exit code 1: nothing meets the limits; it is said what comes "
            "closest."};
    struct options *const o = calloc(1, sizeof *o);
    struct rp_common common = {0};
    int code;

    if (o)
        o->command_line = rp_given_line(argc, argv);
    if (!o || !o->command_line) {
        free(o);
        return rp_command_memory("plan");
    }
    o->rule = rp_fleet_rule_defaults();
    rp_command_parse(&argp,
                     RP_TAKES_FORMAT | RP_TAKES_OUTPUT | RP_TAKES_SEED |
                         RP_TAKES_JOBS,
                     argc, argv, o, &common);
    code = plan(o, &common);
    free(o->command_line);
    free(o);
    return code;
}
