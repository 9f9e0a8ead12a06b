/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/program.h"

#include "counts.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Test(program, a_sample_of_the_counts_of_the_real_django_comes_out_equal)
{
    for (size_t i = 0; i < FILE_COUNT; i++)
        cr_expect(eq(uint,
                     expect_file(RP_SOURCE_DIR "/tests/data/oracle", &files[i]),
                     60),
                  "%s", files[i].name);
}

/* ---- Rules that no file of counts covers ---- */

static struct rp_scenario scenario_at(const char *mode, const char *letters,
                                      const char *view, const char *django,
                                      const char *asgiref)
{
    struct rp_scenario s = scenario_of(mode, letters, view, "ok");

    cr_assert(rp_version_parse(django, &s.framework.version));
    cr_assert(rp_version_parse(asgiref, &s.framework.asgiref_version));
    return s;
}

/* The closed form: segments whose mode is not the server's, and mixins that
 * run async. Written from its definition, scanning from the view outwards. */
struct form {
    unsigned segments, async_mixins;
};

static struct form form_of(const char *letters, bool server_async)
{
    struct form f = {0, 0};
    bool mode = server_async;

    for (size_t i = strlen(letters); i-- > 0;) {
        const bool before = mode;

        if (letters[i] == 'S')
            mode = false;
        else if (letters[i] == 'A')
            mode = true;
        f.segments += before == server_async && mode != server_async;
        f.async_mixins += letters[i] == 'M' && mode;
    }
    return f;
}

/* The number-th stack of S, A, H and M; all stacks of length 0, 1, 2, ... */
static void stack_of(unsigned number, char letters[16])
{
    size_t n = 0;

    for (; number > 0; number = (number - 1) / 4)
        letters[n++] = "SAHM"[(number - 1) % 4];
    letters[n] = '\0';
}

enum { STACKS_TO_LENGTH_4 = 1 + 4 + 16 + 64 + 256 };

static unsigned most(unsigned a, unsigned b)
{
    return a > b ? a : b;
}

/* Loops by the closed form, versions being those of asgiref. */
static unsigned loops_of(struct form f, bool asgi, bool in_loop, unsigned va,
                         unsigned asgiref)
{
    if (asgi)
        return asgiref >= 8 || in_loop ? 0 : f.segments;
    return asgiref >= 12 ? most(f.segments, va) > 0 : most(f.segments, va);
}

static void expect_closed_form(const char *letters, bool asgi, bool view_async,
                               bool in_loop, const char *django,
                               unsigned asgiref)
{
    const struct form f = form_of(letters, asgi);
    const unsigned va = view_async, vs = !view_async;
    const unsigned loops = loops_of(f, asgi, in_loop, va, asgiref);
    const bool own_thread = asgi && strcmp(django, "4") >= 0;
    struct rp_scenario s;
    struct rp_counts n;
    char version[16];

    (void)snprintf(version, sizeof version, "3.%u", asgiref);
    s = scenario_at(asgi ? "asgi" : "wsgi", letters,
                    view_async ? "async" : "sync", django, version);
    s.server.app_built_in_loop = in_loop;
    n = counts_of(&s);
    cr_expect(eq(uint, n.sync_to_async,
                 f.segments + 2 * f.async_mixins + (asgi ? 2 + vs : 0)));
    cr_expect(eq(uint, n.async_to_sync, f.segments + (asgi ? 0 : va)));
    cr_expect(eq(uint, n.loops_created, loops),
              "%s, view %u, django %s, "
              "asgiref %s",
              letters, va, django, version);
    cr_expect(eq(uint, n.threads_created - n.pool_threads,
                 loops + (own_thread ? 1u + (asgiref >= 12) : 0u)));
    cr_expect(eq(uint,
                 n.s2a_caller + n.s2a_sensitive + n.s2a_context + n.s2a_pool,
                 n.sync_to_async));
    cr_expect(eq(uint, own_thread ? n.s2a_sensitive : n.s2a_context, 0));
    rp_scenario_free(&s);
}

Test(program, every_version_follows_the_closed_form, .timeout = 120)
{
    static const struct {
        const char *django;
        unsigned asgiref;
    } versions[] = {
        {"3.1", 2},  {"3.1", 3},  {"3.2", 3},   {"3.2", 8},  {"3.2", 11},
        {"4.0", 4},  {"4.1", 5},  {"4.2", 6},   {"4.2", 7},  {"5.0", 7},
        {"5.0", 8},  {"5.1", 8},  {"5.2", 9},   {"5.2", 10}, {"6.0", 11},
        {"6.0", 12}, {"5.2", 12}, {"main", 12}, {"3.2", 12},
    };

    for (size_t v = 0; v < sizeof versions / sizeof *versions; v++)
        for (unsigned i = 0; i < STACKS_TO_LENGTH_4; i++)
            for (unsigned mode = 0; mode < 6; mode++) {
                char letters[16];

                stack_of(i, letters);
                expect_closed_form(letters, mode >= 2, mode % 2, mode >= 4,
                                   versions[v].django, versions[v].asgiref);
            }
}

