/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/running.h"

#include "sim/enginemoves.h"

/* Of a request that others ran after. */
static double displaced_ns(struct rp_engine *e, const struct rp_request *r,
                           double framework_ns)
{
    struct rp_footprint *of;

    if (!e->footprints)
        return 0.0;
    of = &e->footprints[r - e->requests];
    if (of->begun_ns != r->begun_ns)
        *of = (struct rp_footprint){.begun_ns = r->begun_ns};
    return rp_runtime_displace(&e->net->runtime, &e->runtimes[r->process], of,
                               framework_ns);
}

double rp_running_draw(struct rp_engine *e, struct rp_request *r,
                       const struct rp_instruction *step)
{
    double framework_ns = 0.0, own_ns = 0.0;

    for (uint32_t i = 0; i < step->part_count; i++) {
        struct rp_instruction one = *step;
        double time_ns;

        one.draws += i;
        one.part_count = 1;
        if (one.draws->is_waking && r->was_passed)
            continue;
        time_ns = rp_move_draw_parts(e, r, &one);
        if (one.draws->is_own)
            own_ns += time_ns;
        else
            framework_ns += time_ns;
    }
    if (r->has_waited)
        framework_ns += e->net->runtime.handover_ns;
    r->was_passed = r->has_waited = false;
    framework_ns += displaced_ns(e, r, framework_ns);
    return rp_runtime_stretch(&e->net->runtime, &e->runtimes[r->process],
                              e->now_ns, framework_ns, own_ns);
}

/* ---- Slices ---- */

/* Code runs on a core alone, or with a lock that was taken before the core. */
static bool has_lock(const struct rp_instruction *step)
{
    if (step->op == RP_NETWORK_DISPATCH)
        return step->place->looping->plan->lock != RP_NO_STATION;
    return step->place != step[-1].place;
}

/* The step that took the first of what code runs with. */
static const struct rp_instruction *
first_take(const struct rp_instruction *step)
{
    return step - (has_lock(step) ? 2 : 1);
}

static uint64_t left_of_slice(const struct rp_engine *e, uint32_t id)
{
    const uint64_t slice_ns = e->net->runtime.switch_ns;
    const uint64_t had_ns = e->now_ns - e->turns[id].since_ns;

    return had_ns < slice_ns ? slice_ns - had_ns : 0;
}

void rp_running_new_slice(struct rp_engine *e, uint32_t id)
{
    if (e->turns)
        e->turns[id].since_ns = e->now_ns;
}

void rp_running_holds(struct rp_engine *e, uint32_t id)
{
    if (e->turns)
        e->turns[id].held_ns = e->now_ns;
}

bool rp_running_keeps(const struct rp_engine *e, uint32_t id)
{
    const uint64_t keeps_ns = e->net->runtime.keeps_ns;

    return !e->turns || keeps_ns == 0 ||
           e->now_ns - e->turns[id].held_ns < keeps_ns;
}

bool rp_running_has_slice(const struct rp_engine *e, uint32_t id)
{
    return e->net->runtime.switch_ns == 0 || left_of_slice(e, id) > 0;
}

/* What is left keeps the process busy until its end, if nobody else comes. */
static void next_slice(struct rp_engine *e, uint32_t id)
{
    struct rp_turn *const turn = &e->turns[id];
    struct rp_runtime_state *const state =
        &e->runtimes[e->requests[id].process];
    const uint64_t slice_ns = left_of_slice(e, id);

    turn->slice_ns = turn->left_ns < slice_ns ? turn->left_ns : slice_ns;
    turn->serving = true;
    if (state->busy_until_ns < e->now_ns + turn->left_ns)
        state->busy_until_ns = e->now_ns + turn->left_ns;
    rp_move_at(e, e->now_ns + turn->slice_ns, id);
}

bool rp_running_slices(struct rp_engine *e, uint32_t id, uint64_t span_ns)
{
    if (e->net->runtime.switch_ns == 0 || span_ns <= left_of_slice(e, id))
        return false;
    e->turns[id].left_ns = span_ns;
    next_slice(e, id);
    return true;
}

/* The core first, which was taken last. Who queues stands at the step that
 * takes the first of both; they may have been granted to others by then. */
