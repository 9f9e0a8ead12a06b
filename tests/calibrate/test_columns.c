/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/columns.h"
#include "calibrate/families.h"
#include "sim/init.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

enum { G = RP_ITEM_BASE_GUNICORN, D = RP_ITEM_BASE_DAPHNE };
enum { LS = RP_ITEM_LAYER_SYNC, LA = RP_ITEM_LAYER_ASYNC };
enum { NEW = RP_ITEM_A2S_NEW, S2A = RP_ITEM_S2A_CALLER };

static const bool all_one[RP_ITEM_COUNT] = {[LS] = true, [LA] = true};
static const bool all_apart[RP_ITEM_COUNT] = {false};

static struct rp_case a_case(const double *amounts, const char *stack,
                             double framework_ns)
{
    return (struct rp_case){amounts, stack, framework_ns, framework_ns, 4};
}

Test(columns, an_item_that_nobody_pays_is_no_column)
{
    const double a[RP_ITEM_COUNT] = {[G] = 1, [LS] = 2};
    const struct rp_case cases[] = {a_case(a, "SS", 1e6)};
    struct rp_columns c;

    rp_columns_make(cases, 1, all_apart, &c);
    cr_assert(eq(sz, c.count, 2));
    cr_expect(eq(str, c.costs[0].name, "base.gunicorn"));
    cr_expect(eq(str, c.costs[1].name, "layer.sync"));
    cr_expect(eq(dbl, rp_fitted_cost_amount(&c.costs[1], a), 2.0));
}

Test(columns, a_family_that_is_one_has_one_column_with_its_name)
{
    const double a[RP_ITEM_COUNT] = {[G] = 1, [LS] = 2, [LA] = 1};
    const struct rp_case cases[] = {a_case(a, "SSA", 1e6)};
    struct rp_columns c;

    rp_columns_make(cases, 1, all_one, &c);
    cr_assert(eq(sz, c.count, 2));
    cr_expect(eq(str, c.costs[1].name, "layer"));
    cr_expect(eq(dbl, rp_fitted_cost_amount(&c.costs[1], a), 3.0));
}

Test(columns, costs_that_always_come_together_are_one_joint_cost)
{
    /* a new loop comes with half an s2a, always; layers come as they like */
    const double a[RP_ITEM_COUNT] = {[G] = 1, [NEW] = 1, [S2A] = 0.5};
    const double b[RP_ITEM_COUNT] = {[G] = 1, [NEW] = 2, [S2A] = 1, [LS] = 1};
    const double d[RP_ITEM_COUNT] = {[G] = 1};
    const struct rp_case cases[] = {a_case(a, "A", 1e6), a_case(b, "B", 1e6),
                                    a_case(d, "", 1e6)};
    struct rp_columns c;

    rp_columns_make(cases, 3, all_apart, &c);
    rp_columns_join(cases, 3, &c);
    cr_assert(eq(sz, c.count, 3));
    cr_expect(eq(str, c.costs[2].name, "s2a.caller+a2s.new_loop"));
    cr_expect(c.costs[2].items[NEW] && c.costs[2].items[S2A]);
    rp_columns_join(cases, 3, &c);
    cr_expect(eq(sz, c.count, 3), "nothing more to join");
}

Test(columns, what_cannot_be_seen_is_given_up_by_name, .init = rp_init)
{
    /* gunicorn + daphne = 1 always, and so has the layer: G + D = LS */
    const double a[RP_ITEM_COUNT] = {[G] = 1, [LS] = 1};
    const double b[RP_ITEM_COUNT] = {[D] = 1, [LS] = 1};
    const double d[RP_ITEM_COUNT] = {[D] = 1, [LS] = 1, [NEW] = 1};
    const struct rp_case cases[] = {a_case(a, "S", 1e6), a_case(b, "S", 1e6),
                                    a_case(d, "SA", 2e6)};
    char text[RP_COLUMNS_TEXT_SIZE];
    struct rp_error error = {0};
    struct rp_columns c;
    double condition = 0.0;

    rp_columns_make(cases, 3, all_apart, &c);
    rp_columns_join(cases, 3, &c);
    cr_assert(eq(int,
                 rp_columns_give_up(cases, 3, &c, &condition, text, &error),
                 RP_OK));
    cr_expect(eq(str, text,
                 "the runs cannot tell apart base.gunicorn, base.daphne, "
                 "layer.sync: layer.sync is left without a price; measure a "
                 "stack where it changes alone"));
    cr_assert(eq(sz, c.count, 3));
    cr_assert(eq(int,
                 rp_columns_give_up(cases, 3, &c, &condition, text, &error),
                 RP_OK));
    cr_expect(eq(str, text, ""));
    cr_expect(ge(dbl, condition, 1.0));
}

