/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/targetset.h"

#include <string.h>

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
