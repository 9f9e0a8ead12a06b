/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "microhandler/evloop.h"

#include "microhandler/ticks.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>
#include <uv.h>

struct rp_evloop {
    uv_loop_t uv;
    uv_async_t wake;     /* somebody posted */
    uv_prepare_t before; /* polling */
    uv_poll_t timer;     /* on timer_fd */
    int timer_fd;        /* -1: nothing was put off yet */
    struct rp_gil *gil;  /* borrowed, or NULL */
    bool held;           /* the GIL, by this thread */
    uint64_t turn;
    uint64_t free_since; /* of its jobs */
    pthread_mutex_t mutex;
    struct rp_lanes inbox; /* posted jobs; under the mutex */
    size_t alarm_count, alarm_capacity;
    struct rp_alarm **alarms; /* a heap, the next one first */
};

uint64_t rp_evloop_hold(struct rp_evloop *loop)
{
    if (loop->held)
        return 0;
    loop->held = true;
    return rp_gil_take(loop->gil);
}

void rp_evloop_unhold(struct rp_evloop *loop)
{
    if (loop->held)
        rp_gil_drop(loop->gil);
    loop->held = false;
}

uint64_t *rp_evloop_free_since(struct rp_evloop *loop)
{
    return &loop->free_since;
}

/* ---- Posted jobs ---- */

static size_t count_posted(struct rp_evloop *loop)
{
    size_t count;

    (void)pthread_mutex_lock(&loop->mutex);
    count = loop->inbox.count;
    (void)pthread_mutex_unlock(&loop->mutex);
    return count;
}

static struct rp_job *next_posted(struct rp_evloop *loop)
{
    struct rp_job *job;

    (void)pthread_mutex_lock(&loop->mutex);
    job = rp_lanes_pop(&loop->inbox);
    (void)pthread_mutex_unlock(&loop->mutex);
    return job;
}

/* What is posted meanwhile is of the next turn, as in asyncio: its post has
 * sent for one. */
static void on_wake(uv_async_t *handle)
{
    struct rp_evloop *const loop = handle->data;
    struct rp_job *job;
    size_t ready = count_posted(loop);

    while (ready-- > 0 && (job = next_posted(loop)) != NULL) {
        (void)rp_evloop_hold(loop);
        job->free_since = &loop->free_since;
        job->run(job->owner);
    }
}

void rp_evloop_post(struct rp_evloop *loop, struct rp_job *job)
{
    /* The wake is sent under the mutex: the loop cannot have run the job, and
     * been closed because of it, before the handle is done with. */
    (void)pthread_mutex_lock(&loop->mutex);
    rp_lanes_push(&loop->inbox, job);
    (void)uv_async_send(&loop->wake);
    (void)pthread_mutex_unlock(&loop->mutex);
}

static void on_prepare(uv_prepare_t *handle)
{
    struct rp_evloop *const loop = handle->data;

    loop->turn++;
    rp_evloop_unhold(loop);
}

uint64_t rp_evloop_turn(const struct rp_evloop *loop)
{
    return loop->turn;
}

/* ---- Alarms: a binary heap and one timerfd ---- */

static void sift_up(struct rp_alarm **heap, size_t i)
{
    struct rp_alarm *const alarm = heap[i];

    while (i > 0 && alarm->due_ns < heap[(i - 1) / 2]->due_ns) {
        heap[i] = heap[(i - 1) / 2];
        i = (i - 1) / 2;
    }
    heap[i] = alarm;
}

static void sift_down(struct rp_alarm **heap, size_t count)
{
    struct rp_alarm *const alarm = heap[0];
    size_t i = 0;

    for (;;) {
        size_t child = 2 * i + 1;

        if (child + 1 < count && heap[child + 1]->due_ns < heap[child]->due_ns)
            child++;
        if (child >= count || alarm->due_ns <= heap[child]->due_ns)
            break;
        heap[i] = heap[child];
        i = child;
    }
    heap[i] = alarm;
}

static struct rp_alarm *pop_alarm(struct rp_evloop *loop)
{
    struct rp_alarm *const first = loop->alarms[0];

    loop->alarms[0] = loop->alarms[--loop->alarm_count];
    if (loop->alarm_count > 0)
        sift_down(loop->alarms, loop->alarm_count);
    return first;
}

/* The timer rings for the first alarm; without one it is not set. A moment of
 * 0 would switch it off. */
static void arm(struct rp_evloop *loop)
{
    struct itimerspec when = {.it_value = {.tv_sec = 0}};

    if (loop->alarm_count > 0)
        when.it_value = rp_ticks_timespec(
            loop->alarms[0]->due_ns > 0 ? loop->alarms[0]->due_ns : 1);
    (void)timerfd_settime(loop->timer_fd, TFD_TIMER_ABSTIME, &when, NULL);
}

