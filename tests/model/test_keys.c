/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/keyrange.h"
#include "model/keys.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TRACE RP_SOURCE_DIR "/tests/data/traces/four.csv"

/* ---- A file in which one key stands alone ---- */

/* Layers around x, which is the value that is tried. */
#define MORE_LAYERS                                                            \
    "middleware: [{name: z0, kind: sync}, {name: z, kind: sync}, {name: x, "   \
    "kind: sync}, {name: y, kind: sync}, {name: z1, kind: sync}]\n"

/* Where a key, or every key of a parent, can stand: "%s" is "key: value". */
static const struct {
    const char *path, *file;
} places[] = {
    {"server.threads", "server: {kind: gthread, %s}"},
    {"server.queue", "requests: [{name: a}, {name: b}]\nserver: {%s}"},
    {"host.quantum", "host: {scheduling: quantum, %s}"},
    {"server.app_built_in_loop", "server: {kind: daphne, %s}"},
    {"middleware[].kind", "middleware: [{name: a, %s}]"},
    {"middleware[].name", "middleware: [{kind: mixin, %s}]"},
    {"middleware[].handles_exceptions",
     "middleware: [{name: a, kind: sync, hooks: [process_exception], %s}]"},
    {"middleware[].handles_with_error",
     "middleware: [{name: a, kind: sync, hooks: [process_exception], "
     "handles_exceptions: true, %s}]"},
    {"middleware[].before.wait", "middleware: [{name: a, kind: sync, before: "
                                 "{%s}}]"},
    {"middleware[].after.wait", "middleware: [{name: a, kind: sync, after: "
                                "{%s}}]"},
    {"order[].layer", MORE_LAYERS "order: [{before: y, %s}]"},
    {"order[].before", MORE_LAYERS "order: [{layer: z, after: z0, %s}]"},
    {"order[].after", MORE_LAYERS "order: [{layer: y, before: z1, %s}]"},
    {"view.wait", "view: {%s}"},
    {"requests[].name", "requests: [{%s}]"},
    {"requests[].priority",
     "server: {queue: priority}\nrequests: [{name: a, %s}, {name: b}]"},
    {"requests[].view.wait", "requests: [{name: a, view: {%s}}]"},
    {"resources[].name", "resources: [{capacity: 1, %s}]"},
    {"resources[].capacity", "resources: [{name: a, %s}]"},
    {"load.rate", "load: {kind: open, %s}"},
    {"load.process", "load: {kind: open, rate: 1/s, %s}"},
    {"load.cv", "load: {kind: open, rate: 1/s, process: gamma, %s}"},
    {"load.on_rate",
     "load: {kind: open, process: mmpp, on_for: 1s, off_for: 3s, %s}"},
    {"load.off_rate", "load: {kind: open, process: mmpp, on_for: 1s, off_for: "
                      "3s, on_rate: 9/s, %s}"},
    {"load.on_for",
     "load: {kind: open, process: mmpp, on_rate: 9/s, off_for: 3s, %s}"},
    {"load.off_for",
     "load: {kind: open, process: mmpp, on_for: 1s, on_rate: 9/s, %s}"},
    {"load.curve", "load: {kind: open, rate: 1/s, %s}"},
    {"load.amplitude", "load: {kind: open, rate: 1/s, curve: diurnal, %s}"},
    {"load.period",
     "load: {kind: open, rate: 1/s, curve: diurnal, amplitude: 0.5, %s}"},
    {"load.from",
     "load: {kind: open, rate: 1/s, curve: spike, for: 1s, times: 2, %s}"},
    {"load.for",
     "load: {kind: open, rate: 1/s, curve: spike, from: 1s, times: 2, %s}"},
    {"load.times",
     "load: {kind: open, rate: 1/s, curve: spike, from: 1s, for: 1s, %s}"},
    {"load.points[].at", "load: {kind: open, points: [{at: 0s, rate: 9/s}, "
                         "{rate: 9/s, %s}, {at: 1h, rate: 9/s}]}"},
    {"load.points[].rate",
     "load: {kind: open, points: [{at: 0s, rate: 9/s}, {at: 1s, %s}]}"},
    {"load.trace", "load: {kind: open, %s}"},
    {"load.trace_speed", "load: {kind: open, trace: " TRACE ", %s}"},
    {"load.retries", "load: {timeout: 1s, %s}"},
    {"load.backoff", "load: {timeout: 1s, retries: 1, %s}"},
    {"run.duration", "run: {%s}"},
    {"run.precision_of", "run: {precision: 2%, %s}"},
    {"run.max_replications", "run: {precision: 2%, replications: 1, %s}"},
    {"(duration).mean", "view: {cpu: {%s}}"},
    {"(duration).stages", "view: {cpu: {mean: 3ms, shape: erlang, %s}}"},
    {"(duration).alpha",
     "view: {cpu: {shape: pareto, low: 1ms, high: 1min, %s}}"},
    {"(duration).low", "view: {cpu: {shape: pareto, alpha: 1, high: 1h, %s}}"},
    {"(duration).high", "view: {cpu: {shape: pareto, alpha: 1, low: 1us, %s}}"},
    {"(duration).quantiles[].at",
     "view: {cpu: {quantiles: [{at: 0, value: 1ms}, {value: 3ms, %s}, {at: 1, "
     "value: 4ms}]}}"},
    {"(duration).quantiles[].value",
     "view: {cpu: {quantiles: [{at: 0, value: 1ms}, {at: 0.5, %s}, {at: 1, "
     "value: 20ms}]}}"},
    {"", "%s"},
    {"framework", "framework: {%s}"},
    {"server", "server: {%s}"},
    {"host", "host: {%s}"},
    {"middleware[]", "middleware: [{name: a, kind: sync, %s}]"},
    {"middleware[].before",
     "resources: [{name: db, capacity: 1}]\n"
     "middleware: [{name: a, kind: sync, before: {wait: 1ms, %s}}]"},
    {"middleware[].after",
     "resources: [{name: db, capacity: 1}]\n"
     "middleware: [{name: a, kind: sync, after: {wait: 1ms, %s}}]"},
    {"view", "resources: [{name: db, capacity: 1}]\n"
             "view: {wait: 1ms, %s}"},
    {"requests[]", "requests: [{name: a, %s}]"},
    {"requests[].view", "resources: [{name: db, capacity: 1}]\n"
                        "requests: [{name: a, view: {wait: 1ms, %s}}]"},
    {"mechanisms", "mechanisms: {%s}"},
    {"load", "load: {%s}"},
    {"run", "run: {%s}"},
    {"(duration)", "view: {cpu: {mean: 3ms, %s}}"},
};

