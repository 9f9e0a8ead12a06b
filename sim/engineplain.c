/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/engineplain.h"

#include "sim/enginelife.h"

/* ---- What a step is ---- */

static bool is_fifo(const struct rp_place *p)
{
    return !p->has_choice && !p->is_lock && !p->sharing && !p->looping;
}

/* A class's own steps are all behind `step` up to `end`. */
static bool is_visit(const struct rp_instruction *step,
                     const struct rp_instruction *end)
{
    return end - step > 3 && step[0].op == RP_NETWORK_TAKE &&
           step[1].op == RP_NETWORK_HOLD && step[2].op == RP_NETWORK_GIVE &&
           step[0].place == step[2].place && !step[0].in_process &&
           is_fifo(step[0].place) && step[1].part_count == 1 &&
           !step[1].draws->by_level;
}

static void mark_class(struct rp_instruction *step,
                       const struct rp_instruction *end)
{
    for (; step < end; step++) {
        if (step->op == RP_NETWORK_ARRIVE)
            step->plain = RP_PLAIN_ARRIVE;
        if (step->op == RP_NETWORK_ANSWER && !step->has_more)
            step->plain = RP_PLAIN_ANSWER;
        if (is_visit(step, end)) {
            step[0].plain = RP_PLAIN_VISIT;
            step[0].draws = step[1].draws;
            step[2].plain = RP_PLAIN_LEAVE;
        }
    }
}

/* Stations that share have entries of their own, and code keeps an account of
 * who runs. */
void rp_engine_plain_make(struct rp_engine *e)
{
    e->is_plain = e->shared_count == 0 && !e->turns && !e->allocates;
    for (size_t i = 0; i < e->net->step_count; i++)
        switch (e->net->steps[i].op) {
        case RP_NETWORK_ARRIVE:
        case RP_NETWORK_CHOOSE:
        case RP_NETWORK_TAKE:
        case RP_NETWORK_GIVE:
        case RP_NETWORK_HOLD:
        case RP_NETWORK_ANSWER:
            break;
        case RP_NETWORK_SERVE:
        case RP_NETWORK_RUN:
        case RP_NETWORK_CALLBACK:
        case RP_NETWORK_PASS:
        case RP_NETWORK_END:
        case RP_NETWORK_POLL:
        case RP_NETWORK_DISPATCH:
        case RP_NETWORK_ALARM:
            e->is_plain = false;
        }
    for (size_t c = 0; e->is_plain && c < e->net->class_count; c++) {
        const struct rp_class *const class = &e->net->classes[c];

        mark_class(e->program + class->first_step,
                   e->program + class->first_step + class->step_count);
    }
}

/* ---- The loop ---- */

/* What is rare is called, so that the compiler has its registers for what is
 * not: the loop is half as long again where all of this is in it. */

static RP_NEVER_INLINE void give(struct rp_engine *e, struct rp_place *p)
{
    rp_move_give(e, p);
}

static RP_NEVER_INLINE void make_ready(struct rp_engine *e, uint32_t id)
{
    rp_move_make_ready(e, id);
}

static RP_NEVER_INLINE void begin_anew(struct rp_engine *e, uint32_t id)
{
    rp_life_begin(e, &e->requests[id]);
    rp_move_at(e, e->now_ns, id);
}

/* One of a class whose arrivals are not beside. */
static RP_NEVER_INLINE uint32_t begin_other(struct rp_engine *e, uint32_t owner)
{
    const uint32_t id =
        rp_life_next(e, &e->sources[RP_CALENDAR_OWNER_MAX - owner]);

    if (id != RP_NOBODY)
        rp_life_begin(e, &e->requests[id]);
    return id;
}

/* The server is granted; true where time passes. The request stands behind the
 * hold then, as after a HOLD. */
static inline bool serve(struct rp_engine *e, struct rp_request *r, uint32_t id,
                         const struct rp_instruction *visit)
{
    struct rp_draw *const d = visit->draws;
    const double time =
        rp_lookahead_sample(&d->first, &d->sampler, &e->ziggurat, r->number);
    const uint64_t span = rp_to_ns(time);

    r->step = visit + 2;
    d->drawn_ns += time;
    rp_move_note_longest(d, time);
    if (span == 0)
        return false;
    rp_move_at(e, e->now_ns + span, id);
    return true;
}

