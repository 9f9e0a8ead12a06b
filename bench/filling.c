/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/filling.h"

#include <stdlib.h>
#include <string.h>

/* The filling whose word `text` begins with; NULL: none. */
static const struct rp_filling *
filling_at(const char *text, const struct rp_filling *fillings, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (fillings[i].value &&
            strncmp(text, fillings[i].word, strlen(fillings[i].word)) == 0)
            return &fillings[i];
    return NULL;
}

/* Writes where there is room; returns the length either way. */
static size_t fill(const char *text, const struct rp_filling *fillings,
                   size_t count, char *out)
{
    size_t n = 0;

    while (*text) {
        const struct rp_filling *const f = filling_at(text, fillings, count);
        const char *const from = f ? f->value : text;
        const size_t length = f ? strlen(f->value) : 1;

        if (out)
            memcpy(out + n, from, length);
        n += length;
        text += f ? strlen(f->word) : 1;
    }
    if (out)
        out[n] = '\0';
    return n;
}

char *rp_filling_apply(const char *text, const struct rp_filling *fillings,
                       size_t count)
{
    char *const out = malloc(fill(text, fillings, count, NULL) + 1);

    if (out)
        (void)fill(text, fillings, count, out);
    return out;
}
