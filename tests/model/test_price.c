/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "model/price.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Costs of the profile, us (standard error): base.gunicorn 500 (3),
 * base.daphne 1500 (4), layer 10 (1), s2a.sensitive 100 (2), a2s.new_loop
 * 400 (5); correlations gunicorn-daphne .5, gunicorn-layer -.25, gunicorn-s2a
 * .1, daphne-s2a -1, s2a-a2s 1. */
#define ROUND RP_SOURCE_DIR "/tests/data/profiles/round.yaml"

/* All that a price is made from. */
struct priced {
    struct rp_scenario scenario;
    struct rp_program program;
    struct rp_profile profile;
    struct rp_prices prices;
    enum rp_code code;
    struct rp_error error;
};

static void begin(struct priced *p, const char *letters,
                  enum rp_server_kind server, bool view_async)
{
    *p = (struct priced){.code = RP_OK};
    cr_assert(eq(int, rp_profile_read(ROUND, &p->profile, &p->error), RP_OK),
              "%s", p->error.text);
    cr_assert(eq(int, rp_scenario_init(&p->scenario, &p->error), RP_OK));
    cr_assert(eq(int, rp_scenario_set_letters(&p->scenario, letters, &p->error),
                 RP_OK));
    p->scenario.server.kind = server;
    p->scenario.view_async = view_async;
}

static void price(struct priced *p)
{
    cr_assert(eq(int, rp_program_compile(&p->program, &p->scenario, &p->error),
                 RP_OK));
    p->prices.total_ns = -1.0;
    p->code = rp_price(&p->program, &p->profile, &p->prices, &p->error);
}

static void end(struct priced *p)
{
    rp_program_free(&p->program);
    rp_profile_free(&p->profile);
    rp_scenario_free(&p->scenario);
}

Test(price, sums_are_those_done_by_hand)
{
    static const struct {
        const char *letters;
        enum rp_server_kind server;
        bool view_async;
        double us, variance_us2;
        unsigned stand_ins, missing;
    } cases[] = {
        {"", RP_SERVER_GUNICORN, false, 500.0, 9.0, 0, 0},
        /* 500 + 2 * 10; 9 + 4 * 1 + 2 * 2 * (-.25 * 3 * 1) */
        {"SS", RP_SERVER_GUNICORN, false, 520.0, 10.0, 0, 0},
        /* 500 + 400; 9 + 25 */
        {"", RP_SERVER_GUNICORN, true, 900.0, 34.0, 0, 0},
        /* 1500 + 5 * 100 + 10; 16 + 25 * 4 + 1 + 2 * 5 * (-1 * 4 * 2) */
        {"M", RP_SERVER_DAPHNE, false, 2010.0, 37.0, 0, 0},
        /* 500 + 10 + 400, and s2a.caller at 100 by s2a.sensitive;
         * 9 + 1 + 25 + 4 + 2 * (-.75 + .1 * 3 * 2 + 1 * 2 * 5) */
        {"A", RP_SERVER_GUNICORN, false, 1010.0, 58.7, 1, 0},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct priced p;

        begin(&p, cases[i].letters, cases[i].server, cases[i].view_async);
        price(&p);
        cr_assert(eq(int, p.code, RP_OK), "%s", p.error.text);
        cr_expect(
            epsilon_eq(dbl, p.prices.framework_ns, 1e3 * cases[i].us, 1e-6),
            "case %zu", i);
        cr_expect(
            epsilon_eq(dbl, p.prices.total_ns, p.prices.framework_ns, 1e-6));
        cr_expect(epsilon_eq(dbl, p.prices.se_ns * p.prices.se_ns,
                             1e6 * cases[i].variance_us2, 1e-3),
                  "case %zu", i);
        cr_expect(eq(uint, p.prices.stand_ins, cases[i].stand_ins));
        cr_expect(eq(uint, p.prices.missing, cases[i].missing));
        end(&p);
    }
}

