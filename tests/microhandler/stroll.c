/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stroll.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct rp_profile stroll_profile(double cost_ns)
{
    static struct rp_cost cost;
    static double covariance;
    static char empty[1];
    struct rp_profile p = {.file = empty,
                           .framework_version = empty,
                           .asgiref_version = empty,
                           .cost_count = 1,
                           .costs = &cost,
                           .covariance_ns2 = &covariance};

    cost.mean_ns = cost_ns;
    cost.spread = rp_spread_constant();
    return p;
}

struct rp_profile stroll_loaded_profile(double cost_ns)
{
    struct rp_profile p = stroll_profile(cost_ns);

    p.request_spread = rp_spread_constant();
    p.under_load.known[RP_PARAMETER_ITERATION] = true;
    p.under_load.value[RP_PARAMETER_ITERATION] = 1e3;
    return p;
}

static void check(enum rp_code code, const struct rp_error *error)
{
    if (!code)
        return;
    (void)fprintf(stderr, "%s\n", error->text);
    exit(1);
}

static void begin(struct stroll *stroll, struct rp_scenario scenario,
                  struct rp_profile profile)
{
    struct rp_error error = {0};

    *stroll = (struct stroll){
        .scenario = scenario, .profile = profile, .metrics = rp_metrics_new()};
    check(rp_routes_make(&stroll->scenario, &stroll->profile, &stroll->routes,
                         &error),
          &error);
    check(rp_courses_make(&stroll->scenario, &stroll->routes, &stroll->profile,
                          1.0, &stroll->courses, &error),
          &error);
    check(rp_places_begin(&stroll->places, &stroll->scenario, &stroll->courses,
                          stroll->metrics, &error),
          &error);
    check(rp_walk_init(&stroll->walk, &stroll->places, stroll->courses.deepest,
                       &error),
          &error);
    stroll->trail =
        calloc(stroll_program(stroll)->step_count + 1, sizeof *stroll->trail);
    stroll->walk.trail = stroll->trail;
}

void stroll_begin(struct stroll *stroll, struct rp_scenario scenario,
                  double cost_ns)
{
    begin(stroll, scenario, stroll_profile(cost_ns));
}

void stroll_begin_loaded(struct stroll *stroll, struct rp_scenario scenario,
                         double cost_ns)
{
    begin(stroll, scenario, stroll_loaded_profile(cost_ns));
}

static struct rp_scenario read_text(const char *yaml)
{
    struct rp_scenario scenario = {0};
    struct rp_error error = {0};

    check(
        rp_scenario_read_text(yaml, strlen(yaml), "x.yaml", &scenario, &error),
        &error);
    return scenario;
}

void stroll_begin_text(struct stroll *stroll, const char *yaml, double cost_ns)
{
    stroll_begin(stroll, read_text(yaml), cost_ns);
}

void stroll_begin_text_loaded(struct stroll *stroll, const char *yaml,
                              double cost_ns)
{
    stroll_begin_loaded(stroll, read_text(yaml), cost_ns);
}

static struct rp_errand next_errand(struct stroll *stroll)
{
    return (struct rp_errand){.course = &stroll->courses.courses[0],
                              .seed = stroll->scenario.seed,
                              .number = stroll->number++};
}

static void note_answer(void *owner)
{
    struct stroll *const stroll = owner;

    stroll->answers++;
    stroll->answer_step = stroll->walk.step;
    if (stroll->on_answer)
        stroll->on_answer(stroll);
}

static void stop(void *owner)
{
    struct stroll *const stroll = owner;

    rp_evloop_stop(stroll->places.loop);
}

static void begin_in_loop(void *owner)
{
    struct stroll *const stroll = owner;
    const struct rp_errand errand = next_errand(stroll);
    const struct rp_walk_host host = {
        .answered = note_answer, .done = stop, .owner = stroll};

    rp_walk_in_loop(&stroll->walk, &errand, &host);
}

void stroll_walk(struct stroll *stroll)
{
    if (stroll->places.loop) {
        struct rp_job job = {.run = begin_in_loop, .owner = stroll};

        rp_evloop_post(stroll->places.loop, &job);
        rp_evloop_run(stroll->places.loop);
    } else {
        const struct rp_errand errand = next_errand(stroll);

        (void)rp_gil_take(stroll->places.gil);
        rp_walk_in_thread(&stroll->walk, &errand);
        rp_gil_drop(stroll->places.gil);
    }
}

uint64_t stroll_count(const struct stroll *stroll, enum rp_count count)
{
    return atomic_load(&stroll->metrics->counts[count]);
}

const struct rp_program *stroll_program(const struct stroll *stroll)
{
    return stroll->courses.courses[0].program;
}

void stroll_end(struct stroll *stroll)
{
    rp_walk_free(&stroll->walk);
    rp_places_end(&stroll->places);
    rp_courses_free(&stroll->courses);
    rp_routes_free(&stroll->routes);
    rp_metrics_free(stroll->metrics);
    rp_scenario_free(&stroll->scenario);
    free(stroll->trail);
}
