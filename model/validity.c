/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/validity.h"

#include "model/hostcpu.h"
#include "model/units.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A place that is taken for so much of the time has no room for more. */
static const double always = 0.98;

/* ---- Words ---- */

const char *rp_tier_word(enum rp_tier tier)
{
#define AS_WORD(tier_, word, meaning) [tier_] = word,
    static const char *const words[] = {RP_TIER_LIST(AS_WORD)};
#undef AS_WORD

    assert(tier < RP_TIER_COUNT);
    return words[tier];
}

const char *rp_tier_meaning(enum rp_tier tier)
{
#define AS_MEANING(tier_, word, meaning) [tier_] = meaning,
    static const char *const meanings[] = {RP_TIER_LIST(AS_MEANING)};
#undef AS_MEANING

    assert(tier < RP_TIER_COUNT);
    return meanings[tier];
}

const char *rp_axis_word(enum rp_axis axis)
{
#define AS_WORD(axis_, word) [axis_] = word,
    static const char *const words[] = {RP_AXIS_LIST(AS_WORD)};
#undef AS_WORD

    assert(axis < RP_AXIS_COUNT);
    return words[axis];
}

const char *rp_axes_text(unsigned bits, const char *between, char *text,
                         size_t size)
{
    size_t used = 0;

    assert(size > 0);
    text[0] = '\0';
    for (unsigned i = 0; i < RP_AXIS_COUNT && used < size; i++)
        if (bits & 1u << i) {
            const int n =
                snprintf(text + used, size - used, "%s%s", used ? between : "",
                         rp_axis_word((enum rp_axis)i));
            used += n > 0 ? (size_t)n : 0;
        }
    return text;
}

const char *rp_validity_line(const struct rp_validity *validity, char *text,
                             size_t size)
{
    size_t used;

    assert(size > 0);
    (void)snprintf(text, size, "%s: %s%s", rp_tier_word(validity->tier),
                   validity->count ? "" : rp_tier_meaning(validity->tier),
                   validity->text);
    used = strlen(text);
    if (used > 0 && text[used - 1] == '\n')
        text[used - 1] = '\0';
    /* each end of a line becomes two characters */
    for (char *at = strchr(text, '\n'); at; at = strchr(at, '\n')) {
        const size_t rest = strlen(at + 1);

        if ((size_t)(at - text) + rest + 3 > size) {
            *at = '\0';
            break;
        }
        memmove(at + 2, at + 1, rest + 1);
        memcpy(at, "; ", 2);
    }
    return text;
}

/* ---- Sentences ---- */

/* A sentence that is said already is not said again. */
static bool is_said(const struct rp_validity *v, const char *line)
{
    const size_t length = strlen(line);

    for (const char *at = strstr(v->text, line); at; at = strstr(at + 1, line))
        if ((at == v->text || at[-1] == '\n') && at[length] == '\n')
            return true;
    return false;
}

static void say(struct rp_validity *v, const char *format, ...) RP_PRINTF(2, 3);

static void say(struct rp_validity *v, const char *format, ...)
{
    const size_t used = strlen(v->text);
    char line[512];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(line, sizeof line, format, args);
    va_end(args);
    if (is_said(v, line) || used + strlen(line) + 2 > sizeof v->text)
        return;
    (void)snprintf(v->text + used, sizeof v->text - used, "%s\n", line);
    v->count++;
}

static void settle(struct rp_validity *v, enum rp_tier tier)
{
    if (tier > v->tier)
        v->tier = tier;
    if (tier > v->range && tier != RP_TIER_SATURATED)
        v->range = tier;
}

static void set_beyond(struct rp_validity *v, enum rp_axis axis)
{
    v->beyond |= 1u << axis;
    settle(v, RP_TIER_EXTRAPOLATED);
}

static void set_between(struct rp_validity *v, enum rp_axis axis)
{
    v->between |= 1u << axis;
    settle(v, RP_TIER_INTERPOLATED);
}

/* ---- What is asked about ---- */

struct asked {
    const struct rp_scenario *scenario;
    struct rp_setting setting; /* concurrency rounded */
    double concurrency;        /* NAN: not known */
    unsigned layers, sync_to_async, async_to_sync;
    bool spelt; /* all layers have a letter, and nothing else is special */
    char stack[RP_EXTENT_STACK_SIZE];
};

