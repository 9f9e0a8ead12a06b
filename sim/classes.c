/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/classes.h"

#include "sim/estimate.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* A class as if it were all there is. Borrows the histogram. */
static struct rp_replication alone(const struct rp_replication *run, size_t i)
{
    return (struct rp_replication){.answered = run->classes[i].answered,
                                   .span_ns = run->span_ns,
                                   .response_ns = run->classes[i].response_ns,
                                   .response = run->classes[i].response};
}

static bool add_run(struct rp_tally **tallies, size_t count,
                    const struct rp_replication *run)
{
    if (count > 0 && !*tallies)
        *tallies = calloc(count, sizeof **tallies);
    if (count > 0 && !*tallies)
        return false;
    for (size_t i = 0; i < count; i++) {
        const struct rp_replication class = alone(run, i);

        if (!rp_tally_add(&(*tallies)[i], &class))
            return false;
    }
    return true;
}

bool rp_classes_add(struct rp_simulation *s, const struct rp_replication *run)
{
    return add_run(&s->class_runs, s->scenario->class_count, run);
}

bool rp_classes_add_draw(struct rp_simulation *s,
                         const struct rp_replication *run)
{
    return add_run(&s->class_draws, s->scenario->class_count, run);
}

static struct rp_fate fate_of(const struct rp_class_stats *c)
{
    return (struct rp_fate){.answered = c->answered,
                            .late = c->late,
                            .turned_away = c->turned_away,
                            .left = c->left,
                            .given_up = c->given_up};
}

static void add_fate(struct rp_fate *all, const struct rp_fate *one)
{
    all->answered += one->answered;
    all->late += one->late;
    all->turned_away += one->turned_away;
    all->left += one->left;
    all->given_up += one->given_up;
}

static void fill_class(const struct rp_simulation *s, size_t i,
                       struct rp_class_result *out)
{
    const struct rp_replication class = alone(&s->total, i);
    const struct rp_tally *const runs = &s->class_runs[i];
    const struct rp_tally *const draws =
        s->class_draws ? &s->class_draws[i] : NULL;

    (void)snprintf(out->name, sizeof out->name, "%s",
                   s->scenario->classes[i].name);
    out->fate = fate_of(&s->total.classes[i]);
    for (unsigned m = 0; m < RP_METRIC_COUNT; m++) {
        struct rp_estimate *const e = &out->metrics[m];

        e->value = rp_estimate_metric(&class, (enum rp_metric)m);
        rp_estimate_by_runs(runs, (enum rp_metric)m, e);
        rp_estimate_predict(s, (enum rp_metric)m, draws, e);
        if (isnan(e->half_width)) /* a part of it is not known */
            e->low = e->high = (double)NAN;
    }
}

enum rp_code rp_classes_fill(struct rp_simulation *s)
{
    const size_t count = s->scenario->class_count;
    struct rp_result *const out = &s->result;

    out->may_fail =
        s->scenario->load.timeout_ns > 0.0 || s->scenario->server.backlog > 0;
    for (size_t i = 0; i < s->total.class_count; i++) {
        const struct rp_fate fate = fate_of(&s->total.classes[i]);
        add_fate(&out->fate, &fate);
    }
    if (count == 0)
        return RP_OK;
    out->classes = calloc(count, sizeof *out->classes);
    if (!out->classes)
        return rp_simulation_no_memory(s);
    out->class_count = count;
    for (size_t i = 0; i < count; i++)
        fill_class(s, i, &out->classes[i]);
    return RP_OK;
}

static void free_tallies(struct rp_tally **tallies, size_t count)
{
    for (size_t i = 0; *tallies && i < count; i++)
        rp_tally_free(&(*tallies)[i]);
    free(*tallies);
    *tallies = NULL;
}

void rp_classes_free(struct rp_simulation *s)
{
    free_tallies(&s->class_runs, s->scenario->class_count);
    free_tallies(&s->class_draws, s->scenario->class_count);
}
