/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "report/lifetrace.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void add(struct rp_life *life, enum rp_stretch_kind kind, size_t place,
                uint64_t from_us, uint64_t to_us, const char *reason)
{
    struct rp_stretch *const s = rp_life_add(life, kind, place, from_us * 1000);

    cr_assert(ne(ptr, s, NULL));
    s->to_ns = to_us * 1000;
    (void)snprintf(s->reason, sizeof s->reason, "%s", reason);
}

/* Thinks for 1 ms, is turned away once, and is answered 12 ms after it came. */
static struct rp_life some_life(void)
{
    struct rp_life life = {.scenario = "a \"quoted\" scenario",
                           .class_name = "requests",
                           .number = 42,
                           .seed = 7,
                           .process = 1,
                           .attempts = 2,
                           .ending = RP_ENDING_ANSWERED,
                           .begun_ns = 5000000,
                           .arrived_ns = 6000000,
                           .ended_ns = 18000000,
                           .place_count = 3};

    life.places = calloc(3, sizeof *life.places);
    cr_assert(ne(ptr, life.places, NULL));
    (void)snprintf(life.places[0], sizeof life.places[0], "worker threads");
    (void)snprintf(life.places[1], sizeof life.places[1], "cores");
    (void)snprintf(life.places[2], sizeof life.places[2], "never used");
    add(&life, RP_STRETCH_CLIENT, RP_NO_PLACE, 5000, 6000, "");
    add(&life, RP_STRETCH_TURNED_AWAY, 0, 6000, 6000, "server");
    add(&life, RP_STRETCH_PAUSES, RP_NO_PLACE, 6000, 10000, "");
    add(&life, RP_STRETCH_QUEUES, 0, 10000, 13000, "server");
    add(&life, RP_STRETCH_HOLDS, 0, 13000, 18000, "server");
    add(&life, RP_STRETCH_QUEUES, 1, 13000, 13000, "sync layer (auth)");
    add(&life, RP_STRETCH_HOLDS, 1, 13000, 14000, "sync layer (auth)");
    life.stretches[6].is_brief = true;
    add(&life, RP_STRETCH_RUNS, RP_NO_PLACE, 13000, 14000, "sync layer (auth)");
    add(&life, RP_STRETCH_WAITS, RP_NO_PLACE, 14000, 18000, "own wait (view)");
    return life;
}

Test(lifetrace, the_text_tells_in_order_what_happened_since_the_arrival)
{
    static const char expected[] =
        "a \"quoted\" scenario: request 42 of the first replication, class "
        "requests, seed 7, process 2\n"
        "arrived 0.006000 s after the run began; times from then on\n"
        "\n"
        "  at ms  for ms  what                              because of\n"
        "-------  ------  --------------------------------  "
        "-----------------\n"
        "-1.0000  1.0000  client's own time\n"
        " 0.0000  0.0000  is turned away by worker threads  server\n"
        " 0.0000  4.0000  pauses\n"
        " 4.0000  3.0000  queues for worker threads         server\n"
        " 7.0000  5.0000  holds worker threads              server\n"
        " 7.0000  1.0000  runs                              sync layer "
        "(auth)\n"
        " 8.0000  4.0000  waits                             own wait (view)\n"
        "\n"
        "answered at 12.0000 ms, after 2 attempts: code 1.0000 ms, own waits "
        "4.0000 ms\n"
        "paused between attempts: 4.0000 ms\n"
        "queued for worker threads: 3.0000 ms\n";
    struct rp_life life = some_life();
    struct rp_table *const table = rp_lifetrace_table(&life);
    struct rp_error error = {0};
    char *text = NULL;
    size_t size = 0;
    FILE *const out = open_memstream(&text, &size);

    cr_assert(eq(int,
                 rp_table_print(table, RP_FORMAT_TEXT, "reqpath.trace/1", NULL,
                                0, out, &error),
                 RP_OK));
    (void)fclose(out);
    cr_expect(eq(str, text, (char *)expected));
    free(text);
    rp_table_free(table);
    rp_life_free(&life);
}

static bool says(const json_t *object, const char *key, const char *text)
{
    const char *const found = json_string_value(json_object_get(object, key));

    return found && strcmp(found, text) == 0;
}

/* The event of that name and phase; each name is there once. */
static const json_t *event(const json_t *json, const char *phase,
                           const char *name)
{
    const json_t *const events = json_object_get(json, "traceEvents");
    const json_t *found = NULL;

    for (size_t i = 0; i < json_array_size(events); i++) {
        const json_t *const e = json_array_get(events, i);
        if (says(e, "ph", phase) && says(e, "name", name))
            found = e;
    }
    cr_assert(found != NULL, "%s", name);
    return found;
}

