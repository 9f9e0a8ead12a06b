/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/candidate.h"

#include "plan/bytes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool has_threads(enum rp_server_kind kind)
{
    return kind == RP_SERVER_GTHREAD || kind == RP_SERVER_RUNSERVER;
}

struct making {
    const struct rp_scenario *scenario;
    const struct rp_choices *choices;
    struct rp_candidates made;
    size_t room;
    struct rp_error *error;
};

static bool is_same(const struct rp_configuration *a,
                    const struct rp_configuration *b)
{
    return a->server == b->server && a->processes == b->processes &&
           a->threads == b->threads && a->cores == b->cores;
}

static size_t configuration_index(struct making *m,
                                  const struct rp_configuration *wanted)
{
    size_t i = 0;

    while (i < m->made.configuration_count &&
           !is_same(&m->made.configurations[i], wanted))
        i++;
    if (i == m->made.configuration_count) {
        m->made.configurations[i] = *wanted;
        m->made.configuration_count++;
    }
    return i;
}

static enum rp_code add(struct making *m, size_t instance,
                        const struct rp_configuration *configuration)
{
    struct rp_candidate candidate = {.instance = instance};

    if (m->made.count == RP_CANDIDATES_MAX)
        return rp_fail(m->error, RP_ERR_VALUE,
                       "more than %d candidates: name fewer processes, "
                       "threads, servers or instances",
                       RP_CANDIDATES_MAX);
    candidate.configuration = configuration_index(m, configuration);
    for (size_t i = 0; i < m->made.count; i++)
        if (m->made.all[i].instance == instance &&
            m->made.all[i].configuration == candidate.configuration)
            return RP_OK;
    m->made.all[m->made.count++] = candidate;
    return RP_OK;
}

static enum rp_code add_threads(struct making *m, size_t instance,
                                struct rp_configuration configuration)
{
    const struct rp_count_list *const threads = &m->choices->threads;
    const struct rp_server *const server = &m->scenario->server;
    enum rp_code code = RP_OK;

    configuration.threads =
        has_threads(configuration.server) ? server->threads : 1;
    if (threads->count == 0 || !has_threads(configuration.server))
        return add(m, instance, &configuration);
    for (size_t i = 0; i < threads->count && !code; i++) {
        configuration.threads =
            rp_count_on(&threads->all[i], configuration.cores);
        code = add(m, instance, &configuration);
    }
    return code;
}

static enum rp_code add_processes(struct making *m, size_t instance,
                                  struct rp_configuration configuration)
{
    const struct rp_count_list *const processes = &m->choices->processes;
    enum rp_code code = RP_OK;

    configuration.processes = m->scenario->server.processes;
    if (processes->count == 0)
        return add_threads(m, instance, configuration);
    for (size_t i = 0; i < processes->count && !code; i++) {
        configuration.processes =
            rp_count_on(&processes->all[i], configuration.cores);
        code = add_threads(m, instance, configuration);
    }
    return code;
}

static enum rp_code add_instance(struct making *m, size_t instance,
                                 unsigned cores)
{
    const struct rp_choices *const c = m->choices;
    const size_t count = c->server_count ? c->server_count : 1;
    enum rp_code code = RP_OK;

    for (size_t i = 0; i < count && !code; i++)
        code = add_processes(
            m, instance,
            (struct rp_configuration){.server = c->server_count
                                                    ? c->servers[i]
                                                    : m->scenario->server.kind,
                                      .cores = cores});
    return code;
}

enum rp_code rp_candidates_make(const struct rp_scenario *scenario,
                                const struct rp_choices *choices,
                                const struct rp_catalogue *catalogue,
                                struct rp_candidates *candidates,
                                struct rp_error *error)
{
    struct making m = {
        .scenario = scenario, .choices = choices, .error = error};
    enum rp_code code = RP_OK;

