/**
 * The CPU of a host, as people and the kernel call it.
 *
 * Unit costs hold for the CPU that they were measured on. A data set names it
 * by hand, "AMD EPYC (family 26)", the kernel of the machine in front of the
 * user by a list of keys; here they are made comparable.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MODEL_HOSTCPU_H
#define RP_MODEL_HOSTCPU_H

#include <stdbool.h>
#include <stdio.h>

#define RP_HOSTCPU_SIZE 160

/**
 * The CPU that /proc/cpuinfo describes: "MODEL (family N)", without the family
 * where it does not say, "" where there is no model.
 *
 * @param cpuinfo  open for reading
 * @return `text`
 */
const char *rp_hostcpu_read(FILE *cpuinfo, char text[RP_HOSTCPU_SIZE]);

/** True where both may be the same CPU: they are equal, or one of them does
 * not say its family, or is not known ("" or NULL). */
bool rp_hostcpu_same(const char *a, const char *b);

#endif
