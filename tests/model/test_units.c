/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/units.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

Test(units, durations_are_read_in_every_unit)
{
    static const struct {
        const char *text;
        double ns;
    } cases[] = {
        {"250ns", 250.0},
        {"3.5 us", 3500.0},
        {"12ms", 12e6},
        {"2s", 2e9},
        {"1min", 60e9},
        {"1h", 3600e9},
        {"0ms", 0.0},
        {"1e3us", 1e6},
        {"2.5E-1s", 250e6},
        {"5\xC2\xB5s", 5000.0},
        {"5\xCE\xBCs", 5000.0},
        {" 7ms ", 7e6},
        {".5ms", 5e5},
        {"5.ms", 5e6},
        {"1000h", RP_DURATION_MAX_NS},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rp_error error = {0};
        double ns = -1.0;

        cr_expect(eq(int, rp_duration_parse(cases[i].text, &ns, &error), RP_OK),
                  "%s: %s", cases[i].text, error.text);
        cr_expect(eq(dbl, ns, cases[i].ns), "%s", cases[i].text);
    }
}

Test(units, a_duration_that_is_none_says_what_to_write)
{
    static const struct {
        const char *text, *sentence;
    } cases[] = {
        {"12", "found \"12\" without a unit; write 12ms, 12us or 12s"},
        {"0", "found \"0\" without a unit; write 0ms, 0us or 0s"},
        {"-12", "found \"-12\" without a unit; units are ns, us, ms, s, min or "
                "h"},
        {"-3ms", "found \"-3ms\"; a duration cannot be negative"},
        {"2sec", "found \"2sec\" with the unknown unit \"sec\"; did you mean "
                 "\"s\"? (units are ns, us, ms, s, min or h)"},
        {"5m", "found \"5m\" with the unknown unit \"m\"; did you mean "
               "\"min\"? (units are ns, us, ms, s, min or h)"},
        {"5 parsec", "found \"5 parsec\" with the unknown unit \"parsec\"; "
                     "units are ns, us, ms, s, min or h"},
        {"12ms later", "found \"12ms later\" with the unknown unit "
                       "\"ms later\"; units are ns, us, ms, s, min or h"},
        {"1001h", "found \"1001h\"; a duration is at most 1000h"},
        {"1e999s", "found \"1e999s\"; a duration is at most 1000h"},
        {"nan ms", "found \"nan ms\", expected a duration, like 12ms or 3.5us"},
        {"inf", "found \"inf\", expected a duration, like 12ms or 3.5us"},
        {"0x1fms", "found \"0x1fms\", expected a duration, like 12ms or 3.5us"},
        {"", "found \"\", expected a duration, like 12ms or 3.5us"},
        {"ms", "found \"ms\", expected a duration, like 12ms or 3.5us"},
        {".ms", "found \".ms\", expected a duration, like 12ms or 3.5us"},
        {"+1ms", "found \"+1ms\", expected a duration, like 12ms or 3.5us"},
        {"1,5ms", "found \"1,5ms\" with the unknown unit \",5ms\"; units are "
                  "ns, us, ms, s, min or h"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rp_error error = {0};
        double ns = -1.0;

        cr_expect(eq(int, rp_duration_parse(cases[i].text, &ns, &error),
                     RP_ERR_VALUE),
                  "%s", cases[i].text);
        cr_expect(eq(str, error.text, (char *)cases[i].sentence));
        cr_expect(eq(dbl, ns, -1.0), "untouched on failure");
    }
}

Test(units, rates_are_per_second)
{
    static const struct {
        const char *text;
        double per_s;
    } cases[] = {
        {"900/s", 900.0},  {"5000/min", 5000.0 / 60.0},
        {"7200 / h", 2.0}, {"0.5/ms", 500.0},
        {"0/s", 0.0},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rp_error error = {0};
        double rate = -1.0;

        cr_expect(eq(int, rp_rate_parse(cases[i].text, &rate, &error), RP_OK),
                  "%s: %s", cases[i].text, error.text);
        cr_expect(epsilon_eq(dbl, rate, cases[i].per_s, 1e-12));
    }
}

Test(units, a_rate_that_is_none_says_what_to_write)
{
    static const struct {
        const char *text, *sentence;
    } cases[] = {
        {"900", "found \"900\", which is not a rate; expected a number and a "
                "unit, like 900/s or 5000/min"},
        {"900rps", "found \"900rps\", which is not a rate; expected a number "
                   "and a unit, like 900/s or 5000/min"},
        {"-3/s", "found \"-3/s\"; a rate cannot be negative"},
        {"3/sec", "found \"3/sec\" with the unknown unit \"sec\"; did you "
                  "mean \"s\"? (units are ns, us, ms, s, min or h)"},
        {"3/", "found \"3/\" with the unknown unit \"\"; units are ns, us, ms, "
               "s, min or h"},
        {"1e300/s", "found \"1e300/s\"; a rate is at most 1000000000/s"},
        {"fast", "found \"fast\", expected a rate, like 900/s or 5000/min"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rp_error error = {0};
        double rate = -1.0;

        cr_expect(
            eq(int, rp_rate_parse(cases[i].text, &rate, &error), RP_ERR_VALUE),
            "%s", cases[i].text);
        cr_expect(eq(str, error.text, (char *)cases[i].sentence));
        cr_expect(eq(dbl, rate, -1.0), "untouched on failure");
    }
}

Test(units, a_share_is_a_number_and_a_percent_sign)
{
    static const struct {
        const char *text, *sentence;
        double share;
    } cases[] = {
        {"2%", NULL, 0.02},
        {" 0.5 % ", NULL, 0.005},
        {"100%", NULL, 1.0},
        {"2", "found \"2\", expected a percentage, like 2% or 0.5%", 0.0},
        {"%", "found \"%\", expected a percentage, like 2% or 0.5%", 0.0},
        {"2%%", "found \"2%%\", expected a percentage, like 2% or 0.5%", 0.0},
        {"-1%", "found \"-1%\"; a percentage is 0% to 100%", 0.0},
        {"1e300%", "found \"1e300%\"; a percentage is 0% to 100%", 0.0},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rp_error error = {0};
        double share = -1.0;
        const enum rp_code code = rp_share_parse(cases[i].text, &share, &error);

        if (cases[i].sentence) {
            cr_expect(eq(int, code, RP_ERR_VALUE), "%s", cases[i].text);
            cr_expect(eq(str, error.text, (char *)cases[i].sentence));
            cr_expect(eq(dbl, share, -1.0), "untouched on failure");
        } else {
            cr_expect(eq(int, code, RP_OK), "%s", error.text);
            cr_expect(epsilon_eq(dbl, share, cases[i].share, 1e-15));
        }
    }
}

Test(units, a_text_of_any_length_is_shortened_in_the_sentence)
{
    char text[5000];
    struct rp_error error = {0};
    double ns = 0.0;

    memset(text, '7', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    cr_expect(eq(int, rp_duration_parse(text, &ns, &error), RP_ERR_VALUE));
    cr_expect(lt(sz, strlen(error.text), 200));
}

Test(units, a_number_stops_where_it_ends)
{
    const char *end = NULL;
    double number = 0.0;

    cr_expect(rp_number_scan("-1.5e2x", &end, &number));
    cr_expect(eq(dbl, number, -150.0));
    cr_expect(eq(str, (char *)end, "x"));
    cr_expect(rp_number_scan("3e", &end, &number));
    cr_expect(eq(str, (char *)end, "e"));
    cr_expect(rp_number_scan("1e999", &end, &number));
    cr_expect(isinf(number));
    cr_expect(not(rp_number_scan("-", &end, &number)));
    cr_expect(not(rp_number_scan("-0x1", &end, &number)));
}

/* A host program may have set a locale with a decimal comma. */
Test(units, the_locale_changes_nothing)
{
    static const char *const commas[] = {"de_DE.UTF-8", "de_DE.utf8", "de_DE"};
    struct rp_error error = {0};
    char buffer[RP_DURATION_TEXT_SIZE], number[RP_NUMBER_TEXT_SIZE];
    double ns = 0.0;
    bool set = false;

    for (size_t i = 0; i < 3 && !set; i++)
        set = setlocale(LC_ALL, commas[i]) != NULL;
    if (!set) {
        puts("not tried here: no locale with a decimal comma is installed");
        return;
    }
    cr_expect(eq(int, rp_duration_parse("3.5us", &ns, &error), RP_OK));
    cr_expect(eq(dbl, ns, 3500.0));
    cr_expect(eq(str, (char *)rp_duration_format(3500.0, buffer), "3.5us"));
    cr_expect(eq(str, (char *)rp_number_format(0.25, 6, number), "0.25"));
}

Test(units, numbers_are_written_without_needless_digits)
{
    static const struct {
        double number;
        int digits;
        const char *text;
    } cases[] = {
        {0.0, 6, "0"},
        {0.25, 6, "0.25"},
        {1.0 / 3.0, 7, "0.3333333"},
        {-1.0, 6, "-1"},
        {333333.333, 7, "333333.3"},
        {1e9, 3, "1e+09"},
        {-1.7976931348623157e308, 17, "-1.7976931348623157e+308"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[RP_NUMBER_TEXT_SIZE];

        cr_expect(
            eq(str,
               (char *)rp_number_format(cases[i].number, cases[i].digits, text),
               (char *)cases[i].text));
    }
}

Test(units, durations_are_written_for_people)
{
    static const struct {
        double ns;
        const char *text;
    } cases[] = {
        {0.0, "0ms"},
        {12e6, "12ms"},
        {3500.0, "3.5us"},
        {250.0, "250ns"},
        {1.2345678e9, "1.235s"},
        {90e9, "90s"},
        {999.96e3, "1ms"},
        {123456.0, "123.5us"},
        {12345.6, "12.35us"},
        {3600e9, "3600s"},
        {20e6, "20ms"},
        {1e9, "1s"},
        {0.25, "0.25ns"},
        {-1.0, "-"},
        {HUGE_VAL, "-"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char buffer[RP_DURATION_TEXT_SIZE];

        cr_expect(eq(str, (char *)rp_duration_format(cases[i].ns, buffer),
                     (char *)cases[i].text));
    }
}

Test(units, what_is_written_is_read_back)
{
    for (double ns = 1.0; ns < 3e15; ns *= 7.3) {
        char buffer[RP_DURATION_TEXT_SIZE];
        struct rp_error error = {0};
        double back = 0.0;

        cr_expect(
            eq(int,
               rp_duration_parse(rp_duration_format(ns, buffer), &back, &error),
               RP_OK));
        cr_expect(epsilon_eq(dbl, back / ns, 1.0, 5.1e-4), "%s", buffer);
    }
}
