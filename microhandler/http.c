/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "microhandler/http.h"

#include <http_parser.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The names and values that matter are shorter. */
enum { WORD_SIZE = 16 };

/* Text that comes in pieces; what does not fit is counted. */
struct word {
    char text[WORD_SIZE];
    size_t length;
};

struct rp_http {
    http_parser parser;
    struct rp_http_limits limits;
    enum rp_http_state state;
    unsigned status; /* of a bad request; 0: not yet known why */
    bool begun;
    bool line_whole;     /* the request line */
    struct word version; /* its last word, so far */
    size_t header_bytes, header_count, body_bytes;
    bool header_whole, in_value, host, expects;
    struct word name, value;
    char url[RP_HTTP_PATH_SIZE];
    size_t url_length;
    bool keeps_alive;
};

static void append(struct word *word, const char *at, size_t length)
{
    for (size_t i = 0; i < length && word->length + i + 1 < WORD_SIZE; i++) {
        word->text[word->length + i] = at[i];
        word->text[word->length + i + 1] = '\0';
    }
    word->length += length;
}

static bool is_word(const struct word *word, const char *text)
{
    return word->length == strlen(text) && strcasecmp(word->text, text) == 0;
}

/* ---- What the parser finds; a result of not 0 stops it ---- */

static int refuse(struct rp_http *http, unsigned status)
{
    http->status = status;
    return -1;
}

static void end_field(struct rp_http *http)
{
    if (http->in_value && is_word(&http->name, "host"))
        http->host = true;
    if (http->in_value && is_word(&http->name, "expect") &&
        is_word(&http->value, "100-continue"))
        http->expects = true;
    http->in_value = false;
}

static int on_url(http_parser *parser, const char *at, size_t length)
{
    struct rp_http *const http = parser->data;

    if (http->url_length + length >= sizeof http->url)
        return refuse(http, 414);
    memcpy(http->url + http->url_length, at, length);
    http->url_length += length;
    http->url[http->url_length] = '\0';
    return 0;
}

static int on_field(http_parser *parser, const char *at, size_t length)
{
    struct rp_http *const http = parser->data;

    if (http->in_value || http->header_count == 0) {
        end_field(http);
        http->name = http->value = (struct word){.length = 0};
        if (++http->header_count > http->limits.header_count)
            return refuse(http, 431);
    }
    append(&http->name, at, length);
    return 0;
}

static int on_value(http_parser *parser, const char *at, size_t length)
{
    struct rp_http *const http = parser->data;

    http->in_value = true;
    append(&http->value, at, length);
    return 0;
}

/* Cut the URL down to its path. "*" is one for OPTIONS alone. */
static bool find_path(struct rp_http *http)
{
    struct http_parser_url url;

    http_parser_url_init(&url);
    if (http_parser_parse_url(http->url, http->url_length,
                              http->parser.method == HTTP_CONNECT, &url) != 0)
        return http->parser.method == HTTP_OPTIONS;
    if (url.field_set & 1u << UF_PATH) {
        const size_t length = url.field_data[UF_PATH].len;

        memmove(http->url, http->url + url.field_data[UF_PATH].off, length);
        http->url[length] = '\0';
    } else {
        (void)strcpy(http->url, "/");
    }
    return true;
}

/* http-parser passes HTTP/0.9 for a request line without a version. */
static int on_header(http_parser *parser)
{
    struct rp_http *const http = parser->data;
    const bool has_length = parser->content_length != UINT64_MAX;

    end_field(http);
    http->header_whole = true;
    if (parser->http_major == 0)
        return refuse(http, 400);
    if (parser->http_major != 1 || parser->http_minor > 1)
        return refuse(http, 505);
    if (parser->http_minor == 1 && !http->host)
        return refuse(http, 400);
    if (has_length && parser->content_length > http->limits.body_bytes)
        return refuse(http, 413);
    http->keeps_alive = http_should_keep_alive(parser) != 0;
    return find_path(http) ? 0 : refuse(http, 400);
}

static int on_body(http_parser *parser, const char *at, size_t length)
{
    struct rp_http *const http = parser->data;

    (void)at;
    http->body_bytes += length;
    return http->body_bytes > http->limits.body_bytes ? refuse(http, 413) : 0;
}

/* Paused, so that the next request is not begun. */
static int on_end(http_parser *parser)
{
    struct rp_http *const http = parser->data;

    http->state = RP_HTTP_WHOLE;
    http_parser_pause(parser, 1);
    return 0;
}

