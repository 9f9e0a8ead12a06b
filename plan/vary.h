/**
 * Vary: a key of a scenario and the values that it shall take in turn.
 *
 *     KEY=VALUES            what is written
 *     server.threads=1,2,8          a list
 *     load.rate=[100/s:900/s,100/s] a sweep: from, to, step
 *     view.wait=[1ms:64ms,x2]       a sweep by a factor
 *     middleware.order=[a, b],[b, a]  values may be lists and mappings
 *
 * Values are those of an edit (model/edit.h), so `keep` and `drop` are two. All
 * kinds may be mixed, with commas between them. A sweep is not written out: of
 * a million values it takes no more memory than of two.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_PLAN_VARY_H
#define RP_PLAN_VARY_H

#include "model/edit.h"
#include "model/error.h"

#include <stdbool.h>
#include <stddef.h>

/** The most values of one key. */
#define RP_VARY_COUNT_MAX ((size_t)1000000)

/** Bytes that a value of a sweep needs. */
#define RP_VARY_VALUE_SIZE 64

/** One value, or one sweep. */
struct rp_vary_item {
    char *text; /* owned; of a sweep its unit */
    bool is_sweep;
    bool by_factor;
    double from, step; /* step: added, or multiplied by */
    size_t count;      /* of values; 1 where it is no sweep */
};

struct rp_vary {
    char *key; /* owned */
    size_t item_count;
    struct rp_vary_item *items; /* owned */
    size_t count;               /* of values, all items together; >= 1 */
};

/**
 * Read what stands after --vary.
 *
 * @param vary  written on success; rp_vary_free()
 * @return RP_ERR_SYNTAX, RP_ERR_VALUE: no key, no values, a value twice, a
 *         sweep without values; RP_ERR_MEMORY. Sentences begin with
 *         "--vary KEY: "
 */
RP_CHECKED enum rp_code rp_vary_parse(const char *text, struct rp_vary *vary,
                                      struct rp_error *error);

/** Harmless on a zeroed or freed one. */
void rp_vary_free(struct rp_vary *vary);

/** Value `index`, below `count`: borrowed, or written to `buffer`. */
const char *rp_vary_value(const struct rp_vary *vary, size_t index,
                          char buffer[RP_VARY_VALUE_SIZE]);

/** Check every value by itself (rp_draft_check()); of a sweep the first and
 * the last, as what may stand after a key has no holes. */
RP_CHECKED enum rp_code rp_vary_check(const struct rp_vary *vary,
                                      const struct rp_draft *draft,
                                      struct rp_error *error);

#endif
