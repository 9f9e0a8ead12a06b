/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "calibrate/sendtimes.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char report[] = "planned_us,late_us,elapsed_us,status,bytes,end\n"
                             "3422.935,61.882,1127.401,200,236,answered\n"
                             "3492.583,163.676,1724.304,200,236,answered\n"
                             "9000.000,33.359,1149.453,200,236,answered\n";

static enum rp_code read_report(size_t requests, uint64_t **at_ns,
                                struct rp_error *error)
{
    char path[] = "/tmp/sendtimes-XXXXXX";
    const int file = mkstemp(path);
    enum rp_code code;

    cr_assert(file >= 0);
    cr_assert(write(file, report, strlen(report)) == (ssize_t)strlen(report));
    (void)close(file);
    code = rp_sendtimes_read(path, requests, at_ns, error);
    (void)unlink(path);
    return code;
}

Test(sendtimes, what_a_report_planned_is_known_to_the_nanosecond)
{
    struct rp_error error = {0};
    uint64_t *at_ns = NULL;

    cr_assert(eq(int, read_report(3, &at_ns, &error), RP_OK), "%s", error.text);
    cr_expect(eq(u64, at_ns[0], 3422935));
    cr_expect(eq(u64, at_ns[1], 3492583));
    cr_expect(eq(u64, at_ns[2], 9000000));
    free(at_ns);
}

Test(sendtimes, a_report_of_another_number_of_requests_is_refused)
{
    struct rp_error error = {0};
    uint64_t *at_ns = NULL;

    cr_assert(eq(int, read_report(4, &at_ns, &error), RP_ERR_UNUSABLE));
    cr_expect(strstr(error.text, "found 3 requests, expected 4") != NULL, "%s",
              error.text);
    cr_expect(at_ns == NULL);
}

/* Of another configuration, closed, and shorter: none of these. */
Test(sendtimes, only_runs_of_the_configuration_and_of_its_length_are_taken)
{
    uint64_t times[4][2] = {{1, 2}, {3, 4}, {5, 6}, {7, 8}};
    struct rp_measured_run runs[] = {
        {.config = 1, .requests = 2, .planned_ns = times[0]},
        {.config = 0, .requests = 2, .planned_ns = times[1]},
        {.config = 1, .requests = 2},
        {.config = 1, .requests = 1, .planned_ns = times[2]},
        {.config = 1, .requests = 2, .planned_ns = times[3]}};
    const struct rp_measured measured = {.run_count = 5, .runs = runs};
    struct rp_sendtimes found = {0};
    struct rp_error error = {0};

    cr_assert(
        eq(int, rp_sendtimes_find(&measured, 1, 2, &found, &error), RP_OK));
    cr_expect(eq(uint, found.runs, 2));
    cr_expect(found.at_ns[0] == times[0]);
    cr_expect(found.at_ns[1] == times[3]);
    rp_sendtimes_free(&found);
    cr_expect(eq(uint, found.runs, 0));
}

Test(sendtimes, every_run_is_rehearsed_as_often)
{
    const struct rp_sendtimes six = {.runs = 6}, none = {.runs = 0};

    cr_expect(eq(uint, rp_sendtimes_rehearsals(&six, 25), 30));
    cr_expect(eq(uint, rp_sendtimes_rehearsals(&six, 12), 12));
    cr_expect(eq(uint, rp_sendtimes_rehearsals(&six, 1), 6));
    cr_expect(eq(uint, rp_sendtimes_rehearsals(&none, 25), 25));
    cr_expect(eq(uint, rp_sendtimes_rehearsals(NULL, 25), 25));
}
