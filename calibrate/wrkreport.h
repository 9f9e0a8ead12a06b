/**
 * Reports of wrk 4.
 *
 * Connections, answers and answers a second are what they are called. Latencies
 * are not. Before wrk prints them it adds requests that it thinks it should
 * have sent: of every latency above twice the mean interval (seconds / (answers
 * / connections)) copies that are shorter by one, two, ... intervals. So the
 * mean is taken from the throughput; and percentiles are kept where that cannot
 * have changed them: all where the longest latency is below twice the interval,
 * p50 and p90 where the 99th percentile is, for then of 100 latencies at most
 * two were added. Answers that took longer than --timeout are left out of all
 * latencies and counted as time-outs; requests that were never answered are
 * counted nowhere. A latency begins when the request is sent, with its
 * connection open. Redirections count as answers.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CALIBRATE_WRKREPORT_H
#define RP_CALIBRATE_WRKREPORT_H

#include "calibrate/peer.h"

/**
 * Read what wrk printed.
 *
 * @param peer  untouched on failure. Useless: wrk could not connect, socket
 *              errors, answers that are none, no answer, figures that
 *              contradict each other, or a report of wrk2
 * @return RP_ERR_SYNTAX: this is no report of wrk, a cut one, or several
 */
RP_CHECKED enum rp_code rp_wrk_read_text(const char *text, size_t length,
                                         const char *file_name,
                                         struct rp_peer *peer,
                                         struct rp_error *error);

#endif
