/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/result.h"

#include <stdlib.h>

void rp_result_free(struct rp_result *result)
{
    free(result->scenario);
    free(result->places);
    free(result->kinds);
    free(result->warnings);
    *result = (struct rp_result){0};
}
