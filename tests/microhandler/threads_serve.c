/* Real servers under load from several clients at once, over each kind: no
 * request is lost, nothing races, nothing leaks. A plain program, as Criterion
 * does not run under ThreadSanitizer.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "served.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { CLIENTS = 8, REQUESTS = 40 };

#define STACK                                                                  \
    "middleware: [{name: a, kind: sync}, {name: b, kind: async},"              \
    " {name: c, kind: mixin}]\n"                                               \
    "resources: [{name: db, capacity: 2}]\n"                                   \
    "view: {kind: async, cpu: 20us, wait: 100us, uses: db}\n"

static const char *const texts[] = {
    "server: {kind: gunicorn}\n" STACK,
    "server: {kind: gthread, threads: 3}\n" STACK,
    "server: {kind: daphne}\n" STACK,
    "server: {kind: uvicorn, gil: false}\n"
    "framework: {name: django, version: 4.2.0, asgiref: 3.12.0}\n" STACK,
};

struct client {
    const struct served *served;
    unsigned answered;
};

/* Half of the requests on a connection that is kept, where it is. */
static void *ask(void *argument)
{
    struct client *const c = argument;

    for (int i = 0; i < REQUESTS / 2; i++)
        c->answered += served_ask(c->served, "GET / HTTP/1.0\r\n\r\n") == 200;
    for (int i = 0; i < REQUESTS / 2;) {
        const int fd = served_connect(c->served);

        for (; fd >= 0 && i < REQUESTS / 2; i++) {
            struct served_answer a;

            served_send(fd, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            a = served_receive(fd, false);
            if (a.status == 0)
                break; /* closed, unasked: it is asked again */
            c->answered += a.status == 200;
        }
        if (fd >= 0)
            (void)close(fd);
    }
    return NULL;
}

static void load(const char *text)
{
    const struct rp_serve_options options = rp_serve_defaults();
    const struct served served = served_begin_strictly(text, &options);
    struct client clients[CLIENTS];
    pthread_t threads[CLIENTS];
    unsigned answered = 0;

    for (int i = 0; i < CLIENTS; i++) {
        clients[i] = (struct client){.served = &served};
        if (pthread_create(&threads[i], NULL, ask, &clients[i]) != 0)
            exit(1);
    }
    for (int i = 0; i < CLIENTS; i++) {
        (void)pthread_join(threads[i], NULL);
        answered += clients[i].answered;
    }
    /* The last one's response is not closed yet when the end comes. */
    if (answered != CLIENTS * REQUESTS || !served_settles(&served) ||
        served_ask(&served, "GET / HTTP/1.1\r\nHost: x\r\n\r\n") != 200 ||
        served_end(&served, SIGTERM) != 0) {
        (void)fprintf(stderr, "%u of %d answered, or a bad end: %s\n", answered,
                      CLIENTS * REQUESTS, text);
        exit(1);
    }
}

int main(void)
{
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        load(texts[i]);
    return 0;
}
