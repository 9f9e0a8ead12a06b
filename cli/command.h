/**
 * Commands: what the files of this folder have in common.
 *
 * Every command is one file `cmd_NAME.c` with one function and one row in the
 * table of main.c. Data goes to standard output (or -o FILE, which appears
 * whole or not at all), everything else to standard error. Exit codes: 0 ok,
 * 1 a finding, 2 usage or unreadable input, 130 interrupted.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CLI_COMMAND_H
#define RP_CLI_COMMAND_H

#include "model/error.h"
#include "model/metric.h"
#include "report/table.h"

#include <argp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum { RP_EXIT_OK = 0, RP_EXIT_FINDING = 1, RP_EXIT_USAGE = 2 };

/** A row of the command table. */
struct rp_command {
    const char *name;
    const char *summary;               /* one line, for `reqpath --help` */
    int (*run)(int argc, char **argv); /* argv[0] is "reqpath NAME" */
};

/* The commands, in the order of --help; one list for table and prototypes. */
#define RP_COMMAND_LIST(X)                                                     \
    X(ab, "what is in these ab reports, and whether they can be used")         \
    X(advise, "which change of the stack buys most, and for what effort")      \
    X(bench, "measures with ab or wrk, in randomised blocks, into a data set") \
    X(calibrate, "unit costs with standard errors, from measured runs")        \
    X(check, "validate scenarios, and nothing else")                           \
    X(compare, "simulated, solved and measured, side by side")                 \
    X(design, "which runs to make next, so that costs are known better")       \
    X(diff, "did it get slower? one data set against another")                 \
    X(explain, "the path of a request, step by step, and what it costs")       \
    X(export, "results of other commands, to be shown: a notebook or a page")  \
    X(import, "reports of wrk, hey, h2load or ab become runs of a data set")   \
    X(keys, "every key of a scenario: meaning, unit, range, default")          \
    X(load, "an open load on a server: requests at a rate, come what may")     \
    X(manual, "manual pages, and completions for shells")                      \
    X(plan, "how many instances, of which kind, and what they cost")           \
    X(plot, "a picture of a result: terminal, SVG, PNG or gnuplot")            \
    X(runs, "what sweeps have kept: list, show, compare, export, gc")          \
    X(serve, "the scenario as a real HTTP server, with a port for ab")         \
    X(simulate, "latency and throughput in virtual time, with intervals")      \
    X(solve, "throughput and mean response by formula, with bounds, at once")  \
    X(validate, "prediction against measurement, and against unseen stacks")   \
    X(whatif, "variants of a scenario, against the scenario as it is")

#define RP_COMMAND_AS_PROTOTYPE(name, summary)                                 \
    int rp_cmd_##name(int argc, char **argv);
RP_COMMAND_LIST(RP_COMMAND_AS_PROTOTYPE)
#undef RP_COMMAND_AS_PROTOTYPE

/** All commands, in the order of --help; static storage. */
const struct rp_command *rp_commands(size_t *count);

/** Options that many commands share; zero it, then parse. */
struct rp_common {
    enum rp_format format; /* text where it was not given */
    bool format_set;
    const char *output_path; /* NULL: standard output */
    uint64_t seed;
    bool seed_set;
    unsigned job_count; /* 0: not given */
};

/* Which of the shared options a command takes. */
enum {
    RP_TAKES_FORMAT = 1,
    RP_TAKES_OUTPUT = 2,
    RP_TAKES_SEED = 4,
    RP_TAKES_JOBS = 8,
};

/**
 * Parse a command line with argp: the command's own `argp` plus the shared
 * options in `takes`: -f --format, -o --output, --seed, --jobs, and always
 * -h --help. `input` is handed to the command's parser.
 *
 * On --help the text is printed and the process exits with 0; on a usage
 * error one sentence goes to standard error and the process exits with 2: an
 * unknown option with its near miss, an option without its value, an argument
 * that the command's parser leaves with ARGP_ERR_UNKNOWN. A parser that finds
 * more to complain about calls rp_command_usage(); argp's own argp_error() is
 * silent here, because argp's messages are several lines and guess nothing.
 */
void rp_command_parse(const struct argp *argp, unsigned takes, int argc,
                      char **argv, void *input, struct rp_common *common);

/** Print `reqpath COMMAND: sentence (reqpath COMMAND --help says more)` to
 * standard error and exit with 2. */
_Noreturn void rp_command_usage(const struct argp_state *state,
                                const char *format, ...) RP_PRINTF(2, 3);

/** An option's value as a whole number; a usage error where it is none, or not
 * in `least` .. `most`. */
uint64_t rp_command_whole_number(const struct argp_state *state,
                                 const char *option, const char *text,
                                 uint64_t least, uint64_t most);

/** An option --metric's value; a usage error where it is none. */
enum rp_metric rp_command_metric(const struct argp_state *state,
                                 const char *text);

/**
 * An output that is there whole or not at all: standard output, or a file
 * beside `path` that rp_output_close() renames to it. Open it when there is
 * something to write: a process that is killed leaves the file beside it.
 */
struct rp_output {
    FILE *stream;     /* write here */
    const char *path; /* borrowed; NULL: standard output */
    char *target;     /* owned: `path` with its links followed, or NULL */
    char *temporary;  /* owned; NULL: written in place (a device, a pipe) */
};

/**
 * @param path  NULL, "-" and whatever else is standard output's own file
 *              ("/dev/stdout") write there
 * @return RP_ERR_IO (a directory, not writable, no such folder), RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_output_open(struct rp_output *output,
                                       const char *path,
                                       struct rp_error *error);

/** Flush and, if `keep`, put the file in place; else remove it. RP_ERR_IO:
 * something could not be written; the file is then not there. */
RP_CHECKED enum rp_code rp_output_close(struct rp_output *output, bool keep,
                                        struct rp_error *error);

/** True where two names are of one file: it would be written over. NULL and "-"
 * are no file. */
bool rp_is_same_file(const char *a, const char *b);

/** Print `reqpath COMMAND: sentence` to standard error; returns
 * RP_EXIT_USAGE, so that a command ends in `return rp_command_fail(...)`. */
int rp_command_fail(const char *command, const struct rp_error *error);

/** Print `SPEAKER: sentence` to standard error: what every mistake ends in.
 * Where that is a terminal, the sentence is folded to it. */
void rp_command_complain(const char *speaker, const char *format, ...)
    RP_PRINTF(2, 3);

/** Print a sentence to standard error, behind `reqpath COMMAND: `, folded as
 * those of mistakes are, unless memory is short. It may be of any length. */
void rp_command_remark(const char *command, const char *format, ...)
    RP_PRINTF(2, 3);

/** The same for sentences that stand one a line. */
void rp_command_warn(const char *command, const char *lines);

/** The same as rp_command_fail() for memory that is short. */
int rp_command_memory(const char *command);

/** Print a table to `common`'s format and output; returns an exit code.
 * A table of NULL is memory that was short. */
int rp_command_table(const char *command, const struct rp_common *common,
                     const struct rp_table *table, const char *schema,
                     json_t *extra);

/** Columns of the terminal behind `stream`, 0 where it is none. */
int rp_terminal_width(FILE *stream);

/** True where colour is wanted: a terminal, TERM not dumb, no NO_COLOR. */
bool rp_terminal_colour(FILE *stream);

#endif
