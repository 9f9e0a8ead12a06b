/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/engine.h"

#include "sim/choice.h"
#include "sim/enginelife.h"
#include "sim/engineplain.h"
#include "sim/looping.h"
#include "sim/retry.h"
#include "sim/running.h"

#include <math.h>

/* ---- Requests ---- */

/* Places that share own numbers below those of the sources. */
static uint32_t owner_of_place(const struct rp_engine *e,
                               const struct rp_place *p)
{
    return e->first_shared + (uint32_t)(p - e->places);
}

/* The client has its answer, and the server has work left with the request: a
 * closed client begins anew with a record of its own. Records may move then, so
 * the one that stays goes on from the ready list. */
static void go_on(struct rp_engine *e, uint32_t id)
{
    const struct rp_source *const s = e->requests[id].source;

    if (--e->ends_left == 0)
        rp_engine_next_stage(e);
    if (s->closed) {
        const uint32_t anew = rp_life_record(e, &e->sources[s->first_class]);

        if (anew == RP_NOBODY)
            return;
        rp_life_begin(e, &e->requests[anew]);
        rp_move_at(e, e->now_ns, anew);
    }
    rp_move_make_ready(e, id);
}

/* The process with the fewest requests. The search begins at another one for
 * each request, so that ties are shared out. */
static void choose(struct rp_engine *e, struct rp_request *r)
{
    r->process = rp_fewest_find(&e->in_process,
                                (uint32_t)(r->number % e->process_count));
    r->chose = true;
    rp_fewest_add(&e->in_process, r->process);
}

/* ---- Leaving early ---- */

static void try_again(struct rp_engine *e, uint32_t id)
{
    struct rp_request *const r = &e->requests[id];

    r->step = r->source->arrive_step;
    rp_move_at(e, e->now_ns + rp_retry_pause_ns(e, r, r->attempts), id);
    r->attempts++;
}

/* Its patience is over, and it is still where that matters. */
static bool wants_to_leave(const struct rp_request *r)
{
    return r->overdue && r->step < r->source->stay_step;
}

/* The attempt is over: what it holds goes back, last taken first. */
static void leave_early(struct rp_engine *e, uint32_t id)
{
    struct rp_request *const r = &e->requests[id];
    const struct rp_source *const s = r->source;
    const struct rp_holding *const h = &e->holdings[r->step - e->program];

    if (e->is_watching)
        rp_engine_watch_leaving(e, id, wants_to_leave(r),
                                r->attempts >= s->retries);
    for (uint32_t i = h->count; i-- > 0;)
        rp_move_give(e,
                     rp_move_place_of(&e->program[e->held[h->first + i]], r));
    if (r->chose)
        rp_fewest_drop(&e->in_process, r->process);
    r->chose = r->overdue = false;
    r->serial = 0;
    rp_life_note_begun(e, -r->begun_ns);
    rp_area_go(&e->flight_area, e->now_ns);
    e->in_flight--;
    if (r->attempts < s->retries) {
        try_again(e, id);
        return;
    }
    rp_retry_give_up(e, r);
    rp_life_end(e, id);
}

bool rp_engine_queue_up(struct rp_engine *e, uint32_t id, struct rp_place *p)
{
    struct rp_request *const r = &e->requests[id];
    struct rp_class_stats *const stats = r->source->stats;

    if (!wants_to_leave(r) && p->waiting < p->queue_max) {
        rp_move_enqueue(e, id, p);
        if (p->is_cores && e->runtimes[r->process].wanted_ns == 0)
            e->runtimes[r->process].wanted_ns = e->now_ns;
        return true;
    }
    if (wants_to_leave(r))
        stats->left++;
    else
        stats->turned_away++;
    leave_early(e, id);
    return false;
}

/* ---- Stations that share ---- */

/* The entry of a place in the calendar is the end of its first job; an entry
 * whose time is not that any more is stale, and nothing happens then. Whoever
 * comes and is not first to end changes nothing: many that come while servers
 * are free would fill the calendar with the same entry. */
