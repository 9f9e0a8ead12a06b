/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "model/profile.h"

#include "model/check.h"
#include "model/excerpt.h"
#include "model/tree.h"
#include "model/underload.h"
#include "model/units.h"

#include <limits.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define SCHEMA "reqpath.profile/1"

/* Digits that are printed: far more than any measurement has, and few enough
 * that text, double and text again are the same text. */
enum { TIME_DIGITS = 7, RATIO_DIGITS = 6 };

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* ---- Words ---- */

/* The keys of a spread: one a level of rp_levels, then the tail. */
static const char *const spread_keys[RP_LEVEL_COUNT + 1] = {
    "p0", "p5", "p10", "p25", "p50", "p75", "p90", "p95", "p98", "p99", "tail"};

/* The texts of a profile: section, key, field. */
static const struct text_key {
    const char *section, *key;
    size_t offset;
} texts[] = {
    {"provenance", "made_by", offsetof(struct rp_profile, made_by)},
    {"provenance", "made_on", offsetof(struct rp_profile, made_on)},
    {"platform", "framework", offsetof(struct rp_profile, framework)},
    {"platform", "framework_version",
     offsetof(struct rp_profile, framework_version)},
    {"platform", "asgiref_version",
     offsetof(struct rp_profile, asgiref_version)},
    {"platform", "python_version", offsetof(struct rp_profile, python_version)},
    {"platform", "cpu", offsetof(struct rp_profile, cpu)},
    {"platform", "measured_on", offsetof(struct rp_profile, measured_on)},
};

static char **text_field(struct rp_profile *profile, const struct text_key *key)
{
    return (char **)(void *)((char *)profile + key->offset);
}

static const char *text_of(const struct rp_profile *profile,
                           const struct text_key *key)
{
    const char *const text =
        *(char *const *)(const void *)((const char *)profile + key->offset);

    return text ? text : "";
}

double rp_profile_speed(const struct rp_profile *profile, const char *campaign,
                        unsigned number)
{
    for (size_t i = 0; i < profile->round_count; i++)
        if (profile->rounds[i].number == number &&
            strcmp(profile->rounds[i].campaign, campaign) == 0)
            return profile->rounds[i].speed;
    return NAN;
}

double rp_profile_unrest(const struct rp_profile *profile, const char *campaign,
                         double otherwise)
{
    for (size_t i = 0; i < profile->round_count; i++)
        if (strcmp(profile->rounds[i].campaign, campaign) == 0)
            return profile->rounds[i].unrest;
    return otherwise;
}

/* The body of a spread, about its median; p98 goes half of the way, and from
 * p99 on are the stalls, which are another matter. The mean stays 1. */
static void widen(struct rp_spread *spread, double factor)
{
    enum { P50 = 4, P95 = 7, P98 = 8 };
    const double median = spread->multiple[P50];

    for (size_t i = 0; i <= P98; i++)
        spread->multiple[i] =
            fmax(0.0, median + (i <= P95 ? factor : sqrt(factor)) *
                                   (spread->multiple[i] - median));
    if (spread->multiple[P98 + 1] < spread->multiple[P98])
        spread->multiple[P98 + 1] = spread->multiple[P98];
    rp_spread_normalise(spread);
}

bool rp_profile_in_campaign(const struct rp_profile *profile,
                            const char *campaign, struct rp_profile *there)
{
    struct rp_cost *const costs =
        malloc((profile->cost_count + 1) * sizeof *costs);
    const double unrest = rp_profile_unrest(profile, campaign, 1.0);

    if (!costs)
        return false;
    *there = *profile;
    there->costs = costs;
    for (size_t i = 0; i < profile->cost_count; i++) {
        costs[i] = profile->costs[i];
        widen(&costs[i].spread, unrest);
    }
    widen(&there->request_spread, unrest);
    return true;
}

const char *rp_situation_key(enum rp_situation situation)
{
#define RP_SITUATION_AS_KEY(situation_, key, meaning)                          \
    case situation_:                                                           \
        return key;
    switch (situation) {
        RP_SITUATION_LIST(RP_SITUATION_AS_KEY)
    case RP_SITUATION_COUNT:
        break;
    }
#undef RP_SITUATION_AS_KEY
    return "accuracy";
}

