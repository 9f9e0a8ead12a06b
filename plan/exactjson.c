/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/exactjson.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

json_t *rp_exact(double number)
{
    if (isnan(number))
        return json_null();
    if (isinf(number))
        return json_string(number > 0.0 ? "inf" : "-inf");
    return json_real(number);
}

json_t *rp_exact_array(const double *numbers, size_t count)
{
    json_t *const array = json_array();

    for (size_t i = 0; i < count; i++)
        if (json_array_append_new(array, rp_exact(numbers[i]))) {
            json_decref(array);
            return NULL;
        }
    return array;
}

char *rp_exact_dump(json_t *json)
{
    char *const text =
        json ? json_dumps(json, JSON_COMPACT | JSON_REAL_PRECISION(17)) : NULL;

    json_decref(json);
    return text;
}

static double number_of(struct rp_exact_reader *reader, const json_t *value)
{
    const char *const word = json_string_value(value);

    if (json_is_null(value))
        return NAN;
    if (json_is_number(value))
        return json_number_value(value);
    if (word && strcmp(word, "inf") == 0)
        return INFINITY;
    if (word && strcmp(word, "-inf") == 0)
        return -INFINITY;
    reader->good = false;
    return 0.0;
}

double rp_exact_number(struct rp_exact_reader *reader, const char *key)
{
    return number_of(reader, json_object_get(reader->object, key));
}

void rp_exact_numbers(struct rp_exact_reader *reader, const char *key,
                      double *numbers, size_t count)
{
    const json_t *const array = json_object_get(reader->object, key);

    reader->good &= json_array_size(array) == count;
    for (size_t i = 0; i < count; i++)
        numbers[i] = number_of(reader, json_array_get(array, i));
}

long long rp_exact_whole(struct rp_exact_reader *reader, const char *key)
{
    const json_t *const value = json_object_get(reader->object, key);

    reader->good &= json_is_integer(value);
    return json_integer_value(value);
}

bool rp_exact_truth(struct rp_exact_reader *reader, const char *key)
{
    const json_t *const value = json_object_get(reader->object, key);

    reader->good &= json_is_boolean(value);
    return json_is_true(value);
}

void rp_exact_text(struct rp_exact_reader *reader, const char *key, char *text,
                   size_t size)
{
    const char *const value =
        json_string_value(json_object_get(reader->object, key));

    reader->good &= value != NULL && strlen(value) < size;
    (void)snprintf(text, size, "%s", value ? value : "");
}