static void plan_end(struct rp_engine *e, struct rp_place *p)
{
    const uint64_t due_ns = rp_sharing_due_ns(p->sharing);

    if (due_ns == p->due_ns)
        return;
    p->due_ns = due_ns;
    if (due_ns != UINT64_MAX)
        rp_move_at(e, due_ns, owner_of_place(e, p));
}

static void join_sharing(struct rp_engine *e, uint32_t id, struct rp_place *p,
                         double work_ns)
{
    if (!rp_sharing_add(p->sharing, e->now_ns, work_ns, id)) {
        e->out_of_memory = e->done = true;
        return;
    }
    p->visits++;
    if (p->sharing->count <= p->servers) {
        p->busy++;
        rp_area_come(&p->busy_area, e->now_ns);
    } else { /* what it costs to share: jobs beyond the servers x time */
        p->waiting++;
        rp_area_come(&p->queue_area, e->now_ns);
    }
    plan_end(e, p);
}

static void end_shared(struct rp_engine *e, struct rp_place *p)
{
    const uint32_t id = rp_sharing_take(p->sharing, e->now_ns);

    if (p->sharing->count < p->servers) {
        rp_move_vacate(p, e->now_ns);
    } else {
        p->waiting--;
        rp_area_go(&p->queue_area, e->now_ns);
    }
    e->requests[id].step++;
    rp_move_make_ready(e, id);
    p->due_ns = UINT64_MAX; /* that entry is used up */
    plan_end(e, p);
}

/* ---- Stations that take turns ---- */

static void begin_slice(struct rp_engine *e, uint32_t id,
                        const struct rp_place *p)
{
    struct rp_turn *const turn = &e->turns[id];

    turn->slice_ns =
        turn->left_ns < p->quantum_ns ? turn->left_ns : p->quantum_ns;
    turn->serving = true;
    rp_move_at(e, e->now_ns + turn->slice_ns, id);
}

static void pass_turn(struct rp_engine *e, struct rp_place *p)
{
    if (p->waiting > 0) {
        p->visits++;
        begin_slice(e, rp_move_dequeue(e, p), p);
    } else {
        rp_move_vacate(p, e->now_ns);
    }
}

/* Somebody whose slice has ended goes to the end of the queue, if there is one
 * and its patience is not over; true where its work is done. */
static bool end_slice(struct rp_engine *e, uint32_t id, struct rp_place *p)
{
    struct rp_turn *const turn = &e->turns[id];
    const struct rp_request *const r = &e->requests[id];

    turn->left_ns -= turn->slice_ns;
    turn->serving = false;
    if (turn->left_ns > 0 && p->waiting == 0) {
        begin_slice(e, id, p);
        return false;
    }
    if (turn->left_ns > 0 && wants_to_leave(r)) {
        pass_turn(e, p);
        r->source->stats->left++;
        leave_early(e, id);
        return false;
    }
    if (turn->left_ns > 0)
        rp_move_enqueue(e, id, p);
    pass_turn(e, p);
    return turn->left_ns == 0;
}

/* What is turned away draws nothing: no time of it is in the account. */
static void ask_for_turn(struct rp_engine *e, uint32_t id, struct rp_place *p,
                         const struct rp_instruction *step)
{
    struct rp_turn *const turn = &e->turns[id];
    const bool is_free = p->busy < p->servers;

    if (!is_free && !rp_engine_queue_up(e, id, p))
        return;
    turn->left_ns = rp_to_ns(rp_move_draw_parts(e, &e->requests[id], step));
    if (turn->left_ns == 0)
        turn->left_ns = 1;
    if (is_free) {
        rp_move_occupy(p, e->now_ns);
        begin_slice(e, id, p);
    }
}

/* True where the request goes on at once. */
static bool serve_step(struct rp_engine *e, uint32_t id,
                       const struct rp_instruction *step)
{
    struct rp_request *const r = &e->requests[id];
    struct rp_place *const p = rp_move_place_of(step, r);

    if (p->sharing) {
        join_sharing(e, id, p, rp_move_draw_parts(e, r, step));
        return false;
    }
    if (e->turns[id].serving)
        return end_slice(e, id, p);
    ask_for_turn(e, id, p, step);
    return false;
}

