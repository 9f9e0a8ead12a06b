/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "sim/simulate.h"

#include "flat_profile.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <string.h>

/* Classes of requests, clients that give up, and shared cores: figures that
 * were worked out by hand, or are published closed forms. Nothing of the
 * framework costs anything here, so all time is the views' own. */

static const double ms = 1e6;

static struct rp_result simulate(const char *text)
{
    const struct rp_simulate_options options = {.jobs = 0, .draws = 0};
    struct rp_profile profile = flat_profile((struct flat_costs){.base = 0.0});
    struct rp_scenario scenario = {0};
    struct rp_result result = {0};
    struct rp_error error = {0};

    cr_assert(eq(int,
                 rp_scenario_read_text(text, strlen(text), "x.yaml", &scenario,
                                       &error),
                 RP_OK),
              "%s", error.text);
    cr_assert(eq(int,
                 rp_simulate(&scenario, &profile, &options, &result, &error),
                 RP_OK),
              "%s", error.text);
    rp_scenario_free(&scenario);
    rp_profile_free(&profile);
    return result;
}

static double mean_ms(const struct rp_result *r)
{
    return r->metrics[RP_METRIC_MEAN].value / ms;
}

static double class_mean_ms(const struct rp_result *r, size_t i)
{
    return r->classes[i].metrics[RP_METRIC_MEAN].value / ms;
}

static double kind_ms(const struct rp_result *r, const char *name)
{
    for (size_t i = 0; i < r->kind_count; i++)
        if (strcmp(r->kinds[i].name, name) == 0)
            return r->kinds[i].mean_ns / ms;
    return 0.0;
}

static double all_kinds_ms(const struct rp_result *r)
{
    double sum = 0.0;

    for (size_t i = 0; i < r->kind_count; i++)
        sum += r->kinds[i].mean_ns / ms;
    return sum;
}

/* `found` is `expected`, to a part of it. */
static void expect_near(double found, double expected, double part,
                        const char *what)
{
    cr_expect(epsilon_eq(dbl, found, expected, part * expected), "%s", what);
}

/* ---- Classes ---- */

#define TWO_VIEWS                                                              \
    "requests:\n"                                                              \
    "- {name: page, share: 3, view: {cpu: 1ms}}\n"                             \
    "- {name: report, share: 1, priority: 5, view: {cpu: 5ms}}\n"
#define TWO_EQUAL_VIEWS                                                        \
    "requests:\n"                                                              \
    "- {name: page, share: 3, view: {cpu: 1ms}}\n"                             \
    "- {name: report, share: 1, view: {cpu: 5ms}}\n"

Test(mix, alone_each_class_takes_the_time_of_its_own_view)
{
    struct rp_result r = simulate(
        TWO_EQUAL_VIEWS "run: {requests: 4000, replications: 5, warm_up: 0}\n");
    const double pages = (double)r.classes[0].fate.answered;
    const double reports = (double)r.classes[1].fate.answered;

    cr_assert(eq(sz, r.class_count, 2));
    cr_expect(eq(str, r.classes[1].name, "report"));
    cr_expect(epsilon_eq(dbl, class_mean_ms(&r, 0), 1.0, 1e-9));
    cr_expect(epsilon_eq(dbl, class_mean_ms(&r, 1), 5.0, 1e-9));
    cr_expect(eq(ulong, r.fate.answered, 20000));
    /* 20000 draws of 3/4: a standard deviation of 61 */
    cr_expect(lt(dbl, fabs(pages - 15000.0), 200.0));
    cr_expect(
        epsilon_eq(dbl, mean_ms(&r), (pages + 5.0 * reports) / 20000.0, 1e-9));
    cr_expect(not(r.may_fail));
    rp_result_free(&r);
}

/* M/G/1, service 1 ms or 5 ms: E[S^2] = 7 ms^2, so at 300/s the wait is
 * 0.3 x 7 / 2 / (1 - 0.6) = 2.625 ms for either class. */
