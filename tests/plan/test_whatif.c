/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "plan/whatif.h"

#include "../sim/flat_profile.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char base[] =
    "server: {kind: gthread, threads: 2}\n"
    "view: {cpu: {mean: 1ms, shape: exponential}, wait: 4ms}\n"
    "load: {kind: closed, clients: 4}\n"
    "run: {requests: 1000, replications: 3, warm_up: 100}\n";

/* A what-if and the rows that it had, as text. */
struct asked {
    struct rp_draft draft;
    struct rp_profile profile;
    struct rp_vary varies[4];
    size_t vary_count;
    struct rp_grid grid;
    struct rp_filter filters[2];
    struct rp_whatif whatif;
    struct rp_whatif_tally tally;
    volatile sig_atomic_t stop;
    size_t stop_after; /* rows; 0: never */
    size_t rows;
    double rps[64], difference[64];
    char reasons[4096];
    char *text; /* every figure of every row */
};

static struct asked *ask(const char *const *varies, size_t count)
{
    struct asked *const a = calloc(1, sizeof *a);
    struct rp_error error = {0};

    cr_assert(ne(ptr, a, NULL));
    cr_assert(
        eq(int,
           rp_draft_read_text(base, strlen(base), "s.yaml", &a->draft, &error),
           RP_OK));
    for (size_t i = 0; i < count; i++)
        cr_assert(
            eq(int, rp_vary_parse(varies[i], &a->varies[i], &error), RP_OK));
    a->vary_count = count;
    cr_assert(
        eq(int, rp_grid_make(a->varies, count, 0, &a->grid, &error), RP_OK));
    a->profile = flat_profile((struct flat_costs){.base = 1e5});
    a->whatif = (struct rp_whatif){.draft = &a->draft,
                                   .profile = &a->profile,
                                   .grid = &a->grid,
                                   .filters = a->filters,
                                   .jobs = 1,
                                   .stop = &a->stop};
    return a;
}

static enum rp_code note(void *context, const struct rp_whatif_row *row,
                         struct rp_error *error)
{
    struct asked *const a = context;
    char *const json = row->point ? rp_point_to_json(row->point) : NULL;
    const size_t used = a->text ? strlen(a->text) : 0;
    const char *const more = json ? json : row->reason;

    (void)error;
    a->text = realloc(a->text, used + strlen(more) + 2);
    (void)sprintf(a->text + used, "%s\n", more);
    free(json);
    if (a->rows < 64) {
        a->rps[a->rows] =
            row->point ? row->point->metrics[RP_METRIC_RPS].value : NAN;
        a->difference[a->rows] = row->paired[RP_METRIC_RPS].difference;
    }
    if (!row->point)
        strcat(strcat(a->reasons, row->reason), "\n");
    a->rows++;
    if (a->rows == a->stop_after)
        a->stop = 1;
    return RP_OK;
}

static void run(struct asked *a)
{
    struct rp_point baseline = {0};
    struct rp_error error = {0};

    cr_assert(eq(int, rp_whatif_baseline(&a->whatif, &baseline, &error), RP_OK),
              "%s", error.text);
    cr_assert(
        eq(int,
           rp_whatif_run(&a->whatif, &baseline, note, a, &a->tally, &error),
           RP_OK),
        "%s", error.text);
    rp_point_free(&baseline);
}

static void release(struct asked *a)
{
    for (size_t i = 0; i < a->vary_count; i++)
        rp_vary_free(&a->varies[i]);
    rp_grid_free(&a->grid);
    rp_profile_free(&a->profile);
    rp_draft_free(&a->draft);
    free(a->text);
    free(a);
}

/* Two threads that are held 5.1 ms serve 392 a second, four 784 but for the
 * GIL; four clients cannot use eight. */
Test(whatif, rows_come_in_the_order_of_the_grid)
{
    static const char *const varies[] = {"server.threads=1,2,4,8"};
    struct asked *const a = ask(varies, 1);

    run(a);
    cr_assert(eq(sz, a->rows, 4));
    cr_expect(epsilon_eq(dbl, a->rps[0], 1000.0 / 5.1, 8.0));
    cr_expect(lt(dbl, a->rps[0], a->rps[1]));
    cr_expect(lt(dbl, a->rps[1], a->rps[2]));
    cr_expect(eq(dbl, a->rps[2], a->rps[3]), "the same luck, the same run");
    release(a);
}

Test(whatif, what_changes_nothing_differs_by_nothing)
{
    static const char *const varies[] = {"server.threads=keep,2"};
    struct asked *const a = ask(varies, 1);

    run(a);
    cr_assert(eq(sz, a->rows, 2));
    cr_expect(eq(dbl, a->difference[0], 0.0));
    cr_expect(eq(dbl, a->difference[1], 0.0));
    release(a);
}

