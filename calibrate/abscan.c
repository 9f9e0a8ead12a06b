/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/abscan.h"

#include "model/excerpt.h"
#include "model/units.h"

#include <math.h>
#include <string.h>

static const char byte_order_mark[] = "\xEF\xBB\xBF"; /* some editors' */

static bool begins_with(const char *text, size_t length, const char *word)
{
    const size_t n = strlen(word);

    return length >= n && memcmp(text, word, n) == 0;
}

enum rp_ab_kind rp_ab_kind(const char *text, size_t length)
{
    if (begins_with(text, length, byte_order_mark)) {
        text += strlen(byte_order_mark);
        length -= strlen(byte_order_mark);
    }
    while (length > 0 && strchr(" \t\r\n", *text)) {
        text++;
        length--;
    }
    if (begins_with(text, length, "Percentage served,"))
        return RP_AB_KIND_CURVE;
    if (begins_with(text, length, "starttime\tseconds"))
        return RP_AB_KIND_ROWS;
    return RP_AB_KIND_REPORT;
}

enum rp_code rp_ab_check_length(size_t length, const char *file,
                                struct rp_error *error)
{
    if (length <= RP_AB_BYTES_MAX)
        return RP_OK;
    return rp_fail_at(error, RP_ERR_IO, file, 0, 0,
                      "larger than %zu MiB, which no output of ab that can be "
                      "used is; is this the right file?",
                      RP_AB_BYTES_MAX / ((size_t)1024 * 1024));
}

enum rp_code rp_ab_check_kind(const char *text, size_t length, const char *file,
                              struct rp_error *error)
{
    const enum rp_code code = rp_ab_check_length(length, file, error);

    if (code)
        return code;
    switch (rp_ab_kind(text, length)) {
    case RP_AB_KIND_CURVE:
        return rp_fail_at(error, RP_ERR_SYNTAX, file, 1, 0,
                          "found the percentiles of ab -e, expected the "
                          "report that ab prints");
    case RP_AB_KIND_ROWS:
        return rp_fail_at(error, RP_ERR_SYNTAX, file, 1, 0,
                          "found the requests of ab -g, expected the report "
                          "that ab prints");
    case RP_AB_KIND_REPORT:
        break;
    }
    return RP_OK;
}

enum rp_code rp_ab_no_report(const char *text, const char *file,
                             struct rp_error *error)
{
    char line[RP_EXCERPT_SIZE], found[RP_EXCERPT_SIZE];
    const char *const begin = text + strspn(text, " \t\n");