static bool waits(const struct rp_work *work)
{
    return work->calls > 0 && work->wait.mean_ns > 0.0;
}

enum rp_situation rp_situation_of(const struct rp_scenario *s)
{
    bool any = s->class_count == 0 && waits(&s->view);

    for (size_t i = 0; i < s->class_count; i++)
        any |= waits(&s->classes[i].view);
    for (size_t i = 0; i < s->layer_count; i++)
        any |= waits(&s->layers[i].before) || waits(&s->layers[i].after);
    if (any)
        return RP_SITUATION_WAITING;
    return s->load.kind == RP_LOAD_OPEN || s->load.clients > 1
               ? RP_SITUATION_LOADED
               : RP_SITUATION_ALONE;
}

const struct rp_accuracy *rp_profile_accuracy(const struct rp_profile *profile,
                                              enum rp_situation situation)
{
    const struct rp_accuracy *const known = profile->accuracy[situation];

    return known[RP_METRIC_RPS].run_sd > 0.0
               ? known
               : profile->accuracy[RP_SITUATION_ALONE];
}

void rp_profile_free(struct rp_profile *profile)
{
    for (size_t i = 0; i < COUNT(texts); i++)
        free(*text_field(profile, &texts[i]));
    for (size_t i = 0; i < profile->source_count; i++)
        free(profile->sources[i]);
    free(profile->sources);
    for (size_t i = 0; i < profile->round_count; i++)
        free(profile->rounds[i].campaign);
    free(profile->rounds);
    rp_extent_free(&profile->extent);
    free(profile->costs);
    free(profile->covariance_ns2);
    free(profile->file);
    *profile = (struct rp_profile){0};
}

/* ---- Reading ---- */

/* "4.2%" as 0.042. */
static enum rp_code read_percent(const struct rp_node *node, double *part,
                                 struct rp_error *error)
{
    const char *end = "";
    char found[RP_EXCERPT_SIZE];
    double number = 0.0;

    if (!node)
        return RP_OK;
    if (node->kind != RP_NODE_SCALAR)
        return rp_node_expect(node, RP_NODE_SCALAR, error);
    if (!rp_number_scan(node->text, &end, &number) || strcmp(end, "%") != 0 ||
        !(number >= 0.0 && number <= 100.0 * RP_RELATIVE_MAX))
        return rp_node_fail(node, error, RP_ERR_VALUE,
                            "%s: found \"%s\", expected a percentage, like "
                            "4.2%%",
                            node->key, rp_excerpt(node->text, found));
    *part = number / 100.0;
    return RP_OK;
}

static enum rp_code read_accuracy(const struct rp_node *map,
                                  struct rp_accuracy *accuracy,
                                  struct rp_error *error)
{
    static const char *const sds[] = {"run_sd", "misfit_sd"};
    const char *known[RP_METRIC_COUNT];
    enum rp_code code;

    for (unsigned i = 0; i < RP_METRIC_COUNT; i++)
        known[i] = rp_metric_key((enum rp_metric)i);
    code = rp_node_only_keys(map, known, RP_METRIC_COUNT, NULL, error);
    for (unsigned i = 0; i < RP_METRIC_COUNT && !code; i++) {
        const struct rp_node *const of = rp_node_get(map, known[i]);
        struct rp_accuracy *const to = &accuracy[i];

        code = rp_node_only_keys(of, sds, COUNT(sds), NULL, error);
        if (!code)
            code = read_percent(rp_node_get(of, "run_sd"), &to->run_sd, error);
        if (!code)
            code = read_percent(rp_node_get(of, "misfit_sd"), &to->misfit_sd,
                                error);
    }
    return code;
}

static enum rp_code read_spread(const struct rp_node *map,
                                struct rp_spread *spread,
                                struct rp_error *error)
{
    struct rp_spread found = {.tail = 0.0};
    enum rp_code code = rp_node_expect(map, RP_NODE_MAPPING, error);

