/**
 * Importing: reports that somebody measured by hand become runs of a data set.
 *
 * Each file is one run of the configuration that the options say. It is read by
 * the reader of its tool, copied as it is into the folder `imported` of the
 * data set, and gets a row in runs.csv. Everything is read and checked before
 * anything is written, and the rows come last, all at once: whenever the
 * process is killed, the data set is what it was or what it is to be.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_BENCH_IMPORTING_H
#define RP_BENCH_IMPORTING_H

#include "calibrate/measured.h"

/** Bytes of a path within the data set. */
enum { RP_IMPORT_FILE_SIZE = 320 };

struct rp_import {
    const char *output;      /* folder of the data set; made where needed */
    struct rp_config config; /* concurrency 0: as the reports say */
    bool tool_set;           /* config.tool is; else each file tells */
    unsigned round;          /* of the first file; 0: the next one */
    /* what a data set that is new says; NULL where not given */
    const char *name, *campaign, *framework_version, *asgiref_version;
    const char *python_version, *measured_on;
    unsigned processes; /* of the server */
    bool closes; /* every request had a connection of its own; else ab's reports
                    tell, and of other tools the data set, or their habit */
};

/** A file that was read. */
struct rp_imported {
    const char *source; /* borrowed */
    char file[RP_IMPORT_FILE_SIZE];
    unsigned round;
    struct rp_config config;
    struct rp_measured_run
        run; /* its file, configuration and block are not set */
    char lacks[RP_PEER_TEXT_SIZE]; /* sentences, one a line */
};

/**
 * Import files.
 *
 * @param sources   `count` paths, each of one run; "-" is none
 * @param imported  `count` of them, written on success
 * @return RP_ERR_IO, RP_ERR_SYNTAX (a file that is nobody's report),
 *         RP_ERR_VALUE (a data set, row or option that does not fit),
 *         RP_ERR_UNUSABLE (a report that cannot serve), RP_ERR_MEMORY. The data
 *         set is then as it was
 */
RP_CHECKED enum rp_code rp_import_files(const struct rp_import *import,
                                        char *const *sources, size_t count,
                                        struct rp_imported *imported,
                                        struct rp_error *error);

#endif
