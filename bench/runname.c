/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/runname.h"

#include "bench/benchplan.h"
#include "bench/filling.h"

#include <stdio.h>

const char *rp_plan_run_name(const struct rp_plan *plan,
                             const struct rp_plan_run *run,
                             char text[RP_RUN_NAME_SIZE])
{
    char io[40] = "", cpu[40] = "";

    if (run->io_ms > 0.0)
        (void)snprintf(io, sizeof io, "_io%g", run->io_ms);
    if (run->cpu_us > 0.0)
        (void)snprintf(cpu, sizeof cpu, "_cpu%g", run->cpu_us);
    (void)snprintf(
        text, RP_RUN_NAME_SIZE, "%s_%s_%s%s%s_c%u",
        run->target < plan->target_count ? plan->targets[run->target].name : "",
        run->stack[0] ? run->stack : "none", run->view_async ? "async" : "sync",
        io, cpu, run->concurrency);
    return text;
}

char *rp_plan_run_url(const char *url, const struct rp_plan_run *run)
{
    char io[40], cpu[40];
    const struct rp_filling words[] = {
        {"{stack}", run->stack[0] ? run->stack : "none"},
        {"{view}", run->view_async ? "async" : "sync"},
        {"{io_ms}", io},
        {"{cpu_us}", cpu}};

    (void)snprintf(io, sizeof io, "%g", run->io_ms);
    (void)snprintf(cpu, sizeof cpu, "%g", run->cpu_us);
    return rp_filling_apply(url, words, sizeof words / sizeof *words);
}
