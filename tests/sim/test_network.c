/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/network.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static const struct rp_duration second = {RP_SHAPE_CONSTANT, 1e9, 0.0};

Test(network, building_keeps_the_order_and_checking_accepts_it)
{
    struct rp_network net = {0};
    struct rp_error error = {0};
    const size_t a = rp_network_station(&net, "a", 1, false);
    const size_t b = rp_network_station(&net, "b", 3, true);
    const size_t work = rp_network_kind(&net, "work");

    rp_network_closed(&net, "clients", 2);
    rp_network_own(&net, work, &second, "think");
    rp_network_hold(&net);
    rp_network_arrive(&net);
    rp_network_take(&net, a);
    rp_network_choose(&net);
    rp_network_take(&net, b);
    rp_network_own(&net, work, &second, "one");
    rp_network_own(&net, rp_network_kind(&net, "work"), &second, "two");
    rp_network_hold(&net);
    rp_network_hold(&net); /* of no part: nothing */
    rp_network_give(&net, b);
    rp_network_give(&net, a);
    rp_network_answer(&net);
    cr_expect(eq(int, rp_network_check(&net, &error), RP_OK), "%s", error.text);
    cr_expect(eq(sz, net.step_count, 9));
    cr_expect(eq(sz, net.part_count, 3));
    cr_expect(eq(sz, net.kind_count, 1));
    cr_expect(eq(sz, net.steps[5].first_part, 1));
    cr_expect(eq(sz, net.steps[5].part_count, 2));
    rp_network_free(&net);
    rp_network_free(&net);
}

struct mistake {
    const char *steps; /* a arrive, c choose, t g station 0, T G station 1,
                          ! answer */
    const char *sentence;
};

static void build(struct rp_network *net, const char *steps)
{
    (void)rp_network_station(net, "a", 1, false);
    (void)rp_network_station(net, "b", 1, true);
    rp_network_closed(net, "c", 1);
    for (; *steps; steps++)
        switch (*steps) {
        case 'a':
            rp_network_arrive(net);
            break;
        case 'c':
            rp_network_choose(net);
            break;
        case 't':
            rp_network_take(net, 0);
            break;
        case 'g':
            rp_network_give(net, 0);
            break;
        case 'T':
            rp_network_take(net, 1);
            break;
        case 'G':
            rp_network_give(net, 1);
            break;
        case '9':
            rp_network_take(net, 9);
            break;
        default:
            rp_network_answer(net);
        }
}

Test(network, a_program_that_cannot_be_run_is_refused_in_a_sentence)
{
    static const struct mistake cases[] = {
        {"a", "class \"c\" never answers"},
        {"!", "class \"c\" answers before it arrives"},
        {"aa!", "class \"c\" arrives twice"},
        {"a!t", "class \"c\" has a step after its answer"},
        {"at!", "class \"c\" never gives \"a\" back"},
        {"ag!", "class \"c\" gives back a server of \"a\" that it has not "
                "taken"},
        {"TaG!", "class \"c\" takes \"b\" of a process before it has arrived "
                 "at one"},
        {"aTcG!", "class \"c\" must choose its process once, after it has "
                  "arrived and before it takes a station of one"},
        {"a9!", "class \"c\" names station 9 of 2"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rp_network net = {0};
        struct rp_error error = {0};

        build(&net, cases[i].steps);
        cr_expect(eq(int, rp_network_check(&net, &error), RP_ERR_VALUE));
        cr_expect(eq(str, error.text, (char *)cases[i].sentence));
        rp_network_free(&net);
    }
}

Test(network, nothing_and_a_station_without_servers_are_refused)
{
    struct rp_network net = {0};
    struct rp_error error = {0};

    cr_expect(eq(int, rp_network_check(&net, &error), RP_ERR_VALUE));
    (void)rp_network_station(&net, "none", 0, false);
    rp_network_closed(&net, "c", 1);
    cr_expect(eq(int, rp_network_check(&net, &error), RP_ERR_VALUE));
    cr_expect(eq(str, error.text, "station \"none\" has no server"));
    rp_network_free(&net);
}
