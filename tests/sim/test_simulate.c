/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "sim/simulate.h"

#include "flat_profile.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double ms = 1e6, us = 1e3;

static struct rp_result simulate(const char *text,
                                 const struct rp_profile *profile)
{
    struct rp_result result = {0};
    struct rp_error error = {0};

    cr_assert(
        eq(int, flat_simulate(text, profile, NULL, &result, &error), RP_OK),
        "%s", error.text);
    return result;
}

static double mean_ms(const struct rp_result *r)
{
    return r->metrics[RP_METRIC_MEAN].value / ms;
}

static const struct rp_place_result *place(const struct rp_result *r,
                                           const char *name)
{
    for (size_t i = 0; i < r->place_count; i++)
        if (strcmp(r->places[i].name, name) == 0)
            return &r->places[i];
    cr_fatal("no place is called %s", name);
    return NULL;
}

/* ---- Concurrency 1: sums ---- */

/* Two sync layers around an async view under WSGI: one loop of its own.
 * 100 us base, 2 x 10 us, 400 us for the new loop, 5 ms wait: 5.52 ms; ab's
 * gap of 80 us is between the requests. */
Test(simulate, alone_a_request_takes_the_sum_of_its_costs)
{
    struct rp_profile p = flat_profile((struct flat_costs){.base = 100 * us,
                                                           .layer = 10 * us,
                                                           .a2s_new = 400 * us,
                                                           .gap = 80 * us});
    struct rp_result r =
        simulate("middleware: [{name: a, kind: sync}, {name: b, kind: sync}]\n"
                 "view: {kind: async, wait: 5ms}\n"
                 "load: {clients: 1, client: ab}\n"
                 "run: {requests: 500, replications: 2}\n",
                 &p);

    cr_expect(epsilon_eq(dbl, mean_ms(&r), 5.52, 1e-6));
    cr_expect(
        epsilon_eq(dbl, r.metrics[RP_METRIC_RPS].value, 1e3 / 5.60, 1e-6));
    cr_expect(epsilon_eq(dbl, r.metrics[RP_METRIC_P99].value / ms, 5.52, 0.05));
    cr_expect(epsilon_eq(dbl, place(&r, "worker threads")->utilisation,
                         5.52 / 5.60, 1e-6),
              "the thread is held while the view waits");
    cr_expect(epsilon_eq(dbl, place(&r, "GIL")->utilisation, 0.52 / 5.60, 1e-6),
              "the GIL is not");
    cr_expect(lt(dbl, r.little_gap, 0.01));
    rp_result_free(&r);
    rp_profile_free(&p);
}

Test(simulate, kinds_of_time_add_up_to_the_mean)
{
    struct rp_profile p =
        flat_profile((struct flat_costs){.base = 100 * us,
                                         .layer = 10 * us,
                                         .s2a = 60 * us,
                                         .a2s_reuse = 30 * us});
    struct rp_result r =
        simulate("server: {kind: uvicorn}\n"
                 "middleware: [{name: a, kind: sync}, {name: b, kind: mixin}]\n"
                 "view: {kind: async, cpu: {mean: 1ms, shape: exponential}}\n"
                 "load: {clients: 6}\n"
                 "run: {requests: 4000, replications: 3}\n",
                 &p);
    double sum = 0.0;

    for (size_t i = 0; i < r.kind_count; i++)
        sum += r.kinds[i].mean_ns;
    cr_expect(epsilon_eq(dbl, sum / ms / mean_ms(&r), 1.0, 0.003));
    rp_result_free(&r);
    rp_profile_free(&p);
}

/* One client, and a view whose CPU is exponential: the latency below which a
 * share u lies is -ln(1 - u) times the mean. */
