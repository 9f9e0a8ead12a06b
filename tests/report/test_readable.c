/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/readable.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

#define EXPECT(expected, ...)                                                  \
    do {                                                                       \
        char text[RP_READABLE_SIZE];                                           \
        cr_expect(eq(str, (char *)rp_readable(__VA_ARGS__, text), expected));  \
    } while (0)

Test(readable, a_time_has_the_unit_that_is_read_and_the_digits_that_are_known)
{
    EXPECT("709.2 +/- 1.1 ms", RP_READABLE_TIME, 709.21e6, 1.1249e6, false);
    EXPECT("12.3 +/- 1.4 ms", RP_READABLE_TIME, 12.345e6, 1.44e6, false);
    EXPECT("306.6 +/- 4.3 us", RP_READABLE_TIME, 306.6e3, 4.31e3, false);
    EXPECT("1.20 +/- 0.35 s", RP_READABLE_TIME, 1.2e9, 0.35e9, false);
    EXPECT("1234 +/- 120 s", RP_READABLE_TIME, 1234.4e9, 120e9, false);
}

Test(readable, what_has_no_interval_has_four_digits)
{
    EXPECT("17.80 ms", RP_READABLE_TIME, 17.8e6, NAN, false);
    EXPECT("306.6 us", RP_READABLE_TIME, 306.6e3, 0.0, false);
    EXPECT("0.000 us", RP_READABLE_TIME, 0.0, NAN, false);
    EXPECT("898.8", RP_READABLE_RATE, 898.8, NAN, false);
    EXPECT("", RP_READABLE_TIME, NAN, 1.0, false);
}

Test(readable, a_difference_has_a_sign_and_the_unit_of_what_is_larger)
{
    EXPECT("+12.590 +/- 0.040 ms", RP_READABLE_TIME, 12.59e6, 0.04e6, true);
    EXPECT("-310 +/- 40 us", RP_READABLE_TIME, -310e3, 40e3, true);
    EXPECT("+0.0 +/- 2.0 ms", RP_READABLE_TIME, 10e3, 2e6, true);
    EXPECT("-805.2 +/- 2.7", RP_READABLE_RATE, -805.2, 2.7, true);
}

Test(readable, an_interval_has_the_unit_of_its_figure)
{
    char text[RP_READABLE_SIZE];

    cr_expect(eq(str,
                 (char *)rp_readable_range(RP_READABLE_TIME, 576.6e6, 841.8e6,
                                           709.2e6, text),
                 "577 .. 842 ms"));
    cr_expect(eq(str,
                 (char *)rp_readable_range(RP_READABLE_TIME, 0.95e6, 1.61e6,
                                           1.2e6, text),
                 "0.950 .. 1.610 ms"));
    cr_expect(
        eq(str,
           (char *)rp_readable_range(RP_READABLE_RATE, 36.37, 53.1, 44.7, text),
           "36.4 .. 53.1"));
    cr_expect(eq(
        str, (char *)rp_readable_range(RP_READABLE_TIME, NAN, 1.0, 1.0, text),
        ""));
}
