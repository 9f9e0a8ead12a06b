/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/duration.h"

#include "scenariotext.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

/* The density of a bounded Pareto, integrated over ln x by Simpson's rule:
 * alpha low^alpha x^(-alpha - 1) / (1 - (low/high)^alpha). */
static double moment(double alpha, double low, double high, double power)
{
    enum { STEPS = 20000 };
    const double h = log(high / low) / STEPS;
    double sum = 0.0;

    for (unsigned i = 0; i <= STEPS; i++) {
        const double x = low * exp(h * i);
        const double weight = i == 0 || i == STEPS ? 1.0 : i % 2 ? 4.0 : 2.0;
        sum += weight * alpha * pow(low / x, alpha) * pow(x, power);
    }
    return sum * h / 3.0 / (1.0 - pow(low / high, alpha));
}

Test(duration, moments_of_a_bounded_pareto_are_those_of_its_density)
{
    static const double cases[][3] = {
        {1.5, 1e6, 1e9},  {0.5, 1e6, 1e9},        {1.0, 1e3, 1e9},
        {2.0, 1e6, 1e7},  {1.0 + 1e-9, 1e6, 1e9}, {2.0 - 1e-9, 1e6, 1e9},
        {20.0, 1e6, 1e12}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const double *const c = cases[i];
        const struct rp_duration d = rp_duration_pareto(c[0], c[1], c[2]);
        const double mean = moment(c[0], c[1], c[2], 1.0);
        const double square = moment(c[0], c[1], c[2], 2.0);
        char sentence[RP_ERROR_TEXT_SIZE];

        cr_expect(epsilon_eq(dbl, d.mean_ns, mean, 1e-7 * mean), "%zu", i);
        cr_expect(epsilon_eq(dbl, d.cv, sqrt(square - mean * mean) / mean,
                             1e-5 * d.cv),
                  "%zu", i);
        cr_expect(not(rp_duration_fault(&d, sentence)));
    }
}

Test(duration, a_step_of_quantiles_is_a_choice_of_two)
{
    static const struct rp_quantile q[] = {
        {0.0, 2e6}, {0.75, 2e6}, {0.75 + 1e-12, 10e6}, {1.0, 10e6}};
    const struct rp_duration d = rp_duration_empirical(q, 4);

    cr_expect(epsilon_eq(dbl, d.mean_ns, 4e6, 1.0));
    /* variance 0.75 4 + 0.25 36 = 12 */
    cr_expect(epsilon_eq(dbl, d.cv, sqrt(12.0) / 4.0, 1e-9));
}

Test(duration, stages_of_an_erlang_make_it_regular)
{
    cr_expect(eq(dbl, rp_duration_erlang(5e6, 1).cv, 1.0));
    cr_expect(eq(dbl, rp_duration_erlang(5e6, 100).cv, 0.1));
    cr_expect(eq(dbl, rp_duration_erlang(5e6, 100).mean_ns, 5e6));
}

/* ---- In a file ---- */

/* Means and cvs by hand: pareto of alpha 1 from 1 to e ms has the density
 * 1/(x^2 (1 - 1/e)), the mean e/(e - 1) = 1.581977 and the mean square e; the
 * quantiles below have the mean 0.5 2 + 0.5 4 = 3 and the mean square
 * (0.5 (1 + 3 + 9) + 0.5 (9 + 15 + 25))/3 = 31/3. */
Test(duration, mean_and_cv_follow_from_what_else_is_given)
{
    static const struct {
        const char *text;
        enum rp_shape shape;
        double mean_ms, cv;
    } cases[] = {
        {"view: {cpu: {mean: 5ms, shape: weibull, cv: 0.5}}", RP_SHAPE_WEIBULL,
         5.0, 0.5},
        {"view: {cpu: {mean: 5ms, shape: erlang, stages: 16}}", RP_SHAPE_ERLANG,
         5.0, 0.25},
        {"view: {cpu: {shape: pareto, alpha: 1, low: 1ms, high: "
         "2718281.828ns}}",
         RP_SHAPE_PARETO, 1.5819767, 0.2935324},
        {"view: {cpu: {quantiles: [{at: 0, value: 1ms}, {at: 0.5, value: 3ms}, "
         "{at: 1, value: 5ms}]}}",
         RP_SHAPE_EMPIRICAL, 3.0, 0.3849002},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rp_scenario s = scenario_of(cases[i].text);

        cr_expect(eq(int, s.view.cpu.shape, cases[i].shape), "%s",
                  cases[i].text);
        cr_expect(
            epsilon_eq(dbl, s.view.cpu.mean_ns, 1e6 * cases[i].mean_ms, 1.0));
        cr_expect(epsilon_eq(dbl, s.view.cpu.cv, cases[i].cv, 1e-6));
        rp_scenario_free(&s);
    }
}

