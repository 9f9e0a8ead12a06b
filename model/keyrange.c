/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/keyrange.h"

#include "model/units.h"

#include <inttypes.h>
#include <stdio.h>

#define HOUR_NS UINT64_C(3600000000000)

/* A limit in the largest unit that divides it: 1h, not 3600s. */
static const char *time_limit(uint64_t ns, char buffer[32])
{
    static const struct {
        uint64_t ns;
        const char *word;
    } units[] = {{HOUR_NS, "h"},
                 {UINT64_C(1000000000), "s"},
                 {UINT64_C(1000000), "ms"},
                 {UINT64_C(1000), "us"}};

    if (ns == 0)
        return "0ms";
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (ns % units[i].ns == 0) {
            (void)snprintf(buffer, 32, "%" PRIu64 "%s", ns / units[i].ns,
                           units[i].word);
            return buffer;
        }
    (void)snprintf(buffer, 32, "%" PRIu64 "ns", ns);
    return buffer;
}

static void join_words(const struct rp_key *key, char *buffer, size_t size)
{
    size_t used = 0;

    buffer[0] = '\0';
    for (size_t i = 0; i < key->word_count && used < size; i++) {
        const int n = snprintf(buffer + used, size - used, "%s%s",
                               i > 0 ? ", " : "", key->words[i].word);
        used += n < 0 ? size : (size_t)n;
    }
}

const char *rp_key_range(const struct rp_key *key,
                         char buffer[RP_KEY_RANGE_SIZE])
{
    char low[32], high[32];

    buffer[0] = '\0';
    switch (key->type) {
    case RP_KEY_MAP:
    case RP_KEY_TEXT:
    case RP_KEY_BOOL:
    case RP_KEY_VERSION:
    case RP_KEY_RESOURCE:
        break;
    case RP_KEY_WORD:
    case RP_KEY_WORDS:
        join_words(key, buffer, RP_KEY_RANGE_SIZE);
        break;
    case RP_KEY_LIST:
    case RP_KEY_WHOLE:
    case RP_KEY_NUMBER:
    case RP_KEY_WARM_UP:
        (void)snprintf(buffer, RP_KEY_RANGE_SIZE, "%" PRIu64 " .. %" PRIu64,
                       key->low, key->high);
        break;
    case RP_KEY_TIME:
    case RP_KEY_DURATION:
        (void)snprintf(buffer, RP_KEY_RANGE_SIZE, "%s .. %s",
                       time_limit(key->low, low), time_limit(key->high, high));
        break;
    case RP_KEY_SHARE:
        (void)snprintf(buffer, RP_KEY_RANGE_SIZE, "%s%% .. %s%%",
                       rp_number_format((double)key->low / 1e4, 4, low),
                       rp_number_format((double)key->high / 1e4, 4, high));
        break;
    case RP_KEY_RATE:
        (void)snprintf(buffer, RP_KEY_RANGE_SIZE,
                       "more than %" PRIu64 "/s, to %" PRIu64 "/s", key->low,
                       key->high);
        break;
    case RP_KEY_RATE_OR_NONE:
        (void)snprintf(buffer, RP_KEY_RANGE_SIZE,
                       "%" PRIu64 "/s .. %" PRIu64 "/s", key->low, key->high);
        break;
    }
    return buffer;
}
