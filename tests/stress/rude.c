/* A rude client for a real server, by hand: malformed requests, clients that
 * send a byte now and then, and connections that say nothing.
 *
 *   rude PORT malformed N     N requests that are wrong in some way
 *   rude PORT idle N          N connections that say nothing for 5 seconds
 *   rude PORT slowloris N     N that send a byte a second, for 15 seconds
 *
 * Says what became of them, and how long a polite request took meanwhile.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define _POSIX_C_SOURCE 200809L

#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { STATUSES = 600, SIZE = 12000 };

static unsigned answers[STATUSES]; /* 0: closed without a word */
static uint16_t port;

static double now_s(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static int open_connection(void)
{
    const struct sockaddr_in to = {.sin_family = AF_INET,
                                   .sin_port = htons(port),
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const int fd = socket(AF_INET, SOCK_STREAM, 0);

    if (fd < 0 || connect(fd, (const struct sockaddr *)&to, sizeof to) != 0) {
        perror("connect");
        exit(1);
    }
    return fd;
}

/* The status of what comes within that time; 0: closed; -1: nothing came. */
static int status_within(int fd, int wait_ms)
{
    struct pollfd one = {.fd = fd, .events = POLLIN};
    char text[4096] = "";

    if (poll(&one, 1, wait_ms) != 1)
        return -1;
    if (recv(fd, text, sizeof text - 1, 0) <= 9)
        return 0;
    return (int)strtol(text + 9, NULL, 10); /* "HTTP/1.1 200 OK" */
}

static void note(int status)
{
    if (status >= 0 && status < STATUSES)
        answers[status]++;
}

static void print_answers(unsigned count)
{
    unsigned told = 0;

    for (int i = 0; i < STATUSES; i++) {
        told += answers[i];
        if (answers[i] > 0 && i > 0)
            (void)printf("%d: %u  ", i, answers[i]);
    }
    (void)printf("closed: %u  no end: %u\n", answers[0], count - told);
}

static void polite(const char *when)
{
    static const char text[] = "GET / HTTP/1.0\r\n\r\n";
    const double began = now_s();
    const int fd = open_connection();
    int status;

    (void)send(fd, text, sizeof text - 1, MSG_NOSIGNAL);
    status = status_within(fd, 20000);
    (void)close(fd);
    (void)printf("a polite request %s: %d after %.1f ms\n", when, status,
                 (now_s() - began) * 1e3);
}

/* ---- Malformed ---- */

static unsigned chance(unsigned below)
{
    static uint64_t state = 1;

    state = state * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return (unsigned)(state >> 33) % below;
}

/* A good request, and then something that is not. Returns its length. */
static size_t spoil(char text[SIZE])
{
    static const char good[] = "POST /page?x=1 HTTP/1.1\r\nHost: a.b\r\n"
                               "Accept: */*\r\nContent-Length: 4\r\n\r\nbody";
    size_t length = sizeof good - 1;

    memcpy(text, good, length);
    switch (chance(6)) {
    case 0: /* bytes that are others */
        for (unsigned i = 0; i < 1 + chance(4); i++)
            text[chance((unsigned)length)] = (char)chance(256);
        return length;
    case 1: /* nothing but noise */
        for (size_t i = 0; i < length; i++)
            text[i] = (char)chance(256);
        return length;
    case 2: /* a header without end */
        memset(text + 25, 'h', SIZE - 25);
        return SIZE;
    case 3: /* cut off */
        return 1 + chance((unsigned)length - 1);
    case 4: /* too much of a body */
        return (size_t)snprintf(text, SIZE,
                                "POST / HTTP/1.0\r\n"
                                "Content-Length: 99999999\r\n\r\n");
    default: /* lengths that contradict each other */
        return (size_t)snprintf(text, SIZE,
                                "POST / HTTP/1.1\r\nHost: x\r\nContent-Length:"
                                " 5\r\nContent-Length: %u\r\n\r\nhello",
                                6 + chance(9));
    }
}

static void send_malformed(unsigned count)
{
    char text[SIZE];

    for (unsigned i = 0; i < count; i++) {
        const size_t length = spoil(text);
        const int fd = open_connection();

        (void)send(fd, text, length, MSG_NOSIGNAL);
        (void)shutdown(fd, SHUT_WR); /* what was cut off will not go on */
        note(status_within(fd, 20000));
        (void)close(fd);
    }
    print_answers(count);
}

/* ---- Many at once ---- */

static void hold_many(unsigned count, unsigned seconds, bool drip)
{
    static const char text[] = "GET / HTTP/1.1\r\nHost: slow.example\r\n"
                               "Accept: everything, but slowly, please\r\n";
    int *const fds = calloc(count, sizeof *fds);

    for (unsigned i = 0; i < count; i++)
        fds[i] = open_connection();
    polite("meanwhile");
    for (unsigned s = 0; s < seconds; s++) {
        for (unsigned i = 0; drip && i < count; i++)
            (void)send(fds[i], text + s, 1, MSG_NOSIGNAL);
        (void)poll(NULL, 0, 1000);
        if (s % 5 == 4)
            polite("meanwhile");
    }
    for (unsigned i = 0; i < count; i++) {
        note(status_within(fds[i], drip ? 15000 : 0));
        (void)close(fds[i]);
    }
    free(fds);
    print_answers(count);
}

int main(int argc, char **argv)
{
    const struct rlimit files = {65536, 65536};
    unsigned count;

    if (argc != 4) {
        (void)fputs("rude PORT malformed|idle|slowloris N\n", stderr);
        return 2;
    }
    (void)setrlimit(RLIMIT_NOFILE, &files);
    port = (uint16_t)strtoul(argv[1], NULL, 10);
    count = (unsigned)strtoul(argv[3], NULL, 10);
    if (strcmp(argv[2], "malformed") == 0)
        send_malformed(count);
    else
        hold_many(count, argv[2][0] == 's' ? 15 : 5, argv[2][0] == 's');
    polite("after it");
    return 0;
}