static const char *place_of(const struct rp_key *key)
{
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (strcmp(places[i].path, key->path) == 0)
            return places[i].file;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (strcmp(places[i].path, key->parent) == 0)
            return places[i].file;
    cr_assert(0, "no place is known for %s", key->path);
    return "";
}

/* The file with `value` at the key; NULL: without it. */
static void write_file(const struct rp_key *key, const char *value, char *text,
                       size_t size)
{
    const char *const place = place_of(key);
    const char *const at = strstr(place, "%s");
    char pair[1024] = "";

    if (value)
        (void)snprintf(pair, sizeof pair, "%s: %s", key->name, value);
    (void)snprintf(text, size, "%.*s%s%s", (int)(at - place), place, pair,
                   at + 2);
    if (!value && key->parent[0] == '\0')
        (void)snprintf(text, size, "host: {cores: 1}");
}

static enum rp_code read(const char *text, struct rp_scenario *s,
                         struct rp_error *error)
{
    return rp_scenario_read_text(text, strlen(text), "k.yaml", s, error);
}

/* The struct whose fields the offsets of a parent mean. */
static const void *base_of(const struct rp_scenario *s, const char *parent)
{
    const struct {
        const char *parent;
        const void *base;
    } bases[] = {
        {"", s},
        {"host", s},
        {"view", s},
        {"framework", &s->framework},
        {"server", &s->server},
        {"mechanisms", &s->mechanisms},
        {"load", &s->load},
        {"load.points[]", &s->load.curve.points[1]},
        {"run", &s->run},
        {"middleware[]", s->layers},
        {"middleware[].before", s->layers ? &s->layers->before : NULL},
        {"middleware[].after", s->layers ? &s->layers->after : NULL},
        {"requests[]", s->classes},
        {"requests[].view", s->classes},
        {"resources[]", s->resources},
        {"order[]", s->rules},
        {"(duration)", &s->view.cpu},
        {"(duration).quantiles[]", &s->view.cpu.quantiles[1]},
    };

    for (size_t i = 0; i < sizeof bases / sizeof *bases; i++)
        if (strcmp(bases[i].parent, parent) == 0)
            return bases[i].base;
    cr_assert(0, "no struct is known for %s", parent);
    return NULL;
}

