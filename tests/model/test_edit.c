/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "model/edit.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char base[] = "name: shop\n"
                           "server: {kind: gthread, threads: 4}\n"
                           "middleware:\n"
                           "  - {name: sec, kind: sync}\n"
                           "  - {name: auth, kind: sync, before: {cpu: 10us}}\n"
                           "  - {name: a.b, kind: hybrid}\n"
                           "resources: [{name: db, capacity: 10}]\n"
                           "view: {kind: sync, wait: 20ms, uses: db}\n"
                           "load: {kind: closed, clients: 8}\n";

static struct rp_draft draft_of(const char *text)
{
    struct rp_draft draft = {0};
    struct rp_error error = {0};

    cr_assert(
        eq(int,
           rp_draft_read_text(text, strlen(text), "s.yaml", &draft, &error),
           RP_OK),
        "%s", error.text);
    return draft;
}

/* The scenario of the base with these edits, `key` and `value` in turn. */
static struct rp_scenario with(const char *const *words, size_t count)
{
    struct rp_draft draft = draft_of(base);
    struct rp_edit edits[8];
    struct rp_scenario scenario = {0};
    struct rp_error error = {0};

    for (size_t i = 0; i < count; i++)
        edits[i] = (struct rp_edit){words[2 * i], words[2 * i + 1]};
    cr_assert(eq(int,
                 rp_draft_scenario(&draft, edits, count, &scenario, &error),
                 RP_OK),
              "%s", error.text);
    rp_draft_free(&draft);
    return scenario;
}

#define WITH(...)                                                              \
    with((const char *const[]){__VA_ARGS__},                                   \
         sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *) / 2)

Test(edit, without_edits_it_is_the_file)
{
    struct rp_scenario s = with(NULL, 0);

    cr_expect(eq(str, s.name, "shop"));
    cr_expect(eq(uint, s.server.threads, 4));
    cr_expect(eq(sz, s.layer_count, 3));
    rp_scenario_free(&s);
}

Test(edit, a_value_is_replaced_and_what_is_beside_it_stays)
{
    struct rp_scenario s = WITH("server.threads", "16");

    cr_expect(eq(uint, s.server.threads, 16));
    cr_expect(eq(int, (int)s.server.kind, RP_SERVER_GTHREAD));
    rp_scenario_free(&s);
}

Test(edit, what_the_file_has_not_is_added)
{
    struct rp_scenario s = WITH("host.cores", "2", "server.gil", "false");

    cr_expect(eq(uint, s.cores, 2));
    cr_expect(not(s.server.gil));
    rp_scenario_free(&s);
}

Test(edit, a_later_edit_of_a_key_wins)
{
    struct rp_scenario s = WITH("server.threads", "16", "server.threads", "32");

    cr_expect(eq(uint, s.server.threads, 32));
    rp_scenario_free(&s);
}

Test(edit, drop_brings_the_default_back)
{
    struct rp_scenario s =
        WITH("server.threads", "drop", "load.clients", "drop");

    cr_expect(eq(uint, s.server.threads, 4), "gthread's default");
    cr_expect(eq(uint, s.load.clients, 1));
    rp_scenario_free(&s);
}

Test(edit, keep_is_no_edit)
{
    struct rp_scenario s =
        WITH("server.threads", "keep", "middleware.auth", "keep");

    cr_expect(eq(uint, s.server.threads, 4));
    cr_expect(eq(sz, s.layer_count, 3));
    rp_scenario_free(&s);
}

Test(edit, a_layer_is_found_by_its_name)
{
    struct rp_scenario s = WITH("middleware.auth.kind", "async",
                                "middleware.auth.after.wait", "1ms");

    cr_expect(eq(int, (int)s.layers[1].kind, RP_LAYER_ASYNC));
    cr_expect(eq(dbl, s.layers[1].before.cpu.mean_ns, 10e3));
    cr_expect(eq(dbl, s.layers[1].after.wait.mean_ns, 1e6));
    cr_expect(eq(int, (int)s.layers[0].kind, RP_LAYER_SYNC));
    rp_scenario_free(&s);
}

Test(edit, a_name_may_have_points)
{
    struct rp_scenario s = WITH("middleware.a.b.kind", "mixin");

    cr_expect(eq(int, (int)s.layers[2].kind, RP_LAYER_MIXIN));
    rp_scenario_free(&s);
}

Test(edit, a_star_is_every_layer)
{
    struct rp_scenario s = WITH("middleware.*.kind", "hybrid");

    for (size_t i = 0; i < s.layer_count; i++)
        cr_expect(eq(int, (int)s.layers[i].kind, RP_LAYER_HYBRID));
    rp_scenario_free(&s);
}