Test(simulate, quantiles_are_those_of_the_view_and_end_where_answers_are_few)
{
    struct rp_profile p = flat_profile((struct flat_costs){.base = 0.0});
    struct rp_result r =
        simulate("server: {kind: gunicorn}\n"
                 "view: {kind: sync, cpu: {mean: 1ms, shape: exponential}}\n"
                 "load: {clients: 1}\n"
                 "run: {requests: 10000, replications: 5}\n",
                 &p);
    size_t count;
    const double *const percents = rp_result_percents(&count);

    for (size_t i = 0; i < count; i++) {
        const double u = percents[i] / 100.0, q = r.quantiles_ns[i] / ms;

        if (u >= 0.01 && u <= 0.99)
            cr_expect(epsilon_eq(dbl, q / -log1p(-u), 1.0, 0.12), "%g: %g",
                      percents[i], q);
        if (i > 0 && isfinite(q) && isfinite(r.quantiles_ns[i - 1]))
            cr_expect(ge(dbl, q, r.quantiles_ns[i - 1] / ms));
        cr_expect(eq(int, isfinite(q), percents[i] != 99.99),
                  "five of 50,000 answers lie beyond 99.99 %%: %g",
                  percents[i]);
    }
    rp_result_free(&r);
    rp_profile_free(&p);
}

/* ---- Who holds what ---- */

static double async_view_behind(const char *layers, const char *version)
{
    struct rp_profile p = flat_profile((struct flat_costs){.base = 10 * us});
    struct rp_result r;
    char text[400];
    double rps;

    (void)snprintf(text, sizeof text,
                   "framework: {version: %s}\n"
                   "server: {kind: uvicorn}\n"
                   "middleware: [%s]\n"
                   "view: {kind: async, wait: 20ms}\n"
                   "load: {clients: 32}\n"
                   "run: {requests: 6400, replications: 2, warm_up: 320}\n",
                   version, layers);
    r = simulate(text, &p);
    rps = r.metrics[RP_METRIC_RPS].value;
    rp_result_free(&r);
    rp_profile_free(&p);
    return rps;
}

/* Without layers 32 clients share nothing but 10 us of CPU; one sync layer
 * holds the process's one thread for 20 ms, so 50 requests/s are left; from
 * Django 4.0 on every request has a thread of its own. */
Test(simulate, a_sync_layer_holds_the_sensitive_thread_while_the_view_waits)
{
    cr_expect(epsilon_eq(dbl, async_view_behind("", "3.2"), 1599.2, 8.0));
    cr_expect(epsilon_eq(dbl, async_view_behind("{name: a, kind: sync}", "3.2"),
                         50.0, 0.5));
    cr_expect(epsilon_eq(dbl, async_view_behind("{name: a, kind: sync}", "4.2"),
                         1574.8, 8.0),
              "they come in step: 32 times 10 us of queue");
}

static double cpu_bound(const char *server, unsigned clients)
{
    struct rp_profile p = flat_profile((struct flat_costs){.base = 0.0});
    struct rp_result r;
    char text[300];
    double rps;

    (void)snprintf(text, sizeof text,
                   "server: {%s}\nhost: {cores: 2}\n"
                   "view: {cpu: 1ms}\nload: {clients: %u}\n"
                   "run: {requests: 1000, replications: 2, warm_up: 100}\n",
                   server, clients);
    r = simulate(text, &p);
    rps = r.metrics[RP_METRIC_RPS].value;
    rp_result_free(&r);
    rp_profile_free(&p);
    return rps;
}

/* Two cores. Threads of one process share its GIL; processes, and threads
 * without a GIL, share the cores. */
