/**
 * The door: connections of a WSGI server that are with no worker.
 *
 * One thread accepts, watches connections until a request's header is there,
 * and only then hands them over, so that a client that is slow or silent keeps
 * no worker waiting. It looks at what has come without taking it (MSG_PEEK);
 * the worker reads it itself, and blocks where it has to wait. What a worker is
 * done with comes back here, to wait for its next request or to be closed.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MICROHANDLER_DOOR_H
#define RP_MICROHANDLER_DOOR_H

#include "microhandler/handoff.h"
#include "microhandler/service.h"

#include <stdatomic.h>

/** What is to become of a connection. */
enum rp_farewell {
    RP_FAREWELL_STAY,   /* another request may come */
    RP_FAREWELL_CLOSE,  /* all was read that the client sent */
    RP_FAREWELL_LINGER, /* it may be sending still: end our half first, so
                           that the response is not lost by a reset */
};

struct rp_door;

/** A connection. While it is with a worker, nobody else touches it. */
struct rp_client {
    struct rp_door *door; /* borrowed */
    int fd;               /* -1: the slot is free */
    enum rp_client_state {
        RP_CLIENT_WAITS,
        RP_CLIENT_SERVED,
        RP_CLIENT_LEAVES
    } state;
    bool begun; /* some of a request has come */
    bool fresh; /* no request was served yet */
    uint64_t deadline_ns;
    struct rp_visit visit; /* of the request that has come */
    struct rp_job job;     /* `owner` is the client */
    enum rp_farewell farewell;
};

/** Who serves, as the door sees it. */
struct rp_door_host {
    void *owner;
    /* A request has come: to be served and then returned. */
    void (*ready)(void *owner, struct rp_client *client);
    /* May further connections be accepted now? */
    bool (*accepts)(void *owner);
    /* After each round: serve one in the door's own thread; true: there is
     * more. */
    bool (*turn)(void *owner);
};

struct rp_door {
    const struct rp_service *service; /* borrowed */
    struct rp_door_host host;
    int epoll, wake;
    unsigned slots, open;
    struct rp_client *clients; /* owned */
    char *peeked;              /* owned: as long as a header may be */
    struct rp_http *http;      /* owned: to look at what was peeked */
    bool listens;              /* to the listener, at the moment */
    atomic_bool draining;
    uint64_t drained_ns; /* when slow clients are given up */
    uint64_t looked_ns;  /* when deadlines were looked at */
    pthread_mutex_t mutex;
    struct rp_lanes back; /* returned by workers; under the mutex */
};

/** RP_ERR_MEMORY, RP_ERR_IO; rp_door_close() in any case. */
RP_CHECKED enum rp_code rp_door_open(struct rp_door *door,
                                     const struct rp_service *service,
                                     const struct rp_door_host *host,
                                     struct rp_error *error);

/** Serve until a signal says to end and all clients are gone. */
void rp_door_run(struct rp_door *door);

/** From any thread: the worker is done with a client. */
void rp_door_return(struct rp_door *door, struct rp_client *client,
                    enum rp_farewell farewell);

/** Answer a client that is not with a worker with this status, if it takes it
 * at once, and part. */
void rp_door_turn_away(struct rp_door *door, struct rp_client *client,
                       unsigned status);

void rp_door_close(struct rp_door *door);

#endif
