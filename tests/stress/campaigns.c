/**
 * Campaigns: the solver against the simulator on what was measured.
 *
 *   campaigns FOLDER...
 *
 * Each configuration of the data sets, as a user would have described it, in
 * its steady state. One row of CSV a configuration, and on standard error how
 * far the solver's throughput was from the simulated one, by method. By hand;
 * README.md says what came out.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "calibrate/dataset.h"
#include "sim/init.h"
#include "sim/simulate.h"
#include "solve/solve.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define METHOD_AS_COUNT(method, word, meaning) +1
enum {
    REQUESTS = 20000,
    WARM_UP = 2000,
    METHODS = 0 RP_METHOD_LIST(METHOD_AS_COUNT),
    ROWS_MAX = 4000,
};
#undef METHOD_AS_COUNT

/* Errors of one method, percent. */
struct errors {
    size_t count;
    double percent[ROWS_MAX];
};

static int rising(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static void sum_up(struct errors *errors)
{
    fputs("method,configurations,median_percent,p90_percent,worst_percent\n",
          stderr);
    for (unsigned m = 0; m < METHODS; m++) {
        struct errors *const e = &errors[m];

        if (e->count == 0)
            continue;
        qsort(e->percent, e->count, sizeof *e->percent, rising);
        fprintf(stderr, "%s,%zu,%.2f,%.2f,%.2f\n",
                rp_method_word((enum rp_method)m), e->count,
                e->percent[e->count / 2], e->percent[e->count * 9 / 10],
                e->percent[e->count - 1]);
    }
}

static void print_row(const struct rp_config *c,
                      const struct rp_solution *solved,
                      const struct rp_result *simulated)
{
    const double rps = simulated->metrics[RP_METRIC_RPS].value;
    const double mean_ns = simulated->metrics[RP_METRIC_MEAN].value;

    printf("%s,%u,%s,%s,%g,%g,%u,%s,%.6g,%.6g,%.2f,%.6g,%.6g\n",
           rp_server_word(c->server), c->threads, c->stack,
           c->view_async ? "async" : "sync", c->io_ns / 1e6, c->cpu_ns / 1e3,
           c->concurrency, rp_method_word(solved->method), rps,
           solved->metrics[RP_METRIC_RPS],
           100.0 * (solved->metrics[RP_METRIC_RPS] / rps - 1.0), mean_ns / 1e6,
           solved->metrics[RP_METRIC_MEAN] / 1e6);
}

static enum rp_code both(const struct rp_measured *measured,
                         const struct rp_config *config,
                         const struct rp_profile *profile,
                         struct errors *errors, struct rp_error *error)
{
    const struct rp_simulate_options plain = {.jobs = 1};
    struct rp_scenario s = {0};
    struct rp_solution solved = {0};
    struct rp_result simulated = {0};
    enum rp_code code = rp_dataset_scenario(
        &measured->datasets[config->dataset], config, &s, error);

    if (!code) {
        s.run.requests = REQUESTS;
        s.run.warm_up_auto = false;
        s.run.warm_up_requests = WARM_UP;
        code = rp_solve(&s, profile, &solved, error);
    }
    if (!code)
        code = rp_simulate(&s, profile, &plain, &simulated, error);
    if (!code) {
        struct errors *const e = &errors[solved.method];

        print_row(config, &solved, &simulated);
        if (e->count < ROWS_MAX)
            e->percent[e->count++] =
                100.0 * fabs(solved.metrics[RP_METRIC_RPS] /
                                 simulated.metrics[RP_METRIC_RPS].value -
                             1.0);
    }
    rp_result_free(&simulated);
    rp_solution_free(&solved);
    rp_scenario_free(&s);
    return code;
}

int main(int argc, char **argv)
{
    struct rp_profile profile = {0};
    struct rp_measured measured = {0};
    static struct errors errors[METHODS];
    struct rp_error error = {0};
    enum rp_code code;
    int failed = 0;

    if (argc < 2) {
        fputs("usage: campaigns FOLDER...\n", stderr);
        return 2;
    }
    rp_init();
    code = rp_profile_read(RP_SOURCE_DIR "/data/profiles/django-3.2.yaml",
                           &profile, &error);
    for (int i = 1; i < argc && !code; i++)
        code = rp_dataset_read(argv[i], &measured, &error);
    if (code) {
        fprintf(stderr, "%s\n", error.text);
        return 2;
    }
    puts("server,threads,stack,view,wait_ms,cpu_us,clients,method,sim_rps,"
         "solve_rps,error_percent,sim_mean_ms,solve_mean_ms");
    for (size_t i = 0; i < measured.config_count; i++)
        if (both(&measured, &measured.configs[i], &profile, errors, &error)) {
            fprintf(stderr, "%zu: %s\n", i, error.text);
            failed++;
        }
    sum_up(errors);
    rp_measured_free(&measured);
    rp_profile_free(&profile);
    return failed > 0;
}
