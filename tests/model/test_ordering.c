/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/ordering.h"

#include "model/edit.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

static struct rp_scenario scenario_of(const char *text)
{
    struct rp_scenario scenario = {0};
    struct rp_error error = {0};

    cr_assert(
        eq(int,
           rp_scenario_read_text(text, strlen(text), "s", &scenario, &error),
           RP_OK),
        "%s", error.text);
    return scenario;
}

/* Whether the rules of `text` allow the layers in the order of `indices`. */
static bool allows(const char *text, const size_t *indices, size_t count)
{
    struct rp_scenario scenario = scenario_of(text);
    struct rp_ordering ordering = {0};
    struct rp_error error = {0};
    bool allowed;

    cr_assert(eq(int, rp_ordering_of(&scenario, &ordering, &error), RP_OK));
    allowed = rp_ordering_allows(&ordering, indices, count);
    rp_ordering_free(&ordering);
    rp_scenario_free(&scenario);
    return allowed;
}

#define LAYER(name) "  - {name: '" name "', kind: hybrid}\n"

Test(ordering, sessions_stay_outside_of_auth_however_they_are_called)
{
    static const char *const texts[] = {
        "middleware:\n" LAYER("sessions") LAYER("auth"),
        "middleware:\n" LAYER("SessionMiddleware")
            LAYER("AuthenticationMiddleware"),
        "middleware:\n" LAYER("django.contrib.sessions.middleware."
                              "SessionMiddleware")
            LAYER("django.contrib.auth.middleware.AuthenticationMiddleware")};

    for (size_t i = 0; i < 3; i++) {
        cr_expect(allows(texts[i], (size_t[]){0, 1}, 2));
        cr_expect(not(allows(texts[i], (size_t[]){1, 0}, 2)), "%s", texts[i]);
    }
}

Test(ordering, layers_of_others_may_stand_anywhere)
{
    const char *const text =
        "middleware:\n" LAYER("a") LAYER("sessionless") LAYER("auth");

    cr_expect(allows(text, (size_t[]){2, 1, 0}, 3));
}

Test(ordering, a_rule_that_the_stack_breaks_itself_binds_nobody)
{
    const char *const text = "middleware:\n" LAYER("auth") LAYER("sessions");

    cr_expect(allows(text, (size_t[]){0, 1}, 2));
    cr_expect(allows(text, (size_t[]){1, 0}, 2));
}

Test(ordering, what_is_stated_is_kept_and_what_follows_from_it)
{
    const char *const text = "middleware:\n" LAYER("a") LAYER("b") LAYER(
        "c") "order:\n  - {layer: b, after: a}\n  - {layer: b, before: c}\n";

    cr_expect(allows(text, (size_t[]){0, 1, 2}, 3));
    cr_expect(not(allows(text, (size_t[]){1, 0, 2}, 3)));
    /* a is outside of c by way of b, be b there or not */
    cr_expect(not(allows(text, (size_t[]){2, 0}, 2)));
}

static void expect_refused(const char *text, const char *sentence)
{
    struct rp_scenario scenario = {0};
    struct rp_error error = {0};

    cr_expect(eq(
        int, rp_scenario_read_text(text, strlen(text), "s", &scenario, &error),
        RP_ERR_VALUE));
    cr_expect(eq(str, error.text, (char *)sentence));
}

Test(ordering, rules_that_cannot_be_kept_are_refused_with_their_place)
{
    expect_refused("middleware:\n" LAYER("aa")
                       LAYER("bb") "order:\n  - {layer: aa, after: bb}\n",
                   "s:5:5: order[0]: \"bb\" is to come before \"aa\", and does "
                   "not: move it, or leave the rule out");
    expect_refused("middleware:\n" LAYER("audit")
                       LAYER("bb") "order:\n  - {layer: audti, before: bb}\n",
                   "s:5:13: order[0].layer: no layer is called \"audti\"; did "
                   "you mean \"audit\"?");
    expect_refused("middleware:\n" LAYER("aa") "order:\n  - {layer: aa}\n",
                   "s:4:5: order[0]: nothing is said: add after or before, "
                   "with the name of a layer");
}

Test(ordering, a_layer_that_is_dropped_takes_its_rules_along)
{
    const char *const text = "middleware:\n" LAYER("a") LAYER("b") LAYER(
        "c") "order:\n  - {layer: b, after: a}\n  - {layer: c, after: a}\n";
    const struct rp_edit drop = {"middleware.b", "drop"};
    struct rp_scenario scenario = {0};
    struct rp_draft draft = {0};
    struct rp_error error = {0};

    cr_assert(eq(int,
                 rp_draft_read_text(text, strlen(text), "s", &draft, &error),
                 RP_OK));
    cr_assert(
        eq(int, rp_draft_scenario(&draft, &drop, 1, &scenario, &error), RP_OK),
        "%s", error.text);
    cr_expect(eq(sz, scenario.layer_count, 2));
    cr_assert(eq(sz, scenario.rule_count, 1));
    cr_expect(eq(str, scenario.rules[0].layer, "c"));
    rp_scenario_free(&scenario);
    rp_draft_free(&draft);
}
