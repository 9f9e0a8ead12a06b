/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/runname.h"

#include "bench/benchplan.h"
#include "bench/filling.h"

#include <stdio.h>
#include <string.h>

enum { PLAIN_SIZE = 40 }; /* fewer than 1e15, and as many digits behind */

/* "r200", "r200-gamma-cv2": what a sentence says of it, for a file's name. */
static void name_open(const struct rp_openload *open, char *text, size_t size)
{
    char words[80];
    size_t n = 1;

    (void)rp_openload_describe(open, words, sizeof words);
    text[0] = 'r';
    for (const char *at = words; *at && n + 1 < size; at++)
        if (strncmp(at, "/s", 2) == 0)
            at++;
        else if (strncmp(at, "cv ", 3) == 0 && n + 2 < size) {
            text[n++] = 'c';
            text[n++] = 'v';
            at += 2;
        } else
            text[n++] = *at == ' ' ? '-' : *at;
    text[n] = '\0';
}

const char *rp_plan_run_name(const struct rp_plan *plan,
                             const struct rp_plan_run *run,
                             char text[RP_RUN_NAME_SIZE])
{
    char io[40] = "", cpu[40] = "", load[80];

    (void)snprintf(load, sizeof load, "c%u", run->concurrency);
    if (run->open.rate_per_s > 0.0)
        name_open(&run->open, load, sizeof load);
    if (run->io_ms > 0.0)
        (void)snprintf(io, sizeof io, "_io%g", run->io_ms);
    if (run->cpu_us > 0.0)
        (void)snprintf(cpu, sizeof cpu, "_cpu%g", run->cpu_us);
    (void)snprintf(
        text, RP_RUN_NAME_SIZE, "%s_%s_%s%s%s_%s%s",
        run->target < plan->target_count ? plan->targets[run->target].name : "",
        run->stack[0] ? run->stack : "none", run->view_async ? "async" : "sync",
        io, cpu, load, run->keepalive ? "_k" : "");
    return text;
}

/* As few digits as say it, without an exponent: code that reads an address
 * takes "1000000" for a number, and often not "1e+06". */
static void put_plain(double value, char text[PLAIN_SIZE])
{
    size_t n;

    (void)snprintf(text, PLAIN_SIZE, "%.15g", value);
    if (!strchr(text, 'e'))
        return;
    n = (size_t)snprintf(text, PLAIN_SIZE, "%.15f", value);
    while (n > 0 && text[n - 1] == '0')
        n--;
    if (n > 0 && text[n - 1] == '.')
        n--;
    text[n] = '\0';
}

char *rp_plan_run_url(const char *url, const struct rp_plan_run *run)
{
    char io[PLAIN_SIZE], cpu[PLAIN_SIZE];
    const struct rp_filling words[] = {
        {"{stack}", run->stack[0] ? run->stack : "none"},
        {"{view}", run->view_async ? "async" : "sync"},
        {"{io_ms}", io},
        {"{cpu_us}", cpu}};

    put_plain(run->io_ms, io);
    put_plain(run->cpu_us, cpu);
    return rp_filling_apply(url, words, sizeof words / sizeof *words);
}
