/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE

#include "bench/cpus.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <sched.h>
#include <stdio.h>

Test(cpus, lists_are_counted)
{
    cr_expect(eq(uint, rp_cpus_count("0"), 1));
    cr_expect(eq(uint, rp_cpus_count("0-3"), 4));
    cr_expect(eq(uint, rp_cpus_count("0,2,5-6"), 4));
    cr_expect(eq(uint, rp_cpus_count("1023"), 1));
}

Test(cpus, what_is_no_list_counts_nothing)
{
    static const char *const none[] = {"",   "a",   "-1",   "0-",  "3-1",  "0,",
                                       ",0", "0 1", "1024", "0,0", "0-2,1"};

    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        cr_expect(eq(uint, rp_cpus_count(none[i]), 0), "\"%s\"", none[i]);
}

Test(cpus, a_process_is_where_it_was_pinned)
{
    cpu_set_t allowed, now;
    char list[16];
    int cpu = 0;

    cr_assert(eq(int, sched_getaffinity(0, sizeof allowed, &allowed), 0));
    while (!CPU_ISSET(cpu, &allowed))
        cpu++;
    (void)snprintf(list, sizeof list, "%d", cpu);
    cr_assert(eq(int, rp_cpus_pin(list), 1));
    cr_assert(eq(int, sched_getaffinity(0, sizeof now, &now), 0));
    cr_expect(eq(int, CPU_COUNT(&now), 1));
    cr_expect(eq(int, CPU_ISSET(cpu, &now) != 0, 1));
    cr_expect(eq(int, rp_cpus_pin("1023"), 0), "there is none");
}