Test(program, the_unified_path_follows_its_formula)
{
    for (unsigned i = 0; i < 4 * STACKS_TO_LENGTH_4; i++)
        for (unsigned va = 0; va < 2; va++) {
            struct rp_scenario s;
            struct rp_counts n;
            struct form f;
            char letters[16];

            stack_of(i, letters);
            f = form_of(letters, true);
            s = scenario_of("wsgi", letters, va ? "async" : "sync", "ok");
            s.framework.path = RP_PATH_UNIFIED;
            n = counts_of(&s);
            cr_expect(eq(uint, n.sync_to_async,
                         f.segments + 2 * f.async_mixins + !va));
            cr_expect(eq(uint, n.async_to_sync, f.segments + 1));
            cr_expect(eq(uint, n.loops_created, f.segments + 1));
            cr_expect(eq(uint, n.threads_created, f.segments + 1));
            rp_scenario_free(&s);
        }
}

Test(program, under_asgi_the_unified_path_is_the_only_one)
{
    for (unsigned i = 0; i < STACKS_TO_LENGTH_4; i++) {
        struct rp_scenario s;
        struct rp_counts dual, unified;
        char letters[16];

        stack_of(i, letters);
        s = scenario_of("asgi", letters, "sync", "ok");
        dual = counts_of(&s);
        s.framework.path = RP_PATH_UNIFIED;
        unified = counts_of(&s);
        cr_expect(memcmp(&dual, &unified, sizeof dual) == 0, "%s", letters);
        rp_scenario_free(&s);
    }
}

/* startproject's seven layers in 2019: classes on MiddlewareMixin, of which
 * the fourth (csrf) has a process_view. What the forum thread reports. */
Test(program, seven_layers_cost_nothing_today_and_eight_loops_in_2019)
{
    struct rp_scenario s = scenario_of("wsgi", "MMMMMMM", "sync", "ok");
    struct rp_counts n;

    s.layers[3].hooks |= RP_HOOK_VIEW;
    n = counts_of(&s);
    cr_expect(eq(uint, n.sync_to_async + n.async_to_sync, 0));
    cr_expect(eq(uint, n.loops_created + n.threads_created, 0));
    s.framework.path = RP_PATH_SINGLE;
    n = counts_of(&s);
    cr_expect(eq(uint, n.sync_to_async, 9));
    cr_expect(eq(uint, n.async_to_sync, 8));
    cr_expect(eq(uint, n.loops_created, 8));
    cr_expect(eq(uint, n.threads_created, 8));
    rp_scenario_free(&s);
}

Test(program, the_single_path_is_that_of_2019_whatever_the_version)
{
    struct rp_scenario s = scenario_at("asgi", "SAS", "sync", "3.2", "3.6");
    struct rp_counts old, new;

    s.framework.path = RP_PATH_SINGLE;
    old = counts_of(&s);
    cr_assert(rp_version_parse("main", &s.framework.version));
    cr_assert(rp_version_parse("3.12", &s.framework.asgiref_version));
    new = counts_of(&s);
    cr_expect(memcmp(&old, &new, sizeof old) == 0);
    cr_assert(rp_version_parse("2.2", &s.framework.version));
    new = counts_of(&s);
    cr_expect(memcmp(&old, &new, sizeof old) == 0, "even before 3.1");
    rp_scenario_free(&s);
}

Test(program, signals_and_close_that_are_async_aware_need_no_crossing)
{
    struct rp_scenario s = scenario_at("asgi", "H", "async", "5.0", "3.12");

    cr_expect(eq(uint, counts_of(&s).sync_to_async, 2));
    cr_expect(eq(uint, counts_of(&s).threads_created, 2));
    s.framework.signals_async_aware = true;
    cr_expect(eq(uint, counts_of(&s).sync_to_async, 1));
    s.framework.close_async_aware = true;
    cr_expect(eq(uint, counts_of(&s).sync_to_async, 0));
    cr_expect(eq(uint, counts_of(&s).threads_created, 0),
              "nothing sync, so no thread of the request's own");
    rp_scenario_free(&s);
}

