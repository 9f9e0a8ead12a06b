/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "plan/whatif.h"

#include "plan/sweep.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Answers that are none: the point was left out. No JSON begins so. */
static const char out_by_bound[] = "!bound";
static const char out_by_approximation[] = "!approximation";

struct run {
    const struct rp_whatif *whatif;
    const struct rp_point *baseline;
    rp_whatif_take take;
    void *context;
    struct rp_whatif_tally *tally;
    struct rp_pruning *pruning; /* NULL: nothing is left out */
    char *asked;                /* owned: the text of what was asked last */
    char name[256];             /* of it: its values; cut where they are long */
    char reader[64];            /* with all that an answer depends on */
};

/* ---- One point ---- */

/* The scenario with the edits of a grid, and the seed of the command. */
static size_t all_edits(const struct rp_whatif *w,
                        const struct rp_grid_edits *edits,
                        struct rp_edit all[RP_GRID_KEYS_MAX + 1])
{
    size_t count = 0;

    if (w->seed)
        all[count++] = (struct rp_edit){"seed", w->seed};
    for (size_t i = 0; edits && i < edits->count; i++)
        all[count++] = edits->edits[i];
    return count;
}

static enum rp_code scenario_of(const struct rp_whatif *w,
                                const struct rp_grid_edits *edits,
                                struct rp_scenario *scenario,
                                struct rp_error *error)
{
    struct rp_edit all[RP_GRID_KEYS_MAX + 1];
    const size_t count = all_edits(w, edits, all);

    return rp_draft_scenario(w->draft, all, count, scenario, error);
}

static enum rp_code evaluate(const struct rp_whatif *w,
                             const struct rp_scenario *scenario,
                             enum rp_reader reader, unsigned jobs,
                             struct rp_point *point, struct rp_error *error)
{
    const struct rp_point_how how = {.reader = reader, .jobs = jobs};

    return rp_point_evaluate(scenario, w->profile, &how, point, error);
}

enum rp_code rp_whatif_baseline(const struct rp_whatif *w,
                                struct rp_point *point, struct rp_error *error)
{
    struct rp_scenario scenario = {0};
    enum rp_code code = scenario_of(w, NULL, &scenario, error);

    if (!code)
        code = evaluate(w, &scenario, w->reader, w->jobs, point, error);
    rp_scenario_free(&scenario);
    return code;
}

static enum rp_code put_text(const struct rp_point *point, char **text,
                             struct rp_error *error)
{
    char *const written = rp_point_to_json(point);

    if (!written)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for a point");
    *text = written;
    return RP_OK;
}

/* What the solver says about leaving it out; where it cannot be solved it is
 * not. */
static enum rp_pruned judge(const struct run *r,
                            const struct rp_scenario *scenario)
{
    struct rp_point solved = {0};
    enum rp_pruned verdict = RP_PRUNED_NOT;

    if (!r->pruning ||
        evaluate(r->whatif, scenario, RP_READER_SOLVE, 1, &solved, NULL))
        return RP_PRUNED_NOT;
    verdict = rp_pruning_judge(r->pruning, &solved);
    rp_point_free(&solved);
    return verdict;
}

static enum rp_code leave_out(enum rp_pruned verdict, char **text,
                              struct rp_error *error)
{
    char *const copy = strdup(
        verdict == RP_PRUNED_BY_BOUND ? out_by_bound : out_by_approximation);

    if (!copy)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for a point");
    *text = copy;
    return RP_OK;
}

/* A point of the grid, with the reader; in any thread. */
static enum rp_code do_point(const struct run *r, size_t index,
                             enum rp_reader reader, bool may_leave_out,
                             char **text, struct rp_error *error)
{
    struct rp_scenario scenario = {0};
    struct rp_grid_edits edits;
    struct rp_point point = {0};
    enum rp_pruned verdict = RP_PRUNED_NOT;
    enum rp_code code;

    rp_grid_edits(r->whatif->grid, index, &edits);
    code = scenario_of(r->whatif, &edits, &scenario, error);
    if (!code && may_leave_out)
        verdict = judge(r, &scenario);
    if (!code && verdict != RP_PRUNED_NOT) {
        code = leave_out(verdict, text, error);
    } else if (!code) {
        code = evaluate(r->whatif, &scenario, reader, 1, &point, error);
        if (!code)
            code = put_text(&point, text, error);
    }
    rp_point_free(&point);
    rp_scenario_free(&scenario);
    return code;
}

static enum rp_code do_row(void *context, size_t index, char **text,
                           struct rp_error *error)
{
    const struct run *const r = context;

    return do_point(r, index, r->whatif->reader, true, text, error);
}

/* ---- Rows ---- */

static bool passes(const struct run *r, const struct rp_point *point)
{
    for (size_t i = 0; i < r->whatif->filter_count; i++)
        if (!rp_filter_passes(&r->whatif->filters[i], point, r->baseline))
            return false;
    return true;
}

static enum rp_code hand_on(const struct run *r, size_t index,
                            const struct rp_point *point, const char *reason,
                            struct rp_error *error)
{
    struct rp_grid_edits edits;
    struct rp_whatif_row row = {
        .index = index, .edits = &edits, .point = point, .reason = reason};

