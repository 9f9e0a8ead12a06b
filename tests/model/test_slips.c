/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/slips.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

/* The first meaning that is possible at the place is taken: a client is a key
 * of loads, elsewhere it is a slip for one. */
Test(slips, a_word_of_other_tools_stands_for_what_is_possible_here)
{
    static const char *const keys[] = {"processes", "threads", "kind"};
    static const char *const words[] = {"poisson", "mmpp", "constant"};

    cr_expect(eq(str, (char *)rp_slip_meant("workers", keys, 3), "processes"));
    cr_expect(eq(str, (char *)rp_slip_meant("type", keys, 3), "kind"));
    cr_expect(eq(str, (char *)rp_slip_meant("bursty", words, 3), "mmpp"));
    cr_expect(eq(str, (char *)rp_slip_meant("fixed", words, 3), "constant"));
    cr_expect(eq(str, (char *)rp_slip_meant("thread", keys, 3), "threads"),
              "the nearest, where it is no slip of that kind");
    cr_expect(eq(ptr, (void *)rp_slip_meant("workers", words, 3), NULL));
}