Test(program, hooks_before_asgiref_3_3_use_the_pool)
{
    struct rp_scenario s = scenario_at("asgi", "M", "sync", "3.1", "3.2");
    struct rp_counts n = counts_of(&s);

    /* started, close, two of the mixin; the view says that it is sensitive */
    cr_expect(eq(uint, n.s2a_pool, 4));
    cr_expect(eq(uint, n.s2a_sensitive, 1));
    s.framework.version.minor = 2;
    n = counts_of(&s);
    cr_expect(eq(uint, n.s2a_sensitive, 5), "Django 3.2 says it of all");
    rp_scenario_free(&s);
}

/* ---- The list of steps ---- */

/* Steps of every kind: two resources, all hooks, a template. */
static struct rp_scenario busy_scenario(const char *mode)
{
    struct rp_scenario s = scenario_of(mode, "MASVvTtRP", "sync", "template");
    struct rp_error error = {0};

    s.resources = calloc(2, sizeof *s.resources);
    cr_assert(s.resources != NULL);
    s.resource_count = 2;
    for (size_t i = 0; i < 2; i++) {
        s.resources[i].name = calloc(1, 8);
        cr_assert(s.resources[i].name != NULL);
        s.resources[i].name[0] = (char)('a' + (char)i);
        s.resources[i].capacity = 1;
    }
    s.view.cpu.mean_ns = 1e6;
    s.view.wait.mean_ns = 2e6;
    s.view.calls = 3;
    s.view.resource = 1;
    s.layers[2].after.wait.mean_ns = 1e6;
    s.layers[2].after.resource = 0;
    s.layers[1].before.cpu.mean_ns = 5e5;
    cr_assert(eq(int, rp_scenario_check(&s, &error), RP_OK), "%s", error.text);
    return s;
}

/* What a reader does with the brackets of a program. */
struct walk {
    const struct rp_step *open[64];
    enum rp_place places[64];
    unsigned depth;
    bool holds;
};

static void expect_step(struct walk *w, const struct rp_step *s)
{
    switch (s->op) {
    case RP_STEP_ENTER:
        cr_expect(eq(uint, s->depth, w->depth));
        cr_expect(eq(dbl, s->share, 0.5));
        cr_assert(w->depth + 1 < 64);
        w->open[w->depth++] = s;
        w->places[w->depth] = s->place;
        break;
    case RP_STEP_LEAVE:
        cr_assert(w->depth > 0);
        w->depth--;
        cr_expect(eq(uint, s->depth, w->depth));
        cr_expect(eq(int, s->place, w->open[w->depth]->place));
        cr_expect(eq(int, s->item, w->open[w->depth]->item));
        cr_expect(eq(int, s->cross, w->open[w->depth]->cross));
        cr_expect(eq(int, s->origin, w->open[w->depth]->origin));
        break;
    case RP_STEP_TAKE:
    case RP_STEP_GIVE:
        cr_expect(eq(int, w->holds, s->op == RP_STEP_GIVE));
        w->holds = s->op == RP_STEP_TAKE;
        cr_expect(eq(int, s->place, w->places[w->depth]));
        break;
    case RP_STEP_CPU:
    case RP_STEP_WAIT:
        cr_expect(eq(uint, s->depth, w->depth));
        cr_expect(eq(int, s->place, w->places[w->depth]));
        break;
    }
}

Test(program, brackets_nest_and_every_step_knows_its_place)
{
    static const char *const modes[] = {"wsgi", "asgi"};
    static const enum rp_path paths[] = {RP_PATH_DUAL, RP_PATH_UNIFIED,
                                         RP_PATH_SINGLE};

    for (size_t m = 0; m < 2; m++)
        for (size_t k = 0; k < 3; k++) {
            struct rp_scenario s = busy_scenario(modes[m]);
            struct rp_program p;
            struct walk w = {.depth = 0};

            s.framework.path = paths[k];
            p = program_of(&s);
            w.places[0] = p.start;
            cr_expect(eq(int, p.start, m ? RP_PLACE_LOOP : RP_PLACE_WORKER));
            for (size_t i = 0; i < p.step_count; i++)
                expect_step(&w, &p.steps[i]);
            cr_expect(eq(uint, w.depth, 0));
            cr_expect(not(w.holds));
            rp_program_free(&p);
            rp_program_free(&p);
            rp_scenario_free(&s);
        }
}

/* One line a step: op, place, origin, what. And where the client is answered,
 * unless that is at the end. */
