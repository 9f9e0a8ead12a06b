/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/solution.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

Test(solution, every_method_has_a_word_of_its_own_and_a_meaning)
{
    static const enum rp_method all[] = {
#define RP_METHOD_AS_VALUE(method, word, meaning) method,
        RP_METHOD_LIST(RP_METHOD_AS_VALUE)
#undef RP_METHOD_AS_VALUE
    };

    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        cr_expect(gt(sz, strlen(rp_method_meaning(all[i])), 10));
        for (size_t k = 0; k < i; k++)
            cr_expect(ne(str, (char *)rp_method_word(all[i]),
                         (char *)rp_method_word(all[k])));
    }
    cr_expect(eq(str, (char *)rp_method_word(RP_METHOD_MG1), "m/g/1"));
}

Test(solution, free_leaves_zero_and_may_be_called_again)
{
    struct rp_solution s = {.scenario = calloc(1, 1),
                            .places = calloc(1, sizeof *s.places),
                            .classes = calloc(1, sizeof *s.classes),
                            .warnings = calloc(1, 1)};

    rp_solution_free(&s);
    cr_expect(eq(ptr, s.places, NULL));
    rp_solution_free(&s);
}
