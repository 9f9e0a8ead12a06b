/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/grid.h"

#include "model/excerpt.h"

#include <assert.h>
#include <gsl/gsl_qrng.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* ---- Samples ---- */

/* Numbers of combinations that were taken already: open addressing, at most
 * half full. */
struct taken {
    size_t *slots; /* number + 1; 0: free */
    size_t mask;
};

static bool taken_init(struct taken *taken, size_t count)
{
    size_t size = 16;

    while (size < 2 * count)
        size *= 2;
    taken->slots = calloc(size, sizeof *taken->slots);
    taken->mask = size - 1;
    return taken->slots != NULL;
}

/* True where it was not there before. */
static bool take(struct taken *taken, size_t number)
{
    size_t at = (size_t)((uint64_t)number * UINT64_C(0x9e3779b97f4a7c15) >> 20);

    for (at &= taken->mask; taken->slots[at] != 0; at = (at + 1) & taken->mask)
        if (taken->slots[at] == number + 1)
            return false;
    taken->slots[at] = number + 1;
    return true;
}

/* The combination whose cell a point of the unit cube is in. */
static size_t cell_of(const struct rp_grid *grid, const double *point)
{
    size_t number = 0;

    for (size_t k = 0; k < grid->vary_count; k++) {
        const size_t count = grid->varies[k].count;
        const size_t i = (size_t)(point[k] * (double)count);

        number = number * count + (i < count ? i : count - 1);
    }
    return number;
}

/* Cells are met again and again when most are taken: after so many vain points
 * the rest is filled up from the beginning. */
static void draw(struct rp_grid *grid, gsl_qrng *sequence, struct taken *taken)
{
    size_t found = 0, vain = 0;

    while (found < grid->count && vain < 1000 + 16 * grid->count) {
        double point[RP_GRID_KEYS_MAX];
        size_t number;

        (void)gsl_qrng_get(sequence, point);
        number = cell_of(grid, point);
        if (take(taken, number))
            grid->sampled[found++] = number;
        else
            vain++;
    }
    for (size_t number = 0; found < grid->count; number++)
        if (take(taken, number))
            grid->sampled[found++] = number;
}

static enum rp_code draw_sample(struct rp_grid *grid, struct rp_error *error)
{
    gsl_qrng *const sequence =
        gsl_qrng_alloc(gsl_qrng_sobol, (unsigned)grid->vary_count);
    struct taken taken = {0};
    bool good = sequence && taken_init(&taken, grid->count);

    grid->sampled = good ? calloc(grid->count, sizeof *grid->sampled) : NULL;
    good = grid->sampled != NULL;
    if (good)
        draw(grid, sequence, &taken);
    free(taken.slots);
    if (sequence)
        gsl_qrng_free(sequence);
    return good ? RP_OK
                : rp_fail(error, RP_ERR_MEMORY,
                          "out of memory for a sample of %zu", grid->count);
}

/* ---- Grids ---- */

static enum rp_code refuse_repeated(const struct rp_vary *varies, size_t count,
                                    struct rp_error *error)
{
    char key[RP_EXCERPT_SIZE];

    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < i; k++)
            if (strcmp(varies[i].key, varies[k].key) == 0)
                return rp_fail(error, RP_ERR_VALUE,
                               "--vary %s: the key is varied twice; put all of "
                               "its values into one list",
                               rp_excerpt(varies[i].key, key));
    return RP_OK;
}

static enum rp_code count_all(struct rp_grid *grid, struct rp_error *error)
{
    grid->all = 1;
    for (size_t i = 0; i < grid->vary_count; i++) {
        if (grid->varies[i].count > RP_GRID_COUNT_MAX / grid->all)
            return rp_fail(error, RP_ERR_VALUE,
                           "--vary: there are more than %zu combinations; vary "
                           "fewer keys, or in larger steps",
                           RP_GRID_COUNT_MAX);
        grid->all *= grid->varies[i].count;
    }
    return RP_OK;
}

static enum rp_code set_count(struct rp_grid *grid, size_t sample,
                              struct rp_error *error)
{
    grid->count = grid->all;
    if (sample == 0)
        return RP_OK;
    if (sample >= grid->all)
        return rp_fail(error, RP_ERR_VALUE,
                       "--sample: found %zu, but there are %zu combinations "
                       "only; leave it out",
                       sample, grid->all);
    if (sample > RP_GRID_SAMPLE_MAX)
        return rp_fail(error, RP_ERR_VALUE,
                       "--sample: found %zu, at most %zu are drawn", sample,
                       RP_GRID_SAMPLE_MAX);
    grid->count = sample;
    return draw_sample(grid, error);
}

enum rp_code rp_grid_make(const struct rp_vary *varies, size_t vary_count,
                          size_t sample, struct rp_grid *grid,
                          struct rp_error *error)
{
    struct rp_grid fresh = {.varies = varies, .vary_count = vary_count};
    enum rp_code code;

    assert(vary_count > 0);
    if (vary_count > RP_GRID_KEYS_MAX)
        return rp_fail(error, RP_ERR_VALUE,
                       "--vary: found %zu keys, at most %d can be varied",
                       vary_count, RP_GRID_KEYS_MAX);
    code = refuse_repeated(varies, vary_count, error);
    if (!code)
        code = count_all(&fresh, error);
    if (!code)
        code = set_count(&fresh, sample, error);
    if (code)
        rp_grid_free(&fresh);
    else
        *grid = fresh;
    return code;
}

void rp_grid_free(struct rp_grid *grid)
{
    free(grid->sampled);
    *grid = (struct rp_grid){0};
}

void rp_grid_edits(const struct rp_grid *grid, size_t index,
                   struct rp_grid_edits *edits)
{
    size_t number = grid->sampled ? grid->sampled[index] : index;

    assert(index < grid->count);
    edits->count = grid->vary_count;
    for (size_t k = grid->vary_count; k-- > 0;) {
        const struct rp_vary *const vary = &grid->varies[k];
        const size_t i = number % vary->count;

        number /= vary->count;
        edits->indexes[k] = i;
        edits->edits[k] = (struct rp_edit){
            vary->key, rp_vary_value(vary, i, edits->values[k])};
    }
}
