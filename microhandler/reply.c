/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "microhandler/reply.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static void add(struct rp_reply *reply, const char *format, ...)
    RP_PRINTF(2, 3);

static void add(struct rp_reply *reply, const char *format, ...)
{
    const size_t room = sizeof reply->text - reply->length;
    va_list args;
    int n;

    va_start(args, format);
    n = vsnprintf(reply->text + reply->length, room, format, args);
    va_end(args);
    if (n > 0)
        reply->length += (size_t)n < room ? (size_t)n : room - 1;
}

/* The locale of the program is C's: names are English. */
static void add_date(struct rp_reply *reply)
{
    const time_t now = time(NULL);
    struct tm parts;
    char text[64];

    if (gmtime_r(&now, &parts) &&
        strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts) > 0)
        add(reply, "Date: %s\r\n", text);
}

static void add_timing(struct rp_reply *reply, const struct rp_walk *walk)
{
    add(reply, "Server-Timing: ");
    for (unsigned i = 0; i < RP_METRICS_STEPS; i++)
        if (walk->step_ns[i] > 0)
            add(reply, "%s;dur=%.3f, ", rp_op_name((enum rp_op)i),
                (double)walk->step_ns[i] * 1e-6);
    if (walk->gil_ns > 0)
        add(reply, "gil;dur=%.3f, ", (double)walk->gil_ns * 1e-6);
    add(reply, "total;dur=%.3f\r\n",
        (double)(walk->step_began_ns - walk->started_ns) * 1e-6);
}

static void finish(struct rp_reply *reply, const struct rp_response *r,
                   const char *body, size_t length)
{
    reply->length = 0;
    add(reply,
        "HTTP/1.1 %u %s\r\nServer: reqpath\r\nContent-Type: text/plain; "
        "charset=utf-8\r\nContent-Length: %zu\r\nConnection: %s\r\n",
        r->status, rp_status_words(r->status), length,
        r->keeps_alive ? "keep-alive" : "close");
    add_date(reply);
    if (r->allow)
        add(reply, "Allow: %s\r\n", r->allow);
    if (r->walk)
        add_timing(reply, r->walk);
    add(reply, "\r\n");
    if (!r->head)
        add(reply, "%s", body);
}

void rp_reply_make(struct rp_reply *reply, const struct rp_response *response)
{
    char body[64];
    const int n =
        snprintf(body, sizeof body, "%s\n", rp_status_words(response->status));

    finish(reply, response, body, (size_t)n);
}

void rp_reply_metrics(struct rp_reply *reply,
                      const struct rp_response *response,
                      const struct rp_metrics *metrics)
{
    char body[RP_REPLY_SIZE - 1024] = "";
    FILE *const out = fmemopen(body, sizeof body, "w");
    const struct rp_response failure = {.status = 500, .head = response->head};

    if (!out) {
        rp_reply_make(reply, &failure);
        return;
    }
    rp_metrics_print(metrics, out);
    (void)fclose(out);
    finish(reply, response, body, strlen(body));
}
