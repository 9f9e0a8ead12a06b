/**
 * Readers: the solver against the simulator on random scenarios.
 *
 *   readers FROM TO closed|open [load]
 *
 * Without `load` nothing happens under load: mechanisms are off, but stalls and
 * the switch interval of the GIL.
 * One row of CSV a scenario, and on standard error how far throughput (closed)
 * or the mean response (open) was off, by method. By hand; README.md says what
 * came out.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "model/profile.h"
#include "sim/init.h"
#include "sim/simulate.h"
#include "solve/solve.h"

#include "randomscenario.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define METHOD_AS_COUNT(method, word, meaning) +1
enum {
    REQUESTS = 6000,
    METHODS = 0 RP_METHOD_LIST(METHOD_AS_COUNT),
    ROWS_MAX = 10000,
};
#undef METHOD_AS_COUNT

/* Errors of one method, percent. */
struct errors {
    size_t count;
    double percent[ROWS_MAX];
};

static const double busiest = 0.92; /* of the capacity, open */

static void print_row(uint64_t number, const struct rp_scenario *s,
                      const struct rp_solution *solved,
                      const struct rp_result *simulated)
{
    const struct rp_estimate *const rps = &simulated->metrics[RP_METRIC_RPS];
    const struct rp_estimate *const mean = &simulated->metrics[RP_METRIC_MEAN];
    const double solved_rps = solved->metrics[RP_METRIC_RPS];
    const double solved_ms = solved->metrics[RP_METRIC_MEAN] / 1e6;

    printf("%llu,%s,%u,%u,%u,%u,%u,%.3g,%s,%d,%.6g,%.3g,%.6g,%.2f,%.6g,%.3g,"
           "%.6g,%.2f\n",
           (unsigned long long)number, rp_server_word(s->server.kind),
           s->server.processes, s->server.threads, s->cores, s->server.gil,
           s->load.kind == RP_LOAD_OPEN ? 0 : s->load.clients,
           s->load.think.mean_ns / 1e6, rp_method_word(solved->method),
           solved->exact, rps->value, rps->half_width, solved_rps,
           100.0 * (solved_rps / rps->value - 1.0), mean->value / 1e6,
           mean->half_width / 1e6, solved_ms,
           100.0 * (solved_ms / (mean->value / 1e6) - 1.0));
}

static int rising(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static void note(struct errors *errors, const struct rp_solution *solved,
                 const struct rp_result *simulated, bool open)
{
    const enum rp_metric metric = open ? RP_METRIC_MEAN : RP_METRIC_RPS;
    const double percent =
        100.0 *
        fabs(solved->metrics[metric] / simulated->metrics[metric].value - 1.0);

    if (errors->count < ROWS_MAX && isfinite(percent))
        errors->percent[errors->count++] = percent;
}

static void sum_up(struct errors *errors)
{
    fputs("method,scenarios,median_percent,p90_percent,worst_percent\n",
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

static enum rp_code both(uint64_t number, bool open, bool under_load,
                         const struct rp_profile *profile,
                         struct errors *errors, struct rp_error *error)
{
    const struct rp_simulate_options plain = {.jobs = 1};
    struct rp_scenario s = {0};
    struct rp_solution solved = {0};
    struct rp_result simulated = {0};
    struct chance c = {.state = ~number};
    enum rp_code code = random_scenario(number, open, REQUESTS, &s);

    if (!code && !under_load)
        s.mechanisms =
            (struct rp_mechanisms){.switching = true, .stalls = true};
    if (!code)
        code = rp_solve(&s, profile, &solved, error);
    if (!code && open) {
        random_rate(&s, chance_log(&c, 0.1, busiest) * solved.capacity_per_s);
        rp_solution_free(&solved);
        code = rp_solve(&s, profile, &solved, error);
    }
    if (!code)
        code = rp_simulate(&s, profile, &plain, &simulated, error);
    if (!code) {
        print_row(number, &s, &solved, &simulated);
        note(&errors[solved.method], &solved, &simulated, open);
    }
    rp_result_free(&simulated);
    rp_solution_free(&solved);
    rp_scenario_free(&s);
    return code;
}

int main(int argc, char **argv)
{
    struct rp_profile profile = {0};
    static struct errors errors[METHODS];
    const bool open = argc > 3 && strcmp(argv[3], "open") == 0;
    const bool under_load = argc > 4 && strcmp(argv[4], "load") == 0;
    struct rp_error error = {0};
    int failed = 0;

    if (argc < 4) {
        fputs("usage: readers FROM TO closed|open [load]\n", stderr);
        return 2;
    }
    rp_init();
    if (rp_profile_read(RP_SOURCE_DIR "/data/profiles/django-3.2.yaml",
                        &profile, &error)) {
        fprintf(stderr, "%s\n", error.text);
        return 2;
    }
    puts("number,server,processes,threads,cores,gil,clients,think_ms,method,"
         "exact,sim_rps,half_width,solve_rps,error_percent,sim_mean_ms,"
         "mean_half_width_ms,solve_mean_ms,mean_error_percent");
    for (uint64_t i = strtoull(argv[1], NULL, 10);
         i <= strtoull(argv[2], NULL, 10); i++)
        if (both(i, open, under_load, &profile, errors, &error)) {
            fprintf(stderr, "%llu: %s\n", (unsigned long long)i, error.text);
            failed++;
        }
    sum_up(errors);
    rp_profile_free(&profile);
    return failed > 0;
}
