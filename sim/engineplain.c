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

static void mark_class(struct rp_source *source, struct rp_instruction *step,
                       const struct rp_instruction *end)
{
    bool may_choose = false;

    for (; step < end; step++) {
        if (step->op == RP_NETWORK_ARRIVE)
            step->plain = RP_PLAIN_ARRIVE;
        if (step->op == RP_NETWORK_CHOOSE)
            may_choose = true;
        if (step->op == RP_NETWORK_ANSWER && !step->has_more)
            step->plain =
                may_choose || source->closed || source->patience_ns > 0
                    ? RP_PLAIN_ANSWER
                    : RP_PLAIN_LAST;
        if (is_visit(step, end)) {
            step[0].plain = RP_PLAIN_VISIT;
            step[0].draws = step[1].draws;
            step[2].plain = RP_PLAIN_LEAVE;
        }
    }
    source->is_bare = source->arrivals.spacing == RP_SPACING_GAPS &&
                      !source->closed && !source->draws_first &&
                      source->first_step->plain == RP_PLAIN_ARRIVE;
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
        case RP_NETWORK_SPLIT:
        case RP_NETWORK_END:
        case RP_NETWORK_POLL:
        case RP_NETWORK_DISPATCH:
        case RP_NETWORK_ALARM:
            e->is_plain = false;
        }
    for (size_t c = 0; e->is_plain && c < e->net->class_count; c++) {
        const struct rp_class *const class = &e->net->classes[c];

        mark_class(&e->sources[c], e->program + class->first_step,
                   e->program + class->first_step + class->step_count);
    }
}

/* ---- The loop ---- */

/* The instant and the request are handed on as arguments: what is read from the
 * engine has to be read again after every store. What is rare is called, so
 * that the compiler has its registers for what is not: the loop is half as long
 * again where all of this is in it. */

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

static RP_NEVER_INLINE double draw(struct rp_engine *e, struct rp_draw *d,
                                   uint64_t number)
{
    return rp_lookahead_draw(&d->first, &d->sampler, &e->ziggurat, number);
}

/* The server is granted; true where time passes. The request stands behind the
 * hold then, as after a HOLD. */
static inline bool serve(struct rp_engine *e, struct rp_request *r, uint32_t id,
                         const struct rp_instruction *visit, uint64_t now_ns)
{
    struct rp_draw *const d = visit->draws;
    const double time = rp_lookahead_has(&d->first, r->number)
                            ? rp_lookahead_of(&d->first, r->number)
                            : draw(e, d, r->number);
    const uint64_t span = rp_to_ns(time);

    r->step = visit + 2;
    d->drawn_ns += time;
    rp_move_note_longest(d, time);
    if (span == 0)
        return false;
    rp_move_at(e, now_ns + span, id);
    return true;
}

/* As rp_move_give(), where whoever waits mostly waits for a visit. */
static inline void leave(struct rp_engine *e, struct rp_place *p,
                         uint64_t now_ns)
{
    struct rp_request *r;
    uint32_t id;

    if (p->waiting == 0) {
        rp_move_vacate(p, now_ns);
        return;
    }
    id = p->head;
    r = &e->requests[id];
    if (r->step->plain != RP_PLAIN_VISIT) {
        give(e, p);
        return;
    }
    (void)rp_move_dequeue_first(e->requests, p, now_ns);
    p->visits++;
    if (!serve(e, r, id, r->step, now_ns))
        make_ready(e, id);
}

/* The same after a hold of no time, which is rare. */
static RP_NEVER_INLINE void leave_at_once(struct rp_engine *e,
                                          struct rp_place *p)
{
    leave(e, p, e->now_ns);
}

