/**
 * Moves: the small steps of the engine that several of its parts make.
 *
 * Putting an entry into the calendar, drawing what a hold takes, queueing. They
 * are small and hot, so they are inline. Not for users of the library: engine.h
 * is.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_SIM_ENGINEMOVES_H
#define RP_SIM_ENGINEMOVES_H

#include "sim/choice.h"
#include "sim/enginestate.h"

/* ---- The calendar ---- */

static inline void rp_move_at(struct rp_engine *e, uint64_t time_ns,
                              uint32_t owner)
{
    if (!rp_calendar_put(&e->calendar, time_ns, owner))
        e->out_of_memory = e->done = true;
}

/* ---- Holding ---- */

static inline void rp_move_note_longest(struct rp_draw *draw, double drawn_ns)
{
#ifndef NDEBUG
    if (drawn_ns > draw->longest_ns)
        draw->longest_ns = drawn_ns;
#else
    (void)draw, (void)drawn_ns;
#endif
}

static inline double rp_move_draw_parts(struct rp_engine *e,
                                        const struct rp_request *r,
                                        const struct rp_instruction *step)
{
    double total = 0.0;

    for (uint32_t i = 0; i < step->part_count; i++) {
        struct rp_draw *const d = &step->draws[i];
        const double time =
            d->by_level ? d->at[r->segment] + r->fraction * d->slope[r->segment]
                        : rp_lookahead_sample(&d->first, &d->sampler,
                                              &e->ziggurat, r->number);

        total += time;
        d->drawn_ns += time;
        rp_move_note_longest(d, time);
    }
    return total;
}

/* True where time passes, false where the hold is over at once. */
static inline bool rp_move_hold(struct rp_engine *e, const struct rp_request *r,
                                uint32_t id, const struct rp_instruction *step)
{
    const uint64_t span = rp_to_ns(rp_move_draw_parts(e, r, step));

    if (span == 0)
        return false;
    rp_move_at(e, e->now_ns + span, id);
    return true;
}

/* ---- Queues ----
 *
 * The instant and the records are arguments of what the plain loop does, which
 * has both at hand: from the engine they would be fetched again after every
 * store. */

static inline struct rp_place *
rp_move_place_of(const struct rp_instruction *step, const struct rp_request *r)
{
    return step->in_process ? step->place + r->process : step->place;
}

static inline void rp_move_append(struct rp_request *requests,
                                  struct rp_request *r, uint32_t id,
                                  uint32_t *head, uint32_t *tail, bool empty)
{
    r->next = RP_NOBODY;
    if (empty)
        *head = id;
    else
        requests[*tail].next = id;
    *tail = id;
}

/** To the end of the only queue. */
static inline void rp_move_enqueue_last(struct rp_request *requests,
                                        struct rp_request *r, uint32_t id,
                                        struct rp_place *p, uint64_t now_ns)
{
    r->waits_at = p->index;
    rp_area_come(&p->queue_area, now_ns);
    rp_move_append(requests, r, id, &p->head, &p->tail, p->waiting == 0);
    p->waiting++;
}

static inline void rp_move_enqueue(struct rp_engine *e, uint32_t id,
                                   struct rp_place *p)
{
    struct rp_request *const r = &e->requests[id];
    struct rp_queue *q;

    if (!p->queues) {
        rp_move_enqueue_last(e->requests, r, id, p, e->now_ns);
        return;
    }
    q = &p->queues[r->source->priority];
    r->waits_at = p->index;
    rp_area_come(&p->queue_area, e->now_ns);
    rp_move_append(e->requests, r, id, &q->head, &q->tail,
                   q->head == RP_NOBODY);
    p->waiting++;
}

/* Take somebody out of the middle of a queue: those that leave are near its
 * head, as they have waited longest. */
static inline void rp_move_unqueue(struct rp_engine *e, uint32_t id,
                                   struct rp_place *p)
{
    struct rp_request *const r = &e->requests[id];
    struct rp_queue *const q =
        p->queues ? &p->queues[r->source->priority] : NULL;
    uint32_t *const head = q ? &q->head : &p->head;
    uint32_t *const tail = q ? &q->tail : &p->tail;
    uint32_t before = RP_NOBODY, here = *head, at = 0;

    for (; here != id; at++) {
        before = here;
        here = e->requests[here].next;
    }
    if (p->looping && at < p->looping->gate)
        p->looping->gate--;
    if (before == RP_NOBODY)
        *head = r->next;
    else
        e->requests[before].next = r->next;
    if (*tail == id)
        *tail = before;
    r->waits_at = RP_NOBODY;
    rp_area_go(&p->queue_area, e->now_ns);
    p->waiting--;
}

/** Whoever came first; somebody waits. */
static inline uint32_t rp_move_dequeue_first(struct rp_request *requests,
                                             struct rp_place *p,
                                             uint64_t now_ns)
{
    const uint32_t id = p->head;

    p->head = requests[id].next;
    requests[id].waits_at = RP_NOBODY;
    rp_area_go(&p->queue_area, now_ns);
    p->waiting--;
    return id;
}

/** Whoever is next; somebody waits. */
static inline uint32_t rp_move_dequeue(struct rp_engine *e, struct rp_place *p)
{
    return p->has_choice ? rp_choice_next(e, p)
                         : rp_move_dequeue_first(e->requests, p, e->now_ns);
}

static inline void rp_move_make_ready(struct rp_engine *e, uint32_t id)
{
    rp_move_append(e->requests, &e->requests[id], id, &e->ready_head,
                   &e->ready_tail, e->ready_head == RP_NOBODY);
}

static inline void rp_move_occupy(struct rp_place *p, uint64_t now_ns)
{
    p->busy++;
    p->visits++;
    rp_area_come(&p->busy_area, now_ns);
}

static inline void rp_move_vacate(struct rp_place *p, uint64_t now_ns)
{
    p->busy--;
    rp_area_go(&p->busy_area, now_ns);
}

/* The server goes straight to whoever is next, who mostly holds it at once;
 * what else there is to do waits until the giver has gone on. */
static inline void rp_move_give(struct rp_engine *e, struct rp_place *p)
{
    struct rp_request *r;
    uint32_t id;

    if (p->waiting == 0) {
        rp_move_vacate(p, e->now_ns);
        return;
    }
    id = rp_move_dequeue(e, p);
    p->visits++;
    r = &e->requests[id];
    if (p->is_lock)
        r->has_waited = true;
    r->step++;
    if (r->step->op == RP_NETWORK_HOLD) {
        r->step++;
        if (rp_move_hold(e, r, id, r->step - 1))
            return;
    }
    rp_move_make_ready(e, id);
}

#endif
