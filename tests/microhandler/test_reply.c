/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "microhandler/reply.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct rp_reply reply;

static const char *body_of(const struct rp_reply *r)
{
    const char *const end = strstr(r->text, "\r\n\r\n");

    return end ? end + 4 : "";
}

static void expect_line(const char *line)
{
    cr_expect(strstr(reply.text, line) != NULL, "no %s in %s", line,
              reply.text);
}

Test(reply, its_length_is_said_and_is_what_follows)
{
    const struct rp_response response = {.status = 404, .keeps_alive = true};

    rp_reply_make(&reply, &response);
    cr_expect(eq(sz, reply.length, strlen(reply.text)));
    cr_expect(
        eq(int, strncmp(reply.text, "HTTP/1.1 404 Not Found\r\n", 24), 0));
    expect_line("\r\nContent-Length: 10\r\n");
    expect_line("\r\nConnection: keep-alive\r\n");
    cr_expect(eq(str, (char *)body_of(&reply), "Not Found\n"));
}

Test(reply, head_is_the_same_without_the_body)
{
    const struct rp_response response = {
        .status = 405, .head = true, .allow = "GET"};

    rp_reply_make(&reply, &response);
    expect_line("\r\nContent-Length: 19\r\n");
    expect_line("\r\nConnection: close\r\n");
    expect_line("\r\nAllow: GET\r\n");
    cr_expect(eq(str, (char *)body_of(&reply), ""));
}

Test(reply, server_timing_is_in_milliseconds_and_leaves_out_what_took_none)
{
    const struct rp_walk walk = {
        .started_ns = 1000000,
        .step_began_ns = 23500000,
        .gil_ns = 500000,
        .step_ns = {[RP_STEP_CPU] = 2000000, [RP_STEP_WAIT] = 20000000}};
    const struct rp_response response = {.status = 200, .walk = &walk};

    rp_reply_make(&reply, &response);
    expect_line("\r\nServer-Timing: cpu;dur=2.000, wait;dur=20.000, "
                "gil;dur=0.500, total;dur=22.500\r\n");
}

Test(reply, metrics_fit_with_every_counter_at_its_largest)
{
    struct rp_metrics *const m = rp_metrics_new();
    const struct rp_response response = {.status = 200};
    const char *field;

    memset(m, 0x7f, sizeof *m);
    rp_reply_metrics(&reply, &response, m);
    field = strstr(reply.text, "Content-Length: ");
    cr_assert(ne(ptr, (void *)field, NULL));
    cr_expect(eq(sz, strlen(body_of(&reply)), strtoul(field + 16, NULL, 10)));
    cr_expect(strstr(body_of(&reply), "_seconds_count ") != NULL,
              "the last line is there");
    rp_metrics_free(m);
}
