/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _DEFAULT_SOURCE

#include "client/openclient.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MANY = 50 };

/* ---- A server that does one thing after the other ---- */

/* What it has seen, in memory that both processes share. */
struct seen {
    int connections, requests;
    char first[512]; /* the first request */
};

static struct seen *seen;
static pid_t server;
static char url[64];
static uint64_t at_ns[MANY];
static struct rp_open_row rows[MANY];

/* False: the client has gone. */
static bool read_request(int fd)
{
    char text[2048];
    size_t n = 0;

    while (n < sizeof text - 1) {
        const ssize_t got = read(fd, text + n, sizeof text - 1 - n);

        if (got <= 0)
            return false;
        n += (size_t)got;
        text[n] = '\0';
        if (strstr(text, "\r\n\r\n"))
            break;
    }
    if (seen->requests++ == 0)
        (void)snprintf(seen->first, sizeof seen->first, "%.500s", text);
    return true;
}

/* One answer a request; "" holds it for ever. `keeps`: the connection stays. */
static _Noreturn void serve(int listener, const char *answer, bool keeps)
{
    for (;;) {
        const int fd = accept(listener, NULL, NULL);

        if (fd < 0)
            _exit(1);
        seen->connections++;
        if (!answer[0])
            continue;
        do {
            if (!read_request(fd))
                break;
            (void)!write(fd, answer, strlen(answer));
        } while (keeps);
        (void)close(fd);
    }
}

static void begin(const char *answer, bool keeps)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    const int fd = socket(AF_INET, SOCK_STREAM, 0);

    seen = mmap(NULL, sizeof *seen, PROT_READ | PROT_WRITE,
                MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    cr_assert(seen != MAP_FAILED);
    cr_assert(bind(fd, (struct sockaddr *)&address, length) == 0);
    cr_assert(getsockname(fd, (struct sockaddr *)&address, &length) == 0);
    cr_assert(listen(fd, MANY) == 0);
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%u/path?a=b",
                   ntohs(address.sin_port));
    server = fork();
    if (server == 0)
        serve(fd, answer, keeps);
    (void)close(fd);
    for (size_t i = 0; i < MANY; i++)
        at_ns[i] = (i + 1) * UINT64_C(1500000);
}

static void end(void)
{
    if (server > 0) {
        (void)kill(server, SIGKILL);
        (void)waitpid(server, NULL, 0);
    }
    server = 0;
}

static void run(size_t count, bool keepalive, uint64_t timeout_ns)
{
    const struct rp_openclient_options options = {.url = url,
                                                  .at_ns = at_ns,
                                                  .count = count,
                                                  .timeout_ns = timeout_ns,
                                                  .keepalive = keepalive};
    struct rp_error error = {0};

    cr_assert(eq(int, rp_openclient_run(&options, rows, &error), RP_OK), "%s",
              error.text);
}

static void expect_all(size_t count, enum rp_open_end end_of_all,
                       unsigned status)
{
    for (size_t i = 0; i < count; i++) {
        cr_expect(eq(int, (int)rows[i].end, (int)end_of_all), "row %zu", i);
        cr_expect(eq(uint, rows[i].status, status));
        cr_expect(eq(dbl, rows[i].planned_us, (double)at_ns[i] / 1e3));
        cr_expect(ge(dbl, rows[i].late_us, 0.0), "never before its moment");
        cr_expect(ge(dbl, rows[i].elapsed_us, rows[i].late_us));
    }
}

TestSuite(openclient, .fini = end, .timeout = 120);

#define MINUTE UINT64_C(60000000000)
#define OK_10                                                                  \
    "HTTP/1.0 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"

/* ---- What is sent is answered ---- */

Test(openclient, each_request_is_sent_once_and_answered_on_its_own_connection)
{
    begin(OK_10, false);
    run(MANY, false, MINUTE);
    expect_all(MANY, RP_OPEN_ANSWERED, 200);
    cr_expect(eq(int, seen->requests, MANY));
    cr_expect(eq(int, seen->connections, MANY));
    for (size_t i = 0; i < MANY; i++)
        cr_expect(eq(u64, rows[i].bytes, sizeof OK_10 - 1));
    cr_expect(
        eq(int, strncmp(seen->first, "GET /path?a=b HTTP/1.0\r\nHost: 127", 33),
           0),
        "%s", seen->first);
}

