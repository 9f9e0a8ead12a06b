/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "counts.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>

Test(oracle, every_count_of_the_real_django_comes_out_equal, .timeout = 120)
{
    unsigned rows = 0;

    for (size_t i = 0; i < FILE_COUNT; i++) {
        const unsigned found = expect_file(RP_SHARED_DIR "/oracle", &files[i]);

        if (found > 0)
            cr_expect(eq(uint, found, files[i].rows), "%s", files[i].name);
        rows += found;
    }
    if (rows == 0)
        puts("SKIPPED: the whole of the counts is not beside the tree");
    else
        cr_expect(eq(uint, rows, 36822));
}