    if (!code)
        code = rp_node_only_keys(map, spread_keys, COUNT(spread_keys), NULL,
                                 error);
    for (size_t i = 0; i < COUNT(spread_keys) && !code; i++) {
        const struct rp_node *value = NULL;

        code = rp_node_need(map, spread_keys[i], &value, error);
        if (!code)
            code = rp_node_number(
                value, 0.0, 1e6,
                i < RP_LEVEL_COUNT ? &found.multiple[i] : &found.tail, error);
    }
    if (!code)
        *spread = found;
    return code;
}

/* A spread of its own, or the word that says that it has none. */
static enum rp_code read_cost_spread(const struct rp_node *node,
                                     const struct rp_profile *p,
                                     struct rp_cost *cost,
                                     struct rp_error *error)
{
    char found[RP_EXCERPT_SIZE];

    if (node->kind == RP_NODE_MAPPING)
        return read_spread(node, &cost->spread, error);
    if (node->kind != RP_NODE_SCALAR || strcmp(node->text, "pooled") != 0)
        return rp_node_fail(
            node, error, RP_ERR_VALUE,
            "spread: found %s%s%s, expected {p0: ..., p99: ..., tail: ...}, or "
            "pooled for that of the average request",
            node->kind == RP_NODE_SCALAR ? "\"" : "a list",
            node->kind == RP_NODE_SCALAR ? rp_excerpt(node->text, found) : "",
            node->kind == RP_NODE_SCALAR ? "\"" : "");
    cost->spread = p->request_spread;
    cost->spread_pooled = true;
    return RP_OK;
}

static enum rp_code unknown_item(const struct rp_node *node,
                                 struct rp_error *error)
{
    const char *names[RP_ITEM_COUNT], *near;
    char found[RP_EXCERPT_SIZE];

    for (unsigned i = 0; i < RP_ITEM_COUNT; i++)
        names[i] = rp_item_name((enum rp_item)i);
    near = rp_near_miss(node->text, names, RP_ITEM_COUNT);
    return rp_node_fail(
        node, error, RP_ERR_VALUE, "items: no cost item is called \"%s\"%s%s%s",
        rp_excerpt(node->text, found), near ? "; did you mean \"" : "",
        near ? near : "", near ? "\"?" : "");
}

static enum rp_code read_items(const struct rp_node *list, size_t cost,
                               struct rp_profile *p, struct rp_error *error)
{
    enum rp_code code = rp_node_expect(list, RP_NODE_SEQUENCE, error);

    for (const struct rp_node *n = list->first; n && !code; n = n->next) {
        const enum rp_item item = rp_item_parse(n->text);

        if (item == RP_ITEM_NONE)
            return unknown_item(n, error);
        if (p->cost_of_item[item] >= 0)
            return rp_node_fail(n, error, RP_ERR_VALUE,
                                "items: %s is priced already, by costs[%d]; an "
                                "item has one price",
                                rp_item_name(item), p->cost_of_item[item]);
        p->cost_of_item[item] = (int)cost;
    }
    return code;
}

/* Correlations with the costs above, in their order; left out, they are 0. */
static enum rp_code read_correlations(const struct rp_node *list, size_t cost,
                                      struct rp_profile *p, size_t count,
                                      struct rp_error *error)
{
    const double se = p->costs[cost].se_ns;
    enum rp_code code;
    size_t k = 0;

    p->covariance_ns2[cost * count + cost] = se * se;
    if (!list)
        return RP_OK;
    code = rp_node_expect(list, RP_NODE_SEQUENCE, error);
    if (code)
        return code;
    if (list->count != cost)
        return rp_node_fail(list, error, RP_ERR_VALUE,
                            "correlations: found %zu numbers, expected %zu: "
                            "one with each cost above, in their order",
                            list->count, cost);
    for (const struct rp_node *n = list->first; n && !code; n = n->next, k++) {
        double r = 0.0;

        code = rp_node_number(n, -1.0, 1.0, &r, error);
        p->covariance_ns2[cost * count + k] = r * se * p->costs[k].se_ns;
        p->covariance_ns2[k * count + cost] = r * se * p->costs[k].se_ns;
    }
    return code;
}

