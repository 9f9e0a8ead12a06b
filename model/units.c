/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "model/units.h"

#include "model/excerpt.h"

#include <assert.h>
#include <locale.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct unit {
    const char *word;
    double ns;
};

#define RP_UNIT_AS_ROW(word, ns) {word, ns},
static const struct unit units[] = {RP_TIME_UNIT_LIST(RP_UNIT_AS_ROW)};
#undef RP_UNIT_AS_ROW

enum { UNIT_COUNT = sizeof units / sizeof *units };

#define UNIT_WORDS "ns, us, ms, s, min or h"

/* What people write instead, and the unit that they mean. Edit distance says
 * nothing about words of one or two letters. */
static const char *const slips[][2] = {
    {"sec", "s"},
    {"secs", "s"},
    {"second", "s"},
    {"seconds", "s"},
    {"S", "s"},
    {"Sec", "s"},
    {"msec", "ms"},
    {"msecs", "ms"},
    {"millis", "ms"},
    {"millisecond", "ms"},
    {"milliseconds", "ms"},
    {"MS", "ms"},
    {"Ms", "ms"},
    {"mS", "ms"},
    {"usec", "us"},
    {"usecs", "us"},
    {"micros", "us"},
    {"microsecond", "us"},
    {"microseconds", "us"},
    {"US", "us"},
    {"u", "us"},
    {"nsec", "ns"},
    {"nsecs", "ns"},
    {"nanos", "ns"},
    {"nanosecond", "ns"},
    {"nanoseconds", "ns"},
    {"NS", "ns"},
    {"m", "min"},
    {"mins", "min"},
    {"minute", "min"},
    {"minutes", "min"},
    {"hr", "h"},
    {"hrs", "h"},
    {"hour", "h"},
    {"hours", "h"},
    {"H", "h"},
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static const char *skip_digits(const char *at)
{
    while (is_digit(*at))
        at++;
    return at;
}

static const char *skip_blanks(const char *at)
{
    while (is_blank(*at))
        at++;
    return at;
}

/* Where the number at the beginning ends by our grammar, which is narrower
 * than strtod's; NULL where there is none. */
static const char *number_end(const char *text)
{
    const char *at = text + (*text == '-');
    const char *const whole_end = skip_digits(at);
    size_t digit_count = (size_t)(whole_end - at);

    at = whole_end;
    if (*at == '.') {
        const char *const end = skip_digits(at + 1);
        digit_count += (size_t)(end - (at + 1));
        at = end;
    }
    if (digit_count == 0)
        return NULL;
    if (*at == 'e' || *at == 'E') {
        const char *const exponent = at + 1 + (at[1] == '-' || at[1] == '+');
        if (is_digit(*exponent))
            at = skip_digits(exponent);
    }
    return at;
}

/* Numbers are read and written in the C locale: a library does not know what
 * its program set. Returns what end_c_locale() needs; 0 where there is no
 * memory for it, and then the program's locale stays. */
static locale_t begin_c_locale(locale_t *before)
{
    const locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);

    if (c != (locale_t)0)
        *before = uselocale(c);
    return c;
}

static void end_c_locale(locale_t c, locale_t before)
{
    if (c == (locale_t)0)
        return;
    (void)uselocale(before);
    freelocale(c);
}

static double to_double(const char *text)
{
    locale_t before = (locale_t)0;
    const locale_t c = begin_c_locale(&before);
    const double number = strtod(text, NULL);

    end_c_locale(c, before);
    return number;
}

const char *rp_number_format(double number, int digits,
                             char buffer[RP_NUMBER_TEXT_SIZE])
{
    locale_t before = (locale_t)0;
    const locale_t c = begin_c_locale(&before);

    assert(isfinite(number) && digits >= 1 && digits <= 17);
    (void)snprintf(buffer, RP_NUMBER_TEXT_SIZE, "%.*g", digits, number);
    end_c_locale(c, before);
    return buffer;
}