Test(duration, every_mistake_is_named_with_its_place_and_what_to_do)
{
    static const struct {
        const char *text, *sentence;
    } cases[] = {
        {"view: {cpu: {mean: 5ms, shape: erlang}}",
         "1:13: cpu: shape erlang needs the key \"stages\", of how many "
         "it is the "
         "sum; write stages: 4"},
        {"view: {cpu: {mean: 5ms, shape: erlang, stages: 4, cv: 0.5}}",
         "1:55: cv: of shape erlang it follows from the other keys; "
         "leave it out"},
        {"view: {cpu: {shape: erlang, stages: 4}}",
         "1:13: the key \"mean\" is missing here; write \"mean: ...\""},
        {"view: {cpu: {mean: 5ms, shape: erlang, stages: 0}}",
         "1:48: stages: found \"0\", expected a whole number from 1 to "
         "1000"},
        {"view: {cpu: {mean: 5ms, cv: 0.5, stages: 4}}",
         "1:42: stages: belongs to shape erlang, but this one is "
         "lognormal; leave "
         "it out, or write shape: erlang"},
        {"view: {cpu: {mean: 5ms, shape: weibull}}",
         "1:13: cpu: shape weibull needs the key \"cv\", its standard "
         "deviation by "
         "its mean; write cv: 1.5"},
        {"view: {cpu: {mean: 5ms, shape: weibull, cv: 0}}",
         "1:13: view.cpu: weibull needs a cv of more than 0; without "
         "one it is "
         "constant"},
        {"view: {cpu: {shape: pareto, low: 1ms, high: 1s}}",
         "1:13: cpu: shape pareto needs the key \"alpha\", the power of "
         "its tail; "
         "write alpha: 1.5"},
        {"view: {cpu: {shape: pareto, low: 1ms, alpha: 1}}",
         "1:13: cpu: shape pareto needs the key \"high\", the longest "
         "time; write "
         "high: 10s"},
        {"view: {cpu: {shape: pareto, low: 1ms, high: 1s, alpha: 1, mean: "
         "3ms}}",
         "1:65: mean: of shape pareto it follows from the other keys; "
         "leave it "
         "out"},
        {"view: {cpu: {shape: pareto, low: 1ms, high: 1ms, alpha: 1}}",
         "1:13: cpu: high must be more than low, found 1ms and 1ms"},
        {"view: {cpu: {shape: pareto, low: 0ms, high: 1ms, alpha: 1}}",
         "1:13: cpu: low must be more than 0ms: a pareto has no value "
         "below its "
         "least"},
        {"view: {cpu: {shape: pareto, low: 1ms, high: 1s, alpha: 0}}",
         "1:13: cpu: alpha must be more than 0, to 20"},
        {"view: {cpu: {shape: pareto, low: 100h, high: 900h, alpha: 1}}",
         "1:13: cpu: its mean is 889876s, expected 0ms .. 1h"},
        {"view: {cpu: {quantiles: [{at: 0, value: 1ms}, {at: 0.9, value: "
         "3ms}]}}",
         "1:13: cpu: the first quantile must be at 0, the least, and "
         "the last at "
         "1, the most: what lies beyond is not guessed"},
        {"view: {cpu: {quantiles: [{at: 0, value: 3ms}, {at: 1, value: 1ms}]}}",
         "1:13: cpu: quantiles must rise, but the one at 1 does not "
         "follow that at "
         "0"},
        {"view: {cpu: {quantiles: [{at: 0, value: 3ms}]}}",
         "1:13: cpu: there must be 2 .. 16 quantiles, found 1"},
        {"view: {cpu: {quantiles: [{at: 0, value: 3ms}, {at: 1.5, value: "
         "4ms}]}}",
         "1:52: at: found \"1.5\", expected a number from 0 to 1"},
        {"view: {cpu: {quantiles: [{at: 0, valeu: 3ms}]}}",
         "1:34: unknown key \"valeu\" in quantiles; did you mean "
         "\"value\"? "
         "(reqpath keys lists all)"},
        {"view: {cpu: {quantiles: [3ms, 5ms]}}",
         "1:26: found \"3ms\", expected a mapping: {key: value}, or "
         "indented "
         "\"key: value\" lines"},
        {"view: {cpu: {shape: empirical}}",
         "1:13: cpu: shape empirical needs the key \"quantiles\", what "
         "was "
         "measured; write quantiles: [{at: 0, value: 1ms}, {at: 0.5, value: "
         "3ms}, "
         "{at: 1, value: 40ms}]"},
        {"view: {cpu: {shape: empirical, mean: 3ms, quantiles: []}}",
         "1:38: mean: of shape empirical it follows from the other "
         "keys; leave it "
         "out"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_mistake(cases[i].text, cases[i].sentence);
}

Test(duration, more_quantiles_than_are_read_are_refused)
{
#define FOUR                                                                   \
    "{at: 0, value: 1ms}, {at: 0, value: 1ms}, {at: 0, value: 1ms}, {at: 0, "  \
    "value: 1ms}, "
    expect_mistake("view: {cpu: {quantiles: [" FOUR FOUR FOUR FOUR
                   "{at: 1, value: 2ms}]}}",
                   "1:25: quantiles: found 17, at most 16 are read");
#undef FOUR
}
