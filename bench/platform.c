/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "bench/platform.h"

#include "model/excerpt.h"
#include "model/version.h"

#include <stdlib.h>
#include <string.h>

enum rp_code rp_platform_check(const struct rp_node *node,
                               struct rp_error *error)
{
    struct rp_version version;
    char found[RP_EXCERPT_SIZE];

    if (rp_version_parse(node->text, &version))
        return RP_OK;
    return rp_node_fail(node, error, RP_ERR_VALUE,
                        "%s: found \"%s\", expected a version like 3.2.25",
                        node->key, rp_excerpt(node->text, found));
}

static enum rp_code read_one(const struct rp_node *map, const char *key,
                             bool is_version, const char *usual, char **to,
                             struct rp_error *error)
{
    const struct rp_node *node = rp_node_get(map, key);
    enum rp_code code = RP_OK;

    if (!node && usual) {
        *to = strdup(usual);
        return *to ? RP_OK : rp_fail(error, RP_ERR_MEMORY, "out of memory");
    }
    if (is_version)
        code = rp_node_need(map, key, &node, error);
    if (!code)
        code = rp_node_copy_text(node, to, error);
    return code || !is_version ? code : rp_platform_check(node, error);
}

enum rp_code rp_platform_read(const struct rp_node *map,
                              const struct rp_platform *usual,
                              struct rp_platform *platform,
                              struct rp_error *error)
{
    enum rp_code code = read_one(map, "framework", false, usual->framework,
                                 &platform->framework, error);

    if (!code)
        code =
            read_one(map, "framework_version", true, usual->framework_version,
                     &platform->framework_version, error);
    if (!code)
        code = read_one(map, "asgiref_version", true, usual->asgiref_version,
                        &platform->asgiref_version, error);
    return code ? code
                : read_one(map, "python_version", false, usual->python_version,
                           &platform->python_version, error);
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

bool rp_platform_same(const struct rp_platform *a, const struct rp_platform *b)
{
    return same_text(a->framework, b->framework) &&
           same_text(a->framework_version, b->framework_version) &&
           same_text(a->asgiref_version, b->asgiref_version) &&
           same_text(a->python_version, b->python_version);
}

void rp_platform_free(struct rp_platform *platform)
{
    free(platform->framework);
    free(platform->framework_version);
    free(platform->asgiref_version);
    free(platform->python_version);
    *platform = (struct rp_platform){0};
}
