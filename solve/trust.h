/**
 * How far the approximate methods can be trusted, as measured.
 *
 * Figures of tests/stress (README.md there): the solver against the simulator
 * on random scenarios. Who changes a method measures again and changes these.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_SOLVE_TRUST_H
#define RP_SOLVE_TRUST_H

#define RP_TRUST_RESIDUAL "TODO"
#define RP_TRUST_LAYERS   "TODO"
#define RP_TRUST_GGC      "TODO"
#define RP_TRUST_FLOW     "TODO"

#endif
