/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/running.h"

#include "sim/enginemoves.h"

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
    return rp_runtime_stretch(&e->net->runtime, &e->runtimes[r->process],
                              e->now_ns, framework_ns, own_ns);
}

/* What is left keeps the process busy until its end, if nobody else comes. */
static void next_slice(struct rp_engine *e, uint32_t id)
{
    struct rp_turn *const turn = &e->turns[id];
    struct rp_runtime_state *const state =
        &e->runtimes[e->requests[id].process];
    const uint64_t slice_ns = e->net->runtime.switch_ns;

    turn->slice_ns = turn->left_ns < slice_ns ? turn->left_ns : slice_ns;
    turn->serving = true;
    if (state->busy_until_ns < e->now_ns + turn->left_ns)
        state->busy_until_ns = e->now_ns + turn->left_ns;
    rp_move_at(e, e->now_ns + turn->slice_ns, id);
}

void rp_running_begin(struct rp_engine *e, uint32_t id, uint64_t span_ns)
{
    e->turns[id].left_ns = span_ns;
    next_slice(e, id);
}

/* The core first, which was taken last. Who queues for the lock stands at the
 * step that takes it; both may have been granted to others by then. */
static void offer(struct rp_engine *e, uint32_t id,
                  const struct rp_instruction *step)
{
    struct rp_request *const r = &e->requests[id];
    struct rp_place *const lock = rp_move_place_of(step - 2, r);

    rp_move_give(e, rp_move_place_of(step - 1, r));
    rp_move_give(e, lock);
    r->step = step - 2;
    rp_move_enqueue(e, id, lock);
}

bool rp_running_slice(struct rp_engine *e, uint32_t id,
                      const struct rp_instruction *step)
{
    struct rp_turn *const turn = &e->turns[id];

    if (!turn->serving) { /* it has the lock again */
        next_slice(e, id);
        return false;
    }
    turn->left_ns -= turn->slice_ns;
    turn->serving = false;
    if (turn->left_ns == 0)
        return true;
    if (rp_move_place_of(step - 2, &e->requests[id])->waiting > 0)
        offer(e, id, step);
    else
        next_slice(e, id);
    return false;
}

bool rp_running_step(struct rp_engine *e, uint32_t id,
                     const struct rp_instruction *step)
{
    struct rp_request *const r = &e->requests[id];
    const uint64_t switch_ns = e->net->runtime.switch_ns;
    const bool offers = step->place && switch_ns > 0;
    uint64_t span_ns;

    if (offers && e->turns[id].left_ns > 0)
        return rp_running_slice(e, id, step);
    span_ns = rp_to_ns(rp_running_draw(e, r, step));
    if (span_ns == 0)
        return true;
    if (offers && span_ns > switch_ns) {
        rp_running_begin(e, id, span_ns);
    } else {
        r->step = step + 1;
        rp_move_at(e, e->now_ns + span_ns, id);
    }
    return false;
}

bool rp_running_keeps(const struct rp_engine *e, uint64_t *since_ns)
{
    const uint64_t switch_ns = e->net->runtime.switch_ns;

    if (*since_ns == 0)
        *since_ns = e->now_ns;
    if (switch_ns == 0 || e->now_ns - *since_ns < switch_ns)
        return true;
    *since_ns = 0;
    return false;
}

/* Whoever is next stands at the step that takes the thread; it must be one that
 * takes the same lock and a core next. */
bool rp_running_pass(struct rp_engine *e, const struct rp_request *r,
                     const struct rp_instruction *step)
{
    struct rp_place *const thread = rp_move_place_of(step, r);
    const struct rp_place *const lock = rp_move_place_of(step + 2, r);
    const struct rp_instruction *next;
    struct rp_request *to;
    uint32_t id;

    if (thread->waiting == 0 || thread->queues ||
        !rp_running_keeps(e, &thread->kept_ns)) {
        thread->kept_ns = 0;
        return false;
    }
    to = &e->requests[thread->head];
    next = to->step;
    if (next[1].op != RP_NETWORK_TAKE || next[2].op != RP_NETWORK_TAKE ||
        next[3].op != RP_NETWORK_RUN || rp_move_place_of(&next[1], to) != lock)
        return false;
    id = rp_move_dequeue(e, thread);
    thread->visits++;
    to->step = next + 3;
    to->was_passed = true;
    rp_move_make_ready(e, id);
    return true;
}

void rp_running_allocate(struct rp_engine *e, const struct rp_request *r)
{
    const double others = e->process_count > 1
                              ? (double)rp_fewest_of(&e->in_process, r->process)
                              : rp_to_double(e->in_flight);

    rp_runtime_allocate(&e->net->runtime, &e->runtimes[r->process],
                        others + 1.0);
}
