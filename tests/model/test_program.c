/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/program.h"

#include "counts.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Test(program, a_sample_of_the_counts_of_the_real_django_comes_out_equal)
{
    for (size_t i = 0; i < FILE_COUNT; i++)
        cr_expect(eq(uint,
                     expect_file(RP_SOURCE_DIR "/tests/data/oracle", &files[i]),
                     60),
                  "%s", files[i].name);
}
