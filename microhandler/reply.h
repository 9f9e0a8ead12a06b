/**
 * Replies: the text of a response.
 *
 * Made into a buffer of the connection's, head and body together, so that it
 * goes out in one write.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MICROHANDLER_REPLY_H
#define RP_MICROHANDLER_REPLY_H

#include "microhandler/walk.h"

#include <stdbool.h>
#include <stddef.h>

/** The largest reply: that to /metrics. */
enum { RP_REPLY_SIZE = 16384 };

struct rp_reply {
    size_t length;
    char text[RP_REPLY_SIZE];
};

/** What a response says. */
struct rp_response {
    unsigned status;
    bool keeps_alive;           /* the connection stays open */
    bool head;                  /* of a HEAD request: no body is sent */
    const char *allow;          /* of 405: "GET, HEAD"; or NULL */
    const struct rp_walk *walk; /* whose times are told; or NULL */
};

/** A status with its words as the body; of a walk also the Server-Timing: how
 * many milliseconds went into each kind of step until now. */
void rp_reply_make(struct rp_reply *reply, const struct rp_response *response);

/** 200 with the metrics as the body. */
void rp_reply_metrics(struct rp_reply *reply,
                      const struct rp_response *response,
                      const struct rp_metrics *metrics);

#endif
