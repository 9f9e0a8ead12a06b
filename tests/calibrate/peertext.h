/**
 * Files of other tools, for tests: read by the reader that is under test.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_TESTS_PEERTEXT_H
#define RP_TESTS_PEERTEXT_H

#include "calibrate/peer.h"
#include "model/file.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <criterion/parameterized.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef enum rp_code (*peer_reader)(const char *text, size_t length,
                                    const char *file_name, struct rp_peer *peer,
                                    struct rp_error *error);

static inline struct rp_peer peer_of_text(peer_reader reader, const char *text)
{
    struct rp_peer peer;
    struct rp_error error = {0};

    cr_assert(eq(int, reader(text, strlen(text), "x", &peer, &error), RP_OK),
              "%s", error.text);
    return peer;
}

static inline struct rp_peer peer_of_file(peer_reader reader, const char *name)
{
    char path[512];
    char *bytes = NULL;
    size_t length = 0;
    struct rp_peer peer;
    struct rp_error error = {0};

    (void)snprintf(path, sizeof path, RP_SOURCE_DIR "/tests/data/peers/%s",
                   name);
    cr_assert(eq(int,
                 rp_file_read(path, RP_PEER_BYTES_MAX, "a report", &bytes,
                              &length, &error),
                 RP_OK),
              "%s", error.text);
    cr_assert(eq(int, reader(bytes, length, name, &peer, &error), RP_OK), "%s",
              error.text);
    free(bytes);
    return peer;
}

static inline void peer_refused(peer_reader reader, const char *text,
                                enum rp_code code, const char *sentence)
{
    struct rp_peer peer = {.requests = 7};
    struct rp_error error = {0};

    cr_expect(eq(int, reader(text, strlen(text), "x", &peer, &error), code));
    cr_expect(eq(str, error.text, (char *)sentence));
    cr_expect(eq(ulong, peer.requests, 7), "untouched");
}

#endif
