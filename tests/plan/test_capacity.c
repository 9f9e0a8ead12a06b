/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/capacity.h"

#include "manyservers.h"
#include "plan/exactjson.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <criterion/parameterized.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct known {
    struct manyservers queue;
    unsigned servers;
};

ParameterizedTestParameters(capacity, the_largest_rate_of_many_servers_is_known)
{
    static struct known cases[] = {
        {{10e6, RP_LIMIT_MEAN, 20e6}, 1}, /* M/M/1: 50/s, by hand */
        {{10e6, RP_LIMIT_P95, 60e6}, 1},
        {{5e6, RP_LIMIT_MEAN, 7e6}, 4},
        {{20e6, RP_LIMIT_P99, 110e6}, 8},
    };

    return cr_make_param_array(struct known, cases,
                               sizeof cases / sizeof *cases, NULL);
}

ParameterizedTest(struct known *it, capacity,
                  the_largest_rate_of_many_servers_is_known)
{
    const double exact = manyservers_largest(&it->queue, it->servers);
    struct rp_capacity found;

    cr_assert(manyservers_capacity(&it->queue, it->servers, 7, &found));
    cr_expect(found.feasible && !found.by_ceiling);
    cr_expect(epsilon_eq(dbl, found.max_per_s, exact, 0.04 * exact));
    cr_expect(found.low_per_s <= exact && exact <= found.high_per_s &&
                  found.high_per_s - found.low_per_s < 0.2 * exact,
              "%g not in %g .. %g", exact, found.low_per_s, found.high_per_s);
}

Test(capacity, the_closed_form_is_that_of_the_books)
{
    const struct manyservers one = {10e6, RP_LIMIT_MEAN, 20e6};
    const struct manyservers tail = {10e6, RP_LIMIT_P95, 60e6};

    /* M/M/1: R = S / (1 - a); P(R > t) = exp(-t (1 - a) / S); M/M/2: S / (1 -
     * a^2) at a = rate S / 2 */
    cr_expect(epsilon_eq(dbl, manyservers_largest(&one, 1), 50.0, 1e-6));
    cr_expect(epsilon_eq(dbl, manyservers_largest(&tail, 1),
                         100.0 * (1.0 - log(20.0) / 6.0), 1e-6));
    cr_expect(epsilon_eq(dbl, manyservers_metric(&one, 2, 100.0),
                         10e6 / (1.0 - 0.25), 1e-3));
}

Test(capacity, a_limit_below_one_request_says_why)
{
    const struct manyservers queue = {10e6, RP_LIMIT_MEAN, 5e6};
    struct rp_slos slos = {.wanted = {[RP_LIMIT_MEAN] = true},
                           .limit = {[RP_LIMIT_MEAN] = 5e6}};
    struct rp_capacity found;
    char text[256];

    cr_assert(manyservers_capacity(&queue, 2, 1, &found));
    cr_expect(eq(int, found.feasible, 0));
    cr_expect(eq(dbl, found.max_per_s, 0.0));
    cr_expect(epsilon_eq(dbl, found.alone_ns, 10e6, 1.0));
    (void)rp_capacity_reason(&found, &slos, text, sizeof text);
    cr_expect(strstr(text, "> 5ms even at") &&
                  strstr(text, "where own wait is"),
              "%s", text);
}

Test(capacity, a_limit_that_all_that_can_be_served_meets_ends_at_the_ceiling)
{
    const struct manyservers queue = {10e6, RP_LIMIT_MEAN, 1e12};
    struct rp_capacity found;

    cr_assert(manyservers_capacity(&queue, 1, 1, &found));
    cr_expect(found.by_ceiling);
    cr_expect(isnan(found.high_per_s));
    cr_expect(epsilon_eq(dbl, found.max_per_s, 98.0, 3.0));
}

Test(capacity, what_goes_through_a_text_comes_back_to_the_bit)
{
    const struct manyservers queue = {10e6, RP_LIMIT_MEAN, 1e12};
    struct rp_capacity found, back;
    char *text, *again;
    json_t *json;

    cr_assert(manyservers_capacity(&queue, 1, 3, &found));
    found.at.value[RP_LIMIT_P50] = INFINITY;
    text = rp_exact_dump(rp_capacity_to_json(&found));
    json = json_loads(text, 0, NULL);
    cr_assert(eq(int, rp_capacity_from_json(json, &back, NULL), RP_OK));
    cr_expect(eq(dbl, back.max_per_s, found.max_per_s));
    cr_expect(isnan(back.high_per_s) && isinf(back.at.value[RP_LIMIT_P50]));
    again = rp_exact_dump(rp_capacity_to_json(&back));
    cr_expect(eq(str, again, text));
    json_object_del(json, "at");
    cr_expect(eq(int, rp_capacity_from_json(json, &back, NULL), RP_ERR_SYNTAX));
    json_decref(json);
    free(text);
    free(again);
}
