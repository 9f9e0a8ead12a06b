/**
 * Fillings: words in braces within texts of a plan, and what stands for them.
 *
 *     http://127.0.0.1:{port}/{stack}
 *
 * Words that are not known stay as they are: a command of a shell has braces
 * of its own.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_BENCH_FILLING_H
#define RP_BENCH_FILLING_H

#include <stddef.h>

/** Both borrowed. */
struct rp_filling {
    const char *word;  /* with its braces */
    const char *value; /* NULL: the word stays */
};

/** The text with its words filled in; new memory, NULL: none. */
char *rp_filling_apply(const char *text, const struct rp_filling *fillings,
                       size_t count);

#endif
