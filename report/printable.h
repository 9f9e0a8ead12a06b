/**
 * Printable texts: what may be written to a terminal, a table, a JSON.
 *
 * Names of files and layers may hold anything: bytes that are no UTF-8, which
 * JSON cannot carry, and control characters, which a terminal obeys.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_REPORT_PRINTABLE_H
#define RP_REPORT_PRINTABLE_H

/** Make one line of `text`, in place: line ends and tabs become blanks, other
 * control characters "?", and in a text that is not UTF-8 so does every byte
 * that is not ASCII. */
void rp_make_printable(char *text);

#endif