    m.made.all = calloc(RP_CANDIDATES_MAX + 1, sizeof *m.made.all);
    m.made.configurations =
        calloc(RP_CANDIDATES_MAX + 1, sizeof *m.made.configurations);
    if (!m.made.all || !m.made.configurations)
        code = rp_fail(error, RP_ERR_MEMORY, "out of memory for candidates");
    else if (!catalogue)
        code = add_instance(&m, RP_NO_INSTANCE, scenario->cores);
    for (size_t i = 0; catalogue && i < catalogue->count && !code; i++)
        code = add_instance(&m, i, catalogue->instances[i].cores);
    if (code)
        rp_candidates_free(&m.made);
    else
        *candidates = m.made;
    return code;
}

void rp_candidates_free(struct rp_candidates *candidates)
{
    free(candidates->all);
    free(candidates->configurations);
    *candidates = (struct rp_candidates){0};
}

struct rp_scenario rp_configured(const struct rp_scenario *scenario,
                                 const struct rp_configuration *configuration)
{
    struct rp_scenario configured = *scenario;

    if (configured.server.kind != configuration->server)
        configured.server.app_built_in_loop =
            rp_server_builds_in_loop(configuration->server);
    configured.server.kind = configuration->server;
    configured.server.processes = configuration->processes;
    configured.server.threads = configuration->threads;
    configured.cores = configuration->cores;
    return configured;
}

const char *rp_configuration_text(const struct rp_configuration *c,
                                  char text[48])
{
    if (has_threads(c->server))
        (void)snprintf(text, 48, "%s %ux%u", rp_server_word(c->server),
                       c->processes, c->threads);
    else
        (void)snprintf(text, 48, "%s %u", rp_server_word(c->server),
                       c->processes);
    return text;
}

double rp_configuration_bytes(const struct rp_configuration *c,
                              const struct rp_choices *choices)
{
    return c->processes *
           (choices->process_bytes + c->threads * choices->thread_bytes);
}

const char *rp_memory_reason(const struct rp_configuration *c,
                             const struct rp_choices *choices,
                             double memory_bytes, char *text, size_t size)
{
    const double one = rp_configuration_bytes(c, choices) / c->processes;
    char process[32], memory[32];

    text[0] = '\0';
    if (one * c->processes > memory_bytes)
        (void)snprintf(text, size, "memory: %u process%s x %s > %s",
                       c->processes, c->processes == 1 ? "" : "es",
                       rp_bytes_format(one, process),
                       rp_bytes_format(memory_bytes, memory));
    return text;
}

/* A thread waits for one connection at a time, so a pool that is larger than
 * the threads is never full; a loop can hold them all. */
static unsigned connections_a_process(const struct rp_pool_limit *pool,
                                      const struct rp_scenario *scenario,
                                      const struct rp_configuration *c)
{
    const bool on_loop = rp_server_is_asgi(c->server);
    unsigned capacity;

    if (pool->resource == RP_NO_RESOURCE)
        return c->threads;
    capacity = scenario->resources[pool->resource].capacity;
    return on_loop || capacity < c->threads ? capacity : c->threads;
}

double rp_pool_connections(const struct rp_pool_limit *pool,
                           const struct rp_scenario *scenario,
                           const struct rp_configuration *configuration,
                           unsigned instances)
{
    return (double)instances * configuration->processes *
           connections_a_process(pool, scenario, configuration);
}

const char *rp_pool_reason(const struct rp_choices *choices,
                           const struct rp_scenario *scenario,
                           const struct rp_configuration *c, unsigned instances,
                           char *text, size_t size)
{
    text[0] = '\0';
    for (size_t i = 0; i < choices->pool_count && !text[0]; i++) {
        const struct rp_pool_limit *const pool = &choices->pools[i];

        if (rp_pool_connections(pool, scenario, c, instances) > pool->most)
            (void)snprintf(text, size,
                           "%s: %ux%ux%u connections > %u (instances x "
                           "processes x connections of a process)",
                           pool->name, instances, c->processes,
                           connections_a_process(pool, scenario, c),
                           pool->most);
    }
    return text;
}
