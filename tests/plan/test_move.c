/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/move.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

static const char text[] =
    "server: {kind: gthread, threads: 4}\n"
    "host: {cores: 2}\n"
    "framework: {version: 5.2}\n"
    "middleware:\n"
    "  - {name: s, kind: sync}\n"
    "  - {name: m, kind: mixin, hooks: [process_request, process_view]}\n";

static struct rp_scenario read_scenario(void)
{
    struct rp_scenario scenario = {0};
    struct rp_error error = {0};

    cr_assert(
        eq(int,
           rp_scenario_read_text(text, strlen(text), "s", &scenario, &error),
           RP_OK),
        "%s", error.text);
    return scenario;
}

static const struct rp_move *find(const struct rp_moves *moves,
                                  const char *sentence)
{
    for (size_t i = 0; i < moves->count; i++)
        if (strcmp(moves->moves[i].text, sentence) == 0)
            return &moves->moves[i];
    return NULL;
}

Test(move, a_scenario_has_the_moves_that_it_is_made_of)
{
    static const char *const expected[] = {"make \"s\" hybrid",
                                           "make \"s\" async",
                                           "drop \"s\"",
                                           "make \"m\" hybrid",
                                           "make \"m\" async",
                                           "drop \"m\"",
                                           "move \"s\" inside of \"m\"",
                                           "make the view async",
                                           "serve it with gunicorn",
                                           "serve it with daphne",
                                           "serve it with uvicorn",
                                           "8 threads instead of 4",
                                           "16 threads instead of 4",
                                           "2 processes instead of 1",
                                           "4 processes instead of 1"};
    const struct rp_move_efforts efforts = rp_move_efforts_default();
    struct rp_scenario scenario = read_scenario();
    struct rp_moves moves = {0};
    struct rp_error error = {0};

    cr_assert(eq(
        int,
        rp_moves_of(&scenario, &efforts, (size_t[]){1, 0}, 1, &moves, &error),
        RP_OK));
    cr_expect(eq(sz, moves.count, sizeof expected / sizeof *expected));
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        cr_expect(find(&moves, expected[i]) != NULL, "%s", expected[i]);
    rp_moves_free(&moves);
    rp_scenario_free(&scenario);
}

Test(move, a_mixin_that_is_converted_keeps_the_hooks_that_every_layer_has)
{
    const struct rp_move_efforts efforts = rp_move_efforts_default();
    struct rp_scenario scenario = read_scenario();
    struct rp_moves moves = {0};
    struct rp_error error = {0};
    const struct rp_move *move;

    cr_assert(eq(int, rp_moves_of(&scenario, &efforts, NULL, 0, &moves, &error),
                 RP_OK));
    move = find(&moves, "make \"m\" hybrid");
    cr_assert(move != NULL);
    cr_assert(eq(sz, move->edit_count, 2));
    cr_expect(eq(str, (char *)move->edits[1].key, "middleware.m.hooks"));
    cr_expect(eq(str, (char *)move->edits[1].value, "[process_view]"));
    rp_moves_free(&moves);
    rp_scenario_free(&scenario);
}

Test(move, efforts_are_of_kinds_and_of_layers_and_rule_out)
{
    const char *names[] = {"m"};
    const double of_layer[] = {20.0};
    struct rp_move_efforts efforts = rp_move_efforts_default();
    struct rp_scenario scenario = read_scenario();
    struct rp_moves moves = {0};
    struct rp_error error = {0};

    efforts.layer_count = 1;
    efforts.layers = names;
    efforts.of_layer = of_layer;
    efforts.of_kind[RP_MOVE_SERVER] = -1.0;
    efforts.of_kind[RP_MOVE_ASYNC] = -1.0;
    cr_assert(eq(int, rp_moves_of(&scenario, &efforts, NULL, 0, &moves, &error),
                 RP_OK));
    cr_expect(eq(dbl, find(&moves, "drop \"m\"")->effort, 20.0));
    cr_expect(eq(dbl, find(&moves, "make \"s\" hybrid")->effort, 3.0));
    cr_expect(find(&moves, "serve it with daphne") == NULL);
    cr_expect(find(&moves, "make \"m\" async") == NULL);
    rp_moves_free(&moves);
    rp_scenario_free(&scenario);
}

Test(move, moves_about_one_layer_exclude_each_other)
{
    const struct rp_move_efforts efforts = rp_move_efforts_default();
    struct rp_scenario scenario = read_scenario();
    struct rp_moves moves = {0};
    struct rp_error error = {0};

    cr_assert(eq(int, rp_moves_of(&scenario, &efforts, NULL, 0, &moves, &error),
                 RP_OK));
    cr_expect(not(rp_moves_go_together(find(&moves, "make \"s\" hybrid"),
                                       find(&moves, "drop \"s\""), &scenario)));
    cr_expect(rp_moves_go_together(find(&moves, "make \"s\" hybrid"),
                                   find(&moves, "drop \"m\""), &scenario));
    cr_expect(not(rp_moves_go_together(find(&moves, "serve it with daphne"),
                                       find(&moves, "8 threads instead of 4"),
                                       &scenario)));
    rp_moves_free(&moves);
    rp_scenario_free(&scenario);
}
