/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/nextload.h"

#include "calibrate/dataset.h"
#include "calibrate/predict.h"

#include <gsl/gsl_math.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* So many candidates between two words of progress; two lots of slopes. */
enum { CHUNK = 48, REQUESTS_A_CLIENT = 20, LOTS = 2 };

/* ---- Stacks ---- */

size_t rp_next_words(const char *letters, size_t length)
{
    size_t count = 1;

    for (size_t i = 0; i < length; i++)
        count *= strlen(letters);
    return count;
}

void rp_next_word(const char *letters, size_t length, size_t number,
                  char word[RP_NEXT_LONGEST + 1])
{
    const size_t base = strlen(letters);

    for (size_t i = 0; i < length; i++) {
        word[i] = letters[number % base];
        number /= base;
    }
    word[length] = '\0';
}

/* A data set describes the servers that it measured. */
static const struct rp_dataset *dataset_of(const struct rp_measured *m,
                                           enum rp_server_kind server)
{
    for (size_t i = 0; i < m->dataset_count; i++)
        if (m->datasets[i].servers[server].said)
            return &m->datasets[i];
    return &m->datasets[0];
}

enum rp_code rp_next_config(const struct rp_measured *measured,
                            const struct rp_next_target *target,
                            const char *stack, bool view_async,
                            struct rp_config *config, bool *has_it,
                            struct rp_error *error)
{
    struct rp_error why = {0};
    enum rp_code code;

    *has_it = false;
    if (target->only && strcmp(target->only, stack) != 0)
        return RP_OK;
    *config = (struct rp_config){.server = target->server,
                                 .threads = target->threads,
                                 .path = target->path,
                                 .view_async = view_async,
                                 .concurrency = 1};
    (void)snprintf(config->stack, sizeof config->stack, "%s", stack);
    code =
        rp_dataset_amounts(dataset_of(measured, target->server), config, &why);
    *has_it = !code;
    return code == RP_ERR_MEMORY ? rp_fail(error, code, "%s", why.text) : RP_OK;
}

static bool is_among(const struct rp_config *configs, size_t count,
                     const struct rp_config *config)
{
    for (size_t i = 0; i < count; i++)
        if (rp_config_compare(&configs[i], config) == 0)
            return true;
    return false;
}

bool rp_next_may(const struct rp_measured *measured,
                 const struct rp_nextload_options *options,
                 const struct rp_config *config)
{
    return !is_among(measured->configs, measured->config_count, config) &&
           (!options->only ||
            is_among(options->only, options->only_count, config));
}

/* ---- Candidates ---- */

struct finding {
    const struct rp_measured *measured;
    const struct rp_nextload_options *options;
    struct rp_config *stacks; /* one client, no own time */
    size_t *targets;
    size_t count, room;
    struct rp_error *error;
};

/* A list of candidates says which stacks it is about. */
static bool is_asked(const struct rp_nextload_options *o,
                     const struct rp_config *config)
{
    for (size_t i = 0; i < o->only_count; i++) {
        struct rp_config same = o->only[i];

        same.concurrency = config->concurrency;
        same.io_ns = same.cpu_ns = 0.0;
        if (rp_config_compare(&same, config) == 0)
            return true;
    }
    return !o->only;
}

/* Runs differ by where they cross, and hardly by what layers burn. */
static bool crosses_alike(const struct rp_config *a, const struct rp_config *b)
{
    for (size_t i = RP_ITEM_S2A_SENSITIVE; i <= RP_ITEM_THREAD_JOIN; i++)
        if (a->amounts[i] != b->amounts[i])
            return false;
    return true;
}

static enum rp_code add_stack(struct finding *f, size_t target,
                              const char *stack, bool view_async)
{
    struct rp_config config;
    bool has_it;
    const enum rp_code code =
        rp_next_config(f->measured, &f->options->targets[target], stack,
                       view_async, &config, &has_it, f->error);

    if (code || !has_it || !is_asked(f->options, &config))
        return code;
    for (size_t i = 0; i < f->count && !f->options->only; i++)
        if (f->targets[i] == target && crosses_alike(&f->stacks[i], &config))
            return RP_OK;
    if (f->count == f->room)
        return RP_OK; /* one too many, which is seen */
    config.tool = f->options->tool;
    f->stacks[f->count] = config;
    f->targets[f->count++] = target;
    return RP_OK;
}

