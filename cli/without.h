/**
 * --without: mechanisms that are switched off for a whole command.
 *
 * What a mechanism is worth is seen by fitting and predicting without it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CLI_WITHOUT_H
#define RP_CLI_WITHOUT_H

#include "calibrate/measured.h"

#include <argp.h>

/** Switch off those of a list like "batching,cold"; an unknown name ends the
 * program with its sentence. */
void rp_without_parse(const struct argp_state *state, const char *list,
                      struct rp_mechanisms *mechanisms);

/** What is off is off in all data sets, besides what they lack themselves. */
void rp_without_apply(const struct rp_mechanisms *mechanisms,
                      struct rp_measured *measured);

#endif
