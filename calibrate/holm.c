/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/holm.h"

#include <gsl/gsl_sort.h>
#include <math.h>
#include <stdlib.h>

enum rp_code rp_holm_correct(const double *p, size_t n, double *corrected,
                             struct rp_error *error)
{
    size_t *const order = calloc(n + 1, sizeof *order);
    double least = 0.0;

    if (!order)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for %zu p-values",
                       n);
    gsl_sort_index(order, p, 1, n);
    for (size_t i = 0; i < n; i++) {
        least = fmax(least, fmin((double)(n - i) * p[order[i]], 1.0));
        corrected[order[i]] = least;
    }
    free(order);
    return RP_OK;
}
