/**
 * Measuring: a plan becomes a data set.
 *
 * All targets are up all the time, and every round visits every run once in an
 * order of its own, so that whatever the machine does besides falls on all of
 * them alike. Each run is a warm-up, which is thrown away, and one call of the
 * client. Runs that are there already are left alone: a bench that was killed
 * goes on where it was.
 *
 * A target that fails is said and given up, and so is a run whose report cannot
 * be used; the rest goes on.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_BENCH_MEASURING_H
#define RP_BENCH_MEASURING_H

#include "bench/benchplan.h"

#include <signal.h>

/** How far it is. */
struct rp_bench_progress {
    unsigned round, rounds;
    size_t done, total;  /* runs of all rounds */
    double seconds_left; /* NAN: not known yet */
    const char *run;     /* the one that is next */
};

struct rp_bench_options {
    const char *output;    /* folder */
    const char *plan_path; /* kept beside the data */
    const char *plan_text; /* kept in its place; NULL: the file's */
    const char *self;      /* the program, for microhandlers */
    const volatile sig_atomic_t *interrupted; /* set by a signal; may be NULL */
    void (*say)(void *user, const char *sentence);
    void (*progress)(void *user, const struct rp_bench_progress *progress);
    void *user;
};

struct rp_bench_result {
    size_t measured;  /* runs, now */
    size_t there;     /* before */
    size_t missing;   /* not measured, because something failed */
    bool interrupted; /* before all were measured */
};

/**
 * Measure.
 *
 * @param plan    the commits of its revisions are found; where the output was
 *                begun with others, they stay those
 * @param result  written on success: also where runs are missing
 * @return RP_ERR_IO (the output), RP_ERR_VALUE (the output is of another
 *         plan), RP_ERR_UNUSABLE (no target could be started), RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_bench_measure(struct rp_plan *plan,
                                         const struct rp_bench_options *options,
                                         struct rp_bench_result *result,
                                         struct rp_error *error);

#endif
