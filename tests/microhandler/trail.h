/**
 * Trails: were steps taken where the program says?
 *
 * The threads that a walk was seen in, step by step, are held against the
 * places of its program: an independent reading of what a place is.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_TESTS_MICROHANDLER_TRAIL_H
#define RP_TESTS_MICROHANDLER_TRAIL_H

#include "stroll.h"

/**
 * @param home  the thread that the request began in
 * @return the first step that was taken in a thread where it does not belong;
 *         the program's length where there is none
 */
size_t trail_first_wrong(const struct stroll *stroll, pthread_t home);

#endif