bool rp_number_scan(const char *text, const char **end, double *number)
{
    const char *const stop = number_end(text);
    const char *const after_sign = text + (*text == '-');

    /* "0x1f" begins with a number to us and with another one to strtod. */
    if (!stop || (after_sign[0] == '0' &&
                  (after_sign[1] == 'x' || after_sign[1] == 'X')))
        return false;
    *number = to_double(text);
    if (end)
        *end = stop;
    return true;
}

static const struct unit *find_unit(const char *word)
{
    static const struct unit micro = {"us", 1e3};

    /* The micro sign and the Greek letter, both in UTF-8. */
    if (strcmp(word, "\xC2\xB5s") == 0 || strcmp(word, "\xCE\xBCs") == 0)
        return &micro;
    for (size_t i = 0; i < UNIT_COUNT; i++)
        if (strcmp(word, units[i].word) == 0)
            return &units[i];
    return NULL;
}

static enum rp_code unknown_unit(const char *text, const char *word,
                                 struct rp_error *error)
{
    char found[RP_EXCERPT_SIZE], unit[RP_EXCERPT_SIZE];

    for (size_t i = 0; i < sizeof slips / sizeof *slips; i++)
        if (strcmp(word, slips[i][0]) == 0)
            return rp_fail(error, RP_ERR_VALUE,
                           "found \"%s\" with the unknown unit \"%s\"; did "
                           "you mean \"%s\"? (units are " UNIT_WORDS ")",
                           rp_excerpt(text, found), word, slips[i][1]);
    return rp_fail(error, RP_ERR_VALUE,
                   "found \"%s\" with the unknown unit \"%s\"; units "
                   "are " UNIT_WORDS,
                   rp_excerpt(text, found), rp_excerpt(word, unit));
}

enum { UNIT_ROOM = 32 };

/* Copy the unit without the blanks behind it, which a quoted text may have.
 * What is too long to be a unit is kept long enough to be none. */
static void copy_unit(const char *from, char unit[UNIT_ROOM])
{
    size_t n = strlen(from);

    while (n > 0 && is_blank(from[n - 1]))
        n--;
    if (n >= UNIT_ROOM)
        n = UNIT_ROOM - 1;
    memcpy(unit, from, n);
    unit[n] = '\0';
}

static enum rp_code without_unit(const char *found, const char *number,
                                 const char *end, struct rp_error *error)
{
    const int digits = end - number < 20 ? (int)(end - number) : 0;

    if (digits == 0 || *number == '-')
        return rp_fail(error, RP_ERR_VALUE,
                       "found \"%s\" without a unit; units are " UNIT_WORDS,
                       found);
    return rp_fail(error, RP_ERR_VALUE,
                   "found \"%s\" without a unit; write %.*sms, %.*sus or "
                   "%.*ss",
                   found, digits, number, digits, number, digits, number);
}

enum rp_code rp_duration_parse(const char *text, double *duration_ns,
                               struct rp_error *error)
{
    const char *const start = skip_blanks(text);
    char found[RP_EXCERPT_SIZE], word[UNIT_ROOM];
    const struct unit *unit;
    const char *rest;
    double number;

    (void)rp_excerpt(text, found);
    if (!rp_number_scan(start, &rest, &number))
        return rp_fail(error, RP_ERR_VALUE,
                       "found \"%s\", expected a duration, like 12ms or 3.5us",
                       found);
    copy_unit(skip_blanks(rest), word);
    if (!word[0])
        return without_unit(found, start, rest, error);
    unit = find_unit(word);
    if (!unit)
        return unknown_unit(text, skip_blanks(rest), error);
    if (number < 0.0)
        return rp_fail(error, RP_ERR_VALUE,
                       "found \"%s\"; a duration cannot be negative", found);
    if (!(number * unit->ns <= RP_DURATION_MAX_NS))
        return rp_fail(error, RP_ERR_VALUE,
                       "found \"%s\"; a duration is at most 1000h", found);
    *duration_ns = number * unit->ns;
    return RP_OK;
}

enum rp_code rp_share_parse(const char *text, double *share,
                            struct rp_error *error)
{
    char found[RP_EXCERPT_SIZE];
    const char *rest = text;
    double number = 0.0;
    const bool is_number = rp_number_scan(skip_blanks(text), &rest, &number);

