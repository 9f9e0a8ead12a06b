/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "microhandler/serve.h"

#include "served.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <criterion/parameterized.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define GET      "GET / HTTP/1.0\r\n\r\n"
#define GET_KEEP "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n"
#define GET_11   "GET / HTTP/1.1\r\nHost: x\r\n\r\n"

/* Each server with something to cross to, and whether it keeps connections. */
struct kind {
    char yaml[200];
    bool keeps;
};

static struct kind kinds[] = {
    {"server: {kind: gunicorn}\nmiddleware: [{name: a, kind: async}]\n"
     "view: {kind: sync}\n",
     false},
    {"server: {kind: gthread, threads: 2}\n"
     "middleware: [{name: a, kind: async}]\nview: {kind: sync}\n",
     true},
    {"server: {kind: uvicorn}\nmiddleware: [{name: a, kind: mixin}]\n"
     "view: {kind: async, wait: 200us}\n",
     true},
    {"server: {kind: daphne, processes: 2}\n"
     "middleware: [{name: a, kind: sync}]\nview: {kind: async}\n",
     true},
};

#define FOR_EACH_KIND(name)                                                    \
    ParameterizedTestParameters(serve, name)                                   \
    {                                                                          \
        return cr_make_param_array(struct kind, kinds,                         \
                                   sizeof kinds / sizeof *kinds, NULL);        \
    }                                                                          \
    ParameterizedTest(struct kind *kind, serve, name, .timeout = 60)

static const uint64_t ms = 1000000;

static struct served begin(const struct kind *kind)
{
    const struct rp_serve_options options = rp_serve_defaults();

    return served_begin(kind->yaml, &options);
}

static void end(const struct served *served)
{
    cr_expect(eq(int, served_end(served, SIGTERM), 0));
}

/* Counted when it is done, which is after the client has its answer. What was
 * not walked leaves nothing to do. */
FOR_EACH_KIND(what_is_left_after_an_answer_is_done)
{
    const struct served s = begin(kind);
    long done = 0;

    for (int i = 0; i < 3; i++)
        cr_expect(eq(u32, served_ask(&s, GET), 200));
    cr_expect(eq(u32, served_ask(&s, "GET /x HTTP/1.0\r\n\r\n"), 404));
    for (int i = 0; i < 1000 && done < 3; i++)
        done = served_metric(&s, "reqpath_after_total");
    cr_expect(eq(long, done, 3));
    end(&s);
}

FOR_EACH_KIND(a_request_is_answered_and_its_times_are_told)
{
    const struct served s = begin(kind);
    const int fd = served_connect(&s);
    struct served_answer a;

    served_send(fd, GET);
    a = served_receive(fd, false);
    cr_expect(eq(u32, a.status, 200));
    cr_expect(eq(str, a.body, "OK\n"));
    cr_expect(strstr(a.head, "\r\nConnection: close\r\n") != NULL);
    cr_expect(strstr(a.head, "\r\nServer-Timing: cpu;dur=") != NULL, "%s",
              a.head);
    cr_expect(strstr(a.head, "enter;dur=") != NULL, "%s", a.head);
    cr_expect(served_is_closed(fd), "HTTP/1.0 asked for nothing else");
    (void)close(fd);
    end(&s);
}

FOR_EACH_KIND(a_connection_is_kept_where_client_and_server_do_so)
{
    static const char *const requests[] = {
        GET_KEEP,
        GET_11,
        "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc",
        "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n"};
    const struct served s = begin(kind);
    int fd = served_connect(&s);

    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
        const bool head = requests[i][0] == 'H';
        struct served_answer a;

        served_send(fd, requests[i]);
        a = served_receive(fd, head);
        cr_expect(eq(u32, a.status, i == 5 ? 404 : 200), "%s", requests[i]);
        cr_expect(eq(int, strstr(a.head, "Connection: keep-alive") != NULL,
                     kind->keeps));
        if (kind->keeps)
            continue;
        cr_expect(served_is_closed(fd));
        (void)close(fd);
        fd = served_connect(&s);
    }
    served_send(fd, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    cr_expect(eq(u32, served_receive(fd, false).status, 200));
    cr_expect(served_is_closed(fd));
    (void)close(fd);
    end(&s);
}

