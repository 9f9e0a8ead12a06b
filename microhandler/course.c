/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "microhandler/course.h"

#include "model/charges.h"

#include <math.h>
#include <stdlib.h>

/* Which layer answers an exception, innermost first; NULL: none. */
static const struct rp_layer *answering(const struct rp_scenario *s)
{
    for (size_t i = s->layer_count; i-- > 0;)
        if (s->layers[i].handles_exceptions)
            return &s->layers[i];
    return NULL;
}

/* An exception that no layer answers ends in the framework's own error page. */
static unsigned status_of(const struct rp_scenario *scenario, size_t index,
                          const struct rp_program *program)
{
    const struct rp_scenario seen = rp_scenario_of_class(scenario, index);

    if (seen.outcome == RP_OUTCOME_404)
        return 404;
    for (size_t i = 0; i < program->step_count; i++)
        if (program->steps[i].item == RP_ITEM_ERROR_RESPONSE)
            return 500;
    if (seen.outcome == RP_OUTCOME_RAISE && answering(&seen) &&
        answering(&seen)->handles_with_error)
        return 500;
    return 200;
}

/* A price was measured by the client's clock: it holds the client's own time
 * and the waking of the server, which a real client and a real server take
 * besides what is burned. */
static void set_base(const struct rp_scenario *scenario,
                     const struct rp_profile *profile, struct rp_course *course)
{
    const struct rp_charges charges = rp_charges_of(
        scenario, profile, rp_server_is_asgi(scenario->server.kind));
    const struct rp_sending sending =
        rp_charges_sending(&charges, profile, course->program, course->prices);
    int cost;

    course->after_ns = charges.after_ns;
    course->answers = charges.answers;
    course->base = rp_item_base(scenario->server.kind);
    cost = course->prices->items[course->base].cost;
    course->base_share = 1.0;
    if (cost >= 0 && profile->costs[cost].mean_ns > 0.0)
        course->base_share =
            fmax(0.0, 1.0 - (charges.client_ns + sending.asleep_ns) /
                                profile->costs[cost].mean_ns);
}

static enum rp_code make_course(const struct rp_scenario *scenario,
                                size_t index, const struct rp_route *route,
                                struct rp_course *course,
                                struct rp_error *error)
{
    const struct rp_program *const program = &route->program;

    course->name = rp_scenario_class_name(scenario, index);
    course->program = program;
    course->prices = &route->prices;
    course->status = status_of(scenario, index, program);
    course->share = scenario->class_count ? scenario->classes[index].share : 1;
    course->priority =
        scenario->class_count ? scenario->classes[index].priority : 0;
    course->dice = calloc(program->step_count + 1, sizeof *course->dice);
    if (!course->dice)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for programs");
    for (size_t i = 0; i < program->step_count; i++)
        course->dice[i] = rp_dice_make(&program->steps[i].own);
    return RP_OK;
}

static size_t depth_of(const struct rp_program *program)
{
    size_t deepest = 0;

    for (size_t i = 0; i < program->step_count; i++)
        if (program->steps[i].depth + 1u > deepest)
            deepest = program->steps[i].depth + 1u;
    return deepest;
}

enum rp_code rp_courses_make(const struct rp_scenario *scenario,
                             const struct rp_routes *routes,
                             const struct rp_profile *profile,
                             double time_scale, struct rp_courses *courses,
                             struct rp_error *error)
{
    struct rp_courses fresh = {.count = routes->count};
    enum rp_code code = RP_OK;

    fresh.courses = calloc(routes->count, sizeof *fresh.courses);
    if (!fresh.courses)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for programs");
    for (size_t i = 0; i < routes->count && !code; i++) {
        const size_t depth = depth_of(&routes->routes[i].program);

        code = make_course(scenario, i, &routes->routes[i], &fresh.courses[i],
                           error);
        fresh.courses[i].profile = profile;
        set_base(scenario, profile, &fresh.courses[i]);
        fresh.courses[i].time_scale = time_scale;
        fresh.deepest = depth > fresh.deepest ? depth : fresh.deepest;
    }
    if (code)
        rp_courses_free(&fresh);
    else
        *courses = fresh;
    return code;
}

void rp_courses_free(struct rp_courses *courses)
{
    for (size_t i = 0; courses->courses && i < courses->count; i++)
        free(courses->courses[i].dice);
    free(courses->courses);
    *courses = (struct rp_courses){0};
}

double rp_course_step_ns(const struct rp_course *course, size_t step,
                         double level, struct rp_luck *luck)
{
    const struct rp_step *const s = &course->program->steps[step];
    const double amount_ns =
        s->item == RP_ITEM_NONE
            ? rp_dice_roll_ns(&course->dice[step], luck)
            : rp_price_step_at(s, course->profile, course->prices, level);
    const double share = s->item == course->base ? course->base_share : 1.0;

    return amount_ns * share * course->time_scale;
}

double rp_course_behind_ns(const struct rp_course *course, double level)
{
    const struct rp_program *const p = course->program;
    double sum_ns = 0.0;

    for (size_t i = p->answer_step; course->answers && i < p->step_count; i++)
        if (p->steps[i].item != RP_ITEM_NONE)
            sum_ns += rp_course_step_ns(course, i, level, NULL);
    return sum_ns;
}

double rp_course_after_ns(const struct rp_course *course, double level)
{
    if (!(course->after_ns > 0.0))
        return 0.0;
    return course->after_ns *
           rp_spread_at(&course->profile->request_spread, level) *
           course->time_scale;
}

bool rp_courses_visit(const struct rp_courses *courses, enum rp_place place)
{
    for (size_t i = 0; i < courses->count; i++) {
        const struct rp_program *const p = courses->courses[i].program;

        for (size_t k = 0; k < p->step_count; k++)
            if (p->steps[k].place == place)
                return true;
    }
    return false;
}
