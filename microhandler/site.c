/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "microhandler/site.h"

#include <string.h>

const struct rp_course *rp_site_draw(const struct rp_site *site,
                                     uint64_t number)
{
    const struct rp_courses *const all = site->courses;
    /* Its own numbers: those of the walk are drawn with the seed itself. */
    struct rp_luck luck = {.seed = ~site->seed, .request = number};
    double total = 0.0, at;
    size_t i = 0;

    if (all->count == 1)
        return &all->courses[0];
    for (size_t k = 0; k < all->count; k++)
        total += all->courses[k].share;
    at = rp_luck_uniform(&luck) * total;
    while (i + 1 < all->count && at >= all->courses[i].share)
        at -= all->courses[i++].share;
    return &all->courses[i];
}

static struct rp_visit answer(unsigned status)
{
    return (struct rp_visit){.status = status};
}

/* The value of a hexadecimal digit; -1: it is none. */
static int hex_digit(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *const found =
        c ? strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c) : NULL;

    return found ? (int)(found - digits) : -1;
}

/* A name may have characters that a path spells as "%20". */
static bool spells(const char *path, const char *name)
{
    while (*path && *name) {
        char c = *path++;

        if (c == '%' && hex_digit(path[0]) >= 0 && hex_digit(path[1]) >= 0) {
            c = (char)(16 * hex_digit(path[0]) + hex_digit(path[1]));
            path += 2;
        }
        if (c != *name++)
            return false;
    }
    return !*path && !*name;
}

static struct rp_visit walk(const struct rp_site *site, const char *name)
{
    const struct rp_courses *const all = site->courses;
    struct rp_visit visit = {.status = 404};

    for (size_t i = 0; i < all->count && *name; i++)
        if (spells(name, all->courses[i].name))
            visit.course = &all->courses[i];
    if (*name && !visit.course)
        return visit;
    visit.number = atomic_fetch_add_explicit(&site->metrics->next_request, 1,
                                             memory_order_relaxed);
    if (!visit.course)
        visit.course = rp_site_draw(site, visit.number);
    visit.status = visit.course->status;
    return visit;
}

struct rp_visit rp_site_visit(const struct rp_site *site,
                              const struct rp_http *http)
{
    const char *const path = rp_http_path(http);
    const enum rp_http_method method = rp_http_method(http);
    struct rp_visit visit;

    if (rp_http_state(http) == RP_HTTP_BAD)
        return answer(rp_http_status(http));
    if (method == RP_HTTP_OTHER) {
        visit = answer(405);
        visit.allow = "GET, HEAD, POST";
        return visit;
    }
    if (strcmp(path, "/healthz") != 0 && strcmp(path, "/metrics") != 0)
        return path[0] == '/' ? walk(site, path + 1) : answer(404);
    if (method == RP_HTTP_POST) {
        visit = answer(405);
        visit.allow = "GET, HEAD";
        return visit;
    }
    visit = answer(200);
    visit.metrics = strcmp(path, "/metrics") == 0;
    return visit;
}

void rp_site_reply(const struct rp_site *site, const struct rp_visit *visit,
                   const struct rp_walk *walk, bool keeps_alive, bool head,
                   struct rp_reply *reply)
{
    const struct rp_response response = {.status = visit->status,
                                         .keeps_alive = keeps_alive,
                                         .head = head,
                                         .allow = visit->allow,
                                         .walk = walk};

    rp_metrics_answer(site->metrics, visit->status);
    if (walk)
        rp_metrics_walked(site->metrics,
                          walk->step_began_ns - walk->started_ns);
    if (visit->metrics)
        rp_reply_metrics(reply, &response, site->metrics);
    else
        rp_reply_make(reply, &response);
}
