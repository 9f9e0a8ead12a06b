/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "microhandler/wsgi.h"

#include "microhandler/door.h"
#include "microhandler/ticks.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>

enum { READ_SIZE = 16384 };

/* What a worker works with; as many as workers, one of them in use by each. */
struct desk {
    struct rp_walk walk;
    struct rp_http *http;
    struct rp_reply reply;
    char bytes[READ_SIZE];
    struct desk *next;
};

struct wsgi {
    const struct rp_service *service;
    struct rp_door door;
    bool in_door;          /* the door's thread serves: gunicorn's sync */
    bool eager;            /* accept whatever comes, to order it or refuse it */
    unsigned backlog;      /* of this process; 0: any number */
    struct rp_crew crew;   /* where it does not */
    struct rp_lanes ready; /* where it does */
    pthread_mutex_t mutex;
    struct desk *free_desks; /* under the mutex */
    struct desk *desks;      /* owned */
    size_t desk_count;
};

/* ---- Reading and writing, blocked ---- */

/* False: not until then. */
static bool wait_for(int fd, short events, uint64_t deadline_ns)
{
    struct pollfd one = {.fd = fd, .events = events};

    for (;;) {
        const uint64_t now = rp_ticks_now();
        const uint64_t left_ms =
            now < deadline_ns ? (deadline_ns - now) / 1000000 + 1 : 0;
        const int n = poll(&one, 1, (int)left_ms);

        if (n >= 0 || errno != EINTR)
            return n > 0;
    }
}

static bool send_all(int fd, const struct rp_reply *reply, uint64_t deadline_ns)
{
    size_t sent = 0;

    while (sent < reply->length) {
        const ssize_t n =
            send(fd, reply->text + sent, reply->length - sent, MSG_NOSIGNAL);

        if (n > 0)
            sent += (size_t)n;
        else if (errno != EINTR &&
                 (errno != EAGAIN || !wait_for(fd, POLLOUT, deadline_ns)))
            return false;
    }
    return true;
}

/* The status to answer with where there is no whole request: 0 is none, for
 * the client has gone. 200 where there is one. `more`: bytes came after it. */
static unsigned read_request(const struct wsgi *w, struct desk *desk,
                             struct rp_client *client, bool *more)
{
    static const struct rp_reply go_on = {
        .length = 25, .text = "HTTP/1.1 100 Continue\r\n\r\n"};
    const uint64_t deadline_ns =
        rp_ticks_now() + w->service->allowance->header_ns;

    rp_http_reset(desk->http);
    *more = false;
    for (;;) {
        const ssize_t n = recv(client->fd, desk->bytes, sizeof desk->bytes, 0);
        size_t used;

        if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
            return 0;
        if (n < 0 && !wait_for(client->fd, POLLIN, deadline_ns))
            return 408;
        if (n < 0)
            continue;
        (void)rp_http_feed(desk->http, desk->bytes, (size_t)n, &used);
        *more = used < (size_t)n;
        if (rp_http_state(desk->http) == RP_HTTP_WHOLE)
            return 200;
        if (rp_http_state(desk->http) == RP_HTTP_BAD)
            return rp_http_status(desk->http);
        if (rp_http_wants_continue(desk->http))
            (void)send_all(client->fd, &go_on, deadline_ns);
    }
}

/* ---- Serving ---- */

static struct desk *take_desk(struct wsgi *w)
{
    struct desk *desk;

    (void)pthread_mutex_lock(&w->mutex);
    desk = w->free_desks;
    w->free_desks = desk->next;
    (void)pthread_mutex_unlock(&w->mutex);
    return desk;
}

static void leave_desk(struct wsgi *w, struct desk *desk)
{
    (void)pthread_mutex_lock(&w->mutex);
    desk->next = w->free_desks;
    w->free_desks = desk;
    (void)pthread_mutex_unlock(&w->mutex);
}

static void walk(const struct wsgi *w, struct desk *desk,
                 const struct rp_visit *visit, uint64_t began_cpu_ns)
{
    _Atomic int64_t *const in_flight = &w->service->site->metrics->in_flight;
    struct rp_gil *const gil = w->service->places->gil;
    const struct rp_errand errand = {
        .course = visit->course,
        .seed = w->service->site->seed,
        .number = visit->number,
        .spent_cpu_ns = (int64_t)(rp_ticks_cpu() - began_cpu_ns)};

    atomic_fetch_add_explicit(in_flight, 1, memory_order_relaxed);
    (void)rp_gil_take(gil);
    rp_walk_in_thread(&desk->walk, &errand);
    rp_gil_drop(gil);
    atomic_fetch_sub_explicit(in_flight, 1, memory_order_relaxed);
}

/* The worker has its answer sent, and goes on. A client that knows the end of
 * an answer by the end of its connection must not wait for that. */
static void work_on(const struct wsgi *w, const struct desk *desk,
                    const struct rp_client *client, bool stays)
{
    struct rp_gil *const gil = w->service->places->gil;

    if (!stays)
        (void)shutdown(client->fd, SHUT_WR);
    (void)rp_gil_take(gil);
    rp_walk_after(&desk->walk);
    rp_gil_drop(gil);
}

/* One request, from reading to what is left after its answer. */
static enum rp_farewell serve_at(struct wsgi *w, struct desk *desk,
                                 struct rp_client *client)
{
    const uint64_t began = rp_ticks_cpu();
    bool more, stays, head;
    const unsigned status = read_request(w, desk, client, &more);
    struct rp_visit visit = client->visit;

