/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "plan/advice.h"

#include "plan/advicestate.h"
#include "plan/hazard.h"
#include "sim/jobs.h"
#include "solve/solve.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* So many sets are grown by another move, and so many edits a set can have. */
enum { BEAM = 12, EDITS_MAX = RP_ADVICE_MOVES_MAX * RP_MOVE_EDITS_MAX + 1 };

/* A gain below this is none: the solver's figures are no better. */
#define WORTH_SAYING 0.002

void rp_advice_free(struct rp_advice *advice)
{
    rp_point_free(&advice->baseline);
    rp_moves_free(&advice->moves);
    free(advice->rows);
    free(advice->hazards);
    *advice = (struct rp_advice){0};
}

/* ---- A set of moves as a scenario ---- */

/* Orders come last of the layers' edits but before drops: an order names all
 * layers that are there. */
static size_t edits_of(const struct rp_advice_search *s,
                       const struct rp_advice_row *row,
                       struct rp_edit edits[EDITS_MAX])
{
    const struct rp_move *const moves = s->advice->moves.moves;
    size_t count = 0;

    if (s->how->seed)
        edits[count++] = (struct rp_edit){"seed", s->how->seed};
    for (unsigned pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < row->move_count; i++) {
            const struct rp_move *const move = &moves[row->moves[i]];

            if ((move->kind == RP_MOVE_DROP) != (pass == 1))
                continue;
            memcpy(edits + count, move->edits,
                   move->edit_count * sizeof *edits);
            count += move->edit_count;
        }
    }
    return count;
}

static enum rp_code make_variant(const struct rp_advice_search *s,
                                 const struct rp_advice_row *row,
                                 struct rp_scenario *scenario,
                                 struct rp_error *error)
{
    struct rp_edit edits[EDITS_MAX];
    const size_t count = edits_of(s, row, edits);

    return rp_draft_scenario(s->draft, edits, count, scenario, error);
}

/* ---- What a set changes, by the compiler, the prices and the solver ---- */

static double share_of(const struct rp_scenario *scenario, size_t i)
{
    double sum = 0.0;

    if (scenario->class_count == 0)
        return 1.0;
    for (size_t k = 0; k < scenario->class_count; k++)
        sum += scenario->classes[k].share;
    return scenario->classes[i].share / sum;
}

/* Add what the mean request pays: crossings, and amounts by unit cost. */
static void add_up(const struct rp_scenario *scenario,
                   const struct rp_routes *routes, double sign,
                   struct rp_advice_counts *counts, double *amounts)
{
    for (size_t i = 0; i < routes->count; i++) {
        const struct rp_route *const route = &routes->routes[i];
        const struct rp_counts c = rp_program_count(&route->program);
        const double weight = sign * share_of(scenario, i);

        counts->sync_to_async += weight * c.sync_to_async;
        counts->async_to_sync += weight * c.async_to_sync;
        counts->loops += weight * c.loops_created;
        counts->threads += weight * c.threads_created;
        counts->alone_ns += weight * route->prices.total_ns;
        for (size_t k = 0; k < RP_ITEM_COUNT; k++)
            if (route->prices.items[k].cost >= 0)
                amounts[route->prices.items[k].cost] +=
                    weight * route->prices.items[k].amount;
    }
}

/* The standard error of a difference: costs that both pay cancel. */
static double se_of(const struct rp_profile *profile, const double *amounts)
{
    const size_t n = profile->cost_count;
    double variance = 0.0;

    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            variance +=
                amounts[i] * amounts[j] * profile->covariance_ns2[i * n + j];
    return sqrt(fmax(0.0, variance));
}

static enum rp_code count(const struct rp_advice_search *s,
                          const struct rp_scenario *scenario,
                          const struct rp_routes *routes,
                          struct rp_advice_counts *counts,
                          struct rp_error *error)
{
    double *const amounts = calloc(s->profile->cost_count + 1, sizeof *amounts);

    if (!amounts)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for counts");
    add_up(&s->scenario, &s->routes, -1.0, counts, amounts);
    add_up(scenario, routes, 1.0, counts, amounts);
    counts->alone_se_ns = se_of(s->profile, amounts);
    free(amounts);
    return RP_OK;
}

/* Closed loads gain throughput, open ones time; whoever cannot serve what
 * arrives gains what he can serve. */
static double solved_gain(const struct rp_solution *now,
                          const struct rp_solution *then)
{
    if (now->open && (now->saturated || then->saturated))
        return then->saturated
                   ? then->capacity_per_s / now->capacity_per_s - 1.0
                   : 1.0 + then->capacity_per_s / then->offered_per_s;
    return 1.0 - then->metrics[RP_METRIC_MEAN] / now->metrics[RP_METRIC_MEAN];
}