Test(simulate, the_gil_and_the_cores_limit_what_runs_at_a_time)
{
    static const struct {
        const char *server;
        unsigned clients;
        double rps;
    } cases[] = {
        {"kind: gthread, threads: 4", 4, 1000.0},
        {"kind: gthread, threads: 4, gil: false", 4, 2000.0},
        {"kind: gthread, threads: 4, gil: false", 1, 1000.0},
        {"kind: gunicorn, processes: 2", 4, 2000.0},
        {"kind: gunicorn, processes: 8", 8, 2000.0},
        {"kind: gunicorn, processes: 1", 8, 1000.0},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect(epsilon_eq(dbl, cpu_bound(cases[i].server, cases[i].clients),
                             cases[i].rps, 2.0),
                  "%s, %u clients", cases[i].server, cases[i].clients);
}

/* 40 requests wait 10 ms each, 5 connections: 500 requests/s. */
Test(simulate, a_resource_is_held_for_each_wait)
{
    struct rp_profile p = flat_profile((struct flat_costs){.base = us});
    struct rp_result r = simulate(
        "server: {kind: uvicorn}\n"
        "resources: [{name: database, capacity: 5}]\n"
        "view: {kind: async, wait: 5ms, calls: 2, uses: database}\n"
        "load: {clients: 40}\nrun: {requests: 2000, replications: 2}\n",
        &p);

    cr_expect(epsilon_eq(dbl, r.metrics[RP_METRIC_RPS].value, 500.0, 1.0));
    cr_expect(epsilon_eq(dbl, place(&r, "database")->utilisation, 1.0, 1e-3));
    cr_expect(epsilon_eq(dbl, place(&r, "database")->queue_mean, 35.0, 0.1));
    cr_expect(epsilon_eq(dbl, place(&r, "database")->visits, 2.0, 0.01));
    rp_result_free(&r);
    rp_profile_free(&p);
}

/* ---- Scenarios that are textbook queues ---- */

static struct rp_result erlang(unsigned threads, double rate_per_s)
{
    struct rp_profile p = flat_profile((struct flat_costs){.base = 0.0});
    struct rp_result r;
    char text[400];

    (void)snprintf(text, sizeof text,
                   "server: {kind: gthread, threads: %u, gil: false}\n"
                   "host: {cores: %u}\n"
                   "view: {cpu: {mean: 5ms, shape: exponential}}\n"
                   "load: {kind: open, rate: %g/s}\n"
                   "run: {requests: 30000, replications: 10, warm_up: 3000}\n"
                   "seed: 4\n",
                   threads, threads, rate_per_s);
    r = simulate(text, &p);
    rp_profile_free(&p);
    return r;
}

/* M/M/1 at 160/s: 5 / (1 - 0.8) = 25 ms. M/M/4 at 640/s: Erlang's C for 3.2
 * erlangs on 4 servers is 0.5964, so 5 + 0.5964 * 5 / (4 * 0.2) = 8.7275 ms. */
Test(simulate, scenarios_of_m_m_1_and_m_m_c_agree_with_their_closed_forms)
{
    struct rp_result one = erlang(1, 160.0), four = erlang(4, 640.0);
    const double half1 = one.metrics[RP_METRIC_MEAN].half_width / ms;
    const double half4 = four.metrics[RP_METRIC_MEAN].half_width / ms;

    cr_expect(le(dbl, fabs(mean_ms(&one) - 25.0), 2.0 * half1));
    cr_expect(lt(dbl, half1, 1.5));
    cr_expect(le(dbl, fabs(mean_ms(&four) - 8.7275), 2.0 * half4));
    cr_expect(lt(dbl, half4, 0.35));
    cr_expect(epsilon_eq(dbl, place(&four, "worker threads")->utilisation, 0.8,
                         0.01));
    rp_result_free(&one);
    rp_result_free(&four);
}

Test(simulate, an_open_load_beyond_capacity_says_what_would_fit)
{
    struct rp_result r = erlang(1, 300.0);

    cr_expect(r.saturated);
    cr_expect(isnan(r.metrics[RP_METRIC_MEAN].value));
    cr_expect(epsilon_eq(dbl, r.metrics[RP_METRIC_RPS].value, 200.0, 3.0));
    cr_expect(epsilon_eq(dbl, r.capacity_per_s, 200.0, 3.0));
    cr_expect(ne(
        ptr, strstr(r.warnings, "300 requests/s arrive but at most 20"), NULL));
    cr_expect(ne(ptr,
                 strstr(r.warnings, "always taken is worker threads: lower the "
                                    "rate below 20"),
                 NULL));
    rp_result_free(&r);
}

Test(simulate, a_stable_load_is_not_called_saturated)
{
    struct rp_result r = erlang(1, 190.0);

    cr_expect(not(r.saturated));
    cr_expect(epsilon_eq(dbl, r.capacity_per_s, 200.0, 4.0));
    rp_result_free(&r);
}

/* ---- Uncertainty ---- */

/* One cost of 1 ms with a standard error of 4 %, 3 % repeat-run noise, 2 %
 * misfit. */
static struct rp_profile uncertain_profile(void)
{
    struct rp_profile p = flat_profile((struct flat_costs){.base = ms});

    for (unsigned i = 0; i <= RP_ITEM_BASE_UVICORN; i++) {
        p.costs[i].se_ns = 0.04 * ms;
        p.covariance_ns2[i * RP_ITEM_COUNT + i] = 0.04 * ms * 0.04 * ms;
    }
    p.accuracy[RP_SITUATION_ALONE][RP_METRIC_MEAN] =
        (struct rp_accuracy){.run_sd = 0.03, .misfit_sd = 0.02};
    return p;
}

static double predicted_sd_ms(const struct rp_estimate *e)
{
    return (e->high - e->low) / 2.0 / 1.96 / ms;
}

/* sd = sqrt(4^2 + 3^2 + 2^2) = 5.385 %. */
Test(simulate, the_prediction_interval_adds_costs_noise_and_misfit)
{
    struct rp_profile p = uncertain_profile();
    struct rp_result r =
        simulate("run: {requests: 200, replications: 2}\n", &p);
    const struct rp_estimate *const e = &r.metrics[RP_METRIC_MEAN];

    cr_expect(epsilon_eq(dbl, e->half_width, 0.0, 1e-6));
    cr_expect(epsilon_eq(dbl, predicted_sd_ms(e), 0.05385, 0.012),
              "24 draws know an sd to 15 %%");
    rp_result_free(&r);
    rp_profile_free(&p);
}

/* The same for each class: the report waits 4 ms more, which are known: its sd
 * is that of 5 ms by noise and misfit, and of 1 ms by costs:
 * sqrt(0.15^2 + 0.1^2 + 0.04^2) = 0.1847 ms. */
Test(simulate, every_class_has_a_prediction_interval_of_its_own)
{
    struct rp_profile p = uncertain_profile();
    struct rp_result r =
        simulate("requests:\n"
                 "- {name: page, share: 1, view: {}}\n"
                 "- {name: report, share: 1, view: {wait: 4ms}}\n"
                 "run: {requests: 400, replications: 2}\n",
                 &p);

    cr_assert(eq(sz, r.class_count, 2));
    cr_expect(epsilon_eq(dbl,
                         predicted_sd_ms(&r.classes[0].metrics[RP_METRIC_MEAN]),
                         0.05385, 0.012));
    cr_expect(epsilon_eq(dbl,
                         predicted_sd_ms(&r.classes[1].metrics[RP_METRIC_MEAN]),
                         0.1847, 0.004));
    rp_result_free(&r);
    r = simulate("requests: [{name: page, share: 1, view: {}}]\n"
                 "run: {requests: 400, replications: 1}\n",
                 &p);
    cr_expect(isnan(r.classes[0].metrics[RP_METRIC_MEAN].low),
              "one replication does not know the simulation's part");
    rp_result_free(&r);
    rp_profile_free(&p);
}

Test(simulate, few_requests_are_warned_of)
{
    struct rp_profile p = flat_profile((struct flat_costs){.base = ms});
    struct rp_result r =
        simulate("run: {requests: 200, replications: 2}\n", &p);

    cr_expect(
        eq(str, r.warnings,
           "p99 rests on the slowest 4 of 400 requests: give run.requests "
           "a larger number\n"));
    rp_result_free(&r);
    rp_profile_free(&p);
}

/* ---- Intervals ---- */

/* Responses of M/M/1 are exponential, their mean 1 ms / (1 - load). */
static void expect_covers_mm1(const struct rp_result *r, double load)
{
    static const struct {
        enum rp_metric metric;
        double means;
    } cases[] = {{RP_METRIC_MEAN, 1.0},
                 {RP_METRIC_P50, 0.693147},
                 {RP_METRIC_P90, 2.302585},
                 {RP_METRIC_P99, 4.605170}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct rp_estimate *const e = &r->metrics[cases[i].metric];
        const double exact = cases[i].means * ms / (1.0 - load);

        /* 1.8 times as wide are 99.9 %, and as many assertions miss none */
        cr_expect(le(dbl, fabs(e->value - exact), 1.8 * e->half_width), "%s",
                  rp_metric_key(cases[i].metric));
        cr_expect(lt(dbl, e->own_low, e->value));
        cr_expect(gt(dbl, e->own_high, e->value));
        cr_expect(le(dbl, e->half_width, 0.1 * exact));
        cr_expect(epsilon_eq(dbl, e->half_width,
                             0.5 * (e->own_high - e->own_low), 1e-3 * exact));
    }
    cr_expect(epsilon_eq(dbl, r->metrics[RP_METRIC_RPS].value, 1e3 * load,
                         20 * load));
}

/* The variance of a mean of n waits of M/M/1 is r (2 + 5 r - 4 r^2 + r^3) /
 * (1 - r)^4 / n times the squared service (D. J. Daley, J. Austral. Math. Soc.
 * 8, 1968): at half load 29 / n, half a width of 0.0334 ms for 100,000, to
 * which the services add a little. Batches that were too short would say less.
 */
Test(simulate, one_run_has_intervals_from_batches_that_hold_the_exact_values)
{
    struct rp_profile p = flat_profile((struct flat_costs){.base = 0});
    struct rp_result r =
        simulate("view: {cpu: {mean: 1ms, shape: exponential}}\n"
                 "load: {kind: open, rate: 500/s}\n"
                 "run: {requests: 100000, replications: 1}\n"
                 "seed: 3\n",
                 &p);

    expect_covers_mm1(&r, 0.5);
    cr_expect(eq(uint, r.replications, 1));
    cr_expect(ge(dbl, r.metrics[RP_METRIC_MEAN].half_width, 0.025 * ms));
    cr_expect(le(dbl, r.metrics[RP_METRIC_MEAN].half_width, 0.06 * ms));
    cr_expect(eq(str, r.warnings, ""));
    rp_result_free(&r);
    rp_profile_free(&p);
}

Test(simulate, few_and_many_replications_hold_the_exact_values_too)
{
    struct rp_profile p = flat_profile((struct flat_costs){.base = 0});
    static const char *const texts[] = {
        "view: {cpu: {mean: 1ms, shape: exponential}}\n"
        "load: {kind: open, rate: 500/s}\n"
        "run: {requests: 50000, replications: 3}\nseed: 5\n",
        "view: {cpu: {mean: 1ms, shape: exponential}}\n"
        "load: {kind: open, rate: 500/s}\n"
        "run: {duration: 40s, replications: 4}\nseed: 6\n",
        "view: {cpu: {mean: 1ms, shape: exponential}}\n"
        "load: {kind: open, rate: 500/s}\n"
        "run: {requests: 30000, replications: 70}\nseed: 7\n"};

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct rp_result r = simulate(texts[i], &p);

        expect_covers_mm1(&r, 0.5);
        rp_result_free(&r);
    }
    rp_profile_free(&p);
}