/* Fields are compared by their bytes, but texts by their letters, versions
 * and durations by their members (they have padding, or may be equal in
 * another way), and warm_up, which has two fields. */
static bool same_field(const struct rp_key *key, const struct rp_scenario *a,
                       const struct rp_scenario *b)
{
    const char *const x = (const char *)base_of(a, key->parent) + key->offset;
    const char *const y = (const char *)base_of(b, key->parent) + key->offset;
    const struct rp_duration *d, *e;
    const char *s, *t;

    switch (key->type) {
    case RP_KEY_TEXT:
        memcpy(&s, x, sizeof s);
        memcpy(&t, y, sizeof t);
        return s && t ? strcmp(s, t) == 0 : s == t;
    case RP_KEY_DURATION:
        d = (const void *)x;
        e = (const void *)y;
        return d->shape == e->shape && d->mean_ns == e->mean_ns &&
               d->cv == e->cv;
    case RP_KEY_WARM_UP:
        return a->run.warm_up_auto == b->run.warm_up_auto &&
               a->run.warm_up_requests == b->run.warm_up_requests;
    case RP_KEY_MAP:
    case RP_KEY_LIST:
    case RP_KEY_WORD:
    case RP_KEY_WORDS:
    case RP_KEY_BOOL:
    case RP_KEY_WHOLE:
    case RP_KEY_NUMBER:
    case RP_KEY_VERSION:
    case RP_KEY_TIME:
    case RP_KEY_RATE:
    case RP_KEY_SHARE:
    case RP_KEY_RATE_OR_NONE:
    case RP_KEY_RESOURCE:
        break;
    }
    return memcmp(x, y, key->size) == 0;
}

/* ---- Tests ---- */

Test(keys, the_defaults_that_are_shown_are_those_of_a_new_scenario)
{
    struct rp_scenario fresh;
    struct rp_error error = {0};
    size_t count, compared = 0;
    const struct rp_key *const keys = rp_keys(&count);

    cr_assert(eq(int, rp_scenario_init(&fresh, &error), RP_OK));
    for (size_t i = 0; i < count; i++) {
        const struct rp_key *const key = &keys[i];
        struct rp_scenario s = {0};
        char text[4096];

        if (!key->fallback || !key->fallback[0] ||
            strncmp(key->path, "middleware[]", 12) == 0 ||
            strncmp(key->path, "requests[]", 10) == 0)
            continue;
        write_file(key, key->fallback, text, sizeof text);
        cr_assert(eq(int, read(text, &s, &error), RP_OK), "%s\n%s", text,
                  error.text);
        cr_expect(same_field(key, &s, &fresh), "%s: %s", key->path,
                  key->fallback);
        rp_scenario_free(&s);
        compared++;
    }
    cr_expect(compared > 25, "%zu", compared);
    rp_scenario_free(&fresh);
}

