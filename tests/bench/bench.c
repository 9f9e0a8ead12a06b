/* How fast the engine is, beside limit loops in the same run; by hand, on a
 * quiet machine: ./run bench. Prints one row of CSV a case. Each figure is the
 * best of several turns, in which engine and limit take turns too, so that what
 * else the machine does hits both.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#define _DEFAULT_SOURCE

#include "limits.h"

#include "model/profile.h"
#include "model/route.h"
#include "model/scenario.h"
#include "sim/engine.h"
#include "sim/init.h"
#include "sim/jobs.h"
#include "sim/lower.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { TURNS = 5 };

static double clock_s(clockid_t clock)
{
    struct timespec t;

    (void)clock_gettime(clock, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* One thread's work is timed by what it had of a processor, so that a busy
 * machine takes less from the figures; that of two by the wall. */
static double now_s(void)
{
    return clock_s(CLOCK_THREAD_CPUTIME_ID);
}

static void die(const char *what)
{
    fprintf(stderr, "bench: %s\n", what);
    exit(1);
}

/* ---- Our models, through the public API ---- */

static struct rp_duration exponential(double mean_ns)
{
    return (struct rp_duration){RP_SHAPE_EXPONENTIAL, mean_ns, 1.0};
}

static void visit(struct rp_network *net, size_t station, size_t kind,
                  double mean_ns, const char *purpose)
{
    const struct rp_duration d = exponential(mean_ns);

    rp_network_take(net, station);
    rp_network_own(net, kind, &d, purpose);
    rp_network_hold(net);
    rp_network_give(net, station);
}

static struct rp_network mm1(void)
{
    struct rp_network net = {0};
    const struct rp_duration gap = exponential(1e6 / 0.9);
    const size_t server = rp_network_station(&net, "server", 1, false);
    const size_t service = rp_network_kind(&net, "service");

    rp_network_open(&net, "customers", &gap);
    rp_network_arrive(&net);
    visit(&net, server, service, 1e6, "service");
    rp_network_answer(&net);
    return net;
}

static struct rp_network path8(double database_ns, unsigned connections,
                               uint64_t patience_ns, double rate_per_s)
{
    static const char steps[] = "LLTLDLTL";
    struct rp_network net = {0};
    const struct rp_duration gap = exponential(1e9 / rate_per_s);
    const size_t loop = rp_network_station(&net, "loop", 1, false);
    const size_t threads = rp_network_station(&net, "threads", 40, false);
    const size_t database =
        rp_network_station(&net, "database", connections, false);
    const size_t service = rp_network_kind(&net, "service");

    rp_network_open(&net, "requests", &gap);
    rp_network_patience(&net, patience_ns);
    rp_network_arrive(&net);
    for (size_t i = 0; steps[i]; i++) {
        char purpose[16];

        (void)snprintf(purpose, sizeof purpose, "step %zu", i);
        if (steps[i] == 'L')
            visit(&net, loop, service, 50e3, purpose);
        else if (steps[i] == 'T')
            visit(&net, threads, service, 100e3, purpose);
        else
            visit(&net, database, service, database_ns, purpose);
    }
    rp_network_answer(&net);
    return net;
}

static struct rp_replication run(const struct rp_network *net, uint64_t count,
                                 unsigned replication)
{
    const struct rp_engine_settings set = {.seed = 1,
                                           .replication = replication,
                                           .warm_up = count / 20,
                                           .requests = count,
                                           .in_flight_max = 4000000};
    struct rp_replication r = {0};
    struct rp_error error = {0};

    if (rp_engine_run(net, &set, &r, &error))
        die(error.text);
    return r;
}

/* Requests a second, warm-up included in both. */
static double speed(const struct rp_network *net, uint64_t count,
                    double *mean_ns)
{
    const double begin = now_s();
    struct rp_replication r = run(net, count, 0);
    const double span = now_s() - begin;

    if (mean_ns)
        *mean_ns = r.response_ns / (double)r.answered;
    rp_replication_free(&r);
    return 1.05 * (double)count / span; /* the warm-up is a twentieth */
}

/* ---- Cases ---- */

struct row {
    double per_s, limit_per_s;
};

static void best(struct row *row, double per_s, double limit_per_s)
{
    row->per_s = fmax(row->per_s, per_s);
    row->limit_per_s = fmax(row->limit_per_s, limit_per_s);
}

static struct row case_mm1(void)
{
    enum { COUNT = 4000000 };
    struct rp_network net = mm1();
    struct row row = {0};

    for (int i = 0; i < TURNS; i++) {
        double begin, mean_ns = 0.0, limit;
        const double ours = speed(&net, COUNT, &mean_ns);

        begin = now_s();
        limit = limit_mm1(COUNT, 1 + (uint64_t)i);
        best(&row, ours, COUNT / (now_s() - begin));
        if (fabs(mean_ns / 1e7 - 1.0) > 0.1 || fabs(limit / 10.0 - 1.0) > 0.1)
            die("M/M/1 does not give its closed form");
    }
    rp_network_free(&net);
    return row;
}

static struct row case_path(double database_ns, unsigned connections,
                            uint64_t patience_ns, uint64_t count)
{
    struct rp_network net =
        path8(database_ns, connections, patience_ns, 3000.0);
    struct row row = {0};

    for (int i = 0; i < TURNS; i++) {
        double mean_ns = 0.0, begin, limit;
        const double ours = speed(&net, count, &mean_ns);

        begin = now_s();
        limit =
            limit_path8(count, database_ns / 1e3, connections, 1 + (uint64_t)i);
        best(&row, ours, (double)count / (now_s() - begin));
        if (fabs(mean_ns / 1e3 / limit - 1.0) > 0.1)
            die("engine and limit loop give different means for the path");
    }
    rp_network_free(&net);
    return row;
}