Test(simulate, batches_that_depend_on_each_other_are_warned_of)
{
    struct rp_profile p = flat_profile((struct flat_costs){.base = 0});
    struct rp_result r =
        simulate("view: {cpu: {mean: 1ms, shape: exponential}}\n"
                 "load: {kind: open, rate: 950/s}\n"
                 "run: {requests: 5000, replications: 1}\n",
                 &p);

    cr_expect(strstr(r.warnings,
                     "batches of the run's answers still depend on each") !=
                  NULL,
              "%s", r.warnings);
    rp_result_free(&r);
    rp_profile_free(&p);
}

Test(simulate, replications_are_added_until_the_interval_is_narrow)
{
    struct rp_profile p = flat_profile((struct flat_costs){.base = 0});
    struct rp_result r =
        simulate("view: {cpu: {mean: 1ms, shape: exponential}}\n"
                 "load: {kind: open, rate: 500/s}\n"
                 "run: {requests: 5000, precision: 2%, precision_of: p99_ms}\n",
                 &p);
    const struct rp_estimate *const e = &r.metrics[RP_METRIC_P99];

    cr_expect(gt(uint, r.replications, 5));
    cr_expect(lt(uint, r.replications, 100));
    cr_expect(le(dbl, e->half_width, 0.02 * e->value));
    cr_expect(eq(u64, r.requests, 5000 * (uint64_t)r.replications));
    cr_expect(eq(str, r.warnings, ""));
    rp_result_free(&r);
    rp_profile_free(&p);
}