Test(keys, a_default_that_is_written_out_changes_nothing)
{
    size_t count;
    const struct rp_key *const keys = rp_keys(&count);

    for (size_t i = 0; i < count; i++) {
        const struct rp_key *const key = &keys[i];
        struct rp_scenario with = {0}, without = {0};
        struct rp_error error = {0};
        char text[4096];

        /* gthread's own default is another, as its sentence says */
        if (!key->fallback || !key->fallback[0] ||
            strcmp(key->path, "server.threads") == 0)
            continue;
        write_file(key, key->fallback, text, sizeof text);
        cr_assert(eq(int, read(text, &with, &error), RP_OK), "%s\n%s", text,
                  error.text);
        write_file(key, NULL, text, sizeof text);
        cr_assert(eq(int, read(text, &without, &error), RP_OK), "%s\n%s", text,
                  error.text);
        cr_expect(same_field(key, &with, &without), "%s", key->path);
        rp_scenario_free(&with);
        rp_scenario_free(&without);
    }
}

/* What has no default, but must be there at its place. */
static bool is_needed(const struct rp_key *key)
{
    static const char *const paths[] = {
        "load.rate",        "load.cv",         "load.on_rate",
        "load.on_for",      "load.off_for",    "load.amplitude",
        "load.from",        "load.for",        "load.times",
        "load.trace",       "(duration).mean", "(duration).stages",
        "(duration).alpha", "(duration).low",  "(duration).high"};

    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        if (strcmp(key->path, paths[i]) == 0)
            return true;
    return !key->fallback;
}

/* A value that is allowed and not the default. */
static const char *another_value(const struct rp_key *key)
{
    if (strcmp(key->path, "(duration).shape") == 0)
        return "exponential";
    if (strcmp(key->path, "(duration).quantiles[].at") == 0 ||
        strcmp(key->path, "load.amplitude") == 0)
        return "0.7";
    if (strcmp(key->path, "load.curve") == 0)
        return "diurnal, amplitude: 0.5";
    if (strcmp(key->path, "load.trace") == 0)
        return TRACE;
    if (strcmp(key->path, "load.kind") == 0)
        return "open, rate: 1/s"; /* which an open load needs */
    if (strcmp(key->path, "framework.name") == 0)
        return NULL; /* only one framework is known */
    switch (key->type) {
    case RP_KEY_MAP:
    case RP_KEY_LIST:
        return NULL; /* their own keys are rows */
    case RP_KEY_TEXT:
        return "x";
    case RP_KEY_WORD:
        return key->fallback && strcmp(key->words[0].word, key->fallback) != 0
                   ? key->words[0].word
                   : key->words[1].word;
    case RP_KEY_WORDS:
        return "[process_view]";
    case RP_KEY_BOOL:
        return strcmp(key->fallback, "true") == 0 ? "false" : "true";
    case RP_KEY_WHOLE:
        return "7";
    case RP_KEY_NUMBER:
        return "1.5";
    case RP_KEY_VERSION:
        return "4.2";
    case RP_KEY_TIME:
    case RP_KEY_DURATION:
        return "7ms";
    case RP_KEY_RATE:
    case RP_KEY_RATE_OR_NONE:
        return "70/s";
    case RP_KEY_SHARE:
        return "3.5%";
    case RP_KEY_RESOURCE:
        return "db";
    case RP_KEY_WARM_UP:
        return "12";
    }
    return NULL;
}

Test(keys, every_key_can_be_read_and_reaches_its_field)
{
    size_t count, read_count = 0;
    const struct rp_key *const keys = rp_keys(&count);
    struct rp_scenario blank;
    struct rp_error error = {0};

    cr_assert(eq(int, rp_scenario_init(&blank, &error), RP_OK));
    for (size_t i = 0; i < count; i++) {
        const struct rp_key *const key = &keys[i];
        const char *const value = another_value(key);
        struct rp_scenario with = {0}, without = {0};
        char text[4096];

        if (!value)
            continue;
        write_file(key, value, text, sizeof text);
        cr_assert(eq(int, read(text, &with, &error), RP_OK), "%s\n%s", text,
                  error.text);
        read_count++;
        /* what must be there has no file without it */
        if (!is_needed(key)) {
            write_file(key, NULL, text, sizeof text);
            cr_assert(eq(int, read(text, &without, &error), RP_OK), "%s\n%s",
                      text, error.text);
            if (base_of(&without, key->parent))
                cr_expect(not(same_field(key, &with, &without)), "%s",
                          key->path);
        } else if (strncmp(key->path, "load", 4) == 0) {
            cr_expect(not(same_field(key, &with, &blank)), "%s", key->path);
        }
        rp_scenario_free(&with);
        rp_scenario_free(&without);
    }
    cr_expect(read_count + 16 + 1 == count,
              "%zu of %zu: all but mappings and "
              "lists, and framework.name",
              read_count, count);
    rp_scenario_free(&blank);
}