static enum rp_code add_length(struct finding *f, size_t length,
                               const bool *priced)
{
    const size_t words = rp_next_words(f->options->letters, length);
    enum rp_code code = RP_OK;

    for (size_t n = 0; n < words && !code; n++) {
        char stack[RP_NEXT_LONGEST + 1];

        rp_next_word(f->options->letters, length, n, stack);
        for (size_t t = 0; t < f->options->target_count && !code; t++)
            for (int view = 0; priced[t] && view < 2 && !code; view++)
                code = add_stack(f, t, stack, view == 1);
    }
    return code;
}

static enum rp_code add_only(struct finding *f, const bool *priced)
{
    enum rp_code code = RP_OK;

    for (size_t t = 0; t < f->options->target_count && !code; t++)
        for (int view = 0;
             priced[t] && f->options->targets[t].only && view < 2 && !code;
             view++)
            code = add_stack(f, t, f->options->targets[t].only, view == 1);
    return code;
}

/* Long stacks are left out where there is no room for all of a length. */
static enum rp_code add_stacks(struct finding *f, const bool *priced,
                               size_t *longest)
{
    enum rp_code code = add_only(f, priced);

    *longest = 0;
    for (size_t length = 0; length <= f->options->longest && !code; length++) {
        const size_t before = f->count;

        code = add_length(f, length, priced);
        if (code || f->count < f->room) {
            *longest = length;
            continue;
        }
        f->count = before;
        if (length == 0)
            code = rp_fail(f->error, RP_ERR_VALUE,
                           "there are more than %d candidates under load: "
                           "name fewer clients, waits or work",
                           RP_NEXTLOAD_MAX);
        break;
    }
    return code;
}

static void add_run(const struct finding *f, size_t stack, unsigned clients,
                    double wait_ns, double work_ns, struct rp_nextload *out)
{
    struct rp_nextload_run *const run = &out->runs[out->count];

    run->config = f->stacks[stack];
    run->config.concurrency = clients;
    run->config.io_ns = wait_ns;
    run->config.cpu_ns = work_ns;
    run->target = f->targets[stack];
    run->requests = f->options->requests;
    if (run->requests < REQUESTS_A_CLIENT * clients)
        run->requests = REQUESTS_A_CLIENT * clients;
    out->count += rp_joint_can_use(&run->config) &&
                  rp_next_may(f->measured, f->options, &run->config);
}

static void add_runs(const struct finding *f, struct rp_nextload *out)
{
    const struct rp_nextload_grid *const g = &f->options->grid;

    for (size_t s = 0; s < f->count; s++) {
        const struct rp_next_target *const t =
            &f->options->targets[f->targets[s]];

        for (size_t c = 0; c < g->client_count; c++) {
            add_run(f, s, g->clients[c], 0.0, 0.0, out);
            for (size_t i = 0; t->waits && i < g->wait_count; i++)
                add_run(f, s, g->clients[c], g->waits_ns[i], 0.0, out);
            for (size_t i = 0; t->burns && i < g->work_count; i++)
                add_run(f, s, g->clients[c], 0.0, g->works_ns[i], out);
        }
    }
}

static enum rp_code find(struct finding *f, const struct rp_profile *profile,
                         struct rp_nextload *out)
{
    const struct rp_nextload_grid *const g = &f->options->grid;
    const size_t loads = g->client_count * (1 + g->wait_count + g->work_count);
    bool *const priced = calloc(f->options->target_count + 1, sizeof *priced);
    enum rp_code code = RP_OK;

    f->room = RP_NEXTLOAD_MAX / (loads > 0 ? loads : 1) + 1;
    f->stacks = calloc(f->room, sizeof *f->stacks);
    f->targets = calloc(f->room, sizeof *f->targets);
    out->runs = calloc(f->room * loads + 1, sizeof *out->runs);
    if (!priced || !f->stacks || !f->targets || !out->runs)
        code = rp_fail(f->error, RP_ERR_MEMORY, "out of memory for a design");
    for (size_t t = 0; t < f->options->target_count && !code; t++)
        priced[t] =
            profile
                ->cost_of_item[rp_item_base(f->options->targets[t].server)] >=
            0;
    if (!code && loads > 0)
        code = add_stacks(f, priced, &out->longest);
    if (!code)
        add_runs(f, out);
    free(priced);
    free(f->stacks);
    free(f->targets);
    return code;
}

enum rp_code rp_nextload_find(const struct rp_measured *measured,
                              const struct rp_profile *profile,
                              const struct rp_nextload_options *options,
                              struct rp_nextload *nextload,
                              struct rp_error *error)
{
    struct finding f = {
        .measured = measured, .options = options, .error = error};
    struct rp_nextload fresh = {.count = 0};
    const enum rp_code code = find(&f, profile, &fresh);

