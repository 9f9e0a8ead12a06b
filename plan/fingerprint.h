/**
 * Fingerprints: 128 bits that stand for a text.
 *
 * By them the store knows whether a question was answered before. It is FNV-1a
 * with 128 bits (Fowler, Noll and Vo; draft-eastlake-fnv): no library is needed
 * for it, and among a billion texts that nobody has forged the chance of two
 * with the same fingerprint is below 1e-20. It is no protection against who
 * wants to forge one.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_PLAN_FINGERPRINT_H
#define RP_PLAN_FINGERPRINT_H

#include <stddef.h>
#include <stdint.h>

struct rp_fingerprint {
    uint64_t high, low;
};

/** That of no bytes. */
struct rp_fingerprint rp_fingerprint_begin(void);

/** Add bytes: adding "ab" is adding "a", then "b". */
void rp_fingerprint_add(struct rp_fingerprint *fingerprint, const void *bytes,
                        size_t length);

/** Add a text and its closing zero, so that "ab" and "c" are not "a" and "bc".
 * NULL is added as "". */
void rp_fingerprint_add_text(struct rp_fingerprint *fingerprint,
                             const char *text);

/** Bytes that rp_fingerprint_format() needs. */
#define RP_FINGERPRINT_TEXT_SIZE 33

/** 32 hexadecimal digits; returns `text`. */
const char *rp_fingerprint_format(struct rp_fingerprint fingerprint,
                                  char text[RP_FINGERPRINT_TEXT_SIZE]);

#endif
