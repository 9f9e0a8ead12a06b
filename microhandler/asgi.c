/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "microhandler/asgi.h"

#include "microhandler/listener.h"
#include "microhandler/stopsign.h"
#include "microhandler/ticks.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

enum {
    RESERVE = 64, /* connections beyond the bound, to be turned away */
    ACCEPTS = 16, /* at a time, where there is one process */
    READ_SIZE = 65536,
    PATIENCE_MS = 100 /* between looks at deadlines */
};

static const uint64_t second_ns = UINT64_C(1000000000);

struct asgi;

enum state {
    READING,
    WALKING,
    PUT_OFF, /* what is to be done has the next turn */
    WRITING,
    LEAVING, /* our half is closed, the client's not yet */
    CLOSING
};

/* A request that is under way; what follows its answer may outlive the
 * connection. */
struct walking {
    struct rp_walk walk;
    struct asgi *asgi;
    struct connection *connection; /* NULL: it has its answer */
    struct walking *next;          /* of those that nobody needs */
};

struct connection {
    uv_tcp_t tcp;
    uv_write_t write;
    uv_shutdown_t shutdown;
    struct asgi *asgi;
    struct connection *next, *previous;
    enum state state;
    bool fresh;  /* no request was served yet */
    bool stays;  /* after the response */
    bool unread; /* the client may be sending what nobody will read */
    bool early;  /* the answer: the request is being walked still */
    uint64_t deadline_ns;
    int64_t read_cpu_ns; /* what reading the request took */
    struct rp_visit visit;
    struct rp_http *http;
    void (*put_off)(void *owner); /* to the loop's next turn */
    struct rp_job job;            /* what was put off */
    struct walking *walking; /* NULL: no request of it is under way, or it has
                                its answer */
    struct rp_reply reply;
};

struct asgi {
    const struct rp_service *service;
    struct rp_evloop *loop;
    uv_loop_t *uv;
    uv_poll_t listener, signals;
    uv_timer_t patience;
    bool draining;
    uint64_t drained_ns;
    uint64_t turn;    /* of the loop, when the last request was let in */
    unsigned let_in;  /* requests in that turn */
    unsigned backlog; /* that may be; 0: any number */
    unsigned open;
    struct connection *first;      /* of all that are open */
    bool buffers;                  /* what is written waits for the next turn */
    unsigned walkings;             /* in use */
    struct walking *free_walkings; /* owned */
    char bytes[READ_SIZE];         /* what is read, until it was parsed */
};

static void read_on(struct connection *c);
static void answer(struct connection *c, const struct rp_walk *walk);

/* What the loop has just done was for no walk that goes on. */
static void forget(const struct asgi *a)
{
    *rp_evloop_free_since(a->loop) = rp_ticks_cpu();
}

/* ---- Parting ---- */

static void end_if_drained(struct asgi *a)
{
    if (a->draining && a->open == 0 && a->walkings == 0)
        rp_evloop_stop(a->loop);
}

/* ---- Requests under way ---- */

/* NULL: memory is short. */
static struct walking *take_walking(struct asgi *a, struct connection *c)
{
    const struct rp_service *const s = a->service;
    struct walking *w = a->free_walkings;

    if (w)
        a->free_walkings = w->next;
    else
        w = calloc(1, sizeof *w);
    if (w && !w->walk.frames &&
        rp_walk_init(&w->walk, s->places, s->courses->deepest, NULL) != RP_OK) {
        rp_walk_free(&w->walk);
        free(w);
        return NULL;
    }
    if (!w)
        return NULL;
    w->asgi = a;
    w->connection = c;
    a->walkings++;
    return w;
}

static void leave_walking(struct walking *w)
{
    struct asgi *const a = w->asgi;

    w->next = a->free_walkings;
    a->free_walkings = w;
    a->walkings--;
}

static void free_walkings(struct asgi *a)
{
    struct walking *next;

    assert(a->walkings == 0);
    for (struct walking *w = a->free_walkings; w; w = next) {
        next = w->next;
        rp_walk_free(&w->walk);
        free(w);
    }
}

static void on_closed(uv_handle_t *handle)
{
    struct connection *const c = handle->data;
    struct asgi *const a = c->asgi;

    if (c->previous)
        c->previous->next = c->next;
    else
        a->first = c->next;
    if (c->next)
        c->next->previous = c->previous;
    atomic_fetch_sub_explicit(&a->service->site->metrics->open, 1,
                              memory_order_relaxed);
    if (c->walking) /* whose answer could not be sent */
        leave_walking(c->walking);
    rp_http_free(c->http);
    free(c);
    a->open--;
    end_if_drained(a);
    forget(a);
}

