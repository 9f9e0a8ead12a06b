/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/route.h"

#include <stdlib.h>
#include <string.h>

enum { WARNINGS_SIZE = 8192 };

static enum rp_code make_route(const struct rp_scenario *scenario,
                               size_t class_index,
                               const struct rp_profile *profile,
                               struct rp_route *route, struct rp_error *error)
{
    const struct rp_scenario seen = rp_scenario_of_class(scenario, class_index);
    const enum rp_code code = rp_program_compile(&route->program, &seen, error);

    return code ? code
                : rp_price(&route->program, profile, &route->prices, error);
}

enum rp_code rp_routes_make(const struct rp_scenario *scenario,
                            const struct rp_profile *profile,
                            struct rp_routes *routes, struct rp_error *error)
{
    struct rp_routes fresh = {.count = rp_scenario_class_count(scenario)};
    enum rp_code code = RP_OK;

    fresh.routes = calloc(fresh.count, sizeof *fresh.routes);
    if (!fresh.routes)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for programs");
    for (size_t i = 0; i < fresh.count && !code; i++)
        code = make_route(scenario, i, profile, &fresh.routes[i], error);
    if (code)
        rp_routes_free(&fresh);
    else
        *routes = fresh;
    return code;
}

/* ---- Warnings ---- */

static bool has_line(const char *text, const char *line, size_t length)
{
    for (const char *at = text; *at; at++) {
        const size_t here = strcspn(at, "\n");

        if (here == length && strncmp(at, line, length) == 0)
            return true;
        at += here;
        if (!*at)
            return false;
    }
    return false;
}

/* Append the lines that are not there yet; returns how many. */
static unsigned merge_lines(const char *lines, char *text, size_t size)
{
    unsigned count = 0;

    while (*lines) {
        const size_t length = strcspn(lines, "\n");
        const size_t used = strlen(text);

        if (used + length + 2 <= size && !has_line(text, lines, length)) {
            memcpy(text + used, lines, length);
            memcpy(text + used + length, "\n", 2);
            count++;
        }
        lines += length + (lines[length] == '\n');
    }
    return count;
}

unsigned rp_routes_warnings(const struct rp_routes *routes,
                            const struct rp_scenario *scenario,
                            const struct rp_profile *profile, char *text,
                            size_t size)
{
    char lines[WARNINGS_SIZE];
    unsigned count = 0;

    if (size == 0)
        return 0;
    text[0] = '\0';
    for (size_t i = 0; i < routes->count; i++) {
        (void)rp_price_warnings(scenario, &routes->routes[i].program, profile,
                                &routes->routes[i].prices, lines, sizeof lines);
        count += merge_lines(lines, text, size);
    }
    return count;
}

static bool visits(const struct rp_program *program, enum rp_place place)
{
    if (program->start == place)
        return true;
    for (size_t i = 0; i < program->step_count; i++)
        if (program->steps[i].op == RP_STEP_ENTER &&
            program->steps[i].place == place)
            return true;
    return false;
}

bool rp_routes_visit(const struct rp_routes *routes, enum rp_place place)
{
    for (size_t i = 0; i < routes->count; i++)
        if (visits(&routes->routes[i].program, place))
            return true;
    return false;
}

void rp_routes_free(struct rp_routes *routes)
{
    for (size_t i = 0; routes->routes && i < routes->count; i++)
        rp_program_free(&routes->routes[i].program);
    free(routes->routes);
    *routes = (struct rp_routes){0};
}
