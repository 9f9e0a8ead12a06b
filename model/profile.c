/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "model/profile.h"

#include "model/excerpt.h"
#include "model/tree.h"
#include "model/units.h"
#include "model/utf8.h"

#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define SCHEMA "reqpath.profile/1"

/* Digits that are printed: far more than any measurement has, and few enough
 * that text, double and text again are the same text. */
enum { TIME_DIGITS = 7, RATIO_DIGITS = 6 };

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* ---- Words ---- */

const char *rp_metric_key(enum rp_metric metric)
{
#define RP_METRIC_AS_KEY(metric_, key, heading)                                \
    case metric_:                                                              \
        return key;
    switch (metric) {
        RP_METRIC_LIST(RP_METRIC_AS_KEY)
    case RP_METRIC_COUNT:
        break;
    }
#undef RP_METRIC_AS_KEY
    return "unknown metric";
}

const char *rp_metric_heading(enum rp_metric metric)
{
#define RP_METRIC_AS_HEADING(metric_, key, heading)                            \
    case metric_:                                                              \
        return heading;
    switch (metric) {
        RP_METRIC_LIST(RP_METRIC_AS_HEADING)
    case RP_METRIC_COUNT:
        break;
    }
#undef RP_METRIC_AS_HEADING
    return "unknown metric";
}

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

void rp_profile_free(struct rp_profile *profile)
{
    for (size_t i = 0; i < COUNT(texts); i++)
        free(*text_field(profile, &texts[i]));
    for (size_t i = 0; i < profile->source_count; i++)
        free(profile->sources[i]);
    free(profile->sources);
    free(profile->costs);
    free(profile->covariance_ns2);
    free(profile->file);
    *profile = (struct rp_profile){0};
}

/* ---- What must be true of a profile, read or made ---- */

/* `root` gives the place in the file; NULL: it was made in memory. */
struct checker {
    const struct rp_profile *profile;
    const struct rp_node *root;
    struct rp_error *error;
};

static enum rp_code refuse(const struct checker *c, const char *path,
                           const char *format, ...) RP_PRINTF(3, 4);

static enum rp_code refuse(const struct checker *c, const char *path,
                           const char *format, ...)
{
    char sentence[RP_ERROR_TEXT_SIZE];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(sentence, sizeof sentence, format, args);
    va_end(args);
    if (c->root)
        return rp_node_fail(rp_node_find(c->root, path), c->error, RP_ERR_VALUE,
                            "%s: %s", path, sentence);
    return rp_fail(c->error, RP_ERR_VALUE, "%s: %s", path, sentence);
}

enum { PATH_SIZE = 64 };

static enum rp_code check_texts(const struct checker *c)
{
    char path[PATH_SIZE];

    for (size_t i = 0; i < COUNT(texts); i++)
        if (!rp_utf8_is_line(text_of(c->profile, &texts[i]))) {
            (void)snprintf(path, sizeof path, "%s.%s", texts[i].section,
                           texts[i].key);
            return refuse(c, path, "expected UTF-8 text on one line");
        }
    for (size_t i = 0; i < c->profile->source_count; i++)
        if (!c->profile->sources[i] || !c->profile->sources[i][0] ||
            !rp_utf8_is_line(c->profile->sources[i])) {
            (void)snprintf(path, sizeof path, "provenance.sources[%zu]", i);
            return refuse(c, path, "expected UTF-8 text on one line");
        }
    return RP_OK;
}

static enum rp_code check_provenance(const struct checker *c)
{
    const struct rp_profile *const p = c->profile;
    const char *missing = NULL;

    if (p->runs == 0)
        missing = "provenance.runs";
    if (p->source_count == 0)
        missing = "provenance.sources";
    if (!p->made_on || !p->made_on[0])
        missing = "provenance.made_on";
    if (!p->made_by || !p->made_by[0])
        missing = "provenance.made_by";
    if (missing)
        return refuse(c, missing,
                      "is missing, and costs of unknown origin are worth "
                      "nothing: a profile says who made it, when, and from "
                      "which runs; make it with reqpath calibrate");
    return check_texts(c);
}

static enum rp_code check_spread(const struct checker *c, const char *path,
                                 const struct rp_spread *spread)
{
    /* What is written must be readable after rounding to its digits. */
    const double near = c->root ? 2e-3 : 1e-3;
    double mean;

    if (!rp_spread_valid(spread))
        return refuse(c, path,
                      "p0 .. p99 are multiples of the mean, 0 or more, that "
                      "do not fall, and the tail is 0 or more");
    mean = rp_spread_mean(spread);
    if (!(fabs(mean - 1.0) <= near))
        return refuse(c, path,
                      "the mean of a spread is 1, that of these multiples is "
                      "%g; divide them by it",
                      mean);
    return RP_OK;
}

