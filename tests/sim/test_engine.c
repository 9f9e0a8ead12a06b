/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/engine.h"

#include "sim/interval.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <gsl/gsl_cdf.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>

enum { REPLICATIONS = 10 };

static const double ms = 1e6;

/* ---- Plain queues against their closed forms ---- */

/* Arrivals, one station, answers. */
static struct rp_network queue(struct rp_duration gap,
                               struct rp_duration service, unsigned servers)
{
    struct rp_network net = {0};
    const size_t station = rp_network_station(&net, "server", servers, false);
    const size_t work = rp_network_kind(&net, "service");

    rp_network_open(&net, "customers", &gap);
    rp_network_arrive(&net);
    rp_network_take(&net, station);
    rp_network_own(&net, work, &service, "service");
    rp_network_hold(&net);
    rp_network_give(&net, station);
    rp_network_answer(&net);
    return net;
}

static struct rp_duration exponential(double mean_ns)
{
    return (struct rp_duration){RP_SHAPE_EXPONENTIAL, mean_ns, 1.0};
}

static struct rp_duration constant(double mean_ns)
{
    return (struct rp_duration){RP_SHAPE_CONSTANT, mean_ns, 0.0};
}

/* Means over replications and the half width of their 99.9 % interval. */
struct answer {
    double mean_ms, mean_half, utilisation, in_flight, throughput, p90_ms,
        little;
};

static struct answer run(const struct rp_network *net, uint64_t requests)
{
    double means[REPLICATIONS];
    struct answer a = {.mean_ms = 0.0};
    const double wider = gsl_cdf_tdist_Pinv(0.9995, REPLICATIONS - 1) /
                         gsl_cdf_tdist_Pinv(0.975, REPLICATIONS - 1);

    for (unsigned i = 0; i < REPLICATIONS; i++) {
        const struct rp_engine_settings set = {.seed = 20191125,
                                               .replication = i,
                                               .warm_up = requests / 10,
                                               .requests = requests};
        struct rp_replication r = {0};
        struct rp_error error = {0};

        cr_assert(eq(int, rp_engine_run(net, &set, &r, &error), RP_OK), "%s",
                  error.text);
        cr_assert(eq(u64, r.answered, requests));
        means[i] = r.response_ns / (double)r.answered / ms;
        a.mean_ms += means[i] / REPLICATIONS;
        a.p90_ms += rp_histogram_quantile(r.response, 0.9) / ms / REPLICATIONS;
        a.utilisation += r.stations[0].busy_ns / r.span_ns / REPLICATIONS;
        a.in_flight += r.in_flight_ns / r.span_ns / REPLICATIONS;
        a.throughput += 1e9 * (double)r.answered / r.span_ns / REPLICATIONS;
        rp_replication_free(&r);
        rp_replication_free(&r);
    }
    a.mean_half = wider * rp_interval_half_width(means, REPLICATIONS);
    a.little = fabs(a.in_flight - a.throughput * a.mean_ms / 1e3) / a.in_flight;
    return a;
}

/* Erlang's C: the share that waits, for `c` servers and load `a` (erlangs). */
static double erlang_c(unsigned c, double a)
{
    double b = 1.0; /* Erlang's B, by its recursion */

    for (unsigned k = 1; k <= c; k++)
        b = a * b / (k + a * b);
    return c * b / (c - a * (1.0 - b));
}

Test(engine, response_of_m_m_c_is_erlangs)
{
    static const struct {
        unsigned servers;
        double load;
    } cases[] = {{1, 0.5}, {1, 0.9}, {2, 0.8}, {8, 0.9}, {40, 0.7}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const unsigned c = cases[i].servers;
        const double load = cases[i].load;
        const double wait =
            erlang_c(c, c * load) * 5.0 / (c * (1.0 - load)); /* ms */
        struct rp_network net =
            queue(exponential(5.0 * ms / (c * load)), exponential(5.0 * ms), c);
        const struct answer a = run(&net, 25000);

        cr_expect(le(dbl, fabs(a.mean_ms - 5.0 - wait), a.mean_half),
                  "M/M/%u at %g: %g for %g, +-%g", c, load, a.mean_ms,
                  5.0 + wait, a.mean_half);
        cr_expect(le(dbl, fabs(a.utilisation / c - load), 0.01));
        cr_expect(le(dbl, a.little, 0.002));
        rp_network_free(&net);
    }
}

