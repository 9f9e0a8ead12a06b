/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/bytes.h"
#include "plan/countlist.h"
#include "plan/forecast.h"
#include "plan/slo.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition)
{
    if (!condition)
        abort();
}

/* What is read prints as a text that reads as the same. */
static void check_slos(const char *text)
{
    struct rp_slos slos = {0}, again = {0};
    struct rp_error error = {0};
    char printed[RP_SLOS_TEXT_SIZE], notes[RP_SLOS_TEXT_SIZE];

    if (rp_slos_add(&slos, text, &error)) {
        require(error.text[0] != '\0' && rp_slos_count(&slos) == 0);
        return;
    }
    require(rp_slos_count(&slos) > 0);
    (void)rp_slos_notes(&slos, notes);
    require(rp_slos_add(&again, rp_slos_text(&slos, printed), &error) == RP_OK);
    require(rp_slos_count(&again) == rp_slos_count(&slos));
}

static void check_counts(const char *text)
{
    struct rp_count_list list = {0};
    struct rp_error error = {0};

    if (rp_counts_parse(text, "threads", &list, &error)) {
        require(error.text[0] != '\0' && list.count == 0);
        return;
    }
    require(list.count > 0 && list.count <= RP_COUNTS_MAX);
    for (size_t i = 0; i < list.count; i++)
        require(list.all[i].number >= 1 &&
                list.all[i].number <= RP_COUNT_HIGHEST);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *const text = malloc(size + 1);
    struct rp_error error = {0};
    double number = -1.0;

    if (!text)
        return 0;
    if (size > 0)
        memcpy(text, data, size);
    text[size] = '\0';
    check_slos(text);
    check_counts(text);
    if (rp_bytes_parse(text, &number, &error) == RP_OK)
        require(number >= 0.0 && number <= RP_BYTES_MAX);
    if (rp_growth_parse(text, &number, &error) == RP_OK)
        require(number > 0.0);
    free(text);
    return 0;
}