static double number(const json_t *event, const char *key)
{
    return json_number_value(json_object_get(event, key));
}

/* Every event has what the format asks for: duration events a time and a
 * span, none negative; all a process and a name. */
Test(lifetrace, the_trace_is_made_of_complete_events_in_microseconds)
{
    struct rp_life life = some_life();
    json_t *const json = rp_lifetrace_json(&life);
    const json_t *const events = json_object_get(json, "traceEvents");
    const json_t *e;

    cr_assert(eq(sz, json_array_size(events), 1 + 2 * 4 + 1 + 9));
    for (size_t i = 0; i < json_array_size(events); i++) {
        e = json_array_get(events, i);
        cr_expect(ne(ptr, (void *)json_object_get(e, "name"), NULL));
        cr_expect(eq(dbl, number(e, "pid"), 1.0));
        if (says(e, "ph", "M"))
            continue;
        cr_expect(says(e, "ph", "X"));
        cr_expect(ge(dbl, number(e, "ts"), 0.0));
        cr_expect(ge(dbl, number(e, "dur"), 0.0));
        cr_expect(le(dbl, number(e, "ts") + number(e, "dur"), 13000.0));
        cr_expect(ne(ptr, (void *)json_object_get(e, "args"), NULL));
    }
    e = event(json, "X", "request 42, answered");
    cr_expect(eq(dbl, number(e, "ts"), 1000.0));
    cr_expect(eq(dbl, number(e, "dur"), 12000.0));
    e = event(json, "X", "queues for worker threads");
    cr_expect(eq(dbl, number(e, "ts"), 5000.0));
    cr_expect(eq(dbl, number(e, "dur"), 3000.0));
    cr_expect(eq(dbl, number(e, "tid"), 2.0), "the track of waiting");
    e = event(json, "X", "own wait (view)");
    cr_expect(eq(dbl, number(e, "tid"), 2.0));
    e = event(json, "X", "sync layer (auth)");
    cr_expect(eq(dbl, number(e, "tid"), 1.0), "what runs is told last");
    cr_expect(says(json, "displayTimeUnit", "ms"));
    json_decref(json);
    rp_life_free(&life);
}

/* Track names of the places that were held, and of no other. */
Test(lifetrace, each_place_that_was_held_has_a_track)
{
    struct rp_life life = some_life();
    json_t *const json = rp_lifetrace_json(&life);
    const json_t *const events = json_object_get(json, "traceEvents");
    char names[256] = "";

    for (size_t i = 0; i < json_array_size(events); i++) {
        const json_t *const e = json_array_get(events, i);
        const size_t used = strlen(names);

        if (says(e, "name", "thread_name"))
            (void)snprintf(names + used, sizeof names - used, "%.0f %s; ",
                           number(e, "tid"),
                           json_string_value(json_object_get(
                               json_object_get(e, "args"), "name")));
    }
    cr_expect(eq(str, names,
                 (char *)"1 request; 2 waiting; 3 worker threads; 4 cores; "));
    json_decref(json);
    rp_life_free(&life);
}

/* A viewer draws events of one track inside each other: one that begins within
 * another has to end within it. */
static bool nest(const json_t *a, const json_t *b)
{
    const double from = number(a, "ts"), to = from + number(a, "dur");
    const double begin = number(b, "ts"), end = begin + number(b, "dur");

    return begin >= to || from >= end || (begin >= from && end <= to) ||
           (from >= begin && to <= end);
}

Test(lifetrace, events_of_one_track_nest_and_the_track_has_a_name)
{
    struct rp_life life = some_life();
    json_t *const json = rp_lifetrace_json(&life);
    const json_t *const events = json_object_get(json, "traceEvents");

    for (size_t i = 0; i < json_array_size(events); i++) {
        const json_t *const a = json_array_get(events, i);
        unsigned names = 0;

        if (!says(a, "ph", "X"))
            continue;
        for (size_t k = 0; k < json_array_size(events); k++) {
            const json_t *const b = json_array_get(events, k);

            if (number(a, "tid") != number(b, "tid"))
                continue;
            names += says(b, "name", "thread_name");
            cr_expect(nest(a, b) || !says(b, "ph", "X"), "events %zu, %zu", i,
                      k);
        }
        cr_expect(eq(uint, names, 1), "event %zu", i);
    }
    json_decref(json);
    rp_life_free(&life);
}
