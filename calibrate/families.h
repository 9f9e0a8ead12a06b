/**
 * Families: whether costs that are of one kind are one cost.
 *
 * The kinds and modes of layers, or sync_to_async on one thread or another,
 * are items of a family: they may cost the same, and a fit that gives each its
 * own price spends the runs on differences that are not there. What decides is
 * prediction: each configuration in turn, and then each stack in turn, is left
 * out, the costs are fitted to the others, and the error for what was left out
 * is averaged. A family is priced apart only where the sum of both errors gets
 * smaller by it: the one asks whether the members differ, the other whether
 * that helps with a stack that nobody measured. (On the measured runs of
 * Django 3.2, pricing every kind of layer apart turns 3.8 % on stacks that were
 * left out into 4.7 %.)
 *
 * Leaving out is the only honest judge here: a test of significance would have
 * to know the errors' true size, which the few stacks do not show.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CALIBRATE_FAMILIES_H
#define RP_CALIBRATE_FAMILIES_H

#include "calibrate/columns.h"

/** What was found out about one family. */
struct rp_family {
    const char *name;              /* static */
    bool one;                      /* it is one cost */
    double one_stack, apart_stack; /* mean |error| of a stack left out */
    double one_case, apart_case;   /* and of a configuration left out; both
                                      relative; NAN: too few stacks to ask */
};

struct rp_families {
    size_t count; /* with at least two items that are paid */
    struct rp_family all[RP_ITEM_COUNT];
    bool one[RP_ITEM_COUNT]; /* for rp_columns_make() */
};

/**
 * Decide for every family, one after the other, in the order of the items.
 *
 * @return RP_ERR_NUMERIC, RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_families_choose(const struct rp_case *cases,
                                           size_t case_count,
                                           struct rp_families *families,
                                           struct rp_error *error);

#endif
