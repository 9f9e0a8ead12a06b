/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/vary.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

/* The values of a text, with blanks between them. */
static void expect_values(const char *text, const char *values)
{
    char all[1024] = "", buffer[RP_VARY_VALUE_SIZE];
    struct rp_vary vary = {0};
    struct rp_error error = {0};

    cr_assert(eq(int, rp_vary_parse(text, &vary, &error), RP_OK), "%s",
              error.text);
    for (size_t i = 0; i < vary.count; i++) {
        strcat(all, i ? " " : "");
        strcat(all, rp_vary_value(&vary, i, buffer));
    }
    cr_expect(eq(str, all, (char *)values), "%s", text);
    rp_vary_free(&vary);
}

Test(vary, a_list_has_its_values)
{
    expect_values("server.threads=1,2,8", "1 2 8");
    expect_values("server.kind=gunicorn", "gunicorn");
    expect_values("a.b = x , y", "x y");
}

Test(vary, a_sweep_goes_from_to_by_a_step)
{
    expect_values("load.rate=[100/s:300/s,100/s]", "100/s 200/s 300/s");
    expect_values("load.clients=[1:10,4]", "1 5 9");
    expect_values("view.wait=[0ms:1ms,0.25ms]", "0ms 0.25ms 0.5ms 0.75ms 1ms");
    expect_values("run.precision=[1%:3%,1%]", "1% 2% 3%");
    expect_values("x=[5:5,1]", "5");
}

/* 0.1 is no binary number: ten steps of it must still reach 1. */
Test(vary, a_sweep_does_not_drift)
{
    expect_values("x=[0:1,0.1]", "0 0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9 1");
}

Test(vary, a_sweep_goes_by_a_factor)
{
    expect_values("view.wait=[1ms:64ms,x4]", "1ms 4ms 16ms 64ms");
    expect_values("load.clients=[1:1000,*10]", "1 10 100 1000");
}

Test(vary, units_of_a_sweep_may_differ_where_they_count_the_same)
{
    expect_values("view.wait=[500us:1.5ms,0.5ms]", "500us 1000us 1500us");
    expect_values("load.rate=[60/min:3/s,1/s]", "60/min 120/min 180/min");
}

Test(vary, lists_sweeps_and_brackets_are_mixed)
{
    expect_values("load.clients=1,[4:8,4],100", "1 4 8 100");
    expect_values("middleware.order=[a, b],[b, a]", "[a, b] [b, a]");
    expect_values("view.wait={mean: 1ms, cv: 2},drop,keep",
                  "{mean: 1ms, cv: 2} drop keep");
    expect_values("name=\"a, b\",'c]'", "\"a, b\" 'c]'");
}

Test(vary, a_million_values_take_no_room)
{
    char buffer[RP_VARY_VALUE_SIZE];
    struct rp_vary vary = {0};
    struct rp_error error = {0};

    cr_assert(
        eq(int, rp_vary_parse("seed=[1:1000000,1]", &vary, &error), RP_OK));
    cr_expect(eq(sz, vary.count, 1000000));
    cr_expect(eq(sz, vary.item_count, 1));
    cr_expect(eq(str, (char *)rp_vary_value(&vary, 999999, buffer), "1000000"));
    rp_vary_free(&vary);
}

struct mistake {
    const char *text, *sentence;
};

