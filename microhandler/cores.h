/**
 * Cores: a server has as many as its scenario's host.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MICROHANDLER_CORES_H
#define RP_MICROHANDLER_CORES_H

/**
 * Keep this thread, and the threads and processes that it starts, on so many
 * of the machine's cores, the first that it may use.
 *
 * @return how many they are: fewer than wanted where the machine has no more,
 *         or 0 where it does not tell
 */
unsigned rp_cores_keep_to(unsigned wanted);

#endif
