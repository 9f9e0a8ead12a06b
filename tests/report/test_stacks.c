/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "report/stacks.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

static struct rp_scenario new_scenario(void)
{
    struct rp_scenario scenario;
    struct rp_error error = {0};

    cr_assert(eq(int, rp_scenario_init(&scenario, &error), RP_OK));
    return scenario;
}

/* Count `text`, a list of stacks; the code and, on success, the CSV, which the
 * caller frees. */
static enum rp_code count(const char *text, struct rp_scenario *scenario,
                          bool executors, char **csv_text,
                          struct rp_error *error)
{
    struct rp_csv csv = {0};
    struct rp_table *table = NULL;
    size_t size = 0;
    enum rp_code code;
    FILE *out;

    cr_assert(eq(int,
                 rp_csv_read_text(text, strlen(text), "x.csv", &csv, error),
                 RP_OK));
    code = rp_stacks_count(&csv, scenario, executors, &table, error);
    rp_csv_free(&csv);
    if (code)
        return code;
    out = open_memstream(csv_text, &size);
    cr_assert(ne(ptr, out, NULL));
    cr_expect(eq(int,
                 rp_table_print(table, RP_FORMAT_CSV, "x", NULL, 0, out, error),
                 RP_OK));
    (void)fclose(out);
    rp_table_free(table);
    return RP_OK;
}

static void expect(const char *text, struct rp_scenario *scenario,
                   bool executors, const char *expected)
{
    struct rp_error error = {0};
    char *found = NULL;

    cr_assert(eq(int, count(text, scenario, executors, &found, &error), RP_OK),
              "%s", error.text);
    cr_expect(eq(str, found, (char *)expected));
    free(found);
}

/* The counts are those of the closed form: under ASGI, one sync layer in front
 * of an async view is one segment. */
Test(stacks, counts_stand_beside_the_columns_that_were_read)
{
    struct rp_scenario scenario = new_scenario();

    expect("view,note,mode,stack\n"
           "sync,left alone,wsgi,S M\n"
           "async,left alone,asgi,S\n",
           &scenario, false,
           "mode,stack,view,sync_to_async,async_to_sync,loops_created,"
           "threads_created\n"
           "wsgi,S M,sync,0,0,0,0\n"
           "asgi,S,async,3,1,1,1\n");
    rp_scenario_free(&scenario);
}

Test(stacks, an_outcome_column_is_used_and_executors_can_be_asked_for)
{
    struct rp_scenario scenario = new_scenario();

    expect("mode,stack,view,outcome\nasgi,,async,404\n", &scenario, true,
           "mode,stack,view,outcome,sync_to_async,async_to_sync,"
           "loops_created,threads_created,s2a_caller,s2a_sensitive,"
           "s2a_context,s2a_pool\n"
           "asgi,,async,404,4,0,0,0,0,2,0,2\n");
    rp_scenario_free(&scenario);
}

/* Only ASGI rows have a loop to be built in, and only a server of the row's
 * own mode serves it. */
Test(stacks, a_server_serves_the_rows_of_its_mode)
{
    struct rp_scenario scenario = new_scenario();

    scenario.server.kind = RP_SERVER_UVICORN;
    scenario.server.app_built_in_loop = true;
    expect("mode,stack,view\nasgi,S,async\nwsgi,A,sync\n", &scenario, false,
           "mode,stack,view,sync_to_async,async_to_sync,loops_created,"
           "threads_created\n"
           "asgi,S,async,3,1,0,0\n"
           "wsgi,A,sync,1,1,1,1\n");
    cr_expect(eq(int, scenario.server.kind, RP_SERVER_UVICORN));
    cr_expect(scenario.server.app_built_in_loop);
    rp_scenario_free(&scenario);
}

Test(stacks, a_malformed_row_is_refused_at_its_place)
{
    static const struct {
        const char *text, *sentence;
    } cases[] = {
        {"mode,stack,view\nwsgi,,sync\nwsgo,,sync\n",
         "x.csv:3:1: mode: found \"wsgo\", expected wsgi or asgi; did you "
         "mean \"wsgi\"?"},
        {"mode,stack,view\nwsgi,,\n",
         "x.csv:2:7: view: found \"\", expected sync or async"},
        {"mode,stack,view\nwsgi,S Q,sync\n",
         "x.csv:2:6: stack: unknown letter \"Q\" in the stack \"S Q\"; letters "
         "are S A H M R P V v T t X x Y y, or none"},
        {"mode,stack,view,outcome\nwsgi,S,sync,okay\n",
         "x.csv:2:13: outcome: found \"okay\", expected ok, template, raise or "
         "404"},
        {"mode,stacks,view\n",
         "x.csv:1: no column is called \"stack\", but one is called "
         "\"stacks\"; the first line names the columns"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rp_scenario scenario = new_scenario();
        struct rp_error error = {0};
        char *found = NULL;

        cr_expect(eq(int,
                     count(cases[i].text, &scenario, false, &found, &error),
                     RP_ERR_VALUE));
        cr_expect(eq(str, error.text, (char *)cases[i].sentence));
        rp_scenario_free(&scenario);
    }
}

Test(stacks, a_version_without_rules_is_refused)
{
    struct rp_scenario scenario = new_scenario();
    struct rp_error error = {0};
    char *found = NULL;

    scenario.framework.version = (struct rp_version){3, 0, 0};
    cr_expect(eq(int,
                 count("mode,stack,view\nwsgi,,sync\n", &scenario, false,
                       &found, &error),
                 RP_ERR_VALUE));
    cr_expect(ne(ptr, strstr(error.text, "3.1"), NULL), "%s", error.text);
    rp_scenario_free(&scenario);
}
