/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/validity.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PROFILE RP_SOURCE_DIR "/tests/data/profiles/round.yaml"

/* The round profile, as if it had been calibrated on gunicorn with stacks of
 * none, SS and SSSS at concurrency 1 and 8, with 0 and 2 ms of CPU of a sync
 * view, and with none at 8; and on an async view without layers. */
static struct rp_profile calibrated(void)
{
    static const char *const stacks[] = {"", "SS", "SSSS"};
    static const double amounts[RP_ITEM_COUNT] = {0.0};
    static const double one_loop[RP_ITEM_COUNT] = {[RP_ITEM_A2S_NEW] = 1.0};
    struct rp_setting setting = {
        .threads = 1, .processes = 1, .cores = 1, .concurrency = 1};
    struct rp_profile p = {0};
    struct rp_error error = {0};

    cr_assert(eq(int, rp_profile_read(PROFILE, &p, &error), RP_OK), "%s",
              error.text);
    for (size_t i = 0; i < 3; i++)
        cr_assert(eq(int,
                     rp_extent_add(&p.extent, RP_SERVER_GUNICORN, &setting,
                                   stacks[i], amounts, &error),
                     RP_OK));
    setting.cpu_ns = 2e6;
    cr_assert(eq(int,
                 rp_extent_add(&p.extent, RP_SERVER_GUNICORN, &setting, "",
                               amounts, &error),
                 RP_OK));
    setting.cpu_ns = 0.0;
    setting.concurrency = 8;
    cr_assert(eq(int,
                 rp_extent_add(&p.extent, RP_SERVER_GUNICORN, &setting, "",
                               amounts, &error),
                 RP_OK));
    setting.concurrency = 1;
    setting.view_async = true;
    cr_assert(eq(int,
                 rp_extent_add(&p.extent, RP_SERVER_GUNICORN, &setting, "",
                               one_loop, &error),
                 RP_OK));
    return p;
}

static struct rp_validity judge(const char *text, const struct rp_profile *p,
                                const struct rp_validity_load *load)
{
    struct rp_scenario s = {0};
    struct rp_routes routes = {0};
    struct rp_error error = {0};
    struct rp_validity v;

    cr_assert(
        eq(int, rp_scenario_read_text(text, strlen(text), "s.yaml", &s, &error),
           RP_OK),
        "%s", error.text);
    cr_assert(eq(int, rp_routes_make(&s, p, &routes, &error), RP_OK), "%s",
              error.text);
    rp_validity_judge(&s, &routes, p, load, &v);
    rp_routes_free(&routes);
    rp_scenario_free(&s);
    return v;
}

#define AXIS(name) (1u << RP_AXIS_##name)
#define SS         "middleware: [{name: a, kind: sync}, {name: b, kind: sync}]\n"
#define THREE                                                                  \
    "middleware: [{name: a, kind: sync}, {name: b, kind: sync}, {name: c, "    \
    "kind: sync}]\n"
#define FIVE                                                                   \
    "middleware: [{name: a, kind: sync}, {name: b, kind: sync}, {name: c, "    \
    "kind: sync}, {name: d, kind: sync}, {name: e, kind: sync}]\n"
#define CLIENTS(n) "load: {kind: closed, clients: " #n "}\n"

