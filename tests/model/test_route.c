/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/route.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

static const char *const profile_path =
    RP_SOURCE_DIR "/tests/data/profiles/round.yaml";

static void read_both(const char *text, struct rp_scenario *scenario,
                      struct rp_profile *profile)
{
    struct rp_error error = {0};

    cr_assert(eq(int,
                 rp_scenario_read_text(text, strlen(text), "s.yaml", scenario,
                                       &error),
                 RP_OK),
              "%s", error.text);
    cr_assert(eq(int, rp_profile_read(profile_path, profile, &error), RP_OK),
              "%s", error.text);
}

static unsigned count_lines(const char *text)
{
    unsigned count = 0;

    for (; *text; text++)
        count += *text == '\n';
    return count;
}

/* An async view under WSGI crosses, a sync one does not. */
Test(route, each_class_has_a_program_and_prices_of_its_own)
{
    struct rp_scenario s = {0};
    struct rp_profile p = {0};
    struct rp_routes routes = {0};
    struct rp_error error = {0};

    read_both("requests:\n"
              "- {name: page, view: {cpu: 1ms}}\n"
              "- {name: feed, view: {kind: async, wait: 9ms}}\n",
              &s, &p);
    cr_assert(eq(int, rp_routes_make(&s, &p, &routes, &error), RP_OK), "%s",
              error.text);
    cr_assert(eq(sz, routes.count, 2));
    cr_expect(
        eq(uint, rp_program_count(&routes.routes[0].program).async_to_sync, 0));
    cr_expect(
        eq(uint, rp_program_count(&routes.routes[1].program).async_to_sync, 1));
    cr_expect(eq(dbl, routes.routes[0].prices.own_ns, 1e6));
    cr_expect(eq(dbl, routes.routes[1].prices.own_ns, 9e6));
    rp_routes_free(&routes);
    rp_routes_free(&routes);
    rp_scenario_free(&s);
    rp_profile_free(&p);
}

Test(route, a_scenario_without_a_list_is_one_route)
{
    struct rp_scenario s = {0};
    struct rp_profile p = {0};
    struct rp_routes routes = {0};
    struct rp_error error = {0};

    read_both("view: {cpu: 3ms}\n", &s, &p);
    cr_assert(eq(int, rp_routes_make(&s, &p, &routes, &error), RP_OK), "%s",
              error.text);
    cr_expect(eq(sz, routes.count, 1));
    cr_expect(eq(dbl, routes.routes[0].prices.own_ns, 3e6));
    rp_routes_free(&routes);
    rp_scenario_free(&s);
    rp_profile_free(&p);
}

/* WSGI begins in a worker; the async view of the second class needs a loop of
 * its own, and nobody the server's loop or the pool. */
Test(route, the_places_of_all_classes_are_those_that_requests_visit)
{
    struct rp_scenario s = {0};
    struct rp_profile p = {0};
    struct rp_routes routes = {0};
    struct rp_error error = {0};

    cr_expect(not(rp_routes_visit(&routes, RP_PLACE_WORKER)), "of no class");
    read_both("server: {kind: gunicorn}\n"
              "requests:\n"
              "- {name: page, view: {cpu: 1ms}}\n"
              "- {name: feed, view: {kind: async, wait: 9ms}}\n",
              &s, &p);
    cr_assert(eq(int, rp_routes_make(&s, &p, &routes, &error), RP_OK), "%s",
              error.text);
    cr_expect(rp_routes_visit(&routes, RP_PLACE_WORKER));
    cr_expect(rp_routes_visit(&routes, RP_PLACE_INNER_LOOP));
    cr_expect(not(rp_routes_visit(&routes, RP_PLACE_LOOP)));
    cr_expect(not(rp_routes_visit(&routes, RP_PLACE_POOL)));
    rp_routes_free(&routes);
    rp_scenario_free(&s);
    rp_profile_free(&p);
}

/* Two classes that a sentence is true of are no reason to say it twice. */
Test(route, what_several_routes_have_in_common_is_said_once)
{
    struct rp_scenario s = {0};
    struct rp_profile p = {0};
    struct rp_routes routes = {0};
    struct rp_error error = {0};
    char one[4096], all[4096], small[40];

    read_both("framework: {version: main}\n"
              "requests:\n"
              "- {name: a, view: {outcome: template}}\n"
              "- {name: b, view: {outcome: template}}\n"
              "- {name: c, view: {outcome: raise}}\n",
              &s, &p);
    cr_assert(eq(int, rp_routes_make(&s, &p, &routes, &error), RP_OK), "%s",
              error.text);
    (void)rp_price_warnings(&s, &routes.routes[0].program, &p,
                            &routes.routes[0].prices, one, sizeof one);
    cr_expect(gt(uint, count_lines(one), 0));
    cr_expect(eq(uint, rp_routes_warnings(&routes, &s, &p, all, sizeof all),
                 count_lines(all)));
    cr_expect(strncmp(all, one, strlen(one)) == 0);
    cr_expect(lt(uint, count_lines(all), 3 * count_lines(one)), "%s", all);
    (void)rp_routes_warnings(&routes, &s, &p, small, sizeof small);
    cr_expect(lt(sz, strlen(small), sizeof small), "what does not fit is cut");
    rp_routes_free(&routes);
    rp_scenario_free(&s);
    rp_profile_free(&p);
}

Test(route, a_class_that_cannot_be_priced_is_an_error)
{
    struct rp_scenario s = {0};
    struct rp_profile p = {0};
    struct rp_routes routes = {0};
    struct rp_error error = {0};

    read_both("server: {kind: uvicorn}\n"
              "requests: [{name: a}, {name: b}]\n",
              &s, &p);
    cr_expect(eq(int, rp_routes_make(&s, &p, &routes, &error), RP_ERR_VALUE));
    cr_expect(routes.routes == NULL, "untouched on failure");
    rp_scenario_free(&s);
    rp_profile_free(&p);
}