FOR_EACH_KIND(what_is_wrong_is_answered_with_its_status_and_the_end)
{
    static const struct {
        const char *text;
        unsigned status;
    } wrong[] = {
        {"GARBAGE\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\n\r\n", 400},
        {"\x16\x03\x01\x02\x01", 400},
        {"GET / HTTP/3.0\r\n\r\n", 505},
        {"GET / HTTP/1.0\r\nContent-Length: -1\r\n\r\n", 400},
        {"POST / HTTP/1.0\r\nContent-Length: 2000000\r\n\r\nxx", 413},
        {"BREW / HTTP/1.0\r\n\r\n", 400},
    };
    const struct served s = begin(kind);
    static char big[12000] = "GET / HTTP/1.0\r\nA: ";

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        const int fd = served_connect(&s);

        served_send(fd, wrong[i].text);
        cr_expect(eq(u32, served_receive(fd, false).status, wrong[i].status),
                  "%s", wrong[i].text);
        cr_expect(served_is_closed(fd), "%s", wrong[i].text);
        (void)close(fd);
    }
    memset(big + strlen(big), 'x', sizeof big - 1 - strlen(big));
    cr_expect(eq(u32, served_ask(&s, big), 431));
    cr_expect(eq(u32, served_ask(&s, "PUT / HTTP/1.0\r\n\r\n"), 405));
    cr_expect(eq(u32, served_ask(&s, "GET /x HTTP/1.0\r\n\r\n"), 404));
    cr_expect(eq(u32, served_ask(&s, GET), 200), "it serves as before");
    end(&s);
}

FOR_EACH_KIND(a_request_may_come_byte_by_byte)
{
    const struct served s = begin(kind);
    const int fd = served_connect(&s);

    for (const char *at = "POST / HTTP/1.0\r\nContent-Length: 4\r\n\r\nbody";
         *at; at++) {
        const char byte[2] = {*at, '\0'};
        served_send(fd, byte);
    }
    cr_expect(eq(u32, served_receive(fd, false).status, 200));
    (void)close(fd);
    end(&s);
}

FOR_EACH_KIND(of_two_requests_at_once_the_second_is_refused_by_the_end)
{
    const struct served s = begin(kind);
    const int fd = served_connect(&s);
    struct served_answer a;

    served_send(fd, GET_11 GET_11);
    a = served_receive(fd, false);
    cr_expect(eq(u32, a.status, 200));
    cr_expect(strstr(a.head, "\r\nConnection: close\r\n") != NULL);
    cr_expect(served_is_closed(fd), "an end, no reset and no second answer");
    (void)close(fd);
    end(&s);
}

FOR_EACH_KIND(a_body_that_waits_for_a_word_gets_it)
{
    const struct served s = begin(kind);
    const int fd = served_connect(&s);
    char line[26] = "";

    served_send(fd, "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
                    "Content-Length: 2\r\n\r\n");
    for (size_t n = 0; n < 25;) {
        const ssize_t got = recv(fd, line + n, 25 - n, 0);

        cr_assert(got > 0);
        n += (size_t)got;
    }
    cr_expect(eq(str, line, "HTTP/1.1 100 Continue\r\n\r\n"));
    served_send(fd, "ab");
    cr_expect(eq(u32, served_receive(fd, false).status, 200));
    (void)close(fd);
    end(&s);
}

FOR_EACH_KIND(who_ends_in_the_middle_of_a_request_is_let_go)
{
    const struct served s = begin(kind);

    for (int i = 0; i < 2; i++) {
        const int fd = served_connect(&s);

        served_send(fd, "GET / HT");
        if (i == 1) /* so that the end comes by itself */
            cr_expect(eq(u32, served_ask(&s, GET), 200));
        (void)shutdown(fd, SHUT_WR);
        cr_expect(served_is_closed(fd));
        (void)close(fd);
    }
    cr_expect(eq(
        long, served_metric(&s, "reqpath_timeouts_total{of=\"header\"}"), 0));
    end(&s);
}

FOR_EACH_KIND(slow_clients_are_timed_out_and_keep_nobody_waiting)
{
    struct rp_serve_options options = rp_serve_defaults();
    struct served s;
    int slow[8], silent;

    options.allowance.header_ns = 400 * ms;
    s = served_begin(kind->yaml, &options);
    silent = served_connect(&s);
    for (int i = 0; i < 8; i++) {
        slow[i] = served_connect(&s);
        served_send(slow[i], "GET / HTTP/1.1\r\nHo");
    }
    cr_expect(eq(u32, served_ask(&s, GET), 200), "while they dawdle");
    for (int i = 0; i < 8; i++) {
        cr_expect(eq(u32, served_receive(slow[i], false).status, 408));
        cr_expect(served_is_closed(slow[i]));
        (void)close(slow[i]);
    }
    cr_expect(served_is_closed(silent), "who said nothing gets no answer");
    (void)close(silent);
    cr_expect(eq(
        long, served_metric(&s, "reqpath_timeouts_total{of=\"header\"}"), 8));
    end(&s);
}

