/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "tests/calibrate/synthetic.h"

#include <criterion/new/assert.h>

Test(measured, a_configuration_is_one_line_for_people)
{
    static const struct {
        struct rp_config config;
        const char *text;
    } cases[] = {
        {{.server = RP_SERVER_DAPHNE,
          .threads = 1,
          .stack = "SSS",
          .concurrency = 8},
         "daphne, SSS, sync view, c = 8"},
        {{.server = RP_SERVER_GTHREAD,
          .threads = 4,
          .view_async = true,
          .io_ns = 5e6,
          .cpu_ns = 500e3,
          .concurrency = 1},
         "gthread4, no layer, async view, io 5 ms, cpu 500 us, c = 1"},
        {{.server = RP_SERVER_UVICORN,
          .threads = 1,
          .stack = "S",
          .open = {200.0, RP_PROCESS_POISSON, 1.0}},
         "uvicorn, S, sync view, 200/s"},
        {{.server = RP_SERVER_UVICORN,
          .threads = 1,
          .path = RP_PATH_SINGLE,
          .stack = "MA",
          .concurrency = 1},
         "uvicorn, single path, MA, sync view, c = 1"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[160];

        rp_config_describe(&cases[i].config, text, sizeof text);
        cr_expect(eq(str, text, (char *)cases[i].text));
        cr_expect(eq(dbl, rp_config_own_ns(&cases[i].config),
                     cases[i].config.io_ns + cases[i].config.cpu_ns));
    }
}

static const char *const stacks[] = {"", "S", NULL};

static struct rp_measured small(const char *campaign, unsigned rounds)
{
    struct synthetic s = synthetic_usual();
    struct rp_measured m;

    s.stacks = stacks;
    s.rounds = rounds;
    m = synthetic_measure(&s);
    free(m.campaigns[0]);
    m.campaigns[0] = strdup(campaign);
    return m;
}

Test(measured, with_keep_alive_it_is_another_configuration)
{
    const struct rp_config own = {.threads = 1, .concurrency = 4},
                           kept = {.threads = 1,
                                   .concurrency = 4,
                                   .keepalive = true};
    char text[160];

    cr_expect(lt(int, rp_config_compare(&own, &kept), 0));
    cr_expect(gt(int, rp_config_compare(&kept, &own), 0));
    cr_expect(eq(int, rp_config_compare(&kept, &kept), 0));
    rp_config_describe(&kept, text, sizeof text);
    cr_expect(
        eq(str, text, "gunicorn, no layer, sync view, c = 4, keep-alive"));
}

Test(measured, what_is_appended_keeps_its_configurations_and_shares_rounds)
{
    struct rp_measured m = {0}, first = small("a", 2), same = small("a", 3),
                       other = small("b", 1);
    struct rp_error error = {0};

    cr_assert(eq(int, rp_measured_append(&m, &first, &error), RP_OK));
    cr_assert(eq(int, rp_measured_append(&m, &same, &error), RP_OK));
    cr_assert(eq(int, rp_measured_append(&m, &other, &error), RP_OK));
    cr_expect(eq(sz, first.run_count, 0), "moved");
    cr_expect(eq(sz, m.dataset_count, 3));
    cr_expect(eq(sz, m.campaign_count, 2));
    cr_expect(eq(sz, m.config_count, 36));
    cr_expect(eq(sz, m.run_count, 12 * (2 + 3 + 1)));
    cr_assert(eq(sz, m.block_count, 4), "a: 1, 2, 3; b: 1");
    /* the first run of the second is in round 1, that of the third in b's */
    cr_expect(eq(sz, m.runs[24].block, 0));
    cr_expect(eq(sz, m.runs[26].block, 2));
    cr_expect(eq(sz, m.runs[60].block, 3));
    cr_expect(eq(sz, m.blocks[3].campaign, 1));
    cr_expect(eq(str, m.campaigns[1], "b"));
    cr_expect(eq(sz, m.runs[60].config, 24));
    cr_expect(eq(sz, m.configs[24].dataset, 2));
    rp_measured_free(&m);
    rp_measured_free(&m);
    rp_measured_free(&first);
}
