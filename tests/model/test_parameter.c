/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/parameter.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

Test(parameter, each_is_found_by_its_name_and_has_a_meaning)
{
    for (unsigned i = 0; i < RP_PARAMETER_COUNT; i++) {
        const enum rp_parameter p = (enum rp_parameter)i;

        cr_expect(eq(uint, rp_parameter_parse(rp_parameter_name(p)), i));
        cr_expect(gt(sz, strlen(rp_parameter_meaning(p)), 5));
    }
    cr_expect(
        eq(uint, rp_parameter_parse("loop.iteration"), RP_PARAMETER_ITERATION));
    cr_expect(eq(uint, rp_parameter_parse("loop"), RP_PARAMETER_COUNT));
    cr_expect(eq(uint, rp_parameter_parse(""), RP_PARAMETER_COUNT));
}

Test(parameter, each_is_counted_in_what_it_is)
{
    cr_expect(eq(int, rp_parameter_unit(RP_PARAMETER_CLIENT), RP_UNIT_TIME));
    cr_expect(eq(int, rp_parameter_unit(RP_PARAMETER_SLOWNESS), RP_UNIT_RATIO));
    cr_expect(
        eq(int, rp_parameter_unit(RP_PARAMETER_FULL_DAPHNE), RP_UNIT_REQUESTS));
    cr_expect(
        eq(int, rp_parameter_unit(RP_PARAMETER_LENGTH_DAPHNE), RP_UNIT_TIME));
}

Test(parameter, every_server_has_work_of_its_own_after_a_response)
{
    static const struct {
        enum rp_server_kind server;
        const char *name;
    } cases[] = {{RP_SERVER_GUNICORN, "after.gunicorn"},
                 {RP_SERVER_GTHREAD, "after.gthread"},
                 {RP_SERVER_RUNSERVER, "after.runserver"},
                 {RP_SERVER_DAPHNE, "after.daphne"},
                 {RP_SERVER_UVICORN, "after.uvicorn"}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect(eq(
            str, (char *)rp_parameter_name(rp_parameter_after(cases[i].server)),
            (char *)cases[i].name));
}

Test(parameter, one_that_is_not_known_is_not_at_work)
{
    const struct rp_mechanisms all = rp_mechanisms_all();
    struct rp_parameters p = {.value = {[RP_PARAMETER_WAKEUP] = 50e3}};

    cr_expect(eq(dbl, rp_parameter_at_work(&p, &all, RP_PARAMETER_WAKEUP), 0));
    cr_expect(not(rp_parameters_any(&p)));
    p.known[RP_PARAMETER_WAKEUP] = true;
    cr_expect(
        eq(dbl, rp_parameter_at_work(&p, &all, RP_PARAMETER_WAKEUP), 50e3));
    cr_expect(eq(dbl, rp_parameter_at_work(&p, &all, RP_PARAMETER_COUNT), 0));
    cr_expect(rp_parameters_any(&p));
}
