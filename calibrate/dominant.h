/**
 * What dominates a prediction: where the time of a mean request goes, and which
 * place works most.
 *
 * Who sees that a configuration is predicted badly asks which part of the model
 * that figure hangs on. So the configuration is simulated as its runs were, and
 * the largest kinds of time and the most utilised place are named.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CALIBRATE_DOMINANT_H
#define RP_CALIBRATE_DOMINANT_H

#include "calibrate/measured.h"
#include "model/result.h"

enum { RP_DOMINANT_KINDS = 3 };

struct rp_dominant {
    size_t kind_count; /* at most RP_DOMINANT_KINDS, the largest first */
    struct {
        char name[RP_RESULT_NAME_SIZE];
        double part; /* of the mean request's time, 0..1 */
    } kinds[RP_DOMINANT_KINDS];
    char place[RP_RESULT_NAME_SIZE];
    double utilisation; /* of it, 0..1 */
};

/**
 * Simulate a configuration and see.
 *
 * @param dataset   the configuration's
 * @param requests  of a run
 * @return as rp_simulate()
 */
RP_CHECKED enum rp_code rp_dominant_find(const struct rp_dataset *dataset,
                                         const struct rp_config *config,
                                         unsigned requests,
                                         const struct rp_profile *profile,
                                         struct rp_dominant *dominant,
                                         struct rp_error *error);

#endif
