/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "cli/command.h"
#include "cli/given.h"
#include "cli/host_note.h"
#include "cli/interruption.h"
#include "cli/mpi_job.h"
#include "cli/progress.h"
#include "cli/whatif_stream.h"
#include "cli/whatif_table.h"
#include "model/file.h"
#include "plan/whatif.h"

#include <stdlib.h>
#include <string.h>

enum { TOP_DEFAULT = 10 };

struct options {
    const char *scenario_path, *profile_path;
    size_t vary_count, where_count;
    const char **varies, **wheres; /* owned; borrowed words */
    size_t sample;                 /* 0: all */
    enum rp_reader reader;
    enum rp_metric metric;
    bool prune, by_approximation;
    size_t top;
    const char *store_path; /* NULL: none */
    bool resume;
    const char *command_line; /* owned by the command */
};

enum {
    KEY_PROFILE = 'p',
    KEY_VARY = 0x2000,
    KEY_SAMPLE,
    KEY_READER,
    KEY_METRIC,
    KEY_WHERE,
    KEY_PRUNE,
    KEY_TOP,
    KEY_STORE,
    KEY_RESUME
};

/* ---- Options ---- */

static enum rp_reader parse_reader(const struct argp_state *state,
                                   const char *value)
{
    enum rp_reader reader = RP_READER_SIM;
    struct rp_error error = {0};

    if (rp_reader_parse(value, &reader, &error))
        rp_command_usage(state, "--reader: %s", error.text);
    return reader;
}

static bool parse_prune(const struct argp_state *state, const char *value)
{
    if (value && strcmp(value, "bound") != 0 && strcmp(value, "solved") != 0)
        rp_command_usage(
            state, "--prune: found \"%s\", expected bound or solved", value);
    return value && strcmp(value, "solved") == 0;
}

