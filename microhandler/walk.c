/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "microhandler/walk.h"

#include "microhandler/burn.h"
#include "microhandler/requestthread.h"
#include "microhandler/ticks.h"
#include "model/charges.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static void go_on_in_thread(void *owner);
static void go_on_in_loop(void *owner);
static void take_turn(void *owner);
static void begin_in_inner_loop(void *owner);

/* ---- What was spent ---- */

static const struct rp_step *step_of(const struct rp_walk *w)
{
    return &w->course->program->steps[w->step];
}

/* This thread has the walk now. What it did since it was free was done to get
 * it: waking up, taking the job and the GIL. */
static void arrive(struct rp_walk *w)
{
    const uint64_t *const since = w->job.free_since;

    w->mark_ns = (int64_t)(since ? *since : rp_ticks_cpu()) - w->credit_ns;
}

/* The walk is about to go to another thread. */
static void depart(struct rp_walk *w)
{
    const uint64_t now = rp_ticks_cpu();

    w->credit_ns = (int64_t)now - w->mark_ns;
    if (w->job.free_since)
        *w->job.free_since = now;
}

/* The time until now went into steps of that kind. */
static void book(struct rp_walk *w, enum rp_op op)
{
    const uint64_t now = rp_ticks_now();
    const uint64_t elapsed = now - w->step_began_ns;
    struct rp_metrics *const m = w->places->metrics;
    const uint64_t net =
        elapsed > w->step_gil_ns ? elapsed - w->step_gil_ns : 0;

    w->step_ns[op] += net;
    w->gil_ns += w->step_gil_ns;
    atomic_fetch_add_explicit(&m->step_ns[op], net, memory_order_relaxed);
    atomic_fetch_add_explicit(&m->gil_ns, w->step_gil_ns, memory_order_relaxed);
    w->step_gil_ns = 0;
    w->step_began_ns = now;
}

static void end_step(struct rp_walk *w, enum rp_op op)
{
    book(w, op);
    atomic_fetch_add_explicit(&w->places->metrics->steps[op], 1,
                              memory_order_relaxed);
}

static double amount_ns(struct rp_walk *w)
{
    return rp_course_step_ns(w->course, w->step, w->level, &w->luck);
}

/* What a price leaves over when all that this thread did for the request is
 * counted; more than the price goes on to the next one. */
static void burn_rest(struct rp_walk *w, double price_ns)
{
    w->mark_ns += (int64_t)price_ns;
    if (w->mark_ns > 0)
        w->step_gil_ns += rp_burn_until((uint64_t)w->mark_ns, w->places->gil);
}

static void burn_price(struct rp_walk *w)
{
    if (step_of(w)->item != RP_ITEM_NONE)
        burn_rest(w, amount_ns(w));
}

/* Of a crossing between the server's loop and a thread: this side's part. */
static void burn_side(struct rp_walk *w)
{
    double side_ns;

    if (step_of(w)->item == RP_ITEM_NONE)
        return;
    side_ns = amount_ns(w) / RP_SIDES_OF_CROSSING;
    w->owed_ns = side_ns;
    burn_rest(w, side_ns);
}

/* And the other side's. */
static void burn_owed(struct rp_walk *w)
{
    const double owed_ns = w->owed_ns;

    w->owed_ns = 0.0;
    if (owed_ns > 0.0)
        burn_rest(w, owed_ns);
}

static void burn_own(struct rp_walk *w)
{
    const uint64_t before = rp_ticks_cpu();
    const double amount = amount_ns(w);

    if (amount > 0.0)
        w->step_gil_ns +=
            rp_burn_until(before + (uint64_t)amount, w->places->gil);
    w->mark_ns += (int64_t)(rp_ticks_cpu() - before);
}

/* ---- A request's own threads ---- */

static void start_context(struct rp_walk *w)
{
    struct rp_error error;

    rp_metrics_add(w->places->metrics, RP_COUNT_THREADS, 1);
    while (rp_crew_begin(&w->context, 1, 1, w->places->gil, &error)) {
        rp_crew_end(&w->context);
        rp_ticks_sleep_until(rp_ticks_now() + 1000000);
    }
}

static void *join_context(void *owner)
{
    struct rp_walk *const w = owner;

    rp_crew_end(&w->context);
    rp_evloop_post(w->loop, &w->job);
    return NULL;
}

/* The context thread is joined by another thread, the loop is free meanwhile.
 * Always in the loop; the walk is not ours afterwards. */
static void start_joiner(struct rp_walk *w)
{
    burn_price(w);
    w->step++;
    w->joins = true;
    w->pending = RP_STEP_CPU;
    w->job.run = go_on_in_loop;
    depart(w);
    rp_request_thread_start(&w->joiner, join_context, w, w->places->metrics);
}

