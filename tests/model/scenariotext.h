/**
 * Scenarios in a line of a test: what is read from a text, and what is refused.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_TESTS_MODEL_SCENARIOTEXT_H
#define RP_TESTS_MODEL_SCENARIOTEXT_H

#include "model/scenario.h"

/** The scenario of a text that must be one; rp_scenario_free(). */
struct rp_scenario scenario_of(const char *text);

/** The text is refused with exactly this sentence, after "s.yaml:", and what
 * was to be written is untouched. */
void expect_mistake(const char *text, const char *sentence);

#endif
