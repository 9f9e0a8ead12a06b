/**
 * Unit costs by least squares: one row per run.
 *
 * At concurrency 1 the mean latency of a configuration is linear in the items
 * that its compiled program pays. So the model of a run is
 *
 *     mean = (gap + own + f x'beta) (1 + e)
 *
 * with x the items, beta the unit costs, f the machine's speed in that round,
 * own what the view itself burns and waits, and gap the client's own time
 * between two requests, which the percentiles of `ab -e` set apart from the
 * latency. Rows are divided by their prediction, so that e is relative, and
 * weighted by Tukey's biweight, so that outlying runs do not count.
 *
 * Rounds are blocks. Their speeds within a campaign come from speeds.h; how
 * fast one campaign was against that with the most runs is a factor that is
 * fitted, where the campaign has runs without own time.
 *
 * Standard errors are clustered by configuration (Liang and Zeger,
 * "Longitudinal data analysis using generalized linear models", Biometrika 73,
 * 1986): the runs of one configuration share its misfit, whose variance
 * scatter.h finds. Where there are hardly more configurations than costs they
 * are clustered by run, and said so. They take the speed of each campaign for
 * known; where a campaign of few runs tells most of a server's base cost, that
 * cost's error is too small by a tenth or so (calibrate/nextruns).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CALIBRATE_COSTS_H
#define RP_CALIBRATE_COSTS_H

#include "calibrate/columns.h"
#include "calibrate/families.h"
#include "calibrate/measured.h"
#include "calibrate/scatter.h"

enum { RP_COSTS_NOTES = 16 };

/** So many runs without own time, or more, show how fast a campaign was. */
enum { RP_COSTS_CAMPAIGN_RUNS = 5 };

struct rp_costs {
    struct rp_columns columns;
    double covariance_ns2[RP_ITEM_COUNT][RP_ITEM_COUNT]; /* of the columns */
    double gap_ns, gap_se_ns;  /* the client's; 0 where no percentiles are */
    double *campaign_speed;    /* owned: one a campaign, 1 is that with the most
                                  runs; NAN   where it has no run that shows it */
    double *weight;            /* owned: one a run, 0..1; NAN: not in the fit */
    double *config_variance;   /* owned: one a configuration, of its mean about
                                  the fit, relative; 0: not in the fit */
    struct rp_scatter scatter; /* of configurations about the fit */
    double condition_number;   /* of the scaled, column-normalised design */
    size_t rows;               /* runs in the fit */
    size_t config_count;       /* configurations in the fit */
    struct rp_families families;
    size_t note_count; /* what could not be told apart, in words */
    char notes[RP_COSTS_NOTES][RP_COLUMNS_TEXT_SIZE];
};

/**
 * Fit the costs to the runs that can tell them: concurrency 1, no I/O wait, and
 * less than two thirds of it the view's own time.
 *
 * @param measured  the runs; their blocks have speeds (rp_speeds_find)
 * @param leave_out configurations to leave out (config_count flags); NULL: none
 * @param costs     written on success; release with rp_costs_free()
 * @return RP_ERR_UNUSABLE: no run, or fewer than costs; RP_ERR_NUMERIC;
 *         RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_costs_fit(const struct rp_measured *measured,
                                     const bool *leave_out,
                                     struct rp_costs *costs,
                                     struct rp_error *error);

/** True where a run of this configuration can serve the linear fit, as long as
 * less than two thirds of it are the view's own time. */
bool rp_costs_can_use(const struct rp_config *config);

/** True where so much of a mean is the view's own time that it does not. */
bool rp_costs_is_own(double own_ns, double total_ns);

/** The machine's speed in a block against the reference campaign's average: the
 * factor of everything that is not own time or gap. */
double rp_costs_speed(const struct rp_costs *costs,
                      const struct rp_measured *measured, size_t block);

/** The fitted mean latency of a configuration without its own time: x' beta,
 * and its standard error (may be NULL). Items without a cost count as 0. */
double rp_costs_predict(const struct rp_costs *costs,
                        const double amounts[RP_ITEM_COUNT], double *se_ns);

/** Harmless on zeroed or freed costs. */
void rp_costs_free(struct rp_costs *costs);

#endif
