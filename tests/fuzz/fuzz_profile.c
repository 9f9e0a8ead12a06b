/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "model/profile.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The text that a profile is written as; NULL: it is not written, for its
 * spreads are too far from 1 to survive the rounding. */
static char *written(const struct rp_profile *profile)
{
    struct rp_error error = {0};
    char *text = NULL;
    size_t size = 0;
    FILE *const out = open_memstream(&text, &size);
    enum rp_code code;

    if (!out)
        abort();
    code = rp_profile_write(profile, out, &error);
    if (fclose(out) != 0)
        abort();
    if (!code)
        return text;
    if (size != 0)
        abort();
    free(text);
    return NULL;
}

/* What is read and written is read again, and is the same text then. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rp_profile first = {0}, second = {0};
    struct rp_error error = {0};
    char *one, *two;

    if (rp_profile_read_text((const char *)data, size, "fuzz", &first,
                             &error)) {
        if (strncmp(error.text, "fuzz", 4) != 0)
            abort();
        return 0;
    }
    one = written(&first);
    if (one) {
        if (rp_profile_read_text(one, strlen(one), "again", &second, &error))
            abort();
        two = written(&second);
        if (!two || strcmp(one, two) != 0)
            abort();
        free(two);
        rp_profile_free(&second);
    }
    free(one);
    rp_profile_free(&first);
    return 0;
}
