/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "microhandler/http.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct rp_http_limits limits = {
    .header_bytes = 200, .header_count = 4, .body_bytes = 10};

#define HOST "Host: x\r\n"

struct request_case {
    const char *text;
    enum rp_http_state state;
    unsigned status; /* where it is bad */
    const char *path;
    enum rp_http_method method;
    bool keeps_alive;
    size_t left; /* bytes that are the next request's */
};

static const struct request_case cases[] = {
    {"GET / HTTP/1.0\r\n\r\n", RP_HTTP_WHOLE, 0, "/", RP_HTTP_GET},
    {"GET /a?b=c#d HTTP/1.1\r\n" HOST "\r\n", RP_HTTP_WHOLE, 0, "/a",
     RP_HTTP_GET, true},
    {"GET /a HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n", RP_HTTP_WHOLE, 0,
     "/a", RP_HTTP_GET, false},
    {"GET /a HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", RP_HTTP_WHOLE, 0,
     "/a", RP_HTTP_GET, true},
    {"HEAD / HTTP/1.1\r\n" HOST "\r\n", RP_HTTP_WHOLE, 0, "/", RP_HTTP_HEAD,
     true},
    {"GET http://x.y:80/z?q HTTP/1.1\r\n" HOST "\r\n", RP_HTTP_WHOLE, 0, "/z",
     RP_HTTP_GET, true},
    {"GET http://x.y HTTP/1.1\r\n" HOST "\r\n", RP_HTTP_WHOLE, 0, "/",
     RP_HTTP_GET, true},
    {"POST / HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nabc", RP_HTTP_WHOLE,
     0, "/", RP_HTTP_POST, true},
    {"POST / HTTP/1.1\r\n" HOST
     "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
     RP_HTTP_WHOLE, 0, "/", RP_HTTP_POST, true},
    {"DELETE / HTTP/1.1\r\n" HOST "\r\n", RP_HTTP_WHOLE, 0, "/", RP_HTTP_OTHER,
     true},
    {"OPTIONS * HTTP/1.1\r\n" HOST "\r\n", RP_HTTP_WHOLE, 0, "*", RP_HTTP_OTHER,
     true},
    {"GET / HTTP/1.1\r\n" HOST "Upgrade: h2c\r\nConnection: Upgrade\r\n\r\n",
     RP_HTTP_WHOLE, 0, "/", RP_HTTP_GET, true},
    {"GET / HTTP/1.1\r\n" HOST "\r\nGET /2", RP_HTTP_WHOLE, 0, "/", RP_HTTP_GET,
     true, 6},
    {"POST / HTTP/1.0\r\nContent-Length: 1\r\n\r\naXY", RP_HTTP_WHOLE, 0, "/",
     RP_HTTP_POST, false, 2},
    {"\r\n\r\nGET / HTTP/1.0\r\n\r\n", RP_HTTP_WHOLE, 0, "/", RP_HTTP_GET},
    {"GET / HTTP/1.0\r\nA: 1\r\nB: 2\r\nC: 3\r\nD: 4\r\n\r\n", RP_HTTP_WHOLE, 0,
     "/", RP_HTTP_GET},
    {"POST / HTTP/1.0\r\nContent-Length: 10\r\n\r\n0123456789", RP_HTTP_WHOLE,
     0, "/", RP_HTTP_POST},
    {"", RP_HTTP_MORE},
    {"GET / HTTP/1.1\r\nHost", RP_HTTP_MORE},
    {"POST / HTTP/1.0\r\nContent-Length: 5\r\n\r\nabc", RP_HTTP_MORE},
    {"GET / HTTP/1.1\r\n\r\n", RP_HTTP_BAD, 400}, /* no Host */
    {"GET /\r\n\r\n", RP_HTTP_BAD, 400},          /* HTTP/0.9 */
    {"GET / HTTP/2.0\r\n\r\n", RP_HTTP_BAD, 505},
    {"GET / HTTP/1.2\r\n" HOST "\r\n", RP_HTTP_BAD, 505},
    {"GET / HTTQ/1.1\r\n", RP_HTTP_BAD, 400},
    {"GET / FTP/1.1\r\n" HOST "\r\n", RP_HTTP_BAD, 400},
    {"G\x01T / HTTP/1.1\r\n", RP_HTTP_BAD, 400},
    {"\x16\x03\x01\x02", RP_HTTP_BAD, 400}, /* TLS */
    {"GET / HTTP/1.1\r\nBad Header: 1\r\n\r\n", RP_HTTP_BAD, 400},
    {"POST / HTTP/1.0\r\nContent-Length: x\r\n\r\n", RP_HTTP_BAD, 400},
    {"POST / HTTP/1.0\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
     RP_HTTP_BAD, 400},
    {"POST / HTTP/1.1\r\n" HOST
     "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
     RP_HTTP_BAD, 400},
    {"POST / HTTP/1.0\r\nContent-Length: 11\r\n\r\n", RP_HTTP_BAD, 413},
    {"POST / HTTP/1.0\r\nContent-Length: 99999999999999999999999\r\n\r\n",
     RP_HTTP_BAD, 400},
    {"POST / HTTP/1.1\r\n" HOST
     "Transfer-Encoding: chunked\r\n\r\nb\r\n0123456789a\r\n0\r\n\r\n",
     RP_HTTP_BAD, 413},
    {"GET / HTTP/1.0\r\nA: 1\r\nB: 2\r\nC: 3\r\nD: 4\r\nE: 5\r\n\r\n",
     RP_HTTP_BAD, 431},
};