static inline void wait(struct rp_engine *e, struct rp_request *r, uint32_t id,
                        struct rp_place *p, uint64_t now_ns)
{
    if (r->overdue || p->waiting >= p->queue_max)
        (void)rp_engine_queue_up(e, id, p);
    else
        rp_move_enqueue_last(e->requests, r, id, p, now_ns);
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

/* The same of a class of which nobody chose a process, is late or comes back;
 * and as nobody watches here, nobody has to see that the request is gone. */
static inline void end_last(struct rp_engine *e, struct rp_request *r,
                            uint32_t id, uint64_t now_ns)
{
    rp_life_count(e, r, now_ns);
    r->next = e->free_head;
    e->free_head = id;
    if (--e->ends_left == 0)
        rp_engine_next_stage(e);
}

/* Walk on from `step`. */
static inline RP_ALWAYS_INLINE void go_on(struct rp_engine *e,
                                          struct rp_request *r, uint32_t id,
                                          const struct rp_instruction *step,
                                          uint64_t now_ns)
{
    for (; step->plain == RP_PLAIN_VISIT; step += 3) {
        struct rp_place *const p = step->place;

        if (p->busy == p->servers) {
            r->step = step;
            wait(e, r, id, p, now_ns);
            return;
        }
        rp_move_occupy(p, now_ns);
        if (serve(e, r, id, step, now_ns))
            return;
        leave_at_once(e, p);
    }
    if (step->plain == RP_PLAIN_LAST) {
        end_last(e, r, id, now_ns);
    } else if (step->plain == RP_PLAIN_ANSWER) {
        end(e, r, id);
    } else {
        r->step = step;
        rp_engine_walk(e, id);
    }
}

/* A request stands where it begins, or where it goes on after a hold that was
 * none of a visit. */
static RP_NEVER_INLINE void begin_other(struct rp_engine *e, uint32_t id)
{
    struct rp_request *const r = &e->requests[id];
    const struct rp_instruction *step = r->step;

    if (step->plain == RP_PLAIN_ARRIVE) {
        rp_life_arrive(e, r, id);
        step++;
    }
    go_on(e, r, id, step, e->now_ns);
}

/* A new request of a class whose arrivals are not both beside the others and
 * bare; it comes from the calendar as `id`. */
static RP_NEVER_INLINE void begin_source(struct rp_engine *e,
                                         struct rp_source *s)
{
    const uint32_t id = rp_life_next(e, s);

    if (id == RP_NOBODY)
        return;
    rp_life_begin(e, &e->requests[id]);
    begin_other(e, id);
}

/* A new request of a bare class whose arrivals are beside the others: that
 * which comes next takes the place of this one there. */
static inline RP_ALWAYS_INLINE void
begin_bare(struct rp_engine *e, struct rp_source *s, uint64_t now_ns)
{
    const uint32_t id = rp_life_record(e, s);
    struct rp_request *r;

    if (id == RP_NOBODY)
        return;
    r = &e->requests[id];
    rp_calendar_replace_beside(
        &e->calendar, now_ns + rp_arrivals_gap(&s->arrivals, &e->ziggurat),
        s->owner);
    rp_life_check_room(e);
    rp_life_clear(r);
    r->number = s->count++;
    r->begun_ns = now_ns;
    rp_life_come(e, r, now_ns);
    if (s->patience_ns > 0)
        rp_life_set_deadline(e, id);
    go_on(e, r, id, s->first_step + 1, now_ns);
}

static inline void serve_beside(struct rp_engine *e, uint64_t now_ns)
{
    struct rp_source *const s = e->source_beside;

    e->now_ns = now_ns;
    if (s->is_bare) {
        begin_bare(e, s, now_ns);
    } else {
        rp_calendar_take_beside(&e->calendar);
        begin_source(e, s);
    }
}

static inline void serve_top(struct rp_engine *e, uint64_t now_ns)
{
    const uint32_t id = rp_calendar_owner_of(rp_calendar_top(&e->calendar));
    struct rp_request *const r = &e->requests[id];

    e->now_ns = now_ns;
    rp_calendar_take(&e->calendar);
    if (id >= e->first_source) {
        begin_source(e, &e->sources[RP_CALENDAR_OWNER_MAX - id]);
    } else if (r->step->plain == RP_PLAIN_LEAVE) {
        const struct rp_instruction *const step = r->step;

        leave(e, step->place, now_ns);
        go_on(e, r, id, step + 1, now_ns);
    } else {
        begin_other(e, id);
    }
}

void rp_engine_plain(struct rp_engine *e)
{
    while (!e->done) {
        if (rp_calendar_beside_is_first(&e->calendar)) {
            const uint64_t now_ns = rp_calendar_time_of(e->calendar.beside);

            if (now_ns > e->watch_ns)
                return;
            serve_beside(e, now_ns);
        } else {
            const uint64_t now_ns =
                rp_calendar_time_of(rp_calendar_top(&e->calendar));

            if (now_ns > e->watch_ns)
                return;
            serve_top(e, now_ns);
        }
        if (e->ready_head != RP_NOBODY)
            rp_engine_drain(e);
    }
}
