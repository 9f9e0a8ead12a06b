/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "model/hostcpu.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

static void expect_cpu(const char *cpuinfo, const char *wanted)
{
    char copy[512], text[RP_HOSTCPU_SIZE];
    FILE *in;

    (void)snprintf(copy, sizeof copy, "%s", cpuinfo);
    in = fmemopen(copy, strlen(copy), "r");
    cr_assert(in != NULL);
    cr_expect(eq(str, (char *)rp_hostcpu_read(in, text), (char *)wanted));
    (void)fclose(in);
}

Test(hostcpu, the_first_processor_names_model_and_family)
{
    expect_cpu("processor\t: 0\nvendor_id\t: AuthenticAMD\ncpu family\t: 25\n"
               "model\t\t: 1\nmodel name\t: AMD EPYC\nstepping\t: 1\n\n"
               "processor\t: 1\ncpu family\t: 26\nmodel name\t: other\n",
               "AMD EPYC (family 25)");
    expect_cpu("model name : Some Chip @ 2.0GHz\n", "Some Chip @ 2.0GHz");
    expect_cpu("processor\t: 0\nBogoMIPS\t: 50.00\n", "");
    expect_cpu("model names: x\n", "");
}

Test(hostcpu, what_is_not_said_may_be_the_same)
{
    cr_expect(rp_hostcpu_same("a", "a"));
    cr_expect(not(rp_hostcpu_same("a", "b")));
    cr_expect(rp_hostcpu_same("", "b"));
    cr_expect(rp_hostcpu_same("a", NULL));
    cr_expect(rp_hostcpu_same("EPYC", "EPYC (family 26)"));
    cr_expect(rp_hostcpu_same("EPYC (family 26)", "EPYC"));
    cr_expect(not(rp_hostcpu_same("EPYC (family 25)", "EPYC (family 26)")));
    cr_expect(not(rp_hostcpu_same("EPYC 2", "EPYC (family 26)")));
}
