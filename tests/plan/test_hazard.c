/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/hazard.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

/* Two resources, and what a request does with them, as steps by hand. */
static char resource_a[] = "a", resource_b[] = "b";
static struct rp_resource resources[] = {{resource_a, 1}, {resource_b, 1}};

#define TAKE(r, d)                                                             \
    {                                                                          \
        .op = RP_STEP_TAKE, .resource = (r), .depth = (d)                      \
    }
#define GIVE(r, d)                                                             \
    {                                                                          \
        .op = RP_STEP_GIVE, .resource = (r), .depth = (d)                      \
    }

static char *say(struct rp_route *routes, size_t count)
{
    const struct rp_scenario scenario = {
        .cores = 1, .resource_count = 2, .resources = resources};
    const struct rp_profile profile = {0};
    const struct rp_routes all = {.count = count, .routes = routes};
    struct rp_error error = {0};
    char *sentences = NULL;

    cr_assert(eq(int,
                 rp_hazards_say(&scenario, &profile, &all, &sentences, &error),
                 RP_OK));
    return sentences;
}

Test(hazard, requests_that_take_two_things_in_another_order_may_lock_up)
{
    struct rp_step first[] = {TAKE(0, 0), TAKE(1, 1), GIVE(1, 1), GIVE(0, 0)};
    struct rp_step second[] = {TAKE(1, 0), TAKE(0, 1), GIVE(0, 1), GIVE(1, 0)};
    struct rp_route routes[] = {
        {.program = {.step_count = 4, .steps = first, .start = RP_PLACE_LOOP}},
        {.program = {
             .step_count = 4, .steps = second, .start = RP_PLACE_LOOP}}};
    char *sentences = say(routes, 2);

    cr_expect(strstr(sentences, "may lock up: a is held") != NULL, "%s",
              sentences);
    free(sentences);
}

Test(hazard, requests_that_take_them_in_one_order_do_not)
{
    struct rp_step first[] = {TAKE(0, 0), TAKE(1, 1), GIVE(1, 1), GIVE(0, 0)};
    struct rp_step second[] = {TAKE(1, 0), GIVE(1, 0), TAKE(0, 0), GIVE(0, 0)};
    struct rp_route routes[] = {
        {.program = {.step_count = 4, .steps = first, .start = RP_PLACE_LOOP}},
        {.program = {
             .step_count = 4, .steps = second, .start = RP_PLACE_LOOP}}};
    char *sentences = say(routes, 2);

    cr_expect(eq(str, sentences, ""));
    free(sentences);
}

Test(hazard, a_pool_that_is_entered_from_itself_may_lock_up)
{
    struct rp_step steps[] = {
        {.op = RP_STEP_ENTER, .place = RP_PLACE_POOL, .depth = 0},
        {.op = RP_STEP_ENTER, .place = RP_PLACE_INNER_LOOP, .depth = 1},
        {.op = RP_STEP_ENTER, .place = RP_PLACE_POOL, .depth = 2},
        {.op = RP_STEP_LEAVE, .place = RP_PLACE_POOL, .depth = 2},
        {.op = RP_STEP_LEAVE, .place = RP_PLACE_INNER_LOOP, .depth = 1},
        {.op = RP_STEP_LEAVE, .place = RP_PLACE_POOL, .depth = 0}};
    struct rp_route route = {
        .program = {.step_count = 6, .steps = steps, .start = RP_PLACE_LOOP}};
    char *sentences = say(&route, 1);

    cr_expect(strstr(sentences, "may lock up: a thread of the loop's default "
                                "pool is held") != NULL,
              "%s", sentences);
    free(sentences);
}

Test(hazard, who_waits_while_it_holds_the_sensitive_thread_is_named)
{
    char name[] = "audit";
    struct rp_layer layer = {.name = name};
    struct rp_step steps[] = {{.op = RP_STEP_ENTER,
                               .place = RP_PLACE_SENSITIVE,
                               .depth = 0,
                               .item = RP_ITEM_NONE,
                               .origin = 0},
                              {.op = RP_STEP_WAIT,
                               .place = RP_PLACE_SENSITIVE,
                               .depth = 1,
                               .item = RP_ITEM_NONE,
                               .own = {.mean_ns = 20e6}},
                              {.op = RP_STEP_LEAVE,
                               .place = RP_PLACE_SENSITIVE,
                               .depth = 0,
                               .item = RP_ITEM_NONE,
                               .origin = 0}};
    struct rp_route route = {
        .program = {.step_count = 3, .steps = steps, .start = RP_PLACE_LOOP}};
    const struct rp_scenario scenario = {
        .cores = 1, .layer_count = 1, .layers = &layer};
    const struct rp_profile profile = {0};
    const struct rp_routes all = {.count = 1, .routes = &route};
    struct rp_error error = {0};
    char *sentences = NULL;

    cr_assert(eq(int,
                 rp_hazards_say(&scenario, &profile, &all, &sentences, &error),
                 RP_OK));
    cr_expect(eq(str, sentences,
                 "serialises: \"audit\" holds the thread-sensitive thread for "
                 "20 ms of each request, so a process serves no more than 50 "
                 "of them a second\n"));
    free(sentences);
}