Test(validity, each_scenario_gets_the_tier_that_its_axes_say)
{
    static const struct {
        const char *text;
        enum rp_tier tier;
        unsigned beyond, between;
        const char *sentences;
    } cases[] = {
        {SS, RP_TIER_INSIDE, 0, 0, ""},
        {CLIENTS(8), RP_TIER_INSIDE, 0, 0, ""},
        {"view: {kind: sync, cpu: 2ms}\n", RP_TIER_INSIDE, 0, 0, ""},
        {"host: {cores: 2}\n", RP_TIER_INSIDE, 0, 0, ""},
        {THREE, RP_TIER_INTERPOLATED, 0, AXIS(LAYERS),
         "stack SSS before a sync view: not measured under gunicorn, but "
         "stacks of 0 to 4 layers\n"},
        {CLIENTS(3) "view: {kind: sync, cpu: 1ms}\n", RP_TIER_INTERPOLATED, 0,
         AXIS(CONCURRENCY) | AXIS(CPU),
         "concurrency 3 was not measured, but 1 to 8\n"
         "own CPU 1ms was not measured, but 0ms to 2ms\n"},
        {SS CLIENTS(8), RP_TIER_INTERPOLATED, 0, 0,
         "each part of it was measured, but not together\n"},
        {FIVE, RP_TIER_EXTRAPOLATED, AXIS(LAYERS), 0,
         "the number of layers is 5, calibrated from 0 to 4\n"},
        {CLIENTS(9) "view: {kind: sync, wait: 20ms, cpu: 3ms}\n",
         RP_TIER_EXTRAPOLATED, AXIS(CONCURRENCY) | AXIS(WAIT) | AXIS(CPU), 0,
         "concurrency is 9, calibrated from 1 to 8\n"
         "own wait is 20ms, calibrated without\n"
         "own CPU is 3ms, calibrated from 0ms to 2ms\n"},
        {"server: {kind: gunicorn, processes: 4}\nhost: {cores: 2}\n",
         RP_TIER_EXTRAPOLATED, AXIS(PROCESSES) | AXIS(CORES), 0,
         "the number of processes is 4, calibrated at 1\n"
         "the number of cores in use is 2, calibrated at 1\n"},
        {"server: {kind: daphne}\n", RP_TIER_EXTRAPOLATED, AXIS(SERVER), 0,
         "daphne was not measured\n"},
        {"server: {kind: gunicorn, gil: false}\n", RP_TIER_EXTRAPOLATED,
         AXIS(FREE_THREADED), 0,
         "the interpreter is free-threaded, measured was one with a GIL\n"},
        {"framework: {name: django, version: '4.2', asgiref: '3.8'}\n",
         RP_TIER_EXTRAPOLATED, AXIS(VERSION), 0,
         "django is 4.2, calibrated on 3.2.25\n"
         "asgiref is 3.8, calibrated on 3.6.0\n"},
        {"framework: {name: django, version: 3.2.1, asgiref: 3.6.9}\n",
         RP_TIER_INSIDE, 0, 0, ""},
        {"framework: {name: django, version: 3.2, path: unified}\n",
         RP_TIER_EXTRAPOLATED, AXIS(PATH) | AXIS(COSTS) | AXIS(S2A), 0,
         "s2a.caller was not measured\n"
         "the unified path was not measured under gunicorn\n"
         "the number of sync_to_async is 1, calibrated at 0\n"},
        {"view: {kind: sync, outcome: raise}\n", RP_TIER_EXTRAPOLATED,
         AXIS(OUTCOME) | AXIS(COSTS), 0,
         "error.response was not measured\nthe outcome raise was not "
         "measured\n"},
        {"load: {kind: open, rate: 10/s}\n", RP_TIER_EXTRAPOLATED,
         AXIS(OPEN_LOAD), 0,
         "the load is open, measured were clients that wait for their "
         "answer\n"},
    };
    struct rp_profile p = calibrated();

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct rp_validity v = judge(cases[i].text, &p, NULL);

        cr_expect(eq(int, (int)v.tier, (int)cases[i].tier), "%s",
                  cases[i].text);
        cr_expect(eq(uint, v.beyond, cases[i].beyond), "%s", cases[i].text);
        cr_expect(eq(uint, v.between, cases[i].between), "%s", cases[i].text);
        cr_expect(eq(str, (char *)v.text, (char *)cases[i].sentences));
        cr_expect(eq(int, v.stale, (v.beyond & AXIS(VERSION)) != 0));
    }
    rp_profile_free(&p);
}