/* The response of M/M/1 is exponential: p90 = ln(10) R. */
Test(engine, the_ninetieth_percentile_of_m_m_1_is_that_of_an_exponential)
{
    struct rp_network net =
        queue(exponential(1.0 * ms / 0.6), exponential(1.0 * ms), 1);
    const struct answer a = run(&net, 40000);

    cr_expect(le(dbl, fabs(a.p90_ms / (log(10.0) / 0.4) - 1.0), 0.02), "%g",
              a.p90_ms);
    rp_network_free(&net);
}

/* Pollaczek and Khinchine: W = rho S (1 + cv^2) / (2 (1 - rho)). */
Test(engine, waits_of_m_g_1_are_pollaczeks_and_khinchines)
{
    const struct rp_duration services[] = {
        constant(2.0 * ms),
        {RP_SHAPE_LOGNORMAL, 2.0 * ms, 1.2},
        {RP_SHAPE_GAMMA, 2.0 * ms, 0.5},
        {RP_SHAPE_HYPEREXPONENTIAL, 2.0 * ms, 2.0},
    };
    const double load = 0.7;

    for (size_t i = 0; i < sizeof services / sizeof *services; i++) {
        const double cv = services[i].cv;
        const double response =
            2.0 + load * 2.0 * (1.0 + cv * cv) / (2.0 * (1.0 - load));
        struct rp_network net =
            queue(exponential(2.0 * ms / load), services[i], 1);
        const struct answer a = run(&net, 30000);

        cr_expect(le(dbl, fabs(a.mean_ms - response), a.mean_half),
                  "case %zu: %g for %g, +-%g", i, a.mean_ms, response,
                  a.mean_half);
        rp_network_free(&net);
    }
}

Test(engine, regular_arrivals_that_fit_never_wait)
{
    struct rp_network net = queue(constant(2.0 * ms), constant(1.5 * ms), 1);
    const struct answer a = run(&net, 1000);

    cr_expect(epsilon_eq(dbl, a.mean_ms, 1.5, 1e-9));
    cr_expect(epsilon_eq(dbl, a.utilisation, 0.75, 1e-3));
    rp_network_free(&net);
}

/* ---- Lindley's recursion, on the same variates ---- */

/* W(n+1) = max(0, W(n) + S(n) - A(n+1)): the engine must give every response
 * to the nanosecond. */
Test(engine, every_response_is_lindleys)
{
    enum { N = 5000 };
    const struct rp_duration gap = exponential(1.1 * ms);
    const struct rp_duration service = {RP_SHAPE_LOGNORMAL, 1.0 * ms, 0.8};
    struct rp_network net = queue(gap, service, 1);
    double *const series = calloc(N, sizeof *series);
    const struct rp_engine_settings set = {
        .seed = 5, .requests = N, .series_ns = series, .series_capacity = N};
    const struct rp_stream gaps =
        rp_stream_make(5, 0, 0, rp_stream_purpose("source", "gap", 0));
    const struct rp_stream services =
        rp_stream_make(5, 0, 0, rp_stream_purpose("network", "service", 0));
    const struct rp_sampler gap_sampler = rp_sampler_make(&gap);
    const struct rp_sampler service_sampler = rp_sampler_make(&service);
    struct rp_replication r = {0};
    struct rp_ziggurat ziggurat;
    uint64_t arrival = 0, free_at = 0;

    rp_ziggurat_make(&ziggurat);
    cr_assert(eq(int, rp_engine_run(&net, &set, &r, NULL), RP_OK));
    for (uint64_t i = 0; i < N; i++) {
        struct rp_cursor a = {.stream = gaps, .number = i};
        struct rp_cursor s = {.stream = services, .number = i};

        arrival += (uint64_t)(rp_sample_ns(&gap_sampler, &ziggurat, &a) + 0.5);
        free_at =
            (free_at > arrival ? free_at : arrival) +
            (uint64_t)(rp_sample_ns(&service_sampler, &ziggurat, &s) + 0.5);
        cr_assert(eq(dbl, series[i], (double)(free_at - arrival)),
                  "request %llu", (unsigned long long)i);
    }
    rp_replication_free(&r);
    rp_network_free(&net);
    free(series);
}