static void write_program(const struct rp_scenario *s, char *text, size_t size)
{
    struct rp_program p = program_of(s);
    size_t used = 0;

    for (size_t i = 0; i < p.step_count; i++) {
        const struct rp_step *const step = &p.steps[i];
        const int n =
            snprintf(text + used, size - used, "%s%*s%s %s: %s, %s\n",
                     i == p.answer_step ? "(answer)\n" : "", (int)step->depth,
                     "", rp_op_name(step->op), rp_place_name(step->place),
                     rp_step_origin(step, s), step->what);

        cr_assert(n > 0 && (size_t)n < size - used);
        used += (size_t)n;
    }
    rp_program_free(&p);
}

/* By hand, from the rules: A runs async and what is inside it sync, so it
 * calls through sync_to_async, and is called through async_to_sync. */
Test(program, a_program_reads_like_the_request)
{
    struct rp_scenario s = scenario_of("wsgi", "HA", "sync", "ok");
    char text[4096];

    s.view.cpu.mean_ns = 1e6;
    s.view.wait.mean_ns = 1e6;
    write_program(&s, text, sizeof text);
    cr_expect(eq(str, text,
                 "cpu worker: server, WSGI handler\n"
                 "enter inner loop: H1, layer\n"
                 " cpu inner loop: H1, async layer\n"
                 " cpu inner loop: A2, async layer\n"
                 " enter caller: handler, get_response\n"
                 "  cpu caller: view, own CPU\n"
                 "  wait caller: view, own wait\n"
                 " leave caller: handler, get_response\n"
                 "leave inner loop: H1, layer\n"));
    s.framework.version = (struct rp_version){4, 0, 0};
    s.server.kind = RP_SERVER_UVICORN;
    s.view_async = true;
    s.view.cpu.mean_ns = 0.0;
    write_program(&s, text, sizeof text);
    cr_expect(eq(str, text,
                 "cpu loop: server, ASGI handler\n"
                 "cpu loop: handler, ThreadSensitiveContext\n"
                 "enter context: handler, request_started\n"
                 "leave context: handler, request_started\n"
                 "cpu loop: H1, async layer\n"
                 "cpu loop: A2, async layer\n"
                 "wait loop: view, own wait\n"
                 "(answer)\n"
                 "enter context: handler, response.close\n"
                 "leave context: handler, response.close\n"));
    rp_scenario_free(&s);
}

Test(program, exceptions_stop_at_the_first_layer_that_answers)
{
    struct rp_scenario s = scenario_of("wsgi", "XYX", "sync", "raise");
    struct rp_program p = program_of(&s);
    double amounts[RP_ITEM_COUNT];

    rp_program_items(&p, amounts);
    cr_expect(eq(dbl, amounts[RP_ITEM_ERROR_RESPONSE], 0.0));
    rp_program_free(&p);
    s.layers[1].handles_exceptions = false;
    p = program_of(&s);
    rp_program_items(&p, amounts);
    cr_expect(eq(dbl, amounts[RP_ITEM_ERROR_RESPONSE], 1.0));
    rp_program_free(&p);
    rp_scenario_free(&s);
}

Test(program, items_are_paid_once_for_both_hops)
{
    struct rp_scenario s = scenario_of("asgi", "MS", "sync", "template");
    struct rp_program p = program_of(&s);
    double amounts[RP_ITEM_COUNT];

    rp_program_items(&p, amounts);
    cr_expect(eq(dbl, amounts[RP_ITEM_BASE_DAPHNE], 1.0));
    cr_expect(eq(dbl, amounts[RP_ITEM_LAYER_SYNC], 1.0));
    cr_expect(eq(dbl, amounts[RP_ITEM_LAYER_MIXIN_SYNC], 1.0));
    cr_expect(eq(dbl, amounts[RP_ITEM_RENDER], 1.0));
    /* started, close, the segment MS; the view and render inside its a2s */
    cr_expect(eq(dbl, amounts[RP_ITEM_S2A_SENSITIVE], 3.0));
    cr_expect(eq(dbl, amounts[RP_ITEM_S2A_CALLER], 2.0));
    cr_expect(eq(dbl, amounts[RP_ITEM_A2S_NEW], 1.0));
    rp_program_free(&p);
    rp_scenario_free(&s);
}

Test(program, a_framework_without_rules_is_refused)
{
    struct rp_scenario s = scenario_of("wsgi", "", "sync", "ok");
    struct rp_program p;
    struct rp_error error = {0};

    s.framework.version = (struct rp_version){3, 0, 14};
    cr_expect(eq(int, rp_program_compile(&p, &s, &error), RP_ERR_VALUE));
    cr_expect(eq(str, error.text,
                 "Django 3.0.14 runs no middleware async: the first version "
                 "that can be compiled is 3.1"));
    rp_program_free(&p);
    rp_scenario_free(&s);
}

