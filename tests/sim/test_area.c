/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/area.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

/* One from 10 to 30, one from 20 on: 20 + 80 until 100. */
Test(area, things_count_from_when_they_come_until_they_go)
{
    struct rp_area a = {0};

    rp_area_come(&a, 10);
    rp_area_come(&a, 20);
    rp_area_go(&a, 30);
    cr_expect(eq(dbl, rp_area_until(a, 1, 100), 100.0));
    cr_expect(eq(dbl, rp_area_until(a, 1, 30), 30.0), "up to any instant");
}

Test(area, it_can_begin_with_things_that_are_there)
{
    struct rp_area a = rp_area_from(3, 1000);

    cr_expect(eq(dbl, rp_area_until(a, 3, 1000), 0.0));
    rp_area_go(&a, 1010);
    cr_expect(eq(dbl, rp_area_until(a, 2, 1020), 50.0));
}

/* Between, sums lie below 0: that they wrap is what makes their order not
 * matter. A million things at 2^62 ns lose no nanosecond. */
Test(area, nothing_is_lost_where_sums_are_large)
{
    const uint64_t far = UINT64_C(1) << 62;
    struct rp_area a = {0};

    for (unsigned i = 0; i < 1000000; i++)
        rp_area_come(&a, far + i);
    for (unsigned i = 0; i < 1000000; i++)
        rp_area_go(&a, far + i + 7);
    cr_expect(eq(dbl, rp_area_until(a, 0, 2 * far), 7e6));
}