/* ---- Closed networks ---- */

/* Machine repair: n machines run for Z, one repairman takes S, exponential
 * both. Utilisation from the balance of births and deaths. */
Test(engine, machine_repair_balances_births_and_deaths)
{
    enum { MACHINES = 6 };
    const double z = 8.0, s = 2.0;
    const struct rp_duration think = exponential(z * ms);
    const struct rp_duration repair = exponential(s * ms);
    struct rp_network net = {0};
    const size_t man = rp_network_station(&net, "repairman", 1, false);
    const size_t work = rp_network_kind(&net, "work");
    double weight = 1.0, sum = 1.0, throughput, response;
    struct answer a;

    rp_network_closed(&net, "machines", MACHINES);
    rp_network_own(&net, work, &think, "run");
    rp_network_hold(&net);
    rp_network_arrive(&net);
    rp_network_take(&net, man);
    rp_network_own(&net, work, &repair, "repair");
    rp_network_hold(&net);
    rp_network_give(&net, man);
    rp_network_answer(&net);
    for (unsigned k = 1; k <= MACHINES; k++) {
        weight *= (MACHINES - k + 1) * s / z;
        sum += weight;
    }
    throughput = 1e3 * (1.0 - 1.0 / sum) / s; /* per second */
    response = MACHINES * 1e3 / throughput - z;
    a = run(&net, 25000);
    cr_expect(le(dbl, fabs(a.mean_ms - response), a.mean_half), "%g for %g",
              a.mean_ms, response);
    cr_expect(le(dbl, fabs(a.throughput / throughput - 1.0), 0.01));
    rp_network_free(&net);
}

/* Two stations in a ring, n customers, exponential: mean value analysis
 * (Reiser and Lavenberg, 1980), exact here. */
Test(engine, a_closed_network_of_two_stations_is_that_of_mean_value_analysis)
{
    enum { CUSTOMERS = 5 };
    const double demand[2] = {3.0, 2.0};
    double queue_length[2] = {0.0, 0.0}, x = 0.0;
    struct rp_network net = {0};
    const size_t work = rp_network_kind(&net, "work");
    struct answer a;

    for (unsigned n = 1; n <= CUSTOMERS; n++) {
        const double r0 = demand[0] * (1.0 + queue_length[0]);
        const double r1 = demand[1] * (1.0 + queue_length[1]);
        x = n / (r0 + r1);
        queue_length[0] = x * r0;
        queue_length[1] = x * r1;
    }
    for (unsigned i = 0; i < 2; i++)
        (void)rp_network_station(&net, i ? "disk" : "cpu", 1, false);
    rp_network_closed(&net, "customers", CUSTOMERS);
    rp_network_arrive(&net);
    for (unsigned i = 0; i < 2; i++) {
        const struct rp_duration d = exponential(demand[i] * ms);
        rp_network_take(&net, i);
        rp_network_own(&net, work, &d, i ? "disk" : "cpu");
        rp_network_hold(&net);
        rp_network_give(&net, i);
    }
    rp_network_answer(&net);
    a = run(&net, 25000);
    cr_expect(le(dbl, fabs(a.throughput / (1e3 * x) - 1.0), 0.01), "%g for %g",
              a.throughput, 1e3 * x);
    cr_expect(le(dbl, fabs(a.mean_ms - CUSTOMERS / x), a.mean_half));
    cr_expect(epsilon_eq(dbl, a.in_flight, CUSTOMERS, 1e-6));
    rp_network_free(&net);
}

/* ---- Accounts ---- */

static struct rp_replication one_run(const struct rp_network *net,
                                     struct rp_engine_settings set)
{
    struct rp_replication r = {0};
    struct rp_error error = {0};

