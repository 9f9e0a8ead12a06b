/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/result.h"

#include <math.h>
#include <stdlib.h>

static double part(uint64_t count, uint64_t all)
{
    return all > 0 ? (double)count / (double)all : (double)NAN;
}

static uint64_t attempts(const struct rp_fate *fate)
{
    return fate->answered + fate->turned_away + fate->left;
}

double rp_fate_turned_away(const struct rp_fate *fate)
{
    return part(fate->turned_away, attempts(fate));
}

double rp_fate_left(const struct rp_fate *fate)
{
    return part(fate->left, attempts(fate));
}

double rp_fate_late(const struct rp_fate *fate)
{
    return part(fate->late, fate->answered);
}

double rp_fate_given_up(const struct rp_fate *fate)
{
    return part(fate->given_up, fate->answered + fate->given_up);
}

const double *rp_result_percents(size_t *count)
{
    static const double percents[] = {RP_RESULT_PERCENTS};

    *count = sizeof percents / sizeof *percents;
    return percents;
}

void rp_result_free(struct rp_result *result)
{
    free(result->scenario);
    for (size_t m = 0; m < RP_METRIC_COUNT; m++)
        free(result->runs[m]);
    free(result->places);
    free(result->quantiles_ns);
    free(result->kinds);
    free(result->classes);
    free(result->warnings);
    *result = (struct rp_result){0};
}
