/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/handout.h"

#include "squares.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static const unsigned job_counts[] = {1, 2, 7};

enum { JOB_COUNTS = sizeof job_counts / sizeof *job_counts };

Test(handout, gives_every_point_once_and_in_order_whoever_works)
{
    for (size_t j = 0; j < JOB_COUNTS; j++) {
        struct squares s = {.count = 5000};
        const struct rp_handout_work work = squares_work(&s);
        const struct rp_handout_how how = {.jobs = job_counts[j]};
        struct rp_handout_tally tally;
        struct rp_error error = {0};

        cr_assert(eq(int, rp_handout(s.count, &work, &how, &tally, &error), 0),
                  "%s", error.text);
        cr_expect(eq(sz, tally.taken, 5000));
        cr_expect(eq(sz, tally.ran, 5000));
        cr_expect(eq(sz, (size_t)s.ran, 5000));
        cr_expect(eq(sz, s.taken, 5000));
        cr_expect(eq(int, s.wrong, 0));
        cr_expect(tally.failed == 0 && tally.found == 0);
        cr_expect(not(tally.stopped));
    }
}

Test(handout, of_no_points_is_done_at_once)
{
    struct squares s = {.count = 0};
    const struct rp_handout_work work = squares_work(&s);
    const struct rp_handout_how how = {.jobs = 2};
    struct rp_handout_tally tally;
    struct rp_error error = {0};

    cr_assert(eq(int, rp_handout(0, &work, &how, &tally, &error), 0));
    cr_expect(tally.taken == 0 && tally.ran == 0);
}

/* Point 3 waits until 16 points were begun: exactly as many as there may be,
 * 0 to 2, which were taken, and a window of 13 from it on. */
Test(handout, begins_no_point_beyond_its_window)
{
    struct squares s = {.count = 400, .slow = 3, .release_at = 16};
    const struct rp_handout_work work = squares_work(&s);
    const struct rp_handout_how how = {.jobs = 4, .window = 13};
    struct rp_handout_tally tally;
    struct rp_error error = {0};

    cr_assert(eq(int, rp_handout(s.count, &work, &how, &tally, &error), 0));
    cr_expect(eq(sz, tally.taken, 400));
    cr_expect(eq(int, s.wrong, 0));
    cr_expect(lt(sz, s.most_ahead, 13));
}

Test(handout, hands_errors_of_points_on_where_it_goes_on)
{
    for (size_t j = 0; j < JOB_COUNTS; j++) {
        struct squares s = {.count = 1000, .fails_from = 5, .fails_step = 10};
        const struct rp_handout_work work = squares_work(&s);
        const struct rp_handout_how how = {.jobs = job_counts[j],
                                           .goes_on = true};
        struct rp_handout_tally tally;
        struct rp_error error = {0};

        cr_assert(eq(int, rp_handout(s.count, &work, &how, &tally, &error), 0));
        cr_expect(eq(sz, tally.failed, 99)); /* 10, 20, ... 990 */
        cr_expect(eq(sz, s.failures, 99));
        cr_expect(eq(sz, tally.taken, 1000));
        cr_expect(eq(int, s.wrong, 0));
    }
}

Test(handout, ends_with_the_lowest_error_and_takes_what_is_before_it)
{
    for (size_t j = 0; j < JOB_COUNTS; j++) {
        struct squares s = {.count = 1000, .fails_from = 300, .fails_step = 7};
        const struct rp_handout_work work = squares_work(&s);
        const struct rp_handout_how how = {.jobs = job_counts[j]};
        struct rp_handout_tally tally;
        struct rp_error error = {0};

        cr_assert(eq(int, rp_handout(s.count, &work, &how, &tally, &error),
                     RP_ERR_UNSTABLE));
        cr_expect_str_eq(error.text, "point 301 is not to be had");
        cr_expect(eq(sz, tally.taken, 301)); /* 0 .. 300 */
        cr_expect(eq(sz, s.taken, 301));
        cr_expect(eq(int, s.wrong, 0));
        cr_expect(lt(sz, (size_t)s.ran, 1000));
    }
}

Test(handout, ends_with_the_error_of_who_takes)
{
    for (size_t j = 0; j < JOB_COUNTS; j++) {
        struct squares s = {.count = 1000, .take_fails_at = 40};
        const struct rp_handout_work work = squares_work(&s);
        const struct rp_handout_how how = {.jobs = job_counts[j]};
        struct rp_error error = {0};

        cr_assert(
            eq(int, rp_handout(s.count, &work, &how, NULL, &error), RP_ERR_IO));
        cr_expect_str_eq(error.text, "the output is full");
        cr_expect(eq(sz, s.taken, 40));
    }
}

Test(handout, finishes_what_is_underway_when_it_is_stopped)
{
    for (size_t j = 0; j < JOB_COUNTS; j++) {
        struct squares s = {.count = 100000, .stop_at = 100};
        const struct rp_handout_work work = squares_work(&s);
        const struct rp_handout_how how = {.jobs = job_counts[j],
                                           .stop = &s.stop};
        struct rp_handout_tally tally;
        struct rp_error error = {0};

        cr_assert(eq(int, rp_handout(s.count, &work, &how, &tally, &error), 0));
        cr_expect(tally.stopped);
        cr_expect(ge(sz, tally.taken, 101));
        cr_expect(lt(sz, tally.taken, 100 + RP_HANDOUT_WINDOW + 1));
        cr_expect(eq(sz, tally.taken, tally.ran), "nothing is run in vain");
        cr_expect(eq(sz, (size_t)s.ran, tally.ran));
        cr_expect(eq(int, s.wrong, 0));
    }
}

Test(handout, that_was_stopped_at_its_last_point_is_whole)
{
    struct squares s = {.count = 50, .stop_at = 49};
    const struct rp_handout_work work = squares_work(&s);
    const struct rp_handout_how how = {.jobs = 1, .stop = &s.stop};
    struct rp_handout_tally tally;
    struct rp_error error = {0};

    cr_assert(eq(int, rp_handout(s.count, &work, &how, &tally, &error), 0));
    cr_expect(not(tally.stopped));
    cr_expect(eq(sz, tally.taken, 50));
}
