/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/solution.h"

#include <stdlib.h>

static const struct {
    const char *word, *meaning;
} methods[] = {
#define RP_METHOD_AS_ROW(method, word, meaning) [method] = {word, meaning},
    RP_METHOD_LIST(RP_METHOD_AS_ROW)
#undef RP_METHOD_AS_ROW
};

const char *rp_method_word(enum rp_method method)
{
    return methods[method].word;
}

const char *rp_method_meaning(enum rp_method method)
{
    return methods[method].meaning;
}

void rp_solution_free(struct rp_solution *solution)
{
    free(solution->scenario);
    free(solution->places);
    free(solution->classes);
    free(solution->warnings);
    *solution = (struct rp_solution){0};
}
