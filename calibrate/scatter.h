/**
 * Scatter: how far configurations lie from a fit, each by its own account and
 * by that of all.
 *
 * A robust variance of a fitted cost adds up what each configuration missed. A
 * cost that one or two configurations pay bends the fit through them: they miss
 * next to nothing, and the cost would look as if it were known exactly. So each
 * configuration's variance is drawn towards the common one, the more so the
 * less its own miss can say, and the more alike configurations are (the
 * empirical Bayes estimate of Smyth, "Linear models and empirical Bayes methods
 * for assessing differential expression in microarray experiments", Statistical
 * Applications in Genetics and Molecular Biology 3, 2004, section 6). A miss
 * says the less the more of it the fit could take away: its leverage.
 *
 * The common variance is the misfit of a configuration, which its runs share,
 * and the noise of a run over their number: so it is that of runs, too, that
 * are not made yet.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CALIBRATE_SCATTER_H
#define RP_CALIBRATE_SCATTER_H

#include <stddef.h>

/** Relative standard deviations, common to all configurations. */
struct rp_scatter {
    double noise;   /* of a run about its configuration; given */
    double misfit;  /* of a configuration about the fit */
    double scale;   /* variances are so many times what both say */
    double freedom; /* how many misses the common variance counts as, beside a
                       configuration's own; HUGE_VAL: there is no other */
};

/** A configuration of the fit. */
struct rp_scattered {
    size_t runs;     /* >= 1 */
    double miss;     /* relative: mean residual of its runs */
    double leverage; /* 0..1: the share of a miss that the fit takes away */
    double variance; /* written: of its miss, were the fit known */
};

/** What a configuration with so many runs is expected to miss, as a variance;
 * the fit is robust, which costs a twentieth. */
double rp_scatter_expected(const struct rp_scatter *scatter, double runs);

/**
 * Find the common variance and each configuration's.
 *
 * @param scatter  its noise is read, the rest written
 */
void rp_scatter_find(struct rp_scattered *all, size_t count,
                     struct rp_scatter *scatter);

#endif
