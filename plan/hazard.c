/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "plan/hazard.h"

#include "model/units.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A part of a request that holds the thread-sensitive thread for less is no
 * more than the crossing itself. */
#define WORTH_A_WORD_NS 1e6

/* What can run out, in each process: places that are threads, then resources.
 */
enum { PLACE_COUNT = RP_PLACE_OUTER_LOOP + 1 };

static bool runs_out(enum rp_place place)
{
    switch (place) {
    case RP_PLACE_WORKER:
    case RP_PLACE_SENSITIVE:
    case RP_PLACE_POOL:
        return true;
    case RP_PLACE_LOOP:       /* is not held by who waits */
    case RP_PLACE_CONTEXT:    /* a request has one of its own */
    case RP_PLACE_CALLER:     /* has been held before */
    case RP_PLACE_INNER_LOOP: /* is made anew */
    case RP_PLACE_OUTER_LOOP:
        break;
    }
    return false;
}

struct telling {
    const struct rp_scenario *scenario;
    const struct rp_profile *profile;
    size_t kinds;    /* places and resources */
    bool *held_when; /* [a * kinds + b]: a is held while b is waited for */
    FILE *out;
};

/* ---- Who holds what ---- */

static size_t kind_of(const struct rp_step *step)
{
    return step->op == RP_STEP_TAKE ? PLACE_COUNT + step->resource
                                    : (size_t)step->place;
}

static bool takes(const struct rp_step *step)
{
    return step->op == RP_STEP_TAKE ||
           (step->op == RP_STEP_ENTER && runs_out(step->place));
}

/* From each bracket that holds something, to each inside of it. */
static void note_holds(struct telling *t, const struct rp_program *program)
{
    for (size_t i = 0; i < program->step_count; i++) {
        const struct rp_step *const outer = &program->steps[i];

        if (!takes(outer) && !(i == 0 && program->start == RP_PLACE_WORKER))
            continue;
        for (size_t k = i + 1; k < program->step_count; k++) {
            const struct rp_step *const inner = &program->steps[k];

            if (takes(outer) && inner->depth <= outer->depth)
                break;
            if (takes(inner))
                t->held_when[(takes(outer) ? kind_of(outer)
                                           : (size_t)RP_PLACE_WORKER) *
                                 t->kinds +
                             kind_of(inner)] = true;
        }
    }
}

static const char *name_of(const struct telling *t, size_t kind)
{
    return kind < PLACE_COUNT ? rp_place_meaning((enum rp_place)kind)
                              : t->scenario->resources[kind - PLACE_COUNT].name;
}

/* True where `from` leads to `to`; `seen` has room for all kinds. */
static bool leads(const struct telling *t, size_t from, size_t to, bool *seen)
{
    seen[from] = true;
    for (size_t k = 0; k < t->kinds; k++)
        if (t->held_when[from * t->kinds + k] &&
            (k == to || (!seen[k] && leads(t, k, to, seen))))
            return true;
    return false;
}

static void tell_circles(const struct telling *t, bool *seen)
{
    for (size_t a = 0; a < t->kinds; a++) {
        memset(seen, 0, t->kinds * sizeof *seen);
        if (leads(t, a, a, seen)) {
            (void)fprintf(t->out,
                          "may lock up: %s is held by requests that come to "
                          "wait for it again, or for who does; as many at once "
                          "as there are of it wait for each other for ever\n",
                          name_of(t, a));
            return;
        }
    }
}

/* ---- One at a time ---- */

/* How long the bracket at `first` lasts, with its own two ends. */
static double held_ns(const struct telling *t, const struct rp_route *route,
                      size_t first)
{
    const struct rp_program *const program = &route->program;
    double sum_ns = 0.0;
    size_t i = first;

    do {
        sum_ns +=
            rp_price_step_ns(&program->steps[i], t->profile, &route->prices);
        i++;
    } while (i < program->step_count &&
             program->steps[i].depth > program->steps[first].depth);
    return sum_ns;
}

/* Whose bracket it is, where that holds the process's one thread for long. */
static void tell_serial(const struct telling *t, const struct rp_route *route,
                        const char *class_name)
{
    const struct rp_program *const program = &route->program;

    for (size_t i = 0; i < program->step_count; i++) {
        const struct rp_step *const step = &program->steps[i];
        double ns;
        char time[RP_NUMBER_TEXT_SIZE];

        if (step->op != RP_STEP_ENTER || step->place != RP_PLACE_SENSITIVE)
            continue;
        ns = held_ns(t, route, i);
        if (ns < WORTH_A_WORD_NS)
            continue;
        (void)fprintf(
            t->out,
            "serialises: \"%s\" holds the thread-sensitive thread for %s ms of "
            "each request%s%s, so a process serves no more than %.4g of them "
            "a second\n",
            rp_step_origin(step, t->scenario),
            rp_number_format(ns / 1e6, 4, time), class_name[0] ? " of " : "",
            class_name, 1e9 / ns);
    }
}

enum rp_code rp_hazards_say(const struct rp_scenario *scenario,
                            const struct rp_profile *profile,
                            const struct rp_routes *routes, char **sentences,
                            struct rp_error *error)
{
    struct telling t = {.scenario = scenario,
                        .profile = profile,
                        .kinds = PLACE_COUNT + scenario->resource_count};
    bool *const seen = calloc(t.kinds, sizeof *seen);
    char *text = NULL;
    size_t size = 0;

    t.held_when = calloc(t.kinds * t.kinds, sizeof *t.held_when);
    t.out = open_memstream(&text, &size);
    for (size_t i = 0; seen && t.held_when && t.out && i < routes->count; i++) {
        tell_serial(&t, &routes->routes[i],
                    rp_scenario_class_name(scenario, i));
        note_holds(&t, &routes->routes[i].program);
    }
    if (seen && t.held_when && t.out)
        tell_circles(&t, seen);
    if (!t.out || fclose(t.out) != 0 || !seen || !t.held_when) {
        free(text);
        text = NULL;
    }
    free(seen);
    free(t.held_when);
    if (!text)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for hazards");
    *sentences = text;
    return RP_OK;
}
