/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/benchplan.h"
#include "bench/cpus.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition)
{
    if (!condition)
        abort();
}

/* Whoever measures may rely on this. */
static void check_run(const struct rp_plan *plan, const struct rp_plan_run *run)
{
    char name[RP_RUN_NAME_SIZE];
    char *url;

    require(run->target < plan->target_count);
    require(memchr(run->stack, 0, sizeof run->stack));
    require((run->concurrency > 0) != (run->open.rate_per_s > 0.0));
    require(isfinite(run->open.rate_per_s) && isfinite(run->open.cv));
    require(run->requests + run->seconds > 0);
    require(run->seconds > 0 ||
            run->requests >= RP_PLAN_REQUESTS_A_CLIENT * run->concurrency);
    require(isfinite(run->io_ms) && isfinite(run->cpu_us));
    require(!strchr(rp_plan_run_name(plan, run, name), '/'));
    require(strlen(name) + 1 < sizeof name);
    if (!plan->targets[run->target].url)
        return;
    url = rp_plan_run_url(plan->targets[run->target].url, run);
    require(url != NULL);
    free(url);
}

static void check_target(const struct rp_target *t)
{
    require(t->name && t->name[0] && t->name[0] != '.');
    require(!strchr(t->name, '/') && (!t->set || !strchr(t->set, '/')));
    require(t->threads > 0 && t->processes > 0);
    require(!t->cpus || rp_cpus_count(t->cpus) > 0);
    require((t->kind == RP_TARGET_MICROHANDLER) == !t->url);
    require((t->kind == RP_TARGET_COMMAND) == (t->command != NULL));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rp_plan plan = {0};
    struct rp_error error = {0};

    if (rp_plan_read_text((const char *)data, size, "fuzz", &plan, &error)) {
        require(error.text[0] != '\0');
        require(plan.targets == NULL);
        return 0;
    }
    require(plan.rounds > 0 && plan.run_count > 0);
    require(plan.run_count <= RP_PLAN_RUNS_MAX);
    for (size_t i = 0; i < plan.target_count; i++)
        check_target(&plan.targets[i]);
    for (size_t i = 0; i < plan.run_count; i++)
        check_run(&plan, &plan.runs[i]);
    rp_plan_free(&plan);
    return 0;
}
