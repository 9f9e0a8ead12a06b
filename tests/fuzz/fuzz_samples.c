/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/samples.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition)
{
    if (!condition)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rp_peer peer;
    struct rp_error error = {0};

    rp_peer_init(&peer);
    if (rp_samples_read_text((const char *)data, size, "x", &peer, &error)) {
        require(error.text[0] && isnan(peer.rps) && !peer.useless[0]);
        return 0;
    }
    if (peer.useless[0])
        return 0;
    require(peer.requests > 0 && peer.rps >= 0.0);
    require(!(peer.latency_ms < 0.0) && !(peer.longest_ms < 0.0));
    for (size_t m = 0; m < RP_METRIC_COUNT; m++)
        require(!(peer.percent_ms[m] < 0.0));
    return 0;
}
