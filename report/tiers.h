/**
 * Tiers for programs and people: how a prediction's validity is shown.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_REPORT_TIERS_H
#define RP_REPORT_TIERS_H

#include "model/validity.h"

#include <jansson.h>

/**
 * {"tier": "saturated", "range": "extrapolated", "extrapolated": ["wait"],
 * "interpolated": [], "stale": false, "sentences": ["own wait is ..."]}.
 *
 * @return the caller owns it; NULL when memory is short
 */
json_t *rp_tiers_json(const struct rp_validity *validity);

/** Lines as a JSON array of strings; NULL when memory is short. */
json_t *rp_tiers_lines(const char *text);

#endif
