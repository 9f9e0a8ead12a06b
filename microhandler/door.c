/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "microhandler/door.h"

#include "microhandler/listener.h"
#include "microhandler/stopsign.h"
#include "microhandler/ticks.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    RESERVE = 64, /* slots for clients that are turned away */
    EVENTS = 64,
    ACCEPTS = 16,     /* at a time */
    PATIENCE_MS = 100 /* between looks at deadlines */
};

/* What epoll says of: a client is its index. */
enum { OF_LISTENER = -1, OF_SIGNALS = -2, OF_WAKE = -3 };

static const uint64_t second_ns = UINT64_C(1000000000);

static bool watch(const struct rp_door *door, int fd, int what, uint32_t events)
{
    struct epoll_event event = {.events = events,
                                .data.u64 = (uint64_t)(int64_t)what};

    return epoll_ctl(door->epoll, EPOLL_CTL_ADD, fd, &event) == 0;
}

/* ---- Parting ---- */

static void part(struct rp_door *door, struct rp_client *client)
{
    (void)close(client->fd);
    client->fd = -1;
    door->open--;
    atomic_fetch_sub_explicit(&door->service->site->metrics->open, 1,
                              memory_order_relaxed);
}

/* Read and forget; false: the client has closed its half too. */
static bool discard(const struct rp_client *client)
{
    char bytes[4096];
    ssize_t n;

    do
        n = recv(client->fd, bytes, sizeof bytes, MSG_DONTWAIT);
    while (n > 0);
    return n < 0 && (errno == EAGAIN || errno == EINTR);
}

static void linger(struct rp_door *door, struct rp_client *client)
{
    client->state = RP_CLIENT_LEAVES;
    client->deadline_ns = rp_ticks_now() + second_ns;
    (void)shutdown(client->fd, SHUT_WR);
    if (!discard(client))
        part(door, client);
}

void rp_door_turn_away(struct rp_door *door, struct rp_client *client,
                       unsigned status)
{
    const struct rp_visit visit = {.status = status};
    struct rp_reply reply;

    rp_site_reply(door->service->site, &visit, NULL, false, false, &reply);
    (void)send(client->fd, reply.text, reply.length,
               MSG_DONTWAIT | MSG_NOSIGNAL);
    linger(door, client);
}

/* ---- Looking at what has come ---- */

static void hand_over(struct rp_door *door, struct rp_client *client)
{
    client->visit = rp_site_visit(door->service->site, door->http);
    client->state = RP_CLIENT_SERVED;
    client->job.priority =
        client->visit.course ? client->visit.course->priority : 0;
    door->host.ready(door->host.owner, client);
}

/* The first byte of a request sets it a deadline. */
static void note_begin(struct rp_door *door, struct rp_client *client)
{
    if (client->begun)
        return;
    client->begun = true;
    client->deadline_ns = rp_ticks_now() + door->service->allowance->header_ns;
}

static void look(struct rp_door *door, struct rp_client *client)
{
    const size_t size = door->service->allowance->http.header_bytes + 1;
    size_t used;
    ssize_t n;

    if (client->state == RP_CLIENT_LEAVES && !discard(client))
        part(door, client);
    if (client->fd < 0 || client->state != RP_CLIENT_WAITS)
        return;
    do
        n = recv(client->fd, door->peeked, size, MSG_PEEK | MSG_DONTWAIT);
    while (n < 0 && errno == EINTR);
    if (n < 0 && errno == EAGAIN)
        return;
    if (n <= 0) {
        part(door, client);
        return;
    }
    note_begin(door, client);
    rp_http_reset(door->http);
    (void)rp_http_feed(door->http, door->peeked, (size_t)n, &used);
    if (rp_http_state(door->http) != RP_HTTP_MORE ||
        rp_http_header_is_whole(door->http))
        hand_over(door, client);
}

/* ---- Coming ---- */

static struct rp_client *free_slot(struct rp_door *door)
{
    for (unsigned i = 0; i < door->slots; i++)
        if (door->clients[i].fd < 0)
            return &door->clients[i];
    return NULL;
}

