/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _DEFAULT_SOURCE /* NI_MAXHOST and NI_MAXSERV of netdb.h */

#include "client/openclient.h"

#include "model/excerpt.h"

#include <errno.h>
#include <http_parser.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>
#include <uv.h>

enum {
    BUFFER_SIZE = 65536,
    TICK_MS = 20,    /* how often time-outs are looked for */
    SENT_AT_ONCE = 8 /* before answers are looked for again */
};

#define NOBODY SIZE_MAX

struct client {
    const struct rp_openclient_options *options;
    struct rp_open_row *rows;
    char host[NI_MAXHOST], port[NI_MAXSERV];
    struct sockaddr_storage address;
    char *request;
    size_t request_length;
    uv_loop_t loop;
    uv_poll_t alarm;
    uv_timer_t tick;
    int timer; /* -1: none */
    uint64_t begun_ns;
    size_t sent, ended;
    size_t oldest;          /* all before it have ended */
    uint64_t *sent_ns;      /* of each request */
    struct connection **of; /* NULL: it has ended, or was not sent */
    struct connection *idle;
    char *buffer; /* for all of them: what is read is looked at before the next
                     is */
    bool over;
};

struct connection {
    uv_tcp_t tcp;
    uv_connect_t connect;
    uv_write_t write;
    http_parser parser;
    struct client *client;
    size_t request; /* NOBODY: none at present */
    uint64_t bytes;
    unsigned status;
    bool complete, kept;     /* the answer is; and does not end by closing */
    struct connection *next; /* idle */
};

/* ---- Where to ---- */

static enum rp_code fail_url(const char *url, struct rp_error *error)
{
    char found[RP_EXCERPT_SIZE];

    return rp_fail(error, RP_ERR_VALUE,
                   "found the URL \"%s\", expected one like "
                   "http://127.0.0.1:8000/",
                   rp_excerpt(url, found));
}

static bool take_part(const char *url, const struct http_parser_url *parts,
                      enum http_parser_url_fields part, char *to, size_t size)
{
    if (!(parts->field_set & 1 << part) || parts->field_data[part].len >= size)
        return false;
    (void)snprintf(to, size, "%.*s", (int)parts->field_data[part].len,
                   url + parts->field_data[part].off);
    return true;
}

/* HTTP/1.0, as ab has it: the server closes the connection. */
static enum rp_code make_request(struct client *c, const char *path,
                                 struct rp_error *error)
{
    const bool is_v6 = strchr(c->host, ':') != NULL;
    const size_t size = strlen(path) + sizeof c->host + 128;
    char *const request = malloc(size);
    int length;

    if (!request)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for a request");
    length = snprintf(request, size,
                      "GET %s%s HTTP/1.%d\r\nHost: %s%s%s:%s\r\n"
                      "User-Agent: reqpath-load\r\nAccept: */*\r\n\r\n",
                      path[0] == '/' ? "" : "/", path, c->options->keepalive,
                      is_v6 ? "[" : "", c->host, is_v6 ? "]" : "", c->port);
    c->request = request;
    c->request_length = (size_t)length;
    return RP_OK;
}

static enum rp_code read_url(struct client *c, struct rp_error *error)
{
    const char *const url = c->options->url;
    struct http_parser_url parts;
    char scheme[8];
    size_t path_at;
    char *path;
    enum rp_code code;

    http_parser_url_init(&parts);
    if (http_parser_parse_url(url, strlen(url), 0, &parts) ||
        !take_part(url, &parts, UF_SCHEMA, scheme, sizeof scheme) ||
        strcmp(scheme, "http") != 0 ||
        !take_part(url, &parts, UF_HOST, c->host, sizeof c->host))
        return fail_url(url, error);
    if (!take_part(url, &parts, UF_PORT, c->port, sizeof c->port))
        (void)snprintf(c->port, sizeof c->port, "80");
    path_at = parts.field_set & 1 << UF_PATH ? parts.field_data[UF_PATH].off
              : parts.field_set & 1 << UF_QUERY
                  ? (size_t)parts.field_data[UF_QUERY].off - 1
                  : strlen(url);
    path = strdup(url + path_at);
    if (!path)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for a request");
    path[strcspn(path, "#")] = '\0';
    code = make_request(c, path, error);
    free(path);
    return code;
}

static enum rp_code find_host(struct client *c, struct rp_error *error)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    const int failed = getaddrinfo(c->host, c->port, &hints, &found);

    if (failed)
        return rp_fail(error, RP_ERR_IO, "%s cannot be found: %s", c->host,
                       gai_strerror(failed));
    memcpy(&c->address, found->ai_addr, found->ai_addrlen);
    freeaddrinfo(found);
    return RP_OK;
}

/* ---- The end of everything ---- */

static void free_connection(uv_handle_t *handle)
{
    free(handle->data);
}

static void close_one(uv_handle_t *handle, void *unused)
{
    (void)unused;
    if (!uv_is_closing(handle))
        uv_close(handle, handle->type == UV_TCP ? free_connection : NULL);
}

