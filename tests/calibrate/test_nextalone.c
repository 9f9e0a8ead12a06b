/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "calibrate/nextalone.h"

#include "synthetic.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static const struct rp_next_target gunicorn = {
    RP_SERVER_GUNICORN, 1, RP_PATH_DUAL, NULL, true, true, {0}};
static const char *const few[] = {"", "S", "SA", NULL};

static struct rp_nextalone find(const struct rp_measured *m,
                                const struct rp_nextload_options *options)
{
    struct rp_nextalone found = {.count = 0};
    struct rp_error error = {0};

    cr_assert(eq(int, rp_nextalone_find(m, options, &found, &error), RP_OK),
              "%s", error.text);
    return found;
}

/* Without layers and with S is measured; of one letter A is left, of two AS, AA
 * and SS, for SA is measured. Each has both views. */
Test(nextalone, what_is_not_measured_is_a_candidate)
{
    static const char *const wanted[] = {"A",  "A",  "SS", "SS",
                                         "AS", "AS", "AA", "AA"};
    struct synthetic s = synthetic_usual();
    struct rp_measured m;
    struct rp_nextalone found;

    s.stacks = few;
    m = synthetic_measure(&s);
    found = find(&m, &(struct rp_nextload_options){.targets = &gunicorn,
                                                   .target_count = 1,
                                                   .letters = "SA",
                                                   .longest = 2});
    cr_assert(eq(sz, found.count, 8));
    for (size_t i = 0; i < 8; i++) {
        cr_expect(eq(str, found.configs[i].stack, (char *)wanted[i]));
        cr_expect(eq(int, found.configs[i].view_async, i % 2 == 1));
        cr_expect(eq(uint, found.configs[i].concurrency, 1));
        cr_expect(gt(dbl, found.configs[i].amounts[RP_ITEM_BASE_GUNICORN], 0));
    }
    rp_nextalone_free(&found);
    rp_nextalone_free(&found);
    rp_measured_free(&m);
}

Test(nextalone, a_target_that_serves_one_stack_has_that_alone)
{
    struct rp_next_target one = gunicorn;
    struct synthetic s = synthetic_usual();
    struct rp_measured m;
    struct rp_nextalone found;

    s.stacks = few;
    m = synthetic_measure(&s);
    one.only = "ASAS";
    found = find(&m, &(struct rp_nextload_options){.targets = &one,
                                                   .target_count = 1,
                                                   .letters = "SA",
                                                   .longest = 2});
    cr_assert(eq(sz, found.count, 2));
    cr_expect(eq(str, found.configs[0].stack, (char *)"ASAS"));
    rp_nextalone_free(&found);
    rp_measured_free(&m);
}

/* A list of candidates: those of it that are not measured. */
Test(nextalone, a_list_says_which_may_be_chosen)
{
    struct synthetic s = synthetic_usual();
    struct rp_measured m;
    struct rp_nextalone found;
    struct rp_config only[2];

    s.stacks = few;
    m = synthetic_measure(&s);
    synthetic_config(&m.datasets[0], RP_SERVER_GUNICORN, "AS", true, &only[0]);
    only[1] = m.configs[0];
    found = find(&m, &(struct rp_nextload_options){.targets = &gunicorn,
                                                   .target_count = 1,
                                                   .letters = "SA",
                                                   .longest = 3,
                                                   .only = only,
                                                   .only_count = 2});
    cr_assert(eq(sz, found.count, 1));
    cr_expect(eq(str, found.configs[0].stack, (char *)"AS"));
    cr_expect(found.configs[0].view_async);
    rp_nextalone_free(&found);
    rp_measured_free(&m);
}
