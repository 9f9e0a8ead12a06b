/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/bytes.h"

#include "model/excerpt.h"
#include "model/units.h"

#include <stdio.h>
#include <string.h>

struct unit {
    const char *word;
    double bytes;
};

#define RP_UNIT_AS_ROW(word, bytes) {word, bytes},
static const struct unit units[] = {RP_BYTES_UNIT_LIST(RP_UNIT_AS_ROW)};
#undef RP_UNIT_AS_ROW

enum rp_code rp_bytes_parse(const char *text, double *bytes,
                            struct rp_error *error)
{
    char excerpt[RP_EXCERPT_SIZE];
    const char *end = text;
    double number = 0.0;

    (void)rp_excerpt(text, excerpt);
    if (!rp_number_scan(text, &end, &number))
        return rp_fail(error, RP_ERR_VALUE,
                       "found \"%s\", expected memory with its unit, such as "
                       "180MiB",
                       excerpt);
    end += strspn(end, " \t");
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (strcmp(end, units[i].word) != 0)
            continue;
        if (!(number >= 0.0) || !(number * units[i].bytes <= RP_BYTES_MAX))
            return rp_fail(error, RP_ERR_VALUE,
                           "found \"%s\", expected 0 to 1024TiB of memory",
                           excerpt);
        *bytes = number * units[i].bytes;
        return RP_OK;
    }
    return rp_fail(error, RP_ERR_VALUE,
                   "found \"%s\", expected memory in KiB, MiB, GiB, TiB, kB, "
                   "MB, GB or TB, such as 180MiB",
                   excerpt);
}

const char *rp_bytes_format(double bytes, char text[32])
{
    const struct unit *unit = &units[0];
    char number[RP_NUMBER_TEXT_SIZE];

    for (size_t i = 1; i < 4 && bytes >= units[i].bytes; i++)
        unit = &units[i];
    (void)snprintf(text, 32, "%.20s %s",
                   rp_number_format(bytes / unit->bytes, 4, number),
                   unit->word);
    return text;
}
