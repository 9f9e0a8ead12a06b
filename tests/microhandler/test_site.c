/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "microhandler/site.h"

#include "stroll.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <string.h>

static const char classes[] =
    "server: {kind: gunicorn, queue: priority}\n"
    "requests:\n"
    "  - {name: page, share: 3, view: {kind: sync}}\n"
    "  - {name: call, share: 1, priority: 2, view: {kind: sync}}\n"
    "  - {name: gone, share: 0, view: {kind: sync, outcome: \"404\"}}\n"
    "  - {name: \"a é/b\", share: 0, view: {kind: sync}}\n"
    "  - {name: fails, share: 0, view: {kind: sync, outcome: raise}}\n";

static struct stroll stroll;
static struct rp_site site;

static void begin(void)
{
    stroll_begin_text(&stroll, classes, 0.0);
    site = (struct rp_site){
        .courses = &stroll.courses, .metrics = stroll.metrics, .seed = 9};
}

static void end(void)
{
    stroll_end(&stroll);
}

TestSuite(site, .init = begin, .fini = end);

static struct rp_visit visit(const char *line)
{
    const struct rp_http_limits limits = {.header_bytes = 1000,
                                          .header_count = 9};
    struct rp_http *const http = rp_http_new(&limits);
    char text[256];
    struct rp_visit found;
    size_t used;

    (void)snprintf(text, sizeof text, "%s HTTP/1.0\r\n\r\n", line);
    (void)rp_http_feed(http, text, strlen(text), &used);
    found = rp_site_visit(&site, http);
    rp_http_free(http);
    return found;
}

Test(site, a_name_is_a_class_and_other_paths_are_not_found)
{
    cr_expect(
        eq(ptr, (void *)visit("GET /call").course, &stroll.courses.courses[1]));
    cr_expect(eq(u32, visit("GET /call?x=1").course->priority, 2));
    cr_expect(eq(u32, visit("POST /page").status, 200));
    cr_expect(eq(u32, visit("GET /gone").status, 404));
    cr_expect(ne(ptr, (void *)visit("GET /gone").course, NULL),
              "its path is walked");
    cr_expect(eq(u32, visit("GET /fails").status, 500));
    cr_expect(eq(u32, visit("GET /a%20%C3%a9%2fb").status, 200));
    cr_expect(eq(u32, visit("GET /p%61ge").status, 200));
    cr_expect(eq(u32, visit("GET /page%").status, 404));
    cr_expect(eq(u32, visit("GET /page%2").status, 404));
    cr_expect(eq(u32, visit("GET /page%00").status, 404));
    cr_expect(eq(ptr, (void *)visit("GET /other").course, NULL));
    cr_expect(eq(u32, visit("GET /other").status, 404));
    cr_expect(eq(u32, visit("GET /call/").status, 404));
}

Test(site, methods_are_those_that_are_allowed)
{
    cr_expect(eq(u32, visit("DELETE /page").status, 405));
    cr_expect(eq(str, (char *)visit("PUT /").allow, "GET, HEAD, POST"));
    cr_expect(eq(u32, visit("POST /healthz").status, 405));
    cr_expect(eq(str, (char *)visit("POST /metrics").allow, "GET, HEAD"));
    cr_expect(eq(u32, visit("HEAD /healthz").status, 200));
    cr_expect(visit("GET /metrics").metrics);
    cr_expect(not(visit("GET /healthz").metrics));
}

Test(site, a_bad_request_has_its_own_status)
{
    cr_expect(eq(u32, visit("G@T /").status, 400));
    cr_expect(eq(ptr, (void *)visit("G@T /").course, NULL));
}

/* 3 of 4 are pages: within five standard errors; those of share 0 never. */
Test(site, requests_of_the_root_are_drawn_by_shares)
{
    enum { DRAWS = 10000 };
    unsigned pages = 0;

    for (uint64_t i = 0; i < DRAWS; i++) {
        const struct rp_course *const c = rp_site_draw(&site, i);

        cr_assert(le(ptr, (void *)c, &stroll.courses.courses[1]));
        pages += c == &stroll.courses.courses[0];
    }
    cr_expect(
        lt(dbl, fabs(pages - 0.75 * DRAWS), 5.0 * sqrt(0.75 * 0.25 * DRAWS)));
}

Test(site, requests_that_are_walked_are_numbered_and_others_are_not)
{
    cr_expect(eq(u64, visit("GET /").number, 0));
    (void)visit("GET /healthz");
    (void)visit("GET /nowhere");
    cr_expect(eq(u64, visit("GET /page").number, 1));
}
