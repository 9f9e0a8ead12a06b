/* SPDX-License-Identifier: GPL-3.0-or-later */

/* accept4() is Linux's. */
#define _GNU_SOURCE

#include "microhandler/listener.h"

#include "microhandler/ticks.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Returns the socket, or -1 and errno. */
static int try_address(const struct addrinfo *a)
{
    const int yes = 1;
    const int fd =
        socket(a->ai_family, a->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int reason;

    if (fd < 0)
        return -1;
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(fd, a->ai_addr, a->ai_addrlen) == 0 && listen(fd, SOMAXCONN) == 0)
        return fd;
    reason = errno;
    (void)close(fd);
    errno = reason;
    return -1;
}

static uint16_t port_of(int fd)
{
    struct sockaddr_storage name = {.ss_family = 0};
    socklen_t size = sizeof name;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;

    (void)getsockname(fd, (struct sockaddr *)&name, &size);
    memcpy(&v4, &name, sizeof v4);
    memcpy(&v6, &name, sizeof v6);
    return ntohs(name.ss_family == AF_INET6 ? v6.sin6_port : v4.sin_port);
}

enum rp_code rp_listener_open(const char *address, uint16_t *port, int *fd,
                              struct rp_error *error)
{
    const struct addrinfo wanted = {.ai_socktype = SOCK_STREAM,
                                    .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    char number[8];
    int failure;

    (void)snprintf(number, sizeof number, "%u", *port);
    failure = getaddrinfo(address, number, &wanted, &found);
    if (failure)
        return rp_fail(error, RP_ERR_IO,
                       "--bind: found \"%s\", expected an address of this "
                       "machine, as 127.0.0.1 or ::1: %s",
                       address, gai_strerror(failure));
    *fd = try_address(found);
    freeaddrinfo(found);
    if (*fd < 0)
        return rp_fail(error, RP_ERR_IO,
                       "cannot listen on %s port %u: %s; choose another one "
                       "with --port or --bind (--port 0 takes any)",
                       address, *port, strerror(errno));
    *port = port_of(*fd);
    return RP_OK;
}

int rp_listener_accept(int fd)
{
    const int yes = 1;
    const int connection =
        accept4(fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

    if (connection >= 0)
        (void)setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &yes,
                         sizeof yes);
    else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
             errno == ENOMEM)
        rp_ticks_sleep_until(rp_ticks_now() + 1000000);
    return connection;
}
