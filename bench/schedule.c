/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/schedule.h"

/* SplitMix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number
 * Generators", 2014). */
static uint64_t next(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9E3779B97F4A7C15));

    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

/* A whole number below `limit`, all equally likely. */
static size_t below(uint64_t *state, size_t limit)
{
    const uint64_t whole = UINT64_MAX - UINT64_MAX % limit;
    uint64_t drawn;

    do
        drawn = next(state);
    while (drawn >= whole);
    return (size_t)(drawn % limit);
}

void rp_schedule_round(uint64_t seed, unsigned round, size_t count,
                       size_t *order)
{
    uint64_t state = seed;

    state = next(&state) ^ round;
    for (size_t i = 0; i < count; i++)
        order[i] = i;
    for (size_t i = count; i > 1; i--) { /* Fisher and Yates */
        const size_t other = below(&state, i), was = order[i - 1];

        order[i - 1] = order[other];
        order[other] = was;
    }
}

uint64_t rp_schedule_run_seed(uint64_t seed, unsigned round, const char *name)
{
    uint64_t state = seed;

    state = next(&state) ^ round;
    for (; *name; name++)
        state = next(&state) ^ (unsigned char)*name;
    return next(&state);
}
