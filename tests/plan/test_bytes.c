/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/bytes.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

Test(bytes, units_are_binary_or_decimal_as_they_say)
{
    double bytes = 0.0;

    cr_assert(eq(int, rp_bytes_parse("180MiB", &bytes, NULL), RP_OK));
    cr_expect(eq(dbl, bytes, 180.0 * 1024 * 1024));
    cr_assert(eq(int, rp_bytes_parse("1.5 GB", &bytes, NULL), RP_OK));
    cr_expect(eq(dbl, bytes, 1.5e9));
}

Test(bytes, without_a_unit_or_below_nothing_they_are_refused)
{
    struct rp_error error = {0};
    double bytes = 3.0;

    cr_expect(eq(int, rp_bytes_parse("180", &bytes, &error), RP_ERR_VALUE));
    cr_expect(eq(str, error.text,
                 "found \"180\", expected memory in KiB, MiB, GiB, TiB, kB, "
                 "MB, GB or TB, such as 180MiB"));
    cr_expect(eq(int, rp_bytes_parse("-1GB", &bytes, &error), RP_ERR_VALUE));
    cr_expect(eq(int, rp_bytes_parse("much", &bytes, &error), RP_ERR_VALUE));
    cr_expect(eq(int, rp_bytes_parse("9e99GB", &bytes, &error), RP_ERR_VALUE));
    cr_expect(eq(dbl, bytes, 3.0), "untouched");
}

Test(bytes, people_read_the_largest_unit_that_fits)
{
    char text[32];

    cr_expect(
        eq(str, (char *)rp_bytes_format(1536.0 * 1048576, text), "1.5 GiB"));
    cr_expect(eq(str, (char *)rp_bytes_format(512.0, text), "0.5 KiB"));
}
