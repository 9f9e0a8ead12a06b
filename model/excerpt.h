/**
 * Excerpts: what was found in a file, in a form that fits a sentence.
 *
 * A sentence about an error shows what was found. That may be a megabyte long,
 * or carry the escape sequences of somebody's terminal. An excerpt is short,
 * on one line, printable, and never cut inside a character.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MODEL_EXCERPT_H
#define RP_MODEL_EXCERPT_H

/** Bytes of an excerpt, its closing zero included. */
#define RP_EXCERPT_SIZE 64

/**
 * Write the beginning of `text` to `buffer`: control characters become "?",
 * what does not fit becomes "...".
 *
 * @param text  UTF-8, any length
 * @return `buffer`, so that the call can stand among printf's arguments
 */
const char *rp_excerpt(const char *text, char buffer[RP_EXCERPT_SIZE]);

#endif
