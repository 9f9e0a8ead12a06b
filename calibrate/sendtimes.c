/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/sendtimes.h"

#include "calibrate/openrows.h"
#include "model/file.h"

#include <math.h>
#include <stdlib.h>

static enum rp_code take_moments(const struct rp_open_rows *rows,
                                 const char *path, size_t requests,
                                 uint64_t **at_ns, struct rp_error *error)
{
    uint64_t *const fresh = calloc(requests + 1, sizeof *fresh);

    if (!fresh)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for %zu requests",
                       requests);
    if (rows->count != requests) {
        free(fresh);
        return rp_fail_at(error, RP_ERR_UNUSABLE, rp_file_name(path), 0, 0,
                          "found %zu requests, expected %zu", rows->count,
                          requests);
    }
    for (size_t i = 0; i < requests; i++)
        fresh[i] = (uint64_t)llround(rows->rows[i].planned_us * 1e3);
    *at_ns = fresh;
    return RP_OK;
}

enum rp_code rp_sendtimes_read(const char *path, size_t requests,
                               uint64_t **at_ns, struct rp_error *error)
{
    struct rp_open_rows rows = {0};
    char *bytes = NULL;
    size_t length = 0;
    enum rp_code code = rp_file_read(path, RP_PEER_BYTES_MAX, "a report",
                                     &bytes, &length, error);

    if (!code)
        code =
            rp_open_rows_parse(bytes, length, rp_file_name(path), &rows, error);
    if (!code)
        code = take_moments(&rows, path, requests, at_ns, error);
    rp_open_rows_free(&rows);
    free(bytes);
    return code;
}

enum rp_code rp_sendtimes_find(const struct rp_measured *measured,
                               size_t config, unsigned requests,
                               struct rp_sendtimes *planned,
                               struct rp_error *error)
{
    struct rp_sendtimes fresh = {
        .at_ns = calloc(measured->run_count + 1, sizeof *fresh.at_ns)};

    if (!fresh.at_ns)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for %zu runs",
                       measured->run_count);
    for (size_t i = 0; i < measured->run_count; i++) {
        const struct rp_measured_run *const run = &measured->runs[i];

        if (run->config == config && run->planned_ns &&
            run->requests == requests)
            fresh.at_ns[fresh.runs++] = run->planned_ns;
    }
    *planned = fresh;
    return RP_OK;
}

unsigned rp_sendtimes_rehearsals(const struct rp_sendtimes *planned,
                                 unsigned runs)
{
    if (!planned || planned->runs == 0)
        return runs;
    return (runs + planned->runs - 1) / planned->runs * planned->runs;
}

void rp_sendtimes_free(struct rp_sendtimes *planned)
{
    free(planned->at_ns);
    *planned = (struct rp_sendtimes){0};
}
