/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "microhandler/course.h"

#include "stroll.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

/* Every item costs 10 us in the profile: a step its share of that. */
Test(course, a_step_takes_its_share_of_its_price_or_its_own_time)
{
    struct stroll s;
    struct rp_luck luck = {.seed = 1};
    double framework_ns = 0.0, own_ns = 0.0;

    stroll_begin_text(&s,
                      "server: {kind: daphne}\n"
                      "middleware: [{name: a, kind: sync}]\n"
                      "view: {kind: async, cpu: 7us, wait: 30us, calls: 2}\n",
                      10e3);
    for (size_t i = 0; i < stroll_program(&s)->step_count; i++) {
        const double ns =
            rp_course_step_ns(&s.courses.courses[0], i, 0.5, &luck);

        if (stroll_program(&s)->steps[i].item == RP_ITEM_NONE)
            own_ns += ns;
        else
            framework_ns += ns;
    }
    /* The base, the layer, three calls of sync_to_async, one async_to_sync. */
    cr_expect(epsilon_eq(dbl, framework_ns, 6 * 10e3, 1e-6));
    cr_expect(epsilon_eq(dbl, own_ns, 7e3 + 2 * 30e3, 1e-6));
    cr_expect(rp_courses_visit(&s.courses, RP_PLACE_SENSITIVE));
    cr_expect(rp_courses_visit(&s.courses, RP_PLACE_INNER_LOOP));
    cr_expect(not(rp_courses_visit(&s.courses, RP_PLACE_POOL)));
    stroll_end(&s);
}

/* Of a base cost of 10 us that was measured, 3 us were ab's and 2 us the
 * waking: they come by themselves, so 5 us are the server's. */
Test(course, a_base_price_is_burned_without_what_a_client_takes)
{
    struct stroll s;
    struct rp_courses courses;
    struct rp_luck luck = {.seed = 1};

    stroll_begin_text(&s, "view: {kind: async}\n", 10e3);
    s.profile.under_load.known[RP_PARAMETER_CLIENT] = true;
    s.profile.under_load.value[RP_PARAMETER_CLIENT] = 3e3;
    s.profile.under_load.known[RP_PARAMETER_WAKEUP] = true;
    s.profile.under_load.value[RP_PARAMETER_WAKEUP] = 2e3;
    cr_assert(eq(int,
                 rp_courses_make(&s.scenario, &s.routes, &s.profile, 1.0,
                                 &courses, NULL),
                 RP_OK));
    cr_assert(eq(int, stroll_program(&s)->steps[1].item, RP_ITEM_A2S_NEW));
    cr_expect(
        eq(dbl, rp_course_step_ns(&courses.courses[0], 0, 0.5, &luck), 5e3));
    cr_expect(eq(dbl, rp_course_step_ns(&courses.courses[0], 1, 0.5, &luck),
                 0.5 * 10e3),
              "a crossing, one way: in full");
    rp_courses_free(&courses);
    stroll_end(&s);
}

Test(course, all_of_it_is_scaled)
{
    struct stroll s;
    struct rp_courses half;
    struct rp_luck luck = {.seed = 1};

    stroll_begin_text(&s, "view: {kind: sync, cpu: 8us}\n", 10e3);
    cr_assert(eq(
        int,
        rp_courses_make(&s.scenario, &s.routes, &s.profile, 0.5, &half, NULL),
        RP_OK));
    cr_expect(eq(dbl, rp_course_step_ns(&half.courses[0], 0, 0.9, &luck), 5e3));
    cr_expect(eq(dbl, rp_course_step_ns(&half.courses[0], 1, 0.9, &luck), 4e3));
    rp_courses_free(&half);
    rp_courses_free(&half);
    stroll_end(&s);
}

Test(course, the_status_is_that_of_the_outcome)
{
    static const struct {
        const char *text;
        unsigned status;
    } cases[] = {
        {"view: {kind: sync}\n", 200},
        {"view: {kind: sync, outcome: template}\n", 200},
        {"view: {kind: sync, outcome: \"404\"}\n", 404},
        {"view: {kind: sync, outcome: raise}\n", 500},
        {"middleware: [{name: a, kind: hybrid, hooks: [process_exception],"
         " handles_exceptions: true}]\nview: {kind: sync, outcome: raise}\n",
         200},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct stroll s;

        stroll_begin_text(&s, cases[i].text, 0.0);
        cr_expect(eq(u32, s.courses.courses[0].status, cases[i].status), "%s",
                  cases[i].text);
        stroll_end(&s);
    }
}

/* 4 us at twice the time, of the server that it is; nothing where the mechanism
 * is off. The spread of the profile is constant. */
Test(course, work_after_the_answer_is_that_of_the_server)
{
    struct stroll s;
    struct rp_courses twice, none;

    stroll_begin_text(&s, "server: {kind: daphne}\nview: {kind: async}\n",
                      10e3);
    s.profile.request_spread = rp_spread_constant();
    s.profile.under_load.known[RP_PARAMETER_AFTER_DAPHNE] = true;
    s.profile.under_load.value[RP_PARAMETER_AFTER_DAPHNE] = 4e3;
    s.profile.under_load.known[RP_PARAMETER_AFTER_UVICORN] = true;
    s.profile.under_load.value[RP_PARAMETER_AFTER_UVICORN] = 9e3;
    cr_assert(eq(
        int,
        rp_courses_make(&s.scenario, &s.routes, &s.profile, 2.0, &twice, NULL),
        RP_OK));
    cr_expect(
        epsilon_eq(dbl, rp_course_after_ns(&twice.courses[0], 0.5), 8e3, 1e-6));
    s.scenario.mechanisms.after = false;
    cr_assert(eq(
        int,
        rp_courses_make(&s.scenario, &s.routes, &s.profile, 2.0, &none, NULL),
        RP_OK));
    cr_expect(eq(dbl, rp_course_after_ns(&none.courses[0], 0.5), 0.0));
    rp_courses_free(&none);
    rp_courses_free(&twice);
    stroll_end(&s);
}