/* Uvicorn builds the application inside its loop, unless it is told not to. */
Test(validity, where_the_application_was_built_belongs_to_the_server)
{
    static const double two[RP_ITEM_COUNT] = {[RP_ITEM_S2A_SENSITIVE] = 2.0};
    const struct rp_setting setting = {.threads = 1,
                                       .processes = 1,
                                       .cores = 1,
                                       .concurrency = 1,
                                       .view_async = true};
    struct rp_profile p = calibrated();
    struct rp_error error = {0};
    struct rp_validity v;

    cr_assert(eq(
        int,
        rp_extent_add(&p.extent, RP_SERVER_DAPHNE, &setting, "", two, &error),
        RP_OK));
    v = judge("server: {kind: daphne}\nview: {kind: async}\n", &p, NULL);
    cr_expect(eq(int, (int)v.tier, RP_TIER_INSIDE), "%s", v.text);
    v = judge("server: {kind: daphne, app_built_in_loop: true}\n"
              "view: {kind: async}\n",
              &p, NULL);
    cr_expect(eq(uint, v.beyond, AXIS(SERVER)));
    cr_expect(eq(str, (char *)v.text,
                 "daphne with the application built inside its loop was not "
                 "measured\n"));
    rp_profile_free(&p);
}

Test(validity, a_place_without_room_saturates_and_the_range_stays)
{
    static const char place[] = "GIL";
    struct rp_validity_load load = {.in_flight = 8.0,
                                    .place = place,
                                    .utilisation = 0.999,
                                    .servers = 1,
                                    .capacity_per_s = (double)NAN};
    struct rp_profile p = calibrated();
    struct rp_validity v = judge(CLIENTS(8), &p, &load);

    cr_expect(eq(int, (int)v.tier, RP_TIER_SATURATED));
    cr_expect(eq(int, (int)v.range, RP_TIER_INSIDE));
    cr_expect(eq(str, (char *)v.text,
                 "GIL: taken 99.9 % of the time, so that more requests at once "
                 "would only wait\n"));
    load.utilisation = 0.9;
    v = judge(CLIENTS(8), &p, &load);
    cr_expect(eq(int, (int)v.tier, RP_TIER_INSIDE), "there is room");
    load.utilisation = 1.0;
    v = judge(SS, &p, &load);
    cr_expect(eq(int, (int)v.tier, RP_TIER_INSIDE), "nobody waits for one");
    load.overloaded = true;
    load.capacity_per_s = 1234.5;
    v = judge("load: {kind: open, rate: 9999/s}\n", &p, &load);
    cr_expect(eq(int, (int)v.tier, RP_TIER_SATURATED));
    cr_expect(eq(int, (int)v.range, RP_TIER_EXTRAPOLATED));
    cr_expect(strstr(v.text, "more arrives than can be served, 1234/s at "
                             "most\n") != NULL ||
                  strstr(v.text, "1235/s at most\n") != NULL,
              "%s", v.text);
    rp_profile_free(&p);
}

/* 100 clients that pause most of the time are 8 at a time. */
Test(validity, clients_that_pause_count_as_those_underway)
{
    const struct rp_validity_load load = {.in_flight = 6.5, .servers = 1};
    struct rp_profile p = calibrated();
    struct rp_validity v =
        judge("load: {kind: closed, clients: 100, think: 1s}\n", &p, &load);

    cr_expect(eq(uint, v.beyond, 0), "%s", v.text);
    v = judge("load: {kind: closed, clients: 100, think: 1s}\n", &p, NULL);
    cr_expect(eq(uint, v.beyond, AXIS(CONCURRENCY)), "not known");
    rp_profile_free(&p);
}