static void offer(struct rp_engine *e, uint32_t id,
                  const struct rp_instruction *step)
{
    struct rp_request *const r = &e->requests[id];
    const struct rp_instruction *const first = first_take(step);
    struct rp_place *const queue = rp_move_place_of(first, r);

    for (const struct rp_instruction *taken = step - 1; taken >= first; taken--)
        rp_move_give(e, rp_move_place_of(taken, r));
    r->step = first;
    rp_move_enqueue(e, id, queue);
}

bool rp_running_slice(struct rp_engine *e, uint32_t id,
                      const struct rp_instruction *step)
{
    struct rp_turn *const turn = &e->turns[id];

    if (!turn->serving) { /* it has the lock again */
        rp_running_new_slice(e, id);
        rp_running_holds(e, id);
        next_slice(e, id);
        return false;
    }
    turn->left_ns -= turn->slice_ns;
    turn->serving = false;
    if (turn->left_ns == 0)
        return true;
    rp_running_new_slice(e, id);
    if (rp_move_place_of(first_take(step), &e->requests[id])->waiting > 0)
        offer(e, id, step);
    else
        next_slice(e, id);
    return false;
}

bool rp_running_step(struct rp_engine *e, uint32_t id,
                     const struct rp_instruction *step)
{
    struct rp_request *const r = &e->requests[id];
    const bool offers = step->place && e->turns;
    uint64_t span_ns;

    if (offers && e->turns[id].left_ns > 0)
        return rp_running_slice(e, id, step);
    if (offers && (has_lock(step) || !r->was_passed))
        rp_running_new_slice(e, id);
    if (offers && !r->was_passed)
        rp_running_holds(e, id);
    span_ns = rp_to_ns(rp_running_draw(e, r, step));
    if (span_ns == 0)
        return true;
    if (!offers || !rp_running_slices(e, id, span_ns)) {
        r->step = step + 1;
        rp_move_at(e, e->now_ns + span_ns, id);
    }
    return false;
}

/* ---- Keeping and passing on ---- */

/* How many steps after PASS give back what it passes on: the thread's is the
 * last of them. */
static unsigned passed_count(const struct rp_instruction *step)
{
    return step[2].place == step->place ? 2 : 3;
}

/* Whether whoever is next, who stands at the step that takes the thread, takes
 * the same (lock and) cores next, and runs. */
static bool takes_the_same(const struct rp_request *r,
                           const struct rp_request *to,
                           const struct rp_instruction *step)
{
    const unsigned count = passed_count(step);
    const struct rp_instruction *const next = to->step;

    for (unsigned k = 1; k < count; k++)
        if (next[k].op != RP_NETWORK_TAKE ||
            rp_move_place_of(&next[k], to) !=
                rp_move_place_of(&step[count - k], r))
            return false;
    return next[count].op == RP_NETWORK_RUN;
}

/* A lock that nobody else waits for is had again at once. */
static bool may_pass(const struct rp_engine *e, uint32_t id,
                     const struct rp_instruction *step,
                     const struct rp_place *thread)
{
    if (thread->waiting == 0 || thread->queues)
        return false;
    if (passed_count(step) == 2)
        return rp_running_has_slice(e, id);
    return rp_running_keeps(e, id) ||
           rp_move_place_of(&step[2], &e->requests[id])->waiting == 0;
}

unsigned rp_running_pass(struct rp_engine *e, uint32_t id,
                         const struct rp_instruction *step)
{
    struct rp_request *const r = &e->requests[id];
    struct rp_place *const thread = rp_move_place_of(step, r);
    struct rp_request *to;
    uint32_t next;

    if (!may_pass(e, id, step, thread))
        return 0;
    to = &e->requests[thread->head];
    if (!takes_the_same(r, to, step))
        return 0;
    next = rp_move_dequeue(e, thread);
    thread->visits++;
    to->step += passed_count(step);
    to->was_passed = true;
    if (e->turns) {
        e->turns[next].since_ns = e->turns[id].since_ns;
        e->turns[next].held_ns = e->turns[id].held_ns;
    }
    rp_move_make_ready(e, next);
    return passed_count(step);
}

void rp_running_allocate(struct rp_engine *e, const struct rp_request *r)
{
    const double others = e->process_count > 1
                              ? (double)rp_fewest_of(&e->in_process, r->process)
                              : rp_to_double(e->in_flight);

    rp_runtime_allocate(&e->net->runtime, &e->runtimes[r->process],
                        others + 1.0);
}
