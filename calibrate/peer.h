/**
 * Peers: what another load tool than ab said of one run.
 *
 * wrk, hey and h2load measure what ab measures, and each of them leaves out or
 * gets wrong something else. So what a reader of theirs gives is this: numbers
 * where the tool has them, NAN where it has not or where its own are not what
 * they are called, and a sentence for each of those.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CALIBRATE_PEER_H
#define RP_CALIBRATE_PEER_H

#include "model/error.h"
#include "model/metric.h"
#include "model/spread.h"

#include <stdbool.h>
#include <stddef.h>

/** The largest file, bytes: 256 MiB; and the longest line that is looked at,
 * with its closing zero. */
#define RP_PEER_BYTES_MAX ((size_t)256 * 1024 * 1024)
enum { RP_PEER_LINE_SIZE = 512, RP_PEER_TEXT_SIZE = 2048 };

/** Times are ms, NAN where the tool does not say them. */
struct rp_peer {
    unsigned long requests;    /* answered */
    unsigned long concurrency; /* that was kept up; 0: not said */
    double rps;                /* answers a second */
    double latency_ms; /* the mean of latencies that begin with connecting */
    double longest_ms;
    double percent_ms[RP_METRIC_COUNT]; /* of those that are percentiles */
    double level_ms[RP_LEVEL_COUNT];
    char useless[RP_ERROR_TEXT_SIZE]; /* why it cannot serve; "": it can */
    char lacks[RP_PEER_TEXT_SIZE];    /* sentences, one a line */
};

/** Nothing is known yet. */
void rp_peer_init(struct rp_peer *peer);

/** Add a sentence to what it lacks. */
void rp_peer_lacks(struct rp_peer *peer, const char *format, ...)
    RP_PRINTF(2, 3);

/** Say why it cannot serve; the first reason stays. */
void rp_peer_useless(struct rp_peer *peer, const char *format, ...)
    RP_PRINTF(2, 3);

/**
 * The next line of a text, without its end and the blanks around it.
 *
 * @param at    where to go on; moved behind the line
 * @param line  cut where it is longer; control characters become blanks
 * @return false at the end of the text
 */
bool rp_peer_line(const char **at, const char *end,
                  char line[RP_PEER_LINE_SIZE]);

/** The whole number behind `word` in `line`, at most 2^53; false: none. */
bool rp_peer_count(const char *line, const char *word, unsigned long *count);

/**
 * A time like "3.33ms" or "168us" at the beginning of `text`.
 *
 * @param rest     behind it; may be NULL
 * @param half_ms  half of its last digit; may be NULL
 * @return ms; NAN where there is none (also for "-nan")
 */
double rp_peer_time_ms(const char *text, const char **rest, double *half_ms);

#endif
