/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "calibrate/nextload.h"

#include "synthetic.h"
#include "tests/sim/flat_profile.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static const unsigned clients[] = {1, 8};
static const double waits_ns[] = {20e6};
static const char *const few[] = {"", "S", NULL};

static struct rp_measured measure(void)
{
    struct synthetic s = synthetic_usual();

    s.stacks = few;
    return synthetic_measure(&s);
}

static struct rp_nextload_options
options_of(const struct rp_next_target *target)
{
    return (struct rp_nextload_options){.targets = target,
                                        .target_count = 1,
                                        .letters = "S",
                                        .longest = 1,
                                        .grid = {.clients = clients,
                                                 .client_count = 2,
                                                 .waits_ns = waits_ns,
                                                 .wait_count = 1},
                                        .requests = 50,
                                        .rounds = 6};
}

static struct rp_nextload find(const struct rp_measured *m,
                               const struct rp_nextload_options *options)
{
    struct rp_profile p =
        flat_profile((struct flat_costs){.base = 1e6, .a2s_new = 0.2e6});
    struct rp_nextload found = {.count = 0};
    struct rp_error error = {0};

    cr_assert(eq(int, rp_nextload_find(m, &p, options, &found, &error), RP_OK),
              "%s", error.text);
    rp_profile_free(&p);
    return found;
}

Test(nextload, words_are_all_there_once)
{
    bool seen[8] = {false};

    cr_assert(eq(sz, rp_next_words("SA", 3), 8));
    cr_expect(eq(sz, rp_next_words("SA", 0), 1));
    cr_expect(eq(sz, rp_next_words("", 2), 0));
    for (size_t n = 0; n < 8; n++) {
        char word[RP_NEXT_LONGEST + 1];
        unsigned bits = 0;

        rp_next_word("SA", 3, n, word);
        cr_assert(eq(sz, strlen(word), 3));
        for (unsigned i = 0; i < 3; i++)
            bits |= (unsigned)(word[i] == 'A') << i;
        cr_expect(not(seen[bits]));
        seen[bits] = true;
    }
}

/* On gunicorn a layer S crosses nowhere, so there are the two views without
 * layers; each with eight clients, and waiting with one and with eight. Of
 * eight clients twenty requests each. */
Test(nextload, stacks_that_cross_alike_are_one_candidate)
{
    const struct rp_next_target target = {
        RP_SERVER_GUNICORN, 1, RP_PATH_DUAL, NULL, true, true, {0}};
    struct rp_measured m = measure();
    const struct rp_nextload_options options = options_of(&target);
    struct rp_nextload found = find(&m, &options);

    cr_assert(eq(sz, found.count, 6));
    cr_expect(eq(sz, found.longest, 1));
    for (size_t i = 0; i < found.count; i++) {
        const struct rp_config *const c = &found.runs[i].config;

        cr_expect(eq(str, (char *)c->stack, (char *)""));
        cr_expect(c->concurrency == 8 || c->io_ns > 0.0);
        cr_expect(
            eq(uint, found.runs[i].requests, c->concurrency == 8 ? 160U : 50U));
    }
    rp_nextload_free(&found);
    rp_nextload_free(&found);
    rp_measured_free(&m);
}

Test(nextload, a_server_whose_views_cannot_wait_is_not_asked_to)
{
    const struct rp_next_target target = {
        RP_SERVER_GUNICORN, 1, RP_PATH_DUAL, NULL, false, false, {0}};
    struct rp_measured m = measure();
    const struct rp_nextload_options options = options_of(&target);
    struct rp_nextload found = find(&m, &options);

    cr_assert(eq(sz, found.count, 2));
    cr_expect(eq(dbl, found.runs[0].config.io_ns, 0.0));
    rp_nextload_free(&found);
    rp_measured_free(&m);
}

/* What a timer's lateness of 0.5 ms is of 21.5 ms, by the noise of a median of
 * six runs of 4 % and a misfit of 1.5 %; runs that do not wait show nothing of
 * it, and a target that lacks it neither. */
Test(nextload, slopes_are_those_by_hand)
{
    const double sd = hypot(0.015, 0.04 * sqrt(1.5707963267948966 / 6.0));
    const double slope =
        log((21.0 + 0.5 * exp(0.08)) / (21.0 + 0.5 * exp(-0.08))) / 0.16 / sd;
    struct rp_next_target target = {RP_SERVER_GUNICORN,
                                    1,
                                    RP_PATH_DUAL,
                                    NULL,
                                    true,
                                    true,
                                    {.cold = true,
                                     .collections = true,
                                     .client = true,
                                     .wakeups = true,
                                     .after = true}};
    struct rp_nextload_noise noise = {.misfit = 0.015, .scale = 1.0};
    struct rp_measured m = measure();
    const struct rp_nextload_options options = options_of(&target);
    struct rp_profile p =
        flat_profile((struct flat_costs){.base = 1e6, .a2s_new = 0.2e6});
    const struct rp_nextload_taking taking = {.measured = &m,
                                              .profile = &p,
                                              .options = &options,
                                              .noise = &noise,
                                              .rehearsals = 3};
    struct rp_error error = {0};

    for (size_t s = 0; s < RP_SITUATION_COUNT; s++)
        for (size_t k = 0; k < RP_JOINT_METRICS; k++)
            noise.run[s][k] = 0.04;
    p.under_load.known[RP_PARAMETER_SLACK] = true;
    p.under_load.value[RP_PARAMETER_SLACK] = 0.5e6;
    for (int lacks = 0; lacks < 2; lacks++) {
        struct rp_nextload found;

        target.lacking.slack = lacks == 1;
        found = find(&m, &options);
        cr_assert(
            eq(int,
               rp_nextload_slopes(&taking, NULL, found.count, &found, &error),
               RP_OK),
            "%s", error.text);
        cr_expect(eq(int, found.shown[RP_PARAMETER_SLACK], lacks == 0));
        for (size_t i = 0; i < found.count; i++) {
            const struct rp_config *const c = &found.runs[i].config;
            const double got = found.runs[i].slope[1][RP_PARAMETER_SLACK];

            if (lacks || c->io_ns <= 0.0)
                cr_expect(eq(dbl, got, 0.0));
            else if (c->concurrency == 1 && !c->view_async)
                cr_expect(epsilon_eq(dbl, got, slope, 0.03 * slope));
        }
        rp_nextload_free(&found);
    }
    rp_profile_free(&p);
    rp_measured_free(&m);
}