static void spell(const struct rp_scenario *s, struct asked *a)
{
    a->spelt = s->layer_count < sizeof a->stack &&
               !s->framework.signals_async_aware &&
               !s->framework.close_async_aware;
    for (size_t i = 0; i < s->layer_count && a->spelt; i++) {
        a->stack[i] = rp_layer_letter(&s->layers[i]);
        a->spelt = a->stack[i] != '\0';
    }
}

/* How many requests are underway at a time; NAN: not known. */
static double concurrency_of(const struct rp_scenario *s,
                             const struct rp_validity_load *load)
{
    const double known = load ? load->in_flight : (double)NAN;

    if (s->load.kind == RP_LOAD_CLOSED &&
        (s->load.think.mean_ns <= 0.0 || isnan(known)))
        return s->load.clients;
    return isnan(known) ? known : fmax(known, 1.0);
}

static struct asked ask(const struct rp_scenario *s,
                        const struct rp_program *program,
                        const struct rp_validity_load *load)
{
    struct asked a = {.scenario = s,
                      .concurrency = concurrency_of(s, load),
                      .layers = (unsigned)s->layer_count};
    double amounts[RP_ITEM_COUNT];

    rp_program_items(program, amounts);
    rp_extent_crossings(amounts, &a.sync_to_async, &a.async_to_sync);
    a.setting = (struct rp_setting){
        .path = s->framework.path,
        .view_async = s->view_async,
        .app_in_loop = s->server.app_built_in_loop,
        .free_threaded = !s->server.gil,
        .threads = s->server.threads,
        .processes = s->server.processes,
        .cores = s->server.gil ? rp_setting_cores(s->cores, s->server.processes)
                               : s->cores,
        .concurrency = (unsigned)lround(fmin(a.concurrency, 1e9))};
    for (size_t i = 0; i < program->step_count; i++) {
        const struct rp_step *const step = &program->steps[i];

        if (step->item == RP_ITEM_NONE && step->op == RP_STEP_WAIT)
            a.setting.wait_ns += step->own.mean_ns;
        if (step->item == RP_ITEM_NONE && step->op == RP_STEP_CPU)
            a.setting.cpu_ns += step->own.mean_ns;
    }
    spell(s, &a);
    return a;
}

/* ---- Along numbers ---- */

/* One axis of numbers: what is asked for, and what was measured. */
struct along {
    enum rp_axis axis;
    const char *words; /* "concurrency", "own wait" */
    bool is_time;      /* ns */
    double asked, least, most;
    bool met; /* the very number was measured */
};

static const char *show(const struct along *a, double number,
                        char text[RP_DURATION_TEXT_SIZE])
{
    if (a->is_time)
        return rp_duration_format(number, text);
    return rp_number_format(number, 4, text);
}

static void say_beyond(const struct along *a, struct rp_validity *v)
{
    char asked[RP_DURATION_TEXT_SIZE], least[RP_DURATION_TEXT_SIZE],
        most[RP_DURATION_TEXT_SIZE];

    set_beyond(v, a->axis);
    if (a->is_time && a->most <= 0.0)
        say(v, "%s is %s, calibrated without", a->words,
            show(a, a->asked, asked));
    else if (a->least == a->most)
        say(v, "%s is %s, calibrated at %s", a->words, show(a, a->asked, asked),
            show(a, a->least, least));
    else
        say(v, "%s is %s, calibrated from %s to %s", a->words,
            show(a, a->asked, asked), show(a, a->least, least),
            show(a, a->most, most));
}

static void say_between(const struct along *a, struct rp_validity *v)
{
    char asked[RP_DURATION_TEXT_SIZE], least[RP_DURATION_TEXT_SIZE],
        most[RP_DURATION_TEXT_SIZE];

    set_between(v, a->axis);
    say(v, "%s %s was not measured, but %s to %s", a->words,
        show(a, a->asked, asked), show(a, a->least, least),
        show(a, a->most, most));
}

enum { ALONG_COUNT = 9 };

