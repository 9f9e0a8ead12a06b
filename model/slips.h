/**
 * Slips: the words of other tools, and what they are called here.
 *
 * Who writes `workers` means `processes`, and no letter tells. A sentence about
 * an unknown key or word suggests what such a word stands for, or else what is
 * spelt most like it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MODEL_SLIPS_H
#define RP_MODEL_SLIPS_H

#include <stddef.h>

/** The candidate, of `count`, that `word` stands for or is nearest to; or
 * NULL. */
const char *rp_slip_meant(const char *word, const char *const *candidates,
                          size_t count);

#endif