Test(mix, first_come_first_served_all_classes_wait_alike)
{
    struct rp_result r =
        simulate(TWO_EQUAL_VIEWS "load: {kind: open, rate: 300/s}\n"
                                 "run: {requests: 100000, replications: 6}\n");

    expect_near(class_mean_ms(&r, 0), 3.625, 0.02, "page");
    expect_near(class_mean_ms(&r, 1), 7.625, 0.02, "report");
    expect_near(kind_ms(&r, "queue: worker threads"), 2.625, 0.03, "wait");
    rp_result_free(&r);
}

/* The same with priorities (Cobham 1954): W0 = 0.3 x 7 / 2 = 1.05 ms; pages
 * wait W0 / (1 - 0.225), reports W0 / (1 - 0.225) / (1 - 0.6). */
Test(mix, by_priority_the_first_class_overtakes)
{
    struct rp_result r = simulate("server: {queue: priority}\n" TWO_VIEWS
                                  "load: {kind: open, rate: 300/s}\n"
                                  "run: {requests: 100000, replications: 6}\n");

    expect_near(class_mean_ms(&r, 0), 1.0 + 1.05 / 0.775, 0.02, "page");
    expect_near(class_mean_ms(&r, 1), 5.0 + 1.05 / 0.775 / 0.4, 0.03, "report");
    rp_result_free(&r);
}

/* Seven clients are seven, whatever they ask for: X (R + Z) = N. */
Test(mix, clients_of_several_classes_are_one_population)
{
    struct rp_result busy =
        simulate(TWO_EQUAL_VIEWS "load: {clients: 7}\n"
                                 "run: {requests: 20000, replications: 3}\n");
    struct rp_result thinking =
        simulate(TWO_EQUAL_VIEWS "load: {clients: 7, think: 20ms}\n"
                                 "run: {requests: 50000, replications: 3}\n");
    const double rps = thinking.metrics[RP_METRIC_RPS].value;

    cr_expect(epsilon_eq(dbl, busy.in_flight_mean, 7.0, 1e-9));
    expect_near(busy.metrics[RP_METRIC_RPS].value, 500.0, 0.01, "1 / 2 ms");
    expect_near(rps * (mean_ms(&thinking) + 20.0) / 1e3, 7.0, 0.002, "N");
    rp_result_free(&busy);
    rp_result_free(&thinking);
}

Test(mix, a_class_without_a_share_is_never_asked_for)
{
    struct rp_result r =
        simulate("requests:\n"
                 "- {name: never, share: 0, view: {cpu: 9ms}}\n"
                 "- {name: always, share: 2, view: {cpu: 1ms}}\n"
                 "- {name: nor, share: 0, view: {cpu: 9ms}}\n"
                 "run: {requests: 1000, replications: 2}\n");

    cr_expect(eq(ulong, r.classes[0].fate.answered, 0));
    cr_expect(eq(ulong, r.classes[2].fate.answered, 0));
    cr_expect(isnan(r.classes[0].metrics[RP_METRIC_MEAN].value));
    cr_expect(epsilon_eq(dbl, mean_ms(&r), 1.0, 1e-9));
    rp_result_free(&r);
}

/* ---- Cores ---- */

/* Three that compute 10 ms at once on two cores get two thirds of one each. */
Test(mix, shared_cores_serve_all_at_an_equal_part)
{
    struct rp_result r =
        simulate("server: {kind: gthread, threads: 8, gil: false}\n"
                 "host: {cores: 2, scheduling: sharing}\n"
                 "view: {cpu: 10ms}\n"
                 "load: {clients: 3}\n"
                 "run: {requests: 3000, replications: 2, warm_up: 0}\n");

    cr_expect(epsilon_eq(dbl, mean_ms(&r), 15.0, 1e-3));
    expect_near(r.metrics[RP_METRIC_P99].value / ms, 15.0, 0.01, "p99");
    expect_near(r.metrics[RP_METRIC_RPS].value, 200.0, 1e-3, "rps");
    expect_near(kind_ms(&r, "queue: cores"), 5.0, 1e-3, "the price of sharing");
    rp_result_free(&r);
}

