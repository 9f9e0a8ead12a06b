/**
 * Folding: sentences in lines of a given width.
 *
 * Warnings and explanations are whole sentences. Where people read them they
 * are broken between words, indented, and never inside a word.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_REPORT_FOLD_H
#define RP_REPORT_FOLD_H

#include <stddef.h>
#include <stdio.h>

/** Characters of a text: what it takes on a terminal, in columns (wide and
 * combining characters count as one). */
size_t rp_fold_width(const char *text);

/**
 * Write `text` in lines that all begin with `indent` blanks, and end them.
 *
 * @param width  columns, the indent included; a word that is longer stands
 *               alone; 0: one line
 */
void rp_fold(const char *text, size_t indent, size_t width, FILE *out);

#endif
