/**
 * Speeds: how fast the machine was in each round of a campaign.
 *
 * A machine drifts by a fifth within minutes, and every run of a round drifts
 * with it. A round visits every configuration, so its speed can be had without
 * any model: the runs of a campaign are taken as configuration times round,
 * and the two are told apart by median polish (Tukey, "Exploratory Data
 * Analysis", 1977, chapter 11), which outlying runs do not move. What is
 * polished is the logarithm of the median latency where percentiles were kept
 * (stalls move it least), and else of the mean.
 *
 * How fast one campaign's average round was against another's is not decided
 * here: that takes a model of what the configurations cost (costs.h).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CALIBRATE_SPEEDS_H
#define RP_CALIBRATE_SPEEDS_H

#include "calibrate/measured.h"

/**
 * Set the speed of every block. Within a campaign the logarithms sum to 0.
 * Configurations that wait, or have an open load, say little about the
 * machine's speed: they count only in campaigns that have no others.
 *
 * @return RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_speeds_find(struct rp_measured *measured,
                                       struct rp_error *error);

#endif
