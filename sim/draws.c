/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/draws.h"

#include "sim/stream.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_eigen.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_matrix.h>
#include <math.h>

/* The covariance's root by its eigenvectors: costs held at 0 and costs that
 * come together leave it singular, which a Cholesky factor does not bear. */
static void draw(const struct rp_profile *profile, const gsl_matrix *vectors,
                 const gsl_vector *values, struct rp_cursor *cursor,
                 double *costs_ns)
{
    const size_t n = profile->cost_count;

    for (size_t i = 0; i < n; i++)
        costs_ns[i] = profile->costs[i].mean_ns;
    for (size_t k = 0; k < n; k++) {
        const double z = gsl_cdf_ugaussian_Pinv(rp_cursor_uniform(cursor));
        const double sd = sqrt(fmax(0.0, gsl_vector_get(values, k)));

        for (size_t i = 0; i < n; i++)
            costs_ns[i] += sd * z * gsl_matrix_get(vectors, i, k);
    }
    for (size_t i = 0; i < n; i++)
        costs_ns[i] = fmax(0.0, costs_ns[i]);
}

enum rp_code rp_draws_make(const struct rp_profile *profile, uint64_t seed,
                           size_t count, double *costs_ns,
                           struct rp_error *error)
{
    const size_t n = profile->cost_count;
    const struct rp_stream stream =
        rp_stream_make(seed, 0, 0, rp_stream_purpose("profile", "costs", 0));
    gsl_matrix *const covariance = gsl_matrix_alloc(n, n);
    gsl_matrix *const vectors = gsl_matrix_alloc(n, n);
    gsl_vector *const values = gsl_vector_alloc(n);
    gsl_eigen_symmv_workspace *const work = gsl_eigen_symmv_alloc(n);
    enum rp_code code = RP_OK;

    if (!covariance || !vectors || !values || !work) {
        code = rp_fail(error, RP_ERR_MEMORY, "out of memory for %zu costs", n);
        goto out;
    }
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n; k++)
            gsl_matrix_set(covariance, i, k,
                           profile->covariance_ns2[i * n + k]);
    if (gsl_eigen_symmv(covariance, values, vectors, work) != GSL_SUCCESS) {
        code = rp_fail_at(error, RP_ERR_NUMERIC, profile->file, 0, 0,
                          "the covariance of the costs has no eigenvalues");
        goto out;
    }
    for (size_t i = 0; i < count; i++) {
        struct rp_cursor cursor = {.stream = stream, .number = i};
        draw(profile, vectors, values, &cursor, costs_ns + i * n);
    }
out:
    gsl_eigen_symmv_free(work);
    gsl_vector_free(values);
    gsl_matrix_free(vectors);
    gsl_matrix_free(covariance);
    return code;
}