Test(simulate, a_precision_that_is_not_reached_is_warned_of)
{
    struct rp_profile p = flat_profile((struct flat_costs){.base = 0});
    struct rp_result r =
        simulate("view: {cpu: {mean: 1ms, shape: exponential}}\n"
                 "load: {kind: open, rate: 500/s}\n"
                 "run: {requests: 1000, precision: 0.1%, max_replications: 7,"
                 " replications: 1}\n",
                 &p);

    cr_expect(eq(uint, r.replications, 7));
    cr_expect(strstr(r.warnings,
                     "after 7 replications, not to 0.1 %: raise "
                     "run.max_replications or run.requests") != NULL,
              "%s", r.warnings);
    rp_result_free(&r);
    rp_profile_free(&p);
}

/* Nothing is computed, nobody waits: there is nothing to be uncertain of. */
Test(simulate, a_precision_of_what_does_not_vary_is_reached_at_once)
{
    struct rp_profile p =
        flat_profile((struct flat_costs){.base = 100 * us, .layer = 1 * us});
    struct rp_result r = simulate(
        "run: {requests: 1000, precision: 0.01%, replications: 2}\n", &p);

    cr_expect(eq(uint, r.replications, 2));
    cr_expect(eq(str, r.warnings, ""));
    rp_result_free(&r);
    rp_profile_free(&p);
}

