/**
 * Scanning what ab wrote: the little that the readers of its three kinds of
 * files have in common.
 *
 * ab writes a text report (standard output), a CSV file of percentiles (-e)
 * and a TSV file of requests (-g). Which one a file is shows in its first
 * line, whatever its name. Numbers are decimal with a point, in any locale.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CALIBRATE_ABSCAN_H
#define RP_CALIBRATE_ABSCAN_H

#include "model/error.h"

#include <stdbool.h>
#include <stddef.h>

/** The largest file that is read, bytes: 100 MiB. */
#define RP_AB_BYTES_MAX ((size_t)100 * 1024 * 1024)

/** The largest number that is read, 2^53: more is none of ab's, and sums of
 * these cannot overflow. */
#define RP_AB_NUMBER_MAX 9007199254740992.0

enum rp_ab_kind { RP_AB_KIND_REPORT, RP_AB_KIND_CURVE, RP_AB_KIND_ROWS };

/** The first lines of the files of -e and -g. */
#define RP_AB_CURVE_HEADER "Percentage served,Time in ms"
#define RP_AB_ROWS_HEADER  "starttime\tseconds\tctime\tdtime\tttime\twait"

/** What a text is, by its first line; what is neither -e nor -g may be a
 * report. */
enum rp_ab_kind rp_ab_kind(const char *text, size_t length);

/** RP_ERR_SYNTAX where a text is a file of -e or -g, RP_ERR_IO where it is too
 * long. */
RP_CHECKED enum rp_code rp_ab_check_kind(const char *text, size_t length,
                                         const char *file,
                                         struct rp_error *error);

/** RP_ERR_SYNTAX with a sentence about what an undecorated text is in which no
 * report was found. */
enum rp_code rp_ab_no_report(const char *text, const char *file,
                             struct rp_error *error);

/** RP_ERR_IO where a file is longer than RP_AB_BYTES_MAX. */
RP_CHECKED enum rp_code rp_ab_check_length(size_t length, const char *file,
                                           struct rp_error *error);

/**
 * Read the whole number that `text` begins with, digits only.
 *
 * @param text  ends with a zero
 * @param end   where the number ends
 * @return false where no number begins or it is above RP_AB_NUMBER_MAX; `end`
 * and `number` are then untouched
 */
bool rp_ab_scan_count(const char *text, const char **end,
                      unsigned long *number);

/**
 * Read the decimal number that `text` begins with, at most 32 characters.
 *
 * @param number  within +-RP_AB_NUMBER_MAX
 * @param digits  how many there are after the point: ab rounds, and they tell
 *                how far; 0 where there is an exponent
 */
bool rp_ab_scan_decimal(const char *text, const char **end, double *number,
                        unsigned *digits);

/** Blanks, and what Markdown puts around words and into tables. */
const char *rp_ab_skip_decoration(const char *at);

enum rp_ab_scanned {
    RP_AB_SCANNED,   /* a number */
    RP_AB_NO_NUMBER, /* something else, like "1,000" or "12abc" */
    RP_AB_CUT,       /* a number that ends with the text, or nothing */
};

/**
 * Read the number behind a key, past decoration. At the very end of a text it
 * may lack its last digits, so there it is none.
 *
 * @param at      moved behind the number on RP_AB_SCANNED, like the others
 * @param number  may be negative
 */
enum rp_ab_scanned rp_ab_scan_value(const char **at, double *number,
                                    unsigned *digits);

/** The same, for a whole number >= 0. */
enum rp_ab_scanned rp_ab_scan_whole(const char **at, unsigned long *number);

/**
 * Blank out what people and programs put around a report: HTML tags and
 * entities, terminal sequences, escaped line ends, carriage returns, zeros.
 * Byte by byte, so that every line keeps its number.
 *
 * @param text  `length` bytes and a zero
 */
void rp_ab_undecorate(char *text, size_t length);

/**
 * The next line of a text, for the readers of tables.
 *
 * @param at      where the line begins; moved behind its end
 * @param limit   where the text ends
 * @param length  the line's bytes, without its end ("\n" or "\r\n")
 * @param ended   whether it has an end: the last one of a cut file has none
 * @return the line, or NULL where no line is left
 */
const char *rp_ab_next_line(const char **at, const char *limit, size_t *length,
                            bool *ended);

/**
 * Copy a line of a table, cut where it is longer than any row is.
 *
 * @return false where it was cut or holds a zero: then it is no row
 */
bool rp_ab_copy_line(const char *line, size_t length, char *copy, size_t size);

/**
 * Check that a table begins with its heading, and move behind it.
 *
 * @param option  of ab, for the sentence: "-e"
 * @return RP_ERR_SYNTAX
 */
RP_CHECKED enum rp_code rp_ab_check_header(const char **at, const char *limit,
                                           const char *file, const char *header,
                                           const char *option,
                                           struct rp_error *error);

#endif
