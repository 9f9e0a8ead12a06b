/**
 * Open rows: what became of each request of an open load.
 *
 * The client of an open load (client/openclient.h) plans when it sends, sends
 * then, and writes a row for each request:
 *
 *     planned_us,late_us,elapsed_us,status,bytes,end
 *     1204.512,61.204,1893.117,200,5120,answered
 *
 * planned_us counts from the beginning of the run; late_us later the client
 * began to connect; elapsed_us after the *planned* moment the request ended, so
 * a client that is held up hides nothing. A request that got no answer has the
 * status 0, and its end says why.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CALIBRATE_OPENROWS_H
#define RP_CALIBRATE_OPENROWS_H

#include "calibrate/peer.h"

#include <stdint.h>
#include <stdio.h>

/* How a request ends, in one list: word, and what is said of many. */
#define RP_OPEN_END_LIST(X)                                                    \
    X(RP_OPEN_ANSWERED, "answered", "were answered")                           \
    X(RP_OPEN_CONNECT, "connect", "found no connection")                       \
    X(RP_OPEN_BROKEN, "broken", "lost theirs, or got what is not HTTP")        \
    X(RP_OPEN_TIMEOUT, "timeout", "took longer than the client waits")

#define RP_OPEN_END_AS_ENUM(end, word, meaning) end,
enum rp_open_end { RP_OPEN_END_LIST(RP_OPEN_END_AS_ENUM) RP_OPEN_END_COUNT };
#undef RP_OPEN_END_AS_ENUM

struct rp_open_row {
    double planned_us, late_us, elapsed_us;
    unsigned status; /* 0: none */
    uint64_t bytes;  /* received, headers included */
    enum rp_open_end end;
};

struct rp_open_rows {
    size_t count;
    struct rp_open_row *rows; /* owned */
};

/** What the rows have in common. Times are ms, of those that were answered; NAN
 * where none was. */
struct rp_open_summary {
    size_t requests, ends[RP_OPEN_END_COUNT];
    size_t not_2xx;    /* of the answered */
    double rate_per_s; /* requests by the last planned moment */
    double rps;        /* answers by the last end */
    double latency_ms, percent_ms[RP_METRIC_COUNT], longest_ms;
    double level_ms[RP_LEVEL_COUNT];
    double service_ms, service_p50_ms, service_p99_ms; /* from the sending */
    double late_ms, late_p99_ms, latest_ms;            /* of all requests */
    size_t most_in_flight;                             /* sent and not ended */
    size_t due_at_half, due_at_end; /* planned and not ended, when half of the
                                       requests and all of them were */
};

/** The word of an end; static storage. */
const char *rp_open_end_word(enum rp_open_end end);

/** True where the server fell behind: what it had to do grew from the middle of
 * the run to its end. */
bool rp_open_fell_behind(const struct rp_open_summary *summary);

/** True where the client was so late that what was measured is the client. */
bool rp_open_client_late(const struct rp_open_summary *summary);

/** Sum up rows. RP_ERR_MEMORY. */
RP_CHECKED enum rp_code rp_open_rows_sum_up(const struct rp_open_row *rows,
                                            size_t count,
                                            struct rp_open_summary *summary,
                                            struct rp_error *error);

/** Write rows with their line of names. */
void rp_open_rows_write(const struct rp_open_row *rows, size_t count,
                        FILE *out);

/**
 * Read rows.
 *
 * @param rows  written on success; rp_open_rows_free()
 * @return RP_ERR_SYNTAX, RP_ERR_VALUE (columns, cells, moments that go back),
 *         RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_open_rows_parse(const char *text, size_t length,
                                           const char *file_name,
                                           struct rp_open_rows *rows,
                                           struct rp_error *error);

/** Rows as the report of a tool: what failed makes it useless, what is doubtful
 * is said in `lacks`. RP_ERR_MEMORY. */
RP_CHECKED enum rp_code rp_open_rows_judge(const struct rp_open_row *rows,
                                           size_t count, struct rp_peer *peer,
                                           struct rp_error *error);

/** The same of what is read. */
RP_CHECKED enum rp_code rp_open_rows_read_text(const char *text, size_t length,
                                               const char *file_name,
                                               struct rp_peer *peer,
                                               struct rp_error *error);

/** Harmless on zeroed or freed ones. */
void rp_open_rows_free(struct rp_open_rows *rows);

#endif
