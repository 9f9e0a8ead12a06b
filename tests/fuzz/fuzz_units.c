/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/units.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is accepted is in range, and what is printed of it is accepted again,
 * as the same value to the digits that are printed: four, three after the
 * point of a nanosecond. */
static void check_duration(const char *text)
{
    struct rp_error error = {0};
    char printed[RP_DURATION_TEXT_SIZE];
    double ns, again_ns;

    if (rp_duration_parse(text, &ns, &error) != RP_OK)
        return;
    if (!(ns >= 0.0 && ns <= RP_DURATION_MAX_NS))
        abort();
    if (rp_duration_parse(rp_duration_format(ns, printed), &again_ns, &error) !=
        RP_OK)
        abort();
    if (fabs(again_ns - ns) > 1e-3 * ns + 1e-3)
        abort();
}

static void check_rate(const char *text)
{
    struct rp_error error = {0};
    double rate_per_s;

    if (rp_rate_parse(text, &rate_per_s, &error) == RP_OK &&
        !(rate_per_s >= 0.0 && rate_per_s <= RP_RATE_MAX_PER_S))
        abort();
}

static void check_share(const char *text)
{
    struct rp_error error = {0};
    double share;

    if (rp_share_parse(text, &share, &error) == RP_OK &&
        !(share >= 0.0 && share <= 1.0))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);

    if (text == NULL)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    check_duration(text);
    check_rate(text);
    check_share(text);
    free(text);
    return 0;
}