    cr_assert(eq(int, rp_engine_run(net, &set, &r, &error), RP_OK), "%s",
              error.text);
    return r;
}

/* Two clients, one server, 3 ms each: every answer takes 6 ms but the first,
 * one waits at any time, and what is held is what was served. */
Test(engine, held_and_waited_times_add_up)
{
    const struct rp_duration service = constant(3.0 * ms);
    struct rp_network net = {0};
    const size_t s = rp_network_station(&net, "server", 1, false);
    const size_t work = rp_network_kind(&net, "service");
    struct rp_replication r;

    rp_network_closed(&net, "clients", 2);
    rp_network_arrive(&net);
    rp_network_take(&net, s);
    rp_network_own(&net, work, &service, "service");
    rp_network_hold(&net);
    rp_network_give(&net, s);
    rp_network_answer(&net);
    r = one_run(&net,
                (struct rp_engine_settings){.warm_up = 10, .requests = 100});
    cr_expect(eq(dbl, r.span_ns, 300.0 * ms));
    cr_expect(eq(dbl, r.response_ns, 600.0 * ms));
    cr_expect(eq(dbl, r.stations[s].busy_ns, 300.0 * ms));
    cr_expect(eq(dbl, r.stations[s].queue_ns, 300.0 * ms));
    cr_expect(eq(u64, r.stations[s].visits, 100));
    cr_expect(eq(dbl, r.kind_ns[work], 300.0 * ms));
    cr_expect(eq(u64, r.in_flight_at_end, 1), "the other one is being served");
    rp_replication_free(&r);
    rp_network_free(&net);
}

Test(engine, a_run_by_duration_ends_at_that_instant)
{
    struct rp_network net = queue(constant(2.0 * ms), constant(1.0 * ms), 1);
    struct rp_replication r = one_run(
        &net, (struct rp_engine_settings){.warm_up = 5, .duration_ns = 1e9});

    cr_expect(eq(dbl, r.span_ns, 1e9));
    cr_expect(eq(u64, r.answered, 500));
    cr_expect(epsilon_eq(dbl, r.in_flight_early, 0.5, 0.01));
    cr_expect(epsilon_eq(dbl, r.in_flight_late, 0.5, 0.01));
    rp_replication_free(&r);
    rp_network_free(&net);
}

Test(engine, what_arrives_is_answered_or_still_there)
{
    struct rp_network net =
        queue(exponential(1.0 * ms), exponential(0.95 * ms), 1);
    struct rp_replication r =
        one_run(&net, (struct rp_engine_settings){.requests = 20000});

    cr_expect(eq(u64, r.arrived, r.answered + r.in_flight_at_end));
    rp_replication_free(&r);
    rp_network_free(&net);
}

Test(engine, an_overloaded_run_gives_up_and_says_so)
{
    struct rp_network net = queue(constant(1.0 * ms), constant(3.0 * ms), 1);
    struct rp_replication r =
        one_run(&net, (struct rp_engine_settings){.requests = 1000000,
                                                  .in_flight_max = 500});

    cr_expect(r.overflowed);
    cr_expect(eq(u64, r.in_flight_at_end, 501));
    rp_replication_free(&r);
    rp_network_free(&net);
}

/* Requests go where the fewest are: four processes, four clients, no queue. */
Test(engine, each_process_has_stations_of_its_own)
{
    const struct rp_duration service = constant(1.0 * ms);
    struct rp_network net = {.processes = 4};
    const size_t s = rp_network_station(&net, "loop", 1, true);
    const size_t work = rp_network_kind(&net, "service");
    struct rp_replication r;

    rp_network_closed(&net, "clients", 4);
    rp_network_arrive(&net);
    rp_network_choose(&net);
    rp_network_take(&net, s);
    rp_network_own(&net, work, &service, "service");
    rp_network_hold(&net);
    rp_network_give(&net, s);
    rp_network_answer(&net);
    r = one_run(&net, (struct rp_engine_settings){.requests = 400});
    cr_expect(eq(dbl, r.response_ns, 400.0 * ms));
    cr_expect(eq(dbl, r.span_ns, 100.0 * ms));
    cr_expect(eq(dbl, r.stations[s].busy_ns, 400.0 * ms));
    rp_replication_free(&r);
    rp_network_free(&net);
}

