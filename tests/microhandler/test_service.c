/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "microhandler/service.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

Test(service, the_backlog_of_all_processes_is_divided_among_them)
{
    static const struct {
        unsigned backlog, processes, each;
    } cases[] = {{0, 1, 0}, {0, 4, 0}, {10, 1, 10}, {10, 4, 2}, {3, 4, 1}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct rp_scenario scenario = {
            .server = {.backlog = cases[i].backlog,
                       .processes = cases[i].processes}};
        const struct rp_service service = {.scenario = &scenario};

        cr_expect(eq(u32, rp_service_backlog(&service), cases[i].each));
    }
}
