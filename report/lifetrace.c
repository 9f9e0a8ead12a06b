/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/lifetrace.h"

#include <stdio.h>
#include <string.h>

enum { WORDS_SIZE = 160 };

/* ---- Words ---- */

static const char *place_of(const struct rp_life *life,
                            const struct rp_stretch *s)
{
    return s->place < life->place_count ? life->places[s->place] : NULL;
}

static const char *what_of(const struct rp_life *life,
                           const struct rp_stretch *s, char text[WORDS_SIZE])
{
    const char *const place = place_of(life, s);
    const char *const on = s->kind == RP_STRETCH_RUNS     ? " on "
                           : s->kind == RP_STRETCH_LEAVES ? " the queue for "
                                                          : " ";

    (void)snprintf(text, WORDS_SIZE, "%s%s%s", rp_stretch_name(s->kind),
                   place ? on : "", place ? place : "");
    return text;
}

static const char *ending_name(enum rp_ending ending)
{
    switch (ending) {
    case RP_ENDING_ANSWERED:
        return "answered";
    case RP_ENDING_GIVEN_UP:
        return "given up";
    case RP_ENDING_UNFINISHED:
        return "not finished when the run ended";
    }
    return "lost";
}

/* Times from the arrival; a client's own time lies before it. */
static double since_ms(const struct rp_life *life, uint64_t at_ns)
{
    return at_ns >= life->arrived_ns
               ? (double)(at_ns - life->arrived_ns) / 1e6
               : -(double)(life->arrived_ns - at_ns) / 1e6;
}

static double span_ms(const struct rp_stretch *s)
{
    return (double)(s->to_ns - s->from_ns) / 1e6;
}

/* ---- Text ---- */

enum { AT, FOR, WHAT, REASON };

static const struct rp_column columns[] = {
    [AT] = {"at_ms", "at ms", RP_COLUMN_FIXED, 4},
    [FOR] = {"for_ms", "for ms", RP_COLUMN_FIXED, 4},
    [WHAT] = {"what", NULL, RP_COLUMN_TEXT, 0},
    [REASON] = {"reason", "because of", RP_COLUMN_TEXT, 0},
};

/* Something that took no time is told only where it is an event. */
static bool is_told(const struct rp_stretch *s)
{
    switch (s->kind) {
    case RP_STRETCH_LEAVES:
    case RP_STRETCH_TURNED_AWAY:
        return true;
    case RP_STRETCH_HOLDS:
        return !s->is_brief;
    case RP_STRETCH_CLIENT:
    case RP_STRETCH_QUEUES:
    case RP_STRETCH_RUNS:
    case RP_STRETCH_WAITS:
    case RP_STRETCH_PAUSES:
        return s->to_ns > s->from_ns;
    }
    return true;
}

/* Sums over the life, of stretches that do not overlap. */
static double total_ms(const struct rp_life *life, enum rp_stretch_kind kind,
                       size_t place)
{
    double sum = 0.0;

    for (size_t i = 0; i < life->stretch_count; i++) {
        const struct rp_stretch *const s = &life->stretches[i];
        if (s->kind == kind && (kind != RP_STRETCH_QUEUES || s->place == place))
            sum += span_ms(s);
    }
    return sum;
}

static void add_totals(const struct rp_life *life, struct rp_table *table)
{
    rp_table_note(table,
                  "%s at %.4f ms, after %u attempt%s: code %.4f ms, own "
                  "waits %.4f ms",
                  ending_name(life->ending), since_ms(life, life->ended_ns),
                  life->attempts, life->attempts == 1 ? "" : "s",
                  total_ms(life, RP_STRETCH_RUNS, 0),
                  total_ms(life, RP_STRETCH_WAITS, 0));
    if (life->attempts > 1)
        rp_table_note(table, "paused between attempts: %.4f ms",
                      total_ms(life, RP_STRETCH_PAUSES, 0));
    for (size_t p = 0; p < life->place_count; p++) {
        const double queued = total_ms(life, RP_STRETCH_QUEUES, p);
        if (queued > 0.0)
            rp_table_note(table, "queued for %s: %.4f ms", life->places[p],
                          queued);
    }
}

struct rp_table *rp_lifetrace_table(const struct rp_life *life)
{
    struct rp_table *const table =
        rp_table_new(columns, sizeof columns / sizeof *columns);

    if (!table)
        return NULL;
    rp_table_heading(table,
                     "%s: request %llu of the first replication, "
                     "class %s, seed %llu, process %u",
                     life->scenario, (unsigned long long)life->number,
                     life->class_name, (unsigned long long)life->seed,
                     life->process + 1);
    rp_table_heading(table,
                     "arrived %.6f s after the run began; times from "
                     "then on",
                     (double)life->arrived_ns / 1e9);
    for (size_t i = 0; i < life->stretch_count; i++) {
        const struct rp_stretch *const s = &life->stretches[i];
        char text[WORDS_SIZE];

        if (!is_told(s))
            continue;
        rp_table_row(table);
        rp_table_number(table, AT, since_ms(life, s->from_ns));
        rp_table_number(table, FOR, span_ms(s));
        rp_table_text(table, WHAT, what_of(life, s, text));
        rp_table_text(table, REASON, s->reason);
    }
    add_totals(life, table);
    return table;
}

/* ---- Trace events ---- */

