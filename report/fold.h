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

#include "model/error.h"

#include <stddef.h>
#include <stdio.h>

/** Characters of a text: what it takes on a terminal, in columns (wide and
 * combining characters count as one). */
size_t rp_fold_width(const char *text);

/**
 * The first line of a text that is folded to `width` characters: at least a
 * word, blanks within it as they are.
 *
 * @param bytes  written: how many of `text` stand in the line
 * @return where the next line begins; at the end of the text there is none
 */
const char *rp_fold_line(const char *text, size_t width, size_t *bytes);

/**
 * Write `text` in lines that all begin with `indent` blanks, and end them.
 *
 * @param width  columns, the indent included; a word that is longer stands
 *               alone; 0: one line
 */
void rp_fold(const char *text, size_t indent, size_t width, FILE *out);

/** Write a sentence, folded to `width` columns (0: one line), and end it. Where
 * memory is short it is not folded. */
void rp_fold_format(FILE *out, int width, const char *format, ...)
    RP_PRINTF(3, 4);

#endif