static void check(const struct argp_state *state, const struct options *o)
{
    if (!o->scenario_path)
        rp_command_usage(state, "a scenario is missing: name its file");
    if (!o->profile_path)
        rp_command_usage(state,
                         "the costs are missing: name a profile with --profile "
                         "FILE, one that reqpath calibrate made");
    if (o->vary_count == 0)
        rp_command_usage(state, "nothing is varied: name a key and its values "
                                "with --vary KEY=VALUES, like "
                                "--vary server.threads=2,4,8");
    if (o->resume && !o->store_path)
        rp_command_usage(state, "--resume goes on with what is in a store: "
                                "name its file with --store FILE");
    if (o->store_path && strcmp(o->profile_path, "-") == 0)
        rp_command_usage(state, "--store keeps what the profile was, which "
                                "cannot be read twice from standard input: "
                                "name its file");
    if (o->prune && o->reader == RP_READER_SOLVE)
        rp_command_usage(state, "--prune leaves out what need not be "
                                "simulated; with --reader solve nothing is");
    if (o->prune && !o->by_approximation && o->metric != RP_METRIC_RPS &&
        o->metric != RP_METRIC_MEAN)
        rp_command_usage(state,
                         "--prune: %s has no bound; write --prune=solved, or "
                         "--metric rps or mean_ms",
                         rp_metric_key(o->metric));
}

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct options *const o = state->input;

    switch (key) {
    case KEY_PROFILE:
        o->profile_path = value;
        return 0;
    case KEY_VARY:
        o->varies[o->vary_count++] = value;
        return 0;
    case KEY_WHERE:
        o->wheres[o->where_count++] = value;
        return 0;
    case KEY_SAMPLE:
        o->sample = rp_command_whole_number(state, "--sample", value, 1,
                                            RP_GRID_SAMPLE_MAX);
        return 0;
    case KEY_TOP:
        o->top = rp_command_whole_number(state, "--top", value, 1,
                                         RP_PRUNING_BEST_MAX);
        return 0;
    case KEY_READER:
        o->reader = parse_reader(state, value);
        return 0;
    case KEY_METRIC:
        o->metric = rp_command_metric(state, value);
        return 0;
    case KEY_PRUNE:
        o->prune = true;
        o->by_approximation = parse_prune(state, value);
        return 0;
    case KEY_STORE:
        o->store_path = value;
        return 0;
    case KEY_RESUME:
        o->resume = true;
        return 0;
    case ARGP_KEY_ARG:
        if (o->scenario_path)
            return ARGP_ERR_UNKNOWN;
        o->scenario_path = value;
        return 0;
    case ARGP_KEY_END:
        check(state, o);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* ---- What is asked ---- */

struct asked {
    struct rp_draft draft;
    struct rp_profile profile;
    struct rp_vary *varies; /* owned */
    size_t vary_count;
    struct rp_filter *filters; /* owned */
    struct rp_grid grid;
    char seed_text[RP_GIVEN_SEED_SIZE];
    struct rp_whatif whatif;
    struct rp_scenario scenario; /* as it is */
    struct rp_whatif_store kept;
    char profile_hash[RP_FINGERPRINT_TEXT_SIZE];
};

static void release(struct asked *a)
{
    for (size_t i = 0; i < a->vary_count; i++)
        rp_vary_free(&a->varies[i]);
    free(a->varies);
    free(a->filters);
    rp_grid_free(&a->grid);
    rp_store_close(a->kept.store);
    rp_scenario_free(&a->scenario);
    rp_profile_free(&a->profile);
    rp_draft_free(&a->draft);
}

static enum rp_code read_varies(const struct options *o, struct asked *a,
                                struct rp_error *error)
{
    enum rp_code code = RP_OK;

    a->varies = calloc(o->vary_count, sizeof *a->varies);
    if (!a->varies)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for values");
    for (size_t i = 0; i < o->vary_count && !code; i++) {
        code = rp_vary_parse(o->varies[i], &a->varies[i], error);
        if (!code) {
            a->vary_count++;
            code = rp_vary_check(&a->varies[i], &a->draft, error);
        }
    }
    return code ? code
                : rp_grid_make(a->varies, a->vary_count, o->sample, &a->grid,
                               error);
}

static enum rp_code read_filters(const struct options *o, struct asked *a,
                                 struct rp_error *error)
{
    enum rp_code code = RP_OK;

    a->filters = calloc(o->where_count + 1, sizeof *a->filters);
    if (!a->filters)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for filters");
    for (size_t i = 0; i < o->where_count && !code; i++)
        code = rp_filter_parse(o->wheres[i], &a->filters[i], error);
    return code;
}

static enum rp_code open_store(const struct options *o, struct asked *a,
                               struct rp_error *error)
{
    struct rp_fingerprint sum = rp_fingerprint_begin();
    char *bytes = NULL;
    size_t length = 0;
    enum rp_code code = rp_file_read(o->profile_path, RP_TREE_BYTES_MAX,
                                     "a profile", &bytes, &length, error);

    if (code)
        return code;
    rp_fingerprint_add(&sum, bytes, length);
    free(bytes);
    a->kept = (struct rp_whatif_store){
        .resumes = o->resume,
        .command_line = o->command_line,
        .program = "reqpath " RP_VERSION,
        .profile_name = o->profile_path,
        .profile_hash = rp_fingerprint_format(sum, a->profile_hash)};
    code = rp_store_open(o->store_path, RP_STORE_WRITE, &a->kept.store, error);
    if (!code)
        a->whatif.kept = &a->kept;
    return code;
}

static enum rp_code ask(const struct options *o, const struct rp_common *common,
                        const struct rp_mpi_job *job, struct asked *a,
                        struct rp_error *error)
{
    enum rp_code code = rp_given_scenario(o->scenario_path, common, &a->draft,
                                          a->seed_text, &a->scenario, error);

    if (!code)
        code = read_filters(o, a, error);
    if (!code)
        code = read_varies(o, a, error);
    if (!code)
        code = rp_profile_read(o->profile_path, &a->profile, error);
    a->whatif =
        (struct rp_whatif){.draft = &a->draft,
                           .profile = &a->profile,
                           .grid = &a->grid,
                           .seed = common->seed_set ? a->seed_text : NULL,
                           .reader = o->reader,
                           .filters = a->filters,
                           .filter_count = o->where_count,
                           .pruning = {.best = o->prune ? o->top : 0,
                                       .metric = o->metric,
                                       .by_approximation = o->by_approximation},
                           .jobs = common->job_count,
                           .stop = rp_interruption_catch(),
                           .crew = job->crew};
    return code || !o->store_path || !job->is_first ? code
                                                    : open_store(o, a, error);
}

/* ---- Rows go where the format wants them ---- */

struct sink {
    const struct asked *asked;
    struct rp_whatif_stream stream;
    struct rp_whatif_table *table; /* text and Markdown */
    struct rp_progress progress;
    size_t seen;
};

static enum rp_code take(void *context, const struct rp_whatif_row *row,
                         struct rp_error *error)
{
    struct sink *const sink = context;

    sink->seen++;
    rp_progress_say(&sink->progress, "%zu of %zu variants", row->index + 1,
                    sink->asked->grid.count);
    return sink->table ? rp_whatif_table_row(sink->table, row, error)
                       : rp_whatif_stream_row(&sink->stream, row, error);
}

static const char *name_of(const struct rp_scenario *scenario)
{
    return scenario->name[0] ? scenario->name : scenario->file;
}

static enum rp_code make_sink(const struct options *o, const struct asked *a,
                              const struct rp_point *baseline,
                              enum rp_format format, FILE *out,
                              struct sink *sink, struct rp_error *error)
{
    const struct rp_whatif_table_how how = {.grid = &a->grid,
                                            .baseline = baseline,
                                            .scenario = name_of(&a->scenario),
                                            .seed = a->scenario.seed,
                                            .metric = o->metric,
                                            .reader = o->reader,
                                            .top = o->top};

    *sink = (struct sink){.asked = a,
                          .progress = rp_progress_begin(),
                          .stream = {.out = out,
                                     .format = format,
                                     .grid = &a->grid,
                                     .baseline = baseline,
                                     .scenario = how.scenario,
                                     .seed = how.seed,
                                     .reader = how.reader,
                                     .metric = how.metric}};
    if (format == RP_FORMAT_CSV || format == RP_FORMAT_JSON)
        return rp_whatif_stream_begin(&sink->stream, error);
    sink->table = rp_whatif_table_new(&how);
    return sink->table
               ? RP_OK
               : rp_fail(error, RP_ERR_MEMORY, "out of memory for a table");
}

/* A table that was interrupted would rank what nobody has asked for; rows that
 * went out are whole, and what stands after them says that some are missing. */
static enum rp_code finish(struct sink *sink,
                           const struct rp_whatif_tally *tally,
                           enum rp_format format, struct rp_error *error)
{
    FILE *const out = sink->stream.out;

    if (!sink->table) {
        rp_whatif_stream_end(&sink->stream, tally);
        return RP_OK;
    }
    return tally->stopped
               ? RP_OK
               : rp_whatif_table_print(sink->table, tally, format,
                                       rp_terminal_width(out), out, error);
}

static int evaluate(const struct options *o, const struct rp_common *common,
                    struct asked *a, const struct rp_point *baseline)
{
    struct rp_whatif_tally tally = {0};
    struct rp_error error = {0}, later = {0};
    struct rp_output output;
    struct sink sink;
    enum rp_code code = rp_output_open(&output, common->output_path, &error);

    if (code)
        return rp_command_fail("whatif", &error);
    code =
        make_sink(o, a, baseline, common->format, output.stream, &sink, &error);
    if (!code)
        code = rp_whatif_run(&a->whatif, baseline, take, &sink, &tally, &error);
    rp_progress_end(&sink.progress);
    if (!code)
        code = finish(&sink, &tally, common->format, &error);
    rp_whatif_table_free(sink.table);
    if (rp_output_close(&output, !code && !tally.stopped,
                        code ? &later : &error) ||
        code)
        return rp_command_fail("whatif", &error);
    return tally.stopped ? RP_EXIT_INTERRUPTED : RP_EXIT_OK;
}

static enum rp_code check_files(const struct options *o,
                                const struct rp_common *common,
                                struct rp_error *error)
{
    const char *const read[] = {o->profile_path, o->scenario_path,
                                o->store_path};

    return rp_given_apart(common->output_path, read, 3, error);
}

static int whatif(const struct options *o, struct rp_common *common)
{
    struct rp_mpi_job job = {.is_first = true};
    struct rp_point baseline = {0};
    struct rp_error error = {0};
    struct asked a = {0};
    int exit_code;
    enum rp_code code = check_files(o, common, &error);

    if (!code)
        code = rp_mpi_job_join(&job, common, &error);
    if (!code)
        code = ask(o, common, &job, &a, &error);
    if (!code)
        code = rp_whatif_baseline(&a.whatif, &baseline, &error);
    if (code) {
        exit_code = rp_command_fail("whatif", &error);
    } else {
        if (job.is_first) {
            rp_host_note("whatif", &a.profile);
            rp_command_warn("whatif", baseline.warnings);
        }
        exit_code = evaluate(o, common, &a, &baseline);
        if (exit_code != RP_EXIT_USAGE)
            rp_mpi_job_leave(&job);
    }
    rp_point_free(&baseline);
    release(&a);
    return exit_code;
}

static const struct argp_option own[] = {
    {.name = "profile",
     .key = KEY_PROFILE,
     .arg = "FILE",
     .doc = "unit costs, as reqpath calibrate makes them"},
    {.name = "vary",
     .key = KEY_VARY,
     .arg = "KEY=VALUES",
     .doc = "a key of the scenario, and what it shall be in turn; may be "
            "given several times, then all combinations are tried"},
    {.name = "sample",
     .key = KEY_SAMPLE,
     .arg = "N",
     .doc = "of all combinations N, spread evenly (Sobol's sequence)"},
    {.name = "reader",
     .key = KEY_READER,
     .arg = "READER",
     .doc = "sim (default), or solve: by formula, at once"},
    {.name = "metric",
     .key = KEY_METRIC,
     .arg = "METRIC",
     .doc = "which says what is best: rps, mean_ms (default), p50_ms, "
            "p90_ms, p95_ms or p99_ms"},
    {.name = "where",
     .key = KEY_WHERE,
     .arg = "TEST",
     .doc = "show variants that pass alone: p99_ms<50, rps_ratio>=1.1, "
            "utilisation<0.8; may be given several times"},
    {.name = "prune",
     .key = KEY_PRUNE,
     .arg = "BY",
     .flags = OPTION_ARG_OPTIONAL,
     .doc = "do not simulate what cannot be among the best --top by bound "
            "(default), or is by far not by solved approximation"},
    {.name = "top",
     .key = KEY_TOP,
     .arg = "N",
     .doc = "text shows the best N and the worst N, 10 by default"},
    {.name = "store",
     .key = KEY_STORE,
     .arg = "FILE",
     .doc = "keep every variant in FILE as soon as it is there (reqpath "
            "runs shows them)"},
    {.name = "resume",
     .key = KEY_RESUME,
     .doc = "take from the store what it has, and go on"},
    {0}};

int rp_cmd_whatif(int argc, char **argv)
{
    static const struct argp argp = {
        .options = own,
        .parser = parse,
        .args_doc = "SCENARIO",
        .doc =
            "Variants of a scenario, against the scenario as it is.\v"
            "KEY is any key of reqpath keys, as a path; layers, resources and "
            "requests by their name: middleware.auth.kind, or * for all of "
            "them. VALUES are a list, 1,2,8, or a sweep, [FROM:TO,STEP] or "
            "[FROM:TO,xFACTOR], each with its unit: load.rate=[100/s:900/s,"
            "100/s]. keep leaves the key as it is, drop takes it out, "
            "middleware.auth=drop a layer; middleware.order=[b, a] puts layers "
            "in another order.\n\n"
            "All variants are simulated with the same seed, so they meet the "
            "same luck, and differences are known far better than the figures "
            "themselves. Their intervals are of the simulation alone: what is "
            "not known of the costs is mostly the same on both sides, and "
            "reqpath simulate shows it. A combination that cannot be is a row "
            "with the reason.\n\n"
            "Text shows the ranked best and worst, and a map of several keys, "
            "the last across; CSV and JSON have all rows, in the order of the "
            "combinations, as they come.\n\n"
            "--prune looks at all combinations by formula first. A bound is "
            "one that no queue can leave; percentiles have none. The "
            "approximation leaves out what it puts more than 30 % behind.\n\n"
            "Exit code 130: interrupted; rows that were written are whole, and "
            "a file is not left."};
    struct options o = {.varies = calloc((size_t)argc + 1, sizeof(char *)),
                        .wheres = calloc((size_t)argc + 1, sizeof(char *)),
                        .metric = RP_METRIC_MEAN,
                        .top = TOP_DEFAULT};
    struct rp_common common = {0};
    char *const line = rp_given_line(argc, argv);
    int code;

    o.command_line = line;
    if (!o.varies || !o.wheres || !line) {
        free(o.varies);
        free(o.wheres);
        free(line);
        return rp_command_memory("whatif");
    }
    rp_command_parse(&argp,
                     RP_TAKES_FORMAT | RP_TAKES_OUTPUT | RP_TAKES_SEED |
                         RP_TAKES_JOBS,
                     argc, argv, &o, &common);
    code = whatif(&o, &common);
    free(o.varies);
    free(o.wheres);
    free(line);
    return code;
}