static void welcome(struct rp_door *door, int fd)
{
    struct rp_metrics *const metrics = door->service->site->metrics;
    struct rp_client *const client = free_slot(door);

    rp_metrics_add(metrics, RP_COUNT_CONNECTIONS, 1);
    if (!client || !watch(door, fd, (int)(client - door->clients),
                          EPOLLIN | EPOLLRDHUP | EPOLLET)) {
        rp_metrics_add(metrics, RP_COUNT_REFUSED, 1);
        (void)close(fd);
        return;
    }
    *client = (struct rp_client){
        .door = door,
        .fd = fd,
        .fresh = true,
        .deadline_ns = rp_ticks_now() + door->service->allowance->header_ns,
        .job = {.owner = client}};
    door->open++;
    atomic_fetch_add_explicit(&metrics->open, 1, memory_order_relaxed);
    if (door->open > door->service->allowance->connections) {
        rp_metrics_add(metrics, RP_COUNT_REFUSED, 1);
        rp_door_turn_away(door, client, 503);
    } else {
        look(door, client);
    }
}

static void accept_some(struct rp_door *door)
{
    int fd;

    for (unsigned i = 0;
         i < ACCEPTS && door->host.accepts(door->host.owner) &&
         (fd = rp_listener_accept(door->service->listener)) >= 0;
         i++)
        welcome(door, fd);
}

/* The listener is left alone while others could serve what comes. */
static void listen_or_not(struct rp_door *door)
{
    const bool wanted = !door->draining && door->host.accepts(door->host.owner);

    if (wanted == door->listens)
        return;
    door->listens = wanted;
    if (wanted)
        (void)watch(door, door->service->listener, OF_LISTENER,
                    EPOLLIN | EPOLLEXCLUSIVE);
    else
        (void)epoll_ctl(door->epoll, EPOLL_CTL_DEL, door->service->listener,
                        NULL);
}

/* ---- Coming back ---- */

static void take_back(struct rp_door *door, struct rp_client *client)
{
    const struct rp_allowance *const allowance = door->service->allowance;

    switch (client->farewell) {
    case RP_FAREWELL_STAY:
        client->state = RP_CLIENT_WAITS;
        client->begun = client->fresh = false;
        client->deadline_ns = rp_ticks_now() + allowance->idle_ns;
        if (door->draining)
            client->deadline_ns = 0;
        /* What came meanwhile was told while nobody listened. */
        look(door, client);
        return;
    case RP_FAREWELL_CLOSE:
        part(door, client);
        return;
    case RP_FAREWELL_LINGER:
        linger(door, client);
        return;
    }
}

static struct rp_job *next_returned(struct rp_door *door)
{
    struct rp_job *job;

    (void)pthread_mutex_lock(&door->mutex);
    job = rp_lanes_pop(&door->back);
    (void)pthread_mutex_unlock(&door->mutex);
    return job;
}

static void take_all_back(struct rp_door *door)
{
    const struct rp_job *job;

    while ((job = next_returned(door)) != NULL)
        take_back(door, job->owner);
}

void rp_door_return(struct rp_door *door, struct rp_client *client,
                    enum rp_farewell farewell)
{
    const uint64_t one = 1;

    client->farewell = farewell;
    (void)pthread_mutex_lock(&door->mutex);
    rp_lanes_push(&door->back, &client->job);
    (void)!write(door->wake, &one, sizeof one);
    (void)pthread_mutex_unlock(&door->mutex);
}

/* ---- Deadlines and the end ---- */

static void time_out(struct rp_door *door, struct rp_client *client)
{
    struct rp_metrics *const metrics = door->service->site->metrics;

    if (client->state == RP_CLIENT_WAITS)
        look(door, client); /* it may have come in this moment */
    if (client->fd < 0 || client->state == RP_CLIENT_SERVED)
        return;
    if (client->state == RP_CLIENT_WAITS && client->begun) {
        rp_metrics_add(metrics, RP_COUNT_TIMED_OUT, 1);
        rp_door_turn_away(door, client, 408);
        return;
    }
    if (client->state == RP_CLIENT_WAITS && !door->draining)
        rp_metrics_add(metrics, RP_COUNT_TIMED_OUT_IDLE, 1);
    part(door, client);
}

static void look_at_deadlines(struct rp_door *door)
{
    const uint64_t now = rp_ticks_now();

    if (now - door->looked_ns < (uint64_t)PATIENCE_MS * 1000000)
        return;
    door->looked_ns = now;
    for (unsigned i = 0; i < door->slots; i++) {
        struct rp_client *const client = &door->clients[i];

        if (client->fd >= 0 && client->state != RP_CLIENT_SERVED &&
            (now >= client->deadline_ns ||
             (door->draining && now >= door->drained_ns)))
            time_out(door, client);
    }
}

