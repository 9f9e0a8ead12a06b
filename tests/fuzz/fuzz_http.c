/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "microhandler/http.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct rp_http_limits limits = {
    .header_bytes = 512, .header_count = 8, .body_bytes = 64};

/* What became of the bytes, in pieces of that size; returns how many were
 * read. */
static size_t feed(struct rp_http *http, const char *bytes, size_t size,
                   size_t piece)
{
    size_t at = 0;

    rp_http_reset(http);
    while (at < size && rp_http_state(http) == RP_HTTP_MORE) {
        const size_t length = size - at < piece ? size - at : piece;
        char *const copy = malloc(length); /* so that its end is its end */
        size_t used;

        memcpy(copy, bytes + at, length);
        (void)rp_http_feed(http, copy, length, &used);
        free(copy);
        if (used > length)
            abort();
        if (used < length && rp_http_state(http) == RP_HTTP_MORE)
            abort();
        at += used;
        (void)rp_http_wants_continue(http);
    }
    return at;
}

static void check(const struct rp_http *http)
{
    const unsigned status = rp_http_status(http);

    if (rp_http_state(http) == RP_HTTP_WHOLE &&
        (strlen(rp_http_path(http)) >= RP_HTTP_PATH_SIZE ||
         rp_http_path(http)[0] == '\0' || !rp_http_header_is_whole(http)))
        abort();
    if (rp_http_state(http) == RP_HTTP_BAD && status != 400 && status != 413 &&
        status != 414 && status != 431 && status != 505)
        abort();
}

/* Whatever the pieces, the same request is read, and it ends at the same
 * byte. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rp_http *const whole = rp_http_new(&limits);
    struct rp_http *const pieces = rp_http_new(&limits);
    const char *const bytes = (const char *)data;
    const size_t read = feed(whole, bytes, size, size > 0 ? size : 1);

    for (size_t piece = 1; piece <= 7; piece += 3) {
        const size_t at = feed(pieces, bytes, size, piece);

        if (rp_http_state(pieces) != rp_http_state(whole))
            abort();
        if (rp_http_state(whole) == RP_HTTP_WHOLE &&
            (at != read ||
             strcmp(rp_http_path(pieces), rp_http_path(whole)) != 0 ||
             rp_http_method(pieces) != rp_http_method(whole) ||
             rp_http_keeps_alive(pieces) != rp_http_keeps_alive(whole)))
            abort();
    }
    check(whole);
    check(pieces);
    rp_http_free(pieces);
    rp_http_free(whole);
    return 0;
}