Test(validity, a_profile_that_does_not_say_is_neither_in_nor_out)
{
    struct rp_profile p = {0};
    struct rp_error error = {0};
    struct rp_validity v;

    cr_assert(eq(int, rp_profile_read(PROFILE, &p, &error), RP_OK));
    v = judge("view: {kind: sync}\n", &p, NULL);
    cr_expect(eq(int, (int)v.tier, RP_TIER_UNKNOWN));
    v = judge("framework: {name: django, version: '4.2'}\n", &p, NULL);
    cr_expect(eq(int, (int)v.tier, RP_TIER_EXTRAPOLATED), "versions it says");
    rp_profile_free(&p);
}

Test(validity, a_host_of_another_cpu_or_python_is_stale)
{
    struct rp_profile p = calibrated();
    struct rp_validity v = judge(SS, &p, NULL);

    rp_validity_judge_host("none", "3.11.9", &p, &v);
    cr_expect(eq(int, (int)v.tier, RP_TIER_INSIDE), "family is not said");
    rp_validity_judge_host("", NULL, &p, &v);
    cr_expect(not(v.stale));
    rp_validity_judge_host("fast one", "3.12.0", &p, &v);
    cr_expect(v.stale);
    cr_expect(eq(uint, v.beyond, AXIS(HOST) | AXIS(VERSION)));
    cr_expect(eq(str, (char *)v.text,
                 "the CPU is fast one, calibrated on none (family 0)\n"
                 "Python is 3.12.0, calibrated on 3.11.2\n"));
    rp_profile_free(&p);
}

Test(validity, classes_are_judged_together_and_a_mix_is_not_their_sum)
{
    static const char both[] = "requests:\n"
                               "  - {name: a, share: 1, view: {kind: sync}}\n"
                               "  - {name: b, share: 1, view: {kind: async}}\n";
    static const char both_wait[] =
        "requests:\n"
        "  - {name: a, share: 1, view: {kind: sync, wait: 2ms}}\n"
        "  - {name: b, share: 1, view: {kind: async, wait: 1ms}}\n"
        "  - {name: c, share: 1, view: {kind: async, wait: 2ms}}\n";
    static const char one_waits[] =
        "requests:\n"
        "  - {name: a, share: 1, view: {kind: sync}}\n"
        "  - {name: b, share: 1, view: {kind: async, wait: 1ms}}\n";
    struct rp_profile p = calibrated();
    struct rp_validity v = judge(both, &p, NULL);

    cr_expect(eq(int, (int)v.tier, RP_TIER_INTERPOLATED));
    cr_expect(
        eq(str, (char *)v.text, "each class was measured, but not as a mix\n"));
    v = judge(one_waits, &p, NULL);
    cr_expect(eq(uint, v.beyond, AXIS(WAIT)));
    v = judge(both_wait, &p, NULL);
    cr_expect(eq(uint, v.beyond, AXIS(WAIT)));
    cr_expect(eq(uint, v.between, 0));
    cr_expect(eq(str, (char *)v.text,
                 "own wait is 2ms, calibrated without\n"
                 "own wait is 1ms, calibrated without\n"));
    rp_profile_free(&p);
}

Test(validity, the_line_for_people_is_cut_to_its_room)
{
    struct rp_profile p = calibrated();
    const struct rp_validity v =
        judge(CLIENTS(9) "view: {kind: sync, wait: 20ms}\n", &p, NULL);
    const struct rp_validity in = judge(SS, &p, NULL);
    char text[RP_VALIDITY_TEXT_SIZE], little[24];

    cr_expect(eq(str, (char *)rp_validity_line(&v, text, sizeof text),
                 "extrapolated: concurrency is 9, calibrated from 1 to 8; own "
                 "wait is 20ms, calibrated without"));
    cr_expect(eq(str, (char *)rp_validity_line(&in, text, sizeof text),
                 "inside: the same kind of configuration was measured"));
    cr_expect(eq(sz, strlen(rp_validity_line(&v, little, sizeof little)), 23));
    cr_expect(eq(str, (char *)rp_axes_text(v.beyond, " ", text, sizeof text),
                 "concurrency wait"));
    rp_profile_free(&p);
}
