/**
 * Result files: what other commands wrote with --format json, read again.
 *
 * A page or a notebook is made from results that are there already. Each says
 * by its schema which command made it; what cannot be such a file is refused
 * with its place, before anything is written. Only what every reader needs is
 * asked for: members that a later version adds do no harm.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_REPORT_RESULTFILE_H
#define RP_REPORT_RESULTFILE_H

#include "model/error.h"

#include <jansson.h>
#include <stddef.h>

/* The schemas that are known, without their version, and who writes them. */
#define RP_RESULTFILE_LIST(X)                                                  \
    X(RP_RESULTFILE_EXPLAIN, "reqpath.explain", "explain")                     \
    X(RP_RESULTFILE_AGAINST, "reqpath.explain.against", "explain --against")   \
    X(RP_RESULTFILE_SIMULATE, "reqpath.simulate", "simulate")                  \
    X(RP_RESULTFILE_VALIDATE, "reqpath.validate", "validate")                  \
    X(RP_RESULTFILE_WHATIF, "reqpath.whatif", "whatif")                        \
    X(RP_RESULTFILE_PLAN, "reqpath.plan", "plan")                              \
    X(RP_RESULTFILE_CALIBRATE, "reqpath.calibrate", "calibrate")

#define RP_RESULTFILE_AS_ENUM(kind, schema, command) kind,
enum rp_resultfile_kind { RP_RESULTFILE_LIST(RP_RESULTFILE_AS_ENUM) };
#undef RP_RESULTFILE_AS_ENUM

/** More than a result has: a file of gigabytes is none. */
#define RP_RESULTFILE_BYTES_MAX (256u << 20)

struct rp_resultfile {
    enum rp_resultfile_kind kind;
    char *name;   /* owned: what sentences call the file */
    json_t *root; /* owned: the object; its "rows" are checked */
};

/**
 * Read a result; "-" is standard input.
 *
 * @return RP_ERR_IO, RP_ERR_SYNTAX (no JSON), RP_ERR_VALUE (no schema that is
 * known, a member that is missing), RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_resultfile_read(const char *path,
                                           struct rp_resultfile *file,
                                           struct rp_error *error);

/** The same from memory; `name` is what sentences call it. */
RP_CHECKED enum rp_code rp_resultfile_parse(const char *bytes, size_t length,
                                            const char *name,
                                            struct rp_resultfile *file,
                                            struct rp_error *error);

/** "explain", "simulate", ...: the command that writes the kind. */
const char *rp_resultfile_command(enum rp_resultfile_kind kind);

/** Harmless on a zeroed or freed one. */
void rp_resultfile_free(struct rp_resultfile *file);

#endif
