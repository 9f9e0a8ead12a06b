/**
 * HTTP requests: read piece by piece, within limits.
 *
 * A reader is fed what comes from a connection and says when a request of
 * HTTP/1.0 or 1.1 is whole, or which status a bad one is answered with. It
 * stops at the end of the request: what follows is the next one's. The parsing
 * itself is done by http-parser.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MICROHANDLER_HTTP_H
#define RP_MICROHANDLER_HTTP_H

#include <stdbool.h>
#include <stddef.h>

/** What a request may be; each at least 1, but for the body. */
struct rp_http_limits {
    size_t header_bytes; /* request line and fields together: else 431 */
    size_t header_count; /* fields: else 431 */
    size_t body_bytes;   /* may be 0: else 413 */
};

/** The longest path; longer ones are answered with 414. */
enum { RP_HTTP_PATH_SIZE = 1024 };

enum rp_http_state {
    RP_HTTP_MORE,  /* it goes on */
    RP_HTTP_WHOLE, /* it is there */
    RP_HTTP_BAD,   /* answer with rp_http_status(), and close */
};

enum rp_http_method { RP_HTTP_GET, RP_HTTP_HEAD, RP_HTTP_POST, RP_HTTP_OTHER };

/** Incomplete: http-parser shows in http.c alone. */
struct rp_http;

/** NULL: out of memory. */
struct rp_http *rp_http_new(const struct rp_http_limits *limits);

/** NULL is harmless. */
void rp_http_free(struct rp_http *http);

/** Forget the request, for the next one. */
void rp_http_reset(struct rp_http *http);

/**
 * Read on.
 *
 * @param used  how many of the bytes belong to this request
 */
enum rp_http_state rp_http_feed(struct rp_http *http, const char *bytes,
                                size_t size, size_t *used);

enum rp_http_state rp_http_state(const struct rp_http *http);

/** True where something of a request has come. */
bool rp_http_begun(const struct rp_http *http);

/** True where its header has come whole. */
bool rp_http_header_is_whole(const struct rp_http *http);

/** True where the client waits for "100 Continue" before it sends its body; at
 * most once for each request. */
bool rp_http_wants_continue(struct rp_http *http);

/* ---- Of a request whose header is whole ---- */

enum rp_http_method rp_http_method(const struct rp_http *http);

/** Its path without query, "/blog"; borrowed until reset. */
const char *rp_http_path(const struct rp_http *http);

/** True where the client would like another request on this connection. */
bool rp_http_keeps_alive(const struct rp_http *http);

/* ---- Of a bad one ---- */

/** 400, 413, 414, 431 or 505. */
unsigned rp_http_status(const struct rp_http *http);

#endif
