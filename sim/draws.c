/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/draws.h"

#include "sim/stream.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_eigen.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_matrix.h>
#include <math.h>
#include <stdlib.h>

/* The root of a covariance by its eigenvectors: costs held at 0 and costs that
 * come together leave it singular, which a Cholesky factor does not bear. */
struct root {
    size_t n;
    gsl_matrix *vectors;
    gsl_vector *values;
};

static void root_free(struct root *root)
{
    gsl_vector_free(root->values);
    gsl_matrix_free(root->vectors);
}

/* Takes the covariance, which is lost. */
static enum rp_code root_make(gsl_matrix *covariance, const char *file,
                              struct root *root, struct rp_error *error)
{
    const size_t n = covariance->size1;
    gsl_eigen_symmv_workspace *const work = gsl_eigen_symmv_alloc(n);
    enum rp_code code = RP_OK;

    *root = (struct root){n, gsl_matrix_alloc(n, n), gsl_vector_alloc(n)};
    if (!work || !root->vectors || !root->values)
        code = rp_fail(error, RP_ERR_MEMORY, "out of memory for %zu costs", n);
    else if (gsl_eigen_symmv(covariance, root->values, root->vectors, work) !=
             GSL_SUCCESS)
        code = rp_fail_at(error, RP_ERR_NUMERIC, file, 0, 0,
                          "the covariance of the costs has no eigenvalues");
    gsl_eigen_symmv_free(work);
    if (code)
        root_free(root);
    return code;
}

/* Adds a draw to `values`. */
static void root_draw(const struct root *root, struct rp_cursor *cursor,
                      double *values)
{
    for (size_t k = 0; k < root->n; k++) {
        const double z = gsl_cdf_ugaussian_Pinv(rp_cursor_uniform(cursor));
        const double sd = sqrt(fmax(0.0, gsl_vector_get(root->values, k)));

        for (size_t i = 0; i < root->n; i++)
            values[i] += sd * z * gsl_matrix_get(root->vectors, i, k);
    }
}

enum rp_code rp_draws_make(const struct rp_profile *profile, uint64_t seed,
                           size_t count, double *costs_ns,
                           struct rp_error *error)
{
    const size_t n = profile->cost_count;
    const struct rp_stream stream =
        rp_stream_make(seed, 0, 0, rp_stream_purpose("profile", "costs", 0));
    gsl_matrix *const covariance = gsl_matrix_alloc(n, n);
    struct root root;
    enum rp_code code;

    if (!covariance)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for %zu costs", n);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n; k++)
            gsl_matrix_set(covariance, i, k,
                           profile->covariance_ns2[i * n + k]);
    code = root_make(covariance, profile->file, &root, error);
    gsl_matrix_free(covariance);
    if (code)
        return code;
    for (size_t i = 0; i < count; i++) {
        struct rp_cursor cursor = {.stream = stream, .number = i};
        double *const row = costs_ns + i * n;

        for (size_t k = 0; k < n; k++)
            row[k] = profile->costs[k].mean_ns;
        root_draw(&root, &cursor, row);
        for (size_t k = 0; k < n; k++)
            row[k] = fmax(0.0, row[k]);
    }
    root_free(&root);
    return RP_OK;
}

/* The standard deviation of a parameter's logarithm; a factor of e at most,
 * beyond which nothing is known of it. */
static double log_sd(const struct rp_parameters *p, size_t i)
{
    return p->known[i] && p->value[i] > 0.0 ? fmin(1.0, p->se[i] / p->value[i])
                                            : 0.0;
}

enum rp_code rp_draws_parameters(const struct rp_profile *profile,
                                 uint64_t seed, size_t count,
                                 struct rp_parameters *drawn,
                                 struct rp_error *error)
{
    const struct rp_parameters *const p = &profile->under_load;
    const struct rp_stream stream = rp_stream_make(
        seed, 0, 0, rp_stream_purpose("profile", "under load", 0));
    gsl_matrix *const covariance =
        gsl_matrix_alloc(RP_PARAMETER_COUNT, RP_PARAMETER_COUNT);
    struct root root;
    enum rp_code code;

    if (!covariance)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for draws");
    for (size_t i = 0; i < RP_PARAMETER_COUNT; i++)
        for (size_t k = 0; k < RP_PARAMETER_COUNT; k++)
            gsl_matrix_set(covariance, i, k,
                           (i == k ? 1.0 : p->correlation[i][k]) *
                               log_sd(p, i) * log_sd(p, k));
    code = root_make(covariance, profile->file, &root, error);
    gsl_matrix_free(covariance);
    if (code)
        return code;
    for (size_t i = 0; i < count; i++) {
        struct rp_cursor cursor = {.stream = stream, .number = i};
        double logs[RP_PARAMETER_COUNT] = {0.0};

        root_draw(&root, &cursor, logs);
        drawn[i] = *p;
        for (size_t k = 0; k < RP_PARAMETER_COUNT; k++)
            drawn[i].value[k] = p->value[k] * exp(logs[k]);
    }
    root_free(&root);
    return RP_OK;
}

bool rp_drawn_profile(const struct rp_profile *profile, const double *costs_ns,
                      const struct rp_parameters *parameters,
                      struct rp_profile *drawn)
{
    const size_t n = profile->cost_count;
    struct rp_cost *const costs = malloc((n + 1) * sizeof *costs);

    if (!costs)
        return false;
    for (size_t i = 0; i < n; i++) {
        costs[i] = profile->costs[i];
        costs[i].mean_ns = costs_ns[i];
    }
    *drawn = *profile;
    drawn->costs = costs;
    drawn->under_load = *parameters;
    return true;
}
