/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "bench/description.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* In double quotes, as YAML reads them. */
static void put_text(FILE *out, const char *text)
{
    (void)fputc('"', out);
    for (; *text; text++) {
        const unsigned char c = (unsigned char)*text;

        if (c == '"' || c == '\\')
            (void)fprintf(out, "\\%c", c);
        else if (c < 0x20 || c == 0x7f)
            (void)fprintf(out, "\\x%02X", c);
        else
            (void)fputc(c, out);
    }
    (void)fputc('"', out);
}

static void put_line(FILE *out, const char *key, const char *text)
{
    if (!text || !text[0])
        return;
    (void)fprintf(out, "%s: ", key);
    put_text(out, text);
    (void)fputc('\n', out);
}

static bool is_in(const struct rp_target *t, const char *set)
{
    return set ? t->set && strcmp(t->set, set) == 0 : !t->set;
}

/* Whether an earlier target of the data set has that server. */
static bool is_described(const struct rp_plan *plan, size_t target,
                         const char *set)
{
    for (size_t i = 0; i < target; i++)
        if (is_in(&plan->targets[i], set) &&
            plan->targets[i].server == plan->targets[target].server)
            return true;
    return false;
}

static void put_servers(FILE *out, const struct rp_plan *plan, const char *set)
{
    (void)fputs("servers:\n", out);
    for (size_t i = 0; i < plan->target_count; i++) {
        const struct rp_target *const t = &plan->targets[i];
        const bool asgi = rp_server_is_asgi(t->server);

        if (!is_in(t, set) || is_described(plan, i, set))
            continue;
        (void)fprintf(out, "  %s: {processes: %u, interface: %s",
                      rp_server_word(t->server), t->processes,
                      asgi ? "asgi" : "wsgi");
        if (asgi)
            (void)fprintf(out, ", app_built_in_loop: %s",
                          t->in_loop ? "true" : "false");
        if (t->free_threaded)
            (void)fputs(", gil: false", out);
        if (t->version) {
            (void)fputs(", version: ", out);
            put_text(out, t->version);
        }
        (void)fputs("}\n", out);
    }
}

/* What of model/mechanism.h a microhandler has not: it collects no garbage; its
 * timers are the kernel's own. What it burns by the clock is never cold, but
 * what the kernel does for it is, after a pause. Sets of microhandlers hold
 * nothing else. */
static void put_mechanisms(FILE *out, const struct rp_plan *plan,
                           const char *set)
{
    for (size_t i = 0; i < plan->target_count; i++)
        if (is_in(&plan->targets[i], set) &&
            plan->targets[i].kind == RP_TARGET_MICROHANDLER) {
            (void)fputs("mechanisms: {collections: false, displacement: false, "
                        "slack: false}\n",
                        out);
            return;
        }
}

/* The CPUs of the data set's servers where all are pinned alike. */
static const char *server_cpus(const struct rp_plan *plan, const char *set)
{
    const char *cpus = NULL;
    bool first = true;

    for (size_t i = 0; i < plan->target_count; i++) {
        const char *const own = plan->targets[i].cpus;

        if (!is_in(&plan->targets[i], set))
            continue;
        if (!own || (!first && strcmp(own, cpus) != 0))
            return NULL;
        cpus = own;
        first = false;
    }
    return cpus;
}

static void put_host(FILE *out, const struct rp_plan *plan, const char *set,
                     const struct rp_surroundings *s)
{
    (void)fputs("host:\n", out);
    (void)fprintf(out, "  cores: %ld\n", s->cores > 0 ? s->cores : 1);
    put_line(out, "  cpu", s->cpu);
    put_line(out, "  kernel", s->kernel);
    put_line(out, "  governor", s->governor);
    put_line(out, "  load_average", s->load_average);
    put_line(out, "  server_cpus", server_cpus(plan, set));
    put_line(out, "  client_cpus", plan->client_cpus);
}

/* Targets of a data set have one platform and come from one commit. */
static void put_platform(FILE *out, const struct rp_plan *plan, const char *set)
{
    size_t i = 0;

    while (i < plan->target_count && !is_in(&plan->targets[i], set))
        i++;
    if (i == plan->target_count)
        return;
    put_line(out, "framework", plan->targets[i].platform.framework);
    put_line(out, "framework_version",
             plan->targets[i].platform.framework_version);
    put_line(out, "asgiref_version", plan->targets[i].platform.asgiref_version);
    put_line(out, "python_version", plan->targets[i].platform.python_version);
    put_line(out, "revision", plan->targets[i].from.revision);
    put_line(out, "commit", plan->targets[i].from.commit);
}

char *rp_description_make(const struct rp_plan *plan, const char *set,
                          const struct rp_surroundings *surroundings,
                          const char *client)
{
    char *text = NULL;
    size_t length = 0;
    FILE *const out = open_memstream(&text, &length);
    char name[512];
    bool failed;

    if (!out)
        return NULL;
    (void)snprintf(name, sizeof name, "%.300s%s%s", plan->name, set ? " " : "",
                   set ? set : "");
    (void)fputs("# Written by reqpath bench.\n", out);
    put_line(out, "name", name);
    put_line(out, "campaign", plan->campaign);
    put_platform(out, plan, set);
    put_servers(out, plan, set);
    put_mechanisms(out, plan, set);
    put_host(out, plan, set, surroundings);
    (void)fprintf(out, "client: {tool: %s, keepalive: %s",
                  rp_tool_word(plan->tool), plan->keepalive ? "true" : "false");
    if (client[0]) {
        (void)fputs(", version: ", out);
        put_text(out, client);
    }
    (void)fputs("}\n", out);
    put_line(out, "measured_on", surroundings->today);
    (void)fprintf(out,
                  "design: randomized blocks; every round visits every run "
                  "once in an order of its own\n"
                  "seed: %llu\nrounds: %u\nwarm_up: %u%s\n",
                  (unsigned long long)plan->seed, plan->rounds, plan->warm_up,
                  plan->tool == RP_TOOL_WRK ? "s" : "");
    failed = ferror(out) != 0;
    if (fclose(out) != 0 || failed) {
        free(text);
        return NULL;
    }
    return text;
}