Test(simulate, a_profile_that_does_not_know_the_noise_gives_no_prediction)
{
    struct rp_profile p = flat_profile((struct flat_costs){.base = ms});
    struct rp_result r;

    p.accuracy[RP_SITUATION_ALONE][RP_METRIC_P99] =
        (struct rp_accuracy){0.0, 0.0};
    r = simulate("run: {requests: 2000, replications: 2}\n", &p);
    cr_expect(isnan(r.metrics[RP_METRIC_P99].low));
    cr_expect(not(isnan(r.metrics[RP_METRIC_P90].low)));
    cr_expect(eq(str, r.warnings,
                 "the profile does not say how much repeated runs differ in "
                 "p99_ms, so these have no prediction interval: calibrate with "
                 "three or more rounds, and ab -e\n"));
    rp_result_free(&r);
    rp_profile_free(&p);
}

Test(simulate, a_load_just_below_capacity_is_warned_of)
{
    struct rp_result r = erlang(1, 199.0);

    cr_expect(ne(ptr, strstr(r.warnings, "worker threads is taken 99."), NULL),
              "%s", r.warnings);
    rp_result_free(&r);
}

/* ---- Progress ---- */

struct told {
    size_t calls, done, known;
};

static void write_down(void *context, size_t done, size_t known)
{
    struct told *const told = context;

    told->calls++;
    cr_expect(eq(sz, done, told->calls), "one after the other");
    told->done = done;
    told->known = known;
}

/* 3 replications and 4 draws, and no pilot where the warm-up is given. */
Test(simulate, progress_is_told_after_each_run)
{
    struct told told = {0};
    const struct rp_simulate_options options = {
        .jobs = 2, .draws = 4, .progress = write_down, .context = &told};
    struct rp_profile p = uncertain_profile();
    struct rp_result r = {0};
    struct rp_error error = {0};

    cr_assert(
        eq(int,
           flat_simulate("run: {requests: 100, replications: 3, warm_up: 10}\n",
                         &p, &options, &r, &error),
           RP_OK),
        "%s", error.text);
    cr_expect(eq(sz, told.calls, 7));
    cr_expect(eq(sz, told.done, 7));
    cr_expect(eq(sz, told.known, 7));
    rp_result_free(&r);
    rp_profile_free(&p);
}
