/**
 * Units: durations, rates and shares as people write them, "12ms", "900/s",
 * "2%".
 *
 * Files and options always carry units, so that nobody has to remember whether
 * a bare 12 meant milliseconds. Inside the library a duration is a double in
 * nanoseconds and a rate a double per second. Numbers are decimal with a point,
 * whatever the locale; hexadecimal, infinity and NaN are not numbers here.
 *
 * The sentences of these functions name no place: who reads a file puts
 * file:line:column in front.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MODEL_UNITS_H
#define RP_MODEL_UNITS_H

#include "model/error.h"

#include <stdbool.h>

/* Units of time: word, nanoseconds. */
#define RP_TIME_UNIT_LIST(X)                                                   \
    X("ns", 1.0)                                                               \
    X("us", 1e3)                                                               \
    X("ms", 1e6)                                                               \
    X("s", 1e9)                                                                \
    X("min", 60e9)                                                             \
    X("h", 3600e9)

/** The longest duration, ns: 1000 hours. */
#define RP_DURATION_MAX_NS 3.6e15

/** The highest rate, per second. */
#define RP_RATE_MAX_PER_S 1e9

/**
 * Read the decimal number that `text` begins with: digits, at most one point,
 * an exponent, a minus sign in front.
 *
 * @param end     where the number ends; may be NULL
 * @param number  HUGE_VAL where it is too large for a double
 * @return false where no number begins; `end` and `number` are then untouched
 */
bool rp_number_scan(const char *text, const char **end, double *number);

/**
 * A duration: a number, blanks or none, and a unit of RP_TIME_UNIT_LIST (or
 * "µs").
 *
 * @param duration_ns  0 .. RP_DURATION_MAX_NS
 * @return RP_ERR_VALUE: no number, no unit, an unknown unit, negative, too
 *         long, something after it
 */
RP_CHECKED enum rp_code rp_duration_parse(const char *text, double *duration_ns,
                                          struct rp_error *error);

/**
 * A rate: a number, a slash, and a unit of time: "900/s", "5000/min".
 *
 * @param rate_per_s  0 .. RP_RATE_MAX_PER_S
 * @return RP_ERR_VALUE, as above
 */
RP_CHECKED enum rp_code rp_rate_parse(const char *text, double *rate_per_s,
                                      struct rp_error *error);

/**
 * A share of a whole: a number and a percent sign, "2%".
 *
 * @param share  0 .. 1
 * @return RP_ERR_VALUE: no number, no percent sign, out of range, something
 *         after it
 */
RP_CHECKED enum rp_code rp_share_parse(const char *text, double *share,
                                       struct rp_error *error);

/** Bytes that rp_number_format() needs, the closing zero included. */
#define RP_NUMBER_TEXT_SIZE 32

/**
 * Write a number with at most `digits` significant digits and no needless
 * zeros, with a point whatever the locale: "0.25", "12", "1e+09".
 * rp_number_scan() reads it back.
 *
 * @param number  finite
 * @param digits  1 .. 17
 * @return `buffer`
 */
const char *rp_number_format(double number, int digits,
                             char buffer[RP_NUMBER_TEXT_SIZE]);

/** Bytes that rp_duration_format() needs, the closing zero included. */
#define RP_DURATION_TEXT_SIZE 32

/**
 * Write a duration for people: four significant digits without needless
 * zeros, in ns, us, ms or s ("12ms", "3.5us", "1.235s"), whatever the locale.
 * rp_duration_parse() reads it back.
 *
 * @param duration_ns  >= 0; what is not finite or negative is written "-"
 * @return `buffer`
 */
const char *rp_duration_format(double duration_ns,
                               char buffer[RP_DURATION_TEXT_SIZE]);

#endif
