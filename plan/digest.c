/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "plan/digest.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double normal_95 = 1.959963984540054; /* its 97.5 % quantile */

/* "outer.key", or the key alone. */
static char *key_in(const char *outer, const char *key)
{
    const size_t size = strlen(outer) + strlen(key) + 2;
    char *const text = malloc(size);

    if (text)
        (void)snprintf(text, size, "%s%s%s", outer, outer[0] ? "." : "", key);
    return text;
}

static bool add(struct rp_digest *digest, const char *outer, const char *key,
                double value, double low, double high)
{
    struct rp_digest_number *const more =
        realloc(digest->numbers, (digest->count + 1) * sizeof *more);
    char *const name = key_in(outer, key);

    if (more)
        digest->numbers = more;
    if (!more || !name) {
        free(name);
        return false;
    }
    more[digest->count++] = (struct rp_digest_number){name, value, low, high};
    return true;
}

static double number_at(const json_t *array, size_t index)
{
    const json_t *const number = json_array_get(array, index);

    return json_is_number(number) ? json_number_value(number) : (double)NAN;
}

static bool read_object(struct rp_digest *digest, const char *outer,
                        json_t *object);

static bool read_member(struct rp_digest *digest, const char *outer,
                        const char *key, json_t *value)
{
    char *name;
    bool good;

    if (json_is_number(value))
        return add(digest, outer, key, json_number_value(value), (double)NAN,
                   (double)NAN);
    if (json_is_array(value) && strcmp(outer, "metrics") == 0)
        return add(digest, "", key, number_at(value, 0), number_at(value, 1),
                   number_at(value, 2));
    if (!json_is_object(value))
        return true;
    name = key_in(outer, key);
    good = name && read_object(digest, name, value);
    free(name);
    return good;
}

static bool read_object(struct rp_digest *digest, const char *outer,
                        json_t *object)
{
    const char *key;
    json_t *value;

    json_object_foreach(
        object, key,
        value) if (!read_member(digest, outer, key, value)) return false;
    return true;
}

enum rp_code rp_digest_read(const char *text, struct rp_digest *digest,
                            struct rp_error *error)
{
    json_error_t why;
    json_t *const object = json_loads(text, 0, &why);
    const char *const reader =
        json_string_value(json_object_get(object, "reader"));
    struct rp_digest found = {.is_random = reader && !strcmp(reader, "sim")};
    enum rp_code code = RP_OK;

    if (!json_is_object(object))
        code = rp_fail(error, RP_ERR_SYNTAX,
                       "an answer of the store is no JSON object%s%s",
                       object ? "" : ": ", object ? "" : why.text);
    else if (!read_object(&found, "", object))
        code = rp_fail(error, RP_ERR_MEMORY, "out of memory for an answer");
    json_decref(object);
    if (code)
        rp_digest_free(&found);
    else
        *digest = found;
    return code;
}

void rp_digest_free(struct rp_digest *digest)
{
    for (size_t i = 0; i < digest->count; i++)
        free(digest->numbers[i].key);
    free(digest->numbers);
    *digest = (struct rp_digest){.count = 0};
}

const struct rp_digest_number *rp_digest_find(const struct rp_digest *digest,
                                              const char *key)
{
    for (size_t i = 0; i < digest->count; i++)
        if (strcmp(digest->numbers[i].key, key) == 0)
            return &digest->numbers[i];
    return NULL;
}

double rp_digest_error(const struct rp_digest *digest,
                       const struct rp_digest_number *number)
{
    if (!digest->is_random)
        return (double)NAN;
    return (number->high - number->low) / (2.0 * normal_95);
}
