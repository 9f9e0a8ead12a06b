/**
 * Narrowing: what a design promises, and what a calibration with its runs
 * gives.
 *
 *   narrowing alone|loaded REPEATS RUNS DATASET...
 *
 * Half of the configurations, of one client or of the others, are taken out of
 * measured runs, by chance. A design chooses among those, and says what the
 * standard errors will be; then the measured runs of the chosen come back, and
 * the calibration says what they are. A row a cost or parameter and repeat:
 * standard errors before, promised and found, and by how many promised standard
 * deviations the estimate moved, whose variance is that before less that after.
 * Costs are in us, parameters and forecasts relative.
 *
 * Parameters are judged at their values before, for where the joint fit ends
 * depends on more than the runs; `refitted` is the standard error where it ends
 * with them. With `loaded` the design is for the mean of one scenario, uvicorn
 * with MMM and 16 clients: its row is "forecast".
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define _POSIX_C_SOURCE 200809L

#include "narrowed.h"

#include "calibrate/calibration.h"
#include "sim/init.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int fail(const struct rp_error *error)
{
    (void)fprintf(stderr, "narrowing: %s\n", error->text);
    return EXIT_FAILURE;
}

static void row(unsigned repeat, const char *name, double before,
                double promised, double found, double moved, double refitted)
{
    const double spread = before * before - promised * promised;

    (void)printf("%u,%s,%.4g,%.4g,%.4g,%.3f,%.3f,%.4g\n", repeat, name, before,
                 promised, found, found / promised,
                 spread > 0.0 ? moved / sqrt(spread) : (double)NAN, refitted);
}

static void print_costs(unsigned repeat, const struct rp_next *next,
                        const struct rp_costs *found)
{
    for (size_t j = 0; j < next->cost_count; j++)
        for (size_t k = 0; k < found->columns.count; k++) {
            const struct rp_fitted_cost *const c = &found->columns.costs[k];

            if (strcmp(c->name, next->costs[j].name) == 0 &&
                isfinite(next->costs[j].mean_ns))
                row(repeat, c->name, next->costs[j].now_ns / 1e3,
                    next->costs[j].after_ns / 1e3, c->se_ns / 1e3,
                    (c->mean_ns - next->costs[j].mean_ns) / 1e3, NAN);
        }
}

static enum rp_code try_alone(const struct narrowed *n, unsigned repeat,
                              size_t runs, struct rp_error *error)
{
    struct rp_measured again = {0};
    struct rp_next next = {.run_count = 0};
    struct rp_costs found = {.rows = 0};
    enum rp_code code =
        narrowed_design(n, &n->kept, runs, NULL, NULL, &next, error);

    if (!code) {
        again = narrowed_with(n, &next);
        code = rp_costs_fit(&again, NULL, &found, error);
    }
    if (!code)
        print_costs(repeat, &next, &found);
    rp_costs_free(&found);
    rp_next_free(&next);
    narrowed_release(&again);
    return code;
}

static struct rp_parameters parameters_of(const struct rp_next *next)
{
    struct rp_parameters p = {.known = {false}};

    for (size_t k = 0; k < next->parameter_count; k++) {
        p.known[next->parameters[k].which] = true;
        p.value[next->parameters[k].which] = next->parameters[k].value;
    }
    return p;
}

static void print_parameters(unsigned repeat, const struct rp_next *next,
                             const struct rp_next *there,
                             const struct rp_parameters *refitted)
{
    for (size_t k = 0; k < next->parameter_count; k++)
        for (size_t i = 0; i < there->parameter_count; i++) {
            const struct rp_next_parameter *const p = &next->parameters[k];
            const enum rp_parameter w = p->which;

            if (there->parameters[i].which == w && refitted->known[w])
                row(repeat, rp_parameter_name(w), p->now, p->after,
                    there->parameters[i].now,
                    log(refitted->value[w] / p->value),
                    refitted->se[w] / refitted->value[w]);
        }
    row(repeat, "forecast", next->forecast_now, next->forecast_after,
        there->forecast_now, NAN, NAN);
}

/* The runs again, judged at the parameters before and fitted anew. */
static enum rp_code judge(const struct narrowed *n, const struct rp_next *next,
                          const struct rp_scenario *forecast, unsigned repeat,
                          struct rp_error *error)
{
    const struct rp_joint_options how = {.runs = 0};
    const struct rp_parameters before = parameters_of(next);
    struct rp_measured again = narrowed_with(n, next);
    struct rp_calibration calibration = {.speed = NULL};
    struct rp_joint joint = {.count = 0};
    struct rp_next there = {.run_count = 0};
    enum rp_code code =
        narrowed_design(n, &again, 1, forecast, &before, &there, error);

    if (!code)
        code =
            rp_calibrate(&again, NULL, "narrowing", NULL, &calibration, error);
    if (!code)
        code = rp_joint_fit(&again, calibration.speed, &calibration.profile,
                            &how, &joint, error);
    if (!code)
        print_parameters(repeat, next, &there, &joint.fitted);
    rp_next_free(&there);
    rp_joint_free(&joint);
    rp_calibration_free(&calibration);
    narrowed_release(&again);
    return code;
}

static enum rp_code try_loaded(const struct narrowed *n, unsigned repeat,
                               size_t runs, struct rp_error *error)
{
    const struct rp_config config = {.server = RP_SERVER_UVICORN,
                                     .threads = 1,
                                     .stack = "MMM",
                                     .concurrency = 16};
    struct rp_scenario forecast = {0};
    struct rp_next next = {.run_count = 0};
    enum rp_code code =
        rp_dataset_scenario(&n->all->datasets[0], &config, &forecast, error);

    if (!code)
        code =
            narrowed_design(n, &n->kept, runs, &forecast, NULL, &next, error);
    if (!code)
        code = judge(n, &next, &forecast, repeat, error);
    rp_next_free(&next);
    rp_scenario_free(&forecast);
    return code;
}

static enum rp_code try(const struct rp_measured *all, bool loaded,
                        unsigned repeat, size_t runs, struct rp_error *error)
{
    struct narrowed n = narrowed_begin(all, loaded, repeat);
    const enum rp_code code =
        (loaded ? try_loaded : try_alone)(&n, repeat, runs, error);

    (void)fflush(stdout);
    narrowed_end(&n);
    return code;
}

int main(int argc, char **argv)
{
    struct rp_measured all = {0};
    struct rp_error error = {0};
    enum rp_code code = RP_OK;

    if (argc < 5) {
        (void)fputs("usage: narrowing alone|loaded REPEATS RUNS DATASET...\n",
                    stderr);
        return EXIT_FAILURE;
    }
    rp_init();
    for (int i = 4; i < argc && !code; i++)
        code = rp_dataset_read(argv[i], &all, &error);
    (void)puts("repeat,what,before,promised,found,found_by_promised,moved,"
               "refitted");
    for (unsigned i = 0; i < (unsigned)atoi(argv[2]) && !code; i++)
        code = try(&all, strcmp(argv[1], "loaded") == 0, i + 1,
                   (size_t)atoi(argv[3]), &error);
    rp_measured_free(&all);
    return code ? fail(&error) : EXIT_SUCCESS;
}
