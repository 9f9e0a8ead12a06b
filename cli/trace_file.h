/**
 * Trace files: what `reqpath simulate --trace FILE` writes.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CLI_TRACE_FILE_H
#define RP_CLI_TRACE_FILE_H

#include "cli/command.h"
#include "model/profile.h"
#include "model/result.h"
#include "model/scenario.h"

enum rp_trace_format {
    RP_TRACE_BY_NAME, /* of the file: chrome where it ends in ".json" */
    RP_TRACE_TEXT,
    RP_TRACE_CHROME
};

struct rp_trace_options {
    const char *path; /* borrowed; NULL: no trace is wanted */
    uint64_t request; /* from 1; 0: the first after the warm-up */
    enum rp_trace_format format;
};

/** The options of argp, for the command's list, and who parses them. */
#define RP_TRACE_ARGP_OPTIONS                                                  \
    {.name = "trace",                                                          \
     .key = RP_KEY_TRACE,                                                      \
     .arg = "FILE",                                                            \
     .doc = "write the life of one request of the first replication there: "   \
            "each step, wait and queue. A name that ends in .json gets a "     \
            "trace that Perfetto and chrome://tracing open, any other text"},  \
        {.name = "trace-request",                                              \
         .key = RP_KEY_TRACE_REQUEST,                                          \
         .arg = "N",                                                           \
         .doc = "which request, counted from 1 in the order of their "         \
                "beginning; default: the first after the warm-up"},            \
    {                                                                          \
        .name = "trace-format", .key = RP_KEY_TRACE_FORMAT, .arg = "FORMAT",   \
        .doc = "text or chrome, whatever the file's name"                      \
    }

enum {
    RP_KEY_TRACE = 0x200,
    RP_KEY_TRACE_REQUEST,
    RP_KEY_TRACE_FORMAT,
};

/** Parse one of them; ARGP_ERR_UNKNOWN where it is none. */
error_t rp_trace_parse(int key, const char *value, struct argp_state *state,
                       struct rp_trace_options *options);

/** Follow the request and write the file; an exit code. */
int rp_trace_write(const struct rp_trace_options *options,
                   const struct rp_scenario *scenario,
                   const struct rp_profile *profile, uint64_t warm_up);

#endif
