/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/utf8.h"

#include <stdint.h>
#include <string.h>

struct cursor {
    const unsigned char *at, *end;
    size_t line, column;
};

/* Bytes of the UTF-8 character that begins with `first`; 0: none does. */
static size_t character_size(unsigned char first)
{
    if (first < 0x80)
        return 1;
    if (first >= 0xC2 && first < 0xE0)
        return 2;
    if (first >= 0xE0 && first < 0xF0)
        return 3;
    return first >= 0xF0 && first < 0xF5 ? 4 : 0;
}

/* Decode the character at the cursor; 0: the bytes are not UTF-8. */
static size_t decode(const struct cursor *cursor, uint32_t *character)
{
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    const size_t size = character_size(*cursor->at);
    uint32_t c;

    if (size == 0 || size > (size_t)(cursor->end - cursor->at))
        return 0;
    c = size == 1 ? *cursor->at : *cursor->at & (0x7Fu >> size);
    for (size_t i = 1; i < size; i++) {
        if ((cursor->at[i] & 0xC0u) != 0x80u)
            return 0;
        c = (c << 6) | (cursor->at[i] & 0x3Fu);
    }
    if (c < smallest[size] || (c >= 0xD800 && c < 0xE000) || c > 0x10FFFF)
        return 0;
    *character = c;
    return size;
}

static bool is_break(uint32_t c)
{
    return c == '\n' || c == '\r' || c == 0x85 || c == 0x2028 || c == 0x2029;
}

/* The characters that YAML 1.1 admits. */
static bool is_printable(uint32_t c)
{
    return c == '\t' || is_break(c) || (c >= 0x20 && c < 0x7F) ||
           (c >= 0xA0 && c <= 0xFFFD && c != 0xFEFF) || c >= 0x10000;
}

static void step_over(struct cursor *cursor, uint32_t c, size_t size)
{
    const bool half = c == '\r' && cursor->at + 1 < cursor->end &&
                      cursor->at[1] == '\n'; /* the first of CR LF */

    cursor->at += size;
    if (half)
        return;
    if (is_break(c)) {
        cursor->line++;
        cursor->column = 1;
    } else {
        cursor->column++;
    }
}

enum rp_code rp_utf8_check(const char *text, size_t length, const char *file,
                           struct rp_error *error)
{
    struct cursor cursor = {.at = (const unsigned char *)text,
                            .end = (const unsigned char *)text + length,
                            .line = 1,
                            .column = 1};

    while (cursor.at < cursor.end) {
        uint32_t c = 0;
        const size_t size = decode(&cursor, &c);

        if (size == 0)
            return rp_fail_at(error, RP_ERR_SYNTAX, file, cursor.line,
                              cursor.column,
                              "found the byte 0x%02X, which is not UTF-8; save "
                              "the file as UTF-8 text",
                              *cursor.at);
        if (!is_printable(c))
            return rp_fail_at(error, RP_ERR_SYNTAX, file, cursor.line,
                              cursor.column,
                              "found the control character 0x%02X, expected "
                              "text; is this a text file?",
                              (unsigned)c);
        step_over(&cursor, c, size);
    }
    return RP_OK;
}

bool rp_utf8_is_line(const char *text)
{
    struct cursor cursor = {.at = (const unsigned char *)text,
                            .end = (const unsigned char *)text + strlen(text)};

    while (cursor.at < cursor.end) {
        uint32_t c = 0;
        const size_t size = decode(&cursor, &c);

        if (size == 0 || !is_printable(c) || is_break(c) || c == '\t')
            return false;
        cursor.at += size;
    }
    return true;
}

const char *rp_utf8_nth(const char *text, size_t length, size_t index,
                        size_t *size)
{
    struct cursor cursor = {.at = (const unsigned char *)text,
                            .end = (const unsigned char *)text + length};

    *size = 0;
    while (cursor.at < cursor.end) {
        uint32_t c = 0;
        const size_t here = decode(&cursor, &c);

        if (here == 0)
            break;
        if (index-- == 0) {
            *size = here;
            break;
        }
        cursor.at += here;
    }
    return (const char *)cursor.at;
}