    rp_grid_edits(r->whatif->grid, index, &edits);
    for (unsigned m = 0; point && m < RP_METRIC_COUNT; m++)
        row.paired[m] =
            rp_paired_compare(point, r->baseline, (enum rp_metric)m);
    return r->take(r->context, &row, error);
}

static enum rp_code take_point(const struct run *r, size_t index,
                               const char *text, struct rp_error *error)
{
    struct rp_point point = {0};
    enum rp_code code = rp_point_from_json(text, &point, error);

    if (code)
        return code;
    if (passes(r, &point)) {
        r->tally->rows++;
        code = hand_on(r, index, &point, "", error);
    } else {
        r->tally->filtered++;
    }
    rp_point_free(&point);
    return code;
}

static enum rp_code take_row(void *context, size_t index, const char *text,
                             const struct rp_error *failure,
                             struct rp_error *error)
{
    const struct run *const r = context;

    if (!text && failure->code == RP_ERR_MEMORY)
        return rp_fail(error, RP_ERR_MEMORY, "%s", failure->text);
    if (!text) {
        r->tally->refused++;
        return hand_on(r, index, NULL, failure->text, error);
    }
    if (text[0] != '!')
        return take_point(r, index, text, error);
    r->tally->pruned++;
    if (strcmp(text, out_by_bound) == 0)
        r->tally->pruned_by_bound++;
    else
        r->tally->pruned_by_approximation++;
    return RP_OK;
}

static enum rp_code hand_out(const struct run *r, size_t count,
                             struct rp_workforce *crew, rp_workforce_do run,
                             rp_handout_take take, void *context,
                             struct rp_error *error)
{
    const struct rp_handout_work work = {
        .run = run, .take = take, .context = context};
    const struct rp_handout_how how = {.jobs = r->whatif->jobs,
                                       .crew = crew,
                                       .goes_on = true,
                                       .stop = r->whatif->stop};
    struct rp_handout_tally tally = {0};
    const enum rp_code code = rp_handout(count, &work, &how, &tally, error);

    r->tally->stopped |= tally.stopped;
    return code;
}

/* ---- With a store ---- */

/* The sum of all that makes the points: a sweep that was interrupted is found
 * by it. */
static enum rp_code question_of(const struct rp_whatif *w,
                                struct rp_fingerprint *sum,
                                struct rp_error *error)
{
    const struct rp_grid *const grid = w->grid;
    struct rp_edit all[RP_GRID_KEYS_MAX + 1];
    const size_t count = all_edits(w, NULL, all);
    char *text = NULL;
    const enum rp_code code = rp_draft_text(w->draft, all, count, &text, error);

    if (code)
        return code;
    *sum = rp_fingerprint_begin();
    rp_fingerprint_add_text(sum, text);
    free(text);
    rp_fingerprint_add_text(sum, w->kept->profile_hash);
    rp_fingerprint_add_text(sum, rp_reader_word(w->reader));
    rp_fingerprint_add(sum, &grid->count, sizeof grid->count);
    for (size_t k = 0; k < grid->vary_count; k++) {
        const struct rp_vary *const vary = &grid->varies[k];

        rp_fingerprint_add_text(sum, vary->key);
        for (size_t i = 0; i < vary->item_count; i++) {
            const struct rp_vary_item *const item = &vary->items[i];

            rp_fingerprint_add_text(sum, item->text);
            rp_fingerprint_add(sum, &item->from, sizeof item->from);
            rp_fingerprint_add(sum, &item->step, sizeof item->step);
            rp_fingerprint_add(sum, &item->count, sizeof item->count);
        }
    }
    rp_fingerprint_add(sum, &w->pruning.best, sizeof w->pruning.best);
    rp_fingerprint_add_text(sum, rp_metric_key(w->pruning.metric));
    rp_fingerprint_add_text(sum, w->pruning.by_approximation ? "solved" : "");
    return RP_OK;
}

/* Whether a point is left out depends on all others: such answers are good for
 * the same question alone. */
static void set_reader(struct run *r, struct rp_fingerprint question)
{
    char text[RP_FINGERPRINT_TEXT_SIZE];

    (void)snprintf(r->reader, sizeof r->reader, "%s%s%s",
                   rp_reader_word(r->whatif->reader),
                   r->pruning ? " pruned " : "",
                   r->pruning ? rp_fingerprint_format(question, text) : "");
}

/* What a point is called in the store: what makes it differ from others. */
static const char *name_point(struct run *r, const struct rp_grid_edits *edits)
{
    size_t used = 0;

    r->name[0] = '\0';
    for (size_t i = 0; i < edits->count && used < sizeof r->name; i++) {
        const int n = snprintf(r->name + used, sizeof r->name - used, "%s%s=%s",
                               i > 0 ? ", " : "", edits->edits[i].key,
                               edits->edits[i].value);

        used += n > 0 ? (size_t)n : sizeof r->name;
    }
    return r->name;
}

