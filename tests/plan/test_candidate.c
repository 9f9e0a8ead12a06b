/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/candidate.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static struct rp_scenario scenario_of(void)
{
    struct rp_scenario s = {0};

    cr_assert(eq(int, rp_scenario_init(&s, NULL), RP_OK));
    s.cores = 2;
    return s;
}

Test(candidate, instances_with_as_many_cores_share_a_configuration)
{
    struct rp_instance types[] = {
        {"a", 2, 1e9, 1.0}, {"b", 4, 1e9, 1.0}, {"c", 4, 2e9, 2.0}};
    const struct rp_catalogue catalogue = {.count = 3, .instances = types};
    struct rp_choices choices = {
        .server_count = 2, .servers = {RP_SERVER_GTHREAD, RP_SERVER_UVICORN}};
    struct rp_scenario s = scenario_of();
    struct rp_candidates made = {0};
    struct rp_error error = {0};

    cr_assert(eq(int,
                 rp_counts_parse("1/core,4", "", &choices.processes, &error),
                 RP_OK));
    cr_assert(
        eq(int, rp_counts_parse("1,2,3", "", &choices.threads, &error), RP_OK));
    cr_assert(eq(int,
                 rp_candidates_make(&s, &choices, &catalogue, &made, &error),
                 RP_OK));
    /* gthread: 2 cores: 2 and 4 processes, 3 threads; 4 cores: 4 processes;
     * uvicorn has no threads */
    cr_expect(eq(sz, made.configuration_count, 6 + 2 + 3 + 1));
    cr_expect(eq(sz, made.count, 6 + 2 + 2 * (3 + 1)));
    rp_candidates_free(&made);
    rp_scenario_free(&s);
}

Test(candidate, without_choices_there_is_the_scenario_itself)
{
    const struct rp_choices none = {0};
    struct rp_scenario s = scenario_of();
    struct rp_candidates made = {0};

    s.server.kind = RP_SERVER_GTHREAD;
    s.server.processes = 3;
    s.server.threads = 5;
    cr_assert(eq(int, rp_candidates_make(&s, &none, NULL, &made, NULL), RP_OK));
    cr_assert(eq(sz, made.count, 1));
    cr_expect(eq(uint, made.configurations[0].processes, 3));
    cr_expect(eq(uint, made.configurations[0].threads, 5));
    cr_expect(eq(uint, made.configurations[0].cores, 2));
    rp_candidates_free(&made);
    rp_scenario_free(&s);
}

Test(candidate, memory_is_that_of_processes_with_their_threads)
{
    const struct rp_configuration c = {RP_SERVER_GTHREAD, 9, 4, 2};
    const struct rp_choices choices = {.process_bytes = 160.0 * 1048576,
                                       .thread_bytes = 5.0 * 1048576};
    char text[128];

    cr_expect(eq(
        str,
        (char *)rp_memory_reason(&c, &choices, 1073741824.0, text, sizeof text),
        "memory: 9 processes x 180 MiB > 1 GiB"));
    cr_expect(eq(str,
                 (char *)rp_memory_reason(&c, &choices, 9.0 * 180 * 1048576,
                                          text, sizeof text),
                 ""));
}

Test(candidate, connections_are_of_threads_pools_and_loops)
{
    struct rp_resource db = {.name = "database", .capacity = 10};
    struct rp_scenario s = scenario_of();
    const struct rp_configuration threads = {RP_SERVER_GTHREAD, 8, 12, 2};
    const struct rp_configuration loop = {RP_SERVER_UVICORN, 8, 1, 2};
    struct rp_choices choices = {.pool_count = 1,
                                 .pools = {{"database", 300, RP_NO_RESOURCE}}};
    char text[128];

    s.resource_count = 1;
    s.resources = &db;
    cr_expect(
        eq(str,
           (char *)rp_pool_reason(&choices, &s, &threads, 4, text, sizeof text),
           "database: 4x8x12 connections > 300 (instances x processes x "
           "connections of a process)"));
    cr_expect(
        eq(str,
           (char *)rp_pool_reason(&choices, &s, &threads, 3, text, sizeof text),
           ""),
        "288");
    choices.pools[0].resource = 0;
    cr_expect(eq(dbl, rp_pool_connections(&choices.pools[0], &s, &threads, 3),
                 3.0 * 8 * 10),
              "a pool of ten");
    cr_expect(eq(dbl, rp_pool_connections(&choices.pools[0], &s, &loop, 2),
                 2.0 * 8 * 10),
              "a loop holds as many as there are");
    s.resource_count = 0;
    s.resources = NULL;
    rp_scenario_free(&s);
}
