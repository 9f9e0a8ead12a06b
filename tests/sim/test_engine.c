/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/engine.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

static const double ms = 1e6;

/* ---- Plain queues; closed forms are in test_theory.c ---- */

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

static struct rp_replication one_run(const struct rp_network *net,
                                     struct rp_engine_settings set)
{
    struct rp_replication r = {0};
    struct rp_error error = {0};

    cr_assert(eq(int, rp_engine_run(net, &set, &r, &error), RP_OK), "%s",
              error.text);
    return r;
}

/* The response of M/M/1 is exponential: p90 = ln(10) R. */
Test(engine, the_ninetieth_percentile_of_m_m_1_is_that_of_an_exponential)
{
    struct rp_network net =
        queue(exponential(1.0 * ms / 0.6), exponential(1.0 * ms), 1);
    struct rp_replication r =
        one_run(&net, (struct rp_engine_settings){
                          .seed = 7, .warm_up = 4000, .requests = 400000});
    const double p90_ms = rp_histogram_quantile(r.response, 0.9) / ms;

    cr_expect(le(dbl, fabs(p90_ms / (log(10.0) / 0.4) - 1.0), 0.02), "%g",
              p90_ms);
    rp_replication_free(&r);
    rp_replication_free(&r);
    rp_network_free(&net);
}

Test(engine, regular_arrivals_that_fit_never_wait)
{
    struct rp_network net = queue(constant(2.0 * ms), constant(1.5 * ms), 1);
    struct rp_replication r = one_run(
        &net, (struct rp_engine_settings){.warm_up = 100, .requests = 1000});

    cr_expect(eq(dbl, r.response_ns, 1500.0 * ms));
    cr_expect(epsilon_eq(dbl, r.stations[0].busy_ns / r.span_ns, 0.75, 1e-3));
    rp_replication_free(&r);
    rp_network_free(&net);
}

/* ---- Accounts ---- */

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

