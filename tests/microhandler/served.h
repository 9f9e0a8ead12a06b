/**
 * A served scenario: a real server in a process of its own, and a small client.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_TESTS_MICROHANDLER_SERVED_H
#define RP_TESTS_MICROHANDLER_SERVED_H

#include "microhandler/serve.h"

#include <sys/types.h>

struct served {
    pid_t pid;
    uint16_t port;
};

/** Serve it on a free port; all items cost nothing, and 2 us of work are left
 * after each answer. Ends the program where it
 * does not begin. */
struct served served_begin(const char *yaml,
                           const struct rp_serve_options *options);

/** The same where this process has no other thread: then what the server leaks
 * can be told from what those threads had, and is an exit code. */
struct served served_begin_strictly(const char *yaml,
                                    const struct rp_serve_options *options);

/** Send a signal, wait, and return the exit code; -1: a signal ended it. */
int served_end(const struct served *served, int signal);

/** Connect; -1: refused. */
int served_connect(const struct served *served);

/** Send all of it. */
void served_send(int fd, const char *text);

/** What a response says. */
struct served_answer {
    unsigned status; /* 0: the connection was closed, or nothing came in 20 s */
    char head[4096]; /* up to the empty line */
    char body[20000]; /* "" where none was sent */
};

/** Receive one response. `head`: it is of a HEAD request. */
struct served_answer served_receive(int fd, bool head);

/** True where the server closes the connection, and sends nothing before. */
bool served_is_closed(int fd);

/** Connect, ask, receive, and close: returns the status. */
unsigned served_ask(const struct served *served, const char *request);

/** Wait until no request is under way: clients have their answers before.
 * False: that is not so after 20 s. */
bool served_settles(const struct served *served);

/** A sample of /metrics, "reqpath_in_flight"; -1: it is not there. */
long served_metric(const struct served *served, const char *sample);

#endif
