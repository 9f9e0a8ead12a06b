/**
 * Next runs of one client: which there are.
 *
 * Every stack over some letters, with both views, on every target. Of those
 * whose requests pay the same on a target the first stands for all, and what is
 * measured already is none.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CALIBRATE_NEXTALONE_H
#define RP_CALIBRATE_NEXTALONE_H

#include "calibrate/nextload.h"

/** The most of them. */
enum { RP_NEXTALONE_MAX = 20000 };

struct rp_nextalone {
    size_t count;
    struct rp_config *configs; /* owned; stacks short before long */
    size_t *targets;           /* owned: of each */
};

/**
 * Find them.
 *
 * @param options  targets, letters and longest are read
 * @param found    written on success; rp_nextalone_free()
 * @return RP_ERR_VALUE: there are more; RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code
rp_nextalone_find(const struct rp_measured *measured,
                  const struct rp_nextload_options *options,
                  struct rp_nextalone *found, struct rp_error *error);

/** Harmless on a zeroed or freed one. */
void rp_nextalone_free(struct rp_nextalone *found);

#endif
