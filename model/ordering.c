/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/ordering.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Layers that come with Django, by what is left of their names without
 * "Middleware", dots, strokes and case. */
enum known {
    OTHER,
    SECURITY,
    UPDATE_CACHE,
    GZIP,
    SESSION,
    CONDITIONAL_GET,
    LOCALE,
    COMMON,
    CSRF,
    AUTHENTICATION,
    REMOTE_USER,
    MESSAGE,
    FETCH_FROM_CACHE,
    FLATPAGE,
    REDIRECT
};

static const struct {
    const char *name;
    enum known layer;
} names[] = {{"security", SECURITY},
             {"updatecache", UPDATE_CACHE},
             {"gzip", GZIP},
             {"session", SESSION},
             {"sessions", SESSION},
             {"conditionalget", CONDITIONAL_GET},
             {"locale", LOCALE},
             {"common", COMMON},
             {"csrf", CSRF},
             {"csrfview", CSRF},
             {"auth", AUTHENTICATION},
             {"authentication", AUTHENTICATION},
             {"remoteuser", REMOTE_USER},
             {"persistentremoteuser", REMOTE_USER},
             {"message", MESSAGE},
             {"messages", MESSAGE},
             {"fetchfromcache", FETCH_FROM_CACHE},
             {"flatpagefallback", FLATPAGE},
             {"flatpages", FLATPAGE},
             {"redirectfallback", REDIRECT},
             {"redirects", REDIRECT}};

/* Who stays outside of whom, after docs.djangoproject.com/en/3.2/ref/middleware
 * (section "Middleware ordering"): what needs the session is inside of it, who
 * changes Vary is between the two halves of the cache, and what looks a page up
 * that was not found is at the bottom. */
static const struct {
    enum known outer, inner;
} rules[] = {{SECURITY, UPDATE_CACHE},
             {SECURITY, SESSION},
             {SECURITY, COMMON},
             {UPDATE_CACHE, SESSION},
             {UPDATE_CACHE, GZIP},
             {UPDATE_CACHE, LOCALE},
             {GZIP, CONDITIONAL_GET},
             {SESSION, LOCALE},
             {SESSION, CSRF},
             {SESSION, AUTHENTICATION},
             {SESSION, MESSAGE},
             {AUTHENTICATION, REMOTE_USER},
             {CSRF, REMOTE_USER},
             {SESSION, FETCH_FROM_CACHE},
             {GZIP, FETCH_FROM_CACHE},
             {LOCALE, FETCH_FROM_CACHE},
             {COMMON, FLATPAGE},
             {COMMON, REDIRECT},
             {AUTHENTICATION, FLATPAGE},
             {AUTHENTICATION, REDIRECT}};

/* "django.contrib.sessions.middleware.SessionMiddleware" is "session". */
static enum known known_as(const char *name)
{
    static const char suffix[] = "middleware";
    const char *const dot = strrchr(name, '.');
    char plain[64];
    size_t length = 0;

    for (const char *at = dot ? dot + 1 : name; *at; at++)
        if (*at != '_' && *at != '-' && length + 1 < sizeof plain)
            plain[length++] = (char)tolower((unsigned char)*at);
    if (length > sizeof suffix - 1 &&
        strncmp(plain + length - (sizeof suffix - 1), suffix,
                sizeof suffix - 1) == 0)
        length -= sizeof suffix - 1;
    plain[length] = '\0';
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(plain, names[i].name) == 0)
            return names[i].layer;
    return OTHER;
}

size_t rp_ordering_find(const struct rp_scenario *scenario, const char *name)
{
    size_t i = 0;

    while (i < scenario->layer_count &&
           strcmp(scenario->layers[i].name, name) != 0)
        i++;
    return i;
}

/* A rule that the stack breaks as it stands says nothing about it. */
static void add_known(const struct rp_scenario *s, struct rp_ordering *o)
{
    for (size_t i = 0; i < s->layer_count; i++)
        for (size_t j = i + 1; j < s->layer_count; j++)
            for (size_t r = 0; r < sizeof rules / sizeof *rules; r++)
                if (known_as(s->layers[i].name) == rules[r].outer &&
                    known_as(s->layers[j].name) == rules[r].inner)
                    o->outside[i * o->count + j] = true;
}

static void add_stated(const struct rp_scenario *s, struct rp_ordering *o)
{
    for (size_t r = 0; r < s->rule_count; r++) {
        const struct rp_order_rule *const rule = &s->rules[r];
        const size_t layer = rp_ordering_find(s, rule->layer);
        const size_t outer =
            rule->after ? rp_ordering_find(s, rule->after) : o->count;
        const size_t inner =
            rule->before ? rp_ordering_find(s, rule->before) : o->count;

        if (layer < o->count && outer < o->count)
            o->outside[outer * o->count + layer] = true;
        if (layer < o->count && inner < o->count)
            o->outside[layer * o->count + inner] = true;
    }
}

/* What follows of what follows: Warshall's closure. */
static void close_over(struct rp_ordering *o)
{
    const size_t n = o->count;

    for (size_t k = 0; k < n; k++)
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; o->outside[i * n + k] && j < n; j++)
                if (o->outside[k * n + j])
                    o->outside[i * n + j] = true;
}

enum rp_code rp_ordering_of(const struct rp_scenario *scenario,
                            struct rp_ordering *ordering,
                            struct rp_error *error)
{
    const size_t n = scenario->layer_count;
    struct rp_ordering fresh = {.count = n};

    fresh.outside = calloc(n * n + 1, sizeof *fresh.outside);
    if (!fresh.outside)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for an order");
    add_known(scenario, &fresh);
    add_stated(scenario, &fresh);
    close_over(&fresh);
    *ordering = fresh;
    return RP_OK;
}

void rp_ordering_free(struct rp_ordering *ordering)
{
    free(ordering->outside);
    *ordering = (struct rp_ordering){0};
}

bool rp_ordering_allows(const struct rp_ordering *ordering, const size_t *order,
                        size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (size_t j = i + 1; j < count; j++)
            if (ordering->outside[order[j] * ordering->count + order[i]])
                return false;
    return true;
}