static bool is_time(double ns)
{
    return ns >= 0.0 && ns <= RP_DURATION_MAX_NS;
}

static bool same_spread(const struct rp_spread *a, const struct rp_spread *b)
{
    for (size_t i = 0; i < RP_LEVEL_COUNT; i++)
        if (!(a->multiple[i] == b->multiple[i]))
            return false;
    return a->tail == b->tail;
}

static size_t items_of(const struct rp_profile *profile, size_t cost)
{
    size_t count = 0;

    for (size_t i = 0; i < RP_ITEM_COUNT; i++)
        count += profile->cost_of_item[i] == (int)cost;
    return count;
}

/* A name is text of its own within the array's bounds. */
static enum rp_code check_cost_name(const struct checker *c, size_t i)
{
    const struct rp_profile *const p = c->profile;
    const char *const name = p->costs[i].name;
    char path[PATH_SIZE], text[RP_EXCERPT_SIZE];

    (void)snprintf(path, sizeof path, "costs[%zu].name", i);
    if (!memchr(name, '\0', RP_COST_NAME_SIZE) || !name[0] ||
        !rp_utf8_is_line(name))
        return refuse(c, path, "expected UTF-8 text on one line");
    for (size_t k = 0; k < i; k++)
        if (strcmp(p->costs[k].name, name) == 0)
            return refuse(c, path,
                          "\"%s\" is the name of cost %zu already; each name "
                          "stands once",
                          rp_excerpt(name, text), k + 1);
    return RP_OK;
}

static enum rp_code check_cost(const struct checker *c, size_t i)
{
    const struct rp_profile *const p = c->profile;
    const struct rp_cost *const cost = &p->costs[i];
    char path[PATH_SIZE];
    enum rp_code code = check_cost_name(c, i);

    if (code)
        return code;
    (void)snprintf(path, sizeof path, "costs[%zu]", i);
    if (items_of(p, i) == 0)
        return refuse(c, path, "the cost prices no item; name one, or drop it");
    if (!is_time(cost->mean_ns) || !is_time(cost->se_ns))
        return refuse(c, path, "mean and se must be 0ms .. 1000h");
    (void)snprintf(path, sizeof path, "costs[%zu].spread", i);
    if (cost->spread_pooled && !same_spread(&cost->spread, &p->request_spread))
        return refuse(c, path,
                      "a pooled spread is that of the average request, and "
                      "this one is another");
    return check_spread(c, path, &cost->spread);
}

static enum rp_code check_costs(const struct checker *c)
{
    const struct rp_profile *const p = c->profile;
    enum rp_code code = RP_OK;

    if (p->cost_count == 0)
        return refuse(c, "costs", "there is none, so nothing can be priced");
    for (size_t i = 0; i < RP_ITEM_COUNT; i++)
        if (p->cost_of_item[i] < -1 || p->cost_of_item[i] >= (int)p->cost_count)
            return refuse(c, "costs", "the cost of %s is not one of the %zu",
                          rp_item_name((enum rp_item)i), p->cost_count);
    for (size_t i = 0; i < p->cost_count && !code; i++)
        code = check_cost(c, i);
    return code;
}

/* Rounding makes a correlation a little more than 1. */
static const double rounding = 1e-6;

static double cell(const struct rp_profile *p, size_t i, size_t j)
{
    return p->covariance_ns2[i * p->cost_count + j];
}

static enum rp_code check_covariance(const struct checker *c)
{
    const struct rp_profile *const p = c->profile;

    for (size_t i = 0; i < p->cost_count; i++) {
        const char *const name = p->costs[i].name;
        const double variance = p->costs[i].se_ns * p->costs[i].se_ns;

        if (!(fabs(cell(p, i, i) - variance) <= rounding * variance))
            return refuse(c, "costs",
                          "the variance of \"%s\" is not its standard error "
                          "squared",
                          name);
        for (size_t j = 0; j < i; j++) {
            const double most = p->costs[i].se_ns * p->costs[j].se_ns;

            if (!(fabs(cell(p, i, j)) <= (1.0 + rounding) * most))
                return refuse(c, "costs",
                              "\"%s\" and \"%s\" have no correlation from -1 "
                              "to 1",
                              p->costs[j].name, name);
            if (!(fabs(cell(p, i, j) - cell(p, j, i)) <= rounding * most))
                return refuse(c, "costs",
                              "the covariance of \"%s\" and \"%s\" is not "
                              "symmetric",
                              p->costs[j].name, name);
        }
    }
    return RP_OK;
}