static void stop(struct client *c)
{
    c->over = true;
    uv_walk(&c->loop, close_one, NULL);
}

/* ---- A request ends ---- */

static void drop(struct connection *k)
{
    if (!uv_is_closing((uv_handle_t *)&k->tcp))
        uv_close((uv_handle_t *)&k->tcp, free_connection);
}

static void note_end(struct client *c, size_t i, enum rp_open_end end,
                     unsigned status, uint64_t bytes)
{
    const uint64_t planned_ns = c->begun_ns + c->options->at_ns[i];

    c->rows[i] = (struct rp_open_row){
        .planned_us = (double)c->options->at_ns[i] / 1e3,
        .late_us = (double)(c->sent_ns[i] - planned_ns) / 1e3,
        .elapsed_us = (double)(uv_hrtime() - planned_ns) / 1e3,
        .status = status,
        .bytes = bytes,
        .end = end};
    c->of[i] = NULL;
    if (++c->ended == c->options->count)
        stop(c);
}

static void finish(struct connection *k, enum rp_open_end end)
{
    struct client *const c = k->client;
    const size_t i = k->request;

    if (i == NOBODY)
        return;
    k->request = NOBODY;
    note_end(c, i, end, end == RP_OPEN_ANSWERED ? k->status : 0, k->bytes);
}

static void fail(struct connection *k, enum rp_open_end end)
{
    finish(k, end);
    drop(k);
}

/* ---- An answer ---- */

static int on_complete(http_parser *parser)
{
    struct connection *const k = parser->data;

    if (parser->status_code < 200)
        return 0; /* "100 Continue" and the like; the answer follows */
    k->status = parser->status_code;
    k->complete = true;
    k->kept = http_should_keep_alive(parser) != 0;
    return 0;
}

static void give_buffer(uv_handle_t *handle, size_t size, uv_buf_t *buffer)
{
    struct connection *const k = handle->data;

    (void)size;
    *buffer = uv_buf_init(k->client->buffer, BUFFER_SIZE);
}

static void take_bytes(struct connection *k, size_t length)
{
    static const http_parser_settings settings = {.on_message_complete =
                                                      on_complete};
    const size_t read =
        http_parser_execute(&k->parser, &settings, k->client->buffer, length);

    k->bytes += length;
    if (!k->complete &&
        (read != length || HTTP_PARSER_ERRNO(&k->parser) != HPE_OK)) {
        fail(k, RP_OPEN_BROKEN);
    } else if (k->complete && k->kept) {
        struct client *const c = k->client;

        finish(k, RP_OPEN_ANSWERED);
        if (!c->options->keepalive) {
            drop(k);
        } else if (!c->over) {
            k->next = c->idle;
            c->idle = k;
        }
    }
}

static void leave_idle(struct connection *k)
{
    struct connection **at = &k->client->idle;

    while (*at && *at != k)
        at = &(*at)->next;
    if (*at)
        *at = k->next;
}

/* The server closed the connection, or it broke. */
static void take_close(struct connection *k, bool in_order)
{
    static const http_parser_settings settings = {.on_message_complete =
                                                      on_complete};

    if (k->request == NOBODY) {
        leave_idle(k);
        drop(k);
        return;
    }
    if (in_order && !k->complete) /* it may have been the end of the body */
        (void)http_parser_execute(&k->parser, &settings, NULL, 0);
    fail(k, k->complete ? RP_OPEN_ANSWERED : RP_OPEN_BROKEN);
}

static void on_read(uv_stream_t *stream, ssize_t length, const uv_buf_t *buffer)
{
    struct connection *const k = stream->data;

    (void)buffer;
    if (length < 0)
        take_close(k, length == UV_EOF);
    else if (length > 0 && k->request != NOBODY)
        take_bytes(k, (size_t)length);
    else if (length > 0) /* nobody asked for that */
        take_close(k, false);
}

/* ---- A request is sent ---- */

static void on_written(uv_write_t *write, int status)
{
    struct connection *const k = write->data;

    if (status < 0 && status != UV_ECANCELED)
        fail(k, RP_OPEN_BROKEN);
}

static void write_request(struct connection *k)
{
    const uv_buf_t buffer =
        uv_buf_init(k->client->request, (unsigned)k->client->request_length);

    k->write.data = k;
    if (uv_write(&k->write, (uv_stream_t *)&k->tcp, &buffer, 1, on_written))
        fail(k, RP_OPEN_BROKEN);
}

static void on_connected(uv_connect_t *connect, int status)
{
    struct connection *const k = connect->data;

    if (status == UV_ECANCELED)
        return;
    if (status < 0 ||
        uv_read_start((uv_stream_t *)&k->tcp, give_buffer, on_read)) {
        fail(k, RP_OPEN_CONNECT);
        return;
    }
    write_request(k);
}

static void begin_answer(struct connection *k, size_t i)
{
    k->request = i;
    k->complete = k->kept = false;
    k->status = 0;
    k->bytes = 0;
    http_parser_init(&k->parser, HTTP_RESPONSE);
    k->parser.data = k;
    k->client->of[i] = k;
}

