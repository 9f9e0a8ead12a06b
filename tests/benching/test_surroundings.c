/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "bench/surroundings.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

Test(surroundings, kernel_and_cores_are_those_of_the_system)
{
    const struct rp_surroundings s = rp_surroundings_find();
    struct utsname name;

    cr_assert(uname(&name) == 0);
    cr_expect(strstr(s.kernel, name.release) != NULL, "%s", s.kernel);
    cr_expect(eq(long, s.cores, sysconf(_SC_NPROCESSORS_ONLN)));
}

Test(surroundings, day_and_load_have_their_forms)
{
    const struct rp_surroundings s = rp_surroundings_find();
    int year, month, day;
    double one, five, fifteen;

    cr_expect(eq(int, sscanf(s.today, "%4d-%2d-%2d", &year, &month, &day), 3));
    cr_expect(year > 2000 && month >= 1 && month <= 12 && day >= 1 &&
              day <= 31);
    cr_expect(eq(
        int, sscanf(s.load_average, "%lf %lf %lf", &one, &five, &fifteen), 3));
}