/* Ten times the value itself is a broken fit, not a noise. */
static bool is_relative(double sd)
{
    return sd >= 0.0 && sd <= 10.0;
}

static enum rp_code check_fit(const struct checker *c)
{
    const struct rp_profile *const p = c->profile;
    char path[PATH_SIZE];

    if (!(p->condition_number >= 1.0 && isfinite(p->condition_number)))
        return refuse(c, "condition_number", "expected 1 or more");
    for (unsigned i = 0; i < RP_METRIC_COUNT; i++)
        if (!is_relative(p->accuracy[i].run_sd) ||
            !is_relative(p->accuracy[i].misfit_sd)) {
            (void)snprintf(path, sizeof path, "accuracy.%s",
                           rp_metric_key((enum rp_metric)i));
            return refuse(c, path, "expected 0%% .. 1000%%");
        }
    return RP_OK;
}

static enum rp_code check_profile(const struct rp_profile *profile,
                                  const struct rp_node *root,
                                  struct rp_error *error)
{
    const struct checker c = {profile, root, error};
    enum rp_code code = check_provenance(&c);

    if (!code)
        code = check_fit(&c);
    if (!code)
        code = check_spread(&c, "request_spread", &profile->request_spread);
    if (!code)
        code = check_costs(&c);
    return code ? code : check_covariance(&c);
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
        !is_relative(number / 100.0))
        return rp_node_fail(node, error, RP_ERR_VALUE,
                            "%s: found \"%s\", expected a percentage, like "
                            "4.2%%",
                            node->key, rp_excerpt(node->text, found));
    *part = number / 100.0;
    return RP_OK;
}

static enum rp_code read_accuracy(const struct rp_node *map,
                                  struct rp_profile *p, struct rp_error *error)
{
    static const char *const sds[] = {"run_sd", "misfit_sd"};
    const char *known[RP_METRIC_COUNT];
    enum rp_code code;

    for (unsigned i = 0; i < RP_METRIC_COUNT; i++)
        known[i] = rp_metric_key((enum rp_metric)i);
    code = rp_node_only_keys(map, known, RP_METRIC_COUNT, NULL, error);
    for (unsigned i = 0; i < RP_METRIC_COUNT && !code; i++) {
        const struct rp_node *const of = rp_node_get(map, known[i]);
        struct rp_accuracy *const to = &p->accuracy[i];

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
                                "items: %s is priced already, by cost %d; an "
                                "item has one price",
                                rp_item_name(item), p->cost_of_item[item] + 1);
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
    static const char *const known[] = {
        "schema",   "provenance",     "platform", "condition_number",
        "accuracy", "request_spread", "costs"};
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
        code = read_accuracy(rp_node_get(root, "accuracy"), p, error);
    if (!code)
        code = rp_node_need(root, "request_spread", &spread, error);
    if (!code)
        code = read_spread(spread, &p->request_spread, error);
    if (!code)
        code = rp_node_need(root, "costs", &costs, error);
    if (!code)
        code = read_costs(costs, p, error);
    return code ? code : check_profile(p, root, error);
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

static void write_accuracy(FILE *out, const struct rp_profile *p)
{
    (void)fputs("accuracy: # of one run, and of the fit beyond it\n", out);
    for (unsigned i = 0; i < RP_METRIC_COUNT; i++) {
        (void)fprintf(out, "  %s: {run_sd: ", rp_metric_key((enum rp_metric)i));
        write_number(out, 100.0 * p->accuracy[i].run_sd, RATIO_DIGITS);
        (void)fputs("%, misfit_sd: ", out);
        write_number(out, 100.0 * p->accuracy[i].misfit_sd, RATIO_DIGITS);
        (void)fputs("%}\n", out);
    }
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
    const enum rp_code code = check_profile(profile, NULL, error);

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
    write_accuracy(out, profile);
    (void)fputs("request_spread: ", out);
    write_spread(out, &profile->request_spread);
    (void)fputs("costs:\n", out);
    for (size_t i = 0; i < profile->cost_count; i++)
        write_cost(out, profile, i);
    if (fflush(out) != 0 || ferror(out))
        return rp_fail(error, RP_ERR_IO, "the profile cannot be written");
    return RP_OK;
}