/* ---- Turns of the server's loop ---- */

static bool is_server_loop(const struct rp_walk *w,
                           const struct rp_evloop *loop)
{
    return loop != NULL && loop == w->places->loop;
}

/* The walk goes on in a turn that comes, and is not ours until then. */
static void wait_for_turn(struct rp_walk *w, void (*then)(void *owner))
{
    w->job.run = then;
    depart(w);
    rp_evloop_post(w->loop, &w->job);
}

/* True: there is a turn to come before the step is over. */
static bool burn_in_turns(struct rp_walk *w)
{
    burn_rest(w, amount_ns(w) / RP_TURNS_BEFORE);
    if (++w->turn < RP_TURNS_BEFORE) {
        wait_for_turn(w, take_turn);
        return true;
    }
    w->turn = 0;
    return false;
}

/* The turn that a thread asked for, or a timer; the task that it wakes has the
 * next one. */
static void be_woken(void *owner)
{
    struct rp_walk *const w = owner;

    arrive(w);
    burn_owed(w);
    wait_for_turn(w, go_on_in_loop);
}

static void burn(struct rp_walk *w)
{
    const enum rp_item item = step_of(w)->item;

    if (item == RP_ITEM_NONE) {
        burn_own(w);
        return;
    }
    if (item == RP_ITEM_THREAD_CONTEXT)
        start_context(w);
    burn_price(w);
}

/* ---- sync_to_async: from a loop to a thread ---- */

/* The queue of the thread that is blocked in the innermost async_to_sync. */
static struct rp_handoff *caller_of(struct rp_walk *w)
{
    for (size_t i = w->depth; i-- > 0;)
        if (w->frames[i].cross == RP_CROSS_A2S)
            return &w->frames[i].executor;
    assert(!"a caller's thread without an async_to_sync around it");
    return NULL;
}

static void hand_to_thread(struct rp_walk *w, enum rp_place place)
{
    struct rp_metrics *const m = w->places->metrics;

    switch (place) {
    case RP_PLACE_SENSITIVE:
        rp_metrics_add(m, RP_COUNT_S2A_SENSITIVE, 1);
        rp_crew_push(&w->places->sensitive, &w->job);
        return;
    case RP_PLACE_CONTEXT:
        rp_metrics_add(m, RP_COUNT_S2A_CONTEXT, 1);
        rp_crew_push(&w->context, &w->job);
        return;
    case RP_PLACE_POOL:
        rp_metrics_add(m, RP_COUNT_S2A_POOL, 1);
        rp_crew_push(&w->places->pool, &w->job);
        return;
    case RP_PLACE_CALLER:
        rp_metrics_add(m, RP_COUNT_S2A_CALLER, 1);
        (void)rp_handoff_push(caller_of(w), &w->job);
        return;
    case RP_PLACE_WORKER:
    case RP_PLACE_LOOP:
    case RP_PLACE_INNER_LOOP:
    case RP_PLACE_OUTER_LOOP:
        assert(!"sync_to_async goes to a thread");
    }
}

/* In a loop; the walk is not ours afterwards. */
static void enter_thread(struct rp_walk *w)
{
    const enum rp_place place = step_of(w)->place;
    struct rp_frame *const frame = &w->frames[w->depth++];

    frame->cross = RP_CROSS_S2A;
    frame->loop = w->loop;
    if (is_server_loop(w, w->loop))
        burn_side(w);
    else
        burn_price(w);
    w->step++;
    w->pending = RP_STEP_ENTER;
    w->job.run = go_on_in_thread;
    w->loop = NULL;
    depart(w);
    hand_to_thread(w, place);
}

/* In a thread; the walk is not ours afterwards. */
static void leave_thread(struct rp_walk *w)
{
    struct rp_evloop *const loop = w->frames[w->depth - 1].loop;
    const bool in_turns = is_server_loop(w, loop);

    if (in_turns)
        burn_side(w);
    else
        burn_price(w);
    w->step++;
    w->depth--;
    w->pending = RP_STEP_LEAVE;
    w->job.run = in_turns ? be_woken : go_on_in_loop;
    w->loop = loop;
    depart(w);
    rp_evloop_post(loop, &w->job);
}

/* ---- async_to_sync: from a thread to a loop ---- */

/* Which loop runs already. */
static struct rp_evloop *running_loop(struct rp_walk *w, enum rp_place place)
{
    if (place == RP_PLACE_LOOP)
        return w->places->loop;
    for (size_t i = w->depth; i-- > 0;)
        if (w->frames[i].cross == RP_CROSS_S2A)
            return w->frames[i].loop;
    assert(!"an outer loop without a sync_to_async around it");
    return NULL;
}

