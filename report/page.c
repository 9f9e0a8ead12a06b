/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "report/page.h"

#include "report/printable.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* The page as it was bundled, zero behind it; made from report/page/page.html
 * when the library is built. */
extern const unsigned char rp_page_html[];

/* Where the title and the results go, each once in the page. */
static const char title_mark[] = "<!--reqpath:title-->";
static const char data_mark[] = "<!--reqpath:data-->";

/* ---- Escaping ---- */

static bool put_title(const char *title, FILE *out)
{
    bool good = true;

    for (const char *at = title; *at && good; at++)
        switch (*at) {
        case '<':
            good = fputs("&lt;", out) >= 0;
            break;
        case '>':
            good = fputs("&gt;", out) >= 0;
            break;
        case '&':
            good = fputs("&amp;", out) >= 0;
            break;
        default:
            good = fputc(*at, out) != EOF;
        }
    return good;
}

/* In JSON these three stand in strings alone, where they may be written as
 * escapes: so no "</script>" and no "<!--" can end or change the block. */
static int put_json(const char *bytes, size_t length, void *context)
{
    FILE *const out = context;

    for (size_t i = 0; i < length; i++) {
        const char c = bytes[i];
        const bool marks = c == '<' || c == '>' || c == '&';
        const bool good = marks ? fprintf(out, "\\u%04x", (unsigned)c) > 0
                                : fputc(c, out) != EOF;

        if (!good)
            return -1;
    }
    return 0;
}

/* ---- The page ---- */

static json_t *data_of(const char *title, const struct rp_resultfile *files,
                       size_t count)
{
    json_t *const all = json_array();

    for (size_t i = 0; i < count; i++) {
        char *const name = strdup(files[i].name);
        json_t *entry = NULL;

        if (name) {
            rp_make_printable(name);
            entry = json_pack("{s:s, s:s, s:O}", "file", name, "command",
                              rp_resultfile_command(files[i].kind), "result",
                              files[i].root);
        }
        free(name);
        if (json_array_append_new(all, entry)) {
            json_decref(all);
            return NULL;
        }
    }
    return json_pack("{s:s, s:o}", "title", title, "files", all);
}

static bool put_page(const char *title, const json_t *data, FILE *out)
{
    const char *const page = (const char *)rp_page_html;
    const char *const at_title = strstr(page, title_mark);
    const char *const after_title =
        at_title ? at_title + strlen(title_mark) : NULL;
    const char *const at_data =
        after_title ? strstr(after_title, data_mark) : NULL;

    assert(at_data && "the page has a place for the title, then for the data");
    return fwrite(page, 1, (size_t)(at_title - page), out) > 0 &&
           put_title(title, out) &&
           fwrite(after_title, 1, (size_t)(at_data - after_title), out) > 0 &&
           json_dump_callback(data, put_json, out,
                              JSON_COMPACT | JSON_ENSURE_ASCII |
                                  JSON_REAL_PRECISION(15)) == 0 &&
           fputs(at_data + strlen(data_mark), out) >= 0;
}

enum rp_code rp_page_write(const char *title, const struct rp_resultfile *files,
                           size_t count, FILE *out, struct rp_error *error)
{
    char *const shown = strdup(title);
    json_t *data = NULL;
    bool good;

    assert(count > 0);
    if (shown) {
        rp_make_printable(shown);
        data = data_of(shown, files, count);
    }
    if (!data) {
        free(shown);
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for a page");
    }
    good = put_page(shown, data, out);
    json_decref(data);
    free(shown);
    if (good)
        return RP_OK;
    return rp_fail(error, RP_ERR_IO, "the page cannot be written: %s",
                   strerror(errno));
}
