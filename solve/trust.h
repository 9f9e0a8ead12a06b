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

/* Throughput, closed. */
#define RP_TRUST_RESIDUAL                                                      \
    "half of such random scenarios were within 0.3 % of the simulated "        \
    "throughput, nine of ten within 3 %, the worst 52 % off"
#define RP_TRUST_LAYERS                                                        \
    "half of such random scenarios were within 0.8 % of the simulated "        \
    "throughput, nine of ten within 7 %, the worst 24 % off"

/* Mean response, open, at 10 to 92 % of what can be served. */
#define RP_TRUST_GGC                                                           \
    "half of such random scenarios were within 0.4 % of the simulated mean, "  \
    "nine of ten within 2 %, the worst 5 % off"
#define RP_TRUST_FLOW                                                          \
    "half of such random scenarios were within 2.2 % of the simulated mean, "  \
    "nine of ten within 17 %, the worst 59 % off"

/* Throughput, closed, with what happens under load: on the configurations of
 * data/ab/django-3.2 that were measured with several clients, or with work of
 * the view's own. */
#define RP_TRUST_CROWDED_ALONE                                                 \
    "approximate: half of the measured configurations were within 0.4 % of "   \
    "the "                                                                     \
    "simulated throughput, nine of ten within 1.3 %, the worst 4 % off"
#define RP_TRUST_CROWDED_ROUND                                                 \
    "approximate: half of the measured configurations were within 0.3 % of "   \
    "the "                                                                     \
    "simulated throughput, nine of ten within 1.1 %, the worst 4 % off"
#define RP_TRUST_CROWDED_LAYERS                                                \
    "approximate: half of the measured configurations were within 4 % of the " \
    "simulated throughput, nine of ten within 11 %, the worst 28 % off"
#define RP_TRUST_CROWDED_OPEN                                                  \
    "approximate: what happens under load goes in by its mean, which was not " \
    "compared widely for open loads"

#endif