Test(edit, a_layer_is_dropped)
{
    struct rp_scenario s = WITH("middleware.auth", "drop");

    cr_assert(eq(sz, s.layer_count, 2));
    cr_expect(eq(str, s.layers[0].name, "sec"));
    cr_expect(eq(str, s.layers[1].name, "a.b"));
    rp_scenario_free(&s);
    s = WITH("middleware.*", "drop");
    cr_expect(eq(sz, s.layer_count, 0));
    rp_scenario_free(&s);
    s = WITH("middleware", "drop");
    cr_expect(eq(sz, s.layer_count, 0));
    rp_scenario_free(&s);
}

Test(edit, layers_are_put_in_order)
{
    struct rp_scenario s = WITH("middleware.order", "[a.b, sec, auth]");

    cr_assert(eq(sz, s.layer_count, 3));
    cr_expect(eq(str, s.layers[0].name, "a.b"));
    cr_expect(eq(str, s.layers[1].name, "sec"));
    cr_expect(eq(str, s.layers[2].name, "auth"));
    cr_expect(eq(dbl, s.layers[2].before.cpu.mean_ns, 10e3));
    rp_scenario_free(&s);
}

Test(edit, an_order_may_name_what_was_dropped)
{
    struct rp_scenario s =
        WITH("middleware.sec", "drop", "middleware.order", "[a.b, sec, auth]");

    cr_assert(eq(sz, s.layer_count, 2));
    cr_expect(eq(str, s.layers[0].name, "a.b"));
    cr_expect(eq(str, s.layers[1].name, "auth"));
    rp_scenario_free(&s);
}

Test(edit, a_resource_is_found_by_its_name)
{
    struct rp_scenario s = WITH("resources.db.capacity", "3");

    cr_expect(eq(uint, s.resources[0].capacity, 3));
    rp_scenario_free(&s);
}

Test(edit, a_mapping_is_a_value)
{
    struct rp_scenario s = WITH("view.wait", "{mean: 5ms, cv: 2}");

    cr_expect(eq(dbl, s.view.wait.mean_ns, 5e6));
    cr_expect(eq(dbl, s.view.wait.cv, 2.0));
    rp_scenario_free(&s);
}

Test(edit, part_of_a_duration_is_edited_though_it_was_one_value)
{
    struct rp_scenario s = WITH("view.wait.cv", "1.5");

    cr_expect(eq(dbl, s.view.wait.mean_ns, 20e6));
    cr_expect(eq(dbl, s.view.wait.cv, 1.5));
    rp_scenario_free(&s);
    s = WITH("view.wait.mean", "7ms", "view.wait.cv", "0.5");
    cr_expect(eq(dbl, s.view.wait.mean_ns, 7e6));
    cr_expect(eq(dbl, s.view.wait.cv, 0.5));
    rp_scenario_free(&s);
}

/* ---- Sentences ---- */

struct mistake {
    const char *key, *value, *sentence;
};

static const struct mistake of_reading[] = {
    {"server.thread", "8",
     "--vary server.thread: unknown key \"thread\" in server; did you mean "
     "\"threads\"? (reqpath keys lists all)"},
    {"sever.threads", "8",
     "--vary sever.threads: unknown key \"sever\"; did you mean \"server\"? "
     "(reqpath keys lists all)"},
    {"server.thread", "drop",
     "--vary server.thread: unknown key \"thread\" in server; did you mean "
     "\"threads\"? (reqpath keys lists all)"},
    {"server.threads", "0",
     "--vary server.threads: threads: found \"0\", expected a whole number "
     "from 1 to 10000"},
    {"server.kind", "unicorn",
     "--vary server.kind: kind: found \"unicorn\"; did you mean \"gunicorn\"? "
     "(one of gunicorn, gthread, runserver, daphne, uvicorn)"},
    {"view.wait", "20",
     "--vary view.wait: wait: found \"20\" without a unit; write 20ms, 20us or "
     "20s"},
    {"middleware.auht.kind", "async",
     "--vary middleware.auht.kind: nothing in middleware is called \"auht\"; "
     "did you mean \"auth\"?"},
    {"middleware.order", "[auth, sec]",
     "--vary middleware.order: \"a.b\" is left out of the order; name each of "
     "middleware once"},
    {"middleware.order", "[auth, sec, a.b, sec]",
     "--vary middleware.order: \"sec\" is named twice; name each once"},
    {"middleware.order", "[auth, sex, a.b]",
     "--vary middleware.order: nothing in middleware is called \"sex\"; did "
     "you mean \"sec\"?"},
    {"middleware.order", "auth",
     "--vary middleware.order: found \"auth\", expected a list: [a, b], or "
     "lines that begin with \"- \""},
    {"requests.page.share", "2",
     "--vary requests.page.share: the scenario has no list \"requests\", of "
     "which an entry could be changed"},
    {"seed.x", "2",
     "--vary seed.x: seed: found a mapping, expected a whole number from 0 to "
     "18446744073709551615"},
    {"", "2", "--vary: found \"\", expected a key; reqpath keys lists all"},
};

