/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "bench/description.h"
#include "calibrate/dataset.h"
#include "sim/init.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

TestSuite(description, .init = rp_init);

static const char text[] =
    "name: 'say \"hi\": # \\'\ncampaign: k\nframework_version: 3.2.25\n"
    "asgiref_version: 3.6.0\npython_version: 3.11.2\nrounds: 3\n"
    "targets:\n"
    "- {name: a, kind: url, url: 'http://h:1/', server: uvicorn, cpus: 0-2, "
    "processes: 2, version: '0.17', app_built_in_loop: false}\n"
    "- {name: b, kind: url, url: 'http://h:2/', server: gthread, threads: 4, "
    "cpus: 0-2}\n"
    "- {name: c, kind: url, url: 'http://h:3/', server: gthread, set: other}\n"
    "- {name: d, kind: microhandler, scenario: s, profile: p, server: gthread, "
    "gil: false, set: micro}\n"
    "runs:\n- {requests: 100}\n";

static struct rp_dataset describe(const char *set)
{
    const struct rp_surroundings around = {.cpu = "Some CPU (family 1)",
                                           .kernel = "Linux 6",
                                           .governor = "performance",
                                           .load_average = "0.1 0.2 0.3",
                                           .today = "2026-01-02",
                                           .cores = 8};
    struct rp_plan plan = {0};
    struct rp_dataset dataset = {0};
    struct rp_error error = {0};
    char *made;

    cr_assert(eq(int, rp_plan_read_text(text, strlen(text), "p", &plan, &error),
                 RP_OK),
              "%s", error.text);
    made = rp_description_make(&plan, set, &around, "2.3");
    cr_assert(made != NULL);
    cr_assert(
        eq(int, rp_dataset_read_text(made, strlen(made), "d", &dataset, &error),
           RP_OK),
        "%s\n%s", error.text, made);
    free(made);
    rp_plan_free(&plan);
    return dataset;
}

Test(description, the_reader_of_data_sets_finds_what_was_planned)
{
    struct rp_dataset d = describe(NULL);

    cr_expect(eq(str, d.name, "say \"hi\": # \\"));
    cr_expect(eq(str, d.campaign, "k"));
    cr_expect(eq(str, d.framework_version, "3.2.25"));
    cr_expect(eq(str, d.python_version, "3.11.2"));
    cr_expect(eq(str, d.cpu, "Some CPU (family 1)"));
    cr_expect(eq(str, d.measured_on, "2026-01-02"));
    cr_expect(eq(uint, d.cores, 3), "those that servers are pinned to");
    cr_expect(d.servers[RP_SERVER_UVICORN].said);
    cr_expect(eq(uint, d.servers[RP_SERVER_UVICORN].processes, 2));
    cr_expect(not(d.servers[RP_SERVER_UVICORN].in_loop));
    cr_expect(d.servers[RP_SERVER_GTHREAD].said);
    cr_expect(not(d.servers[RP_SERVER_DAPHNE].said));
    rp_dataset_free(&d);
}

Test(description, a_set_has_its_own_targets)
{
    struct rp_dataset d = describe("other");

    cr_expect(eq(str, d.name, "say \"hi\": # \\ other"));
    cr_expect(not(d.servers[RP_SERVER_UVICORN].said));
    cr_expect(d.servers[RP_SERVER_GTHREAD].said);
    cr_expect(eq(uint, d.cores, 8), "not pinned");
    rp_dataset_free(&d);
}

Test(description, a_microhandler_is_not_cpython)
{
    struct rp_dataset micro = describe("micro");
    struct rp_dataset other = describe("other");
    const struct rp_mechanisms none = {.client = false};
    const struct rp_mechanisms lacking = {
        .collections = true, .displacement = true, .slack = true};

    cr_expect(eq(int, memcmp(&micro.lacking, &lacking, sizeof lacking), 0));
    cr_expect(eq(int, memcmp(&other.lacking, &none, sizeof none), 0));
    cr_expect(micro.servers[RP_SERVER_GTHREAD].free_threaded);
    cr_expect(not(other.servers[RP_SERVER_GTHREAD].free_threaded));
    rp_dataset_free(&micro);
    rp_dataset_free(&other);
}