Test(price, the_steps_of_a_program_add_up_to_its_price)
{
    struct priced p;
    double sum = 0.0, median = 0.0;

    begin(&p, "MAS", RP_SERVER_DAPHNE, false);
    p.scenario.view.cpu.mean_ns = 2e6;
    p.scenario.view.wait.mean_ns = 3e6;
    p.scenario.view.calls = 2;
    p.scenario.layers[1].after.cpu.mean_ns = 5e5;
    price(&p);
    cr_assert(eq(int, p.code, RP_OK));
    for (size_t i = 0; i < p.program.step_count; i++) {
        const struct rp_step *const s = &p.program.steps[i];
        sum += rp_price_step_ns(s, &p.profile, &p.prices);
        median += rp_price_step_at(s, &p.profile, &p.prices, 0.5);
    }
    cr_expect(epsilon_eq(dbl, p.prices.own_ns, 8.5e6, 1e-6));
    cr_expect(epsilon_eq(dbl, p.prices.total_ns, p.prices.framework_ns + 8.5e6,
                         1e-6));
    cr_expect(epsilon_eq(dbl, sum, p.prices.total_ns, 1e-6));
    cr_expect(epsilon_eq(dbl, median, p.prices.framework_ns, 1e-6),
              "every spread of this profile is 1 in the middle");
    end(&p);
}

Test(price, the_quantile_of_a_crossing_is_shared_by_its_two_hops)
{
    struct priced p;
    unsigned hops = 0;

    begin(&p, "", RP_SERVER_DAPHNE, true);
    price(&p);
    for (size_t i = 0; i < p.program.step_count; i++) {
        const struct rp_step *const s = &p.program.steps[i];

        if (s->item != RP_ITEM_S2A_SENSITIVE)
            continue;
        hops++;
        cr_expect(epsilon_eq(
            dbl, rp_price_step_at(s, &p.profile, &p.prices, 0.25), 25e3, 1e-6));
        cr_expect(epsilon_eq(
            dbl, rp_price_step_at(s, &p.profile, &p.prices, 0.8), 75e3, 1e-6));
    }
    cr_expect(eq(uint, hops, 4), "request_started and close, there and back");
    end(&p);
}

Test(price, what_the_profile_lacks_stands_in_or_counts_as_nothing)
{
    struct priced p;

    begin(&p, "", RP_SERVER_DAPHNE, true);
    p.scenario.framework.version = (struct rp_version){4, 2, 0};
    p.scenario.outcome = RP_OUTCOME_404;
    price(&p);
    cr_assert(eq(int, p.code, RP_OK));
    /* started and close on the request's thread, the error's two on the pool:
     * 1500 + 4 * 100 */
    cr_expect(epsilon_eq(dbl, p.prices.total_ns, 1900e3, 1e-6));
    cr_expect(eq(uint, p.prices.stand_ins, 2));
    cr_expect(eq(uint, p.prices.missing, 2));
    cr_expect(
        eq(int, p.prices.items[RP_ITEM_S2A_CONTEXT].trust, RP_PRICE_STAND_IN));
    cr_expect(
        eq(int, p.prices.items[RP_ITEM_S2A_CONTEXT].by, RP_ITEM_S2A_SENSITIVE));
    cr_expect(eq(int, p.prices.items[RP_ITEM_THREAD_CONTEXT].trust,
                 RP_PRICE_MISSING));
    cr_expect(eq(int, p.prices.items[RP_ITEM_THREAD_CONTEXT].cost, -1));
    cr_expect(
        eq(int, p.prices.items[RP_ITEM_BASE_DAPHNE].trust, RP_PRICE_MEASURED));
    end(&p);
}

Test(price, a_server_without_a_base_cost_cannot_be_priced)
{
    struct priced p;
    char sentence[RP_ERROR_TEXT_SIZE];

    begin(&p, "", RP_SERVER_UVICORN, true);
    price(&p);
    (void)snprintf(sentence, sizeof sentence,
                   "%s: the profile has no cost \"base.uvicorn\", so it cannot "
                   "price uvicorn: it was made from runs of gunicorn, daphne; "
                   "choose one of these in server.kind, or calibrate with runs "
                   "of uvicorn",
                   ROUND);
    cr_expect(eq(int, p.code, RP_ERR_VALUE));
    cr_expect(eq(str, p.error.text, sentence));
    cr_expect(eq(dbl, p.prices.total_ns, -1.0), "untouched on failure");
    end(&p);
}

