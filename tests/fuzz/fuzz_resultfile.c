/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "report/figureplot.h"
#include "report/figuresvg.h"
#include "report/figuretext.h"
#include "report/page.h"
#include "report/resultbook.h"

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

/* Whatever is in a result, it is drawn or refused. */
static void check_figure(const struct rp_resultfile *file, const char *part)
{
    struct rp_figure figure = {.points = NULL};
    struct rp_error error = {0};
    char *text = NULL;
    size_t size = 0;
    FILE *const out = open_memstream(&text, &size);

    if (!out)
        abort();
    if (rp_figure_of(file, part, NULL, &figure, &error) == RP_OK &&
        (rp_figuresvg_write(&figure, out, &error) != RP_OK ||
         rp_figureplot_write(&figure, out, &error) != RP_OK ||
         rp_figuretext_write(&figure, 80, true, out, &error) != RP_OK))
        abort();
    rp_figure_free(&figure);
    (void)fclose(out);
    free(text);
}

/* A notebook is made of what has a first picture. */
static void check_notebook(const struct rp_resultfile *file)
{
    struct rp_figure figure = {.points = NULL};
    struct rp_error error = {0};
    char *text = NULL;
    size_t size = 0;
    FILE *const out = open_memstream(&text, &size);

    if (!out || (rp_figure_of(file, NULL, NULL, &figure, &error) == RP_OK &&
                 rp_resultbook_write("a", NULL, file, 1, out, &error) != RP_OK))
        abort();
    rp_figure_free(&figure);
    (void)fclose(out);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rp_resultfile file = {.name = NULL};
    struct rp_error error = {0};
    const char *parts[RP_FIGURE_PARTS_MAX];
    size_t count;

    if (rp_resultfile_parse((const char *)data, size, "x.json", &file,
                            &error) != RP_OK)
        return 0;
    check_page(&file);
    count = rp_figure_parts(file.kind, parts);
    for (size_t i = 0; i < count; i++)
        check_figure(&file, parts[i]);
    check_notebook(&file);
    rp_resultfile_free(&file);
    return 0;
}
