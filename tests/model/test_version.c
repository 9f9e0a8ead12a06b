/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/version.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

Test(version, versions_are_two_or_three_numbers_or_main)
{
    static const char *const good[] = {"3.2", "3.2.25",   "10.0.1",
                                       "0.0", "999999.1", "main"};
    static const char *const bad[] = {
        "",     "3",    "3.",   ".2",   "3.2.",  "3.2.1.", "v3.2",     "3.2a1",
        "3..2", "-3.2", "3.2 ", "Main", "main1", "3.1e1",  "1234567.1"};

    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct rp_version v;
        char text[RP_VERSION_TEXT_SIZE];

        cr_expect(rp_version_parse(good[i], &v), "%s", good[i]);
        cr_expect(eq(str, (char *)rp_version_format(v, text), (char *)good[i]));
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct rp_version v = {7, 7, 7};

        cr_expect(not(rp_version_parse(bad[i], &v)), "%s", bad[i]);
        cr_expect(eq(uint, v.major, 7), "untouched on failure");
    }
}

Test(version, versions_are_ordered_by_their_numbers)
{
    static const char *const rising[] = {"2.2",  "3.1",  "3.2", "3.2.1",
                                         "3.10", "10.0", "main"};

    for (size_t i = 0; i < sizeof rising / sizeof *rising; i++)
        for (size_t k = 0; k < sizeof rising / sizeof *rising; k++) {
            struct rp_version a, b;
            const int wanted = (i > k) - (i < k);

            cr_assert(rp_version_parse(rising[i], &a) &&
                      rp_version_parse(rising[k], &b));
            cr_expect(eq(int, rp_version_compare(a, b), wanted), "%s %s",
                      rising[i], rising[k]);
        }
}