static struct row case_path8(void)
{
    return case_path(2e6, 20, 0, 600000);
}

/* The limit is the engine itself without time-outs. */
static struct row case_path8_timeout(void)
{
    struct rp_network with = path8(2e6, 20, UINT64_C(30000000000), 3000.0);
    struct rp_network without = path8(2e6, 20, 0, 3000.0);
    struct row row = {0};

    for (int i = 0; i < TURNS; i++)
        best(&row, speed(&with, 600000, NULL), speed(&without, 600000, NULL));
    rp_network_free(&with);
    rp_network_free(&without);
    return row;
}

static struct row case_path8_10k(void)
{
    return case_path(3.333e9, 1000000, 0, 600000);
}

struct pair {
    const struct rp_network *net;
    uint64_t count;
};

static void run_one(void *context, size_t index)
{
    const struct pair *const pair = context;
    struct rp_replication r = run(pair->net, pair->count, (unsigned)index);

    rp_replication_free(&r);
}

/* Four replications in two threads; the limit is one thread. */
static struct row case_mm1_2threads(void)
{
    struct rp_network net = mm1();
    struct pair pair = {&net, 1500000};
    struct row row = {0};

    for (int i = 0; i < TURNS; i++) {
        double spans[2];

        for (unsigned threads = 1; threads <= 2; threads++) {
            const double begin = clock_s(CLOCK_MONOTONIC);

            rp_jobs_run(4, threads, run_one, &pair);
            spans[threads - 1] = clock_s(CLOCK_MONOTONIC) - begin;
        }
        best(&row, 4.0 * 1.05 * (double)pair.count / spans[1],
             4.0 * 1.05 * (double)pair.count / spans[0]);
    }
    rp_network_free(&net);
    return row;
}

/* A Django scenario: loop, threads, GIL, cores. No limit loop is written for
 * it; the column says what its calendar could do at the path's speed. */
static const char django[] =
    "server: {kind: daphne}\n"
    "middleware: [{name: a, kind: sync}, {name: b, kind: mixin},"
    " {name: c, kind: async}]\n"
    "view: {kind: async, wait: {mean: 5ms, cv: 0.5}}\n"
    "load: {kind: open, rate: 100/s}\n";

static double events_per_request;

static struct row case_django(void)
{
    struct rp_scenario scenario;
    struct rp_profile profile = {0};
    struct rp_routes routes = {0};
    struct rp_network net = {0};
    struct rp_error error = {0};
    struct row row = {0};

    if (rp_scenario_read_text(django, strlen(django), "django", &scenario,
                              &error) ||
        rp_profile_read(RP_SOURCE_DIR "/data/profiles/django-3.2.yaml",
                        &profile, &error) ||
        rp_routes_make(&scenario, &profile, &routes, &error) ||
        rp_lower(&scenario, &routes, &profile, &net, &error))
        die(error.text);
    for (int i = 0; i < TURNS; i++) {
        enum { COUNT = 200000 };
        const double begin = now_s();
        struct rp_replication r = run(&net, COUNT, 0);

        best(&row, 1.05 * COUNT / (now_s() - begin), NAN);
        events_per_request = (double)r.events / (1.05 * COUNT);
        rp_replication_free(&r);
    }
    rp_network_free(&net);
    rp_routes_free(&routes);
    rp_profile_free(&profile);
    rp_scenario_free(&scenario);
    return row;
}

/* ---- Printing ---- */

/* Every case has a process of its own, whose memory is the case's. */
static void in_child(const char *name, struct row (*measure)(void))
{
    const pid_t child = fork();
    struct rusage usage;
    int status;

    if (child < 0)
        die("no process can be started");
    if (child == 0) {
        const struct row row = measure();

        if (getrusage(RUSAGE_SELF, &usage))
            die("the process does not know its memory");
        if (isnan(row.limit_per_s) || row.limit_per_s <= 0.0)
            printf("%s,reqpath,%.0f,,,%.1f\n", name, row.per_s,
                   (double)usage.ru_maxrss / 1024.0);
        else
            printf("%s,reqpath,%.0f,%.0f,%.3f,%.1f\n", name, row.per_s,
                   row.limit_per_s, row.per_s / row.limit_per_s,
                   (double)usage.ru_maxrss / 1024.0);
        if (measure == case_django)
            fprintf(stderr, "django: %.1f events a request\n",
                    events_per_request);
        exit(fflush(stdout) ? 1 : 0);
    }
    if (waitpid(child, &status, 0) < 0 || status != 0)
        exit(1);
}

/* Requests a second against requests in flight: the database's delay times the
 * rate, from 1 to 10^6. */
static void sweep(void)
{
    printf("in_flight,per_second\n");
    for (double in_flight = 1.0; in_flight < 2e6; in_flight *= 10.0) {
        struct rp_network net =
            path8(1e9 * in_flight / 3000.0, 4000000, 0, 3000.0);
        const uint64_t count =
            in_flight < 1e5 ? 400000 : (uint64_t)(4.0 * in_flight);

        printf("%.0f,%.0f\n", in_flight, speed(&net, count, NULL));
        (void)fflush(stdout);
        rp_network_free(&net);
    }
}

int main(int argc, char **argv)
{
    rp_init();
    if (argc > 1 && strcmp(argv[1], "sweep") == 0) {
        sweep();
        return 0;
    }
    printf("case,engine,per_second,limit_per_second,ratio,resident_mb\n");
    (void)fflush(stdout);
    in_child("mm1", case_mm1);
    in_child("path8", case_path8);
    in_child("path8_timeout", case_path8_timeout);
    in_child("path8_10k", case_path8_10k);
    in_child("mm1_2threads", case_mm1_2threads);
    in_child("django", case_django);
    return 0;
}
