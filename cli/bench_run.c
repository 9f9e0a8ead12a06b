/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "cli/bench_run.h"

#include "cli/command.h"
#include "cli/progress.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>

/* Who speaks. */
struct speaker {
    const char *command;
    struct rp_progress *progress;
};

/* ---- Signals: the first ends the bench in order ---- */

static volatile sig_atomic_t interrupted;

static void interrupt(int number)
{
    (void)number;
    interrupted = 1;
}

static void catch_signals(void)
{
    struct sigaction action = {.sa_handler = interrupt};

    (void)sigemptyset(&action.sa_mask);
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
    (void)sigaction(SIGHUP, &action, NULL);
}

/* ---- What is said meanwhile ---- */

static void say(void *user, const char *sentence)
{
    const struct speaker *const s = user;

    if (s->progress->is_shown)
        (void)fputs("\r\033[K", stderr);
    rp_command_warn(s->command, sentence);
}

static void show(void *user, const struct rp_bench_progress *p)
{
    const struct speaker *const s = user;
    char left[64] = "";

    if (p->seconds_left >= 90.0)
        (void)snprintf(left, sizeof left, ", %.0f min left",
                       ceil(p->seconds_left / 60.0));
    else if (!isnan(p->seconds_left))
        (void)snprintf(left, sizeof left, ", %.0f s left",
                       ceil(p->seconds_left));
    rp_progress_say(s->progress, "round %u of %u, run %zu of %zu%s: %s",
                    p->round, p->rounds, p->done + 1, p->total, left, p->run);
}

enum rp_code rp_bench_run(const char *command, struct rp_plan *plan,
                          const char *plan_path, const char *plan_text,
                          const char *output, struct rp_bench_result *result,
                          struct rp_error *error)
{
    struct rp_progress progress = rp_progress_begin();
    struct speaker speaker = {command, &progress};
    const struct rp_bench_options how = {.output = output,
                                         .plan_path = plan_path,
                                         .plan_text = plan_text,
                                         .self = "/proc/self/exe",
                                         .interrupted = &interrupted,
                                         .say = say,
                                         .progress = show,
                                         .user = &speaker};
    enum rp_code code;

    catch_signals();
    code = rp_bench_measure(plan, &how, result, error);
    rp_progress_end(&progress);
    return code;
}
