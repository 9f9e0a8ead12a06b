/**
 * Predicting one configuration: the one place where a profile meets a
 * configuration that was measured.
 *
 * One client that never waits for another needs no simulation: the mean is the
 * sum of the costs with the client's gap, and the costs of a request being
 * comonotone (model/spread.h), each percentile is the sum of the costs'. With
 * more clients, or with a view that waits or burns, the runs are rehearsed
 * (calibrate/rehearse.h): as many requests, from the start. Runs of an open
 * load are rehearsed always.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CALIBRATE_PREDICT_H
#define RP_CALIBRATE_PREDICT_H

#include "calibrate/sendtimes.h"
#include "model/result.h"

/** A prediction: throughput in requests/s, the others in ms. */
struct rp_prediction {
    double value[RP_METRIC_COUNT];       /* NAN: none */
    double relative_se[RP_METRIC_COUNT]; /* by the costs and the simulation */
    double level_ms[RP_LEVEL_COUNT];     /* latency at each level of a spread */
};

/** Room for the warnings of one prediction. */
#define RP_PREDICT_WARNINGS_SIZE 2048

/**
 * Predict a configuration.
 *
 * @param dataset   the configuration's
 * @param requests  of a run
 * @param planned   moments of its runs, if its load is open; may be NULL
 * @param warnings  RP_PREDICT_WARNINGS_SIZE bytes: sentences, one a line, as
 *                  rp_price_warnings() has them, and where a rate is more than
 *                  can be served; may be NULL
 * @return RP_ERR_VALUE (the profile has no base cost for the server, or no
 *         rules for the framework), RP_ERR_UNSTABLE, RP_ERR_NUMERIC,
 *         RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code
rp_predict(const struct rp_dataset *dataset, const struct rp_config *config,
           unsigned requests, const struct rp_sendtimes *planned,
           const struct rp_profile *profile, struct rp_prediction *prediction,
           char *warnings, struct rp_error *error);

/** The same without what the doubt about costs and parameters makes of it: the
 * values alone, in a tenth of the time. */
RP_CHECKED enum rp_code rp_predict_value(const struct rp_dataset *dataset,
                                         const struct rp_config *config,
                                         unsigned requests,
                                         const struct rp_profile *profile,
                                         struct rp_prediction *prediction,
                                         struct rp_error *error);

/** The situation of a configuration's requests. */
enum rp_situation rp_config_situation(const struct rp_config *config);

/**
 * The 95 % interval of a prediction of the median over `rounds` runs: the
 * costs, the profile's misfit and its repeat-run noise together.
 */
void rp_predict_interval(const struct rp_prediction *prediction,
                         const struct rp_profile *profile,
                         enum rp_situation situation, enum rp_metric metric,
                         size_t rounds, double *low, double *high);

#endif
