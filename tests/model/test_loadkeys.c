/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/loadkeys.h"

#include "scenariotext.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

Test(loadkeys, patterns_of_open_loads_are_read_with_their_mean_rate)
{
    static const struct {
        const char *text;
        enum rp_process process;
        enum rp_curve_kind curve;
        double rate_per_s;
    } cases[] = {
        {"load: {kind: open, process: mmpp, on_rate: 90/s, off_rate: 10/s, "
         "on_for: 1s, off_for: 3s}",
         RP_PROCESS_MMPP, RP_CURVE_FLAT, 30.0},
        {"load: {kind: open, rate: 7/s, curve: diurnal, amplitude: 1}",
         RP_PROCESS_POISSON, RP_CURVE_DIURNAL, 7.0},
        {"load: {kind: open, rate: 7/s, curve: spike, from: 1s, for: 2s, "
         "times: 9}",
         RP_PROCESS_POISSON, RP_CURVE_SPIKE, 7.0},
        {"load: {kind: open, points: [{at: 0s, rate: 0/s}, {at: 1s, rate: "
         "10/s}, {at: 3s, rate: 4/s}]}",
         RP_PROCESS_POISSON, RP_CURVE_POINTS, 19.0 / 3.0},
        {"load: {kind: open, trace: " RP_SOURCE_DIR
         "/tests/data/traces/four.csv, trace_speed: 3.5}",
         RP_PROCESS_POISSON, RP_CURVE_FLAT, 6.0},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rp_scenario s = scenario_of(cases[i].text);

        cr_expect(eq(int, s.load.process, cases[i].process), "%s",
                  cases[i].text);
        cr_expect(eq(int, s.load.curve.kind, cases[i].curve));
        cr_expect(
            epsilon_eq(dbl, s.load.rate_per_s, cases[i].rate_per_s, 1e-9));
        rp_scenario_free(&s);
    }
}

Test(loadkeys, a_trace_is_looked_for_beside_the_scenario)
{
    const char *const text = "load: {kind: open, trace: traces/four.csv}";
    struct rp_scenario s = {0};
    struct rp_error error = {0};

    cr_assert(eq(int,
                 rp_scenario_read_text(text, strlen(text),
                                       RP_SOURCE_DIR "/tests/data/s.yaml", &s,
                                       &error),
                 RP_OK),
              "%s", error.text);
    cr_expect(eq(sz, s.load.timestamps.count, 4));
    cr_expect(eq(ulong, s.load.timestamps.at_ns[3], 1750000000));
    rp_scenario_free(&s);
    cr_expect(eq(
        int, rp_scenario_read_text(text, strlen(text), "no/s.yaml", &s, &error),
        RP_ERR_IO));
    cr_expect(eq(str, error.text,
                 "no/s.yaml:1:27: trace: no/traces/four.csv: cannot be opened: "
                 "No such file or "
                 "directory"));
}

