/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "cli/plan_work.h"

#include "cli/interruption.h"
#include "cli/progress.h"
#include "model/file.h"
#include "plan/sweep.h"

#include <stdio.h>
#include <stdlib.h>

enum { EDITS_MAX = 6, QUESTION_SIZE = 2048, NUMBER_SIZE = 24 };

struct working {
    const struct rp_plan_work *work;
    struct rp_planning *planning;
    size_t *wanted; /* owned: configurations, in the order of points */
    size_t count;
    struct rp_store *store; /* NULL: none */
    char profile_hash[RP_FINGERPRINT_TEXT_SIZE];
    char question[QUESTION_SIZE];
    char *scenario_text; /* owned: of the point that was asked last */
    struct rp_progress progress;
};

/* ---- Points ---- */

static const struct rp_configuration *configuration_at(const struct working *w,
                                                       size_t index)
{
    return &w->planning->candidates.configurations[w->wanted[index]];
}

static enum rp_code run_point(void *context, size_t index, char **text,
                              struct rp_error *error)
{
    const struct working *const w = context;
    const struct rp_planning_question *const q = w->work->question;
    const struct rp_scenario configured =
        rp_configured(q->scenario, configuration_at(w, index));
    struct rp_assessment made;
    enum rp_code code = rp_scenario_check(&configured, error);

    if (!code)
        code = rp_assess(&configured, &q->assessment, &made, error);
    if (code)
        return code;
    *text = rp_assessment_to_text(&made);
    return *text ? RP_OK
                 : rp_fail(error, RP_ERR_MEMORY, "out of memory for a plan");
}

static enum rp_code take_point(void *context, size_t index, const char *text,
                               const struct rp_error *failure,
                               struct rp_error *error)
{
    struct working *const w = context;
    struct rp_assessment made;
    const enum rp_code code = rp_assessment_from_text(text, &made, error);

    (void)failure; /* a point that fails ends the work */
    if (code)
        return code;
    rp_planning_take(w->planning, w->wanted[index], &made);
    rp_progress_say(&w->progress, "%zu of %zu configurations", index + 1,
                    w->count);
    return RP_OK;
}

/* The scenario of a point as a file has it: another kind of server builds the
 * application where that kind does. */
static enum rp_code write_scenario(struct working *w, size_t index,
                                   struct rp_error *error)
{
    const struct rp_configuration *const c = configuration_at(w, index);
    char processes[NUMBER_SIZE], threads[NUMBER_SIZE], cores[NUMBER_SIZE];
    struct rp_edit edits[EDITS_MAX] = {
        {"server.kind", rp_server_word(c->server)},
        {"server.processes", processes},
        {"server.threads", threads},
        {"host.cores", cores}};
    size_t count = 4;

    (void)snprintf(processes, sizeof processes, "%u", c->processes);
    (void)snprintf(threads, sizeof threads, "%u", c->threads);
    (void)snprintf(cores, sizeof cores, "%u", c->cores);
    if (c->server != w->work->question->scenario->server.kind)
        edits[count++] = (struct rp_edit){"server.app_built_in_loop", "drop"};
    if (w->work->seed)
        edits[count++] = (struct rp_edit){"seed", w->work->seed};
    free(w->scenario_text);
    w->scenario_text = NULL;
    return rp_draft_text(w->work->draft, edits, count, &w->scenario_text,
                         error);
}

static enum rp_code ask_point(void *context, size_t index,
                              struct rp_store_question *question,
                              struct rp_error *error)
{
    struct working *const w = context;
    const enum rp_code code = write_scenario(w, index, error);

    if (code)
        return code;
    *question = (struct rp_store_question){
        .scenario_name = w->work->question->scenario->name,
        .scenario_text = w->scenario_text,
        .profile_name = w->work->profile_path,
        .profile_hash = w->profile_hash,
        .reader = w->question,
        .seed = w->work->question->scenario->seed,
        .program = "reqpath " RP_VERSION};
    return RP_OK;
}

/* ---- All of them ---- */

/* Everything that makes the points: who asks the same may go on with it. */
static enum rp_code sum_up(struct working *w, struct rp_fingerprint *sum,
                           struct rp_error *error)
{
    enum rp_code code = RP_OK;

    *sum = rp_fingerprint_begin();
    rp_fingerprint_add_text(sum, w->question);
    rp_fingerprint_add_text(sum, w->profile_hash);
    for (size_t i = 0; i < w->count && !code; i++) {
        code = write_scenario(w, i, error);
        if (!code)
            rp_fingerprint_add_text(sum, w->scenario_text);
    }
    return code;
}

static enum rp_code open_store(struct working *w, struct rp_fingerprint *sum,
                               struct rp_error *error)
{
    struct rp_fingerprint profile = rp_fingerprint_begin();
    char *bytes = NULL;
    size_t length = 0;
    enum rp_code code;

    if (!w->work->store_path || !w->work->job->is_first)
        return RP_OK;
    code = rp_file_read(w->work->profile_path, RP_TREE_BYTES_MAX, "a profile",
                        &bytes, &length, error);
    if (code)
        return code;
    rp_fingerprint_add(&profile, bytes, length);
    free(bytes);
    (void)rp_fingerprint_format(profile, w->profile_hash);
    (void)rp_assessment_question_text(&w->work->question->assessment,
                                      w->question, sizeof w->question);
    code = sum_up(w, sum, error);
    return code ? code
                : rp_store_open(w->work->store_path, RP_STORE_WRITE, &w->store,
                                error);
}

static enum rp_code run_all(struct working *w, bool *stopped,
                            struct rp_error *error)
{
    struct rp_sweep sweep = {.command = "plan",
                             .command_line = w->work->command_line,
                             .program = "reqpath " RP_VERSION,
                             .count = w->count,
                             .ask = ask_point,
                             .run = run_point,
                             .take = take_point,
                             .context = w};
    const struct rp_handout_how how = {.jobs = w->work->jobs,
                                       .crew = w->work->job->crew,
                                       .stop = rp_interruption_catch()};
    struct rp_handout_tally tally = {0};
    enum rp_code code = open_store(w, &sweep.question, error);

    if (!code)
        code = rp_sweep_run(&sweep, w->store, w->work->resumes, &how, &tally,
                            error);
    *stopped = tally.stopped;
    return code;
}

enum rp_code rp_plan_work(const struct rp_plan_work *work,
                          struct rp_planning *planning, bool *stopped,
                          struct rp_error *error)
{
    const size_t all = planning->candidates.configuration_count;
    struct working w = {.work = work,
                        .planning = planning,
                        .wanted = calloc(all, sizeof *w.wanted),
                        .progress = rp_progress_begin()};
    enum rp_code code;

    *stopped = false;
    if (!w.wanted)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for a plan");
    for (size_t i = 0; i < all; i++)
        if (rp_planning_wants(planning, i))
            w.wanted[w.count++] = i;
    code = w.count > 0 ? run_all(&w, stopped, error) : RP_OK;
    rp_progress_end(&w.progress);
    rp_store_close(w.store);
    free(w.scenario_text);
    free(w.wanted);
    return code;
}