FOR_EACH_KIND(a_connection_that_is_kept_idle_is_closed)
{
    struct rp_serve_options options = rp_serve_defaults();
    struct served s;
    int fd;

    options.allowance.idle_ns = 200 * ms;
    s = served_begin(kind->yaml, &options);
    fd = served_connect(&s);
    served_send(fd, GET_11);
    cr_expect(eq(u32, served_receive(fd, false).status, 200));
    cr_expect(served_is_closed(fd));
    (void)close(fd);
    end(&s);
}

/* What the server counts is what was asked, and what the programs say. */
FOR_EACH_KIND(metrics_count_what_was_done)
{
    enum { REQUESTS = 25 };
    const struct served s = begin(kind);
    const bool wsgi = strstr(kind->yaml, "kind: g") != NULL;
    const bool daphne = strstr(kind->yaml, "daphne") != NULL;

    for (int i = 0; i < REQUESTS; i++)
        cr_expect(eq(u32, served_ask(&s, GET), 200));
    cr_expect(served_settles(&s));
    cr_expect(eq(long,
                 served_metric(&s, "reqpath_request_duration_seconds_count"),
                 REQUESTS));
    /* WSGI: the async layer and what is inside, once each. ASGI: a mixin's
     * two methods and the handler's two calls; or the sync layer and those. */
    cr_expect(eq(long, served_metric(&s, "reqpath_loops_created_total"),
                 wsgi || daphne ? REQUESTS : 0));
    cr_expect(
        eq(long,
           served_metric(&s, wsgi ? "reqpath_handoffs_total{crossing=\"sync_"
                                    "to_async\",place=\"caller\"}"
                                  : "reqpath_handoffs_total{crossing=\"sync_"
                                    "to_async\",place=\"sensitive\"}"),
           wsgi ? REQUESTS : (daphne ? 3 * REQUESTS : 4 * REQUESTS)));
    end(&s);
}

FOR_EACH_KIND(who_has_asked_is_answered_after_sigterm)
{
    struct rp_serve_options options = rp_serve_defaults();
    char yaml[256];
    struct served s;
    int fd, idle;

    (void)snprintf(yaml, sizeof yaml, "%.*sview: {kind: sync, wait: 500ms}\n",
                   (int)(strstr(kind->yaml, "view:") - kind->yaml), kind->yaml);
    s = served_begin(yaml, &options);
    idle = served_connect(&s);
    fd = served_connect(&s);
    served_send(fd, GET_11);
    (void)kill(s.pid, SIGTERM);
    cr_expect(eq(u32, served_receive(fd, false).status, 200));
    cr_expect(served_is_closed(fd), "though it would have been kept");
    cr_expect(served_is_closed(idle));
    cr_expect(eq(int, served_end(&s, 0), 0));
    cr_expect(eq(int, served_connect(&s), -1), "nobody is there");
    (void)close(fd);
    (void)close(idle);
}

FOR_EACH_KIND(one_connection_too_many_is_turned_away)
{
    struct rp_serve_options options = rp_serve_defaults();
    struct served s;
    int fds[3];

    if (strstr(kind->yaml, "processes"))
        return; /* the bound is each process's, and who accepts is chance */
    options.allowance.connections = 2;
    s = served_begin(kind->yaml, &options);
    for (int i = 0; i < 3; i++)
        fds[i] = served_connect(&s);
    cr_expect(eq(u32, served_receive(fds[2], false).status, 503));
    cr_expect(served_is_closed(fds[2]));
    for (int i = 0; i < 2; i++) {
        served_send(fds[i], GET);
        cr_expect(eq(u32, served_receive(fds[i], false).status, 200));
    }
    for (int i = 0; i < 3; i++)
        (void)close(fds[i]);
    end(&s);
}

/* One thread, one may wait: of four the others are turned away. */
Test(serve, a_full_backlog_turns_requests_away, .timeout = 60)
{
    static const char yaml[] =
        "server: {kind: gthread, threads: 1, backlog: 1}\n"
        "view: {kind: sync, wait: 1s}\n"
        "load: {kind: open, rate: 10/s}\n";
    const struct rp_serve_options options = rp_serve_defaults();
    const struct served s = served_begin(yaml, &options);
    unsigned good = 0, busy = 0;
    int fds[4];

    for (int i = 0; i < 4; i++) {
        fds[i] = served_connect(&s);
        served_send(fds[i], GET);
    }
    for (int i = 0; i < 4; i++) {
        const unsigned status = served_receive(fds[i], false).status;

        good += status == 200;
        busy += status == 503;
        (void)close(fds[i]);
    }
    cr_expect(eq(u32, good, 2));
    cr_expect(eq(u32, busy, 2));
    end(&s);
}

/* Of Django 3.2: one thread for all that is thread-sensitive. Nothing crosses
 * before a quick answer, and its response is closed in that thread. */
