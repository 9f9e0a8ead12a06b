/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/batches.h"

#include <stdlib.h>
#include <string.h>

enum rp_code rp_batches_init(struct rp_batches *b, struct rp_error *error)
{
    *b = (struct rp_batches){
        .size = 1, .response = calloc(RP_BATCHES_MAX, sizeof *b->response)};
    return b->response ? RP_OK
                       : rp_fail(error, RP_ERR_MEMORY,
                                 "out of memory for batches of answers");
}

/* Batches from number `first` on are as if nothing had been in them. */
static void clear(struct rp_batches *b, size_t first)
{
    const size_t n = RP_BATCHES_MAX - first;

    memset(b->response + first, 0, n * sizeof *b->response);
    memset(b->response_ns + first, 0, n * sizeof *b->response_ns);
    memset(b->span_ns + first, 0, n * sizeof *b->span_ns);
}

void rp_batches_begin(struct rp_batches *b, uint64_t now_ns)
{
    b->size = 1;
    b->count = 0;
    b->since_ns = now_ns;
    clear(b, 0);
}

void rp_batches_pair(struct rp_batches *b)
{
    const size_t half = b->count / 2;

    for (size_t i = 0; i < half; i++) {
        if (i > 0)
            b->response[i] = b->response[2 * i];
        rp_histogram_merge(&b->response[i], &b->response[2 * i + 1]);
        b->response_ns[i] = b->response_ns[2 * i] + b->response_ns[2 * i + 1];
        b->span_ns[i] = b->span_ns[2 * i] + b->span_ns[2 * i + 1];
    }
    b->count = half;
    b->size *= 2;
    clear(b, half);
}

void rp_batches_add(struct rp_batches *b, uint64_t now_ns, uint64_t response_ns)
{
    struct rp_histogram *const h = &b->response[b->count];

    rp_histogram_add(h, response_ns);
    b->response_ns[b->count] += (double)response_ns;
    if (h->total < b->size)
        return;
    b->span_ns[b->count++] = (double)(now_ns - b->since_ns);
    b->since_ns = now_ns;
    if (b->count == RP_BATCHES_MAX)
        rp_batches_pair(b);
}

void rp_batches_free(struct rp_batches *b)
{
    free(b->response);
    *b = (struct rp_batches){0};
}