Test(columns, columns_that_do_not_overlap_have_condition_1, .init = rp_init)
{
    const double a[RP_ITEM_COUNT] = {[G] = 1}, b[RP_ITEM_COUNT] = {[D] = 1};
    const struct rp_case cases[] = {a_case(a, "", 1e6), a_case(b, "", 9e6)};
    char text[RP_COLUMNS_TEXT_SIZE];
    struct rp_columns c;
    double condition = 0.0;

    rp_columns_make(cases, 2, all_apart, &c);
    cr_assert(eq(int, rp_columns_give_up(cases, 2, &c, &condition, text, NULL),
                 RP_OK));
    cr_expect(epsilon_eq(dbl, condition, 1.0, 1e-12));
}

/* ---- Families ---- */

enum { CASES = 12 };

/* Base 1000, layers as they are; stacks of one kind, of the other, and mixed.
 */
static void layers(double sync_cost, double async_cost,
                   double amounts[CASES][RP_ITEM_COUNT],
                   struct rp_case cases[CASES])
{
    static const char *const stacks[CASES] = {"",    "S",   "SS",   "SSS",
                                              "A",   "AA",  "AAA",  "SA",
                                              "SSA", "SAA", "SSSS", "AAAA"};

    for (size_t i = 0; i < CASES; i++) {
        for (size_t k = 0; k < RP_ITEM_COUNT; k++)
            amounts[i][k] = 0.0;
        amounts[i][G] = 1.0;
        for (const char *at = stacks[i]; *at; at++)
            amounts[i][*at == 'S' ? LS : LA] += 1.0;
        /* an error of 1 %, up and down */
        cases[i] = a_case(amounts[i], stacks[i],
                          (1000.0 + amounts[i][LS] * sync_cost +
                           amounts[i][LA] * async_cost) *
                              (i % 2 ? 1.01 : 0.99));
    }
}

Test(families, members_that_cost_the_same_are_one_cost, .init = rp_init)
{
    double amounts[CASES][RP_ITEM_COUNT];
    struct rp_case cases[CASES];
    struct rp_families f;
    struct rp_error error = {0};

    layers(100.0, 100.0, amounts, cases);
    cr_assert(eq(int, rp_families_choose(cases, CASES, &f, &error), RP_OK),
              "%s", error.text);
    cr_assert(eq(sz, f.count, 1));
    cr_expect(eq(str, (char *)f.all[0].name, "layer"));
    cr_expect(f.all[0].one && f.one[LS] && f.one[LA]);
    cr_expect(lt(dbl, f.all[0].one_stack, 0.02), "the errors are 1 %%");
}

Test(families, members_that_differ_are_priced_apart, .init = rp_init)
{
    double amounts[CASES][RP_ITEM_COUNT];
    struct rp_case cases[CASES];
    struct rp_families f;
    struct rp_error error = {0};

    layers(50.0, 300.0, amounts, cases);
    cr_assert(eq(int, rp_families_choose(cases, CASES, &f, &error), RP_OK),
              "%s", error.text);
    cr_expect(not(f.all[0].one || f.one[LS] || f.one[LA]));
    cr_expect(lt(dbl, f.all[0].apart_stack, f.all[0].one_stack));
    cr_expect(lt(dbl, f.all[0].apart_case, f.all[0].one_case));
}

Test(families, few_stacks_are_not_asked, .init = rp_init)
{
    double amounts[CASES][RP_ITEM_COUNT];
    struct rp_case cases[CASES];
    struct rp_families f;

    layers(50.0, 300.0, amounts, cases);
    cr_assert(eq(int, rp_families_choose(cases + 3, 3, &f, NULL), RP_OK));
    cr_assert(eq(sz, f.count, 1));
    cr_expect(f.all[0].one);
    cr_expect(isnan(f.all[0].one_stack));
}
