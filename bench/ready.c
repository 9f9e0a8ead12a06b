/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "bench/ready.h"

#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { PART_SIZE = 256 };

struct address {
    char host[PART_SIZE], port[16], path[2048];
};

static bool parse(const char *url, struct address *a)
{
    static const char scheme[] = "http://";
    const char *const at = url + strlen(scheme);
    size_t host, port;
    const char *colon;

    if (strncmp(url, scheme, strlen(scheme)) != 0)
        return false;
    host = strcspn(at, "/:");
    colon = at + host;
    (void)snprintf(a->port, sizeof a->port, "80");
    (void)snprintf(a->host, sizeof a->host, "%.*s", (int)host, at);
    if (*colon == ':') {
        port = strcspn(++colon, "/");
        (void)snprintf(a->port, sizeof a->port, "%.*s", (int)port, colon);
        colon += port;
    }
    (void)snprintf(a->path, sizeof a->path, "%s", *colon ? colon : "/");
    return host > 0 && host < sizeof a->host;
}

/* A connected socket that does not wait for ever; -1: none. */
static int connect_to(const struct address *a, double wait_s)
{
    const struct addrinfo hints = {.ai_family = AF_UNSPEC,
                                   .ai_socktype = SOCK_STREAM};
    const struct timeval wait = {
        .tv_sec = (time_t)wait_s,
        .tv_usec = (suseconds_t)(1e6 * (wait_s - (double)(time_t)wait_s))};
    struct addrinfo *found = NULL;
    int fd = -1;

    if (getaddrinfo(a->host, a->port, &hints, &found) != 0)
        return -1;
    for (const struct addrinfo *i = found; i && fd < 0; i = i->ai_next) {
        fd = socket(i->ai_family, i->ai_socktype, i->ai_protocol);
        if (fd < 0)
            continue;
        (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
        (void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
        if (connect(fd, i->ai_addr, i->ai_addrlen) != 0) {
            (void)close(fd);
            fd = -1;
        }
    }
    freeaddrinfo(found);
    return fd;
}

unsigned rp_ready_port(void)
{
    struct sockaddr_in a = {.sin_family = AF_INET};
    socklen_t size = sizeof a;
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const bool good = fd >= 0 &&
                      bind(fd, (struct sockaddr *)&a, sizeof a) == 0 &&
                      getsockname(fd, (struct sockaddr *)&a, &size) == 0;

    if (fd >= 0)
        (void)close(fd);
    return good ? ntohs(a.sin_port) : 0;
}

bool rp_ready_ask(const char *url, const char *path, double wait_s)
{
    static const char version[] = "HTTP/1.";
    struct address a = {.host = ""};
    char request[2 * sizeof a.path], answer[13];
    size_t got = 0;
    int length, fd;
    bool sent;

    if (!parse(url, &a))
        return false;
    length = snprintf(request, sizeof request,
                      "GET %s HTTP/1.0\r\nHost: %s\r\nAccept: */*\r\n\r\n",
                      path ? path : a.path, a.host);
    if (length < 0 || (size_t)length >= sizeof request)
        return false;
    fd = connect_to(&a, wait_s);
    if (fd < 0)
        return false;
    sent = send(fd, request, (size_t)length, MSG_NOSIGNAL) == length;
    while (sent && got < sizeof answer - 1) {
        const ssize_t n = recv(fd, answer + got, sizeof answer - 1 - got, 0);

        if (n <= 0)
            break;
        got += (size_t)n;
    }
    (void)close(fd);
    answer[got] = '\0';
    return got == sizeof answer - 1 &&
           strncmp(answer, version, strlen(version)) == 0 && answer[9] == '2';
}