/* ---- Walking ---- */

/* What was allocated brings collections nearer; and there may be work left. */
static RP_NEVER_INLINE void answer_more(struct rp_engine *e, uint32_t id,
                                        const struct rp_instruction *step)
{
    struct rp_request *const r = &e->requests[id];
    const bool is_last = step->is_split || step + 1 == r->source->end_step;

    if (e->allocates)
        rp_running_allocate(e, r);
    if (is_last) {
        rp_life_end(e, id);
        return;
    }
    r->step = step + 1;
    go_on(e, id);
}

/* The steps of code and of loops: the last one that was taken, or NULL where
 * the request stops. Out of the way of plain queues, which have none. */
static RP_NEVER_INLINE const struct rp_instruction *
run_code(struct rp_engine *e, uint32_t id, const struct rp_instruction *step)
{
    struct rp_request *const r = &e->requests[id];

    r->step = step;
    switch (step->op) {
    case RP_NETWORK_RUN:
        return rp_running_step(e, id, step) ? step : NULL;
    case RP_NETWORK_CALLBACK:
        rp_looping_join(e, id, step);
        return NULL;
    case RP_NETWORK_PASS:
        return step + rp_running_pass(e, id, step);
    case RP_NETWORK_SPLIT:
        rp_looping_split(e, id, step);
        return NULL;
    case RP_NETWORK_END:
        rp_life_free(e, id);
        return NULL;
    case RP_NETWORK_POLL:
        r->step = step + 1;
        return rp_looping_poll(e, step->place->looping, step->place) ? step
                                                                     : NULL;
    case RP_NETWORK_DISPATCH:
        return rp_looping_dispatch(e, id, step->place) ? step : NULL;
    default: /* RP_NETWORK_ALARM, and no other is sent here */
        rp_looping_alarm(e, step->place);
        return NULL;
    }
}

/* Walk as far as it goes without time passing. The step is kept at hand and
 * written to the request where it stops. Inlined by force where the first entry
 * is served: half of the time of a plain queue would else be spent in the call
 * and in fetching again what is at hand. */
static inline RP_ALWAYS_INLINE void walk(struct rp_engine *e, uint32_t id)
{
    struct rp_request *r = &e->requests[id];
    const struct rp_instruction *step = r->step;
    struct rp_place *p;

    for (;; step++)
        switch ((enum rp_network_op)step->op) {
        case RP_NETWORK_ARRIVE:
            rp_life_arrive(e, r, id);
            break;
        case RP_NETWORK_CHOOSE:
            choose(e, r);
            break;
        case RP_NETWORK_TAKE:
            p = rp_move_place_of(step, r);
            if (p->busy == p->servers) {
                r->step = step;
                (void)rp_engine_queue_up(e, id, p);
                return;
            }
            rp_move_occupy(p, e->now_ns);
            break;
        case RP_NETWORK_GIVE:
            rp_move_give(e, rp_move_place_of(step, r));
            break;
        case RP_NETWORK_HOLD:
            r->step = step + 1;
            if (rp_move_hold(e, r, id, step))
                return;
            break;
        case RP_NETWORK_SERVE:
            r->step = step;
            if (!serve_step(e, id, step))
                return;
            break;
        case RP_NETWORK_ANSWER:
            rp_life_answer(e, r);
            if (step->has_more) {
                answer_more(e, id, step);
                return;
            }
            rp_life_end(e, id);
            return;
        case RP_NETWORK_RUN:
        case RP_NETWORK_CALLBACK:
        case RP_NETWORK_PASS:
        case RP_NETWORK_SPLIT:
        case RP_NETWORK_END:
        case RP_NETWORK_POLL:
        case RP_NETWORK_DISPATCH:
        case RP_NETWORK_ALARM:
            step = run_code(e, id, step);
            if (!step)
                return;
            r = &e->requests[id]; /* records may have moved */
            break;
        }
}