/* M/D/1 at load 0.6: 1.75 ms one after the other (Pollaczek-Khinchine), 2.5 ms
 * where all share, whatever the distribution; short turns come near that. */
Test(mix, the_mean_depends_on_how_a_core_is_shared)
{
    static const struct {
        const char *host;
        double mean_ms, part;
    } cases[] = {
        {"host: {cores: 1}\n", 1.75, 0.01},
        {"host: {cores: 1, scheduling: sharing}\n", 2.5, 0.02},
        {"host: {cores: 1, scheduling: quantum, quantum: 20us}\n", 2.5, 0.03},
        {"host: {cores: 1, scheduling: quantum, quantum: 2ms}\n", 1.75, 0.01},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[512];
        struct rp_result r;

        (void)snprintf(text, sizeof text,
                       "server: {kind: gthread, threads: 5000, gil: false}\n"
                       "%sview: {cpu: 1ms}\n"
                       "load: {kind: open, rate: 600/s}\n"
                       "run: {requests: 40000, replications: 4}\n",
                       cases[i].host);
        r = simulate(text);
        expect_near(mean_ms(&r), cases[i].mean_ms, cases[i].part,
                    cases[i].host);
        expect_near(all_kinds_ms(&r), mean_ms(&r), 0.003, "kinds");
        rp_result_free(&r);
    }
}

/* ---- Who is not answered ---- */

/* M/M/1/5 at load 0.8: (1 - r) r^5 / (1 - r^6) of all are turned away. */
Test(mix, a_full_backlog_turns_requests_away)
{
    static const char *const servers[] = {
        "server: {backlog: 4}\n"
        "view: {cpu: {mean: 1ms, shape: exponential}}\n",
        "framework: {signals_async_aware: true, close_async_aware: true}\n"
        "server: {kind: uvicorn, backlog: 4}\n"
        "view: {kind: async, cpu: {mean: 1ms, shape: exponential}}\n",
    };
    const double expected = 0.2 * pow(0.8, 5.0) / (1.0 - pow(0.8, 6.0));

    for (size_t i = 0; i < sizeof servers / sizeof *servers; i++) {
        char text[512];
        struct rp_result r;

        (void)snprintf(text, sizeof text,
                       "%sload: {kind: open, rate: 800/s}\n"
                       "run: {requests: 250000, replications: 4}\n",
                       servers[i]);
        r = simulate(text);
        expect_near(rp_fate_turned_away(&r.fate), expected, 0.02, servers[i]);
        cr_expect(eq(ulong, r.fate.given_up, r.fate.turned_away));
        cr_expect(eq(ulong, r.fate.left, 0));
        cr_expect(not(r.saturated));
        cr_expect(lt(dbl, r.little_gap, 0.003));
        expect_near(all_kinds_ms(&r), mean_ms(&r), 0.003, "kinds");
        rp_result_free(&r);
    }
}

/* M/M/1 where nobody waits longer than 3 ms (F. Baccelli and G. Hebuterne
 * 1981): the work found is as in M/M/1 below that and decays like the service
 * above, so with r = 0.8 and q = exp(-0.2 x 3) p0 = 1 / (1 + r (1 - q) / (1 -
 * r) + r q), and p0 r q leave. */
