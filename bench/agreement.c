/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/agreement.h"

#include <math.h>
#include <string.h>

static enum rp_code differ(const char *file, const char *what,
                           const char *scenario, const char *plan,
                           struct rp_error *error)
{
    return rp_fail(error, RP_ERR_VALUE,
                   "%s has %s %s, but the plan says %s; make them agree", file,
                   what, scenario, plan);
}

static enum rp_code check_target(const struct rp_target *t,
                                 const struct rp_scenario *s,
                                 struct rp_error *error)
{
    char has[16], says[16];

    if (t->server != s->server.kind)
        return differ(t->scenario, "the server", rp_server_word(s->server.kind),
                      rp_server_word(t->server), error);
    if (t->path != s->framework.path)
        return differ(t->scenario, "the path", rp_path_word(s->framework.path),
                      rp_path_word(t->path), error);
    if (t->free_threaded == s->server.gil)
        return differ(t->scenario, "gil:", s->server.gil ? "true" : "false",
                      t->free_threaded ? "false" : "true", error);
    (void)snprintf(has, sizeof has, "%u", s->server.threads);
    (void)snprintf(says, sizeof says, "%u", t->threads);
    if (t->threads != s->server.threads)
        return differ(t->scenario, "threads:", has, says, error);
    (void)snprintf(has, sizeof has, "%u", s->server.processes);
    (void)snprintf(says, sizeof says, "%u", t->processes);
    if (t->processes != s->server.processes)
        return differ(t->scenario, "processes:", has, says, error);
    return RP_OK;
}

static bool works(const struct rp_work *work)
{
    return work->cpu.mean_ns > 0.0 || work->wait.mean_ns > 0.0;
}

/* Its layers as letters, which have no work of their own; false where one has
 * none. */
static bool letters_of(const struct rp_scenario *s, char stack[RP_STACK_SIZE])
{
    if (s->layer_count >= RP_STACK_SIZE)
        return false;
    for (size_t i = 0; i < s->layer_count; i++) {
        stack[i] = rp_layer_letter(&s->layers[i]);
        if (stack[i] == '\0' || works(&s->layers[i].before) ||
            works(&s->layers[i].after))
            return false;
    }
    stack[s->layer_count] = '\0';
    return true;
}

static bool same_time(double a_ns, double b_ns)
{
    return fabs(a_ns - b_ns) <= 1e-6 * fmax(a_ns, b_ns);
}

static enum rp_code check_time(const char *file, const char *what, double has,
                               double says, struct rp_error *error)
{
    char of_scenario[32], of_plan[32];

    if (same_time(has, says))
        return RP_OK;
    (void)snprintf(of_scenario, sizeof of_scenario, "%g", has);
    (void)snprintf(of_plan, sizeof of_plan, "%g", says);
    return differ(file, what, of_scenario, of_plan, error);
}

static enum rp_code check_run(const char *file, const struct rp_plan_run *run,
                              const struct rp_scenario *s, const char *stack,
                              struct rp_error *error)
{
    enum rp_code code;

    if (strcmp(stack, run->stack) != 0)
        return differ(file, "the stack", stack[0] ? stack : "none",
                      run->stack[0] ? run->stack : "none", error);
    if (s->view_async != run->view_async)
        return differ(file, "a view that is", s->view_async ? "async" : "sync",
                      run->view_async ? "async" : "sync", error);
    code = check_time(
        file, "a view with io_ms:", s->view.calls * s->view.wait.mean_ns / 1e6,
        run->io_ms, error);
    return code ? code
                : check_time(file,
                             "a view with cpu_us:", s->view.cpu.mean_ns / 1e3,
                             run->cpu_us, error);
}

enum rp_code rp_agreement_check(const struct rp_plan *plan, size_t target,
                                struct rp_error *error)
{
    const struct rp_target *const t = &plan->targets[target];
    struct rp_scenario s = {0};
    char stack[RP_STACK_SIZE] = "";
    enum rp_code code;

    if (t->kind != RP_TARGET_MICROHANDLER)
        return RP_OK;
    code = rp_scenario_read(t->scenario, &s, error);
    if (!code)
        code = check_target(t, &s, error);
    if (!code && !letters_of(&s, stack))
        code = rp_fail(error, RP_ERR_VALUE,
                       "%s has a layer that no letter of a stack stands for, "
                       "so no row of a data set can describe it",
                       t->scenario);
    for (size_t i = 0; i < plan->run_count && !code; i++)
        if (plan->runs[i].target == target)
            code = check_run(t->scenario, &plan->runs[i], &s, stack, error);
    rp_scenario_free(&s);
    return code;
}