static double number_of(const struct rp_setting *s, enum rp_axis axis)
{
    switch (axis) {
    case RP_AXIS_CONCURRENCY:
        return s->concurrency;
    case RP_AXIS_WAIT:
        return s->wait_ns;
    case RP_AXIS_CPU:
        return s->cpu_ns;
    case RP_AXIS_THREADS:
        return s->threads;
    case RP_AXIS_PROCESSES:
        return s->processes;
    case RP_AXIS_CORES:
        return s->cores;
    case RP_AXIS_VERSION:
    case RP_AXIS_HOST:
    case RP_AXIS_SERVER:
    case RP_AXIS_PATH:
    case RP_AXIS_VIEW:
    case RP_AXIS_OUTCOME:
    case RP_AXIS_COSTS:
    case RP_AXIS_LAYERS:
    case RP_AXIS_S2A:
    case RP_AXIS_A2S:
    case RP_AXIS_OPEN_LOAD:
    case RP_AXIS_FREE_THREADED:
    case RP_AXIS_COUNT:
        break;
    }
    assert(!"an axis without a number");
    return NAN;
}

/* Least and most of what was measured, and whether the very number was, to the
 * digits that a profile keeps. */
static void find_measured(const struct rp_covered_server *server,
                          struct along *a)
{
    for (size_t i = 0; i < server->point_count; i++) {
        const double n = number_of(&server->points[i].setting, a->axis);

        a->least = i == 0 ? n : fmin(a->least, n);
        a->most = i == 0 ? n : fmax(a->most, n);
        a->met |= fabs(n - a->asked) <= 1e-6 * n;
    }
}

/* A count is interpolated with its stack, not by itself. */
static struct along along_count(enum rp_axis axis, const char *words,
                                unsigned asked, struct rp_span span)
{
    return (struct along){.axis = axis,
                          .words = words,
                          .asked = asked,
                          .least = span.least,
                          .most = span.most,
                          .met = true};
}

static void set_along(const struct asked *asked,
                      const struct rp_covered_server *server,
                      struct along along[ALONG_COUNT])
{
    const struct rp_setting *const s = &asked->setting;
    const struct along of_setting[] = {
        {.axis = RP_AXIS_CONCURRENCY,
         .words = "concurrency",
         .asked = asked->concurrency},
        {.axis = RP_AXIS_WAIT,
         .words = "own wait",
         .is_time = true,
         .asked = s->wait_ns},
        {.axis = RP_AXIS_CPU,
         .words = "own CPU",
         .is_time = true,
         .asked = s->cpu_ns},
        {.axis = RP_AXIS_THREADS,
         .words = "the number of threads",
         .asked = s->threads},
        {.axis = RP_AXIS_PROCESSES,
         .words = "the number of processes",
         .asked = s->processes},
        {.axis = RP_AXIS_CORES,
         .words = "the number of cores in use",
         .asked = s->cores},
    };

    along[0] = along_count(RP_AXIS_LAYERS, "the number of layers",
                           asked->layers, server->layers);
    along[1] = along_count(RP_AXIS_S2A, "the number of sync_to_async",
                           asked->sync_to_async, server->sync_to_async);
    along[2] = along_count(RP_AXIS_A2S, "the number of async_to_sync",
                           asked->async_to_sync, server->async_to_sync);
    for (size_t i = 0; i < sizeof of_setting / sizeof *of_setting; i++) {
        along[3 + i] = of_setting[i];
        find_measured(server, &along[3 + i]);
    }
}

/* ---- Along words ---- */

static bool has_path(const struct rp_covered_server *server, enum rp_path path)
{
    for (size_t i = 0; i < server->point_count; i++)
        if (server->points[i].setting.path == path)
            return true;
    return false;
}

static bool has_view(const struct rp_covered_server *server, bool view_async)
{
    for (size_t i = 0; i < server->point_count; i++)
        if (server->points[i].setting.view_async == view_async)
            return true;
    return false;
}

static bool has_loop(const struct rp_covered_server *server, bool app_in_loop)
{
    for (size_t i = 0; i < server->point_count; i++)
        if (server->points[i].setting.app_in_loop == app_in_loop)
            return true;
    return false;
}

static bool has_threading(const struct rp_covered_server *server,
                          bool free_threaded)
{
    for (size_t i = 0; i < server->point_count; i++)
        if (server->points[i].setting.free_threaded == free_threaded)
            return true;
    return false;
}

static bool has_stack(const struct rp_covered_server *server,
                      const struct asked *asked)
{
    for (size_t i = 0; i < server->point_count && asked->spelt; i++) {
        const struct rp_covered_point *const p = &server->points[i];

        for (size_t k = 0; k < p->stack_count; k++)
            if (p->setting.view_async == asked->setting.view_async &&
                strcmp(p->stacks[k], asked->stack) == 0)
                return true;
    }
    return false;
}

static void judge_words(const struct asked *asked,
                        const struct rp_covered_server *server,
                        struct rp_validity *v)
{
    const struct rp_scenario *const s = asked->scenario;