Test(mix, who_is_not_let_in_in_time_leaves)
{
    const double q = exp(-0.2 * 3.0);
    const double p0 = 1.0 / (1.0 + 0.8 * (1.0 - q) / 0.2 + 0.8 * q);
    struct rp_result r =
        simulate("view: {cpu: {mean: 1ms, shape: exponential}}\n"
                 "load: {kind: open, rate: 800/s, timeout: 3ms}\n"
                 "run: {requests: 60000, replications: 4}\n");

    expect_near(rp_fate_left(&r.fate), 0.8 * p0 * q, 0.03, "left");
    cr_expect(eq(ulong, r.fate.left, r.fate.given_up));
    cr_expect(eq(ulong, r.fate.turned_away, 0));
    cr_expect(lt(dbl, r.little_gap, 0.003));
    expect_near(all_kinds_ms(&r), mean_ms(&r), 0.003, "kinds");
    rp_result_free(&r);
}

/* Twice what can be served arrives: with patience that is no queue that grows,
 * and no more is answered than can be. */
Test(mix, an_overload_of_impatient_clients_is_not_saturated)
{
    struct rp_result r = simulate("view: {cpu: 1ms}\n"
                                  "load: {kind: open, rate: 2000/s, "
                                  "timeout: 50ms}\n"
                                  "run: {requests: 40000, replications: 3}\n");

    cr_expect(not(r.saturated));
    expect_near(r.metrics[RP_METRIC_RPS].value, 1000.0, 0.01, "rps");
    expect_near(rp_fate_given_up(&r.fate), 0.5, 0.02, "half give up");
    cr_expect(lt(dbl, r.metrics[RP_METRIC_P99].value / ms, 51.5));
    rp_result_free(&r);
}

/* Everybody is let in at once. Later, after more than the client's patience,
 * they queue for the GIL, or wait longer still: that only makes answers late.
 */
Test(mix, whoever_was_let_in_is_answered_be_it_late)
{
    static const char *const servers[] = {
        "server: {kind: uvicorn}\n"
        "view: {kind: async, wait: 9ms}\n",
        "server: {kind: gthread, threads: 4}\n"
        "middleware: [{name: m, kind: sync, before: {wait: 3ms}}]\n"
        "view: {cpu: 6ms}\n",
    };

    for (size_t i = 0; i < sizeof servers / sizeof *servers; i++) {
        char text[512];
        struct rp_result r;

        (void)snprintf(text, sizeof text,
                       "%sload: {clients: 3, timeout: 2ms}\n"
                       "run: {requests: 1000, replications: 2, warm_up: 0}\n",
                       servers[i]);
        r = simulate(text);
        cr_expect(eq(ulong, r.fate.answered, 2000));
        cr_expect(eq(ulong, r.fate.late, r.fate.answered));
        cr_expect(eq(ulong, r.fate.left + r.fate.turned_away, 0));
        rp_result_free(&r);
    }
}

/* Each of those given up failed three times; pauses of 40 ms and 80 ms are in
 * the response time of those that came through later. */
Test(mix, retries_are_attempts_of_the_same_request)
{
    static const char text[] =
        "server: {kind: gthread, threads: 2, backlog: 3, gil: false}\n"
        "host: {cores: 2}\n"
        "view: {cpu: {mean: 2ms, cv: 1.2}}\n"
        "load: {kind: open, rate: 1000/s, timeout: 5ms, retries: 2,\n"
        "       backoff: 40ms}\n"
        "run: {requests: 40000, replications: 3}\n";
    struct rp_result r = simulate(text);
    const double failed = (double)(r.fate.turned_away + r.fate.left);

    cr_expect(gt(ulong, r.fate.given_up, 500));
    cr_expect(gt(dbl, failed, 3.0 * (double)r.fate.given_up));
    cr_expect(eq(ulong, r.fate.answered + r.fate.given_up, 120000));
    cr_expect(gt(dbl, r.metrics[RP_METRIC_P95].value / ms, 40.0));
    cr_expect(gt(dbl, kind_ms(&r, "pauses before a retry"), 1.0));
    cr_expect(lt(dbl, r.little_gap, 0.01));
    expect_near(all_kinds_ms(&r), mean_ms(&r), 0.01, "kinds");
    rp_result_free(&r);
}