/* Costs at a request's own level: all parts are at the same quantile, so the
 * response's quantiles are the sums of theirs. */
Test(engine, parts_by_level_are_comonotone)
{
    struct rp_spread narrow = rp_spread_constant(), wide = narrow;
    struct rp_network net = {0};
    const size_t work = rp_network_kind(&net, "service");
    struct rp_replication r;

    for (size_t i = 0; i < RP_LEVEL_COUNT; i++)
        wide.multiple[i] = 2.0 * rp_levels[i];
    rp_network_closed(&net, "client", 1);
    rp_network_arrive(&net);
    rp_network_level(&net, work, 10.0 * ms, &narrow);
    rp_network_level(&net, work, 20.0 * ms, &wide);
    rp_network_hold(&net);
    rp_network_answer(&net);
    r = one_run(&net, (struct rp_engine_settings){.requests = 100000});
    for (unsigned i = 1; i < 10; i++)
        cr_expect(epsilon_eq(dbl, rp_histogram_quantile(r.response, i / 10.0),
                             (10.0 + 40.0 * i / 10.0) * ms, 0.5 * ms));
    rp_replication_free(&r);
    rp_network_free(&net);
}

Test(engine, requests_that_wait_for_each_other_are_an_error)
{
    const struct rp_duration service = constant(1.0 * ms);
    struct rp_network net = {0};
    const size_t a = rp_network_station(&net, "a", 1, false);
    const size_t b = rp_network_station(&net, "b", 1, false);
    const size_t work = rp_network_kind(&net, "service");
    struct rp_replication r = {0};
    struct rp_error error = {0};

    for (unsigned i = 0; i < 2; i++) {
        rp_network_closed(&net, i ? "second" : "first", 1);
        rp_network_arrive(&net);
        rp_network_take(&net, i ? b : a);
        rp_network_own(&net, work, &service, "hold");
        rp_network_hold(&net);
        rp_network_take(&net, i ? a : b);
        rp_network_give(&net, i ? a : b);
        rp_network_give(&net, i ? b : a);
        rp_network_answer(&net);
    }
    cr_expect(
        eq(int,
           rp_engine_run(&net, &(struct rp_engine_settings){.requests = 10}, &r,
                         &error),
           RP_ERR_UNSTABLE));
    cr_expect(eq(str, error.text,
                 "after 0 answers nothing can happen any more: 2 requests wait "
                 "for each other"));
    cr_expect(eq(ptr, (void *)r.response, NULL), "untouched on failure");
    rp_network_free(&net);
}

Test(engine, a_run_without_a_length_is_refused)
{
    struct rp_network net = queue(constant(1.0), constant(1.0), 1);
    struct rp_replication r = {0};
    struct rp_error error = {0};

    cr_expect(eq(int,
                 rp_engine_run(&net, &(struct rp_engine_settings){.seed = 1},
                               &r, &error),
                 RP_ERR_VALUE));
    cr_expect(
        eq(str, error.text, "a run needs a number of requests or a duration"));
    rp_network_free(&net);
}

Test(engine, the_same_seed_gives_the_same_run_and_another_another)
{
    struct rp_network net =
        queue(exponential(1.0 * ms), exponential(0.8 * ms), 1);
    const struct rp_engine_settings set = {.seed = 3, .requests = 5000};
    struct rp_engine_settings other = set;
    struct rp_replication a = one_run(&net, set), b = one_run(&net, set), c;

    other.seed = 4;
    c = one_run(&net, other);
    cr_expect(eq(dbl, a.response_ns, b.response_ns));
    cr_expect(eq(dbl, a.span_ns, b.span_ns));
    cr_expect(ne(dbl, a.response_ns, c.response_ns));
    rp_replication_free(&a);
    rp_replication_free(&b);
    rp_replication_free(&c);
    rp_network_free(&net);
}
