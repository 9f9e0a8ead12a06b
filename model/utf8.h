/**
 * UTF-8: whether the bytes of a file are text at all.
 *
 * A file may be a spreadsheet, or saved in an editor's own encoding. That is
 * found out before anybody looks for keys in it, with the line and column of
 * the first byte that is no text.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MODEL_UTF8_H
#define RP_MODEL_UTF8_H

#include "model/error.h"

#include <stdbool.h>
#include <stddef.h>

/**
 * Check that `length` bytes are UTF-8 (RFC 3629: no overlong forms, no
 * surrogates) and hold no character that YAML 1.1 rules out: control
 * characters but tab and line breaks, zeros among them.
 *
 * @param file  a name for the sentence
 * @return RP_ERR_SYNTAX
 */
RP_CHECKED enum rp_code rp_utf8_check(const char *text, size_t length,
                                      const char *file, struct rp_error *error);

/** True where `text` is printable UTF-8 on one line: no control character, no
 * tab, none of Unicode's line breaks. "" is. */
bool rp_utf8_is_line(const char *text);

/**
 * Where the character number `index`, from 0, of a checked text begins.
 *
 * @param size  its bytes, 1..4; 0: the text ends before it
 */
const char *rp_utf8_nth(const char *text, size_t length, size_t index,
                        size_t *size);

#endif