static enum rp_code look_at(const struct rp_advice_search *s,
                            struct rp_advice_row *row, struct rp_error *error)
{
    struct rp_scenario scenario = {0};
    struct rp_routes routes = {0};
    struct rp_solution solution = {0};
    enum rp_code code = make_variant(s, row, &scenario, error);

    if (!code)
        code = rp_routes_make(&scenario, s->profile, &routes, error);
    if (!code)
        code =
            rp_solve_routes(&scenario, &routes, s->profile, &solution, error);
    if (!code)
        code = count(s, &scenario, &routes, &row->counts, error);
    if (!code) {
        row->solved_gain = solved_gain(&s->solution, &solution);
        row->capacity_ratio =
            solution.capacity_per_s / s->solution.capacity_per_s;
    }
    rp_solution_free(&solution);
    rp_routes_free(&routes);
    rp_scenario_free(&scenario);
    return code;
}

/* ---- Sets of moves ---- */

static struct rp_advice_row *new_row(struct rp_advice_search *s)
{
    struct rp_advice *const a = s->advice;

    if (a->row_count == s->room) {
        const size_t room = 2 * s->room + 64;
        struct rp_advice_row *const grown =
            realloc(a->rows, room * sizeof *grown);

        if (!grown)
            return NULL;
        a->rows = grown;
        s->room = room;
    }
    a->rows[a->row_count] =
        (struct rp_advice_row){.capacity_ratio = NAN, .gain = NAN};
    return &a->rows[a->row_count++];
}

/* A set that cannot be is counted and forgotten. */
static enum rp_code try_set(struct rp_advice_search *s,
                            const struct rp_advice_row *without, size_t move,
                            struct rp_error *error)
{
    struct rp_advice *const a = s->advice;
    struct rp_advice_row row =
        without ? *without : (struct rp_advice_row){.move_count = 0};
    struct rp_advice_row *place;
    struct rp_error refusal = {0};
    enum rp_code code;

    row.counts = (struct rp_advice_counts){0};
    row.gain = NAN;
    row.effort += a->moves.moves[move].effort;
    row.moves[row.move_count++] = move;
    code = look_at(s, &row, &refusal);
    a->looked_at++;
    if (code == RP_ERR_MEMORY)
        return rp_fail(error, code, "%s", refusal.text);
    if (code) {
        a->refused++;
        return RP_OK;
    }
    place = new_row(s);
    if (!place)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for advice");
    *place = row;
    return RP_OK;
}

static int by_solved_gain(const void *left, const void *right)
{
    const struct rp_advice_row *const a = left, *const b = right;

    if (a->solved_gain != b->solved_gain)
        return a->solved_gain < b->solved_gain ? 1 : -1;
    if (a->effort != b->effort)
        return a->effort < b->effort ? -1 : 1;
    return memcmp(a->moves, b->moves, sizeof a->moves);
}

static bool goes_with_all(const struct rp_advice_search *s,
                          const struct rp_advice_row *row, size_t move)
{
    const struct rp_move *const moves = s->advice->moves.moves;

    for (size_t i = 0; i < row->move_count; i++)
        if (row->moves[i] >= move || /* each set once: in their order */
            !rp_moves_go_together(&moves[row->moves[i]], &moves[move],
                                  &s->scenario))
            return false;
    return true;
}

/* Sets of one more move than the best of `first .. last`. */
static enum rp_code grow(struct rp_advice_search *s, size_t first, size_t last,
                         struct rp_error *error)
{
    struct rp_advice_row best[BEAM];
    size_t count = last - first;
    enum rp_code code = RP_OK;

    qsort(s->advice->rows + first, count, sizeof *s->advice->rows,
          by_solved_gain);
    count = count < BEAM ? count : BEAM;
    memcpy(best, s->advice->rows + first, count * sizeof *best);
    for (size_t i = 0; i < count; i++)
        for (size_t m = 0; m < s->advice->moves.count && !code; m++)
            if (best[i].solved_gain > WORTH_SAYING &&
                goes_with_all(s, &best[i], m))
                code = try_set(s, &best[i], m, error);
    return code;
}

static enum rp_code look(struct rp_advice_search *s, struct rp_error *error)
{
    size_t first = 0;
    enum rp_code code = RP_OK;

    for (size_t m = 0; m < s->advice->moves.count && !code; m++)
        code = try_set(s, NULL, m, error);
    for (unsigned n = 1; n < s->how->moves && !code; n++) {
        const size_t last = s->advice->row_count;

        code = grow(s, first, last, error);
        first = last;
    }
    return code;
}

/* ---- What is worth simulating ---- */

static int by_effort(const void *left, const void *right)
{
    const struct rp_advice_row *const a = left, *const b = right;

    if (a->effort != b->effort)
        return a->effort < b->effort ? -1 : 1;
    return by_solved_gain(left, right);
}

