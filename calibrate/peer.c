/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/peer.h"

#include "model/units.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void rp_peer_init(struct rp_peer *peer)
{
    *peer = (struct rp_peer){.rps = NAN, .latency_ms = NAN, .longest_ms = NAN};
    for (size_t i = 0; i < RP_METRIC_COUNT; i++)
        peer->percent_ms[i] = NAN;
    for (size_t i = 0; i < RP_LEVEL_COUNT; i++)
        peer->level_ms[i] = NAN;
}

void rp_peer_lacks(struct rp_peer *peer, const char *format, ...)
{
    const size_t used = strlen(peer->lacks);
    va_list values;

    if (used + 2 > sizeof peer->lacks)
        return;
    if (used > 0)
        (void)strcat(peer->lacks, "\n");
    va_start(values, format);
    (void)vsnprintf(peer->lacks + strlen(peer->lacks),
                    sizeof peer->lacks - strlen(peer->lacks), format, values);
    va_end(values);
}

void rp_peer_useless(struct rp_peer *peer, const char *format, ...)
{
    va_list values;

    if (peer->useless[0])
        return;
    va_start(values, format);
    (void)vsnprintf(peer->useless, sizeof peer->useless, format, values);
    va_end(values);
}

bool rp_peer_line(const char **at, const char *end,
                  char line[RP_PEER_LINE_SIZE])
{
    size_t n = 0;

    if (*at >= end)
        return false;
    for (; *at < end && **at != '\n'; ++*at) {
        const unsigned char c = (unsigned char)**at;
        const bool blank = c < 0x20 || c == 0x7f || c == ' ';

        if ((!blank || n > 0) && n + 1 < RP_PEER_LINE_SIZE)
            line[n++] = blank ? ' ' : (char)c;
    }
    *at += *at < end;
    while (n > 0 && line[n - 1] == ' ')
        n--;
    line[n] = '\0';
    return true;
}

bool rp_peer_count(const char *line, const char *word, unsigned long *count)
{
    static const double most = 9007199254740992.0; /* 2^53 */
    const char *at = strstr(line, word);
    double value;

    if (!at)
        return false;
    at += strlen(word);
    at += strspn(at, " \t");
    if (at[0] < '0' || at[0] > '9' || !rp_number_scan(at, NULL, &value) ||
        !(value <= most) || floor(value) < value)
        return false;
    *count = (unsigned long)value;
    return true;
}

double rp_peer_time_ms(const char *text, const char **rest, double *half_ms)
{
    static const struct {
        const char *word;
        double ms;
    } units[] = {
        {"us", 1e-3}, {"ms", 1.0}, {"s", 1e3}, {"m", 6e4}, {"h", 3.6e6}};
    const char *end, *point;
    double value;

    text += strspn(text, " \t");
    if (text[0] < '0' || text[0] > '9' || !rp_number_scan(text, &end, &value))
        return NAN;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        const size_t n = strlen(units[i].word);

        if (strncmp(end, units[i].word, n) != 0 ||
            (end[n] >= 'a' && end[n] <= 'z'))
            continue;
        point = memchr(text, '.', (size_t)(end - text));
        if (half_ms)
            *half_ms = 0.5 * units[i].ms *
                       pow(10.0, point ? -(double)(end - point - 1) : 0.0);
        if (rest)
            *rest = end + n;
        return value * units[i].ms;
    }
    return NAN;
}