    if (status == 0)
        return RP_FAREWELL_CLOSE;
    if (status != 200)
        visit = (struct rp_visit){.status = status};
    if (visit.course)
        walk(w, desk, &visit, began);
    stays = status == 200 && !more && !w->in_door &&
            rp_http_keeps_alive(desk->http) && !w->door.draining;
    head = status == 200 && rp_http_method(desk->http) == RP_HTTP_HEAD;
    rp_site_reply(w->service->site, &visit, visit.course ? &desk->walk : NULL,
                  stays, head, &desk->reply);
    if (!send_all(client->fd, &desk->reply,
                  rp_ticks_now() + w->service->allowance->send_ns))
        return RP_FAREWELL_CLOSE;
    if (visit.course && visit.course->after_ns > 0.0)
        work_on(w, desk, client, stays);
    if (stays)
        return RP_FAREWELL_STAY;
    return status == 200 && !more ? RP_FAREWELL_CLOSE : RP_FAREWELL_LINGER;
}

static void serve(void *owner)
{
    struct rp_client *const client = owner;
    struct wsgi *const w = client->door->host.owner;
    struct desk *const desk = take_desk(w);
    const enum rp_farewell farewell = serve_at(w, desk, client);

    leave_desk(w, desk);
    rp_door_return(&w->door, client, farewell);
}

/* ---- The host of the door ---- */

/* Requests that wait for a worker; where the door's thread is the only one, the
 * first of them does not. */
static size_t waiting(struct wsgi *w)
{
    if (!w->in_door)
        return rp_handoff_waiting(&w->crew.queue);
    return w->ready.count > 0 ? w->ready.count - 1 : 0;
}

static void ready(void *owner, struct rp_client *client)
{
    struct wsgi *const w = owner;

    client->job.run = serve;
    if (client->visit.course && w->backlog > 0 &&
        (w->in_door ? w->ready.count > w->backlog : waiting(w) >= w->backlog))
        rp_door_turn_away(&w->door, client, 503);
    else if (w->in_door)
        rp_lanes_push(&w->ready, &client->job);
    else
        rp_crew_push(&w->crew, &client->job);
}

static bool accepts(void *owner)
{
    struct wsgi *const w = owner;

    return w->eager || (w->in_door ? w->ready.count == 0 : waiting(w) == 0);
}

static bool turn(void *owner)
{
    struct wsgi *const w = owner;
    const struct rp_job *const job = rp_lanes_pop(&w->ready);

    if (job)
        serve(job->owner);
    return w->ready.count > 0;
}

/* ---- Beginning ---- */

static enum rp_code make_desks(struct wsgi *w, unsigned count,
                               struct rp_error *error)
{
    const struct rp_service *const s = w->service;
    enum rp_code code = RP_OK;

    w->desks = calloc(count, sizeof *w->desks);
    if (!w->desks)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for %u workers",
                       count);
    for (unsigned i = 0; i < count && !code; i++) {
        struct desk *const desk = &w->desks[i];

        w->desk_count++;
        desk->http = rp_http_new(&s->allowance->http);
        code = rp_walk_init(&desk->walk, s->places, s->courses->deepest, error);
        if (!code && !desk->http)
            code = rp_fail(error, RP_ERR_MEMORY, "out of memory for requests");
        desk->next = w->free_desks;
        w->free_desks = desk;
    }
    return code;
}

static void free_desks(struct wsgi *w)
{
    for (size_t i = 0; i < w->desk_count; i++) {
        rp_walk_free(&w->desks[i].walk);
        rp_http_free(w->desks[i].http);
    }
    free(w->desks);
}

/* gthread hands whatever connects to its pool, where it waits, so that no
 * worker waits for the accepting thread. Of several processes one that has a
 * worker to spare takes a request. */
static bool accepts_for_pool(const struct rp_server *server)
{
    return server->kind == RP_SERVER_GTHREAD && server->processes == 1;
}

enum rp_code rp_wsgi_run(const struct rp_service *service,
                         struct rp_error *error)
{
    const struct rp_server *const server = &service->scenario->server;
    struct wsgi w = {.service = service,
                     .in_door = server->kind == RP_SERVER_GUNICORN,
                     .eager = server->backlog > 0 ||
                              server->queue == RP_QUEUE_PRIORITY ||
                              accepts_for_pool(server),
                     .backlog = rp_service_backlog(service)};
    const unsigned workers = w.in_door ? 1 : server->threads;
    const struct rp_door_host host = {
        .owner = &w, .ready = ready, .accepts = accepts, .turn = turn};
    enum rp_code code;

    if (pthread_mutex_init(&w.mutex, NULL))
        return rp_fail(error, RP_ERR_MEMORY, "no room for a lock");
    code = make_desks(&w, workers, error);
    if (!code && !w.in_door)
        code = rp_crew_begin(&w.crew, workers, workers, NULL, error);
    if (!code) {
        code = rp_door_open(&w.door, service, &host, error);
        if (!code)
            rp_door_run(&w.door);
        /* A worker may be inside of the door still, returning its last. */
        rp_crew_end(&w.crew);
        rp_door_close(&w.door);
    }
    rp_crew_end(&w.crew);
    free_desks(&w);
    (void)pthread_mutex_destroy(&w.mutex);
    return code;
}
