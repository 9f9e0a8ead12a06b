/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/displaced.h"

#include <math.h>

struct rp_displacement
rp_displacement_of(const struct rp_parameters *parameters,
                   const struct rp_mechanisms *mechanisms)
{
    return (struct rp_displacement){
        .slowness = rp_parameter_at_work(parameters, mechanisms,
                                         RP_PARAMETER_DISPLACED),
        .fade_ns =
            rp_parameter_at_work(parameters, mechanisms, RP_PARAMETER_FADE),
        .others_ns =
            rp_parameter_at_work(parameters, mechanisms, RP_PARAMETER_OTHERS)};
}

double rp_displaced_regain(double *part, double slowness, double fade_ns,
                           double work_ns)
{
    double left;

    if (!(fade_ns > 0.0))
        return 0.0;
    left = *part * exp(-work_ns / fade_ns);
    work_ns = slowness * fade_ns * (*part - left);
    *part = left;
    return work_ns;
}

double rp_displaced_run(struct rp_displaced *d,
                        const struct rp_displacement *of, double work,
                        double work_ns)
{
    const double others = work * d->away_ns / fmax(1.0, of->others_ns);

    if (d->has_run)
        d->part = 1.0 - (1.0 - d->part) * exp(-others * others);
    d->has_run = true;
    d->away_ns = 0.0;
    return rp_displaced_regain(&d->part, of->slowness, of->fade_ns, work_ns);
}
