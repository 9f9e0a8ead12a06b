/**
 * Ready: whether an HTTP server answers.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_BENCH_READY_H
#define RP_BENCH_READY_H

#include <stdbool.h>

/**
 * Ask once.
 *
 * @param url     "http://HOST[:PORT]/...", of which host and port are used
 * @param path    asked for; NULL: that of `url`
 * @param wait_s  for an answer, seconds
 * @return true: it answered with 2xx
 */
bool rp_ready_ask(const char *url, const char *path, double wait_s);

/** A port where nobody listens; 0: there is none. */
unsigned rp_ready_port(void);

#endif
