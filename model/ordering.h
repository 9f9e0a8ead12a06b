/**
 * Ordering: which layers of a stack have to stay outside of which.
 *
 * Whoever moves layers must keep what they rely on. Two kinds of rules are
 * known: those that the scenario states (`order`), and those of the layers that
 * come with Django, by the names of their classes ("SessionMiddleware",
 * "sessions", "django.contrib.sessions.middleware.SessionMiddleware"): the
 * section "Middleware ordering" of Django's reference of middleware. Layers of
 * others have the rules that the scenario states, and no more.
 *
 * Where a stack breaks a rule of Django's as it stands, its owner knows better,
 * and the rule is left alone. One that the scenario states is an error then.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MODEL_ORDERING_H
#define RP_MODEL_ORDERING_H

#include "model/error.h"
#include "model/scenario.h"

#include <stdbool.h>
#include <stddef.h>

struct rp_ordering {
    size_t count;  /* of layers */
    bool *outside; /* owned: [i * count + j]: layer i stays outside of layer j;
                      with what follows from two such rules */
};

/**
 * The rules of a scenario's stack.
 *
 * @param ordering  written on success; rp_ordering_free()
 * @return RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_ordering_of(const struct rp_scenario *scenario,
                                       struct rp_ordering *ordering,
                                       struct rp_error *error);

/** Harmless on a zeroed or freed one. */
void rp_ordering_free(struct rp_ordering *ordering);

/** True where a stack of the `count` layers of `order`, outermost first, keeps
 * all rules. Layers that are left out have none. */
bool rp_ordering_allows(const struct rp_ordering *ordering, const size_t *order,
                        size_t count);

/** The index of a layer; `layer_count` where none has that name. */
size_t rp_ordering_find(const struct rp_scenario *scenario, const char *name);

#endif