#define SLOW_AND_QUICK                                                         \
    "framework: {name: django, version: 3.2.25, signals_async_aware: true}\n"  \
    "requests:\n"                                                              \
    "  - {name: slow, view: {kind: sync, wait: 1s}}\n"                         \
    "  - {name: quick, view: {kind: async}}\n"

static struct kind early[] = {
    {"server: {kind: uvicorn}\n" SLOW_AND_QUICK, true},
    {"server: {kind: daphne}\n" SLOW_AND_QUICK, true}};

#define FOR_EACH_EARLY(name)                                                   \
    ParameterizedTestParameters(serve, name)                                   \
    {                                                                          \
        return cr_make_param_array(struct kind, early,                         \
                                   sizeof early / sizeof *early, NULL);        \
    }                                                                          \
    ParameterizedTest(struct kind *kind, serve, name, .timeout = 60)

/* The thread has begun to wait. */
static int begin_slowly(const struct served *s)
{
    static const char handed[] = "reqpath_handoffs_total{crossing=\"sync_to_"
                                 "async\",place=\"sensitive\"}";
    const int fd = served_connect(s);

    served_send(fd, "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
    while (served_metric(s, handed) < 1)
        continue;
    return fd;
}

/* Three of them on one connection, whose responses are all to be closed yet,
 * and one that ends with its answer. */
FOR_EACH_EARLY(an_answer_does_not_wait_for_a_thread_that_is_busy)
{
    static const char *const requests[] = {
        "GET /quick HTTP/1.1\r\nHost: x\r\n\r\n",
        "HEAD /quick HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /quick HTTP/1.1\r\nHost: x\r\n\r\n"};
    const struct served s = begin(kind);
    const int slow = begin_slowly(&s), kept = served_connect(&s);
    const int other = served_connect(&s);
    struct served_answer a;

    for (int i = 0; i < 3; i++) {
        served_send(kept, requests[i]);
        a = served_receive(kept, i == 1);
        cr_expect(eq(u32, a.status, 200));
        cr_expect(strstr(a.head, "Server-Timing: cpu;dur=") != NULL);
        cr_expect(strstr(a.head, "enter") == NULL, "is not done: %s", a.head);
    }
    served_send(other, "HEAD /quick HTTP/1.0\r\n\r\n");
    cr_expect(eq(u32, served_receive(other, true).status, 200));
    cr_expect(served_is_closed(other));
    cr_expect(eq(long, served_metric(&s, "reqpath_in_flight"), 5));
    cr_expect(eq(long, served_metric(&s, "reqpath_after_total"), 0));
    cr_expect(eq(u32, served_receive(slow, false).status, 200));
    cr_expect(served_settles(&s));
    /* the slow view, and five that close */
    cr_expect(
        eq(long, served_metric(&s, "reqpath_steps_total{step=\"leave\"}"), 6));
    cr_expect(eq(long, served_metric(&s, "reqpath_after_total"), 5));
    (void)close(other);
    (void)close(kept);
    (void)close(slow);
    end(&s);
}

/* Whoever is gone has left something to do. */
FOR_EACH_EARLY(what_follows_answers_is_done_before_the_end)
{
    const struct served s = begin(kind);
    const int slow = begin_slowly(&s);

    for (int i = 0; i < 3; i++)
        cr_expect(eq(u32, served_ask(&s, "GET /quick HTTP/1.0\r\n\r\n"), 200));
    (void)kill(s.pid, SIGTERM);
    cr_expect(eq(u32, served_receive(slow, false).status, 200));
    cr_expect(served_is_closed(slow));
    cr_expect(eq(int, served_end(&s, 0), 0));
    (void)close(slow);
}

Test(serve, classes_have_paths_and_outcomes_have_statuses, .timeout = 60)
{
    static const char yaml[] =
        "server: {kind: daphne}\n"
        "requests:\n"
        "  - {name: page, view: {kind: sync}}\n"
        "  - {name: gone, view: {kind: sync, outcome: \"404\"}}\n"
        "  - {name: fails, view: {kind: async, outcome: raise}}\n";
    const struct rp_serve_options options = rp_serve_defaults();
    const struct served s = served_begin(yaml, &options);

    cr_expect(eq(u32, served_ask(&s, "GET /page HTTP/1.0\r\n\r\n"), 200));
    cr_expect(eq(u32, served_ask(&s, "GET /gone HTTP/1.0\r\n\r\n"), 404));
    cr_expect(eq(u32, served_ask(&s, "GET /fails HTTP/1.0\r\n\r\n"), 500));
    cr_expect(eq(u32, served_ask(&s, "GET /other HTTP/1.0\r\n\r\n"), 404));
    end(&s);
}