    if (code)
        rp_nextload_free(&fresh);
    else
        *nextload = fresh;
    return code;
}

/* ---- What they would tell ---- */

static enum rp_code make_run(const struct rp_nextload_taking *taking,
                             const struct rp_nextload_run *from,
                             struct rp_scenario *scenario,
                             struct rp_joint_run *to, struct rp_error *error)
{
    const struct rp_config *const c = &from->config;
    const struct rp_dataset *const dataset =
        dataset_of(taking->measured, c->server);
    const double *const run = taking->noise->run[rp_config_situation(c)];
    const enum rp_code code = rp_dataset_scenario(dataset, c, scenario, error);
    struct rp_mechanisms lacking;

    if (code)
        return code;
    lacking = rp_mechanisms_union(
        &dataset->lacking, &taking->options->targets[from->target].lacking);
    scenario->mechanisms = rp_mechanisms_without(&lacking);
    *to = (struct rp_joint_run){.config = *c,
                                .scenario = scenario,
                                .requests = from->requests,
                                .noise = run[1]};
    for (size_t m = 0; m < RP_JOINT_METRICS; m++)
        to->sd[m] =
            taking->noise->scale *
            hypot(taking->noise->misfit,
                  run[m] * sqrt(M_PI_2 / (double)taking->options->rounds));
    return RP_OK;
}

static double together(double a, double b)
{
    return a * b > 0.0 ? 2.0 * a * b / (a + b) : 0.0;
}

static void take_slopes(const struct rp_joint lots[LOTS], const size_t *which,
                        size_t first, struct rp_nextload *out)
{
    const struct rp_joint *const j = &lots[0];

    for (size_t k = 0; k < j->count; k++) {
        out->shown[j->which[k]] = true;
        out->value[j->which[k]] = exp(j->x[k]);
    }
    for (size_t i = 0; i < j->config_count * RP_JOINT_METRICS; i++) {
        const size_t at = first + i / RP_JOINT_METRICS;
        struct rp_nextload_run *const to = &out->runs[which ? which[at] : at];

        for (size_t k = 0; k < j->count; k++)
            to->slope[i % RP_JOINT_METRICS][j->which[k]] =
                together(j->jacobian[i * j->count + k],
                         lots[1].jacobian[i * j->count + k]);
    }
}

static enum rp_code do_chunk(const struct rp_nextload_taking *taking,
                             const size_t *which, size_t first, size_t count,
                             struct rp_nextload *out, struct rp_error *error)
{
    const struct rp_joint_options how = {.runs = taking->rehearsals};
    struct rp_scenario scenarios[CHUNK] = {0};
    struct rp_joint_run runs[CHUNK];
    struct rp_joint lots[LOTS] = {{.count = 0}, {.count = 0}};
    enum rp_code code = RP_OK;

    for (size_t i = 0; i < count && !code; i++) {
        struct rp_nextload_run *const run =
            &out->runs[which ? which[first + i] : first + i];

        run->rehearsals = taking->rehearsals;
        code = make_run(taking, run, &scenarios[i], &runs[i], error);
    }
    for (size_t lot = 0; lot < LOTS && !code; lot++) {
        code = rp_joint_preview(taking->profile, runs, count, &how, &lots[lot],
                                error);
        for (size_t i = 0; i < count; i++)
            scenarios[i].seed++;
    }
    if (!code)
        take_slopes(lots, which, first, out);
    for (size_t lot = 0; lot < LOTS; lot++)
        rp_joint_free(&lots[lot]);
    for (size_t i = 0; i < count; i++)
        rp_scenario_free(&scenarios[i]);
    return code;
}

enum rp_code rp_nextload_slopes(const struct rp_nextload_taking *taking,
                                const size_t *which, size_t count,
                                struct rp_nextload *nextload,
                                struct rp_error *error)
{
    enum rp_code code = RP_OK;

    for (size_t i = 0; i < count && !code; i += CHUNK) {
        if (taking->tell)
            taking->tell(taking->context, i, count);
        code = do_chunk(taking, which, i, count - i < CHUNK ? count - i : CHUNK,
                        nextload, error);
    }
    return code;
}

void rp_nextload_free(struct rp_nextload *nextload)
{
    free(nextload->runs);
    *nextload = (struct rp_nextload){.count = 0};
}
