/**
 * Key ranges: what may stand after a scenario key, in words.
 *
 * The same words are in `reqpath keys` and in the sentence for a value that is
 * out of range.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MODEL_KEYRANGE_H
#define RP_MODEL_KEYRANGE_H

#include "model/keys.h"

/** Bytes that rp_key_range() needs. */
#define RP_KEY_RANGE_SIZE 256

/** What may stand there, for people: "1 .. 1000", "sync, async"; "" where
 * everything may. Returns `buffer`. */
const char *rp_key_range(const struct rp_key *key,
                         char buffer[RP_KEY_RANGE_SIZE]);

#endif
