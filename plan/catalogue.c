/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/catalogue.h"

#include "model/excerpt.h"
#include "model/tree.h"
#include "model/units.h"
#include "plan/bytes.h"

#include <stdlib.h>
#include <string.h>

static enum rp_code parse_price(const char *text, double *price_per_month,
                                struct rp_error *error)
{
    char excerpt[RP_EXCERPT_SIZE];
    const char *end = text;
    double price = 0.0;

    (void)rp_excerpt(text, excerpt);
    if (!rp_number_scan(text, &end, &price) ||
        (strcmp(end, "/month") != 0 && strcmp(end, "/h") != 0))
        return rp_fail(error, RP_ERR_VALUE,
                       "found \"%s\", expected a price of a month or an hour, "
                       "such as 30/month or 0.04/h",
                       excerpt);
    if (strcmp(end, "/h") == 0)
        price *= RP_MONTH_HOURS;
    if (!(price >= 0.0) || !(price <= 1e9))
        return rp_fail(error, RP_ERR_VALUE,
                       "found \"%s\", expected a price from 0 to 1e9 a month",
                       excerpt);
    *price_per_month = price;
    return RP_OK;
}

static enum rp_code read_with(const struct rp_node *map, const char *key,
                              enum rp_code (*parse)(const char *, double *,
                                                    struct rp_error *),
                              double *value, struct rp_error *error)
{
    const struct rp_node *node = NULL;
    struct rp_error inner = {0};
    const char *text = "";
    enum rp_code code = rp_node_need(map, key, &node, error);

    if (!code)
        code = rp_node_text(node, &text, error);
    if (!code && parse(text, value, &inner))
        code =
            rp_node_fail(node, error, RP_ERR_VALUE, "%s: %s", key, inner.text);
    return code;
}

static enum rp_code read_instance(const struct rp_node *map,
                                  struct rp_instance *instance,
                                  struct rp_error *error)
{
    static const char *const known[] = {"name", "cores", "memory", "price"};
    const struct rp_node *node = NULL;
    uint64_t cores = 0;
    enum rp_code code = rp_node_only_keys(map, known, 4, NULL, error);

    if (!code)
        code = rp_node_need(map, "name", &node, error);
    if (!code)
        code = rp_node_copy_text(node, &instance->name, error);
    if (!code)
        code = rp_node_need(map, "cores", &node, error);
    if (!code)
        code = rp_node_integer(node, 1, 4096, &cores, error);
    instance->cores = (unsigned)cores;
    if (!code)
        code = read_with(map, "memory", rp_bytes_parse, &instance->memory_bytes,
                         error);
    return code ? code
                : read_with(map, "price", parse_price,
                            &instance->price_per_month, error);
}

static enum rp_code check_name(const struct rp_node *map,
                               const struct rp_catalogue *catalogue,
                               size_t index, struct rp_error *error)
{
    const char *const name = catalogue->instances[index].name;

    for (size_t i = 0; i < index; i++)
        if (strcmp(catalogue->instances[i].name, name) == 0) {
            char excerpt[RP_EXCERPT_SIZE];

            return rp_node_fail(map, error, RP_ERR_VALUE,
                                "an instance \"%s\" is there already: give "
                                "each a name of its own",
                                rp_excerpt(name, excerpt));
        }
    return RP_OK;
}

static enum rp_code read_list(const struct rp_node *list,
                              struct rp_catalogue *catalogue,
                              struct rp_error *error)
{
    enum rp_code code = rp_node_expect(list, RP_NODE_SEQUENCE, error);
    const struct rp_node *map = code ? NULL : list->first;

    if (!code && (list->count == 0 || list->count > RP_INSTANCES_MAX))
        return rp_node_fail(list, error, RP_ERR_VALUE,
                            "instances: found %zu, expected 1 to %d",
                            list->count, RP_INSTANCES_MAX);
    if (!code) {
        catalogue->instances =
            calloc(list->count, sizeof *catalogue->instances);
        if (!catalogue->instances)
            code = rp_fail(error, RP_ERR_MEMORY, "out of memory");
    }
    for (; map && !code; map = map->next) {
        code =
            read_instance(map, &catalogue->instances[catalogue->count], error);
        catalogue->count++;
        if (!code)
            code = check_name(map, catalogue, catalogue->count - 1, error);
    }
    return code;
}

static enum rp_code take(const struct rp_tree *tree,
                         struct rp_catalogue *catalogue, struct rp_error *error)
{
    static const char *const known[] = {"currency", "instances"};
    struct rp_catalogue made = {.currency = calloc(1, 1)};
    const struct rp_node *list = NULL;
    enum rp_code code =
        made.currency
            ? rp_node_only_keys(tree->root, known, 2, NULL, error)
            : rp_fail(error, RP_ERR_MEMORY, "out of memory for a catalogue");

    if (!code)
        code = rp_node_need(tree->root, "instances", &list, error);
    if (!code && rp_node_get(tree->root, "currency"))
        code = rp_node_copy_text(rp_node_get(tree->root, "currency"),
                                 &made.currency, error);
    if (!code)
        code = read_list(list, &made, error);
    if (code)
        rp_catalogue_free(&made);
    else
        *catalogue = made;
    return code;
}

enum rp_code rp_catalogue_read(const char *path, struct rp_catalogue *catalogue,
                               struct rp_error *error)
{
    struct rp_tree tree = {0};
    enum rp_code code = rp_tree_read(path, &tree, error);

    if (!code)
        code = take(&tree, catalogue, error);
    rp_tree_free(&tree);
    return code;
}

enum rp_code rp_catalogue_read_text(const char *text, size_t length,
                                    const char *file_name,
                                    struct rp_catalogue *catalogue,
                                    struct rp_error *error)
{
    struct rp_tree tree = {0};
    enum rp_code code =
        rp_tree_read_text(text, length, file_name, &tree, error);

    if (!code)
        code = take(&tree, catalogue, error);
    rp_tree_free(&tree);
    return code;
}

void rp_catalogue_free(struct rp_catalogue *catalogue)
{
    for (size_t i = 0; i < catalogue->count; i++)
        free(catalogue->instances[i].name);
    free(catalogue->instances);
    free(catalogue->currency);
    *catalogue = (struct rp_catalogue){0};
}
