/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "plan/storegc.h"

#include "plan/storelist.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { HOUR_MS = 3600000 };

static char path[] = "/tmp/rp-storegc-XXXXXX";
static struct rp_store *store;
static struct rp_error error;

/* A sweep of two answers of 100 bytes, begun at that hour. */
static int64_t add_sweep(int hour, bool ends, int64_t shares)
{
    const struct rp_store_sweep sweep = {.command = "c",
                                         .command_line = "c",
                                         .question = "q",
                                         .program = "p",
                                         .host = "h",
                                         .begun_ms = hour * (int64_t)HOUR_MS,
                                         .wanted = 2};
    const struct rp_store_origin origin = {"h", sweep.begun_ms + 1, 0.25};
    char scenario[51], text[51];
    int64_t id = 0;

    memset(text, 'x', 50);
    text[50] = '\0';
    cr_assert(rp_store_begin(store, &sweep, &id, &error) == 0);
    for (uint64_t place = 0; place < 2; place++) {
        const struct rp_store_question q = {
            .scenario_text = scenario, .reader = "r", .program = "p"};

        (void)snprintf(scenario, sizeof scenario, "%049" PRId64 "%" PRIu64, id,
                       place);
        if (place == 1 && shares > 0)
            cr_assert(rp_store_refer(store, id, place, shares, &error) == 0);
        else
            cr_assert(
                rp_store_put(store, id, place, &q, &origin, text, &error) == 0);
    }
    if (ends)
        cr_assert(rp_store_end(store, id, sweep.begun_ms + 2, &error) == 0);
    return id;
}

static enum rp_code note(void *context, const struct rp_store_listed *listed,
                         struct rp_error *why)
{
    (void)why;
    (void)snprintf((char *)context + strlen(context), 64,
                   "%" PRId64 ":%" PRIu64 "/%" PRIu64 " %.2fs%s ",
                   listed->sweep.id, listed->sweep.there, listed->sweep.wanted,
                   listed->seconds, listed->sweep.ended_ms ? "" : " open");
    return RP_OK;
}

static void expect_sweeps(const char *expected)
{
    char listed[512] = "";

    cr_assert(rp_store_sweeps(store, note, listed, &error) == 0);
    cr_expect_str_eq(listed, expected);
}

/* Sweep 1 at 0:00, 2 (open) at 1:00, 3 at 2:00 which shares an answer with 1.
 */
static void begin(void)
{
    const int fd = mkstemp(path);

    cr_assert(fd >= 0);
    (void)close(fd);
    cr_assert(rp_store_open(path, RP_STORE_WRITE, &store, &error) == 0);
    (void)add_sweep(0, true, 0);
    (void)add_sweep(1, false, 0);
    (void)add_sweep(2, true, 1);
}

static void end(void)
{
    rp_store_close(store);
    (void)unlink(path);
}

TestSuite(storegc, .init = begin, .fini = end);

Test(storegc, takes_what_is_old_and_leaves_what_others_share)
{
    const struct rp_store_gc gc = {.now_ms = 3 * (int64_t)HOUR_MS,
                                   .older_than_ms = 90 * 60000};
    struct rp_store_cleared cleared;

    expect_sweeps("1:2/2 0.50s 2:2/2 0.50s open 3:2/2 0.50s ");
    cr_assert(rp_store_gc(store, &gc, &cleared, &error) == 0, "%s", error.text);
    expect_sweeps("3:2/2 0.50s ");
    cr_expect(eq(u64, cleared.sweeps, 2));
    cr_expect(eq(u64, cleared.answers, 3)); /* of 5; one of 1 is shared */
    cr_expect(eq(u64, cleared.bytes_before, 500));
    cr_expect(eq(u64, cleared.bytes_after, 200));
}

Test(storegc, takes_what_is_unfinished_but_not_what_may_be_running)
{
    struct rp_store_gc gc = {.now_ms = 1 * (int64_t)HOUR_MS + 60000,
                             .unfinished = true};
    struct rp_store_cleared cleared;

    cr_assert(rp_store_gc(store, &gc, &cleared, &error) == 0);
    cr_expect(eq(u64, cleared.sweeps, 0));
    gc.now_ms = 3 * (int64_t)HOUR_MS;
    cr_assert(rp_store_gc(store, &gc, &cleared, &error) == 0);
    expect_sweeps("1:2/2 0.50s 3:2/2 0.50s ");
    cr_expect(eq(u64, cleared.answers, 2));
}

Test(storegc, takes_the_oldest_until_the_rest_is_small_enough)
{
    const struct rp_store_gc gc = {.by_bytes = true, .most_bytes = 399};
    struct rp_store_cleared cleared;

    cr_assert(rp_store_gc(store, &gc, &cleared, &error) == 0);
    /* Without 1 there are 400 bytes, for one of its answers is shared. */
    expect_sweeps("3:2/2 0.50s ");
    cr_expect(eq(u64, cleared.bytes_after, 200));
}

Test(storegc, of_a_dry_run_tells_the_same_and_changes_nothing)
{
    const struct rp_store_gc gc = {
        .by_bytes = true, .most_bytes = 0, .dry_run = true};
    struct rp_store_cleared cleared;

    cr_assert(rp_store_gc(store, &gc, &cleared, &error) == 0);
    cr_expect(eq(u64, cleared.sweeps, 3));
    cr_expect(eq(u64, cleared.answers, 5));
    expect_sweeps("1:2/2 0.50s 2:2/2 0.50s open 3:2/2 0.50s ");
}