Test(whatif, a_combination_that_cannot_be_is_a_row_with_the_reason)
{
    static const char *const varies[] = {"server.kind=uvicorn,gthread",
                                         "server.threads=1,4"};
    struct asked *const a = ask(varies, 2);

    run(a);
    cr_assert(eq(sz, a->rows, 4));
    cr_expect(eq(sz, a->tally.refused, 1));
    cr_expect(eq(sz, a->tally.rows, 3));
    cr_expect(isnan(a->rps[1]));
    cr_expect(eq(str, a->reasons,
                 "--vary server.threads: server.threads: found 4, but uvicorn "
                 "has no worker threads: it serves from its loop; leave "
                 "threads out, or choose gthread or runserver\n"));
    release(a);
}

Test(whatif, the_number_of_threads_changes_no_byte)
{
    static const char *const varies[] = {"server.threads=1,2,3",
                                         "view.wait=[1ms:4ms,x2]"};
    struct asked *const one = ask(varies, 2), *const three = ask(varies, 2);

    three->whatif.jobs = 3;
    run(one);
    run(three);
    cr_expect(eq(str, one->text, three->text));
    release(one);
    release(three);
}

Test(whatif, a_seed_of_the_command_is_that_of_all)
{
    static const char *const varies[] = {"server.threads=keep"};
    struct asked *const a = ask(varies, 1), *const b = ask(varies, 1);

    b->whatif.seed = "99";
    run(a);
    run(b);
    cr_expect(eq(dbl, b->difference[0], 0.0), "the baseline's, too");
    cr_expect(ne(dbl, a->rps[0], b->rps[0]));
    release(a);
    release(b);
}

Test(whatif, what_does_not_pass_is_counted_and_not_shown)
{
    static const char *const varies[] = {"server.threads=1,2,4"};
    struct asked *const a = ask(varies, 1);
    struct rp_error error = {0};

    cr_assert(eq(int, rp_filter_parse("rps>300", &a->filters[0], &error), 0));
    a->whatif.filter_count = 1;
    run(a);
    cr_expect(eq(sz, a->rows, 2));
    cr_expect(eq(sz, a->tally.filtered, 1));
    release(a);
}

Test(whatif, a_stop_ends_it_between_rows)
{
    static const char *const varies[] = {"server.threads=[1:50,1]"};
    struct asked *const a = ask(varies, 1);

    a->stop_after = 3;
    run(a);
    cr_expect(a->tally.stopped);
    cr_expect(lt(sz, a->rows, 50));
    cr_expect(eq(sz, a->rows, a->tally.rows));
    release(a);
}

static double best_of(const struct asked *a)
{
    double best = NAN;

    for (size_t i = 0; i < a->rows; i++)
        best = fmax(best, a->rps[i]);
    return best;
}

/* A view that waits 4 s cannot be among the best, whatever queues do. */
Test(whatif, pruning_keeps_the_best_and_adds_up)
{
    static const char *const varies[] = {"server.threads=[1:4,1]",
                                         "view.wait=[4ms:4s,x10]"};
    struct asked *const all = ask(varies, 2), *const pruned = ask(varies, 2);

    pruned->whatif.pruning =
        (struct rp_pruning_how){.best = 2, .metric = RP_METRIC_RPS};
    run(all);
    run(pruned);
    cr_expect(eq(dbl, best_of(all), best_of(pruned)));
    cr_expect(ge(sz, pruned->tally.pruned_by_bound, 8));
    cr_expect(eq(sz, pruned->tally.pruned_by_approximation, 0));
    cr_expect(eq(sz, pruned->tally.pruned + pruned->tally.rows, 16));
    release(all);
    release(pruned);
}

Test(whatif, pruning_by_approximation_leaves_out_more)
{
    static const char *const varies[] = {"server.threads=[1:4,1]",
                                         "view.wait=[4ms:64ms,x2]"};
    struct asked *const bound = ask(varies, 2), *const solved = ask(varies, 2);

    bound->whatif.pruning =
        (struct rp_pruning_how){.best = 3, .metric = RP_METRIC_P99};
    solved->whatif.pruning = (struct rp_pruning_how){
        .best = 3, .metric = RP_METRIC_P99, .by_approximation = true};
    run(bound);
    run(solved);
    cr_expect(eq(sz, bound->tally.pruned, 0), "percentiles have no bound");
    cr_expect(ge(sz, solved->tally.pruned_by_approximation, 5));
    cr_expect(eq(dbl, best_of(bound), best_of(solved)));
    release(bound);
    release(solved);
}
