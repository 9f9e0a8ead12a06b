/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/grid.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void parse(const char *const *texts, size_t count, struct rp_vary *v)
{
    struct rp_error error = {0};

    for (size_t i = 0; i < count; i++)
        cr_assert(eq(int, rp_vary_parse(texts[i], &v[i], &error), RP_OK), "%s",
                  error.text);
}

static void release(struct rp_vary *v, size_t count)
{
    for (size_t i = 0; i < count; i++)
        rp_vary_free(&v[i]);
}

/* Every point as "value/value", with blanks between points. */
static void expect_points(const char *const *texts, size_t count, size_t sample,
                          const char *points)
{
    char all[2048] = "";
    struct rp_vary v[8] = {{0}};
    struct rp_grid grid = {0};
    struct rp_grid_edits e;
    struct rp_error error = {0};

    parse(texts, count, v);
    cr_assert(eq(int, rp_grid_make(v, count, sample, &grid, &error), RP_OK),
              "%s", error.text);
    for (size_t i = 0; i < grid.count; i++) {
        rp_grid_edits(&grid, i, &e);
        strcat(all, i ? " " : "");
        for (size_t k = 0; k < e.count; k++) {
            cr_expect(eq(str, (char *)e.edits[k].key, v[k].key));
            strcat(all, k ? "/" : "");
            strcat(all, e.edits[k].value);
        }
    }
    cr_expect(eq(str, all, (char *)points));
    rp_grid_free(&grid);
    release(v, count);
}

Test(grid, the_last_key_changes_fastest)
{
    static const char *const texts[] = {"a=1,2", "b=[1:3,1]", "c=x,y"};

    expect_points(texts, 3, 0,
                  "1/1/x 1/1/y 1/2/x 1/2/y 1/3/x 1/3/y 2/1/x 2/1/y 2/2/x "
                  "2/2/y 2/3/x 2/3/y");
}

/* Sobol's sequence in one dimension begins 1/2, 3/4, 1/4, 3/8, 7/8, 5/8, 1/8:
 * of eight cells 4, 6, 2, 3, 7, 5, 1. */
Test(grid, a_sample_follows_sobols_sequence)
{
    static const char *const one[] = {"a=[0:7,1]"};
    static const char *const four[] = {"a=[0:3,1]"};

    expect_points(one, 1, 7, "4 6 2 3 7 5 1");
    expect_points(four, 1, 3, "2 3 1");
}

/* In two dimensions: (1/2, 1/2), (3/4, 1/4), (1/4, 3/4). */
Test(grid, a_sample_is_spread_over_all_keys)
{
    static const char *const two[] = {"a=[0:3,1]", "b=[0:3,1]"};

    expect_points(two, 2, 3, "2/2 3/1 1/3");
}

Test(grid, a_sample_has_each_combination_once)
{
    static const char *const texts[] = {"a=[0:9,1]", "b=[0:6,1]", "c=x,y,z"};
    struct rp_vary v[3] = {{0}};
    struct rp_grid grid = {0};
    struct rp_error error = {0};
    unsigned char seen[210] = {0};

    parse(texts, 3, v);
    cr_assert(eq(int, rp_grid_make(v, 3, 209, &grid, &error), RP_OK));
    for (size_t i = 0; i < grid.count; i++) {
        cr_assert(lt(sz, grid.sampled[i], 210));
        cr_expect(eq(int, seen[grid.sampled[i]]++, 0));
    }
    rp_grid_free(&grid);
    release(v, 3);
}

static void expect_mistake(const char *const *texts, size_t count,
                           size_t sample, const char *sentence)
{
    struct rp_vary v[8] = {{0}};
    struct rp_grid grid = {.count = 77};
    struct rp_error error = {0};

    parse(texts, count, v);
    cr_expect(
        eq(int, rp_grid_make(v, count, sample, &grid, &error), RP_ERR_VALUE));
    cr_expect(eq(str, error.text, (char *)sentence));
    cr_expect(eq(sz, grid.count, 77), "untouched on failure");
    release(v, count);
}

Test(grid, what_is_none_is_refused)
{
    static const char *const twice[] = {"a=1", "b=2", "a=3"};
    static const char *const huge[] = {"a=[1:1000000,1]", "b=[1:1000000,1]"};
    static const char *const small[] = {"a=1,2", "b=1,2"};

    expect_mistake(twice, 3, 0,
                   "--vary a: the key is varied twice; put all of its values "
                   "into one list");
    expect_mistake(huge, 2, 0,
                   "--vary: there are more than 1000000000 combinations; vary "
                   "fewer keys, or in larger steps");
    expect_mistake(small, 2, 4,
                   "--sample: found 4, but there are 4 combinations only; "
                   "leave it out");
}

Test(grid, more_keys_than_dimensions_are_refused)
{
    struct rp_vary v[RP_GRID_KEYS_MAX + 1] = {{0}};
    struct rp_grid grid = {0};
    struct rp_error error = {0};
    char text[32];

    for (int i = 0; i <= RP_GRID_KEYS_MAX; i++) {
        (void)snprintf(text, sizeof text, "key%d=1", i);
        cr_assert(eq(int, rp_vary_parse(text, &v[i], &error), RP_OK));
    }
    cr_expect(eq(int, rp_grid_make(v, RP_GRID_KEYS_MAX + 1, 0, &grid, &error),
                 RP_ERR_VALUE));
    cr_expect(
        eq(str, error.text, "--vary: found 41 keys, at most 40 can be varied"));
    release(v, RP_GRID_KEYS_MAX + 1);
}