static enum rp_code read_cost_name(const struct rp_node *node,
                                   char name[RP_COST_NAME_SIZE],
                                   struct rp_error *error)
{
    const char *text = "";
    const enum rp_code code = rp_node_text(node, &text, error);
    char found[RP_EXCERPT_SIZE];

    if (code)
        return code;
    if (strlen(text) >= RP_COST_NAME_SIZE)
        return rp_node_fail(node, error, RP_ERR_VALUE,
                            "name: \"%s\" is longer than %d bytes; shorten it",
                            rp_excerpt(text, found), RP_COST_NAME_SIZE - 1);
    memcpy(name, text, strlen(text) + 1);
    return RP_OK;
}

enum { NAME, ITEMS, MEAN, SE, RUNS, SPREAD, NEEDED, CORRELATIONS = NEEDED };

static enum rp_code read_cost(const struct rp_node *map, size_t i,
                              struct rp_profile *p, struct rp_error *error)
{
    static const char *const known[] = {"name", "items",  "mean",        "se",
                                        "runs", "spread", "correlations"};
    const struct rp_node *of[NEEDED] = {NULL};
    struct rp_cost *const cost = &p->costs[i];
    enum rp_code code = rp_node_expect(map, RP_NODE_MAPPING, error);
    uint64_t runs = 0;

    if (!code)
        code = rp_node_only_keys(map, known, COUNT(known), NULL, error);
    for (size_t k = 0; k < NEEDED && !code; k++)
        code = rp_node_need(map, known[k], &of[k], error);
    if (!code)
        code = read_cost_name(of[NAME], cost->name, error);
    if (!code)
        code = read_items(of[ITEMS], i, p, error);
    if (!code)
        code = rp_node_duration(of[MEAN], &cost->mean_ns, error);
    if (!code)
        code = rp_node_duration(of[SE], &cost->se_ns, error);
    if (!code)
        code = rp_node_integer(of[RUNS], 0, UINT32_MAX, &runs, error);
    cost->runs = (unsigned)runs;
    if (!code)
        code = read_cost_spread(of[SPREAD], p, cost, error);
    if (code)
        return code;
    return read_correlations(rp_node_get(map, known[CORRELATIONS]), i, p,
                             p->cost_count, error);
}

static enum rp_code read_costs(const struct rp_node *list, struct rp_profile *p,
                               struct rp_error *error)
{
    enum rp_code code = rp_node_expect(list, RP_NODE_SEQUENCE, error);
    size_t i = 0;

    if (code)
        return code;
    if (list->count > RP_ITEM_COUNT)
        return rp_node_fail(list, error, RP_ERR_VALUE,
                            "costs: found %zu, but there are %d items to price",
                            list->count, (int)RP_ITEM_COUNT);
    p->costs = calloc(list->count + 1, sizeof *p->costs);
    p->covariance_ns2 =
        calloc(list->count * list->count + 1, sizeof *p->covariance_ns2);
    if (!p->costs || !p->covariance_ns2)
        return rp_node_fail(list, error, RP_ERR_MEMORY, "out of memory");
    p->cost_count = list->count;
    for (const struct rp_node *n = list->first; n && !code; n = n->next)
        code = read_cost(n, i++, p, error);
    return code;
}

static enum rp_code read_texts(const struct rp_node *root, struct rp_profile *p,
                               struct rp_error *error)
{
    enum rp_code code = RP_OK;

    for (size_t i = 0; i < COUNT(texts) && !code; i++)
        code = rp_node_copy_text(
            rp_node_get(rp_node_get(root, texts[i].section), texts[i].key),
            text_field(p, &texts[i]), error);
    for (size_t i = 0; i < COUNT(texts) && !code; i++) {
        char **const text = text_field(p, &texts[i]);

        if (!*text)
            *text = strdup("");
        if (!*text)
            code = rp_node_fail(root, error, RP_ERR_MEMORY, "out of memory");
    }
    return code;
}

static enum rp_code read_sources(const struct rp_node *list,
                                 struct rp_profile *p, struct rp_error *error)
{
    enum rp_code code;

