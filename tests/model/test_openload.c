/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/openload.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <string.h>

static struct rp_openload good(const char *word, double cv)
{
    struct rp_openload load = {0};
    char sentence[RP_ERROR_TEXT_SIZE] = "";

    cr_assert(rp_openload_make(200.0, word, cv, &load, sentence), "%s",
              sentence);
    return load;
}

Test(openload, words_give_the_gaps_that_they_mean)
{
    const struct rp_openload poisson = good(NULL, NAN);
    const struct rp_openload even = good("deterministic", NAN);
    const struct rp_openload gamma = good("gamma", 0.5);
    char text[80];

    cr_expect(eq(int, (int)rp_openload_gap(&poisson).shape,
                 (int)RP_SHAPE_EXPONENTIAL));
    cr_expect(eq(dbl, rp_openload_gap(&poisson).mean_ns, 5e6), "1 s / 200");
    cr_expect(eq(dbl, poisson.cv, 1.0));
    cr_expect(eq(dbl, even.cv, 0.0));
    cr_expect(eq(dbl, rp_openload_gap(&gamma).cv, 0.5));
    cr_expect(eq(str, (char *)rp_openload_describe(&poisson, text, sizeof text),
                 "200/s"));
    cr_expect(eq(str, (char *)rp_openload_describe(&even, text, sizeof text),
                 "200/s deterministic"));
    cr_expect(eq(str, (char *)rp_openload_describe(&gamma, text, sizeof text),
                 "200/s gamma cv 0.5"));
}

Test(openload, it_is_the_load_that_a_scenario_with_these_words_has)
{
    static const char text[] =
        "load: {kind: open, rate: 200/s, process: gamma, cv: 2}\n";
    const struct rp_openload gamma = good("gamma", 2.0);
    const struct rp_load made = rp_openload_of_scenario(&gamma);
    struct rp_scenario s = {0};

    cr_assert(eq(int,
                 rp_scenario_read_text(text, sizeof text - 1, "x", &s, NULL),
                 RP_OK));
    cr_expect(eq(int, (int)made.kind, (int)s.load.kind));
    cr_expect(eq(int, (int)made.process, (int)s.load.process));
    cr_expect(eq(int, (int)made.gap.shape, (int)s.load.gap.shape));
    cr_expect(eq(dbl, made.gap.mean_ns, s.load.gap.mean_ns));
    cr_expect(eq(dbl, made.gap.cv, s.load.gap.cv));
    cr_expect(eq(dbl, made.rate_per_s, s.load.rate_per_s));
    s.load = made;
    cr_expect(eq(int, rp_scenario_check(&s, NULL), RP_OK));
    s.load = (struct rp_load){0};
    rp_scenario_free(&s);
}

Test(openload, words_that_do_not_go_together_are_refused)
{
    static const struct {
        const char *word;
        double cv;
        const char *sentence;
    } cases[] = {
        {"mmpp", NAN,
         "process: found \"mmpp\", expected poisson, deterministic, gamma or "
         "hyperexponential"},
        {NULL, 2.0,
         "cv: the gaps of a poisson process have a cv of 1; leave it out, or "
         "write process: gamma"},
        {"gamma", NAN,
         "process: gamma needs the key \"cv\", the gaps' standard deviation by "
         "their mean; write cv: 2"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rp_openload load = {.rate_per_s = 77.0};
        char sentence[RP_ERROR_TEXT_SIZE] = "";

        cr_expect(not(rp_openload_make(5.0, cases[i].word, cases[i].cv, &load,
                                       sentence)));
        cr_expect(eq(str, sentence, (char *)cases[i].sentence));
        cr_expect(eq(dbl, load.rate_per_s, 77.0), "untouched");
    }
}

Test(openload, a_hyperexponential_that_is_none_is_refused_at_its_cv)
{
    struct rp_openload load;
    char sentence[RP_ERROR_TEXT_SIZE] = "";

    cr_expect(
        not(rp_openload_make(5.0, "hyperexponential", 0.5, &load, sentence)));
    cr_expect(eq(int, strncmp(sentence, "cv: ", 4), 0), "%s", sentence);
}
