/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "plan/workforce.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { AHEAD = 2 }; /* points for each thread: one that it works at, one next */

/* Two rings: numbers that wait for a thread, and what is done. Neither holds
 * more than `capacity`, for whoever gives receives as much. */
struct threads {
    struct rp_workforce crew;
    rp_workforce_do run;
    void *context;
    unsigned thread_count; /* 0: the calling thread works */
    pthread_t *threads;
    pthread_mutex_t lock;
    pthread_cond_t given, finished;
    size_t *waiting;
    size_t waiting_first, waiting_count;
    struct rp_done *done;
    size_t done_first, done_count;
    bool is_over;
};

void rp_workforce_host(char host[RP_HOST_NAME_SIZE])
{
    if (gethostname(host, RP_HOST_NAME_SIZE) != 0)
        host[0] = '\0';
    host[RP_HOST_NAME_SIZE - 1] = '\0';
}

void rp_workforce_work(rp_workforce_do run, void *context, size_t index,
                       struct rp_done *done)
{
    struct rp_error error = {0};
    struct timespec begun, ended;

    *done = (struct rp_done){.index = index};
    rp_workforce_host(done->host);
    (void)clock_gettime(CLOCK_MONOTONIC, &begun);
    done->code = run(context, index, &done->text, &error);
    (void)clock_gettime(CLOCK_MONOTONIC, &ended);
    done->seconds = (double)(ended.tv_sec - begun.tv_sec) +
                    1e-9 * (double)(ended.tv_nsec - begun.tv_nsec);
    if (done->code)
        done->text = strdup(error.text);
    if (!done->text)
        done->code = RP_ERR_MEMORY;
}

/* ---- Rings; the lock is held ---- */

static size_t take_waiting(struct threads *t)
{
    const size_t index = t->waiting[t->waiting_first];

    t->waiting_first = (t->waiting_first + 1) % t->crew.capacity;
    t->waiting_count--;
    return index;
}

static void put_done(struct threads *t, const struct rp_done *done)
{
    assert(t->done_count < t->crew.capacity);
    t->done[(t->done_first + t->done_count++) % t->crew.capacity] = *done;
}

/* ---- What a crew does ---- */

static void *work(void *argument)
{
    struct threads *const t = argument;
    struct rp_done done;

    (void)pthread_mutex_lock(&t->lock);
    for (;;) {
        while (t->waiting_count == 0 && !t->is_over)
            (void)pthread_cond_wait(&t->given, &t->lock);
        if (t->waiting_count == 0)
            break;
        const size_t index = take_waiting(t);
        (void)pthread_mutex_unlock(&t->lock);
        rp_workforce_work(t->run, t->context, index, &done);
        (void)pthread_mutex_lock(&t->lock);
        put_done(t, &done);
        (void)pthread_cond_signal(&t->finished);
    }
    (void)pthread_mutex_unlock(&t->lock);
    return NULL;
}

static enum rp_code give(void *self, size_t index, struct rp_error *error)
{
    struct threads *const t = self;

    (void)error;
    (void)pthread_mutex_lock(&t->lock);
    assert(t->waiting_count < t->crew.capacity);
    t->waiting[(t->waiting_first + t->waiting_count++) % t->crew.capacity] =
        index;
    (void)pthread_cond_signal(&t->given);
    (void)pthread_mutex_unlock(&t->lock);
    return RP_OK;
}

static enum rp_code receive(void *self, struct rp_done *done,
                            struct rp_error *error)
{
    struct threads *const t = self;

    (void)error;
    if (t->thread_count == 0) {
        rp_workforce_work(t->run, t->context, take_waiting(t), done);
        return RP_OK;
    }
    (void)pthread_mutex_lock(&t->lock);
    while (t->done_count == 0)
        (void)pthread_cond_wait(&t->finished, &t->lock);
    *done = t->done[t->done_first];
    t->done_first = (t->done_first + 1) % t->crew.capacity;
    t->done_count--;
    (void)pthread_mutex_unlock(&t->lock);
    return RP_OK;
}

static bool withdraw(void *self, size_t least, size_t *index)
{
    struct threads *const t = self;
    bool taken = false;

    (void)pthread_mutex_lock(&t->lock);
    if (t->waiting_count > 0) {
        const size_t last =
            t->waiting[(t->waiting_first + t->waiting_count - 1) %
                       t->crew.capacity];

        taken = last >= least;
        if (taken) {
            t->waiting_count--;
            *index = last;
        }
    }
    (void)pthread_mutex_unlock(&t->lock);
    return taken;
}

/* ---- Its beginning and its end ---- */

static unsigned how_many(unsigned jobs)
{
    const long n = jobs == 0 ? sysconf(_SC_NPROCESSORS_ONLN) : (long)jobs;

    if (n <= 1)
        return 0;
    return n < RP_WORKFORCE_THREADS_MAX ? (unsigned)n
                                        : RP_WORKFORCE_THREADS_MAX;
}

/* Those that cannot be started are not missed. */
static bool start(struct threads *t, unsigned count)
{
    t->threads = calloc(count + 1, sizeof *t->threads);
    if (!t->threads)
        return false;
    while (t->thread_count < count &&
           pthread_create(&t->threads[t->thread_count], NULL, work, t) == 0)
        t->thread_count++;
    return true;
}

struct rp_workforce *rp_workforce_new(unsigned jobs, rp_workforce_do run,
                                      void *context)
{
    const unsigned count = how_many(jobs);
    const size_t capacity = count == 0 ? 1 : (size_t)count * AHEAD;
    struct threads *const t = calloc(1, sizeof *t);

    if (!t)
        return NULL;
    *t = (struct threads){.run = run, .context = context};
    t->crew = (struct rp_workforce){.self = t,
                                    .capacity = capacity,
                                    .give = give,
                                    .receive = receive,
                                    .withdraw = withdraw};
    (void)pthread_mutex_init(&t->lock, NULL);
    (void)pthread_cond_init(&t->given, NULL);
    (void)pthread_cond_init(&t->finished, NULL);
    t->waiting = calloc(capacity, sizeof *t->waiting);
    t->done = calloc(capacity, sizeof *t->done);
    if (t->waiting && t->done && start(t, count))
        return &t->crew;
    rp_workforce_free(&t->crew);
    return NULL;
}

void rp_workforce_free(struct rp_workforce *crew)
{
    struct threads *const t = crew ? crew->self : NULL;

    if (!t)
        return;
    (void)pthread_mutex_lock(&t->lock);
    t->is_over = true;
    (void)pthread_cond_broadcast(&t->given);
    (void)pthread_mutex_unlock(&t->lock);
    for (unsigned i = 0; i < t->thread_count; i++)
        (void)pthread_join(t->threads[i], NULL);
    for (size_t i = 0; i < t->done_count; i++)
        free(t->done[(t->done_first + i) % t->crew.capacity].text);
    (void)pthread_cond_destroy(&t->finished);
    (void)pthread_cond_destroy(&t->given);
    (void)pthread_mutex_destroy(&t->lock);
    free(t->threads);
    free(t->waiting);
    free(t->done);
    free(t);
}
