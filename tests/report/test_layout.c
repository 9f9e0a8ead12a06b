/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/layout.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

/* A key, a column of words that may be folded to 10, two of numbers: 4 + 30 + 8
 * + 8 and three gaps of two are 56. */
static const struct rp_layout_column columns[] = {
    {4, 4, true}, {30, 10, true}, {8, 8, false}, {8, 8, false}};

static struct rp_layout fitted(size_t width)
{
    struct rp_layout layout;

    rp_layout_fit(columns, 4, width, &layout);
    return layout;
}

/* The columns of a panel, "0 2 3" as 23: their numbers as digits. */
static unsigned digits(const struct rp_layout *layout, size_t panel)
{
    size_t of[RP_LAYOUT_COLUMNS_MAX];
    const size_t count = rp_layout_panel(layout, panel, of);
    unsigned number = 1; /* so that a leading 0 shows */

    for (size_t i = 0; i < count; i++)
        number = 10 * number + (unsigned)of[i];
    return number;
}

Test(layout, what_fits_or_has_no_width_stays_as_it_is)
{
    static const size_t widths[] = {0, 56, 200};

    for (size_t i = 0; i < 3; i++) {
        const struct rp_layout layout = fitted(widths[i]);

        cr_expect(eq(sz, layout.panel_count, 1));
        cr_expect(eq(sz, layout.widths[1], 30));
        cr_expect(eq(uint, digits(&layout, 0), 10123));
    }
}

Test(layout, words_are_folded_before_anything_is_cut)
{
    const struct rp_layout one_less = fitted(55), least = fitted(36);

    cr_expect(eq(sz, one_less.widths[1], 29));
    cr_expect(eq(sz, least.widths[1], 10));
    cr_expect(eq(sz, least.panel_count, 1));
}

Test(layout, the_widest_column_of_words_is_folded_first)
{
    static const struct rp_layout_column words[] = {
        {20, 5, true}, {30, 5, true}, {6, 6, false}};
    struct rp_layout layout;

    rp_layout_fit(words, 3, 52, &layout); /* 60 are too many by 8 */
    cr_expect(eq(sz, layout.widths[0], 20));
    cr_expect(eq(sz, layout.widths[1], 22));
    rp_layout_fit(words, 3, 40, &layout); /* too many by 20 */
    cr_expect(eq(sz, layout.widths[0], 15));
    cr_expect(eq(sz, layout.widths[1], 15));
}

Test(layout, panels_begin_with_the_keys_and_have_every_column_once)
{
    /* Folded to 10 the second column would make the keys 16 of 30, more than
     * half, so the first is the only one. With the third it has
     * 30 - 4 - 2 - 2 - 8 = 14, and for the fourth nothing is left. */
    const struct rp_layout layout = fitted(30);

    cr_expect(eq(sz, layout.key_count, 1));
    cr_expect(eq(sz, layout.widths[1], 14));
    cr_assert(eq(sz, layout.panel_count, 2));
    cr_expect(eq(uint, digits(&layout, 0), 1012));
    cr_expect(eq(uint, digits(&layout, 1), 103));
}

Test(layout, keys_are_folded_into_half_of_the_width)
{
    /* 7 + 36 + 10 and two gaps are 57, of which 40 have room: 19 are left for
     * the second. 38 are left of a line: 8 + 2 + 19 = 29, then 9 + 2 + 17 + 2
     * + 7 = 37. */
    static const struct rp_layout_column keys[] = {
        {7, 7, true},    {36, 16, true}, {10, 10, true},  {8, 8, false},
        {19, 19, false}, {9, 9, false},  {17, 17, false}, {7, 7, false}};
    struct rp_layout layout;

    rp_layout_fit(keys, 8, 80, &layout);
    cr_expect(eq(sz, layout.key_count, 3));
    cr_expect(eq(sz, layout.widths[1], 19));
    cr_assert(eq(sz, layout.panel_count, 2));
    cr_expect(eq(uint, digits(&layout, 0), 101234));
    cr_expect(eq(uint, digits(&layout, 1), 1012567));
}

Test(layout, words_of_a_panel_are_folded_where_that_makes_a_panel_fewer)
{
    /* 10 + 2 + 12 + 2 + 18: the words take 18 of their 20, half of 44 being
     * more. */
    static const struct rp_layout_column words[] = {
        {10, 10, true}, {12, 12, false}, {20, 15, true}, {30, 30, false}};
    struct rp_layout layout;

    rp_layout_fit(words, 4, 44, &layout);
    cr_expect(eq(sz, layout.widths[2], 18));
    cr_assert(eq(sz, layout.panel_count, 2));
    cr_expect(eq(uint, digits(&layout, 0), 1012));
    cr_expect(eq(uint, digits(&layout, 1), 103));
}

Test(layout, several_keys_are_repeated_while_they_take_half_at_most)
{
    static const struct rp_layout_column keys[] = {
        {4, 4, true},  {4, 4, true},    {9, 9, true},
        {9, 9, false}, {12, 12, false}, {12, 12, false}};
    struct rp_layout layout;

    rp_layout_fit(keys, 6, 24, &layout); /* two keys: 10; three: 21 */
    cr_expect(eq(sz, layout.key_count, 2));
    cr_assert(eq(sz, layout.panel_count, 4));
    cr_expect(eq(uint, digits(&layout, 0), 1012));
    cr_expect(eq(uint, digits(&layout, 1), 1013));
    cr_expect(eq(uint, digits(&layout, 2), 1014));
    cr_expect(eq(uint, digits(&layout, 3), 1015));
}

Test(layout, a_column_that_is_wider_than_the_terminal_stands_alone)
{
    static const struct rp_layout_column wide[] = {{4, 4, true},
                                                   {50, 50, false}};
    struct rp_layout layout;

    rp_layout_fit(wide, 2, 20, &layout);
    cr_expect(eq(sz, layout.panel_count, 1));
    cr_expect(eq(sz, layout.widths[1], 50));
}