Test(program, a_thousand_layers_compile_and_one_more_does_not)
{
    char letters[1002];
    struct rp_scenario s;
    struct rp_program p;
    struct rp_error error = {0};

    for (size_t i = 0; i < 1000; i++)
        letters[i] = i % 2 ? 'S' : 'A';
    letters[1000] = '\0';
    s = scenario_of("asgi", letters, "sync", "ok");
    cr_expect(eq(uint, counts_of(&s).async_to_sync, 500));
    rp_scenario_free(&s);
    letters[1000] = 'S';
    letters[1001] = '\0';
    s = scenario_of("asgi", letters, "sync", "ok");
    cr_expect(eq(int, rp_program_compile(&p, &s, &error), RP_ERR_VALUE));
    cr_expect(eq(str, error.text,
                 "1001 layers of middleware: at most 1000 can be compiled"));
    rp_program_free(&p);
    rp_scenario_free(&s);
}

Test(program, words_exist_for_every_step_and_place)
{
    static const enum rp_op ops[] = {RP_STEP_CPU,   RP_STEP_WAIT, RP_STEP_ENTER,
                                     RP_STEP_LEAVE, RP_STEP_TAKE, RP_STEP_GIVE};
    static const enum rp_place places[] = {
        RP_PLACE_WORKER,     RP_PLACE_LOOP,      RP_PLACE_SENSITIVE,
        RP_PLACE_CONTEXT,    RP_PLACE_POOL,      RP_PLACE_CALLER,
        RP_PLACE_INNER_LOOP, RP_PLACE_OUTER_LOOP};

    for (size_t i = 0; i < sizeof ops / sizeof *ops; i++)
        cr_expect(strncmp(rp_op_name(ops[i]), "unknown", 7) != 0);
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        cr_expect(strncmp(rp_place_name(places[i]), "unknown", 7) != 0);
        cr_expect(strncmp(rp_place_meaning(places[i]), "unknown", 7) != 0);
    }
}

/* Counted by crossings.py in Django 3.2.25 with asgiref 3.6.0: a sync layer
 * whose process_exception answers 200 or 503, under uvicorn; under daphne a
 * page that is not there, which is answered in a loop of its own. */
Test(program, what_the_real_django_pays_for_answers_that_are_errors)
{
    static const struct {
        const char *yaml;
        unsigned sync_to_async, async_to_sync, loops, threads;
    } cases[] = {
        {"server: {kind: uvicorn}\nmiddleware: [{name: y, kind: sync, hooks: "
         "[process_exception], handles_exceptions: true}]\n"
         "view: {kind: sync, outcome: raise}\n",
         5, 1, 0, 0},
        {"server: {kind: uvicorn}\nmiddleware: [{name: y, kind: sync, hooks: "
         "[process_exception], handles_exceptions: true, handles_with_error: "
         "true}]\nview: {kind: sync, outcome: raise}\n",
         6, 1, 0, 0},
        {"server: {kind: daphne}\nmiddleware: [{name: y, kind: sync, hooks: "
         "[process_exception], handles_exceptions: true, handles_with_error: "
         "true}]\nview: {kind: sync, outcome: raise}\n",
         6, 1, 1, 1},
        {"server: {kind: daphne}\nmiddleware: [{name: y, kind: sync}]\n"
         "view: {kind: sync, outcome: 404}\n",
         5, 1, 1, 2},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rp_scenario scenario = {0};
        struct rp_program program = {0};
        struct rp_error error = {0};
        struct rp_counts counts;

        cr_assert(eq(int,
                     rp_scenario_read_text(cases[i].yaml, strlen(cases[i].yaml),
                                           "x", &scenario, &error),
                     RP_OK),
                  "%s", error.text);
        cr_assert(
            eq(int, rp_program_compile(&program, &scenario, &error), RP_OK));
        counts = rp_program_count(&program);
        cr_expect(eq(uint, counts.sync_to_async, cases[i].sync_to_async), "%zu",
                  i);
        cr_expect(eq(uint, counts.async_to_sync, cases[i].async_to_sync), "%zu",
                  i);
        cr_expect(eq(uint, counts.loops_created, cases[i].loops), "%zu", i);
        cr_expect(eq(uint, counts.threads_created, cases[i].threads), "%zu", i);
        rp_program_free(&program);
        rp_scenario_free(&scenario);
    }
}
