/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/follow.h"

#include "model/route.h"
#include "sim/engine.h"
#include "sim/lower.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* No stretch. */
#define NONE SIZE_MAX

struct follower {
    const struct rp_scenario *scenario;
    const struct rp_routes *routes;
    const struct rp_network *network;
    struct rp_life *life;
    size_t class_index;
    size_t current;    /* stretch that goes on: a queue, a service, a pause */
    size_t first_part; /* of the code that runs */
    size_t offered;    /* step of code that offered its lock and waits; NONE */
    size_t *held;      /* owned: stretches of what it holds, in the order of */
    size_t depth;      /* taking; one a step at most */
    double spent_ns;   /* of the hold that has begun */
    bool has_begun, has_ended;
};

/* ---- Words ---- */

/* "sync_to_async layer (auth)": what a step of the program does, and for whom;
 * what lies around the program is the server's, or before it the client's. */
static void reason_of(const struct follower *f, size_t label,
                      char text[RP_LIFE_REASON_SIZE])
{
    const struct rp_program *const program =
        &f->routes->routes[f->class_index].program;
    const struct rp_step *step;
    const char *crossing;

    if (label == 0) {
        (void)snprintf(text, RP_LIFE_REASON_SIZE,
                       f->life->attempts > 0 ? "server" : "client");
        return;
    }
    step = &program->steps[label - 1];
    crossing = rp_crossing_name(step->cross);
    (void)snprintf(text, RP_LIFE_REASON_SIZE, "%s%s%s (%s)",
                   crossing ? crossing : "", crossing ? " " : "", step->what,
                   rp_step_origin(step, f->scenario));
}

/* A service of several parts names each of them once. */
static void add_reason(const struct follower *f, size_t label,
                       char text[RP_LIFE_REASON_SIZE])
{
    char one[RP_LIFE_REASON_SIZE], both[2 * RP_LIFE_REASON_SIZE + 2];

    reason_of(f, label, one);
    if (strstr(text, one))
        return;
    (void)snprintf(both, sizeof both, "%s, %s", text, one);
    if (strlen(both) < RP_LIFE_REASON_SIZE)
        memcpy(text, both, strlen(both) + 1);
}

static size_t class_of(const struct rp_network *network, size_t step)
{
    size_t i = 0;

    while (step >=
           network->classes[i].first_step + network->classes[i].step_count)
        i++;
    return i;
}

/* ---- Stretches ---- */

static size_t begin_stretch(struct follower *f, enum rp_stretch_kind kind,
                            size_t place, uint64_t at_ns, size_t label)
{
    struct rp_stretch *const s = rp_life_add(f->life, kind, place, at_ns);

    if (!s)
        return NONE;
    if (kind != RP_STRETCH_PAUSES)
        reason_of(f, label, s->reason);
    return f->life->stretch_count - 1;
}

/* Code that was slower than its costs say ends later, all of it in its last
 * part; where it was interrupted parts that were still to come have no time. */
static void end_current(struct follower *f, uint64_t at_ns)
{
    if (f->current == NONE)
        return;
    for (size_t i = f->first_part; i < f->current; i++) {
        struct rp_stretch *const s = &f->life->stretches[i];

        if (s->from_ns > at_ns)
            s->from_ns = at_ns;
        if (s->to_ns > at_ns)
            s->to_ns = at_ns;
    }
    if (f->life->stretches[f->current].from_ns > at_ns)
        f->life->stretches[f->current].from_ns = at_ns;
    f->life->stretches[f->current].to_ns = at_ns;
    f->current = NONE;
}

/* The code or the wait of one step, behind those of the same hold. */
static void spend(struct follower *f, const struct rp_moment *m)
{
    const struct rp_part *const part = &f->network->parts[m->part];
    const enum rp_stretch_kind kind =
        part->kind == RP_TIME_CLIENT || part->kind == RP_TIME_CLIENT_SIDE
            ? RP_STRETCH_CLIENT
        : part->kind == RP_TIME_OWN_WAIT ? RP_STRETCH_WAITS
                                         : RP_STRETCH_RUNS;
    const double from_ns = f->spent_ns;
    size_t i;

    f->spent_ns += m->span_ns;
    i = begin_stretch(f, kind, RP_NO_PLACE,
                      m->at_ns + (uint64_t)(from_ns + 0.5), part->label);
    if (i == NONE)
        return;
    f->life->stretches[i].to_ns = m->at_ns + (uint64_t)(f->spent_ns + 0.5);
    if (kind == RP_STRETCH_CLIENT)
        f->life->stretches[i].reason[0] = '\0';
}

/* ---- Places ---- */

static bool spends_time(const struct rp_network_step *s)
{
    return s->op == RP_NETWORK_HOLD || s->op == RP_NETWORK_SERVE ||
           s->op == RP_NETWORK_RUN || s->op == RP_NETWORK_CALLBACK;
}

