/**
 * Unit costs by least squares: one row per run.
 *
 * At concurrency 1 the mean latency of a configuration is linear in the items
 * that its compiled program pays. So the model of run r in block b is
 *
 *     mean_r = gap + own_r + f_b (x_r' beta) (1 + e_r)
 *
 * with x_r the items, beta the unit costs, f_b the machine's speed in that
 * round, own_r what the view itself burns and waits, and gap the client's own
 * time between two requests, which the percentiles of `ab -e` set apart from
 * the latency. Rows are scaled by their prediction, so that e_r is relative,
 * and weighted by Tukey's biweight (gsl_multifit_robust), so that outlying
 * runs do not count. Rounds are blocks with the factor f_b, whose logarithms
 * sum to 0 over the first campaign.
 *
 * Standard errors are clustered by configuration (Liang and Zeger,
 * "Longitudinal data analysis using generalized linear models", Biometrika 73,
 * 1986): the runs of one configuration share its misfit.
 *
 * Items that never vary apart are one cost, and a family (the layers, in their
 * kinds and modes) is one cost until a Wald test tells its members apart.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CALIBRATE_COSTS_H
#define RP_CALIBRATE_COSTS_H

#include "calibrate/measured.h"

/** A column of the design: one cost and the items that it pays for. */
struct rp_fitted_cost {
    char name[RP_COST_NAME_SIZE];
    bool items[RP_ITEM_COUNT];
    double mean_ns, se_ns;
    unsigned runs; /* rows in which it is paid */
    bool at_zero;  /* the best value was negative: held at 0 */
};

/** What could not be told apart, in words, and tests of families. */
#define RP_COSTS_NOTE_SIZE 320
enum { RP_COSTS_NOTES = 16 };

struct rp_costs {
    size_t count;
    struct rp_fitted_cost columns[RP_ITEM_COUNT];
    double covariance_ns2[RP_ITEM_COUNT][RP_ITEM_COUNT]; /* of the columns */
    double gap_ns, gap_se_ns; /* the client's; 0 where no percentiles are */
    double *block_factor;     /* owned: one a block, NAN where a block has no
                                 row in the fit */
    double *weight;           /* owned: one a run, 0..1; NAN: not in the fit */
    double condition_number;  /* of the scaled, column-normalised design */
    size_t rows;              /* runs in the fit */
    size_t note_count;
    char notes[RP_COSTS_NOTES][RP_COSTS_NOTE_SIZE];
};

/**
 * Fit the costs to the runs that can tell them: concurrency 1, no I/O wait.
 *
 * @param measured  the runs
 * @param leave_out configurations to leave out (config_count flags); NULL: none
 * @param costs     written on success; release with rp_costs_free()
 * @return RP_ERR_UNUSABLE: no run, or fewer than costs; RP_ERR_NUMERIC;
 *         RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_costs_fit(const struct rp_measured *measured,
                                     const bool *leave_out,
                                     struct rp_costs *costs,
                                     struct rp_error *error);

/** True where a run of this configuration can serve the linear fit. */
bool rp_costs_can_use(const struct rp_config *config);

/** The fitted mean latency of a configuration without its own time: x' beta,
 * and its standard error (may be NULL). Items without a cost count as 0. */
double rp_costs_predict(const struct rp_costs *costs,
                        const double amounts[RP_ITEM_COUNT], double *se_ns);

/** Harmless on zeroed or freed costs. */
void rp_costs_free(struct rp_costs *costs);

#endif