/* The walk is not ours afterwards, but for the frame. */
static void hand_to_loop(struct rp_walk *w, struct rp_frame *frame,
                         enum rp_place place)
{
    struct rp_metrics *const m = w->places->metrics;

    if (place == RP_PLACE_INNER_LOOP) {
        rp_metrics_add(m, RP_COUNT_A2S_NEW, 1);
        w->job.run = begin_in_inner_loop;
        frame->inner = (struct rp_innerloop){.gil = w->places->gil,
                                             .metrics = m,
                                             .job = &w->job,
                                             .back = &frame->executor};
        rp_innerloop_begin(&frame->inner);
        return;
    }
    rp_metrics_add(
        m, place == RP_PLACE_LOOP ? RP_COUNT_A2S_LOOP : RP_COUNT_A2S_OUTER, 1);
    w->job.run = place == RP_PLACE_LOOP ? be_woken : go_on_in_loop;
    w->loop = running_loop(w, place);
    rp_evloop_post(w->loop, &w->job);
}

/* The answer: run by the caller, out of its own queue. */
static void finish_call(void *owner)
{
    struct rp_walk *const w = owner;

    w->frames[w->depth - 1].finished = true;
}

/* In a thread: blocked, without the GIL, but for what comes to be served. */
static void serve_until_finished(struct rp_frame *frame, struct rp_gil *gil,
                                 uint64_t *free_since)
{
    while (!frame->finished) {
        struct rp_job *job;

        rp_gil_drop(gil);
        job = rp_handoff_pop(&frame->executor);
        (void)rp_gil_take(gil);
        job->free_since = free_since;
        job->run(job->owner);
    }
}

/* In a thread, which is held until the bracket is left. */
static void call_loop(struct rp_walk *w)
{
    const enum rp_place place = step_of(w)->place;
    const bool makes_loop = place == RP_PLACE_INNER_LOOP;
    struct rp_frame *const frame = &w->frames[w->depth++];
    struct rp_gil *const gil = w->places->gil;
    uint64_t *const own_since = w->job.free_since;
    uint64_t before, starting, called_since;

    if (place == RP_PLACE_LOOP)
        burn_side(w);
    else
        burn_price(w);
    frame->cross = RP_CROSS_A2S;
    frame->finished = false;
    w->step++;
    w->pending = RP_STEP_ENTER;
    depart(w);
    before = rp_ticks_cpu();
    hand_to_loop(w, frame, place);
    called_since = rp_ticks_cpu();
    starting = called_since - before;

    serve_until_finished(frame, gil, &called_since);
    w->credit_ns += (int64_t)starting;
    arrive(w);
    w->job.free_since = own_since;
    if (makes_loop) {
        rp_innerloop_join(&frame->inner);
        w->mark_ns -= (int64_t)frame->inner.closing_ns;
    }
    burn_owed(w);
    w->depth--;
    end_step(w, RP_STEP_LEAVE);
}

/* In the loop that was called; the walk is not ours afterwards. */
static void answer_call(struct rp_walk *w)
{
    struct rp_frame *const frame = &w->frames[w->depth - 1];
    const bool made_loop = step_of(w)->place == RP_PLACE_INNER_LOOP;

    if (step_of(w)->place == RP_PLACE_LOOP)
        burn_side(w);
    else
        burn_price(w);
    w->step++;
    w->job.run = finish_call;
    w->loop = NULL;
    depart(w);
    if (made_loop)
        rp_innerloop_end(&frame->inner); /* its thread pushes the answer */
    else
        (void)rp_handoff_push(&frame->executor, &w->job);
}

/* ---- Waits and resources ---- */

static void sleep_in_thread(struct rp_walk *w)
{
    const double amount = amount_ns(w);
    const uint64_t until = rp_ticks_now() + (uint64_t)amount;

    if (amount <= 0.0)
        return;
    rp_gil_drop(w->places->gil);
    rp_ticks_sleep_until(until);
    w->step_gil_ns += rp_gil_take(w->places->gil);
}

