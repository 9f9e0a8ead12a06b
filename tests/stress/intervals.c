/* How often the intervals of a simulation hold the exact value, and how far its
 * values are from it on average: M/M/1, by hand, over many seeds.
 *
 *     intervals [LOAD [REQUESTS [REPLICATIONS [SEEDS [WARM_UP]]]]]
 *
 * Without arguments it goes through the cases of ARCHITECTURE.md and fails
 * where fewer than 90 or more than 99 of 100 intervals cover.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/simulate.h"

#include "flat_profile.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { METRICS = 4 };

static const enum rp_metric metrics[METRICS] = {RP_METRIC_MEAN, RP_METRIC_P50,
                                                RP_METRIC_P90, RP_METRIC_P99};

struct run {
    double load;
    unsigned requests, replications, seeds;
    const char *warm_up;
};

struct found {
    unsigned covered[METRICS];
    double width[METRICS], sum[METRICS], squares[METRICS];
    unsigned serial, warned;
    double warm_up;
};

/* The response time of M/M/1 is exponential. */
static double exact_ns(enum rp_metric metric, double load)
{
    const double mean_ns = 1e6 / (1.0 - load);

    switch (metric) {
    case RP_METRIC_P50:
        return mean_ns * log(2.0);
    case RP_METRIC_P90:
        return mean_ns * log(10.0);
    case RP_METRIC_P99:
        return mean_ns * log(100.0);
    case RP_METRIC_MEAN:
    case RP_METRIC_RPS:
    case RP_METRIC_P95:
    case RP_METRIC_COUNT:
        break;
    }
    return mean_ns;
}

static void fail(const char *what)
{
    fprintf(stderr, "%s\n", what);
    exit(1);
}

static struct rp_result simulate(const struct run *run, unsigned seed,
                                 const struct rp_profile *profile)
{
    static const struct rp_simulate_options options = {.jobs = 0, .draws = 0};
    struct rp_result result = {0};
    struct rp_error error = {0};
    char text[512];

    (void)snprintf(text, sizeof text,
                   "view: {cpu: {mean: 1ms, shape: exponential}}\n"
                   "load: {kind: open, rate: %g/s}\n"
                   "run: {requests: %u, replications: %u, warm_up: %s}\n"
                   "seed: %u\n",
                   1e3 * run->load, run->requests, run->replications,
                   run->warm_up, seed);
    if (flat_simulate(text, profile, &options, &result, &error))
        fail(error.text);
    return result;
}

static void look(const struct rp_result *r, double load, struct found *f)
{
    for (size_t m = 0; m < METRICS; m++) {
        const struct rp_estimate *const e = &r->metrics[metrics[m]];
        const double exact = exact_ns(metrics[m], load);
        const double gap = e->value / exact - 1.0;

        f->covered[m] += e->own_low <= exact && exact <= e->own_high;
        f->width[m] += e->half_width / exact;
        f->sum[m] += gap;
        f->squares[m] += gap * gap;
    }
    f->serial += strstr(r->warnings, "depend on each other") != NULL;
    f->warned += r->warnings[0] != '\0';
    f->warm_up += (double)r->warm_up_requests;
}

/* True where all of them cover as often as they should. */
static bool measure(const struct run *run, const struct rp_profile *profile)
{
    struct found f = {.serial = 0};
    const double n = run->seeds;
    bool good = true;

    for (unsigned seed = 1; seed <= run->seeds; seed++) {
        struct rp_result r = simulate(run, seed, profile);
        look(&r, run->load, &f);
        rp_result_free(&r);
    }
    printf("load %g, %u requests, %u replications, warm-up %s: %.0f left out, "
           "%u of %u warned of, %u of dependence\n",
           run->load, run->requests, run->replications, run->warm_up,
           f.warm_up / n, f.warned, run->seeds, f.serial);
    for (size_t m = 0; m < METRICS; m++) {
        const double bias = f.sum[m] / n;
        const double sd = sqrt(fmax(0.0, f.squares[m] / n - bias * bias));
        const double covered = 100.0 * f.covered[m] / n;

        printf("  %-8s covered %5.1f %%, half width %5.2f %%, bias %+.2f %% "
               "+- %.2f %%\n",
               rp_metric_key(metrics[m]), covered, 100.0 * f.width[m] / n,
               100.0 * bias, 196.0 * sd / sqrt(n));
        good &= covered >= 90.0 && covered <= 99.0;
    }
    (void)fflush(stdout);
    return good;
}

int main(int argc, char **argv)
{
    static const struct run cases[] = {
        {0.5, 20000, 5, 200, "auto"},   {0.5, 100000, 1, 200, "auto"},
        {0.8, 40000, 5, 200, "auto"},   {0.8, 200000, 1, 200, "auto"},
        {0.9, 100000, 5, 200, "auto"},  {0.9, 1000000, 1, 200, "auto"},
        {0.9, 100000, 10, 200, "auto"}, {0.8, 100000, 2, 200, "auto"},
    };
    struct rp_profile profile = flat_profile((struct flat_costs){.base = 0});
    bool good = true;

    if (argc > 1) {
        const struct run one = {
            .load = atof(argv[1]),
            .requests = argc > 2 ? (unsigned)atoi(argv[2]) : 20000,
            .replications = argc > 3 ? (unsigned)atoi(argv[3]) : 5,
            .seeds = argc > 4 ? (unsigned)atoi(argv[4]) : 200,
            .warm_up = argc > 5 ? argv[5] : "auto"};
        good = measure(&one, &profile);
    } else {
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
            good &= measure(&cases[i], &profile);
    }
    rp_profile_free(&profile);
    return good ? 0 : 1;
}
