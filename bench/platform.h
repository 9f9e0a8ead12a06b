/**
 * Platforms: the framework that a target runs, and its versions.
 *
 * A plan says them once, and a target what is other for it: so two versions of
 * Django are measured in the same rounds. A data set has one platform.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_BENCH_PLATFORM_H
#define RP_BENCH_PLATFORM_H

#include "model/node.h"

#include <stdbool.h>

/** Texts are owned; NULL: not said. */
struct rp_platform {
    char *framework, *framework_version, *asgiref_version, *python_version;
};

/** The keys, for rp_node_only_keys(). */
#define RP_PLATFORM_KEYS                                                       \
    "framework", "framework_version", "asgiref_version", "python_version"

/**
 * Read the keys of a target.
 *
 * @param usual     what holds where a key is not there
 * @param platform  zeroed; rp_platform_free(), also after a failure
 * @return RP_ERR_VALUE (no version, or one that is needed and said nowhere),
 *         RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_platform_read(const struct rp_node *map,
                                         const struct rp_platform *usual,
                                         struct rp_platform *platform,
                                         struct rp_error *error);

/** Check a version; RP_ERR_VALUE with the place of `node`. */
RP_CHECKED enum rp_code rp_platform_check(const struct rp_node *node,
                                          struct rp_error *error);

bool rp_platform_same(const struct rp_platform *a, const struct rp_platform *b);

/** Harmless on a zeroed or freed one. */
void rp_platform_free(struct rp_platform *platform);

#endif