/* Two ways to convert one layer, or two versions, that come to the same: one is
 * enough. */
static bool is_same(const struct rp_advice_search *s,
                    const struct rp_advice_row *a,
                    const struct rp_advice_row *b)
{
    const struct rp_move *const x = &s->advice->moves.moves[a->moves[0]];
    const struct rp_move *const y = &s->advice->moves.moves[b->moves[0]];

    if (a->move_count != 1 || b->move_count != 1 || a->effort != b->effort ||
        a->solved_gain != b->solved_gain)
        return false;
    return x->layer < s->scenario.layer_count ? x->layer == y->layer
                                              : x->kind == y->kind;
}

/* The front by the solver, and the best of the moves alone. */
static void choose(struct rp_advice_search *s)
{
    struct rp_advice *const a = s->advice;
    double best = WORTH_SAYING;
    size_t kept = 0, alone = 0;

    qsort(a->rows, a->row_count, sizeof *a->rows, by_effort);
    for (size_t i = 0; i < a->row_count; i++) {
        a->rows[i].on_front = a->rows[i].solved_gain > best;
        if (a->rows[i].on_front)
            best = a->rows[i].solved_gain;
    }
    qsort(a->rows, a->row_count, sizeof *a->rows, by_solved_gain);
    for (size_t i = 0; i < a->row_count; i++) {
        const bool single =
            a->rows[i].move_count == 1 &&
            a->rows[i].solved_gain > WORTH_SAYING && alone < s->how->top &&
            !(kept > 0 && is_same(s, &a->rows[kept - 1], &a->rows[i]));

        alone += single;
        if (single || a->rows[i].on_front)
            a->rows[kept++] = a->rows[i];
    }
    a->row_count = kept;
}

struct simulating {
    const struct rp_advice_search *search;
    struct rp_advice_row *rows;
};

static void compare(const struct rp_advice_search *s,
                    const struct rp_point *point, struct rp_advice_row *row)
{
    const enum rp_metric metric = s->how->metric;
    double ratio;

    for (unsigned m = 0; m < RP_METRIC_COUNT; m++)
        row->paired[m] =
            rp_paired_compare(point, &s->advice->baseline, (enum rp_metric)m);
    row->simulated = true;
    ratio = row->paired[metric].ratio;
    row->gain = metric == RP_METRIC_RPS ? ratio - 1.0 : 1.0 - ratio;
    /* Who could not serve what came, and can: time is endless before. */
    if (s->advice->baseline.saturated && !point->saturated)
        row->gain = row->solved_gain;
}

static void simulate_row(void *context, size_t index)
{
    const struct simulating *const work = context;
    const struct rp_advice_search *const s = work->search;
    const struct rp_point_how how = {.reader = RP_READER_SIM, .jobs = 1};
    struct rp_scenario scenario = {0};
    struct rp_point point = {0};
    struct rp_error error = {0};

    if (s->how->stop && *s->how->stop)
        return;
    if (!make_variant(s, &work->rows[index], &scenario, &error) &&
        !rp_point_evaluate(&scenario, s->profile, &how, &point, &error))
        compare(s, &point, &work->rows[index]);
    rp_point_free(&point);
    rp_scenario_free(&scenario);
}

/* The front first, by effort; then what is best. */
static int as_shown(const void *left, const void *right)
{
    const struct rp_advice_row *const a = left, *const b = right;

    if (a->on_front != b->on_front)
        return a->on_front ? -1 : 1;
    if (a->on_front && a->effort != b->effort)
        return a->effort < b->effort ? -1 : 1;
    if (a->gain != b->gain)
        return a->gain < b->gain ? 1 : -1;
    return by_effort(left, right);
}

/* The front is that of the simulated gains. */
static void find_front(struct rp_advice *a)
{
    double best = 0.0;
    size_t kept = 0;

    for (size_t i = 0; i < a->row_count; i++)
        if (a->rows[i].simulated)
            a->rows[kept++] = a->rows[i];
    a->stopped = kept < a->row_count;
    a->row_count = kept;
    for (size_t i = 0; i < kept; i++)
        a->rows[i].solved_gain = a->rows[i].gain;
    qsort(a->rows, kept, sizeof *a->rows, by_effort);
    for (size_t i = 0; i < kept; i++) {
        a->rows[i].on_front = a->rows[i].gain > best;
        if (a->rows[i].on_front)
            best = a->rows[i].gain;
    }
    qsort(a->rows, kept, sizeof *a->rows, as_shown);
}

/* ---- The whole ---- */