/* True: the walk is suspended, and not ours any more. */
static bool sleep_in_loop(struct rp_walk *w)
{
    const double amount = amount_ns(w);

    if (amount <= 0.0)
        return false;
    w->alarm.due_ns = rp_ticks_now() + (uint64_t)amount;
    w->alarm.job.run = is_server_loop(w, w->loop) ? be_woken : go_on_in_loop;
    w->alarm.job.owner = w; /* in the same loop, so it is as free */
    w->pending = RP_STEP_WAIT;
    w->step++;
    depart(w);
    if (rp_evloop_set(w->loop, &w->alarm, NULL) == RP_OK)
        return true;
    /* Out of descriptors or memory: the wait is kept, the loop is not free. */
    rp_evloop_unhold(w->loop);
    rp_ticks_sleep_until(w->alarm.due_ns);
    (void)rp_evloop_hold(w->loop);
    w->step--;
    return false;
}

static void grant(void *owner)
{
    struct rp_walk *const w = owner;

    if (w->loop) {
        rp_evloop_post(w->loop, &w->job);
        return;
    }
    (void)pthread_mutex_lock(&w->mutex);
    w->has_unit = true;
    (void)pthread_cond_signal(&w->granted);
    (void)pthread_mutex_unlock(&w->mutex);
}

static struct rp_stock *stock_of(const struct rp_walk *w)
{
    return &w->places->stocks[step_of(w)->resource];
}

static void take_in_thread(struct rp_walk *w)
{
    w->has_unit = false;
    if (rp_stock_take(stock_of(w), &w->waiter))
        return;
    rp_gil_drop(w->places->gil);
    (void)pthread_mutex_lock(&w->mutex);
    while (!w->has_unit)
        (void)pthread_cond_wait(&w->granted, &w->mutex);
    (void)pthread_mutex_unlock(&w->mutex);
    w->step_gil_ns += rp_gil_take(w->places->gil);
}

/* True: the walk is suspended, and not ours any more. */
static bool take_in_loop(struct rp_walk *w)
{
    struct rp_stock *const stock = stock_of(w);

    w->pending = RP_STEP_TAKE;
    w->job.run = go_on_in_loop;
    w->step++;
    depart(w);
    if (!rp_stock_take(stock, &w->waiter))
        return true;
    w->step--;
    return false;
}

/* ---- Walking ---- */

static void leave_mark(struct rp_walk *w)
{
    if (w->trail)
        w->trail[w->step] = pthread_self();
}

static bool at_end(const struct rp_walk *w)
{
    return w->step == w->course->program->step_count;
}

/* Until the bracket that the thread was entered by is left: then the walk is
 * not ours any more. Or until the end. */
static void run_in_thread(struct rp_walk *w)
{
    while (!at_end(w)) {
        const struct rp_step *const step = step_of(w);

        leave_mark(w);
        switch (step->op) {
        case RP_STEP_CPU:
            burn(w);
            break;
        case RP_STEP_WAIT:
            sleep_in_thread(w);
            break;
        case RP_STEP_ENTER:
            call_loop(w);
            continue;
        case RP_STEP_LEAVE:
            leave_thread(w);
            return;
        case RP_STEP_TAKE:
            take_in_thread(w);
            break;
        case RP_STEP_GIVE:
            rp_stock_give(stock_of(w));
            break;
        }
        end_step(w, step->op);
        w->step++;
    }
}

static bool is_base(const struct rp_walk *w)
{
    return step_of(w)->item == w->course->base;
}

static void finish_in_loop(struct rp_walk *w)
{
    if (w->joins)
        (void)pthread_join(w->joiner, NULL);
    if (w->context.threads) {
        rp_evloop_unhold(w->loop);
        rp_crew_end(&w->context);
        (void)rp_evloop_hold(w->loop);
    }
    w->host.done(w->host.owner);
}

/* ---- The answer ---- */

static bool is_due(const struct rp_walk *w)
{
    return w->course->answers && !w->answered &&
           w->step == w->course->program->answer_step;
}

/* True: nothing follows, and the walk ends in a turn of its own, which is
 * behind those that the host asks for to let the answer leave. */
static bool answer(struct rp_walk *w)
{
    burn_rest(w, rp_course_behind_ns(w->course, w->level));
    book(w, RP_STEP_CPU);
    w->answered = true;
    w->host.answered(w->host.owner);
    if (!at_end(w))
        return false;
    wait_for_turn(w, take_turn);
    return true;
}

/* Until it is suspended or handed over: then the walk is not ours any more. */
static void run_in_loop(struct rp_walk *w)
{
    const struct rp_step *step;

    for (;;) {
        if (is_due(w) && answer(w))
            return;
        if (at_end(w))
            break;
        step = step_of(w);
        leave_mark(w);
        switch (step->op) {
        case RP_STEP_CPU:
            if (step->item == RP_ITEM_THREAD_JOIN) {
                start_joiner(w);
                return;
            }
            if (is_base(w) && is_server_loop(w, w->loop)) {
                if (burn_in_turns(w))
                    return;
                break;
            }
            burn(w);
            break;
        case RP_STEP_WAIT:
            if (sleep_in_loop(w))
                return;
            break;
        case RP_STEP_ENTER:
            enter_thread(w);
            return;
        case RP_STEP_LEAVE:
            answer_call(w);
            return;
        case RP_STEP_TAKE:
            if (take_in_loop(w))
                return;
            break;
        case RP_STEP_GIVE:
            rp_stock_give(stock_of(w));
            break;
        }
        end_step(w, step->op);
        w->step++;
    }
    finish_in_loop(w);
}

