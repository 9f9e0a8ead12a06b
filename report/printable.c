/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/printable.h"

#include "model/utf8.h"

#include <stdbool.h>
#include <string.h>

void rp_make_printable(char *text)
{
    const bool is_text = rp_utf8_check(text, strlen(text), "", NULL) == RP_OK;

    for (unsigned char *at = (unsigned char *)text; *at; at++)
        if (*at == '\n' || *at == '\t' || *at == '\r')
            *at = ' ';
        else if (*at < ' ' || *at == 0x7f || (*at >= 0x80 && !is_text))
            *at = '?';
}
