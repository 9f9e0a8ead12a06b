/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/enginemoves.h"

#include <assert.h>

/* What passes between two looks passes at one instant, so where the request
 * stands now and where it stood before tell everything in between. Only who
 * leaves early must be seen in the act: see rp_engine_watch_leaving(). */

static size_t index_of(const struct rp_engine *e,
                       const struct rp_instruction *step)
{
    return (size_t)(step - e->program);
}

static void tell(struct rp_engine *e, enum rp_moment_kind kind,
                 const struct rp_instruction *step)
{
    const struct rp_moment moment = {.kind = kind,
                                     .at_ns = e->now_ns,
                                     .number = e->watched.number,
                                     .step = index_of(e, step),
                                     .process = e->watched.process};

    e->set->watch->tell(e->set->watch->context, &moment);
}

/* The parts of a hold are what they were when it was drawn. */
static void tell_parts(struct rp_engine *e, const struct rp_request *r,
                       const struct rp_instruction *step)
{
    const size_t index = index_of(e, step);

    for (uint32_t i = 0; i < step->part_count; i++) {
        const struct rp_draw *const d = &step->draws[i];
        struct rp_cursor cursor = {.stream = d->first.stream,
                                   .number = r->number};
        const struct rp_moment moment = {
            .kind = RP_MOMENT_SPENDS,
            .at_ns = e->now_ns,
            .number = e->watched.number,
            .step = index,
            .part = e->net->steps[index].first_part + i,
            .span_ns =
                d->by_level
                    ? d->at[r->segment] + r->fraction * d->slope[r->segment]
                    : rp_sample_ns(&d->sampler, &e->ziggurat, &cursor),
            .process = e->watched.process};

        e->set->watch->tell(e->set->watch->context, &moment);
    }
}

/* Tell the steps from where it stood until before `until`. `r` is NULL where
 * the record is no longer its own: then no time passes in them. */
static void catch_up(struct rp_engine *e, const struct rp_request *r,
                     const struct rp_instruction *until)
{
    struct rp_watched *const w = &e->watched;

    for (; w->step < until; w->step++) {
        const enum rp_network_op op = (enum rp_network_op)w->step->op;

        if (!w->is_served)
            tell(e, RP_MOMENT_STEP, w->step);
        if (r && !w->has_drawn &&
            (op == RP_NETWORK_HOLD || op == RP_NETWORK_SERVE ||
             op == RP_NETWORK_RUN || op == RP_NETWORK_CALLBACK))
            tell_parts(e, r, w->step);
        if (op == RP_NETWORK_ANSWER) { /* what follows is nobody's wait */
            tell(e, RP_MOMENT_ANSWERED, w->step);
            e->is_watching = false;
            return;
        }
        w->is_served = w->queues = w->has_drawn = false;
    }
}

/* It stands at a station that shares or takes turns: served, or in the queue
 * for its next turn. */
static void look_at_service(struct rp_engine *e, const struct rp_request *r)
{
    struct rp_watched *const w = &e->watched;
    const bool queues = r->waits_at != RP_NOBODY;

    if (queues == w->queues && (queues || w->is_served))
        return;
    w->queues = queues;
    w->is_served = !queues;
    tell(e, queues ? RP_MOMENT_QUEUES : RP_MOMENT_STEP, w->step);
    if (!queues && !w->has_drawn) {
        tell_parts(e, r, w->step);
        w->has_drawn = true;
    }
}

/* While it holds, its step is the one after: it is not served there yet. */
static bool is_there(const struct rp_engine *e, const struct rp_request *r)
{
    const struct rp_instruction *const step = e->watched.step;
    const struct rp_place *const p =
        step->place ? rp_move_place_of(step, r) : NULL;

    if (r->waits_at != RP_NOBODY)
        return true;
    if (p && p->looping)
        return p->looping->running == e->watched.id;
    if (p && p->sharing)
        return rp_sharing_has(p->sharing, e->watched.id);
    return p && e->turns && e->turns[e->watched.id].serving;
}

static void look_at_queue(struct rp_engine *e, const struct rp_request *r)
{
    struct rp_watched *const w = &e->watched;

    if (w->step->op == RP_NETWORK_SERVE || w->step->op == RP_NETWORK_RUN ||
        w->step->op == RP_NETWORK_CALLBACK) {
        if (is_there(e, r))
            look_at_service(e, r);
    } else if (r->waits_at != RP_NOBODY && !w->queues) {
        w->queues = true;
        tell(e, RP_MOMENT_QUEUES, w->step);
    }
}

/* Its record, once it has begun. */
static void find(struct rp_engine *e)
{
    struct rp_watched *const w = &e->watched;

    if (e->set->watch->after_warm_up && !w->is_numbered) {
        if (e->stage == RP_WARMING_UP)
            return;
        w->number = e->sources[0].count;
        w->is_numbered = true;
    }
    if (e->sources[0].count <= w->number)
        return;
    for (uint32_t i = 0; i < e->request_count; i++) {
        const struct rp_request *const r = &e->requests[i];

        if (r->number == w->number && r->source->first_class == 0) {
            w->id = i;
            w->source = r->source;
            w->step = r->source->first_step;
            tell(e, RP_MOMENT_BEGINS, w->step);
            return;
        }
    }
    e->is_watching = false; /* it was gone at the instant at which it began */
}

void rp_engine_watch(struct rp_engine *e)
{
    e->is_watching = e->set->watch != NULL;
    e->watched = (struct rp_watched){.id = RP_NOBODY};
    if (e->is_watching)
        e->watched.number = e->set->watch->number;
}

/* The last step of its class is the answer. */
static const struct rp_instruction *last_step(const struct rp_engine *e)
{
    const size_t class_index = (size_t)(e->watched.source - e->sources);
    const struct rp_class *const c = &e->net->classes[class_index];

    return e->program + c->first_step + c->step_count - 1;
}

void rp_engine_look(struct rp_engine *e)
{
    struct rp_watched *const w = &e->watched;
    const struct rp_request *r;

    if (w->id == RP_NOBODY)
        find(e);
    if (w->id == RP_NOBODY)
        return;
    r = &e->requests[w->id];
    if (r->number != w->number) {
        catch_up(e, NULL, last_step(e));
        if (e->is_watching) /* its last step is the answer */
            tell(e, RP_MOMENT_ANSWERED, w->step);
        e->is_watching = false;
        return;
    }
    w->process = r->process;
    catch_up(e, r, r->step);
    if (e->is_watching)
        look_at_queue(e, r);
}

void rp_engine_watch_leaving(struct rp_engine *e, uint32_t id, bool has_left,
                             bool gives_up)
{
    struct rp_watched *const w = &e->watched;
    const struct rp_request *const r = &e->requests[id];

    if (w->id == RP_NOBODY)
        find(e);
    if (id != w->id)
        return;
    w->process = r->process;
    catch_up(e, r, r->step);
    tell(e, has_left ? RP_MOMENT_LEAVES : RP_MOMENT_TURNED_AWAY, r->step);
    w->step = w->source->arrive_step;
    w->is_served = w->queues = w->has_drawn = false;
    if (gives_up) {
        tell(e, RP_MOMENT_GIVES_UP, r->step);
        e->is_watching = false;
    }
}