Test(edit, mistakes_are_said_with_the_option_as_their_place)
{
    for (size_t i = 0; i < sizeof of_reading / sizeof *of_reading; i++) {
        const struct mistake *const m = &of_reading[i];
        const struct rp_edit edit = {m->key, m->value};
        struct rp_draft draft = draft_of(base);
        struct rp_scenario s = {.seed = 77};
        struct rp_error error = {0};

        cr_expect(lt(int, rp_draft_scenario(&draft, &edit, 1, &s, &error), 0),
                  "%s", m->key);
        cr_expect(eq(str, error.text, (char *)m->sentence));
        cr_expect(eq(ulong, s.seed, 77), "untouched on failure");
        error = (struct rp_error){0};
        cr_expect(lt(int, rp_draft_check(&draft, &edit, &error), 0), "%s",
                  m->key);
        cr_expect(eq(str, error.text, (char *)m->sentence));
        rp_draft_free(&draft);
    }
}

Test(edit, what_contradicts_other_keys_is_wrong_in_the_whole_alone)
{
    const struct rp_edit kind = {"server.kind", "uvicorn"};
    const struct rp_edit threads = {"server.threads", "8"};
    const struct rp_edit both[] = {kind, threads};
    struct rp_draft draft = draft_of(base);
    struct rp_scenario s = {0};
    struct rp_error error = {0};

    cr_expect(eq(int, rp_draft_check(&draft, &kind, &error), RP_OK));
    cr_expect(eq(int, rp_draft_check(&draft, &threads, &error), RP_OK));
    cr_expect(
        eq(int, rp_draft_scenario(&draft, &kind, 1, &s, &error), RP_ERR_VALUE));
    cr_expect(eq(str, error.text,
                 "s.yaml:2:34: server.threads: found 4, but uvicorn has no "
                 "worker threads: it serves from its loop; leave threads out, "
                 "or choose gthread or runserver"));
    cr_expect(
        eq(int, rp_draft_scenario(&draft, both, 2, &s, &error), RP_ERR_VALUE));
    cr_expect(eq(str, error.text,
                 "--vary server.threads: server.threads: found 8, but uvicorn "
                 "has no worker threads: it serves from its loop; leave "
                 "threads out, or choose gthread or runserver"));
    rp_draft_free(&draft);
}

Test(edit, the_caller_names_the_option)
{
    const struct rp_edit edit = {"host.cores", "none"};
    struct rp_draft draft = draft_of(base);
    struct rp_scenario s = {0};
    struct rp_error error = {0};

    draft.option = "--set";
    cr_expect(lt(int, rp_draft_scenario(&draft, &edit, 1, &s, &error), 0));
    cr_expect(eq(str, error.text,
                 "--set host.cores: cores: found \"none\", expected a whole "
                 "number from 1 to 4096"));
    rp_draft_free(&draft);
}

Test(edit, a_file_that_is_not_there_is_said)
{
    struct rp_draft draft = {0};
    struct rp_error error = {0};

    cr_expect(
        eq(int, rp_draft_read("no-such-file.yaml", &draft, &error), RP_ERR_IO));
    rp_draft_free(&draft);
}

/* ---- Texts ---- */

static char *text_of(const char *text, const struct rp_edit *edits,
                     size_t count)
{
    struct rp_draft draft = draft_of(text);
    struct rp_error error = {0};
    char *written = NULL;

    cr_assert(
        eq(int, rp_draft_text(&draft, edits, count, &written, &error), RP_OK),
        "%s", error.text);
    rp_draft_free(&draft);
    return written;
}

Test(edit, the_text_of_a_variant_is_a_file_in_which_the_edit_was_made)
{
    const struct rp_edit edits[] = {{"server.threads", "8"},
                                    {"middleware.sec", "drop"},
                                    {"view.wait", "0.005s"}};
    char *const text = text_of(base, edits, 3);

    cr_expect(eq(str, text,
                 "name: 'shop'\n"
                 "server:\n"
                 "  kind: gthread\n"
                 "  threads: 8\n"
                 "middleware:\n"
                 "  - name: 'auth'\n"
                 "    kind: sync\n"
                 "    before:\n"
                 "      cpu: 10000ns\n"
                 "  - name: 'a.b'\n"
                 "    kind: hybrid\n"
                 "view:\n"
                 "  wait: 5000000ns\n"
                 "  uses: 'db'\n"
                 "resources:\n"
                 "  - name: 'db'\n"
                 "    capacity: 10\n"
                 "load:\n"
                 "  clients: 8\n"
                 "seed: 1\n"));
    free(text);
}