    if (!has_path(server, s->framework.path)) {
        set_beyond(v, RP_AXIS_PATH);
        say(v, "the %s path was not measured under %s",
            rp_path_word(s->framework.path), rp_server_word(server->kind));
    }
    if (!has_view(server, s->view_async)) {
        set_beyond(v, RP_AXIS_VIEW);
        say(v, "%s view was not measured under %s",
            s->view_async ? "an async" : "a sync",
            rp_server_word(server->kind));
    }
    if (!has_loop(server, s->server.app_built_in_loop)) {
        set_beyond(v, RP_AXIS_SERVER);
        say(v, "%s with the application built %s its loop was not measured",
            rp_server_word(server->kind),
            s->server.app_built_in_loop ? "inside" : "outside");
    }
    if (s->outcome != RP_OUTCOME_OK) {
        set_beyond(v, RP_AXIS_OUTCOME);
        say(v, "the outcome %s was not measured", rp_outcome_word(s->outcome));
    }
    if (s->load.kind == RP_LOAD_OPEN) {
        set_beyond(v, RP_AXIS_OPEN_LOAD);
        say(v, "the load is open, measured were clients that wait for their "
               "answer");
    }
    if (!has_threading(server, !s->server.gil)) {
        set_beyond(v, RP_AXIS_FREE_THREADED);
        say(v, s->server.gil
                   ? "there is a GIL, measured was without one"
                   : "the interpreter is free-threaded, measured was one with "
                     "a GIL");
    }
}

static void judge_prices(const struct rp_prices *prices, struct rp_validity *v)
{
    if (prices->stand_ins + prices->missing == 0)
        return;
    set_beyond(v, RP_AXIS_COSTS);
    for (unsigned i = 0; i < RP_ITEM_COUNT; i++) {
        const struct rp_item_price *const p = &prices->items[i];

        if (p->amount > 0.0 && p->trust != RP_PRICE_MEASURED)
            say(v, "%s was not measured", rp_item_name((enum rp_item)i));
    }
}

/* ---- Versions and hosts ---- */

/* Patch releases are taken as alike; what is not known differs from nothing. */
static bool other_series(const char *text, struct rp_version version)
{
    struct rp_version v;

    return text && text[0] &&
           !(rp_version_parse(text, &v) && v.major == version.major &&
             v.minor == version.minor);
}

static void judge_versions(const struct rp_framework *f,
                           const struct rp_profile *profile,
                           struct rp_validity *v)
{
    char version[RP_VERSION_TEXT_SIZE];

    if (profile->framework && profile->framework[0] &&
        strcmp(profile->framework, f->name) != 0) {
        v->stale = true;
        say(v, "the framework is %s, calibrated on %s", f->name,
            profile->framework);
    }
    if (other_series(profile->framework_version, f->version)) {
        v->stale = true;
        say(v, "%s is %s, calibrated on %s", f->name,
            rp_version_format(f->version, version), profile->framework_version);
    }
    if (other_series(profile->asgiref_version, f->asgiref_version)) {
        v->stale = true;
        say(v, "asgiref is %s, calibrated on %s",
            rp_version_format(f->asgiref_version, version),
            profile->asgiref_version);
    }
    if (v->stale)
        set_beyond(v, RP_AXIS_VERSION);
}

void rp_validity_judge_host(const char *cpu, const char *python_version,
                            const struct rp_profile *profile,
                            struct rp_validity *v)
{
    struct rp_version python;

    if (!rp_hostcpu_same(cpu, profile->cpu)) {
        v->stale = true;
        set_beyond(v, RP_AXIS_HOST);
        say(v, "the CPU is %s, calibrated on %s", cpu, profile->cpu);
    }
    if (python_version && rp_version_parse(python_version, &python) &&
        other_series(profile->python_version, python)) {
        v->stale = true;
        set_beyond(v, RP_AXIS_VERSION);
        say(v, "Python is %s, calibrated on %s", python_version,
            profile->python_version);
    }
}

/* ---- Load ---- */

static void judge_load(const struct rp_scenario *s,
                       const struct rp_validity_load *load,
                       struct rp_validity *v)
{
    const bool more_than_one_each =
        s->load.kind == RP_LOAD_OPEN || s->load.clients > load->servers;

