/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "report/explain.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

/* A scenario, compiled and, if asked, priced by the round profile. */
struct fixture {
    struct rp_scenario scenario;
    struct rp_program program;
    struct rp_profile profile;
    struct rp_prices prices;
    struct rp_explanation what;
};

static void explain(struct fixture *f, const char *text, bool priced)
{
    struct rp_error error = {0};

    memset(f, 0, sizeof *f);
    cr_assert(eq(int,
                 rp_scenario_read_text(text, strlen(text), "x.yaml",
                                       &f->scenario, &error),
                 RP_OK),
              "%s", error.text);
    cr_assert(
        eq(int, rp_program_compile(&f->program, &f->scenario, &error), RP_OK));
    f->what = (struct rp_explanation){.scenario = &f->scenario,
                                      .program = &f->program};
    if (!priced)
        return;
    cr_assert(
        eq(int,
           rp_profile_read(RP_SOURCE_DIR "/tests/data/profiles/round.yaml",
                           &f->profile, &error),
           RP_OK),
        "%s", error.text);
    cr_assert(
        eq(int, rp_price(&f->program, &f->profile, &f->prices, &error), RP_OK));
    f->what.profile = &f->profile;
    f->what.prices = &f->prices;
}

static void release(struct fixture *f)
{
    rp_profile_free(&f->profile);
    rp_program_free(&f->program);
    rp_scenario_free(&f->scenario);
}

static const char one_sync_layer[] = "server: {kind: daphne}\n"
                                     "middleware: [{name: auth, kind: sync}]\n"
                                     "view: {kind: async, wait: 20ms}\n";

static size_t find(const struct rp_program *program, enum rp_op op,
                   const char *what)
{
    for (size_t i = 0; i < program->step_count; i++)
        if (program->steps[i].op == op &&
            strcmp(program->steps[i].what, what) == 0)
            return i;
    cr_assert(false, "no step %s %s", rp_op_name(op), what);
    return 0;
}

Test(explain, a_thread_is_held_by_what_waits_inside)
{
    struct fixture f;
    size_t layer, started, inner;

    explain(&f, one_sync_layer, false);
    layer = find(&f.program, RP_STEP_ENTER, "layer");
    started = find(&f.program, RP_STEP_ENTER, "request_started");
    inner = find(&f.program, RP_STEP_ENTER, "get_response");
    cr_expect(rp_explain_holds(&f.program, layer));
    cr_expect(not(rp_explain_holds(&f.program, started)), "nothing inside");
    cr_expect(not(rp_explain_holds(&f.program, inner)), "a loop");
    release(&f);
}

Test(explain, brackets_close_where_they_were_opened)
{
    struct fixture f;

    explain(&f, one_sync_layer, false);
    for (size_t i = 0; i < f.program.step_count; i++) {
        if (f.program.steps[i].op != RP_STEP_ENTER)
            continue;
        const size_t leave = rp_explain_leave(&f.program, i);

        cr_expect(gt(sz, leave, i));
        cr_expect(eq(int, f.program.steps[leave].op, RP_STEP_LEAVE));
        cr_expect(eq(str, (char *)f.program.steps[leave].what,
                     (char *)f.program.steps[i].what));
    }
    release(&f);
}

static bool is_null(const json_t *object, const char *key)
{
    return json_is_null(json_object_get(object, key));
}

static double real(const json_t *object, const char *key)
{
    return json_number_value(json_object_get(object, key));
}

/* By hand, from the round profile: daphne 1500, a sync layer 10, three
 * crossings of 100 and a new loop of 400, and the view's own 20 ms. */
Test(explain, costs_add_up_to_the_total)
{
    const double expected_us = 1500.0 + 10.0 + 300.0 + 400.0 + 20000.0;
    struct fixture f;
    struct rp_table *table;
    json_t *rows, *rest, *row;
    double sum_us = 0.0, percent = 0.0;
    size_t i;

    explain(&f, one_sync_layer, true);
    table = rp_explain_steps(&f.what);
    rows = rp_table_to_json(table);
    rest = rp_explain_json(&f.what);
    json_array_foreach(rows, i, row)
    {
        sum_us += real(row, "cost_us");
        percent += real(row, "cost_percent");
    }
    cr_expect(epsilon_eq(dbl, sum_us, expected_us, 1e-9));
    cr_expect(epsilon_eq(dbl, percent, 100.0, 1e-9));
    cr_expect(epsilon_eq(dbl, real(json_object_get(rest, "total"), "total_us"),
                         expected_us, 1e-9));
    json_decref(rest);
    json_decref(rows);
    rp_table_free(table);
    release(&f);
}

/* What is printed for people. */
static char *path_text(const struct fixture *f)
{
    struct rp_table *const table = rp_explain_path(&f->what);
    char *text = NULL;
    size_t size = 0;
    FILE *const out = open_memstream(&text, &size);

    cr_assert(ne(ptr, out, NULL));
    cr_assert(eq(
        int, rp_table_print(table, RP_FORMAT_TEXT, "x/1", NULL, 0, out, NULL),
        RP_OK));
    (void)fclose(out);
    rp_table_free(table);
    return text;
}

/* Django sends the response, and crosses to close it then: the last two steps.
 * Under WSGI the answer is the end. */
