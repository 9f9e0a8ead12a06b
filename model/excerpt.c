/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/excerpt.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static bool continues_character(char c)
{
    return ((unsigned char)c & 0xC0u) == 0x80u;
}

static bool is_control(char c)
{
    return (unsigned char)c < 0x20u || c == 0x7F;
}

const char *rp_excerpt(const char *text, char buffer[RP_EXCERPT_SIZE])
{
    static const char more[] = "...";
    const size_t room = RP_EXCERPT_SIZE - sizeof more;
    size_t n = 0;

    while (n < room && text[n]) {
        buffer[n] = is_control(text[n]) ? '?' : text[n];
        n++;
    }
    buffer[n] = '\0';
    if (!text[n])
        return buffer;
    while (n > 0 && continues_character(text[n]))
        n--;
    memcpy(buffer + n, more, sizeof more);
    return buffer;
}
