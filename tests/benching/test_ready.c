/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE

#include "bench/ready.h"
#include "tests/benching/freeport.h"

#include <criterion/new/assert.h>
#include <string.h>
#include <sys/wait.h>

/* A server of one connection, which keeps what it was asked in a pipe. */
static int serve_once(const char *answer, unsigned *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    int ends[2];

    cr_assert(bind(fd, (struct sockaddr *)&address, length) == 0);
    cr_assert(getsockname(fd, (struct sockaddr *)&address, &length) == 0);
    cr_assert(listen(fd, 1) == 0 && pipe(ends) == 0);
    *port = ntohs(address.sin_port);
    if (fork() == 0) {
        char request[1024];
        const int client = accept(fd, NULL, NULL);
        const ssize_t n = recv(client, request, sizeof request, 0);

        (void)!write(ends[1], request, n > 0 ? (size_t)n : 0);
        (void)!write(client, answer, strlen(answer));
        _exit(0);
    }
    (void)close(fd);
    (void)close(ends[1]);
    return ends[0];
}

static void expect(const char *answer, int ready)
{
    char url[64], asked[1024] = "";
    unsigned port;
    const int pipe_end = serve_once(answer, &port);

    (void)snprintf(url, sizeof url, "http://127.0.0.1:%u/a?b=c", port);
    cr_expect(eq(int, rp_ready_ask(url, NULL, 20.0), ready), "\"%s\"", answer);
    (void)wait(NULL);
    (void)!read(pipe_end, asked, sizeof asked - 1);
    (void)close(pipe_end);
    cr_expect(eq(str, asked,
                 "GET /a?b=c HTTP/1.0\r\nHost: 127.0.0.1\r\nAccept: */*\r\n"
                 "\r\n"));
}

Test(ready, success_is_2xx)
{
    expect("HTTP/1.1 200 OK\r\n\r\n", 1);
    expect("HTTP/1.0 204 No Content\r\n\r\n", 1);
}

Test(ready, anything_else_is_not)
{
    expect("HTTP/1.1 500 Oh\r\n\r\n", 0);
    expect("HTTP/1.1 301 Moved\r\n\r\n", 0);
    expect("SSH-2.0-OpenSSH_9\r\n", 0);
    expect("HTTP/1.1 2", 0);
    expect("", 0);
}

Test(ready, nobody_is_not_ready)
{
    char url[64];

    (void)snprintf(url, sizeof url, "http://127.0.0.1:%u/", free_port());
    cr_expect(eq(int, rp_ready_ask(url, NULL, 1.0), 0));
    cr_expect(eq(int, rp_ready_ask("https://127.0.0.1/", NULL, 1.0), 0));
    cr_expect(eq(int, rp_ready_ask("http:///", NULL, 1.0), 0));
}