static uint32_t next_ready(struct rp_engine *e)
{
    const uint32_t id = e->ready_head;

    if (id != RP_NOBODY)
        e->ready_head = e->requests[id].next;
    return id;
}

void rp_engine_walk(struct rp_engine *e, uint32_t id)
{
    walk(e, id);
}

void rp_engine_drain(struct rp_engine *e)
{
    while (e->ready_head != RP_NOBODY && !e->done)
        walk(e, next_ready(e));
}

/* An entry of a place that shares is the end of its first job, unless somebody
 * came since: then it is stale, and the clock does not move to it. */
static void serve_place(struct rp_engine *e, struct rp_place *p,
                        uint64_t time_ns)
{
    if (p->due_ns != time_ns)
        return;
    e->now_ns = time_ns;
    end_shared(e, p);
}

/* A new request of an open class. */
static inline void serve_source(struct rp_engine *e, uint32_t owner,
                                uint64_t time_ns)
{
    struct rp_source *const s = &e->sources[RP_CALENDAR_OWNER_MAX - owner];
    uint32_t id;

    e->now_ns = time_ns;
    id = rp_life_next(e, s);
    if (id == RP_NOBODY)
        return;
    rp_life_begin(e, &e->requests[id]);
    walk(e, id);
}

static inline void serve_first(struct rp_engine *e, rp_calendar_key first)
{
    const uint64_t time_ns = rp_calendar_time_of(first);
    const uint32_t owner = rp_calendar_owner_of(first);

    if (first == e->calendar.beside)
        rp_calendar_take_beside(&e->calendar);
    else
        rp_calendar_take(&e->calendar);
    if (owner < e->first_shared) {
        e->now_ns = time_ns;
        walk(e, owner);
    } else if (owner >= e->first_source) {
        serve_source(e, owner, time_ns);
    } else {
        serve_place(e, &e->places[owner - e->first_shared], time_ns);
    }
    if (e->ready_head != RP_NOBODY)
        rp_engine_drain(e);
}

/* ---- What lies between two entries of the calendar ---- */

static bool is_dead(const struct rp_engine *e, const struct rp_deadline *d)
{
    return e->requests[d->owner].serial != d->serial;
}

/* The earliest deadline that is alive, of all classes; dead ones on the way are
 * dropped. */
static struct rp_deadlines *first_deadlines(struct rp_engine *e)
{
    struct rp_deadlines *found = NULL;

    for (size_t i = 0; i < e->net->class_count; i++) {
        struct rp_deadlines *const all = &e->sources[i].deadlines;

        while (all->count > 0 && is_dead(e, rp_deadlines_first(all)))
            rp_deadlines_drop(all);
        if (all->count > 0 && (!found || rp_deadlines_first(all)->due_ns <
                                             rp_deadlines_first(found)->due_ns))
            found = all;
    }
    return found;
}

/* Whoever waits in a queue leaves it; who is served learns that it is late. */
static void pass_deadline(struct rp_engine *e, struct rp_deadlines *deadlines)
{
    const struct rp_deadline d = *rp_deadlines_first(deadlines);
    struct rp_request *const r = &e->requests[d.owner];

    rp_deadlines_drop(deadlines);
    e->now_ns = d.due_ns;
    r->overdue = true;
    if (r->waits_at == RP_NOBODY || !wants_to_leave(r))
        return;
    rp_move_unqueue(e, d.owner, &e->places[r->waits_at]);
    r->source->stats->left++;
    leave_early(e, d.owner);
    rp_engine_drain(e);
}

static void pass_stage(struct rp_engine *e)
{
    e->now_ns = e->stage_ns;
    e->stage_ns = RP_NEVER;
    rp_engine_next_stage(e);
}

/* Pass the stages and deadlines before `time_ns`. Those at that very instant
 * come after the entry: what was granted then is not lost. Where a request is
 * watched the next instant is always waited for, so that all of this one can be
 * seen before it; where none is, watching costs nothing. */
