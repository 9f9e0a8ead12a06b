/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/digest.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

Test(digest, has_the_numbers_of_an_answer_in_their_order)
{
    struct rp_digest d = {0};
    struct rp_error error = {0};
    const char *const text =
        "{\"reader\": \"sim\", \"in_flight\": 3, \"name\": \"x\","
        " \"runs\": [1, 2], \"load\": {\"deep\": {\"rate\": 2.5}},"
        " \"metrics\": {\"p99_ms\": [10.0, 8.04, 11.96, 1, 2],"
        " \"rps\": [null, null, null]}}";

    cr_assert(eq(int, rp_digest_read(text, &d, &error), 0), "%s", error.text);
    cr_assert(eq(sz, d.count, 4));
    cr_expect_str_eq(d.numbers[0].key, "in_flight");
    cr_expect_str_eq(d.numbers[1].key, "load.deep.rate");
    cr_expect_str_eq(d.numbers[2].key, "p99_ms");
    cr_expect_str_eq(d.numbers[3].key, "rps");
    cr_expect(d.numbers[1].value == 2.5);
    cr_expect(isnan(d.numbers[3].value));
    cr_expect(rp_digest_find(&d, "rps") == &d.numbers[3]);
    cr_expect(rp_digest_find(&d, "mean_ms") == NULL);
    /* 3.92 wide: two times 1.96 standard errors of 1. */
    cr_expect(epsilon_eq(dbl, rp_digest_error(&d, &d.numbers[2]), 1.0, 1e-4));
    cr_expect(isnan(rp_digest_error(&d, &d.numbers[0])));
    rp_digest_free(&d);
    rp_digest_free(&d);
}

Test(digest, takes_no_bounds_for_chance)
{
    struct rp_digest d = {0};
    struct rp_error error = {0};

    cr_assert(rp_digest_read("{\"reader\": \"solve\", \"metrics\":"
                             " {\"rps\": [2, 1, 3]}}",
                             &d, &error) == 0);
    cr_expect(d.numbers[0].low == 1.0 && d.numbers[0].high == 3.0);
    cr_expect(isnan(rp_digest_error(&d, &d.numbers[0])));
    rp_digest_free(&d);
}

Test(digest, is_of_a_json_object)
{
    struct rp_digest d = {0};
    struct rp_error error = {0};

    cr_expect(eq(int, rp_digest_read("[1]", &d, &error), RP_ERR_SYNTAX));
    cr_expect_str_eq(error.text, "an answer of the store is no JSON object");
    cr_expect(eq(int, rp_digest_read("!pruned", &d, &error), RP_ERR_SYNTAX));
    cr_expect(d.count == 0);
}
