/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "report/page.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t tags(const char *page)
{
    size_t count = 0;

    for (const char *at = strchr(page, '<'); at; at = strchr(at + 1, '<'))
        count++;
    return count;
}

/* Every page has the same tags, whatever is in its results. */
static void check_page(const struct rp_resultfile *file)
{
    static size_t tags_of_all;
    struct rp_error error = {0};
    char *page = NULL;
    size_t size = 0;
    FILE *const out = open_memstream(&page, &size);

    if (!out || rp_page_write("a", file, 1, out, &error) != RP_OK ||
        fclose(out) != 0)
        abort();
    if (tags_of_all == 0)
        tags_of_all = tags(page);
    if (tags(page) != tags_of_all)
        abort();
    free(page);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rp_resultfile file = {.name = NULL};
    struct rp_error error = {0};

    if (rp_resultfile_parse((const char *)data, size, "x.json", &file,
                            &error) != RP_OK)
        return 0;
    check_page(&file);
    rp_resultfile_free(&file);
    return 0;
}
