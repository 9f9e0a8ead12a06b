/**
 * A note on the host: the machine that the question is asked on may not be the
 * one that the costs were measured on.
 *
 * A scenario does not say its CPU, so this is a sentence on standard error and
 * no more: the answer does not depend on where it is asked for.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CLI_HOST_NOTE_H
#define RP_CLI_HOST_NOTE_H

#include "model/profile.h"

/** Say so where the CPU is another than the profile's: that of /proc/cpuinfo,
 * or what REQPATH_CPU says, where an empty one is not known. */
void rp_host_note(const char *command, const struct rp_profile *profile);

#endif