Test(explain, what_comes_after_the_answer_is_marked)
{
    struct fixture f;
    struct rp_table *table;
    json_t *rows, *row;
    char *text;
    size_t i;

    explain(&f, one_sync_layer, false);
    table = rp_explain_steps(&f.what);
    rows = rp_table_to_json(table);
    json_array_foreach(rows, i, row)
    {
        const json_t *const after = json_object_get(row, "after_answer");
        const char *const what =
            json_string_value(json_object_get(row, "what"));

        cr_expect(
            eq(int, json_typeof(after),
               strcmp(what, "response.close") == 0 ? JSON_TRUE : JSON_FALSE));
    }
    json_decref(rows);
    rp_table_free(table);
    text = path_text(&f);
    cr_expect(strstr(text, "\n        (the client has its answer)\n10, 11 ") !=
                  NULL,
              "%s", text);
    cr_expect(strstr(text, "\nanswered before step 10: ") != NULL, "%s", text);
    free(text);
    release(&f);
    explain(&f, "server: {kind: gunicorn}\n", false);
    text = path_text(&f);
    cr_expect(strstr(text, "answer") == NULL, "%s", text);
    free(text);
    release(&f);
}

/* What holds it: its own half hops, the layer, the inner loop with the wait. */
Test(explain, a_held_thread_says_for_how_long)
{
    struct fixture f;
    json_t *rest, *hold;

    explain(&f, one_sync_layer, true);
    rest = rp_explain_json(&f.what);
    cr_assert(eq(sz, json_array_size(json_object_get(rest, "holds")), 1));
    hold = json_array_get(json_object_get(rest, "holds"), 0);
    cr_expect(epsilon_eq(dbl, real(hold, "held_us"),
                         100.0 + 10.0 + 400.0 + 20000.0, 1e-9));
    cr_expect(eq(str, (char *)json_string_value(json_object_get(hold, "place")),
                 "sensitive"));
    cr_expect(eq(str,
                 (char *)json_string_value(json_object_get(hold, "origin")),
                 "auth"));
    json_decref(rest);
    release(&f);
}

Test(explain, places_of_the_steps_are_the_split_of_the_counts)
{
    struct fixture f;
    struct rp_table *table;
    json_t *rows, *rest, *row, *on;
    long counts[4] = {0};
    size_t i;
    static const char *const places[] = {"caller", "sensitive", "context",
                                         "pool"};

    explain(&f,
            "server: {kind: daphne}\n"
            "middleware: [{name: a, kind: sync}, {name: b, kind: mixin}]\n"
            "view: {kind: async, outcome: 404}\n",
            false);
    table = rp_explain_steps(&f.what);
    rows = rp_table_to_json(table);
    rest = rp_explain_json(&f.what);
    on = json_object_get(json_object_get(rest, "counts"), "sync_to_async_on");
    json_array_foreach(rows, i, row)
    {
        const char *const op = json_string_value(json_object_get(row, "op"));
        const char *const cross =
            json_string_value(json_object_get(row, "cross"));
        const char *const place =
            json_string_value(json_object_get(row, "place"));

        for (size_t j = 0; j < 4; j++)
            counts[j] += strcmp(op, "enter") == 0 &&
                         strcmp(cross, "sync_to_async") == 0 &&
                         strcmp(place, places[j]) == 0;
    }
    for (size_t j = 0; j < 4; j++)
        cr_expect(eq(long, counts[j],
                     (long)json_integer_value(json_object_get(on, places[j]))),
                  "%s", places[j]);
    cr_expect(gt(long, counts[3], 0), "the error response is on the pool");
    json_decref(rest);
    json_decref(rows);
    rp_table_free(table);
    release(&f);
}

Test(explain, an_item_without_a_price_costs_nothing_that_is_known)
{
    struct fixture f;
    struct rp_table *table;
    json_t *rows;
    size_t i;

    explain(&f,
            "server: {kind: daphne}\n"
            "view: {kind: async, outcome: template}\n",
            true);
    f.prices.items[RP_ITEM_RENDER].trust = RP_PRICE_MISSING;
    f.prices.items[RP_ITEM_RENDER].cost = -1;
    table = rp_explain_steps(&f.what);
    rows = rp_table_to_json(table);
    i = find(&f.program, RP_STEP_CPU, "render");
    cr_expect(is_null(json_array_get(rows, i), "cost_us"));
    cr_expect(is_null(json_array_get(rows, i), "priced_by"));
    json_decref(rows);
    rp_table_free(table);
    release(&f);
}

Test(explain, a_version_newer_than_the_rules_is_said)
{
    struct fixture f;
    char text[RP_EXPLAIN_WARNINGS_SIZE];

    explain(&f, "framework: {version: 9.9}\n", false);
    cr_expect(eq(int, (int)rp_explain_warnings(&f.what, text, sizeof text), 1));
    cr_expect(ne(ptr, strstr(text, "9.9"), NULL), "%s", text);
    release(&f);
    explain(&f, "name: x\n", false);
    cr_expect(eq(int, (int)rp_explain_warnings(&f.what, text, sizeof text), 0));
    cr_expect(eq(str, text, ""));
    release(&f);
}

/* A thousand layers that cross at each: brackets are counted, not drawn. */
Test(explain, a_deep_stack_stays_readable)
{
    struct fixture f;
    struct rp_error error = {0};
    char letters[401], *text = NULL;
    struct rp_table *table;
    size_t size = 0;
    FILE *const out = open_memstream(&text, &size);

    for (size_t i = 0; i < 400; i++)
        letters[i] = i % 2 ? 'A' : 'S';
    letters[400] = '\0';
    explain(&f, "name: x\n", false);
    rp_program_free(&f.program);
    cr_assert(
        eq(int, rp_scenario_set_letters(&f.scenario, letters, &error), RP_OK));
    cr_assert(
        eq(int, rp_program_compile(&f.program, &f.scenario, &error), RP_OK));
    table = rp_explain_path(&f.what);
    cr_assert(
        eq(int, rp_table_print(table, RP_FORMAT_TEXT, "", NULL, 0, out, &error),
           RP_OK));
    (void)fclose(out);
    cr_expect(ne(ptr, strstr(text, "(+200) "), NULL));
    free(text);
    rp_table_free(table);
    release(&f);
}
