/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/fingerprint.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct rp_fingerprint rp_fingerprint_begin(void)
{
    return (struct rp_fingerprint){.high = UINT64_C(0x6c62272e07bb0142),
                                   .low = UINT64_C(0x62b821756295c58d)};
}

/* Times the prime 2^88 + 0x13b, modulo 2^128. */
static struct rp_fingerprint times_prime(struct rp_fingerprint f)
{
    const uint64_t factor = 0x13b;
    const uint64_t upper = (f.low >> 32) * factor;
    const uint64_t lower = (f.low & UINT32_MAX) * factor;
    const uint64_t middle = upper + (lower >> 32);

    return (struct rp_fingerprint){.high = f.high * factor + (middle >> 32) +
                                           (f.low << 24),
                                   .low = f.low * factor};
}

void rp_fingerprint_add(struct rp_fingerprint *fingerprint, const void *bytes,
                        size_t length)
{
    const unsigned char *const byte = bytes;

    for (size_t i = 0; i < length; i++) {
        fingerprint->low ^= byte[i];
        *fingerprint = times_prime(*fingerprint);
    }
}

void rp_fingerprint_add_text(struct rp_fingerprint *fingerprint,
                             const char *text)
{
    const char *const given = text ? text : "";

    rp_fingerprint_add(fingerprint, given, strlen(given) + 1);
}

const char *rp_fingerprint_format(struct rp_fingerprint fingerprint,
                                  char text[RP_FINGERPRINT_TEXT_SIZE])
{
    (void)snprintf(text, RP_FINGERPRINT_TEXT_SIZE, "%016" PRIx64 "%016" PRIx64,
                   fingerprint.high, fingerprint.low);
    return text;
}
