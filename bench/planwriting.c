/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/planwriting.h"

#include "bench/benchload.h"

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

static void put_line(FILE *out, const char *indent, const char *key,
                     const char *text)
{
    if (!text)
        return;
    (void)fprintf(out, "%s%s: ", indent, key);
    put_text(out, text);
    (void)fputc('\n', out);
}

static void put_env(FILE *out, const struct rp_target *t)
{
    if (t->env_count > 0)
        (void)fputs("  env:\n", out);
    for (size_t i = 0; i < t->env_count; i++) {
        const char *value = t->env[i];

        while (*value != '=')
            value++;
        (void)fprintf(out, "    %.*s: ", (int)(value - t->env[i]), t->env[i]);
        put_text(out, value + 1);
        (void)fputc('\n', out);
    }
}

static void put_other(FILE *out, const char *key, const char *own,
                      const char *usual)
{
    if (own && (!usual || strcmp(own, usual) != 0))
        put_line(out, "  ", key, own);
}

/* What is other than the plan's. */
static void put_platform(FILE *out, const struct rp_plan *plan,
                         const struct rp_platform *p)
{
    put_other(out, "framework", p->framework, plan->framework);
    put_other(out, "framework_version", p->framework_version,
              plan->framework_version);
    put_other(out, "asgiref_version", p->asgiref_version,
              plan->asgiref_version);
    put_other(out, "python_version", p->python_version, plan->python_version);
}

static void put_target(FILE *out, const struct rp_plan *plan,
                       const struct rp_target *t)
{
#define RP_TARGET_AS_WORD(kind, word) word,
    static const char *const kinds[] = {RP_TARGET_LIST(RP_TARGET_AS_WORD)};
#undef RP_TARGET_AS_WORD
    static const char indent[] = "  ";

    (void)fputs("- name: ", out);
    put_text(out, t->name);
    (void)fprintf(out,
                  "\n  kind: %s\n  server: %s\n  threads: %u\n  processes: %u\n"
                  "  path: %s\n",
                  kinds[t->kind], rp_server_word(t->server), t->threads,
                  t->processes, rp_path_word(t->path));
    if (rp_server_is_asgi(t->server))
        (void)fprintf(out, "  app_built_in_loop: %s\n",
                      t->in_loop ? "true" : "false");
    if (t->free_threaded)
        (void)fputs("  gil: false\n", out);
    put_line(out, indent, "set", t->set);
    put_line(out, indent, "command", t->command);
    put_line(out, indent, "stop", t->stop);
    put_line(out, indent, "url", t->url);
    put_line(out, indent, "health", t->health);
    put_line(out, indent, "scenario", t->scenario);
    put_line(out, indent, "profile", t->profile);
    put_line(out, indent, "stack", t->stack);
    put_line(out, indent, "cpus", t->cpus);
    put_line(out, indent, "version", t->version);
    put_line(out, indent, "git", t->from.git);
    put_line(out, indent, "revision", t->from.revision);
    put_line(out, indent, "build", t->from.build);
    put_platform(out, plan, &t->platform);
    put_env(out, t);
    (void)fprintf(out, "  start_timeout: %.15gms\n", t->start_ns / 1e6);
}

static void put_load(FILE *out, const struct rp_plan_run *run)
{
    const struct rp_openload *const open = &run->open;
    const enum rp_shape shape = rp_process_shape(open->process);

    if (!(open->rate_per_s > 0.0)) {
        (void)fprintf(out, "concurrency: %u, ", run->concurrency);
        return;
    }
    (void)fprintf(out, "rate: %.15g/s, process: %s, ", open->rate_per_s,
                  rp_process_word(open->process));
    if (shape != RP_SHAPE_EXPONENTIAL && shape != RP_SHAPE_CONSTANT)
        (void)fprintf(out, "cv: %.15g, ", open->cv);
}

static void put_run(FILE *out, const struct rp_plan *plan,
                    const struct rp_plan_run *run)
{
    (void)fprintf(out,
                  "- {target: \"%s\", stack: %s, view: %s, io_ms: %.15g, "
                  "cpu_us: %.15g, ",
                  plan->targets[run->target].name,
                  run->stack[0] ? run->stack : "none",
                  run->view_async ? "async" : "sync", run->io_ms, run->cpu_us);
    put_load(out, run);
    if (run->keepalive != plan->keepalive)
        (void)fprintf(out, "keepalive: %s, ",
                      run->keepalive ? "true" : "false");
    if (rp_plan_run_tool(plan, run) == RP_TOOL_WRK)
        (void)fprintf(out, "duration: %us}\n", run->seconds);
    else
        (void)fprintf(out, "requests: %u}\n", run->requests);
}

void rp_plan_write(const struct rp_plan *plan, FILE *out)
{
    put_line(out, "", "name", plan->name);
    put_line(out, "", "campaign", plan->campaign);
    put_line(out, "", "framework", plan->framework);
    put_line(out, "", "framework_version", plan->framework_version);
    put_line(out, "", "asgiref_version", plan->asgiref_version);
    put_line(out, "", "python_version", plan->python_version);
    (void)fprintf(out,
                  "rounds: %u\nseed: %llu\nwarm_up: %u%s\neffect: %.15g%%\n",
                  plan->rounds, (unsigned long long)plan->seed, plan->warm_up,
                  plan->tool == RP_TOOL_WRK ? "s" : "", 100.0 * plan->effect);
    (void)fprintf(out, "client:\n  tool: %s\n", rp_tool_word(plan->tool));
    if (plan->tool != RP_TOOL_OPEN)
        put_line(out, "  ", "program", plan->program);
    if (plan->keepalive)
        (void)fputs("  keepalive: true\n", out);
    if (rp_plan_has_open(plan))
        (void)fprintf(out, "  timeout: %.15gms\n", plan->timeout_ns / 1e6);
    put_line(out, "  ", "cpus", plan->client_cpus);
    (void)fputs("targets:\n", out);
    for (size_t t = 0; t < plan->target_count; t++)
        put_target(out, plan, &plan->targets[t]);
    (void)fputs("runs:\n", out);
    for (size_t r = 0; r < plan->run_count; r++)
        put_run(out, plan, &plan->runs[r]);
}
