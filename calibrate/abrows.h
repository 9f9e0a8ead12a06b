/**
 * Requests one by one: the TSV file that `ab -g` writes.
 *
 * One row for each request, in whole milliseconds. Since 2.2.9 ab sorts them
 * by their total time, so their order says nothing about when they came; the
 * start is known to the second.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CALIBRATE_ABROWS_H
#define RP_CALIBRATE_ABROWS_H

#include "model/error.h"

#include <stdbool.h>
#include <stddef.h>

struct rp_ab_row {
    unsigned long start_s;  /* since 1970; ab 2.0's microseconds are cut */
    unsigned connect_ms;    /* "ctime" */
    unsigned processing_ms; /* "dtime" */
    unsigned total_ms;      /* "ttime" */
    unsigned waiting_ms;    /* "wait": until the first byte */
};

struct rp_ab_rows {
    size_t count;           /* at least 1 */
    struct rp_ab_row *rows; /* owned; in the order of their total time */
    bool was_sorted;        /* in the file, too */
    size_t odd_count; /* rows whose total is not connecting + processing, but
                         for rounding */
};

/**
 * Read a file of `ab -g`.
 *
 * @param path  "-" is standard input
 * @param rows  untouched on failure; release it with rp_ab_rows_free()
 * @return RP_ERR_IO, RP_ERR_SYNTAX (not such a file, cut, no row, a value that
 *         is no time), RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_ab_rows_read(const char *path,
                                        struct rp_ab_rows *rows,
                                        struct rp_error *error);

/** The same from `length` bytes of memory; `file_name` is for the sentences. */
RP_CHECKED enum rp_code rp_ab_rows_read_text(const char *text, size_t length,
                                             const char *file_name,
                                             struct rp_ab_rows *rows,
                                             struct rp_error *error);

/** Harmless on zeroed or freed rows. */
void rp_ab_rows_free(struct rp_ab_rows *rows);

/** The total time that `percent` (0..100) of the requests took at most, ms, by
 * ab's own rule: number floor(n percent / 100) of the sorted n, from 0. */
unsigned rp_ab_rows_percentile(const struct rp_ab_rows *rows, unsigned percent);

/** The mean of the total times, ms. */
double rp_ab_rows_mean(const struct rp_ab_rows *rows);

#endif
