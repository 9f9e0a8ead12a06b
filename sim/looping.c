/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/looping.h"

#include "sim/enginelife.h"
#include "sim/enginemoves.h"
#include "sim/running.h"

#include <stdlib.h>

/* The alarm; then take twice, dispatch, give twice, poll, and again. Without a
 * lock there is one less of each. */
enum { PROGRAM_ROOM = 7, FIRST_TAKE = 1 };

/* ---- Beginning ---- */

static struct rp_place *copy_of(const struct rp_engine *e, size_t station,
                                unsigned process)
{
    struct rp_place *const first = &e->places[e->first_place[station]];

    return e->net->stations[station].in_process ? first + process : first;
}

static void write_program(const struct rp_engine *e, struct rp_looping *loop,
                          struct rp_place *place, unsigned process)
{
    const struct rp_loop_plan *const plan = loop->plan;
    struct rp_place *const cores = copy_of(e, plan->cores, process);
    struct rp_place *const lock =
        plan->lock == RP_NO_STATION ? NULL : copy_of(e, plan->lock, process);
    struct rp_instruction *to = loop->program;

    cores->is_cores = true;

    *to++ = (struct rp_instruction){.op = RP_NETWORK_ALARM, .place = place};
    if (lock)
        *to++ = (struct rp_instruction){.op = RP_NETWORK_TAKE, .place = lock};
    *to++ = (struct rp_instruction){.op = RP_NETWORK_TAKE, .place = cores};
    *to++ = (struct rp_instruction){.op = RP_NETWORK_DISPATCH, .place = place};
    *to++ = (struct rp_instruction){.op = RP_NETWORK_GIVE, .place = cores};
    if (lock)
        *to++ = (struct rp_instruction){.op = RP_NETWORK_GIVE, .place = lock};
    *to = (struct rp_instruction){.op = RP_NETWORK_POLL, .place = place};
}

bool rp_looping_make(struct rp_engine *e)
{
    uint32_t next = 0;

    for (size_t i = 0; i < e->place_count; i++)
        e->loop_count += e->net->stations[e->places[i].station].discipline ==
                         RP_DISCIPLINE_LOOP;
    e->loops = calloc(e->loop_count + 1, sizeof *e->loops);
    e->loop_program = calloc((size_t)PROGRAM_ROOM * (e->loop_count + 1),
                             sizeof *e->loop_program);
    if (!e->loops || !e->loop_program)
        return false;
    for (size_t i = 0; i < e->place_count; i++) {
        struct rp_place *const p = &e->places[i];
        const struct rp_station *const s = &e->net->stations[p->station];

        if (s->discipline != RP_DISCIPLINE_LOOP)
            continue;
        p->looping = &e->loops[next];
        *p->looping = (struct rp_looping){
            .plan = &s->loop,
            .program = e->loop_program + (size_t)PROGRAM_ROOM * next++,
            .running = RP_NOBODY,
            .alarm_ns = RP_NEVER};
        write_program(e, p->looping, p,
                      (unsigned)(i - e->first_place[p->station]));
    }
    return true;
}

static uint32_t new_record(struct rp_engine *e, unsigned process,
                           const struct rp_instruction *step)
{
    const uint32_t id = e->request_count++;

    e->requests[id] = (struct rp_request){.number = UINT64_MAX,
                                          .source = &e->loop_source,
                                          .waits_at = RP_NOBODY,
                                          .process = process,
                                          .step = step};
    return id;
}

void rp_looping_start(struct rp_engine *e)
{
    e->loop_source.first_class = UINT16_MAX;
    for (size_t i = 0; i < e->place_count; i++) {
        struct rp_place *const p = &e->places[i];
        const unsigned process = (unsigned)(i - e->first_place[p->station]);

        if (!p->looping)
            continue;
        p->looping->alarm = new_record(e, process, p->looping->program);
        p->looping->thread =
            new_record(e, process, p->looping->program + FIRST_TAKE);
        p->looping->is_parked = true;
    }
}

/* ---- Polling ---- */

static void wake(struct rp_engine *e, struct rp_looping *loop)
{
    loop->is_parked = false;
    loop->alarm_ns = RP_NEVER;
    rp_move_make_ready(e, loop->thread);
}

/* The poll began with the time to the first timer, rounded up. */
static void set_alarm(struct rp_engine *e, struct rp_looping *loop)
{
    const uint64_t unit_ns =
        loop->plan->timer_ns > 0 ? loop->plan->timer_ns : 1;
    const uint64_t passed_ns = e->now_ns - loop->parked_ns;
    const uint64_t due_ns = loop->parked_ns + loop->plan->late_ns +
                            (passed_ns + unit_ns - 1) / unit_ns * unit_ns;

    if (due_ns == e->now_ns) {
        wake(e, loop);
    } else if (loop->alarm_ns == RP_NEVER) {
        loop->alarm_ns = due_ns;
        rp_move_at(e, due_ns, loop->alarm);
    }
}

void rp_looping_join(struct rp_engine *e, uint32_t id,
                     const struct rp_instruction *step)
{
    struct rp_place *const p = rp_move_place_of(step, &e->requests[id]);
    struct rp_looping *const loop = p->looping;

    rp_move_enqueue(e, id, p);
    loop->is_woken |= step->wake == RP_WAKE_THREAD;
    if (!loop->is_parked)
        return;
    if (step->wake == RP_WAKE_TIMER)
        set_alarm(e, loop);
    else
        wake(e, loop);
}