static const struct mistake mistakes[] = {
    {"server.threads",
     "--vary: found \"server.threads\", expected KEY=VALUES, like "
     "server.threads=2,4,8 or load.rate=[100/s:900/s,100/s]"},
    {"=3", "--vary: found \"=3\", expected KEY=VALUES, like "
           "server.threads=2,4,8 or load.rate=[100/s:900/s,100/s]"},
    {"a=", "--vary a: there is no value after \"=\"; write a=A,B or a sweep "
           "[FROM:TO,STEP]"},
    {"a=1,,2", "--vary a: value 2 is empty; leave a comma out"},
    {"a=1,", "--vary a: value 2 is empty; leave a comma out"},
    {"a=1,2,1", "--vary a: the value \"1\" is there twice; leave one out"},
    {"a=[1:2", "--vary a: a bracket or a quote is not closed in \"[1:2\""},
    {"a=\"b", "--vary a: a bracket or a quote is not closed in \"\"b\""},
    {"a=[1:2]", "--vary a: found \"[1:2]\", expected a sweep [FROM:TO,STEP], "
                "like [100/s:900/s,100/s], or by a factor, [1ms:64ms,x2]"},
    {"a=[1:2,1]x",
     "--vary a: found \"[1:2,1]x\", expected a sweep [FROM:TO,STEP], like "
     "[100/s:900/s,100/s], or by a factor, [1ms:64ms,x2]"},
    {"a=[9:1,1]", "--vary a: the sweep [9:1,1] is empty, for it ends before it "
                  "begins; write the smaller value first"},
    {"a=[1:9,0]", "--vary a: the sweep [1:9,0] does not get on: a step is more "
                  "than 0, a factor more than 1 from more than 0 on"},
    {"a=[0:9,x2]",
     "--vary a: the sweep [0:9,x2] does not get on: a step is more than 0, a "
     "factor more than 1 from more than 0 on"},
    {"a=[1:9ms,1ms]",
     "--vary a: \"[1:9ms,1ms]\": its parts have different units, or unknown "
     "ones (each carries its own: [10ms:50ms,10ms])"},
    {"a=[1q:9q,1q]",
     "--vary a: \"[1q:9q,1q]\": its parts have different units, or unknown "
     "ones (each carries its own: [10ms:50ms,10ms])"},
    {"a=[1:1e7,1]", "--vary a: the sweep [1:1e7,1] has more than 1000000 "
                    "values"},
    {"a=[1:1000000,1],0", "--vary a: there are more than 1000000 values"},
};

Test(vary, what_is_none_is_refused_with_the_key)
{
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        struct rp_vary vary = {.count = 77};
        struct rp_error error = {0};

        cr_expect(lt(int, rp_vary_parse(mistakes[i].text, &vary, &error), 0),
                  "%s", mistakes[i].text);
        cr_expect(eq(str, error.text, (char *)mistakes[i].sentence));
        cr_expect(eq(sz, vary.count, 77), "untouched on failure");
    }
}

static const char base[] = "server: {kind: gthread}\n";

static void expect_check(const char *text, const char *sentence)
{
    struct rp_draft draft = {0};
    struct rp_vary vary = {0};
    struct rp_error error = {0};

    cr_assert(eq(
        int, rp_draft_read_text(base, strlen(base), "s.yaml", &draft, &error),
        RP_OK));
    cr_assert(eq(int, rp_vary_parse(text, &vary, &error), RP_OK));
    cr_expect(eq(int, rp_vary_check(&vary, &draft, &error),
                 sentence[0] ? RP_ERR_VALUE : RP_OK));
    cr_expect(eq(str, error.text, (char *)sentence));
    rp_vary_free(&vary);
    rp_draft_free(&draft);
}

Test(vary, values_are_checked_by_themselves)
{
    expect_check("server.threads=1,[2:64,2]", "");
    expect_check("server.kind=uvicorn,gunicorn", "");
    expect_check("view.wait=keep,drop,{mean: 2ms, cv: 1}", "");
    expect_check("server.threads=1,[2:20000,2]",
                 "--vary server.threads: threads: found \"20000\", expected a "
                 "whole number from 1 to 10000");
    expect_check("server.threads=[0.5:3,1]",
                 "--vary server.threads: threads: found \"0.5\", expected a "
                 "whole number from 1 to 10000");
    expect_check("sever.threads=1",
                 "--vary sever.threads: unknown key \"sever\"; did you mean "
                 "\"server\"? (reqpath keys lists all)");
}