static void on_timer(uv_poll_t *handle, int status, int events)
{
    struct rp_evloop *const loop = handle->data;
    const uint64_t now = rp_ticks_now();
    uint64_t rings;

    (void)status;
    (void)events;
    (void)!read(loop->timer_fd, &rings, sizeof rings);
    while (loop->alarm_count > 0 && loop->alarms[0]->due_ns <= now) {
        struct rp_alarm *const alarm = pop_alarm(loop);

        (void)rp_evloop_hold(loop);
        alarm->job.free_since = &loop->free_since;
        alarm->job.run(alarm->job.owner);
    }
    arm(loop);
}

static enum rp_code open_timer(struct rp_evloop *loop, struct rp_error *error)
{
    const int fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);

    if (fd < 0 || uv_poll_init(&loop->uv, &loop->timer, fd) != 0) {
        const int reason = errno;

        if (fd >= 0)
            (void)close(fd);
        return rp_fail(error, RP_ERR_IO, "no timer for an event loop: %s",
                       strerror(reason));
    }
    loop->timer_fd = fd;
    loop->timer.data = loop;
    (void)uv_poll_start(&loop->timer, UV_READABLE, on_timer);
    return RP_OK;
}

static enum rp_code grow_alarms(struct rp_evloop *loop, struct rp_error *error)
{
    const size_t wanted = loop->alarm_capacity ? 2 * loop->alarm_capacity : 16;
    struct rp_alarm **const alarms =
        realloc(loop->alarms, wanted * sizeof *alarms);

    if (!alarms)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for timers");
    loop->alarms = alarms;
    loop->alarm_capacity = wanted;
    return RP_OK;
}

enum rp_code rp_evloop_set(struct rp_evloop *loop, struct rp_alarm *alarm,
                           struct rp_error *error)
{
    enum rp_code code = RP_OK;

    if (loop->timer_fd < 0)
        code = open_timer(loop, error);
    if (!code && loop->alarm_count == loop->alarm_capacity)
        code = grow_alarms(loop, error);
    if (code)
        return code;
    loop->alarms[loop->alarm_count] = alarm;
    sift_up(loop->alarms, loop->alarm_count++);
    if (loop->alarms[0] == alarm)
        arm(loop);
    return RP_OK;
}

/* ---- The loop ---- */

struct rp_evloop *rp_evloop_new(struct rp_gil *gil)
{
    struct rp_evloop *const loop = calloc(1, sizeof *loop);
    int failure;

    if (!loop)
        return NULL;
    loop->gil = gil;
    loop->timer_fd = -1;
    failure = pthread_mutex_init(&loop->mutex, NULL);
    if (failure)
        goto no_mutex;
    failure = -uv_loop_init(&loop->uv);
    if (failure)
        goto no_loop;
    failure = -uv_async_init(&loop->uv, &loop->wake, on_wake);
    if (failure)
        goto no_wake;
    (void)uv_prepare_init(&loop->uv, &loop->before);
    (void)uv_prepare_start(&loop->before, on_prepare);
    loop->wake.data = loop;
    loop->before.data = loop;
    return loop;
no_wake:
    (void)uv_loop_close(&loop->uv);
no_loop:
    (void)pthread_mutex_destroy(&loop->mutex);
no_mutex:
    free(loop);
    errno = failure;
    return NULL;
}

void rp_evloop_run(struct rp_evloop *loop)
{
    (void)uv_run(&loop->uv, UV_RUN_DEFAULT);
    rp_evloop_unhold(loop);
}

void rp_evloop_stop(struct rp_evloop *loop)
{
    uv_stop(&loop->uv);
}

struct uv_loop_s *rp_evloop_uv(struct rp_evloop *loop)
{
    return &loop->uv;
}

void rp_evloop_free(struct rp_evloop *loop)
{
    if (!loop)
        return;
    /* Whoever posted the last job may be inside of the mutex still. */
    (void)pthread_mutex_lock(&loop->mutex);
    assert(loop->inbox.count == 0 && loop->alarm_count == 0);
    (void)pthread_mutex_unlock(&loop->mutex);
    uv_close((uv_handle_t *)&loop->wake, NULL);
    uv_close((uv_handle_t *)&loop->before, NULL);
    if (loop->timer_fd >= 0)
        uv_close((uv_handle_t *)&loop->timer, NULL);
    (void)uv_run(&loop->uv, UV_RUN_DEFAULT);
    if (loop->timer_fd >= 0)
        (void)close(loop->timer_fd);
    if (uv_loop_close(&loop->uv) != 0)
        assert(!"a handle of the loop is open");
    (void)pthread_mutex_destroy(&loop->mutex);
    free(loop->alarms);
    free(loop);
}
