/**
 * What a program that links libreqpath does once, before anything else.
 *
 * GSL's default is to abort the process on an error. The library checks GSL's
 * codes where it calls it and turns them into its own errors, so that default
 * is switched off here, in one place.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_SIM_INIT_H
#define RP_SIM_INIT_H

/** Call it first in main(); calling it again is harmless. */
void rp_init(void);

#endif
