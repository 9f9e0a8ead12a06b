/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/tiers.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>

Test(tiers, a_program_gets_words_and_lists)
{
    const struct rp_validity v = {.tier = RP_TIER_SATURATED,
                                  .range = RP_TIER_EXTRAPOLATED,
                                  .beyond =
                                      1u << RP_AXIS_WAIT | 1u << RP_AXIS_PATH,
                                  .between = 1u << RP_AXIS_LAYERS,
                                  .stale = true,
                                  .count = 2,
                                  .text = "one\ntwo\n"};
    json_t *const json = rp_tiers_json(&v);
    char *const text = json_dumps(json, JSON_PRESERVE_ORDER);

    cr_assert(text != NULL);
    cr_expect(eq(str, text,
                 "{\"tier\": \"saturated\", \"range\": \"extrapolated\", "
                 "\"extrapolated\": [\"path\", \"wait\"], \"interpolated\": "
                 "[\"layers\"], \"stale\": true, \"sentences\": [\"one\", "
                 "\"two\"]}"));
    free(text);
    json_decref(json);
}

Test(tiers, no_lines_are_an_empty_list)
{
    json_t *const none = rp_tiers_lines("");
    json_t *const open_end = rp_tiers_lines("a\nb");

    cr_expect(eq(sz, json_array_size(none), 0));
    cr_expect(eq(sz, json_array_size(open_end), 2));
    json_decref(open_end);
    json_decref(none);
}