/* Take in what has connected already, then nobody more. Clients between two
 * requests are let go, those that have just come get a moment to ask. */
static void drain(struct rp_door *door)
{
    const uint64_t now = rp_ticks_now();
    int fd;

    if (door->draining)
        return;
    rp_stopsign_seen(door->service->signals);
    (void)epoll_ctl(door->epoll, EPOLL_CTL_DEL, door->service->signals, NULL);
    while ((fd = rp_listener_accept(door->service->listener)) >= 0)
        welcome(door, fd);
    atomic_store(&door->draining, true);
    listen_or_not(door);
    door->drained_ns = now + door->service->allowance->drain_ns;
    door->looked_ns = 0;
    for (unsigned i = 0; i < door->slots; i++) {
        struct rp_client *const client = &door->clients[i];

        if (client->fd < 0 || client->state != RP_CLIENT_WAITS || client->begun)
            continue;
        client->deadline_ns = client->fresh ? now + second_ns : now;
    }
}

/* Who has ended his half in the middle of a request will not finish it. */
static void on_client(struct rp_door *door, struct rp_client *client,
                      uint32_t events)
{
    if (client->fd >= 0)
        look(door, client);
    if (client->fd >= 0 && client->state == RP_CLIENT_WAITS &&
        events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) {
        (void)discard(client); /* unread bytes would make the end a reset */
        part(door, client);
    }
}

static void on_event(struct rp_door *door, const struct epoll_event *event)
{
    const int what = (int)(int64_t)event->data.u64;
    uint64_t count;

    switch (what) {
    case OF_LISTENER:
        accept_some(door);
        return;
    case OF_SIGNALS:
        drain(door);
        return;
    case OF_WAKE:
        (void)!read(door->wake, &count, sizeof count);
        return;
    default:
        on_client(door, &door->clients[what], event->events);
    }
}

void rp_door_run(struct rp_door *door)
{
    struct epoll_event events[EVENTS];
    bool more = false;

    while (!door->draining || door->open > 0) {
        int count;

        listen_or_not(door);
        count = epoll_wait(door->epoll, events, EVENTS, more ? 0 : PATIENCE_MS);
        for (int i = 0; i < count; i++)
            on_event(door, &events[i]);
        more = door->host.turn(door->host.owner);
        take_all_back(door);
        look_at_deadlines(door);
    }
}

/* ---- Opening and closing ---- */

enum rp_code rp_door_open(struct rp_door *door,
                          const struct rp_service *service,
                          const struct rp_door_host *host,
                          struct rp_error *error)
{
    const struct rp_allowance *const allowance = service->allowance;

    *door = (struct rp_door){.service = service,
                             .host = *host,
                             .slots = allowance->connections + RESERVE};
    atomic_init(&door->draining, false);
    door->epoll = epoll_create1(EPOLL_CLOEXEC);
    door->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    door->clients = calloc(door->slots, sizeof *door->clients);
    door->peeked = malloc(allowance->http.header_bytes + 1);
    door->http = rp_http_new(&allowance->http);
    if (!door->clients || !door->peeked || !door->http ||
        pthread_mutex_init(&door->mutex, NULL))
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for %u connections",
                       allowance->connections);
    for (unsigned i = 0; i < door->slots; i++)
        door->clients[i].fd = -1;
    if (door->epoll < 0 || door->wake < 0 ||
        !watch(door, door->wake, OF_WAKE, EPOLLIN) ||
        !watch(door, service->signals, OF_SIGNALS, EPOLLIN))
        return rp_fail(error, RP_ERR_IO, "cannot watch connections: %s",
                       strerror(errno));
    return RP_OK;
}

void rp_door_close(struct rp_door *door)
{
    if (door->clients && door->peeked && door->http)
        (void)pthread_mutex_destroy(&door->mutex);
    rp_http_free(door->http);
    free(door->peeked);
    free(door->clients);
    if (door->wake >= 0)
        (void)close(door->wake);
    if (door->epoll >= 0)
        (void)close(door->epoll);
    *door = (struct rp_door){.epoll = -1, .wake = -1};
}
