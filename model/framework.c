/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/framework.h"

#include "model/excerpt.h"

#include <stdio.h>
#include <string.h>

struct rp_version rp_newest_known_django(void)
{
    return (struct rp_version){6, 1, 0};
}

struct rp_version rp_newest_known_asgiref(void)
{
    return (struct rp_version){3, 12, 0};
}

const char *rp_beyond_known_text(const struct rp_framework *framework,
                                 char text[RP_BEYOND_TEXT_SIZE])
{
    char django[RP_VERSION_TEXT_SIZE], asgiref[RP_VERSION_TEXT_SIZE];
    char known[RP_VERSION_TEXT_SIZE], known_asgiref[RP_VERSION_TEXT_SIZE];

    (void)snprintf(text, RP_BEYOND_TEXT_SIZE,
                   "Django %s with asgiref %s is newer than the newest path "
                   "rules: those of Django %s and asgiref %s are taken",
                   rp_version_format(framework->version, django),
                   rp_version_format(framework->asgiref_version, asgiref),
                   rp_version_format(rp_newest_known_django(), known),
                   rp_version_format(rp_newest_known_asgiref(), known_asgiref));
    return text;
}

struct rp_version rp_default_asgiref(struct rp_version django)
{
    static const struct {
        struct rp_version django, asgiref;
    } least[] = {
        {{6, 1, 0}, {3, 12, 0}},
        {{6, 0, 0}, {3, 9, 1}},
        {{5, 1, 0}, {3, 8, 1}},
        {{5, 0, 0}, {3, 7, 0}},
    };

    for (size_t i = 0; i < sizeof least / sizeof *least; i++)
        if (rp_version_compare(django, least[i].django) >= 0)
            return least[i].asgiref;
    return (struct rp_version){3, 6, 0};
}

/* One change of behaviour: it holds from these versions on, both. */
struct change {
    struct rp_version django, asgiref;
    void (*apply)(struct rp_rules *rules);
};

static void sensitive_by_default(struct rp_rules *rules)
{
    rules->sensitive_default = true;
}

static void context_thread(struct rp_rules *rules)
{
    rules->context_thread = true;
}

static void lookup_cached(struct rp_rules *rules)
{
    rules->lookup = RP_LOOKUP_CACHED;
}

static void lookup_at_call(struct rp_rules *rules)
{
    rules->lookup = RP_LOOKUP_AT_CALL;
}

static void joining_thread(struct rp_rules *rules)
{
    rules->joining_thread = true;
}

/* Oldest first: later rows override earlier ones. */
static const struct change changes[] = {
    {{0, 0, 0}, {3, 3, 0}, sensitive_by_default},
    {{3, 2, 0}, {0, 0, 0}, sensitive_by_default}, /* it tells asgiref so */
    {{4, 0, 0}, {0, 0, 0}, context_thread},
    {{0, 0, 0}, {3, 8, 0}, lookup_cached},
    {{0, 0, 0}, {3, 12, 0}, lookup_at_call},
    {{4, 0, 0}, {3, 12, 0}, joining_thread},
};

static bool older(struct rp_version a, struct rp_version b)
{
    return rp_version_compare(a, b) < 0;
}

/* A patch release of the newest known series is not beyond it. */
static bool beyond(struct rp_version found, struct rp_version newest)
{
    found.patch = 0;
    return older(newest, found);
}

static enum rp_code check(const struct rp_framework *framework,
                          struct rp_error *error)
{
    const struct rp_version first_django = {3, 1, 0}, first_asgiref = {3, 2, 0};
    char found[RP_EXCERPT_SIZE], version[RP_VERSION_TEXT_SIZE];

    if (strcmp(framework->name, "django") != 0)
        return rp_fail(error, RP_ERR_VALUE,
                       "no request path is known for framework \"%s\": only "
                       "django has one",
                       rp_excerpt(framework->name, found));
    if (framework->path != RP_PATH_SINGLE &&
        older(framework->version, first_django))
        return rp_fail(error, RP_ERR_VALUE,
                       "Django %s runs no middleware async: the first "
                       "version that can be compiled is 3.1",
                       rp_version_format(framework->version, version));
    if (older(framework->asgiref_version, first_asgiref))
        return rp_fail(error, RP_ERR_VALUE,
                       "asgiref %s is older than 3.2, the first that "
                       "Django's async path was made for",
                       rp_version_format(framework->asgiref_version, version));
    return RP_OK;
}

enum rp_code rp_rules_find(const struct rp_framework *framework,
                           struct rp_rules *rules, struct rp_error *error)
{
    struct rp_rules found = {.lookup = RP_LOOKUP_AT_BUILD};
    const enum rp_code code = check(framework, error);

    if (code)
        return code;
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++)
        if (!older(framework->version, changes[i].django) &&
            !older(framework->asgiref_version, changes[i].asgiref))
            changes[i].apply(&found);
    found.beyond_known =
        (!rp_version_is_main(framework->version) &&
         beyond(framework->version, rp_newest_known_django())) ||
        beyond(framework->asgiref_version, rp_newest_known_asgiref());
    *rules = found;
    return RP_OK;
}