/* A request that comes a while later finds the connection free, unless the
 * machine was so busy that the answer was not there yet. */
static int sent_before_the_last_answer(size_t count)
{
    int n = 0;

    for (size_t i = 1; i < count; i++)
        n += rows[i].planned_us + rows[i].late_us <
             rows[i - 1].planned_us + rows[i - 1].elapsed_us;
    return n;
}

Test(openclient, a_connection_that_is_kept_is_used_again)
{
    begin("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", true);
    for (size_t i = 0; i < 4; i++)
        at_ns[i] = i * UINT64_C(300000000);
    run(4, true, MINUTE);
    expect_all(4, RP_OPEN_ANSWERED, 200);
    cr_expect(eq(int, seen->requests, 4));
    cr_expect(le(int, seen->connections, 1 + sent_before_the_last_answer(4)));
    cr_expect(
        eq(int, strncmp(seen->first, "GET /path?a=b HTTP/1.1\r\n", 24), 0));
}

Test(openclient, a_body_that_ends_with_the_connection_is_an_answer)
{
    begin("HTTP/1.0 404 Not Found\r\n\r\nno such page", false);
    run(3, false, MINUTE);
    expect_all(3, RP_OPEN_ANSWERED, 404);
}

/* ---- What is not ---- */

Test(openclient, requests_do_not_wait_for_each_other_and_time_out_by_themselves)
{
    struct rp_open_summary s;

    begin("", false);
    run(MANY, false, UINT64_C(400000000));
    expect_all(MANY, RP_OPEN_TIMEOUT, 0);
    for (size_t i = 0; i < MANY; i++)
        cr_expect(ge(dbl, rows[i].elapsed_us - rows[i].late_us, 400e3));
    cr_assert(eq(int, rp_open_rows_sum_up(rows, MANY, &s, NULL), RP_OK));
    /* all are sent within 75 ms, if the machine lets them, and none ends in
     * 400 */
    cr_expect(gt(sz, s.most_in_flight, 1));
}

Test(openclient, where_nobody_listens_there_is_no_connection)
{
    begin(OK_10, false);
    end();
    run(5, false, MINUTE);
    expect_all(5, RP_OPEN_CONNECT, 0);
}

Test(openclient, what_is_not_http_or_only_its_beginning_is_broken)
{
    begin("SSH-2.0-OpenSSH\r\n", false);
    run(2, false, MINUTE);
    expect_all(2, RP_OPEN_BROKEN, 0);
    end();
    begin("HTTP/1.0 200 OK\r\nContent-Length: 99\r\n\r\nshort", false);
    run(2, false, MINUTE);
    expect_all(2, RP_OPEN_BROKEN, 0);
}

Test(openclient, an_interruption_ends_it)
{
    static const volatile sig_atomic_t interrupted = 1;
    const struct rp_openclient_options options = {.url = url,
                                                  .at_ns = at_ns,
                                                  .count = MANY,
                                                  .timeout_ns = MINUTE,
                                                  .interrupted = &interrupted};
    struct rp_error error = {0};

    begin("", false);
    cr_expect(
        eq(int, rp_openclient_run(&options, rows, &error), RP_ERR_UNUSABLE));
    cr_expect(eq(str, error.text, "interrupted after 0 of 50 requests"));
}

Test(openclient, a_url_that_is_none_is_refused)
{
    static const char *const urls[] = {"", "127.0.0.1:80", "https://h/",
                                       "http://", "http://h:port/"};

    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        const struct rp_openclient_options options = {
            .url = urls[i], .at_ns = at_ns, .count = 1, .timeout_ns = MINUTE};
        char sentence[160];
        struct rp_error error = {0};

        cr_expect(
            eq(int, rp_openclient_run(&options, rows, &error), RP_ERR_VALUE));
        (void)snprintf(sentence, sizeof sentence,
                       "found the URL \"%s\", expected one like "
                       "http://127.0.0.1:8000/",
                       urls[i]);
        cr_expect(eq(str, error.text, sentence));
    }
}
