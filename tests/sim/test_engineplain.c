/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/engineplain.h"

#include "sim/engine.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

/* The general walk is the other way to the same numbers: a run in which
 * somebody watches is not plain. Networks are put together at random, so that
 * they have what nobody thought of. */

struct dice {
    uint64_t state;
};

static unsigned roll(struct dice *dice, unsigned sides)
{
    dice->state =
        dice->state * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return (unsigned)(dice->state >> 33) % sides;
}

/* Short and long, of no time at all, and all the same, so that there are ties.
 */
static struct rp_duration any_time(struct dice *dice)
{
    static const double means_ns[] = {0.0, 1e3, 1e3, 2e3, 5e3, 1e5};
    const double mean_ns = means_ns[roll(dice, 6)];

    return (struct rp_duration){
        roll(dice, 3) ? RP_SHAPE_EXPONENTIAL : RP_SHAPE_CONSTANT, mean_ns, 1.0};
}

static void add_hold(struct rp_network *net, struct dice *dice)
{
    char purpose[32];

    for (unsigned parts = roll(dice, 5) ? 1 : 2; parts > 0; parts--) {
        const struct rp_duration time = any_time(dice);

        (void)snprintf(purpose, sizeof purpose, "time %zu", net->step_count);
        if (roll(dice, 8)) {
            rp_network_own(net, 0, &time, purpose);
        } else {
            const struct rp_spread spread = rp_spread_constant();
            rp_network_level(net, 0, time.mean_ns, &spread);
        }
    }
    rp_network_hold(net);
}

static void add_visits(struct rp_network *net, struct dice *dice)
{
    for (unsigned visits = 1 + roll(dice, 5); visits > 0; visits--) {
        const size_t outer = roll(dice, (unsigned)net->station_count);
        const size_t inner = roll(dice, (unsigned)net->station_count);

        if (roll(dice, 12) == 0)
            rp_network_stay(net);
        rp_network_take(net, outer);
        if (roll(dice, 4) == 0 && inner > outer) {
            rp_network_take(net, inner);
            add_hold(net, dice);
            rp_network_give(net, inner);
        } else {
            add_hold(net, dice);
        }
        rp_network_give(net, outer);
        if (roll(dice, 4) == 0)
            add_hold(net, dice);
    }
}

static void begin_class(struct rp_network *net, struct dice *dice)
{
    const struct rp_duration gap = {
        roll(dice, 3) ? RP_SHAPE_EXPONENTIAL : RP_SHAPE_CONSTANT, 1e4, 1.0};
    const struct rp_duration pause = {RP_SHAPE_EXPONENTIAL, 5e3, 1.0};

    if (net->class_count > 0 && roll(dice, 4) == 0)
        rp_network_variant(net, "variant");
    else if (roll(dice, 3) == 0)
        rp_network_closed(net, "closed", 1 + roll(dice, 40));
    else
        rp_network_open(net, "open", &gap);
    rp_network_priority(net, roll(dice, 3));
    if (roll(dice, 3) == 0)
        rp_network_patience(net, 2000 + roll(dice, 50000));
    if (roll(dice, 3) == 0)
        rp_network_retry(net, 1 + roll(dice, 3), &pause);
    if (net->classes[net->class_count - 1].source == RP_SOURCE_CLOSED &&
        roll(dice, 2))
        add_hold(net, dice);
}

static struct rp_network any_network(uint64_t seed)
{
    static const unsigned servers[] = {1, 1, 2, 5, 40};
    struct dice dice = {seed};
    struct rp_network net = {.processes = 1 + roll(&dice, 2)};

    (void)rp_network_kind(&net, "time");
    for (unsigned stations = 1 + roll(&dice, 4); stations > 0; stations--) {
        const size_t s = rp_network_station(
            &net, "station", servers[roll(&dice, 5)], roll(&dice, 4) == 0);

        if (roll(&dice, 4) == 0)
            rp_network_backlog(&net, s, roll(&dice, 10));
        if (roll(&dice, 5) == 0)
            rp_network_discipline(&net, s, RP_DISCIPLINE_PRIORITY, 0);
        else if (roll(&dice, 8) == 0)
            rp_network_discipline(&net, s, RP_DISCIPLINE_RANDOM, 0);
    }
    for (unsigned classes = 1 + roll(&dice, 3); classes > 0; classes--) {
        begin_class(&net, &dice);
        rp_network_arrive(&net);
        if (roll(&dice, 2))
            rp_network_choose(&net);
        add_visits(&net, &dice);
        rp_network_answer(&net);
    }
    return net;
}

static void hear_nothing(void *context, const struct rp_moment *moment)
{
    (void)context, (void)moment;
}

static enum rp_code run(const struct rp_network *net, bool is_watched,
                        struct rp_replication *r)
{
    const struct rp_watch watch = {.number = UINT64_MAX - 1,
                                   .tell = hear_nothing};
    const struct rp_engine_settings set = {.seed = 3,
                                           .warm_up = 100,
                                           .requests = 1000,
                                           .in_flight_max = 2000,
                                           .watch = is_watched ? &watch : NULL};
    struct rp_error error = {0};

    return rp_engine_run(net, &set, r, &error);
}

/* To the last bit, which eq(dbl) would not see of a NAN. */
static void expect_same(const struct rp_replication *a,
                        const struct rp_replication *b, uint64_t seed)
{
    const unsigned long long number = (unsigned long long)seed;

    cr_expect(eq(u64, a->answered, b->answered), "network %llu", number);
    cr_expect(eq(u64, a->arrived, b->arrived), "network %llu", number);
    cr_expect(eq(u64, a->events, b->events), "network %llu", number);
    cr_expect(eq(dbl, a->span_ns, b->span_ns), "network %llu", number);
    cr_expect(eq(dbl, a->response_ns, b->response_ns), "network %llu", number);
    cr_expect(eq(dbl, a->in_flight_ns, b->in_flight_ns), "network %llu",
              number);
    cr_expect(eq(dbl, a->kind_ns[0], b->kind_ns[0]), "network %llu", number);
    cr_expect(eq(int, a->overflowed, b->overflowed), "network %llu", number);
    for (size_t i = 0; i < a->station_count; i++)
        cr_expect(memcmp(&a->stations[i], &b->stations[i],
                         sizeof a->stations[i]) == 0,
                  "station %zu of network %llu", i, number);
    for (size_t i = 0; i < a->class_count; i++) {
        cr_expect(memcmp(&a->classes[i], &b->classes[i],
                         offsetof(struct rp_class_stats, response)) == 0,
                  "class %zu of network %llu", i, number);
        cr_expect(memcmp(a->classes[i].response, b->classes[i].response,
                         sizeof *a->classes[i].response) == 0,
                  "class %zu of network %llu", i, number);
    }
}

Test(engineplain, any_network_gives_the_same_numbers_as_the_general_walk)
{
    unsigned ran = 0;

    for (uint64_t seed = 1; seed <= 120; seed++) {
        struct rp_network net = any_network(seed);
        struct rp_replication plain = {0}, general = {0};
        const enum rp_code code = run(&net, false, &plain);

        cr_expect(eq(int, run(&net, true, &general), (int)code));
        if (!code) {
            expect_same(&plain, &general, seed);
            ran++;
        }
        rp_replication_free(&plain);
        rp_replication_free(&general);
        rp_network_free(&net);
    }
    cr_expect(gt(uint, ran, 60), "most of them can run: %u", ran);
}
