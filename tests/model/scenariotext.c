/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenariotext.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

struct rp_scenario scenario_of(const char *text)
{
    struct rp_scenario s = {0};
    struct rp_error error = {0};

    cr_assert(
        eq(int, rp_scenario_read_text(text, strlen(text), "s.yaml", &s, &error),
           RP_OK),
        "%s\n%s", error.text, text);
    return s;
}

void expect_mistake(const char *text, const char *sentence)
{
    struct rp_scenario s = {.seed = 77};
    struct rp_error error = {0};
    char expected[RP_ERROR_TEXT_SIZE];
    const enum rp_code code =
        rp_scenario_read_text(text, strlen(text), "s.yaml", &s, &error);

    (void)snprintf(expected, sizeof expected, "s.yaml:%s", sentence);
    cr_expect(code == RP_ERR_VALUE || code == RP_ERR_SYNTAX, "%s", text);
    cr_expect(eq(str, error.text, expected), "%s", text);
    cr_expect(eq(ulong, s.seed, 77), "untouched on failure");
}
