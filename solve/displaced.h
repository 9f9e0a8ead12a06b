/**
 * Displaced data: what a request has lost when its code runs on.
 *
 * As in the simulator (sim/runtime.h): after work w of the framework for others
 * all but exp(-(w / others)^2) of a request's own data is gone, and it gets
 * them back as its code runs. A formula has no others to follow: it takes their
 * work for even, in proportion to how long a request was away from running
 * (crowding.h), and each time away for as long as on average. By the square law
 * what varies displaces a little more or less than that.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_SOLVE_DISPLACED_H
#define RP_SOLVE_DISPLACED_H

#include "model/mechanism.h"
#include "model/parameter.h"

/** How code takes longer whose request's data are gone. */
struct rp_displacement {
    double slowness;  /* 1 + slowness times as long, at first */
    double fade_ns;   /* of its code, after which a third is left to get */
    double others_ns; /* work for others that displaces two thirds */
};

struct rp_displacement
rp_displacement_of(const struct rp_parameters *parameters,
                   const struct rp_mechanisms *mechanisms);

/** How much longer code takes that is slow where `part` of something is
 * missing, which it gets as it runs: of caches that are cold, or of a request's
 * data. */
double rp_displaced_regain(double *part, double slowness, double fade_ns,
                           double work_ns);

/** Of one request that goes through its code; zeroed it begins. */
struct rp_displaced {
    double part;    /* of its data, 0 .. 1 */
    double away_ns; /* since its code last ran */
    bool has_run;   /* before, it has nothing to lose */
};

/**
 * Its code runs now: how much longer, for what others did while it was away.
 *
 * @param work     of the framework for others, per time away
 * @param work_ns  what the framework does for it now
 * @return ns
 */
double rp_displaced_run(struct rp_displaced *displaced,
                        const struct rp_displacement *of, double work,
                        double work_ns);

#endif
