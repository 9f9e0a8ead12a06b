/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/unmodelled.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

static unsigned say_of(const char *yaml, bool crowded, char *text, size_t size)
{
    struct rp_scenario s = {0};
    struct rp_error error = {0};
    unsigned count;

    cr_assert(eq(int,
                 rp_scenario_read_text(yaml, strlen(yaml), "x", &s, &error),
                 RP_OK),
              "%s", error.text);
    count = rp_unmodelled_say(&s, crowded, text, size);
    rp_scenario_free(&s);
    return count;
}

static unsigned say(const char *yaml, char *text, size_t size)
{
    return say_of(yaml, false, text, size);
}

/* Four processes on two cores, and a view that burns 8 ms in threads. */
Test(unmodelled, what_happens_under_load_is_said_where_the_profile_knows_it)
{
    static const struct {
        const char *yaml, *begins;
    } cases[] = {
        {"server: {kind: gunicorn, processes: 4}\nhost: {cores: 2}\n",
         "that a process cools"},
        {"server: {kind: gthread, threads: 4}\nview: {cpu: 8ms}\n"
         "load: {kind: closed, clients: 4}\n",
         "that who has had the GIL"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[4096] = "";

        cr_expect(eq(u32, say_of(cases[i].yaml, false, text, sizeof text), 0));
        cr_expect(eq(u32, say_of(cases[i].yaml, true, text, sizeof text), 1));
        cr_expect(zero(strncmp(text, cases[i].begins, strlen(cases[i].begins))),
                  "%s", text);
    }
}

Test(unmodelled, a_plain_scenario_is_all_modelled)
{
    char text[4096] = "";

    cr_expect(
        eq(u32, say("load: {kind: open, rate: 5/s}\n", text, sizeof text), 0));
    cr_expect(eq(str, text, ""));
}

Test(unmodelled, everything_that_is_left_out_is_said)
{
    static const struct {
        const char *yaml, *begins;
    } cases[] = {
        {"load: {kind: open, rate: 5/s, timeout: 1s}\n", "load.timeout"},
        {"server: {kind: gthread, backlog: 3}\n"
         "load: {kind: open, rate: 5/s}\n",
         "server.backlog"},
        {"server: {kind: gthread, queue: priority}\n"
         "requests: [{name: a}, {name: b}]\n",
         "server.queue: priority"},
        {"host: {scheduling: quantum}\n", "host.scheduling"},
        {"load: {kind: open, process: mmpp, on_rate: 6/s, on_for: 1s, "
         "off_rate: 1/s, off_for: 2s}\n",
         "bursts"},
        {"load: {kind: open, rate: 5/s, curve: spike, from: 1s, for: 1s, "
         "times: 3}\nrun: {duration: 5s}\n",
         "load.curve"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[4096] = "";

        cr_expect(eq(u32, say(cases[i].yaml, text, sizeof text), 1), "%s",
                  cases[i].yaml);
        cr_expect(zero(strncmp(text, cases[i].begins, strlen(cases[i].begins))),
                  "%s", text);
        cr_expect(strstr(text, "; reqpath simulate has it\n") != NULL);
    }
}

Test(unmodelled, a_trace_and_several_things_at_once_are_said)
{
    struct rp_scenario s = {.load = {.kind = RP_LOAD_OPEN,
                                     .trace = (char[]){"t.csv"},
                                     .retries = 2}};
    char text[4096] = "before\n";

    cr_expect(eq(u32, rp_unmodelled_say(&s, false, text, sizeof text), 2));
    cr_expect(zero(strncmp(text, "before\nload.retries", 19)));
    cr_expect(strstr(text, "load.trace") != NULL);
}

Test(unmodelled, what_does_not_fit_is_cut)
{
    struct rp_scenario s = {.load = {.timeout_ns = 1.0}};
    char text[20] = "";

    cr_expect(eq(u32, rp_unmodelled_say(&s, false, text, sizeof text), 1));
    cr_expect(eq(str, text, "load.timeout is not"));
}