    if (!list)
        return RP_OK;
    code = rp_node_expect(list, RP_NODE_SEQUENCE, error);
    if (code)
        return code;
    p->sources = calloc(list->count + 1, sizeof *p->sources);
    if (!p->sources)
        return rp_node_fail(list, error, RP_ERR_MEMORY, "out of memory");
    for (const struct rp_node *n = list->first; n && !code; n = n->next)
        code = rp_node_copy_text(n, &p->sources[p->source_count++], error);
    return code;
}

static enum rp_code read_provenance(const struct rp_node *map,
                                    struct rp_profile *p,
                                    struct rp_error *error)
{
    static const char *const known[] = {"made_by", "made_on", "sources", "runs",
                                        "runs_left_out"};
    uint64_t runs = 0, left_out = 0;
    enum rp_code code =
        rp_node_only_keys(map, known, COUNT(known), NULL, error);

    if (!code)
        code = read_sources(rp_node_get(map, "sources"), p, error);
    if (!code)
        code = rp_node_integer(rp_node_get(map, "runs"), 1, ULONG_MAX, &runs,
                               error);
    if (!code)
        code = rp_node_integer(rp_node_get(map, "runs_left_out"), 0, ULONG_MAX,
                               &left_out, error);
    p->runs = (unsigned long)runs;
    p->runs_left_out = (unsigned long)left_out;
    return code;
}

/* The speed under the key `node->key`, which is the round's number. */
static enum rp_code read_round(const struct rp_node *node,
                               const struct rp_node *campaign,
                               struct rp_round *round, struct rp_error *error)
{
    char found[RP_EXCERPT_SIZE];
    char *end = NULL;
    const unsigned long number = strtoul(node->key, &end, 10);
    enum rp_code code;

    if (strspn(node->key, "0123456789") != strlen(node->key) || number < 1 ||
        number > INT_MAX)
        return rp_fail_at(
            error, RP_ERR_VALUE, node->file, node->key_line, node->key_column,
            "speeds: found \"%s\", expected the number of a round",
            rp_excerpt(node->key, found));
    round->number = (unsigned)number;
    code = rp_node_copy_text(campaign, &round->campaign, error);
    return code ? code : rp_node_number(node, 1e-3, 1e3, &round->speed, error);
}

static enum rp_code read_campaign(const struct rp_node *map,
                                  struct rp_profile *p, struct rp_error *error)
{
    static const char *const known[] = {"campaign", "unrest", "speeds"};
    const struct rp_node *campaign = NULL, *speeds = NULL;
    enum rp_code code = rp_node_expect(map, RP_NODE_MAPPING, error);
    struct rp_round *rounds;

    if (!code)
        code = rp_node_only_keys(map, known, COUNT(known), NULL, error);
    if (!code)
        code = rp_node_need(map, "campaign", &campaign, error);
    if (!code)
        code = rp_node_need(map, "speeds", &speeds, error);
    if (!code)
        code = rp_node_expect(speeds, RP_NODE_MAPPING, error);
    if (code)
        return code;
    rounds = realloc(p->rounds,
                     (p->round_count + speeds->count + 1) * sizeof *rounds);
    if (!rounds)
        return rp_node_fail(map, error, RP_ERR_MEMORY, "out of memory");
    p->rounds = rounds;
    for (const struct rp_node *n = speeds->first; n && !code; n = n->next) {
        struct rp_round *const round = &p->rounds[p->round_count++];

        *round = (struct rp_round){.unrest = 1.0};
        code = read_round(n, campaign, round, error);
        if (!code)
            code = rp_node_number(rp_node_get(map, "unrest"), 1e-3, 1e3,
                                  &round->unrest, error);
    }
    return code;
}

static enum rp_code read_rounds(const struct rp_node *list,
                                struct rp_profile *p, struct rp_error *error)
{
    enum rp_code code =
        list ? rp_node_expect(list, RP_NODE_SEQUENCE, error) : RP_OK;

    if (list && !code)
        for (const struct rp_node *n = list->first; n && !code; n = n->next)
            code = read_campaign(n, p, error);
    return code;
}

static enum rp_code read_platform(const struct rp_node *map,
                                  struct rp_error *error)
{
    const char *known[COUNT(texts)];
    size_t count = 0;