/* From its TAKE to its GIVE a single stretch of time passes. */
static bool is_brief(const struct rp_network *network, size_t take)
{
    const size_t station = network->steps[take].station;
    unsigned depth = 1, spans = 0;

    for (size_t i = take + 1; depth > 0; i++) {
        const struct rp_network_step *const s = &network->steps[i];

        depth += s->op == RP_NETWORK_TAKE && s->station == station;
        depth -= s->op == RP_NETWORK_GIVE && s->station == station;
        spans += spends_time(s);
    }
    return spans <= 1;
}

static void take(struct follower *f, const struct rp_moment *m)
{
    const struct rp_network_step *const step = &f->network->steps[m->step];
    const size_t i = begin_stretch(f, RP_STRETCH_HOLDS, step->station, m->at_ns,
                                   step->label);

    if (i == NONE)
        return;
    f->life->stretches[i].is_brief = is_brief(f->network, m->step);
    f->held[f->depth++] = i;
}

static void give(struct follower *f, const struct rp_moment *m)
{
    const size_t station = f->network->steps[m->step].station;
    size_t at = f->depth;

    while (at > 0 && f->life->stretches[f->held[at - 1]].place != station)
        at--;
    if (at == 0)
        return; /* memory was short when it was taken */
    f->life->stretches[f->held[at - 1]].to_ns = m->at_ns;
    memmove(f->held + at - 1, f->held + at, (f->depth - at) * sizeof *f->held);
    f->depth--;
}

static void give_all(struct follower *f, uint64_t at_ns)
{
    while (f->depth > 0)
        f->life->stretches[f->held[--f->depth]].to_ns = at_ns;
}

/* ---- Moments ---- */

/* Code that has its lock again runs on: its parts were told before. */
static void run_on(struct follower *f, const struct rp_moment *m)
{
    const struct rp_network_step *const step = &f->network->steps[m->step];
    const size_t last = step->first_part + step->part_count - 1;

    if (f->offered != m->step)
        return;
    f->offered = NONE;
    f->current = begin_stretch(f, RP_STRETCH_RUNS, RP_NO_PLACE, m->at_ns,
                               f->network->parts[last].label);
}

static void follow_step(struct follower *f, const struct rp_moment *m)
{
    const struct rp_network_step *const step = &f->network->steps[m->step];

    end_current(f, m->at_ns);
    f->spent_ns = 0.0;
    switch (step->op) {
    case RP_NETWORK_ARRIVE:
        if (f->life->attempts++ == 0)
            f->life->arrived_ns = m->at_ns;
        return;
    case RP_NETWORK_TAKE:
        take(f, m);
        return;
    case RP_NETWORK_GIVE:
        give(f, m);
        return;
    case RP_NETWORK_SERVE:
        f->current = begin_stretch(f, RP_STRETCH_RUNS, step->station, m->at_ns,
                                   step->label);
        return;
    case RP_NETWORK_CALLBACK:
        f->current = begin_stretch(f, RP_STRETCH_RUNS, step->station, m->at_ns,
                                   step->label);
        return;
    case RP_NETWORK_RUN:
        f->first_part = f->life->stretch_count;
        run_on(f, m);
        return;
    case RP_NETWORK_CHOOSE:
    case RP_NETWORK_HOLD:
    case RP_NETWORK_PASS:
    case RP_NETWORK_SPLIT:
    case RP_NETWORK_ANSWER:
    case RP_NETWORK_END:
    case RP_NETWORK_POLL:
    case RP_NETWORK_DISPATCH:
    case RP_NETWORK_ALARM:
        return;
    }
}

static void follow_part(struct follower *f, const struct rp_moment *m)
{
    const enum rp_network_op op = f->network->steps[m->step].op;

    if (op == RP_NETWORK_HOLD || op == RP_NETWORK_RUN)
        spend(f, m);
    if (op == RP_NETWORK_RUN && f->life->stretch_count > 0)
        f->current = f->life->stretch_count - 1;
    else if (op != RP_NETWORK_HOLD && f->current != NONE)
        add_reason(f, f->network->parts[m->part].label,
                   f->life->stretches[f->current].reason);
}

static void follow_leaving(struct follower *f, const struct rp_moment *m,
                           enum rp_stretch_kind kind)
{
    const struct rp_network_step *const step = &f->network->steps[m->step];

    end_current(f, m->at_ns);
    give_all(f, m->at_ns);
    (void)begin_stretch(f, kind, step->station, m->at_ns, step->label);
    f->current = begin_stretch(f, RP_STRETCH_PAUSES, RP_NO_PLACE, m->at_ns, 0);
}

static void end(struct follower *f, const struct rp_moment *m,
                enum rp_ending ending)
{
    end_current(f, m->at_ns);
    give_all(f, m->at_ns);
    f->life->ending = ending;
    f->has_ended = true;
}