    (void)rp_excerpt(text, found);
    rest = skip_blanks(rest);
    if (!is_number || *rest != '%' || *skip_blanks(rest + 1))
        return rp_fail(error, RP_ERR_VALUE,
                       "found \"%s\", expected a percentage, like 2%% or 0.5%%",
                       found);
    if (!(number >= 0.0 && number <= 100.0))
        return rp_fail(error, RP_ERR_VALUE,
                       "found \"%s\"; a percentage is 0%% to 100%%", found);
    *share = number / 100.0;
    return RP_OK;
}

enum rp_code rp_rate_parse(const char *text, double *rate_per_s,
                           struct rp_error *error)
{
    const char *const start = skip_blanks(text);
    char found[RP_EXCERPT_SIZE], word[UNIT_ROOM];
    const struct unit *unit;
    const char *rest;
    double number, rate;

    (void)rp_excerpt(text, found);
    if (!rp_number_scan(start, &rest, &number))
        return rp_fail(error, RP_ERR_VALUE,
                       "found \"%s\", expected a rate, like 900/s or 5000/min",
                       found);
    rest = skip_blanks(rest);
    if (*rest != '/')
        return rp_fail(error, RP_ERR_VALUE,
                       "found \"%s\", which is not a rate; expected a number "
                       "and a unit, like 900/s or 5000/min",
                       found);
    copy_unit(skip_blanks(rest + 1), word);
    unit = find_unit(word);
    if (!unit)
        return unknown_unit(text, skip_blanks(rest + 1), error);
    if (number < 0.0)
        return rp_fail(error, RP_ERR_VALUE,
                       "found \"%s\"; a rate cannot be negative", found);
    rate = number / (unit->ns / 1e9);
    if (!(rate <= RP_RATE_MAX_PER_S))
        return rp_fail(error, RP_ERR_VALUE,
                       "found \"%s\"; a rate is at most 1000000000/s", found);
    *rate_per_s = rate;
    return RP_OK;
}

/* The largest unit that leaves a digit before the point. Minutes and hours
 * are for writing, not for reading: 90s says more than 1.5min. */
static const struct unit *reading_unit(double duration_ns)
{
    size_t i = 3; /* seconds */

    while (i > 0 && duration_ns < units[i].ns)
        i--;
    return &units[i];
}

/* `digits` digits after the point, their trailing zeros left out; integers,
 * so that no locale's decimal comma comes in. */
static void write_decimal(unsigned long long scaled, unsigned digits,
                          const char *unit, char buffer[RP_DURATION_TEXT_SIZE])
{
    unsigned long long ten = 1;

    while (digits > 0 && scaled % 10 == 0) {
        scaled /= 10;
        digits--;
    }
    for (unsigned i = 0; i < digits; i++)
        ten *= 10;
    if (digits == 0)
        (void)snprintf(buffer, RP_DURATION_TEXT_SIZE, "%llu%s", scaled, unit);
    else
        (void)snprintf(buffer, RP_DURATION_TEXT_SIZE, "%llu.%0*llu%s",
                       scaled / ten, (int)digits, scaled % ten, unit);
}

const char *rp_duration_format(double duration_ns,
                               char buffer[RP_DURATION_TEXT_SIZE])
{
    const struct unit *unit;
    unsigned digits = 3;
    double value, ten = 1e3;

    if (!(duration_ns >= 0.0 && duration_ns <= 1e3 * RP_DURATION_MAX_NS)) {
        (void)snprintf(buffer, RP_DURATION_TEXT_SIZE, "-");
        return buffer;
    }
    /* Four digits first, so that 999.96us is read as 1ms, not 1000us. */
    unit = reading_unit(duration_ns * (1.0 + 5e-5));
    value = duration_ns / unit->ns;
    for (double limit = 9.9995; digits > 0 && value >= limit; limit *= 10.0) {
        digits--;
        ten /= 10.0;
    }
    write_decimal((unsigned long long)(value * ten + 0.5), digits, unit->word,
                  buffer);
    if (strcmp(buffer, "0ns") == 0)
        (void)snprintf(buffer, RP_DURATION_TEXT_SIZE, "0ms");
    return buffer;
}