Test(loadkeys, every_mistake_is_named_with_its_place_and_what_to_do)
{
    static const struct {
        const char *text, *sentence;
    } cases[] = {
        {"load: {kind: open, process: mmpp, on_rate: 9/s, on_for: 1s}",
         "1:7: the key \"off_for\" is missing here; write \"off_for: "
         "...\""},
        {"load: {kind: open, process: mmpp, on_rate: 9/s, on_for: 1s, off_for: "
         "1s, "
         "rate: 3/s}",
         "1:74: rate follows from on_rate, off_rate, on_for and "
         "off_for; leave one "
         "of the two out"},
        {"load: {kind: open, process: mmpp, on_rate: 9/s, on_for: 1s, off_for: "
         "1s, "
         "cv: 3}",
         "1:74: cv belongs to process: gamma, but this load has "
         "process: mmpp; "
         "leave it out, or write process: gamma"},
        {"load: {kind: open, rate: 9/s, on_for: 1s}",
         "1:31: on_for belongs to process: mmpp, but this load has "
         "process: "
         "poisson; leave it out, or write process: mmpp"},
        {"load: {kind: open, process: mmpp, on_rate: 1/s, on_for: 1us, "
         "off_for: "
         "1us}",
         "1:44: load.on_rate: fewer than one request comes in a "
         "thousand rounds of "
         "on and off; write a higher rate, or a longer on_for"},
        {"load: {kind: open, process: bursty, rate: 9/s}",
         "1:29: process: found \"bursty\"; did you mean \"mmpp\"? (one "
         "of poisson, "
         "deterministic, gamma, hyperexponential, mmpp)"},
        {"load: {curve: diurnal}", "1:8: curve belongs to an open load, "
                                   "but this one is closed; leave it "
                                   "out, or write kind: open"},
        {"load: {kind: open, rate: 9/s, curve: diurnal}",
         "1:7: the key \"amplitude\" is missing here; write "
         "\"amplitude: ...\""},
        {"load: {kind: open, rate: 9/s, curve: diurnal, amplitude: 2}",
         "1:58: amplitude: found \"2\", expected a number from 0 to 1"},
        {"load: {kind: open, rate: 9/s, curve: spike, amplitude: 1}",
         "1:45: amplitude belongs to curve: diurnal, but this load has "
         "curve: "
         "spike; leave it out, or write curve: diurnal"},
        {"load: {kind: open, rate: 9/s, curve: spike, from: 1s, for: 2s, "
         "times: 5, "
         "period: 2s}",
         "1:82: load.period: the next spike would come before this one "
         "has ended; "
         "write a longer period, or leave it out"},
        {"load: {kind: open, rate: 9/s, curve: spike, from: 0s, for: 2s, "
         "times: 0, "
         "period: 2s}",
         "1:82: load.period: fewer than one request comes in a thousand "
         "periods; "
         "write higher rates, or a longer period"},
        {"load: {kind: open, rate: 9/s, process: gamma, cv: 2, curve: spike, "
         "from: "
         "1s, for: 2s, times: 5}",
         "1:61: load.curve: a curve has Poisson arrivals at any moment, "
         "but the "
         "process is gamma; leave one of the two out"},
        {"load: {kind: open, rate: 9/s, points: [{at: 0s, rate: 9/s}]}",
         "1:20: rate follows from points; leave one of the two out"},
        {"load: {kind: open, points: [{at: 0s, rate: 9/s}]}",
         "1:28: load.points: there must be 2 .. 97"},
        {"load: {kind: open, points: [{at: 1s, rate: 9/s}, {at: 2s, rate: "
         "9/s}]}",
         "1:28: load.points: the first must be at: 0s, where the run "
         "begins"},
        {"load: {kind: open, points: [{at: 0s, rate: 9/s}, {at: 0s, rate: "
         "9/s}]}",
         "1:28: load.points: each must be later than the one before"},
        {"load: {kind: open, points: [{at: 0s, rate: 0/s}, {at: 9s, rate: "
         "0/s}]}",
         "1:28: load.points: fewer than one request comes in a thousand "
         "periods; "
         "write higher rates, or a longer period"},
        {"load: {kind: open, points: [{at: 0s, rate: -1/s}]}",
         "1:44: rate: found \"-1/s\"; a rate cannot be negative"},
        {"load: {kind: open, points: [{at: 0s}]}",
         "1:29: the key \"rate\" is missing here; write \"rate: ...\""},
        {"load: {kind: open, trace: x.csv, rate: 9/s}",
         "1:34: rate follows from trace; leave one of the two out"},
        {"load: {kind: open, trace: x.csv, trace_speed: 0}",
         "1:47: trace_speed: found \"0\", expected more than 0"},
        {"load: {kind: open, trace: \"-\"}",
         "1:27: trace: found \"-\", expected the name of a file"},
        {"load: {kind: open, rate: 9/s, trace_speed: 2}",
         "1:31: trace_speed belongs to a trace, and there is none; "
         "leave it out, "
         "or write trace: FILE"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_mistake(cases[i].text, cases[i].sentence);
}