    if (!*begin)
        return rp_fail_at(error, RP_ERR_SYNTAX, file, 0, 0,
                          "empty, expected a report of ab; did ab refuse its "
                          "command line?");
    (void)rp_ab_copy_line(begin, strcspn(begin, "\n"), line, sizeof line);
    (void)rp_excerpt(line, found);
    if (strstr(begin, "Usage: ") && strstr(begin, "[options] [http"))
        return rp_fail_at(error, RP_ERR_SYNTAX, file, 0, 0,
                          "no report: ab refused its command line with \"%s\"",
                          found);
    return rp_fail_at(error, RP_ERR_SYNTAX, file, 0, 0,
                      "no report of ab in it; expected lines like \"Requests "
                      "per second: 641.90 [#/sec] (mean)\", and the file "
                      "begins with \"%s\"",
                      found);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool rp_ab_scan_count(const char *text, const char **end, unsigned long *number)
{
    static const unsigned long most = (unsigned long)RP_AB_NUMBER_MAX;
    unsigned long sum = 0;
    const char *at = text;

    while (is_digit(*at)) {
        sum = sum * 10 + (unsigned long)(*at - '0');
        if (sum > most)
            return false;
        at++;
    }
    if (at == text)
        return false;
    *end = at;
    *number = sum;
    return true;
}

bool rp_ab_scan_decimal(const char *text, const char **end, double *number,
                        unsigned *digits)
{
    enum { LONGEST = 32 };
    char copy[LONGEST + 2] = "";
    const char *stop, *point;
    double value;

    /* A copy, for a digit string of megabytes is no number either. */
    for (size_t i = 0; i <= LONGEST && text[i]; i++)
        copy[i] = text[i];
    if (!rp_number_scan(copy, &stop, &value) || stop - copy > LONGEST ||
        !(fabs(value) <= RP_AB_NUMBER_MAX))
        return false;
    point = memchr(copy, '.', (size_t)(stop - copy));
    *digits = 0;
    if (point && !memchr(copy, 'e', (size_t)(stop - copy)) &&
        !memchr(copy, 'E', (size_t)(stop - copy)))
        *digits = (unsigned)(stop - point - 1);
    *end = text + (stop - copy);
    *number = value;
    return true;
}

const char *rp_ab_skip_decoration(const char *at)
{
    while (*at && strchr(" \t\r*|`_", *at))
        at++;
    return at;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* What a number of ab is followed by: nothing that would make it another. */
static bool ends_number(const char *at)
{
    if (is_digit(*at) || is_letter(*at))
        return false;
    return !((*at == '.' || *at == ',') && is_digit(at[1]));
}

static enum rp_ab_scanned judge_end(const char *end)
{
    if (!*end)
        return RP_AB_CUT;
    return ends_number(end) ? RP_AB_SCANNED : RP_AB_NO_NUMBER;
}

enum rp_ab_scanned rp_ab_scan_value(const char **at, double *number,
                                    unsigned *digits)
{
    const char *const start = rp_ab_skip_decoration(*at);
    enum rp_ab_scanned scanned;
    const char *end;
    unsigned places;
    double value;

    if (!*start)
        return RP_AB_CUT;
    if (!is_digit(*start) && !(*start == '-' && is_digit(start[1])))
        return RP_AB_NO_NUMBER;
    if (!rp_ab_scan_decimal(start, &end, &value, &places))
        return RP_AB_NO_NUMBER;
    scanned = judge_end(end);
    if (scanned == RP_AB_SCANNED) {
        *at = end;
        *number = value;
        *digits = places;
    }
    return scanned;
}

enum rp_ab_scanned rp_ab_scan_whole(const char **at, unsigned long *number)
{
    const char *const start = rp_ab_skip_decoration(*at);
    enum rp_ab_scanned scanned;
    const char *end;
    unsigned long value;

    if (!*start)
        return RP_AB_CUT;
    if (!rp_ab_scan_count(start, &end, &value))
        return RP_AB_NO_NUMBER;
    scanned = judge_end(end);
    if (scanned == RP_AB_SCANNED) {
        *at = end;
        *number = value;
    }
    return scanned;
}

/* Bytes of the HTML tag that begins at `at`; 0: none does. "<$Revision$>" is
 * no tag. */
static size_t tag_length(const char *at)
{
    enum { LONGEST = 256 };

    if (at[0] != '<' || !(is_letter(at[1]) || at[1] == '/'))
        return 0;
    for (size_t n = 1; n < LONGEST && at[n] && !strchr("<\n", at[n]); n++)
        if (at[n] == '>')
            return n + 1;
    return 0;
}

/* "&lt;", "&#160;" */
static size_t entity_length(const char *at)
{
    enum { LONGEST = 10 };
    size_t n = 1;

    while (n < LONGEST && (is_letter(at[n]) || is_digit(at[n]) || at[n] == '#'))
        n++;
    return n > 1 && at[n] == ';' ? n + 1 : 0;
}

/* What sets a terminal's colour: ESC, "[", parameters, a letter. */
static size_t terminal_length(const char *at)
{
    enum { LONGEST = 32 };
    size_t n = 2;

    if (at[1] != '[')
        return 0;
    while (n < LONGEST && at[n] >= ' ' && at[n] <= '?')
        n++;
    return at[n] >= '@' && at[n] <= '~' ? n + 1 : 0;
}

static size_t decoration_length(const char *at)
{
    switch (*at) {
    case '<':
        return tag_length(at);
    case '&':
        return entity_length(at);
    case '\x1B':
        return terminal_length(at);
    case '\\': /* a text inside of JSON */
        return at[1] && strchr("nrt", at[1]) ? 2 : 0;
    case '\0':
        return 1;
    default:
        return 0;
    }
}

void rp_ab_undecorate(char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        size_t n = decoration_length(text + i);
        if (text[i] == '\r')
            text[i] = text[i + 1] == '\n' ? ' ' : '\n';
        for (; n > 0; n--)
            text[i + n - 1] = ' ';
    }
}

const char *rp_ab_next_line(const char **at, const char *limit, size_t *length,
                            bool *ended)
{
    const char *const line = *at;
    const char *stop;

    if (line >= limit)
        return NULL;
    stop = memchr(line, '\n', (size_t)(limit - line));
    *ended = stop != NULL;
    *at = stop ? stop + 1 : limit;
    if (!stop)
        stop = limit;
    if (stop > line && stop[-1] == '\r')
        stop--;
    *length = (size_t)(stop - line);
    return line;
}

bool rp_ab_copy_line(const char *line, size_t length, char *copy, size_t size)
{
    const size_t n = length < size ? length : size - 1;

    memcpy(copy, line, n);
    copy[n] = '\0';
    return n == length && !memchr(copy, '\0', n);
}

enum rp_code rp_ab_check_header(const char **at, const char *limit,
                                const char *file, const char *header,
                                const char *option, struct rp_error *error)
{
    char copy[RP_EXCERPT_SIZE + 1] = "", found[RP_EXCERPT_SIZE];
    size_t length = 0;
    bool ended;
    const char *line;

    if (begins_with(*at, (size_t)(limit - *at), byte_order_mark))
        *at += strlen(byte_order_mark);
    line = rp_ab_next_line(at, limit, &length, &ended);
    if (!line)
        return rp_fail_at(error, RP_ERR_SYNTAX, file, 0, 0,
                          "empty, expected a file of ab %s", option);
    if (rp_ab_copy_line(line, length, copy, sizeof copy) &&
        strcmp(copy, header) == 0)
        return RP_OK;
    return rp_fail_at(error, RP_ERR_SYNTAX, file, 1, 0,
                      "found \"%s\", expected a file of ab %s",
                      rp_excerpt(copy, found), option);
}
