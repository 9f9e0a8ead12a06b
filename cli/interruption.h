/**
 * Interruptions: the first SIGINT or SIGTERM ends a command in order, and a
 * second one is the system's again, for who does not want to wait.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CLI_INTERRUPTION_H
#define RP_CLI_INTERRUPTION_H

#include <signal.h>

enum { RP_EXIT_INTERRUPTED = 130 };

/** Catch them from here on. What is returned is 0 until one comes; static
 * storage. */
const volatile sig_atomic_t *rp_interruption_catch(void);

#endif
