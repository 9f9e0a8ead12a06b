/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/handout.h"

#include "squares.h"

#include <stdio.h>

/* Many points that take no time are what a queue between threads is worst at.
 */
static int check(unsigned jobs, size_t window, size_t stop_at)
{
    struct squares s = {.count = 20000,
                        .fails_from = 10,
                        .fails_step = 101,
                        .stop_at = stop_at};
    const struct rp_handout_work work = squares_work(&s);
    const struct rp_handout_how how = {
        .jobs = jobs, .window = window, .goes_on = true, .stop = &s.stop};
    struct rp_handout_tally tally;
    struct rp_error error = {0};
    const enum rp_code code = rp_handout(s.count, &work, &how, &tally, &error);
    const bool good = !code && s.wrong == 0 && s.taken == tally.taken &&
                      (stop_at > 0 ? tally.stopped : tally.taken == s.count);

    if (!good)
        (void)fprintf(stderr, "%u jobs, window %zu: %zu taken, %d wrong: %s\n",
                      jobs, window, tally.taken, s.wrong, error.text);
    return good ? 0 : 1;
}

int main(void)
{
    return check(1, 0, 0) + check(2, 0, 0) + check(8, 3, 0) +
           check(8, 0, 5000) + check(0, 1, 0);
}