/* A connection of its own; where there is none, the request has ended. */
static void connect_anew(struct client *c, size_t i)
{
    struct connection *const k = calloc(1, sizeof *k);

    if (!k || uv_tcp_init(&c->loop, &k->tcp)) {
        free(k);
        note_end(c, i, RP_OPEN_CONNECT, 0, 0);
        return;
    }
    k->client = c;
    k->tcp.data = k->connect.data = k;
    begin_answer(k, i);
    if (uv_tcp_connect(&k->connect, &k->tcp,
                       (const struct sockaddr *)&c->address, on_connected)) {
        fail(k, RP_OPEN_CONNECT);
        return;
    }
    (void)uv_tcp_nodelay(&k->tcp, 1);
}

static void send_one(struct client *c)
{
    const size_t i = c->sent++;
    struct connection *const k = c->idle;

    c->sent_ns[i] = uv_hrtime();
    if (!k) {
        connect_anew(c, i);
        return;
    }
    c->idle = k->next;
    begin_answer(k, i);
    write_request(k);
}

/* ---- Moments ---- */

static uint64_t due_ns(const struct client *c)
{
    return c->begun_ns + c->options->at_ns[c->sent];
}

static void set_alarm(struct client *c)
{
    const uint64_t at_ns = due_ns(c);
    const struct itimerspec when = {
        .it_value = {.tv_sec = (time_t)(at_ns / 1000000000u),
                     .tv_nsec = (long)(at_ns % 1000000000u)}};

    (void)timerfd_settime(c->timer, TFD_TIMER_ABSTIME, &when, NULL);
}

static void on_alarm(uv_poll_t *alarm, int status, int events)
{
    struct client *const c = alarm->data;
    uint64_t times;

    (void)status;
    (void)events;
    if (read(c->timer, &times, sizeof times) < 0)
        return; /* woken for nothing; it is still to come */
    for (int n = 0; n < SENT_AT_ONCE && c->sent < c->options->count &&
                    due_ns(c) <= uv_hrtime();
         n++)
        send_one(c);
    if (c->sent < c->options->count)
        set_alarm(c);
}

static void on_tick(uv_timer_t *tick)
{
    struct client *const c = tick->data;
    const uint64_t now_ns = uv_hrtime();

    if (c->options->interrupted && *c->options->interrupted) {
        stop(c);
        return;
    }
    while (c->oldest < c->sent && !c->of[c->oldest])
        c->oldest++;
    for (size_t i = c->oldest;
         i < c->sent && c->sent_ns[i] + c->options->timeout_ns <= now_ns; i++)
        if (c->of[i])
            fail(c->of[i], RP_OPEN_TIMEOUT);
}

/* ---- The whole ---- */

static enum rp_code allocate(struct client *c, struct rp_error *error)
{
    const size_t n = c->options->count + 1;

    c->sent_ns = calloc(n, sizeof *c->sent_ns);
    c->of = calloc(n, sizeof(struct connection *));
    c->buffer = malloc(BUFFER_SIZE);
    if (!c->sent_ns || !c->of || !c->buffer)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for %zu requests",
                       n - 1);
    return RP_OK;
}

static enum rp_code run(struct client *c, struct rp_error *error)
{
    int failed = uv_loop_init(&c->loop);

    if (failed)
        return rp_fail(error, RP_ERR_IO, "no event loop can be made: %s",
                       uv_strerror(failed));
    (void)uv_timer_init(&c->loop, &c->tick);
    c->tick.data = c->alarm.data = c;
    failed = uv_poll_init(&c->loop, &c->alarm, c->timer);
    if (!failed) {
        (void)uv_poll_start(&c->alarm, UV_READABLE, on_alarm);
        (void)uv_timer_start(&c->tick, on_tick, TICK_MS, TICK_MS);
        c->begun_ns = uv_hrtime();
        set_alarm(c);
    } else {
        stop(c);
    }
    (void)uv_run(&c->loop, UV_RUN_DEFAULT);
    (void)uv_loop_close(&c->loop);
    if (failed)
        return rp_fail(error, RP_ERR_IO, "no alarm can be set: %s",
                       uv_strerror(failed));
    return c->ended == c->options->count
               ? RP_OK
               : rp_fail(error, RP_ERR_UNUSABLE,
                         "interrupted after %zu of %zu requests", c->ended,
                         c->options->count);
}

enum rp_code rp_openclient_run(const struct rp_openclient_options *options,
                               struct rp_open_row *rows, struct rp_error *error)
{
    struct client c = {.options = options, .rows = rows, .timer = -1};
    enum rp_code code = read_url(&c, error);

    if (!code)
        code = find_host(&c, error);
    if (!code)
        code = allocate(&c, error);
    if (!code && options->count > 0) {
        c.timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
        code = c.timer < 0
                   ? rp_fail(error, RP_ERR_IO, "no timer: %s", strerror(errno))
                   : run(&c, error);
    }
    if (c.timer >= 0)
        (void)close(c.timer);
    free(c.buffer);
    free(c.of);
    free(c.sent_ns);
    free(c.request);
    return code;
}