/* What cannot be asks for its own reason, to which nobody has an answer. */
static enum rp_code ask(void *context, size_t index,
                        struct rp_store_question *question,
                        struct rp_error *error)
{
    struct run *const r = context;
    struct rp_edit all[RP_GRID_KEYS_MAX + 1];
    struct rp_grid_edits edits;
    struct rp_scenario scenario = {0};
    struct rp_error reason = {0};
    enum rp_code code;
    size_t count;

    rp_grid_edits(r->whatif->grid, index, &edits);
    count = all_edits(r->whatif, &edits, all);
    free(r->asked);
    r->asked = NULL;
    code = rp_draft_text(r->whatif->draft, all, count, &r->asked, &reason);
    if (!code)
        code = scenario_of(r->whatif, &edits, &scenario, &reason);
    if (code)
        r->asked = strdup(reason.text);
    *question = (struct rp_store_question){
        .scenario_name = name_point(r, &edits),
        .scenario_text = r->asked,
        .profile_name = r->whatif->kept->profile_name,
        .profile_hash = r->whatif->kept->profile_hash,
        .reader = r->reader,
        .seed = scenario.seed,
        .program = r->whatif->kept->program};
    rp_scenario_free(&scenario);
    return r->asked ? RP_OK
                    : rp_fail(error, RP_ERR_MEMORY, "out of memory to ask");
}

static enum rp_code sweep(struct run *r, struct rp_error *error)
{
    const struct rp_whatif *const w = r->whatif;
    const struct rp_handout_how how = {
        .jobs = w->jobs, .crew = w->crew, .goes_on = true, .stop = w->stop};
    struct rp_sweep sweep = {.command = "whatif",
                             .command_line = w->kept->command_line,
                             .program = w->kept->program,
                             .count = w->grid->count,
                             .ask = ask,
                             .run = do_row,
                             .take = take_row,
                             .context = r};
    struct rp_handout_tally tally = {0};
    enum rp_code code = question_of(w, &sweep.question, error);

    if (code)
        return code;
    set_reader(r, sweep.question);
    code = rp_sweep_run(&sweep, w->kept->store, w->kept->resumes, &how, &tally,
                        error);
    free(r->asked);
    r->tally->stopped |= tally.stopped;
    r->tally->found = tally.found;
    return code;
}

/* ---- Looking ahead ---- */

static enum rp_code do_ahead(void *context, size_t index, char **text,
                             struct rp_error *error)
{
    const struct run *const r = context;

    return do_point(r, index, RP_READER_SOLVE, false, text, error);
}

static enum rp_code take_ahead(void *context, size_t index, const char *text,
                               const struct rp_error *failure,
                               struct rp_error *error)
{
    const struct run *const r = context;
    struct rp_point point = {0};
    enum rp_code code = RP_OK;

    (void)failure; /* what cannot be becomes a row later */
    if (text)
        code = rp_point_from_json(text, &point, error);
    if (text && !code)
        rp_pruning_note(r->pruning, rp_pruning_figure(&r->pruning->how, &point),
                        index);
    rp_point_free(&point);
    return code;
}

static enum rp_code do_best(void *context, size_t index, char **text,
                            struct rp_error *error)
{
    const struct run *const r = context;

    return do_point(r, r->pruning->best[index].index, r->whatif->reader, false,
                    text, error);
}

static enum rp_code take_best(void *context, size_t index, const char *text,
                              const struct rp_error *failure,
                              struct rp_error *error)
{
    const struct run *const r = context;
    struct rp_point point = {0};
    enum rp_code code = RP_OK;

    (void)failure;
    if (text)
        code = rp_point_from_json(text, &point, error);
    if (!text || code)
        r->pruning->simulated = NAN;
    else
        rp_pruning_set(r->pruning, &point, index == 0);
    rp_point_free(&point);
    return code;
}

/* All by formula, then the best of them with the reader. */
static enum rp_code look_ahead(struct run *r, struct rp_error *error)
{
    enum rp_code code;

    r->pruning = calloc(1, sizeof *r->pruning);
    if (!r->pruning)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory to look ahead");
    r->pruning->how = r->whatif->pruning;
    r->pruning->simulated = NAN;
    code = hand_out(r, r->whatif->grid->count, NULL, do_ahead, take_ahead, r,
                    error);
    if (!code && !r->tally->stopped)
        code =
            hand_out(r, r->pruning->count, NULL, do_best, take_best, r, error);
    return code;
}

enum rp_code rp_whatif_run(const struct rp_whatif *whatif,
                           const struct rp_point *baseline, rp_whatif_take take,
                           void *context, struct rp_whatif_tally *tally,
                           struct rp_error *error)
{
    struct run r = {.whatif = whatif,
                    .baseline = baseline,
                    .take = take,
                    .context = context,
                    .tally = tally};
    enum rp_code code = RP_OK;

    *tally = (struct rp_whatif_tally){0};
    if (whatif->pruning.best > 0)
        code = look_ahead(&r, error);
    if (!code && !tally->stopped)
        code = whatif->kept ? sweep(&r, error)
                            : hand_out(&r, whatif->grid->count, whatif->crew,
                                       do_row, take_row, &r, error);
    free(r.pruning);
    return code;
}