Test(price, runserver_alone_may_have_the_base_of_another)
{
    struct priced p;

    begin(&p, "", RP_SERVER_RUNSERVER, false);
    price(&p);
    cr_expect(eq(int, p.code, RP_ERR_VALUE), "gthread is not there either");
    rp_program_free(&p.program);
    p.profile.cost_of_item[RP_ITEM_BASE_GTHREAD] = 0;
    price(&p);
    cr_expect(eq(int, p.code, RP_OK));
    cr_expect(epsilon_eq(dbl, p.prices.total_ns, 500e3, 1e-6));
    cr_expect(eq(int, p.prices.items[RP_ITEM_BASE_RUNSERVER].by,
                 RP_ITEM_BASE_GTHREAD));
    end(&p);
}

Test(price, layers_stand_in_for_each_other)
{
    struct priced p;

    begin(&p, "H", RP_SERVER_GUNICORN, false);
    p.profile.cost_of_item[RP_ITEM_LAYER_HYBRID_SYNC] = -1;
    price(&p);
    cr_expect(epsilon_eq(dbl, p.prices.total_ns, 510e3, 1e-6));
    cr_expect(eq(int, p.prices.items[RP_ITEM_LAYER_HYBRID_SYNC].by,
                 RP_ITEM_LAYER_SYNC));
    end(&p);
}

Test(price, warnings_say_what_to_distrust)
{
    char text[4096], few[64];
    struct priced p;

    begin(&p, "", RP_SERVER_DAPHNE, true);
    p.scenario.framework.version = (struct rp_version){6, 2, 0};
    p.scenario.framework.asgiref_version = (struct rp_version){3, 13, 0};
    p.scenario.load.client = RP_CLIENT_AB;
    p.profile.cost_of_item[RP_ITEM_CLIENT_GAP] = -1;
    price(&p);
    cr_assert(eq(int, p.code, RP_OK));
    cr_expect(eq(uint,
                 rp_price_warnings(&p.scenario, &p.program, &p.profile,
                                   &p.prices, text, sizeof text),
                 7));
    cr_expect(eq(
        str, text,
        "Django 6.2 with asgiref 3.13 is newer than the newest path rules: "
        "those of Django 6.1 and asgiref 3.12 are taken\n"
        "the profile was measured on django 3.2.25, the scenario is django "
        "6.2: counts follow the scenario, costs the profile; calibrate with "
        "runs of 6.2 to trust the figures\n"
        "the profile was measured with asgiref 3.6.0, the scenario has 3.13\n"
        "s2a.context is not in the profile: s2a.sensitive stands in for it\n"
        "thread.context is not in the profile and counts as nothing: the real "
        "cost is higher\n"
        "thread.join is not in the profile and counts as nothing: the real "
        "cost is higher\n"
        "client.gap is not in the profile: ab takes no time of its own\n"));
    cr_expect(eq(uint,
                 rp_price_warnings(&p.scenario, &p.program, &p.profile,
                                   &p.prices, few, sizeof few),
                 7));
    cr_expect(eq(sz, strlen(few), sizeof few - 1), "cut");
    end(&p);
}

Test(price, main_is_called_main_and_a_patch_release_is_no_other_version)
{
    char text[1024];
    struct priced p;

    begin(&p, "", RP_SERVER_GUNICORN, false);
    p.scenario.framework.version.patch = 3;
    price(&p);
    cr_expect(eq(uint,
                 rp_price_warnings(&p.scenario, &p.program, &p.profile,
                                   &p.prices, text, sizeof text),
                 0));
    cr_expect(eq(str, text, ""));
    rp_program_free(&p.program);
    cr_assert(rp_version_parse("main", &p.scenario.framework.version));
    price(&p);
    cr_expect(eq(uint,
                 rp_price_warnings(&p.scenario, &p.program, &p.profile,
                                   &p.prices, text, sizeof text),
                 1));
    cr_expect(strstr(text, "the scenario is django main: ") != NULL);
    end(&p);
}

Test(price, a_profile_of_another_framework_is_warned_of)
{
    struct priced p;
    char text[1024];

    begin(&p, "", RP_SERVER_GUNICORN, false);
    free(p.profile.framework);
    p.profile.framework = strdup("flask");
    price(&p);
    cr_expect(eq(uint,
                 rp_price_warnings(&p.scenario, &p.program, &p.profile,
                                   &p.prices, text, sizeof text),
                 1));
    cr_expect(eq(str, text,
                 "the profile was measured on flask, the scenario is django: "
                 "its costs are those of other code; calibrate with runs of "
                 "django\n"));
    end(&p);
}