/* The tracks; each place has one behind the last. */
enum { PROCESS = 1, TRACK_REQUEST = 1, TRACK_WAITING = 2, TRACK_PLACES = 3 };

static size_t track_of(const struct rp_stretch *s)
{
    switch (s->kind) {
    case RP_STRETCH_HOLDS:
        return TRACK_PLACES + s->place;
    case RP_STRETCH_QUEUES:
    case RP_STRETCH_WAITS:
    case RP_STRETCH_PAUSES:
        return TRACK_WAITING;
    case RP_STRETCH_CLIENT:
    case RP_STRETCH_RUNS:
    case RP_STRETCH_LEAVES:
    case RP_STRETCH_TURNED_AWAY:
        return TRACK_REQUEST;
    }
    return TRACK_REQUEST;
}

/* What the bar says: code says what it is, the others what they wait for. */
static const char *bar_of(const struct rp_life *life,
                          const struct rp_stretch *s, char text[WORDS_SIZE])
{
    const bool says_reason =
        (s->kind == RP_STRETCH_RUNS || s->kind == RP_STRETCH_WAITS ||
         s->kind == RP_STRETCH_HOLDS) &&
        s->reason[0];

    return says_reason ? s->reason : what_of(life, s, text);
}

/* Appends `event`, which it then owns; false when memory is short. */
static bool append(json_t *events, json_t *event)
{
    return event && json_array_append_new(events, event) == 0;
}

static bool name_track(json_t *events, size_t track, const char *name)
{
    return append(events,
                  json_pack("{s:s, s:s, s:i, s:I, s:{s:s}}", "name",
                            "thread_name", "ph", "M", "pid", PROCESS, "tid",
                            (json_int_t)track, "args", "name", name)) &&
           append(events, json_pack("{s:s, s:s, s:i, s:I, s:{s:I}}", "name",
                                    "thread_sort_index", "ph", "M", "pid",
                                    PROCESS, "tid", (json_int_t)track, "args",
                                    "sort_index", (json_int_t)track));
}

static bool is_held(const struct rp_life *life, size_t place)
{
    for (size_t i = 0; i < life->stretch_count; i++)
        if (life->stretches[i].kind == RP_STRETCH_HOLDS &&
            life->stretches[i].place == place)
            return true;
    return false;
}

static bool name_tracks(const struct rp_life *life, json_t *events)
{
    bool good =
        append(events, json_pack("{s:s, s:s, s:i, s:{s:s}}", "name",
                                 "process_name", "ph", "M", "pid", PROCESS,
                                 "args", "name", life->scenario)) &&
        name_track(events, TRACK_REQUEST, "request") &&
        name_track(events, TRACK_WAITING, "waiting");

    for (size_t p = 0; p < life->place_count && good; p++)
        if (is_held(life, p))
            good = name_track(events, TRACK_PLACES + p, life->places[p]);
    return good;
}

static double us_of(const struct rp_life *life, uint64_t at_ns)
{
    return (double)(at_ns - life->begun_ns) / 1e3;
}

static bool add_bar(json_t *events, const char *name, const char *category,
                    double from_us, double for_us, size_t track, json_t *args)
{
    return append(events,
                  json_pack("{s:s, s:s, s:s, s:f, s:f, s:i, s:I, s:o*}", "name",
                            name, "cat", category, "ph", "X", "ts", from_us,
                            "dur", for_us, "pid", PROCESS, "tid",
                            (json_int_t)track, "args", args));
}

static bool add_stretch(const struct rp_life *life, const struct rp_stretch *s,
                        json_t *events)
{
    const char *const place = place_of(life, s);
    char text[WORDS_SIZE];
    json_t *const args = json_pack(
        "{s:s, s:s*, s:s*}", "what", rp_stretch_name(s->kind), "place", place,
        "because of", s->reason[0] ? s->reason : NULL);

    return args && add_bar(events, bar_of(life, s, text),
                           rp_stretch_name(s->kind), us_of(life, s->from_ns),
                           span_ms(s) * 1e3, track_of(s), args);
}

static bool add_stretches(const struct rp_life *life, json_t *events)
{
    char name[WORDS_SIZE];
    bool good;

    (void)snprintf(name, sizeof name, "request %llu, %s",
                   (unsigned long long)life->number, ending_name(life->ending));
    good = add_bar(events, name, "request", us_of(life, life->arrived_ns),
                   (double)(life->ended_ns - life->arrived_ns) / 1e3,
                   TRACK_REQUEST, json_object());
    for (size_t i = 0; i < life->stretch_count && good; i++)
        good = add_stretch(life, &life->stretches[i], events);
    return good;
}

json_t *rp_lifetrace_json(const struct rp_life *life)
{
    json_t *const events = json_array();

    if (!events || !name_tracks(life, events) || !add_stretches(life, events)) {
        json_decref(events);
        return NULL;
    }
    return json_pack("{s:o, s:s, s:{s:s, s:s, s:I, s:I, s:i, s:s}}",
                     "traceEvents", events, "displayTimeUnit", "ms",
                     "otherData", "scenario", life->scenario, "class",
                     life->class_name, "request", (json_int_t)life->number,
                     "seed", (json_int_t)life->seed, "attempts",
                     (int)life->attempts, "ending", ending_name(life->ending));
}
