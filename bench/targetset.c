/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/targetset.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LETTERS_MAX = 98 };

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

enum rp_code rp_target_check_beside(const struct rp_node *node,
                                    const struct rp_target *t,
                                    const struct rp_target *other,
                                    struct rp_error *error)
{
    if (strcmp(t->name, other->name) == 0)
        return rp_node_fail(rp_node_get(node, "name"), error, RP_ERR_VALUE,
                            "name: \"%s\" is the name of another target",
                            t->name);
    if (!same_text(t->set, other->set))
        return RP_OK;
    if ((t->kind == RP_TARGET_MICROHANDLER) !=
        (other->kind == RP_TARGET_MICROHANDLER))
        return rp_node_fail(node, error, RP_ERR_VALUE,
                            "one of the targets %s and %s is a microhandler, "
                            "which has not all that happens in CPython under "
                            "load: give one of them a set of its own",
                            other->name, t->name);
    if (!rp_platform_same(&t->platform, &other->platform))
        return rp_node_fail(node, error, RP_ERR_VALUE,
                            "the targets %s and %s have other versions: a data "
                            "set has one framework, version, asgiref and "
                            "Python; give one of them a set of its own",
                            other->name, t->name);
    if (!same_text(t->from.revision, other->from.revision) ||
        !same_text(t->from.git, other->from.git))
        return rp_node_fail(node, error, RP_ERR_VALUE,
                            "the targets %s and %s are not of one revision of "
                            "one repository, as a data set is; give one of "
                            "them a set of its own",
                            other->name, t->name);
    if (t->server != other->server)
        return RP_OK;
    if (t->processes != other->processes || t->in_loop != other->in_loop ||
        t->free_threaded != other->free_threaded ||
        !same_text(t->version, other->version))
        return rp_node_fail(node, error, RP_ERR_VALUE,
                            "the targets %s and %s are both %s, with other "
                            "processes, app_built_in_loop, gil or version: a "
                            "data set describes a server once; give one of "
                            "them a set of its own",
                            other->name, t->name, rp_server_word(t->server));
    return RP_OK;
}

/* ---- Revisions ---- */

static enum rp_code name_revision(const struct rp_node *map,
                                  struct rp_target *t, struct rp_error *error)
{
    char *const word = rp_revision_file_name(t->from.revision);
    const size_t name_letters = strlen(t->name);
    const size_t set_letters = t->set ? strlen(t->set) : 0;
    const size_t letters =
        (name_letters > set_letters ? name_letters : set_letters) + 1 +
        (word ? strlen(word) : 0);
    const size_t size = letters + 1;
    char *const name = malloc(size), *const set = malloc(size);
    enum rp_code code = RP_OK;

    if (!word || !name || !set)
        code = rp_fail(error, RP_ERR_MEMORY, "out of memory for a target");
    else if (letters > LETTERS_MAX)
        code = rp_node_fail(map, error, RP_ERR_VALUE,
                            "revision: with \"%s\" the name or the set becomes "
                            "longer than %d letters; take a shorter one, like "
                            "the first ten of a hash",
                            t->from.revision, LETTERS_MAX);
    if (code) {
        free(name);
        free(set);
    } else {
        (void)snprintf(name, size, "%s-%s", t->name, word);
        (void)snprintf(set, size, "%s%s%s", t->set ? t->set : "",
                       t->set ? "-" : "", word);
        free(t->set);
        t->group = t->name;
        t->name = name;
        t->set = set;
    }
    free(word);
    return code;
}

enum rp_code rp_target_read_revision(const struct rp_node *map,
                                     const char *revision, struct rp_target *t,
                                     struct rp_error *error)
{
    enum rp_code code = rp_revision_read(map, revision, &t->from, error);

    if (code || !t->from.git)
        return code;
    if (t->kind != RP_TARGET_COMMAND)
        return rp_node_fail(rp_node_get(map, "git"), error, RP_ERR_VALUE,
                            "git: only a target of kind command is started "
                            "from a checkout");
    if (!revision)
        return RP_OK;
    if (!strstr(t->url, "{port}"))
        return rp_node_fail(rp_node_get(map, "url"), error, RP_ERR_VALUE,
                            "url: revisions run side by side and need a port "
                            "each; write {port} here and in the command");
    return name_revision(map, t, error);
}
