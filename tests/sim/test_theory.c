/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "theory.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>

/* ---- Closed forms, within 99.9 % ---- */

Test(theory, every_closed_form_lies_in_its_interval)
{
    struct theory cases[THEORY_MAX];
    const size_t count = theory_make(cases);

    cr_assert(gt(sz, count, 25));
    for (size_t i = 0; i < count; i++) {
        struct theory_answer a;
        double half;

        cr_assert(theory_run(&cases[i], THEORY_SEED, &a), "%s", cases[i].name);
        half = theory_half_width(&a, 0.999);
        cr_expect(a.mean + half >= cases[i].low &&
                      a.mean - half <= cases[i].high,
                  "%s: %.4g +- %.2g for %.4g", cases[i].name, a.mean, half,
                  cases[i].low);
        cr_expect(half < 0.25 * a.mean, "%s: %.4g +- %.2g says nothing",
                  cases[i].name, a.mean, half);
    }
    theory_free(cases, count);
}

/* ---- Recursions on the same variates, event for event ---- */

enum { N = 5000, SERVERS = 3, SEED = 5 };

static const struct rp_duration gap = {RP_SHAPE_EXPONENTIAL, 1.1e6, 1.0};

/* What the engine drew for one purpose, in whole nanoseconds. */
static uint64_t drawn(const struct rp_duration *duration, uint64_t purpose,
                      uint64_t number)
{
    const struct rp_sampler sampler = rp_sampler_make(duration);
    struct rp_cursor cursor = {.stream = rp_stream_make(SEED, 0, 0, purpose),
                               .number = number};
    struct rp_ziggurat ziggurat;

    rp_ziggurat_make(&ziggurat);
    return (uint64_t)(rp_sample_ns(&sampler, &ziggurat, &cursor) + 0.5);
}

struct answered {
    uint64_t at_ns, response_ns;
};

static int by_time(const void *left, const void *right)
{
    const struct answered *const a = left, *const b = right;

    return (a->at_ns > b->at_ns) - (a->at_ns < b->at_ns);
}

/* J. Kiefer and J. Wolfowitz (1955): whoever comes takes the server that is
 * free first. With one server that is Lindley's recursion (1952). */
static void recursion(unsigned servers, const struct rp_duration *service,
                      struct answered answers[N])
{
    uint64_t free_at[SERVERS] = {0}, arrival = 0;

    for (uint64_t i = 0; i < N; i++) {
        unsigned first = 0;

        for (unsigned k = 1; k < servers; k++)
            if (free_at[k] < free_at[first])
                first = k;
        arrival += drawn(&gap, rp_stream_purpose("source", "gap", 0), i);
        if (free_at[first] < arrival)
            free_at[first] = arrival;
        free_at[first] +=
            drawn(service, rp_stream_purpose("network", "service", 0), i);
        answers[i] =
            (struct answered){free_at[first], free_at[first] - arrival};
    }
    qsort(answers, N, sizeof *answers, by_time);
}

Test(theory, every_response_is_lindleys_and_kiefers_and_wolfowitzs)
{
    static struct answered answers[N];
    static double series[N];

    for (unsigned servers = 1; servers <= SERVERS; servers += 2) {
        const struct rp_duration service = {RP_SHAPE_LOGNORMAL, 1e6 * servers,
                                            0.8};
        const struct rp_engine_settings set = {.seed = SEED,
                                               .requests = N,
                                               .series_ns = series,
                                               .series_capacity = N};
        struct rp_network net = {0};
        struct rp_replication r = {0};

        (void)rp_network_station(&net, "server", servers, false);
        rp_network_open(&net, "customers", &gap);
        rp_network_arrive(&net);
        rp_network_take(&net, 0);
        rp_network_own(&net, rp_network_kind(&net, "work"), &service,
                       "service");
        rp_network_hold(&net);
        rp_network_give(&net, 0);
        rp_network_answer(&net);
        recursion(servers, &service, answers);
        cr_assert(eq(int, rp_engine_run(&net, &set, &r, NULL), RP_OK));
        /* the last arrivals of the recursion may be answered after later ones
         * that it does not know: leave out a few */
        for (uint64_t i = 0; i < N - 50; i++)
            cr_assert(eq(dbl, series[i], (double)answers[i].response_ns),
                      "%u servers, answer %llu", servers,
                      (unsigned long long)i);
        rp_replication_free(&r);
        rp_network_free(&net);
    }
}
