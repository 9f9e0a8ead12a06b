/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/countlist.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static void expect(const char *text, size_t count, const unsigned *on_four)
{
    struct rp_count_list list = {0};
    struct rp_error error = {0};

    cr_assert(eq(int, rp_counts_parse(text, "threads", &list, &error), RP_OK),
              "%s", error.text);
    cr_assert(eq(sz, list.count, count), "%s", text);
    for (size_t i = 0; i < count; i++)
        cr_expect(eq(uint, rp_count_on(&list.all[i], 4), on_four[i]), "%s",
                  text);
}

Test(countlist, lists_sweeps_and_counts_by_core)
{
    expect("2,4,8", 3, (const unsigned[]){2, 4, 8});
    expect("[2:8,3]", 3, (const unsigned[]){2, 5, 8});
    expect("[1:3]", 3, (const unsigned[]){1, 2, 3});
    expect("1/core, 2/core", 2, (const unsigned[]){4, 8});
    expect("1,[1:2],1", 2, (const unsigned[]){1, 2});
}

Test(countlist, what_is_none_is_refused_in_a_sentence)
{
    static const char *const wrong[] = {
        "", "x", "0", "2,,4", "[4:2]", "[1:2", "10001", "1.5", "[1:9,0]", "-1"};
    struct rp_count_list list = {0};
    struct rp_error error = {0};

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        cr_expect(eq(int, rp_counts_parse(wrong[i], "threads", &list, &error),
                     RP_ERR_VALUE),
                  "%s", wrong[i]);
    cr_expect(
        eq(int, rp_counts_parse("0", "threads", &list, &error), RP_ERR_VALUE));
    cr_expect(eq(str, error.text,
                 "threads \"0\": 0 of them can serve nobody: write a list such "
                 "as 2,4,8, a sweep such as [2:8,2], or 1/core"));
}