/* ---- Feeding ---- */

/* Debian's http-parser is built to pass "HTTQ/1.1". True: the line is none of
 * HTTP. */
static bool line_is_bad(struct rp_http *http, const char *bytes, size_t size)
{
    for (size_t i = 0; i < size && !http->line_whole; i++) {
        if (bytes[i] == '\n' && http->version.length > 0)
            http->line_whole = true;
        else if (bytes[i] == ' ')
            http->version = (struct word){.length = 0};
        else if (bytes[i] != '\r' && bytes[i] != '\n')
            append(&http->version, &bytes[i], 1);
    }
    return http->line_whole && strncmp(http->version.text, "HTTP/", 5) != 0;
}

static const http_parser_settings callbacks = {.on_url = on_url,
                                               .on_header_field = on_field,
                                               .on_header_value = on_value,
                                               .on_headers_complete = on_header,
                                               .on_body = on_body,
                                               .on_message_complete = on_end};

/* Why the parser stopped. */
static unsigned status_of(const struct rp_http *http)
{
    const enum http_errno reason = HTTP_PARSER_ERRNO(&http->parser);

    if (http->status)
        return http->status;
    return reason == HPE_HEADER_OVERFLOW ? 431 : 400;
}

static enum rp_http_state end_badly(struct rp_http *http, unsigned status)
{
    http->state = RP_HTTP_BAD;
    http->status = status;
    return RP_HTTP_BAD;
}

enum rp_http_state rp_http_feed(struct rp_http *http, const char *bytes,
                                size_t size, size_t *used)
{
    *used = 0;
    http->begun |= size > 0;
    while (http->state == RP_HTTP_MORE && *used < size) {
        const size_t rest = size - *used;
        const size_t room = http->limits.header_bytes - http->header_bytes;
        const size_t portion = http->header_whole || rest < room ? rest : room;
        const bool in_header = !http->header_whole;
        size_t parsed;

        if (portion == 0)
            return end_badly(http, 431);
        if (line_is_bad(http, bytes + *used, portion))
            return end_badly(http, 400);
        parsed = http_parser_execute(&http->parser, &callbacks, bytes + *used,
                                     portion);
        *used += parsed;
        if (in_header)
            http->header_bytes += parsed;
        if (http->state == RP_HTTP_WHOLE)
            break;
        if (HTTP_PARSER_ERRNO(&http->parser) != HPE_OK ||
            http->parser.upgrade || parsed < portion)
            return end_badly(http, status_of(http));
    }
    return http->state;
}

enum rp_http_state rp_http_state(const struct rp_http *http)
{
    return http->state;
}

bool rp_http_begun(const struct rp_http *http)
{
    return http->begun;
}

bool rp_http_header_is_whole(const struct rp_http *http)
{
    return http->header_whole;
}

bool rp_http_wants_continue(struct rp_http *http)
{
    const bool wants = http->state == RP_HTTP_MORE && http->header_whole &&
                       http->expects && http->parser.http_minor == 1;

    http->expects = http->expects && !wants;
    return wants;
}

enum rp_http_method rp_http_method(const struct rp_http *http)
{
    switch (http->parser.method) {
    case HTTP_GET:
        return RP_HTTP_GET;
    case HTTP_HEAD:
        return RP_HTTP_HEAD;
    case HTTP_POST:
        return RP_HTTP_POST;
    default: /* of thirty others */
        return RP_HTTP_OTHER;
    }
}

const char *rp_http_path(const struct rp_http *http)
{
    return http->url;
}

bool rp_http_keeps_alive(const struct rp_http *http)
{
    return http->keeps_alive;
}

unsigned rp_http_status(const struct rp_http *http)
{
    return http->status;
}

/* ---- The reader ---- */

void rp_http_reset(struct rp_http *http)
{
    const struct rp_http_limits limits = http->limits;

    memset(http, 0, sizeof *http);
    http->limits = limits;
    http->state = RP_HTTP_MORE;
    http_parser_init(&http->parser, HTTP_REQUEST);
    http->parser.data = http;
}

struct rp_http *rp_http_new(const struct rp_http_limits *limits)
{
    struct rp_http *const http = malloc(sizeof *http);

    if (!http)
        return NULL;
    http->limits = *limits;
    rp_http_reset(http);
    return http;
}

void rp_http_free(struct rp_http *http)
{
    free(http);
}