    for (size_t i = 0; i < COUNT(texts); i++)
        if (strcmp(texts[i].section, "platform") == 0)
            known[count++] = texts[i].key;
    return rp_node_only_keys(map, known, count, NULL, error);
}

static enum rp_code check_schema(const struct rp_node *root,
                                 struct rp_error *error)
{
    const struct rp_node *const schema = rp_node_get(root, "schema");
    char found[RP_EXCERPT_SIZE];

    if (!schema)
        return rp_node_fail(
            root, error, RP_ERR_VALUE,
            "this is no profile: one begins with \"schema: " SCHEMA
            "\"; make one with reqpath calibrate");
    if (schema->kind == RP_NODE_SCALAR && strcmp(schema->text, SCHEMA) == 0)
        return RP_OK;
    return rp_node_fail(schema, error, RP_ERR_VALUE,
                        "schema: found \"%s\", expected " SCHEMA
                        ", the one that this version reads",
                        rp_excerpt(schema->text, found));
}

static enum rp_code read_all(const struct rp_node *root, struct rp_profile *p,
                             struct rp_error *error)
{
    static const char *const known[] = {"schema",
                                        "provenance",
                                        "platform",
                                        "condition_number",
                                        "range",
                                        "accuracy",
                                        "rounds",
                                        "request_spread",
                                        "costs",
                                        "under_load",
                                        "accuracy_under_load",
                                        "accuracy_with_waits"};
    const struct rp_node *condition = NULL, *spread = NULL, *costs = NULL;
    enum rp_code code = rp_node_expect(root, RP_NODE_MAPPING, error);

    if (!code)
        code = check_schema(root, error);
    if (!code)
        code = rp_node_only_keys(root, known, COUNT(known), NULL, error);
    if (!code)
        code = read_provenance(rp_node_get(root, "provenance"), p, error);
    if (!code)
        code = read_platform(rp_node_get(root, "platform"), error);
    if (!code)
        code = read_texts(root, p, error);
    if (!code)
        code = rp_node_need(root, "condition_number", &condition, error);
    if (!code)
        code = rp_node_number(condition, 1.0, HUGE_VAL, &p->condition_number,
                              error);
    if (!code)
        code = rp_extent_read(rp_node_get(root, "range"), &p->extent, error);
    for (unsigned i = 0; i < RP_SITUATION_COUNT && !code; i++)
        code = read_accuracy(
            rp_node_get(root, rp_situation_key((enum rp_situation)i)),
            p->accuracy[i], error);
    if (!code)
        code = read_rounds(rp_node_get(root, "rounds"), p, error);
    if (!code)
        code = rp_node_need(root, "request_spread", &spread, error);
    if (!code)
        code = read_spread(spread, &p->request_spread, error);
    if (!code)
        code = rp_node_need(root, "costs", &costs, error);
    if (!code)
        code = read_costs(costs, p, error);
    if (!code)
        code = rp_underload_read(rp_node_get(root, "under_load"),
                                 &p->under_load, error);
    return code ? code : rp_check_profile(p, root, error);
}

static enum rp_code read_tree(const struct rp_tree *tree,
                              struct rp_profile *profile,
                              struct rp_error *error)
{
    struct rp_profile fresh = {.file = strdup(tree->root->file)};
    enum rp_code code = RP_OK;

    for (size_t i = 0; i < RP_ITEM_COUNT; i++)
        fresh.cost_of_item[i] = -1;
    if (!fresh.file)
        code = rp_fail(error, RP_ERR_MEMORY, "out of memory for a profile");
    if (!code)
        code = read_all(tree->root, &fresh, error);
    if (code)
        rp_profile_free(&fresh);
    else
        *profile = fresh;
    return code;
}

enum rp_code rp_profile_read(const char *path, struct rp_profile *profile,
                             struct rp_error *error)
{
    struct rp_tree tree = {0};
    enum rp_code code = rp_tree_read(path, &tree, error);

    if (!code)
        code = read_tree(&tree, profile, error);
    rp_tree_free(&tree);
    return code;
}

enum rp_code rp_profile_read_text(const char *text, size_t length,
                                  const char *file_name,
                                  struct rp_profile *profile,
                                  struct rp_error *error)
{
    struct rp_tree tree = {0};
    enum rp_code code =
        rp_tree_read_text(text, length, file_name, &tree, error);