static void expect(const struct rp_http *http, const struct request_case *c,
                   const char *how)
{
    cr_expect(eq(int, rp_http_state(http), c->state), "%s: \"%s\"", how,
              c->text);
    if (rp_http_state(http) != c->state)
        return;
    if (c->state == RP_HTTP_BAD)
        cr_expect(eq(u32, rp_http_status(http), c->status), "%s: \"%s\"", how,
                  c->text);
    if (c->state != RP_HTTP_WHOLE)
        return;
    cr_expect(eq(str, (char *)rp_http_path(http), (char *)c->path), "%s", how);
    cr_expect(eq(int, rp_http_method(http), c->method), "%s: \"%s\"", how,
              c->text);
    cr_expect(eq(int, rp_http_keeps_alive(http), c->keeps_alive), "%s: \"%s\"",
              how, c->text);
}

/* In one piece, and byte by byte through a copy that ends where the byte does,
 * so that a reader that looks further is caught. */
Test(http, requests_are_whole_or_bad_whatever_the_pieces_they_come_in)
{
    struct rp_http *const http = rp_http_new(&limits);

    cr_assert(ne(ptr, http, NULL));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct request_case *const c = &cases[i];
        const size_t size = strlen(c->text);
        size_t used = 0;

        rp_http_reset(http);
        cr_expect(not(rp_http_begun(http)));
        (void)rp_http_feed(http, c->text, size, &used);
        expect(http, c, "at once");
        cr_expect(eq(int, rp_http_begun(http), size > 0));
        if (c->state == RP_HTTP_WHOLE)
            cr_expect(eq(sz, used, size - c->left), "\"%s\"", c->text);
        rp_http_reset(http);
        for (size_t k = 0; k < size && rp_http_state(http) == RP_HTTP_MORE;
             k++) {
            char *const byte = malloc(1);

            *byte = c->text[k];
            (void)rp_http_feed(http, byte, 1, &used);
            free(byte);
        }
        expect(http, c, "byte by byte");
    }
    rp_http_free(http);
}

/* "GET / HTTP/1.0\r\nA: xxx\r\n\r\n": 23 bytes and the x. */
Test(http, a_header_may_be_as_long_as_the_limit_and_no_byte_longer)
{
    struct rp_http *const http = rp_http_new(&limits);
    char text[256], value[256];
    size_t used;

    memset(value, 'x', sizeof value);
    for (int extra = 0; extra < 2; extra++) {
        const int length = 200 - 23 + extra;

        (void)snprintf(text, sizeof text, "GET / HTTP/1.0\r\nA: %.*s\r\n\r\n",
                       length, value);
        cr_assert(eq(sz, strlen(text), (size_t)200 + (size_t)extra));
        rp_http_reset(http);
        cr_expect(eq(int, rp_http_feed(http, text, strlen(text), &used),
                     extra ? RP_HTTP_BAD : RP_HTTP_WHOLE));
        if (extra)
            cr_expect(eq(u32, rp_http_status(http), 431));
    }
    rp_http_free(http);
}

Test(http, a_path_that_is_too_long_is_told_from_a_header_that_is)
{
    const struct rp_http_limits wide = {.header_bytes = 8192,
                                        .header_count = 9};
    struct rp_http *const http = rp_http_new(&wide);
    char text[4096] = "GET /";
    size_t used;

    memset(text + 5, 'p', RP_HTTP_PATH_SIZE);
    (void)strcpy(text + 5 + RP_HTTP_PATH_SIZE, " HTTP/1.0\r\n\r\n");
    cr_expect(
        eq(int, rp_http_feed(http, text, strlen(text), &used), RP_HTTP_BAD));
    cr_expect(eq(u32, rp_http_status(http), 414));
    rp_http_free(http);
}

Test(http, a_client_that_waits_to_send_its_body_is_told_once)
{
    static const char text[] =
        "POST / HTTP/1.1\r\n" HOST "Expect: 100-continue\r\nContent-Length: "
        "2\r\n\r\n";
    struct rp_http *const http = rp_http_new(&limits);
    size_t used;

    cr_expect(not(rp_http_wants_continue(http)));
    (void)rp_http_feed(http, text, sizeof text - 1, &used);
    cr_expect(rp_http_header_is_whole(http));
    cr_expect(rp_http_wants_continue(http));
    cr_expect(not(rp_http_wants_continue(http)));
    cr_expect(eq(int, rp_http_feed(http, "ab", 2, &used), RP_HTTP_WHOLE));
    rp_http_free(http);
    rp_http_free(NULL);
}
