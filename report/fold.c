/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/fold.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* Bytes 10xxxxxx continue a character of UTF-8. */
static size_t characters(const char *text, size_t bytes)
{
    size_t n = 0;

    for (size_t i = 0; i < bytes; i++)
        n += ((unsigned char)text[i] & 0xC0) != 0x80;
    return n;
}

size_t rp_fold_width(const char *text)
{
    return characters(text, strlen(text));
}

const char *rp_fold_line(const char *text, size_t width, size_t *bytes)
{
    size_t end = strcspn(text, " ");

    while (text[end]) {
        const size_t next = end + strspn(text + end, " ");
        const size_t word_end = next + strcspn(text + next, " ");

        if (word_end == next || characters(text, word_end) > width)
            break;
        end = word_end;
    }
    *bytes = end;
    return text + end + strspn(text + end, " ");
}

void rp_fold(const char *text, size_t indent, size_t width, FILE *out)
{
    size_t used = 0; /* columns of this line; 0: nothing stands in it yet */

    for (text += strspn(text, " "); *text; text += strspn(text, " ")) {
        const size_t bytes = strcspn(text, " ");
        const size_t word = characters(text, bytes);

        if (used > 0 && width > 0 && used + 1 + word > width) {
            (void)fputc('\n', out);
            used = 0;
        }
        (void)fprintf(out, "%*s%.*s", used > 0 ? 1 : (int)indent, "",
                      (int)bytes, text);
        used += word + (used > 0 ? 1 : indent);
        text += bytes;
    }
    (void)fputc('\n', out);
}

void rp_fold_format(FILE *out, int width, const char *format, ...)
{
    char *text = NULL;
    va_list args;
    int length;

    va_start(args, format);
    length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (width > 0 && length >= 0)
        text = malloc((size_t)length + 1);
    va_start(args, format);
    if (text)
        (void)vsnprintf(text, (size_t)length + 1, format, args);
    else
        (void)vfprintf(out, format, args);
    va_end(args);
    if (text)
        rp_fold(text, 0, (size_t)width, out);
    else
        (void)fputc('\n', out);
    free(text);
}