    if (!code)
        code = read_tree(&tree, profile, error);
    rp_tree_free(&tree);
    return code;
}

/* ---- Writing ---- */

/* Less than this is nothing; its digits would not survive. */
static const double nothing = 1e-12;

/* The same of a time, which is written in us. */
static bool is_printed(double ns)
{
    return ns / 1e3 >= nothing;
}

static void write_number(FILE *out, double number, int digits)
{
    char text[RP_NUMBER_TEXT_SIZE];

    (void)fputs(
        rp_number_format(fabs(number) < nothing ? 0.0 : number, digits, text),
        out);
}

/* All times of a profile are in one unit, so that they can be compared by
 * eye. */
static void write_time(FILE *out, const char *before, double ns)
{
    (void)fputs(before, out);
    write_number(out, ns / 1e3, TIME_DIGITS);
    (void)fputs("us", out);
}

/* Text that YAML takes for nothing else: words and version numbers. */
static bool is_simple(const char *text)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                  "._/()+,- ";
    const size_t length = strspn(text, letters);

    return length > 0 && text[length] == '\0' && text[length - 1] != ' ' &&
           !strchr("._/()+,- ", text[0]);
}

/* Quoted where YAML might take it for something else. */
static void write_text(FILE *out, const char *text)
{
    if (is_simple(text)) {
        (void)fputs(text, out);
        return;
    }
    (void)fputc('\'', out);
    for (; *text; text++)
        (void)fputs(*text == '\'' ? "''" : (const char[]){*text, '\0'}, out);
    (void)fputc('\'', out);
}

static void write_texts(FILE *out, const struct rp_profile *p,
                        const char *section)
{
    bool begun = false;

    for (size_t i = 0; i < COUNT(texts); i++) {
        const char *const text = text_of(p, &texts[i]);

        if (strcmp(texts[i].section, section) != 0 || !text[0])
            continue;
        if (!begun)
            (void)fprintf(out, "%s:\n", section);
        begun = true;
        (void)fprintf(out, "  %s: ", texts[i].key);
        write_text(out, text);
        (void)fputc('\n', out);
    }
}

static void write_spread(FILE *out, const struct rp_spread *spread)
{
    for (size_t i = 0; i < COUNT(spread_keys); i++) {
        (void)fprintf(out, "%s%s: ", i == 0 ? "{" : ", ", spread_keys[i]);
        write_number(out,
                     i < RP_LEVEL_COUNT ? spread->multiple[i] : spread->tail,
                     RATIO_DIGITS);
    }
    (void)fputs("}\n", out);
}

static void write_accuracy(FILE *out, const struct rp_profile *p,
                           enum rp_situation situation, const char *meaning)
{
    const struct rp_accuracy *const a = p->accuracy[situation];

    if (situation != RP_SITUATION_ALONE && !(a[RP_METRIC_RPS].run_sd > 0.0))
        return;
    (void)fprintf(out, "%s: # of one run, and of the fit beyond it; %s\n",
                  rp_situation_key(situation), meaning);
    for (unsigned i = 0; i < RP_METRIC_COUNT; i++) {
        (void)fprintf(out, "  %s: {run_sd: ", rp_metric_key((enum rp_metric)i));
        write_number(out, 100.0 * a[i].run_sd, RATIO_DIGITS);
        (void)fputs("%, misfit_sd: ", out);
        write_number(out, 100.0 * a[i].misfit_sd, RATIO_DIGITS);
        (void)fputs("%}\n", out);
    }
}

static double cell(const struct rp_profile *p, size_t i, size_t j)
{
    return p->covariance_ns2[i * p->cost_count + j];
}