static enum rp_code begin(struct rp_advice_search *s, struct rp_error *error)
{
    const struct rp_point_how how = {.reader = RP_READER_SIM,
                                     .jobs = s->how->jobs};
    const struct rp_advice_row nothing = {.move_count = 0};
    enum rp_code code = make_variant(s, &nothing, &s->scenario, error);

    if (!code)
        code = rp_routes_make(&s->scenario, s->profile, &s->routes, error);
    if (!code)
        code = rp_solve_routes(&s->scenario, &s->routes, s->profile,
                               &s->solution, error);
    if (!code)
        code = rp_hazards_say(&s->scenario, s->profile, &s->routes,
                              &s->advice->hazards, error);
    if (!code)
        code = rp_point_evaluate(&s->scenario, s->profile, &how,
                                 &s->advice->baseline, error);
    return code;
}

static enum rp_code make_moves(struct rp_advice_search *s,
                               struct rp_error *error)
{
    size_t *orders = NULL, count = 0;
    enum rp_code code = rp_advice_orders(s, &orders, &count, error);

    if (!code)
        code = rp_moves_of(&s->scenario, &s->how->efforts, orders, count,
                           &s->advice->moves, error);
    free(orders);
    return code;
}

enum rp_code rp_advise(const struct rp_draft *draft,
                       const struct rp_profile *profile,
                       const struct rp_advice_how *how,
                       struct rp_advice *advice, struct rp_error *error)
{
    struct rp_advice fresh = {0};
    struct rp_advice_search search = {
        .draft = draft, .profile = profile, .how = how, .advice = &fresh};
    enum rp_code code = begin(&search, error);

    if (!code)
        code = make_moves(&search, error);
    if (!code)
        code = look(&search, error);
    if (!code) {
        struct simulating work = {.search = &search};

        choose(&search);
        work.rows = fresh.rows;
        rp_jobs_run(fresh.row_count, how->jobs, simulate_row, &work);
        find_front(&fresh);
        *advice = fresh;
    } else {
        rp_advice_free(&fresh);
    }
    rp_solution_free(&search.solution);
    rp_routes_free(&search.routes);
    rp_scenario_free(&search.scenario);
    return code;
}

/* ---- Sentences ---- */

struct sentence {
    FILE *out;
    const char *before; /* of the next part */
};

static void put_count(struct sentence *s, double count, const char *one,
                      const char *many)
{
    if (fabs(count) < 1e-9)
        return;
    (void)fprintf(s->out, "%s%+.3g %s", s->before, count,
                  fabs(fabs(count) - 1.0) < 1e-9 ? one : many);
    s->before = ", ";
}

static void put_time(struct sentence *s, const char *name, double ms,
                     double error_ms)
{
    const bool is_us = fabs(ms) < 1.0;
    const double unit = is_us ? 1e3 : 1.0;

    if (!isfinite(ms) || (ms == 0.0 && error_ms == 0.0))
        return;
    (void)fprintf(s->out, "%s%s%+.3g", s->before, name, ms * unit);
    if (isfinite(error_ms))
        (void)fprintf(s->out, " +/- %.2g", error_ms * unit);
    (void)fputs(is_us ? " us" : " ms", s->out);
    s->before = ", ";
}

static double half(const struct rp_paired *paired)
{
    return (paired->high - paired->low) / 2.0;
}

char *rp_advice_sentence(const struct rp_advice *advice,
                         const struct rp_advice_row *row)
{
    const struct rp_advice_counts *const c = &row->counts;
    const struct rp_paired *const mean = &row->paired[RP_METRIC_MEAN];
    const struct rp_paired *const p99 = &row->paired[RP_METRIC_P99];
    char *text = NULL;
    size_t size = 0;
    struct sentence s = {.out = open_memstream(&text, &size), .before = ": "};

    if (!s.out)
        return NULL;
    for (size_t i = 0; i < row->move_count; i++)
        (void)fprintf(s.out, "%s%s", i ? "; " : "",
                      advice->moves.moves[row->moves[i]].text);
    put_count(&s, c->sync_to_async + c->async_to_sync, "crossing", "crossings");
    put_count(&s, c->loops, "loop", "loops");
    put_time(&s, "", c->alone_ns / 1e6, 1.96 * c->alone_se_ns / 1e6);
    put_time(&s, "mean ", mean->difference, half(mean));
    put_time(&s, "p99 ", p99->difference, half(p99));
    if (row->capacity_ratio >= 2.0)
        (void)fprintf(s.out, "%scapacity %.3g times", s.before,
                      row->capacity_ratio);
    else if (isfinite(row->capacity_ratio))
        (void)fprintf(s.out, "%scapacity %+.3g %%", s.before,
                      100.0 * (row->capacity_ratio - 1.0));
    if (fclose(s.out) == 0)
        return text;
    free(text);
    return NULL;
}