static void part(struct connection *c)
{
    if (c->state == CLOSING)
        return;
    c->state = CLOSING;
    uv_close((uv_handle_t *)&c->tcp, on_closed);
}

/* The client closes next, or its time is up. */
static void on_shut(uv_shutdown_t *request, int status)
{
    (void)request;
    (void)status;
}

/* What still comes is read and forgotten, for a while, so that no reset takes
 * the response from a client that is sending. */
static void linger(struct connection *c)
{
    c->state = LEAVING;
    c->deadline_ns = rp_ticks_now() + second_ns;
    if (uv_shutdown(&c->shutdown, (uv_stream_t *)&c->tcp, on_shut) != 0)
        part(c);
    else
        read_on(c);
}

static void end(void *owner)
{
    struct connection *const c = owner;

    if (c->unread)
        linger(c);
    else
        part(c);
}

/* ---- Writing ---- */

static void run_put_off(void *owner)
{
    struct connection *const c = owner;
    const struct asgi *const a = c->asgi;

    c->put_off(c);
    forget(a);
}

static void put_off(struct connection *c, void (*what)(void *owner))
{
    c->state = PUT_OFF;
    c->put_off = what;
    c->job = (struct rp_job){.run = run_put_off, .owner = c};
    rp_evloop_post(c->asgi->loop, &c->job);
}

/* What is left to do comes when the client has its answer and, where that ends
 * with the connection, its end; the loop does nothing else meanwhile. An answer
 * that is early does not wait for that. */
static void after_response(struct connection *c)
{
    struct walking *const walked = c->walking;

    c->walking = NULL;
    if (c->stays && !c->asgi->draining) {
        c->state = READING;
        c->fresh = false;
        c->deadline_ns = rp_ticks_now() + c->asgi->service->allowance->idle_ns;
        rp_http_reset(c->http);
        read_on(c);
    } else if (c->early && !c->asgi->buffers) {
        put_off(c, end);
    } else {
        end(c);
    }
    if (walked) {
        rp_walk_after(&walked->walk);
        leave_walking(walked);
    }
}

static void on_written(uv_write_t *write, int status)
{
    struct connection *const c = write->data;

    if (c->state == CLOSING)
        return;
    if (status != 0)
        part(c);
    else
        after_response(c);
}

static void send_reply(void *owner)
{
    struct connection *const c = owner;
    uv_buf_t rest = uv_buf_init(c->reply.text, (unsigned)c->reply.length);
    const int sent = uv_try_write((uv_stream_t *)&c->tcp, &rest, 1);

    c->state = WRITING;
    c->deadline_ns = rp_ticks_now() + c->asgi->service->allowance->send_ns;
    if (sent == (int)c->reply.length) {
        after_response(c);
        return;
    }
    if (sent < 0 && sent != UV_EAGAIN) {
        part(c);
        return;
    }
    if (sent > 0) {
        rest.base += sent;
        rest.len -= (size_t)sent;
    }
    c->write.data = c;
    if (uv_write(&c->write, (uv_stream_t *)&c->tcp, &rest, 1, on_written) != 0)
        part(c);
}

/* ---- A request ---- */

static void make_reply(struct connection *c, const struct rp_walk *walk)
{
    const bool whole = rp_http_state(c->http) == RP_HTTP_WHOLE;

    c->stays = whole && !c->unread && rp_http_keeps_alive(c->http) &&
               !c->asgi->draining;
    rp_site_reply(c->asgi->service->site, &c->visit, walk, c->stays,
                  whole && rp_http_method(c->http) == RP_HTTP_HEAD, &c->reply);
}

static void answer(struct connection *c, const struct rp_walk *walk)
{
    make_reply(c, walk);
    send_reply(c);
}

/* asyncio writes at once and ends a connection in the next turn; Twisted leaves
 * both to the next turn. The walk goes on meanwhile, and the client's next
 * request has another. */
static void on_answered(void *owner)
{
    struct walking *const w = owner;
    struct connection *const c = w->connection;

    w->connection = NULL;
    c->walking = NULL;
    c->early = true;
    make_reply(c, &w->walk);
    if (c->asgi->buffers)
        put_off(c, send_reply);
    else
        send_reply(c);
}

static void on_walked(void *owner)
{
    struct walking *const w = owner;
    struct asgi *const a = w->asgi;

    atomic_fetch_sub_explicit(&a->service->site->metrics->in_flight, 1,
                              memory_order_relaxed);
    if (w->connection) {
        answer(w->connection, &w->walk);
        forget(a);
        return;
    }
    rp_walk_after(&w->walk);
    leave_walking(w);
    forget(a);
    end_if_drained(a);
}

static void turn_away(struct connection *c, unsigned status)
{
    c->visit = (struct rp_visit){.status = status};
    c->unread = true;
    (void)uv_read_stop((uv_stream_t *)&c->tcp);
    answer(c, NULL);
}