static void take_turn(void *owner)
{
    struct rp_walk *const w = owner;

    arrive(w);
    run_in_loop(w);
}

static void go_on_in_thread(void *owner)
{
    struct rp_walk *const w = owner;

    arrive(w);
    burn_owed(w);
    end_step(w, w->pending);
    run_in_thread(w);
}

static void go_on_in_loop(void *owner)
{
    struct rp_walk *const w = owner;

    arrive(w);
    end_step(w, w->pending);
    run_in_loop(w);
}

/* All that its thread did, from birth, was done for this request. */
static void begin_in_inner_loop(void *owner)
{
    struct rp_walk *const w = owner;

    w->loop = w->frames[w->depth - 1].inner.loop;
    w->mark_ns = -w->credit_ns;
    end_step(w, w->pending);
    run_in_loop(w);
}

/* ---- Beginning ---- */

static void begin(struct rp_walk *w, const struct rp_errand *errand)
{
    w->course = errand->course;
    w->step = 0;
    w->depth = 0;
    w->joins = false;
    w->answered = false;
    w->turn = 0;
    w->owed_ns = 0.0;
    w->job.priority = errand->course->priority;
    w->luck = (struct rp_luck){.seed = errand->seed, .request = errand->number};
    w->level = rp_luck_uniform(&w->luck);
    memset(w->step_ns, 0, sizeof w->step_ns);
    w->gil_ns = 0;
    w->step_gil_ns = 0;
    w->credit_ns = errand->spent_cpu_ns;
    w->started_ns = w->step_began_ns = rp_ticks_now();
    w->job.free_since = NULL;
    arrive(w);
}

void rp_walk_in_thread(struct rp_walk *walk, const struct rp_errand *errand)
{
    begin(walk, errand);
    walk->loop = NULL;
    run_in_thread(walk);
}

void rp_walk_in_loop(struct rp_walk *walk, const struct rp_errand *errand,
                     const struct rp_walk_host *host)
{
    begin(walk, errand);
    walk->loop = walk->places->loop;
    walk->host = *host;
    walk->job.free_since = rp_evloop_free_since(walk->loop);
    run_in_loop(walk);
}

enum rp_code rp_walk_init(struct rp_walk *walk, struct rp_places *places,
                          size_t deepest, struct rp_error *error)
{
    enum rp_code code = RP_OK;

    *walk = (struct rp_walk){.places = places};
    walk->job.owner = walk;
    walk->waiter = (struct rp_waiter){.granted = grant, .owner = walk};
    walk->frames = calloc(deepest + 1, sizeof *walk->frames);
    if (!walk->frames)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for requests");
    if (pthread_mutex_init(&walk->mutex, NULL) ||
        pthread_cond_init(&walk->granted, NULL))
        code = rp_fail(error, RP_ERR_MEMORY, "no room for a lock");
    for (size_t i = 0; i < deepest && !code; i++) {
        code = rp_handoff_init(&walk->frames[i].executor, error);
        walk->frame_count += !code;
    }
    return code;
}

void rp_walk_free(struct rp_walk *walk)
{
    if (!walk->frames)
        return;
    for (size_t i = 0; i < walk->frame_count; i++)
        rp_handoff_free(&walk->frames[i].executor);
    free(walk->frames);
    (void)pthread_cond_destroy(&walk->granted);
    (void)pthread_mutex_destroy(&walk->mutex);
    *walk = (struct rp_walk){0};
}

/* ---- After the answer ---- */

void rp_walk_after(const struct rp_walk *walk)
{
    struct rp_metrics *const m = walk->places->metrics;
    const double after_ns = rp_course_after_ns(walk->course, walk->level);
    const uint64_t before = rp_ticks_cpu();

    if (!(after_ns > 0.0))
        return;
    (void)rp_burn_until(before + (uint64_t)after_ns, walk->places->gil);
    rp_metrics_add(m, RP_COUNT_AFTER, 1);
    atomic_fetch_add_explicit(&m->after_ns, rp_ticks_cpu() - before,
                              memory_order_relaxed);
}