static void pass_instants(struct rp_engine *e, uint64_t time_ns)
{
    for (;;) {
        struct rp_deadlines *deadlines;
        uint64_t due_ns;

        if (e->is_watching)
            rp_engine_look(e);
        deadlines = first_deadlines(e);
        due_ns = deadlines ? rp_deadlines_first(deadlines)->due_ns : RP_NEVER;
        e->watch_ns = due_ns < e->stage_ns ? due_ns : e->stage_ns;
        if (e->done || e->watch_ns >= time_ns) {
            if (e->is_watching)
                e->watch_ns = time_ns;
            return;
        }
        if (deadlines && due_ns < e->stage_ns)
            pass_deadline(e, deadlines);
        else
            pass_stage(e);
        if (rp_calendar_time(&e->calendar) < time_ns)
            time_ns = rp_calendar_time(&e->calendar);
    }
}

/* Every class is at the end of its trace, and everybody was answered. */
static bool is_exhausted(const struct rp_engine *e)
{
    return rp_calendar_is_empty(&e->calendar) && e->in_flight == 0 &&
           e->ended == e->net->class_count;
}

static enum rp_code all_wait(const struct rp_engine *e, struct rp_error *error)
{
    return rp_fail(error, RP_ERR_UNSTABLE,
                   "after %llu answers nothing can happen any more: %llu "
                   "requests wait for each other",
                   (unsigned long long)e->answers,
                   (unsigned long long)e->in_flight);
}

/* Nothing is planned, and nobody's patience will end. */
static bool is_over(struct rp_engine *e)
{
    return rp_calendar_is_empty(&e->calendar) && !first_deadlines(e) &&
           (e->in_flight > 0 || e->stage_ns == RP_NEVER);
}

static enum rp_code run(struct rp_engine *e, struct rp_error *error)
{
    while (!e->done) {
        /* an empty calendar says UINT64_MAX, which is beyond every instant */
        const rp_calendar_key first = rp_calendar_first(&e->calendar);
        const uint64_t time_ns = rp_calendar_time_of(first);

        if (time_ns > e->watch_ns) {
            if (is_exhausted(e))
                break;
            if (is_over(e))
                return all_wait(e, error);
            pass_instants(e, time_ns);
            continue;
        }
        if (e->is_plain && !e->is_watching)
            rp_engine_plain(e);
        else
            serve_first(e, first);
    }
    if (e->is_watching)
        rp_engine_look(e);
    return e->out_of_memory
               ? rp_fail(error, RP_ERR_MEMORY,
                         "out of memory with %llu requests in flight",
                         (unsigned long long)e->in_flight)
               : RP_OK;
}

/* ---- Beginning and end ---- */

/* Closed clients begin at once, in their order; an open class after its first
 * gap. */
static void start_sources(struct rp_engine *e)
{
    for (size_t c = 0; c < e->net->class_count; c++) {
        const struct rp_class *const class = &e->net->classes[c];
        struct rp_source *const s = &e->sources[c];

        if (class->source == RP_SOURCE_SHARED) {
            e->ended++; /* it has no arrivals of its own */
            continue;
        }
        if (class->source == RP_SOURCE_OPEN) {
            if (!e->source_beside)
                e->source_beside = s;
            rp_life_announce(e, s);
            continue;
        }
        for (unsigned i = 0; i < class->clients; i++) {
            const uint32_t id = rp_life_record(e, s);
            rp_life_begin(e, &e->requests[id]);
            rp_move_at(e, 0, id);
        }
    }
}

static void begin(struct rp_engine *e)
{
    e->in_flight_max =
        e->set->in_flight_max ? e->set->in_flight_max : RP_DEFAULT_IN_FLIGHT;
    e->stage_ns = e->watch_ns = RP_NEVER;
    e->ends_left = e->set->warm_up;
    if (e->set->warm_up == 0)
        rp_engine_measure(e);
    rp_engine_watch(e);
    rp_looping_start(e);
    e->watch_ns = e->is_watching ? 0 : e->stage_ns;
    start_sources(e);
}

enum rp_code rp_engine_go(struct rp_engine *engine, struct rp_error *error)
{
    begin(engine);
    return run(engine, error);
}