/* Whoever waits for the request, or watches it, knows the record that
 * answers. */
void rp_looping_split(struct rp_engine *e, uint32_t id,
                      const struct rp_instruction *step)
{
    const uint32_t rest = rp_life_record(e, e->requests[id].source);

    if (rest == RP_NOBODY)
        return;
    e->requests[rest] = e->requests[id];
    e->requests[rest].chose = false;
    e->requests[rest].serial = 0;
    e->requests[rest].step = step + 3;
    rp_move_make_ready(e, rest);
    e->requests[id].step = step + 1;
    rp_looping_join(e, id, step + 1);
}

void rp_looping_alarm(struct rp_engine *e, const struct rp_place *place)
{
    struct rp_looping *const loop = place->looping;

    /* an alarm of a poll that ended before is stale */
    if (loop->is_parked && loop->alarm_ns == e->now_ns)
        wake(e, loop);
}

bool rp_looping_poll(struct rp_engine *e, struct rp_looping *loop,
                     const struct rp_place *place)
{
    e->requests[loop->thread].step = loop->program + FIRST_TAKE;
    if (place->waiting > 0) {
        rp_move_make_ready(e, loop->thread);
        return false;
    }
    loop->is_parked = true;
    loop->parked_ns = e->now_ns;
    return false;
}

/* ---- Iterations ---- */

static uint64_t begin_iteration(struct rp_engine *e, struct rp_looping *loop,
                                struct rp_place *p)
{
    struct rp_request *const thread = &e->requests[loop->thread];
    struct rp_runtime_state *const state = &e->runtimes[thread->process];
    const double own_ns =
        loop->plan->iteration_ns +
        (loop->is_woken ? loop->plan->wakeup_ns : 0.0) +
        (thread->has_waited ? e->net->runtime.handover_ns : 0.0);

    loop->gate = p->waiting;
    loop->is_woken = thread->has_waited = false;
    loop->is_iterating = true;
    if (!loop->keeps) {
        rp_running_new_slice(e, loop->thread);
        rp_running_holds(e, loop->thread);
    }
    loop->keeps = false;
    rp_move_occupy(p, e->now_ns);
    state->added_ns[RP_ADDED_ITERATION] += own_ns;
    return rp_to_ns(
        rp_runtime_stretch(&e->net->runtime, state, e->now_ns, own_ns, 0.0));
}

/* What it asks for is known before the iteration ends. */
static void end_callback(struct rp_engine *e, struct rp_looping *loop)
{
    const uint32_t id = loop->running;
    const struct rp_instruction *step;

    if (id == RP_NOBODY)
        return;
    loop->running = RP_NOBODY;
    step = ++e->requests[id].step;
    if (step->op == RP_NETWORK_SPLIT)
        rp_looping_split(e, id, step);
    else
        rp_move_make_ready(e, id);
}

/* How long the next callback takes. */
static uint64_t next_callback(struct rp_engine *e, struct rp_looping *loop,
                              struct rp_place *p)
{
    const uint32_t id = rp_move_dequeue(e, p);
    struct rp_request *const r = &e->requests[id];

    loop->gate--;
    loop->running = id;
    return rp_to_ns(rp_running_draw(e, r, r->step));
}

/* Spend time as the loop's thread; false where it takes none. */
static bool spend(struct rp_engine *e, const struct rp_looping *loop,
                  uint64_t span_ns)
{
    if (span_ns == 0)
        return false;
    if (loop->plan->lock != RP_NO_STATION)
        rp_running_new_slice(e, loop->thread);
    if (!rp_running_slices(e, loop->thread, span_ns))
        rp_move_at(e, e->now_ns + span_ns, loop->thread);
    return true;
}

/* With more to do it keeps its lock, or where there is none its core. */
static bool goes_on(const struct rp_engine *e, struct rp_looping *loop,
                    const struct rp_place *p)
{
    if (p->waiting == 0 || !e->net->runtime.keeps)
        return false;
    loop->keeps = loop->plan->lock == RP_NO_STATION
                      ? rp_running_has_slice(e, loop->thread)
                      : rp_running_keeps(e, loop->thread);
    return loop->keeps;
}

bool rp_looping_dispatch(struct rp_engine *e, uint32_t thread,
                         struct rp_place *p)
{
    struct rp_looping *const loop = p->looping;

    if (e->turns && e->turns[thread].left_ns > 0 &&
        !rp_running_slice(e, thread, e->requests[thread].step))
        return false;
    if (!loop->is_iterating && spend(e, loop, begin_iteration(e, loop, p)))
        return false;
    end_callback(e, loop);
    while (loop->gate > 0) {
        if (spend(e, loop, next_callback(e, loop, p)))
            return false;
        end_callback(e, loop);
    }
    loop->is_iterating = false;
    rp_move_vacate(p, e->now_ns);
    if (goes_on(e, loop, p)) {
        rp_move_make_ready(e, thread); /* its poll ends at once */
        return false;
    }
    return true;
}
