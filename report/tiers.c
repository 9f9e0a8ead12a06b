/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/tiers.h"

#include <string.h>

json_t *rp_tiers_lines(const char *text)
{
    json_t *const lines = json_array();

    while (lines && *text) {
        const size_t length = strcspn(text, "\n");

        (void)json_array_append_new(lines, json_stringn(text, length));
        text += length + (text[length] == '\n');
    }
    return lines;
}

static json_t *axes_json(unsigned bits)
{
    json_t *const axes = json_array();

    for (unsigned i = 0; axes && i < RP_AXIS_COUNT; i++)
        if (bits & 1u << i)
            (void)json_array_append_new(
                axes, json_string(rp_axis_word((enum rp_axis)i)));
    return axes;
}

json_t *rp_tiers_json(const struct rp_validity *validity)
{
    return json_pack(
        "{s:s, s:s, s:o, s:o, s:b, s:o}", "tier", rp_tier_word(validity->tier),
        "range", rp_tier_word(validity->range), "extrapolated",
        axes_json(validity->beyond), "interpolated",
        axes_json(validity->between), "stale", (int)validity->stale,
        "sentences", rp_tiers_lines(validity->text));
}