    if (load->overloaded) {
        settle(v, RP_TIER_SATURATED);
        say(v, "more arrives than can be served, %.4g/s at most",
            load->capacity_per_s);
    } else if (load->place && load->utilisation >= always &&
               more_than_one_each) {
        settle(v, RP_TIER_SATURATED);
        say(v,
            "%s: taken %.1f %% of the time, so that more requests at once "
            "would only wait",
            load->place, 100.0 * load->utilisation);
    }
}

/* ---- All of it ---- */

/* Nothing is beyond; is it the very thing that was measured? */
static void judge_inside(const struct asked *asked,
                         const struct rp_covered_server *server,
                         const struct along along[ALONG_COUNT],
                         struct rp_validity *v)
{
    if (asked->spelt && rp_extent_has(server, &asked->setting, asked->stack))
        return;
    if (!has_stack(server, asked)) {
        set_between(v, RP_AXIS_LAYERS);
        say(v,
            "%s%s before %s view: not measured under %s, but stacks of %u "
            "to %u layers",
            asked->spelt ? "stack " : "this stack",
            asked->spelt ? (asked->stack[0] ? asked->stack : "none") : "",
            asked->setting.view_async ? "an async" : "a sync",
            rp_server_word(server->kind), server->layers.least,
            server->layers.most);
    }
    for (size_t i = 0; i < ALONG_COUNT; i++)
        if (!along[i].met)
            say_between(&along[i], v);
    if (v->between == 0) {
        settle(v, RP_TIER_INTERPOLATED);
        say(v, "each part of it was measured, but not together");
    }
}

static void judge_one(const struct asked *asked, const struct rp_prices *prices,
                      const struct rp_profile *profile,
                      const struct rp_validity_load *load,
                      struct rp_validity *v)
{
    const struct rp_scenario *const s = asked->scenario;
    const struct rp_covered_server *const server =
        rp_extent_server(&profile->extent, s->server.kind);
    struct along along[ALONG_COUNT];

    judge_versions(&s->framework, profile, v);
    judge_prices(prices, v);
    if (load)
        judge_load(s, load, v);
    if (profile->extent.server_count == 0) {
        settle(v, RP_TIER_UNKNOWN);
        say(v, "the profile does not say what it was calibrated on: make it "
               "anew");
        return;
    }
    if (!server || server->point_count == 0) {
        set_beyond(v, RP_AXIS_SERVER);
        say(v, "%s was not measured", rp_server_word(s->server.kind));
        return;
    }
    judge_words(asked, server, v);
    set_along(asked, server, along);
    for (size_t i = 0; i < ALONG_COUNT; i++)
        if (along[i].asked < along[i].least || along[i].asked > along[i].most)
            say_beyond(&along[i], v);
    if (v->beyond == 0)
        judge_inside(asked, server, along, v);
}

/* Sentences that several classes have are said once. */
static void merge(struct rp_validity *into, const struct rp_validity *from)
{
    settle(into, from->tier);
    settle(into, from->range);
    into->beyond |= from->beyond;
    into->between |= from->between;
    into->stale |= from->stale;
    for (const char *at = from->text; *at;) {
        const size_t length = strcspn(at, "\n");

        say(into, "%.*s", (int)length, at);
        at += length + (at[length] == '\n');
    }
}

void rp_validity_judge_class(const struct rp_scenario *seen,
                             const struct rp_program *program,
                             const struct rp_prices *prices,
                             const struct rp_profile *profile,
                             const struct rp_validity_load *load,
                             struct rp_validity *validity)
{
    const struct asked asked = ask(seen, program, load);
    struct rp_validity own = {.tier = RP_TIER_INSIDE};

    judge_one(&asked, prices, profile, load, &own);
    merge(validity, &own);
}

void rp_validity_judge(const struct rp_scenario *scenario,
                       const struct rp_routes *routes,
                       const struct rp_profile *profile,
                       const struct rp_validity_load *load,
                       struct rp_validity *validity)
{
    *validity = (struct rp_validity){.tier = RP_TIER_INSIDE};
    for (size_t i = 0; i < routes->count; i++) {
        const struct rp_scenario seen = rp_scenario_of_class(scenario, i);

        rp_validity_judge_class(&seen, &routes->routes[i].program,
                                &routes->routes[i].prices, profile, load,
                                validity);
    }
    if (routes->count > 1 && validity->range == RP_TIER_INSIDE) {
        settle(validity, RP_TIER_INTERPOLATED);
        say(validity, "each class was measured, but not as a mix");
    }
}
