/**
 * Coverage: how often 95 % intervals contain what theory says.
 *
 * A hundred seeds a case, of its own, so that cases are independent; ten
 * replications a seed. Of a hundred true 95 % intervals 89 to 99 cover in all
 * but one case of a hundred. Not run by CTest: it takes minutes in a release
 * build. One row a case: case, covered of 100.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "theory.h"

#include <math.h>
#include <stdio.h>

enum { SEEDS = 100, COVERED_LEAST = 89, COVERED_MOST = 99 };

/* -1 where the engine failed. */
static int covered(const struct theory *theory, uint64_t first_seed)
{
    int count = 0;

    for (unsigned i = 0; i < SEEDS; i++) {
        struct theory_answer a;

        if (!theory_run(theory, first_seed + i, &a))
            return -1;
        count += fabs(a.mean - theory->low) <= a.half_width;
    }
    return count;
}

int main(void)
{
    struct theory cases[THEORY_MAX];
    const size_t count = theory_make(cases);
    int bad = 0;

    puts("case,covered_of_100");
    for (size_t i = 0; i < count; i++) {
        int n;

        if (cases[i].in_the_limit || cases[i].low < cases[i].high)
            continue; /* not exact: there is nothing to cover */
        n = covered(&cases[i], THEORY_SEED + SEEDS * i);
        printf("\"%s\",%d\n", cases[i].name, n);
        (void)fflush(stdout);
        bad += n < COVERED_LEAST || n > COVERED_MOST;
    }
    theory_free(cases, count);
    fprintf(stderr, "%d cases outside %d to %d\n", bad, COVERED_LEAST,
            COVERED_MOST);
    return bad > 0;
}
