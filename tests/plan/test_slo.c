/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/slo.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <criterion/parameterized.h>
#include <string.h>

static struct rp_slos read(const char *text)
{
    struct rp_slos slos = {0};
    struct rp_error error = {0};

    cr_assert(eq(int, rp_slos_add(&slos, text, &error), RP_OK), "%s",
              error.text);
    return slos;
}

Test(slo, limits_have_units_and_stand_together)
{
    const struct rp_slos slos = read("p99<=50ms, mean < 0.02s,errors<=0.1%");
    char text[RP_SLOS_TEXT_SIZE];

    cr_expect(eq(sz, rp_slos_count(&slos), 3));
    cr_expect(eq(dbl, slos.limit[RP_LIMIT_P99], 50e6));
    cr_expect(eq(dbl, slos.limit[RP_LIMIT_MEAN], 20e6));
    cr_expect(ieee_ulp_eq(dbl, slos.limit[RP_LIMIT_ERRORS], 0.001, 2));
    cr_expect(eq(str, (char *)rp_slos_text(&slos, text),
                 "mean<=20ms, p99<=50ms, errors<=0.1%"));
}

Test(slo, the_tighter_of_two_holds_whatever_their_order)
{
    cr_expect(eq(dbl, read("p99<=50ms,p99<=20ms").limit[RP_LIMIT_P99], 20e6));
    cr_expect(eq(dbl, read("p99<=20ms,p99<=50ms").limit[RP_LIMIT_P99], 20e6));
}

Test(slo, a_lower_percentile_with_a_higher_limit_is_noted)
{
    const struct rp_slos redundant = read("p99<=10ms,p50<=20ms");
    const struct rp_slos good = read("p99<=20ms,p50<=10ms,mean<=30ms");
    char text[RP_SLOS_TEXT_SIZE];

    cr_expect(eq(str, (char *)rp_slos_notes(&redundant, text),
                 "p50<=20ms says nothing beside p99<=10ms"));
    cr_expect(eq(str, (char *)rp_slos_notes(&good, text), ""));
}

struct wrong {
    char text[24], said[160];
};

ParameterizedTestParameters(slo, what_is_no_limit_is_refused_in_a_sentence)
{
#define END ": write METRIC<=LIMIT, such as p99<=50ms or errors<=0.1%"
    static struct wrong cases[] = {
        {"p98<=5ms",
         "service level \"p98<=5ms\": found \"p98\", expected mean, "
         "p50, p90, p95, p99 or errors"},
        {"p99>=5ms", "service level \"p99>=5ms\": a service level is an upper "
                     "limit, not a lower one" END},
        {"p99=5ms", "service level \"p99=5ms\": \"<=\" is missing behind the "
                    "metric" END},
        {"p99<=0ms", "service level \"p99<=0ms\": no request takes no time at "
                     "all" END},
        {"", "service level \"\": it names no metric" END},
        {"p99<=50", "service level \"p99<=50\": "},
        {"errors<=5ms", "service level \"errors<=5ms\": "},
        {"p99<=1ms,", "service level \"\": it names no metric" END},
    };

    return cr_make_param_array(struct wrong, cases,
                               sizeof cases / sizeof *cases, NULL);
}

ParameterizedTest(struct wrong *it, slo,
                  what_is_no_limit_is_refused_in_a_sentence)
{
    struct rp_slos slos = {.wanted = {true}, .limit = {7.0}};
    struct rp_error error = {0};

    cr_assert(eq(int, rp_slos_add(&slos, it->text, &error), RP_ERR_VALUE));
    cr_expect(strncmp(error.text, it->said, strlen(it->said)) == 0, "%s",
              error.text);
    cr_expect(eq(sz, rp_slos_count(&slos), 1), "untouched");
    cr_expect(eq(dbl, slos.limit[0], 7.0));
}
