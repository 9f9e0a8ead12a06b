/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/h2log.h"

#include "calibrate/samples.h"
#include "model/excerpt.h"
#include "model/units.h"

#include <math.h>

/* Three numbers; tabs have become blanks. */
static bool read_numbers(const char *line, double number[3])
{
    static const double most = 9007199254740992.0; /* 2^53 */
    const char *at = line;

    for (size_t i = 0; i < 3; i++) {
        while (*at == ' ')
            at++;
        if (!rp_number_scan(at, &at, &number[i]) || *at != (i < 2 ? ' ' : '\0'))
            return false;
    }
    return number[0] >= 0.0 && number[0] <= most && number[1] >= -1.0 &&
           number[1] <= 999.0 && number[2] >= 0.0 && number[2] <= most;
}

enum rp_code rp_h2_log_read_text(const char *text, size_t length,
                                 const char *file_name, struct rp_peer *peer,
                                 struct rp_error *error)
{
    struct rp_samples samples = {0};
    const char *at = text, *const end = text + length;
    char line[RP_PEER_LINE_SIZE], found[RP_EXCERPT_SIZE];
    enum rp_code code = RP_OK;
    size_t number = 0;

    while (!code && rp_peer_line(&at, end, line)) {
        double cell[3] = {0.0};

        number++;
        if (!read_numbers(line, cell))
            code = rp_fail_at(error, RP_ERR_SYNTAX, file_name, number, 1,
                              "found \"%s\", expected three numbers of h2load "
                              "--log-file: when it was sent, its status, how "
                              "long it took",
                              rp_excerpt(line, found));
        else
            code = rp_samples_add(&samples, cell[0], cell[2],
                                  cell[1] < 0.0 ? 0 : (unsigned)cell[1], error);
    }
    if (!code) {
        rp_samples_sum_up(&samples, peer);
        peer->latency_ms = NAN;
        rp_peer_lacks(peer, "h2load's times begin with the request, not with "
                            "its connection; the mean is that of the "
                            "throughput");
    }
    rp_samples_free(&samples);
    return code;
}