/* One line a campaign; its rounds stand together. */
static void write_rounds(FILE *out, const struct rp_profile *p)
{
    if (p->round_count > 0)
        (void)fputs("rounds: # how much longer all took in each of them than "
                    "in the campaign with the most runs\n",
                    out);
    for (size_t i = 0; i < p->round_count; i++) {
        const struct rp_round *const r = &p->rounds[i];
        const bool begins =
            i == 0 || strcmp(r->campaign, p->rounds[i - 1].campaign) != 0;

        if (begins) {
            (void)fputs(i == 0 ? "  - campaign: " : "}\n  - campaign: ", out);
            write_text(out, r->campaign);
            (void)fputs("\n    unrest: ", out);
            write_number(out, r->unrest, RATIO_DIGITS);
        }
        (void)fprintf(out, "%s%u: ", begins ? "\n    speeds: {" : ", ",
                      r->number);
        write_number(out, r->speed, RATIO_DIGITS);
    }
    if (p->round_count > 0)
        (void)fputs("}\n", out);
}

static void write_correlations(FILE *out, const struct rp_profile *p, size_t i)
{
    (void)fputs("    correlations: [", out);
    for (size_t j = 0; j < i; j++) {
        const double a = p->costs[i].se_ns, b = p->costs[j].se_ns;
        const double r =
            is_printed(a) && is_printed(b) ? cell(p, i, j) / (a * b) : 0.0;

        (void)fputs(j == 0 ? "" : ", ", out);
        write_number(out, fmax(-1.0, fmin(1.0, r)), RATIO_DIGITS);
    }
    (void)fputs("]\n", out);
}

static void write_cost(FILE *out, const struct rp_profile *p, size_t i)
{
    const struct rp_cost *const cost = &p->costs[i];
    const char *before = "\n    items: [";

    (void)fputs("  - name: ", out);
    write_text(out, cost->name);
    for (unsigned k = 0; k < RP_ITEM_COUNT; k++)
        if (p->cost_of_item[k] == (int)i) {
            (void)fprintf(out, "%s%s", before, rp_item_name((enum rp_item)k));
            before = ", ";
        }
    write_time(out, "]\n    mean: ", cost->mean_ns);
    write_time(out, "\n    se: ", cost->se_ns);
    (void)fprintf(out, "\n    runs: %u\n    spread: ", cost->runs);
    if (cost->spread_pooled)
        (void)fputs("pooled\n", out);
    else
        write_spread(out, &cost->spread);
    if (i > 0)
        write_correlations(out, p, i);
}

static void write_provenance(FILE *out, const struct rp_profile *p)
{
    write_texts(out, p, "provenance");
    (void)fputs("  sources:\n", out);
    for (size_t i = 0; i < p->source_count; i++) {
        (void)fputs("    - ", out);
        write_text(out, p->sources[i]);
        (void)fputc('\n', out);
    }
    (void)fprintf(out, "  runs: %lu\n  runs_left_out: %lu\n", p->runs,
                  p->runs_left_out);
}

enum rp_code rp_profile_write(const struct rp_profile *profile, FILE *out,
                              struct rp_error *error)
{
    const enum rp_code code = rp_check_profile(profile, NULL, error);

    if (code)
        return code;
    (void)fputs("# What the steps of a request cost. mean and se (standard "
                "error) are per request\n# that pays the items once; spreads "
                "are multiples of the mean at each percentile;\n# correlations "
                "are those of the errors with the costs above, in their "
                "order.\nschema: " SCHEMA "\n",
                out);
    write_provenance(out, profile);
    write_texts(out, profile, "platform");
    (void)fputs("condition_number: ", out);
    write_number(out, profile->condition_number, RATIO_DIGITS);
    (void)fputc('\n', out);
    rp_extent_write(&profile->extent, out);
#define RP_SITUATION_AS_LINES(situation, key, meaning)                         \
    write_accuracy(out, profile, situation, meaning);
    RP_SITUATION_LIST(RP_SITUATION_AS_LINES)
#undef RP_SITUATION_AS_LINES
    write_rounds(out, profile);
    (void)fputs("request_spread: ", out);
    write_spread(out, &profile->request_spread);
    (void)fputs("costs:\n", out);
    for (size_t i = 0; i < profile->cost_count; i++)
        write_cost(out, profile, i);
    rp_underload_write(&profile->under_load, out);
    if (fflush(out) != 0 || ferror(out))
        return rp_fail(error, RP_ERR_IO, "the profile cannot be written");
    return RP_OK;
}