/* L = X R: what is in flight at either end of 100000 answers is the gap. */
Test(engine, littles_law_holds_in_a_long_run)
{
    struct rp_network net =
        queue(exponential(1.0 * ms), exponential(0.8 * ms), 1);
    struct rp_replication r =
        one_run(&net, (struct rp_engine_settings){.requests = 100000});

    cr_expect(le(dbl, fabs(r.in_flight_ns / r.response_ns - 1.0), 0.002));
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

/* Two classes that take two stations, each in the other's order: closed, or by
 * a trace each. */
static struct rp_network crossing(const struct rp_timestamps *trace)
{
    const struct rp_duration service = constant(1.0 * ms);
    struct rp_network net = {0};
    const size_t a = rp_network_station(&net, "a", 1, false);
    const size_t b = rp_network_station(&net, "b", 1, false);
    const size_t work = rp_network_kind(&net, "service");

    for (unsigned i = 0; i < 2; i++) {
        if (trace)
            rp_network_open(&net, i ? "second" : "first", &service);
        else
            rp_network_closed(&net, i ? "second" : "first", 1);
        if (trace)
            rp_network_trace(&net, trace, 1.0);
        rp_network_arrive(&net);
        rp_network_take(&net, i ? b : a);
        rp_network_own(&net, work, &service, "hold");
        rp_network_hold(&net);
        rp_network_take(&net, i ? a : b);
        rp_network_give(&net, i ? a : b);
        rp_network_give(&net, i ? b : a);
        rp_network_answer(&net);
    }
    return net;
}

Test(engine, requests_that_wait_for_each_other_are_an_error)
{
    struct rp_network net = crossing(NULL);
    struct rp_replication r = {0};
    struct rp_error error = {0};

    cr_expect(
        eq(int,
           rp_engine_run(&net, &(struct rp_engine_settings){.requests = 10}, &r,
                         &error),
           RP_ERR_UNSTABLE));
    cr_expect(eq(str, error.text,
                 "after 0 answers nothing can happen any more: 2 requests wait "
                 "for each other"));
    cr_expect(eq(ptr, (void *)r.response, NULL), "untouched on failure");
    cr_expect(
        eq(int,
           rp_engine_run(&net, &(struct rp_engine_settings){.duration_ns = 1e9},
                         &r, &error),
           RP_ERR_UNSTABLE),
        "nor does a run by duration end as if something had happened");
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

/* ---- Traces ---- */

/* What was drawn for the requests' service, in whole nanoseconds. */
static uint64_t service_of(const struct rp_duration *service, uint64_t seed,
                           uint64_t number)
{
    const struct rp_sampler sampler = rp_sampler_make(service);
    struct rp_cursor cursor = {
        .stream = rp_stream_make(seed, 0, 0,
                                 rp_stream_purpose("network", "service", 0)),
        .number = number};
    struct rp_ziggurat ziggurat;

    rp_ziggurat_make(&ziggurat);
    return rp_to_ns(rp_sample_ns(&sampler, &ziggurat, &cursor));
}

/* Arrivals are those of the trace (responses are Lindley's on them), and the
 * run ends with the last answer, however long it was to be. */
Test(engine, a_trace_is_replayed_event_for_event_and_ends_the_run)
{
    enum { N = 3000 };
    const struct rp_duration service = {RP_SHAPE_GAMMA, 1.0 * ms, 0.7};
    const struct rp_engine_settings sets[] = {{.seed = 8, .requests = 100 * N},
                                              {.seed = 8, .duration_ns = 1e15}};
    static uint64_t times[N];
    static double series[N];

    for (size_t i = 0; i < N; i++) /* in threes, and once none for long */
        times[i] = i / 3 * 7000000 + (i > N / 2 ? 5000000000 : 0);
    for (size_t k = 0; k < 2; k++) {
        const struct rp_timestamps trace = {N, times};
        struct rp_network net = queue(exponential(1.0), service, 1);
        struct rp_engine_settings set = sets[k];
        uint64_t free_at = 0;
        struct rp_replication r;

        rp_network_trace(&net, &trace, 2.0);
        set.series_ns = series;
        set.series_capacity = N;
        r = one_run(&net, set);
        cr_assert(eq(u64, r.answered, N));
        cr_expect(eq(u64, r.arrived, N));
        cr_expect(eq(u64, r.in_flight_at_end, 0));
        for (size_t i = 0; i < N; i++) {
            const uint64_t arrival = times[i] / 2; /* twice as fast */

            free_at = (free_at > arrival ? free_at : arrival) +
                      service_of(&service, 8, i);
            cr_assert(eq(dbl, series[i], (double)(free_at - arrival)),
                      "request %zu", i);
        }
        cr_expect(eq(dbl, r.span_ns, (double)free_at));
        rp_replication_free(&r);
        rp_network_free(&net);
    }
}

/* Two classes, each with a trace: the run ends with the later one. A second
 * class of the same source has no arrivals of its own that would have to end.
 */
Test(engine, a_run_ends_when_every_trace_has)
{
    uint64_t early[] = {0, 1000}, late[] = {0, 9000};
    const struct rp_timestamps traces[] = {{2, early}, {2, late}};
    const struct rp_duration service = constant(10.0);
    struct rp_network net = {0};
    const size_t work = rp_network_kind(&net, "service");
    struct rp_replication r;

    for (unsigned i = 0; i < 3; i++) {
        if (i < 2)
            rp_network_open(&net, i ? "second" : "first", &service);
        else
            rp_network_variant(&net, "third");
        if (i < 2)
            rp_network_trace(&net, &traces[i], 1.0);
        rp_network_share(&net, 1.0);
        rp_network_arrive(&net);
        rp_network_own(&net, work, &service, "hold");
        rp_network_hold(&net);
        rp_network_answer(&net);
    }
    r = one_run(&net, (struct rp_engine_settings){.requests = 100});
    cr_expect(eq(u64, r.answered, 4));
    cr_expect(eq(dbl, r.span_ns, 9010.0));
    rp_replication_free(&r);
    rp_network_free(&net);
}

Test(engine, a_trace_that_is_stuck_is_an_error_and_no_end)
{
    uint64_t times[] = {0, 1000};
    const struct rp_timestamps trace = {2, times};
    struct rp_network net = crossing(&trace);
    struct rp_replication r = {0};
    struct rp_error error = {0};

    cr_expect(
        eq(int,
           rp_engine_run(&net, &(struct rp_engine_settings){.requests = 10}, &r,
                         &error),
           RP_ERR_UNSTABLE));
    cr_expect(eq(str, error.text,
                 "after 0 answers nothing can happen any more: 4 requests wait "
                 "for each other"));
    rp_network_free(&net);
}