Test(keys, every_key_is_documented_and_stands_once)
{
    size_t count;
    const struct rp_key *const keys = rp_keys(&count);

    for (size_t i = 0; i < count; i++) {
        const struct rp_key *const key = &keys[i];
        char range[RP_KEY_RANGE_SIZE], path[128];

        (void)snprintf(path, sizeof path, "%s%s%s", key->parent,
                       key->parent[0] ? "." : "", key->name);
        cr_expect(eq(str, (char *)key->path, path));
        cr_expect(strlen(key->meaning) > 5, "%s", key->path);
        cr_expect(key->meaning[strlen(key->meaning) - 1] != '.', "%s",
                  key->path);
        cr_expect(strcmp(rp_key_type_word(key->type), "unknown type") != 0);
        cr_expect(strlen(rp_key_range(key, range)) < sizeof range - 1, "%s",
                  key->path);
        cr_expect(rp_key_find(key->path) == key);
    }
    cr_expect(eq(ptr, (void *)rp_key_find("server.worker"), NULL));
}

Test(keys, ranges_are_for_people)
{
    static const struct {
        const char *path, *range;
    } cases[] = {
        {"server.kind", "gunicorn, gthread, runserver, daphne, uvicorn"},
        {"server.processes", "1 .. 10000"},
        {"server.gil", ""},
        {"view.cpu", "0ms .. 1h"},
        {"load.rate", "more than 0/s, to 10000000/s"},
        {"load.client", "ideal, ab"},
        {"load.off_rate", "0/s .. 10000000/s"},
        {"load.think", "0ms .. 24h"},
        {"run.duration", "1ns .. 1000h"},
        {"run.precision", "0.01% .. 50%"},
        {"run.warm_up", "0 .. 1000000000"},
        {"(duration).cv", "0 .. 20"},
        {"middleware", "0 .. 1000"},
        {"seed", "0 .. 18446744073709551615"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct rp_key *const key = rp_key_find(cases[i].path);
        char range[RP_KEY_RANGE_SIZE];

        cr_assert(key != NULL, "%s", cases[i].path);
        cr_expect(
            eq(str, (char *)rp_key_range(key, range), (char *)cases[i].range));
    }
}

/* What is refused one beyond the range is taken at its ends. */
Test(keys, both_ends_of_a_range_are_read_and_nothing_beyond)
{
    size_t count;
    const struct rp_key *const keys = rp_keys(&count);

    for (size_t i = 0; i < count; i++) {
        const struct rp_key *const key = &keys[i];
        const uint64_t values[] = {key->low, key->high, key->high + 1,
                                   key->low - 1};

        for (size_t k = 0; k < 4; k++) {
            const bool inside = k < 2;
            struct rp_scenario s = {0};
            struct rp_error error = {0};
            char value[32], text[4096];

            if (key->type != RP_KEY_WHOLE ||
                (!inside && (values[k] == 0 || values[k] == UINT64_MAX)))
                continue;
            (void)snprintf(value, sizeof value, "%llu",
                           (unsigned long long)values[k]);
            write_file(key, value, text, sizeof text);
            cr_expect(
                eq(int, read(text, &s, &error), inside ? RP_OK : RP_ERR_VALUE),
                "%s\n%s", text, error.text);
            rp_scenario_free(&s);
        }
    }
}