/* Requests that are found together have waited together: those that found the
 * backlog full are turned away. */
static bool lets_in(struct asgi *a)
{
    const uint64_t turn = rp_evloop_turn(a->loop);

    if (a->turn != turn)
        a->let_in = 0;
    a->turn = turn;
    return a->backlog == 0 || a->let_in++ < a->backlog;
}

static void walk(struct connection *c)
{
    const struct rp_service *const s = c->asgi->service;
    const struct rp_errand errand = {.course = c->visit.course,
                                     .seed = s->site->seed,
                                     .number = c->visit.number,
                                     .spent_cpu_ns = c->read_cpu_ns};
    const struct rp_walk_host host = {
        .answered = on_answered, .done = on_walked, .owner = c->walking};

    c->state = WALKING;
    atomic_fetch_add_explicit(&s->site->metrics->in_flight, 1,
                              memory_order_relaxed);
    rp_walk_in_loop(&c->walking->walk, &errand, &host);
}

static void visit(struct connection *c)
{
    const struct rp_service *const s = c->asgi->service;

    (void)uv_read_stop((uv_stream_t *)&c->tcp);
    c->early = false;
    c->visit = rp_site_visit(s->site, c->http);
    if (!c->visit.course) {
        c->unread |= rp_http_state(c->http) == RP_HTTP_BAD;
        answer(c, NULL);
        return;
    }
    c->walking = lets_in(c->asgi) ? take_walking(c->asgi, c) : NULL;
    if (c->walking)
        walk(c);
    else
        turn_away(c, 503);
}

/* ---- Reading ---- */

static void on_alloc(uv_handle_t *handle, size_t wanted, uv_buf_t *buffer)
{
    struct connection *const c = handle->data;

    (void)wanted;
    *buffer = uv_buf_init(c->asgi->bytes, READ_SIZE);
}

/* A failure shows when the request is answered. */
static void say_go_on(struct connection *c)
{
    static char text[] = "HTTP/1.1 100 Continue\r\n\r\n";
    const uv_buf_t go_on = uv_buf_init(text, sizeof text - 1);

    (void)uv_try_write((uv_stream_t *)&c->tcp, &go_on, 1);
}

static void read_request(struct connection *c, const char *bytes, size_t size)
{
    const uint64_t began = rp_ticks_cpu();
    enum rp_http_state state;
    size_t used;

    if (!rp_http_begun(c->http)) {
        c->read_cpu_ns = 0;
        c->deadline_ns =
            rp_ticks_now() + c->asgi->service->allowance->header_ns;
    }
    state = rp_http_feed(c->http, bytes, size, &used);
    c->read_cpu_ns += (int64_t)(rp_ticks_cpu() - began);
    c->unread = used < size;
    if (state != RP_HTTP_MORE)
        visit(c);
    else if (rp_http_wants_continue(c->http))
        say_go_on(c);
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buffer)
{
    struct connection *const c = stream->data;

    if (n < 0)
        part(c);
    if (n <= 0 || c->state != READING)
        return;
    (void)rp_evloop_hold(c->asgi->loop);
    read_request(c, buffer->base, (size_t)n);
    forget(c->asgi);
}

static void read_on(struct connection *c)
{
    if (uv_read_start((uv_stream_t *)&c->tcp, on_alloc, on_read) != 0)
        part(c);
}

/* ---- Coming ---- */

/* NULL: the descriptor is closed, for memory is short. */
static struct connection *open_connection(struct asgi *a, int fd)
{
    struct connection *const c = calloc(1, sizeof *c);

    if (c)
        c->http = rp_http_new(&a->service->allowance->http);
    if (!c || !c->http || uv_tcp_init(a->uv, &c->tcp) != 0) {
        if (c)
            rp_http_free(c->http);
        free(c);
        (void)close(fd);
        return NULL;
    }
    c->tcp.data = c;
    c->asgi = a;
    c->fresh = true;
    c->next = a->first;
    if (a->first)
        a->first->previous = c;
    a->first = c;
    a->open++;
    atomic_fetch_add_explicit(&a->service->site->metrics->open, 1,
                              memory_order_relaxed);
    if (uv_tcp_open(&c->tcp, fd) == 0)
        return c;
    (void)close(fd);
    part(c);
    return NULL;
}

