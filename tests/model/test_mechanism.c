/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/mechanism.h"

#include "model/parameter.h"
#include "scenariotext.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

/* What each of them costs, in the words of a profile, from a list by
 * hand. */
static const struct {
    const char *mechanism, *parameters;
} owners[] = {
    {"client", "client.service"},
    {"wakeups", "idle.wakeup"},
    {"batching", "loop.iteration loop.wakeup"},
    {"after", "after.gunicorn after.gthread after.runserver after.daphne "
              "after.uvicorn"},
    {"cold", "cold.slowness cold.fade cold.idle cold.waking"},
    {"displacement", "displaced.slowness displaced.others"},
    {"slack", "timer.slack"},
    {"collections",
     "gc.every.daphne gc.crowded.daphne gc.length.daphne gc.every.uvicorn "
     "gc.crowded.uvicorn gc.length.uvicorn"},
    {"order", ""},
    {"keeping", "thread.wakeup"},
    {"handover", "gil.handover"},
    {"switching", ""},
    {"acceptor", "accept.gthread"},
    {"stalls", ""},
};

static bool is_among(const char *name, const char *list)
{
    const size_t length = strlen(name);

    for (const char *at = list; (at = strstr(at, name)); at += length)
        if ((at == list || at[-1] == ' ') &&
            (at[length] == ' ' || at[length] == '\0'))
            return true;
    return false;
}

/* All parameters are known; that of number i is i + 1. */
static struct rp_parameters all_known(void)
{
    struct rp_parameters p = {.known = {false}};

    for (unsigned i = 0; i < RP_PARAMETER_COUNT; i++) {
        p.known[i] = true;
        p.value[i] = i + 1.0;
    }
    return p;
}

/* All but late timers: what a view waits for is a socket, unless somebody says
 * that it sleeps. */
Test(mechanism, all_but_late_timers_are_at_work_unless_a_scenario_says_so)
{
    struct rp_scenario s = scenario_of("load: {clients: 1}\n");
    const struct rp_mechanisms usual = rp_mechanisms_default();
    struct rp_mechanisms all = rp_mechanisms_all();

    cr_expect(eq(int, memcmp(&s.mechanisms, &usual, sizeof usual), 0));
#define EXPECT_TRUE(member, is_on, meaning) cr_expect(all.member, #member);
    RP_MECHANISM_LIST(EXPECT_TRUE)
#undef EXPECT_TRUE
    all.slack = false;
    cr_expect(eq(int, memcmp(&all, &usual, sizeof all), 0));
    rp_scenario_free(&s);
}

/* One off, and all others as they were. */
Test(mechanism, one_that_is_off_takes_what_it_costs_along_and_nothing_else)
{
    const struct rp_parameters p = all_known();
    unsigned owned = 0;

    for (size_t i = 0; i < sizeof owners / sizeof *owners; i++) {
        char text[96];
        struct rp_scenario s;

        (void)snprintf(
            text, sizeof text,
            "load: {clients: 1}\nmechanisms: {%s%s: false}\n",
            strcmp(owners[i].mechanism, "slack") == 0 ? "" : "slack: true, ",
            owners[i].mechanism);
        s = scenario_of(text);
        for (unsigned k = 0; k < RP_PARAMETER_COUNT; k++) {
            const char *const name = rp_parameter_name((enum rp_parameter)k);
            const bool is_owned = is_among(name, owners[i].parameters);

            owned += is_owned;
            cr_expect(eq(dbl,
                         rp_parameter_at_work(&p, &s.mechanisms,
                                              (enum rp_parameter)k),
                         is_owned ? 0.0 : k + 1.0),
                      "%s without %s", name, owners[i].mechanism);
        }
        rp_scenario_free(&s);
    }
    cr_expect(eq(uint, owned, RP_PARAMETER_COUNT), "each has one");
}

Test(mechanism, each_is_one_key_of_scenarios)
{
    unsigned members = 0;

#define COUNT_MEMBER(member, is_on, meaning)                                   \
    for (size_t i = 0; i < sizeof owners / sizeof *owners; i++)                \
        members += strcmp(owners[i].mechanism, #member) == 0;
    RP_MECHANISM_LIST(COUNT_MEMBER)
#undef COUNT_MEMBER
    cr_expect(eq(sz, members, sizeof owners / sizeof *owners));
    cr_expect(eq(sz, sizeof(struct rp_mechanisms) / sizeof(bool), members));
}

Test(mechanism, a_slip_is_named_with_its_place)
{
    expect_mistake("load: {clients: 1}\nmechanisms: {batchin: false}\n",
                   "2:14: unknown key \"batchin\" in mechanisms; did you mean "
                   "\"batching\"? (reqpath keys lists all)");
    expect_mistake("load: {clients: 1}\nmechanisms: {batching: off}\n",
                   "2:24: batching: found \"off\", expected true or false");
}

Test(mechanism, what_is_lacking_adds_up)
{
    const struct rp_mechanisms cold = {.cold = true}, slack = {.slack = true};
    const struct rp_mechanisms both = rp_mechanisms_union(&cold, &slack);
    struct rp_mechanisms rest = rp_mechanisms_without(&both);
    const struct rp_mechanisms all = rp_mechanisms_all();

    cr_expect(not(rest.cold));
    cr_expect(not(rest.slack));
    rest.cold = rest.slack = true;
    cr_expect(eq(int, memcmp(&rest, &all, sizeof all), 0));
}
