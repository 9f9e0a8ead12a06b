/**
 * Extents: which configurations a profile was calibrated on.
 *
 * A cost is as good as the runs that it comes from. So calibration writes down,
 * server by server, what those runs were: which stacks with which view, at
 * which concurrency, on how many processes, threads and cores, with which wait
 * and CPU of the view, and between which numbers of layers and crossings. Who
 * asks about something else is then told so (model/validity.h).
 *
 * In a profile it is the section `range`, one entry a server:
 *
 *     range:
 *       - server: gunicorn
 *         layers: [0, 4]
 *         sync_to_async: [0, 3]
 *         async_to_sync: [0, 2]
 *         points:
 *           - {path: dual, view: sync, app_in_loop: false, threads: 1,
 *              processes: 1, cores: 1, concurrency: 1, wait: 0us, cpu: 0us,
 *              stacks: [none, S, SS]}
 *
 * Settings of servers without a GIL have "free_threaded: true" besides.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MODEL_EXTENT_H
#define RP_MODEL_EXTENT_H

#include "model/error.h"
#include "model/item.h"
#include "model/node.h"
#include "model/scenario.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/** The longest stack in letters, and its closing zero. */
#define RP_EXTENT_STACK_SIZE 64

/** What runs of one kind have in common, but for their stack. */
struct rp_setting {
    enum rp_path path;
    bool view_async;
    bool app_in_loop;   /* an ASGI server built the application in its loop */
    bool free_threaded; /* without a GIL */
    unsigned threads, processes, concurrency; /* >= 1 */
    unsigned cores;                           /* rp_setting_cores(), >= 1 */
    double wait_ns, cpu_ns;                   /* of the request's own */
};

/** How much of something a request pays. */
struct rp_span {
    unsigned least, most;
};

/** One setting, and the stacks that were measured in it. */
struct rp_covered_point {
    struct rp_setting setting;
    size_t stack_count;
    char (*stacks)[RP_EXTENT_STACK_SIZE]; /* owned; letters, "" is none */
};

struct rp_covered_server {
    enum rp_server_kind kind;
    struct rp_span layers, sync_to_async, async_to_sync;
    size_t point_count;
    struct rp_covered_point *points; /* owned */
};

/** Zeroed: nothing is known of it, as in a profile without the section. */
struct rp_extent {
    size_t server_count;
    struct rp_covered_server *servers; /* owned; one a kind */
};

/** The cores that processes with a GIL can use at a time: one each. A second
 * core beside a single process changes nothing that was measured. */
unsigned rp_setting_cores(unsigned cores, unsigned processes);

/** The crossings among the items that a request pays. */
void rp_extent_crossings(const double amounts[RP_ITEM_COUNT],
                         unsigned *sync_to_async, unsigned *async_to_sync);

/**
 * Add a configuration that was measured.
 *
 * @param stack    letters, shorter than RP_EXTENT_STACK_SIZE; "" is none
 * @param amounts  what each request pays
 * @return RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code
rp_extent_add(struct rp_extent *extent, enum rp_server_kind server,
              const struct rp_setting *setting, const char *stack,
              const double amounts[RP_ITEM_COUNT], struct rp_error *error);

/** What is known of a server; NULL: nothing. */
const struct rp_covered_server *rp_extent_server(const struct rp_extent *extent,
                                                 enum rp_server_kind kind);

/** True where that stack was measured in that setting. */
bool rp_extent_has(const struct rp_covered_server *server,
                   const struct rp_setting *setting, const char *stack);

/**
 * Read the section of a profile.
 *
 * @param list      NULL: the profile has none
 * @param extent    zeroed; release with rp_extent_free(), also after failure
 * @return RP_ERR_VALUE (unknown keys and words, values out of range, a server
 *         twice), RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_extent_read(const struct rp_node *list,
                                       struct rp_extent *extent,
                                       struct rp_error *error);

/** Write the section, nothing where there is none; the stream keeps its
 * errors. */
void rp_extent_write(const struct rp_extent *extent, FILE *out);

/** Harmless on a zeroed or freed extent. */
void rp_extent_free(struct rp_extent *extent);

#endif