static void welcome(struct asgi *a, int fd)
{
    const struct rp_allowance *const allowance = a->service->allowance;
    struct rp_metrics *const metrics = a->service->site->metrics;
    struct connection *c;

    rp_metrics_add(metrics, RP_COUNT_CONNECTIONS, 1);
    if (a->open >= allowance->connections)
        rp_metrics_add(metrics, RP_COUNT_REFUSED, 1);
    if (a->open >= allowance->connections + RESERVE) {
        (void)close(fd);
        return;
    }
    c = open_connection(a, fd);
    if (!c)
        return;
    c->deadline_ns = rp_ticks_now() + allowance->header_ns;
    if (a->open > allowance->connections)
        turn_away(c, 503);
    else
        read_on(c);
}

static void on_listener(uv_poll_t *handle, int status, int events)
{
    struct asgi *const a = handle->data;
    /* With several processes the next may be another's. */
    const unsigned most =
        a->service->scenario->server.processes > 1 ? 1 : ACCEPTS;
    int fd;

    (void)status;
    (void)events;
    for (unsigned i = 0;
         i < most && (fd = rp_listener_accept(a->service->listener)) >= 0; i++)
        welcome(a, fd);
    forget(a);
}

/* ---- Deadlines and the end ---- */

static void time_out(struct connection *c)
{
    struct rp_metrics *const metrics = c->asgi->service->site->metrics;

    if (c->state == READING && rp_http_begun(c->http)) {
        rp_metrics_add(metrics, RP_COUNT_TIMED_OUT, 1);
        turn_away(c, 408);
        return;
    }
    if (c->state == READING && !c->asgi->draining)
        rp_metrics_add(metrics, RP_COUNT_TIMED_OUT_IDLE, 1);
    part(c);
}

static void on_patience(uv_timer_t *timer)
{
    const struct asgi *const a = timer->data;
    const uint64_t now = rp_ticks_now();
    struct connection *next;

    for (struct connection *c = a->first; c; c = next) {
        next = c->next;
        if (c->state != WALKING && c->state != PUT_OFF && c->state != CLOSING &&
            (now >= c->deadline_ns || (a->draining && now >= a->drained_ns)))
            time_out(c);
    }
}

static void close_listener(struct asgi *a)
{
    int fd;

    while ((fd = rp_listener_accept(a->service->listener)) >= 0)
        welcome(a, fd);
    (void)uv_poll_stop(&a->listener);
}

/* Take in what has connected already, then nobody more. Clients between two
 * requests are let go, those that have just come get a moment to ask. */
static void on_signal(uv_poll_t *handle, int status, int events)
{
    struct asgi *const a = handle->data;
    const uint64_t now = rp_ticks_now();

    (void)status;
    (void)events;
    (void)uv_poll_stop(handle);
    rp_stopsign_seen(a->service->signals);
    close_listener(a);
    a->draining = true;
    a->drained_ns = now + a->service->allowance->drain_ns;
    for (struct connection *c = a->first; c; c = c->next)
        if (c->state == READING && !rp_http_begun(c->http))
            c->deadline_ns = c->fresh ? now + second_ns : now;
    end_if_drained(a);
}

/* ---- Beginning ---- */

static int watch(struct asgi *a, uv_poll_t *poll, int fd, uv_poll_cb callback)
{
    const int failure = uv_poll_init(a->uv, poll, fd);

    if (failure)
        return failure;
    poll->data = a; /* so it is to be closed */
    return uv_poll_start(poll, UV_READABLE, callback);
}

static enum rp_code begin(struct asgi *a, struct rp_error *error)
{
    int failure;

    (void)uv_timer_init(a->uv, &a->patience);
    a->patience.data = a;
    (void)uv_timer_start(&a->patience, on_patience, PATIENCE_MS, PATIENCE_MS);
    failure = watch(a, &a->listener, a->service->listener, on_listener);
    if (!failure)
        failure = watch(a, &a->signals, a->service->signals, on_signal);
    return failure ? rp_fail(error, RP_ERR_IO, "cannot watch connections: %s",
                             uv_strerror(failure))
                   : RP_OK;
}

static void close_if_open(uv_poll_t *poll)
{
    if (poll->data)
        uv_close((uv_handle_t *)poll, NULL);
}

enum rp_code rp_asgi_run(const struct rp_service *service,
                         struct rp_error *error)
{
    struct asgi *const a = calloc(1, sizeof *a);
    enum rp_code code;

    if (!a)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for connections");
    a->service = service;
    a->backlog = rp_service_backlog(service);
    a->buffers = service->scenario->server.kind == RP_SERVER_DAPHNE;
    a->loop = service->places->loop;
    a->uv = rp_evloop_uv(a->loop);
    code = begin(a, error);
    if (!code)
        rp_evloop_run(a->loop);
    uv_close((uv_handle_t *)&a->patience, NULL);
    close_if_open(&a->listener);
    close_if_open(&a->signals);
    (void)uv_run(a->uv, UV_RUN_NOWAIT);
    free_walkings(a);
    free(a);
    return code;
}