static void follow(void *context, const struct rp_moment *m)
{
    struct follower *const f = context;
    const struct rp_network_step *const step = &f->network->steps[m->step];

    f->life->ended_ns = m->at_ns;
    f->life->process = m->process;
    switch (m->kind) {
    case RP_MOMENT_BEGINS:
        f->has_begun = true;
        f->life->number = m->number + 1;
        f->class_index = class_of(f->network, m->step);
        f->life->begun_ns = f->life->arrived_ns = m->at_ns;
        return;
    case RP_MOMENT_STEP:
        follow_step(f, m);
        return;
    case RP_MOMENT_SPENDS:
        follow_part(f, m);
        return;
    case RP_MOMENT_QUEUES:
        end_current(f, m->at_ns);
        f->offered = step->op == RP_NETWORK_RUN ? m->step : NONE;
        f->current = begin_stretch(f, RP_STRETCH_QUEUES, step->station,
                                   m->at_ns, step->label);
        return;
    case RP_MOMENT_LEAVES:
        follow_leaving(f, m, RP_STRETCH_LEAVES);
        return;
    case RP_MOMENT_TURNED_AWAY:
        follow_leaving(f, m, RP_STRETCH_TURNED_AWAY);
        return;
    case RP_MOMENT_GIVES_UP:
        end(f, m, RP_ENDING_GIVEN_UP);
        return;
    case RP_MOMENT_ANSWERED:
        end(f, m, RP_ENDING_ANSWERED);
        return;
    }
}

/* ---- The run ---- */

static enum rp_code run(struct follower *f, uint64_t warm_up, uint64_t number,
                        uint64_t *begun, struct rp_error *error)
{
    const struct rp_run *const run = &f->scenario->run;
    const struct rp_watch watch = {.number = number - 1,
                                   .after_warm_up = number == 0,
                                   .tell = follow,
                                   .context = f};
    const struct rp_engine_settings settings = {.seed = f->scenario->seed,
                                                .warm_up = warm_up,
                                                .requests = run->requests,
                                                .duration_ns = run->duration_ns,
                                                .watch = &watch};
    struct rp_replication replication = {.answered = 0};
    const enum rp_code code =
        rp_engine_run(f->network, &settings, &replication, error);

    *begun = warm_up + replication.answered + replication.in_flight_at_end;
    for (size_t i = 0; i < replication.class_count; i++)
        *begun += replication.classes[i].given_up;
    rp_replication_free(&replication);
    return code;
}

/* What is not finished has been seen until now. */
static void close_life(struct follower *f)
{
    struct rp_life *const life = f->life;

    if (f->has_ended)
        return;
    life->ending = RP_ENDING_UNFINISHED;
    for (size_t i = 0; i < life->stretch_count; i++)
        if (life->stretches[i].to_ns > life->ended_ns)
            life->ended_ns = life->stretches[i].to_ns;
    end_current(f, life->ended_ns);
    give_all(f, life->ended_ns);
}

static bool name_life(struct follower *f)
{
    const struct rp_network *const net = f->network;
    const char *const name =
        f->scenario->name[0] ? f->scenario->name : f->scenario->file;
    struct rp_life *const life = f->life;

    (void)snprintf(life->scenario, sizeof life->scenario, "%s", name);
    (void)snprintf(life->class_name, sizeof life->class_name, "%s",
                   net->classes[f->class_index].name);
    life->seed = f->scenario->seed;
    life->places = calloc(net->station_count + 1, sizeof *life->places);
    if (!life->places)
        return false;
    life->place_count = net->station_count;
    for (size_t i = 0; i < net->station_count; i++)
        (void)snprintf(life->places[i], sizeof life->places[i], "%s",
                       net->stations[i].name);
    return true;
}

static enum rp_code follow_one(struct follower *f, uint64_t warm_up,
                               uint64_t number, struct rp_error *error)
{
    uint64_t begun = 0;
    enum rp_code code;

    f->held = calloc(f->network->step_count + 1, sizeof *f->held);
    if (!f->held)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for a trace");
    code = run(f, warm_up, number, &begun, error);
    if (code)
        return code;
    if (!f->has_begun)
        return rp_fail(error, RP_ERR_VALUE,
                       "request %llu never comes: the first replication is "
                       "over after about %llu; ask for an earlier one, or "
                       "give run.requests a larger number",
                       (unsigned long long)number, (unsigned long long)begun);
    close_life(f);
    if (!name_life(f) || f->life->out_of_memory)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for a trace");
    return RP_OK;
}

enum rp_code rp_follow(const struct rp_scenario *scenario,
                       const struct rp_profile *profile, uint64_t warm_up,
                       uint64_t number, struct rp_life *life,
                       struct rp_error *error)
{
    struct rp_routes routes = {0};
    struct rp_network network = {0};
    struct rp_life fresh = {.number = 0};
    struct follower f = {.scenario = scenario,
                         .routes = &routes,
                         .network = &network,
                         .life = &fresh,
                         .current = NONE,
                         .offered = NONE};
    enum rp_code code = rp_routes_make(scenario, profile, &routes, error);

    if (!code)
        code = rp_lower(scenario, &routes, profile, &network, error);
    if (!code)
        code = follow_one(&f, warm_up, number, error);
    free(f.held);
    rp_network_free(&network);
    rp_routes_free(&routes);
    if (code)
        rp_life_free(&fresh);
    else
        *life = fresh;
    return code;
}