/* As rp_move_give(), where whoever waits mostly waits for a visit. */
static inline void leave(struct rp_engine *e, struct rp_place *p)
{
    struct rp_request *r;
    uint32_t id;

    if (p->waiting == 0) {
        rp_move_vacate(e, p);
        return;
    }
    id = p->head;
    r = &e->requests[id];
    if (r->step->plain != RP_PLAIN_VISIT) {
        give(e, p);
        return;
    }
    (void)rp_move_dequeue_first(e, p);
    p->visits++;
    if (!serve(e, r, id, r->step))
        make_ready(e, id);
}

/* The same after a hold of no time, which is rare. */
static RP_NEVER_INLINE void leave_at_once(struct rp_engine *e,
                                          struct rp_place *p)
{
    leave(e, p);
}

static inline void wait(struct rp_engine *e, struct rp_request *r, uint32_t id,
                        struct rp_place *p)
{
    if (r->overdue || p->waiting >= p->queue_max)
        (void)rp_engine_queue_up(e, id, p);
    else
        rp_move_enqueue_last(e, id, p);
}

static inline void end(struct rp_engine *e, struct rp_request *r, uint32_t id)
{
    rp_life_answer(e, r);
    if (--e->ends_left == 0)
        rp_engine_next_stage(e);
    if (r->source->closed)
        begin_anew(e, id);
    else
        rp_life_free(e, id);
}

/* Walk on from `step`. */
static inline RP_ALWAYS_INLINE void go_on(struct rp_engine *e, uint32_t id,
                                          const struct rp_instruction *step)
{
    struct rp_request *const r = &e->requests[id];

    for (; step->plain == RP_PLAIN_VISIT; step += 3) {
        struct rp_place *const p = step->place;

        if (p->busy == p->servers) {
            r->step = step;
            wait(e, r, id, p);
            return;
        }
        rp_move_occupy(e, p);
        if (serve(e, r, id, step))
            return;
        leave_at_once(e, p);
    }
    if (step->plain == RP_PLAIN_ANSWER) {
        end(e, r, id);
    } else {
        r->step = step;
        rp_engine_walk(e, id);
    }
}

/* The step behind ARRIVE, where the request stands there. */
static inline const struct rp_instruction *arrive(struct rp_engine *e,
                                                  uint32_t id)
{
    struct rp_request *const r = &e->requests[id];
    const struct rp_instruction *const step = r->step;

    if (step->plain != RP_PLAIN_ARRIVE)
        return step;
    rp_life_arrive(e, r, id);
    return step + 1;
}

/* A new request of the class whose arrival is beside the others; RP_NOBODY
 * where there is no room. */
static inline uint32_t begin_beside(struct rp_engine *e)
{
    struct rp_source *const s = e->source_beside;
    const uint32_t id = rp_life_record(e, s);

    if (id == RP_NOBODY)
        return RP_NOBODY;
    if (s->arrivals.spacing == RP_SPACING_GAPS)
        rp_calendar_put_beside(
            &e->calendar,
            e->now_ns + rp_arrivals_gap(&s->arrivals, &e->ziggurat), s->owner);
    else
        rp_life_announce_spaced(e, s);
    rp_life_check_room(e);
    rp_life_begin(e, &e->requests[id]);
    return id;
}

void rp_engine_plain(struct rp_engine *e)
{
    while (!e->done) {
        const rp_calendar_key top = rp_calendar_top(&e->calendar);
        const rp_calendar_key beside = e->calendar.beside;
        const struct rp_instruction *step;
        uint32_t id;

        if (beside < top) {
            if (rp_calendar_time_of(beside) > e->watch_ns)
                return;
            e->now_ns = rp_calendar_time_of(beside);
            rp_calendar_take_beside(&e->calendar);
            id = begin_beside(e);
            if (id == RP_NOBODY)
                return;
            step = arrive(e, id);
        } else {
            if (rp_calendar_time_of(top) > e->watch_ns)
                return;
            e->now_ns = rp_calendar_time_of(top);
            rp_calendar_take(&e->calendar);
            id = rp_calendar_owner_of(top);
            if (id >= e->first_source) {
                id = begin_other(e, id);
                if (id == RP_NOBODY)
                    return;
            }
            step = e->requests[id].step;
            if (step->plain == RP_PLAIN_LEAVE) {
                leave(e, step->place);
                step++;
            } else {
                step = arrive(e, id);
            }
        }
        go_on(e, id, step);
        if (e->ready_head != RP_NOBODY)
            rp_engine_drain(e);
    }
}
