/**
 * Journals: a data set that grows run by run, and survives being killed.
 *
 * The files of a run are written under other names and renamed when they are
 * whole; the row in runs.csv comes last. So a row means a run that is there,
 * whenever the process was killed, and whoever goes on reads the rows. A row
 * that was cut in the middle is taken away.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_BENCH_JOURNAL_H
#define RP_BENCH_JOURNAL_H

#include "bench/benchplan.h"
#include "bench/surroundings.h"

#include <stdbool.h>

/** The data set of the targets with one `set`. */
struct rp_journal {
    char *folder;
    const struct rp_plan *plan; /* borrowed, like the next */
    const char *set;            /* NULL: the output folder itself */
    size_t there_count;         /* rows when it was opened */
    char **there;               /* owned: their `file`, sorted */
    size_t row_count;           /* now */
    size_t last_count; /* columns behind those that all data sets have */
    char **last;       /* owned: their names, in the order of runs.csv */
};

/**
 * Open a data set, or begin one: its folder, dataset.yaml and runs.csv.
 *
 * @param output   the folder of all; made where it is not there
 * @param set      see struct rp_target; NULL: the output itself
 * @param client   version of the client, "" where it is not known
 * @param journal  written on success; rp_journal_close()
 * @return RP_ERR_IO, RP_ERR_VALUE (a runs.csv that is of something else),
 *         RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code
rp_journal_open(const char *output, const char *set, const struct rp_plan *plan,
                const struct rp_surroundings *surroundings, const char *client,
                struct rp_journal *journal, struct rp_error *error);

/** Bytes of a path within the data set. */
#define RP_JOURNAL_FILE_SIZE (RP_RUN_NAME_SIZE + 64)

/** "round-01/NAME_r01.txt", the report of a run, ".csv" where its load is open,
 * whose report is its rows; returns `file`. */
const char *rp_journal_file(const struct rp_plan *plan,
                            const struct rp_plan_run *run, unsigned round,
                            char file[RP_JOURNAL_FILE_SIZE]);

/** True where the run's row was there when the journal was opened. */
bool rp_journal_has(const struct rp_journal *journal, const char *file);

/** FOLDER/FILE with the suffix in place of its own; new memory, NULL: none. The
 * folder of the file is made. */
char *rp_journal_path(const struct rp_journal *journal, const char *file,
                      const char *suffix);

/** Where a run's report and percentiles are written before they are whole:
 * suffixes of rp_journal_path(). */
#define RP_JOURNAL_REPORT_PART ".txt.part"
#define RP_JOURNAL_CURVE_PART  ".csv.part"

/**
 * Keep a run: its files get their names (ab's percentiles, or the rows of an
 * open load, then what the client printed), then its row is added.
 *
 * @param requests  that were answered
 * @return RP_ERR_IO, RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_journal_keep(struct rp_journal *journal,
                                        const struct rp_plan_run *run,
                                        unsigned round, const char *file,
                                        unsigned requests,
                                        struct rp_error *error);

/** Harmless on a zeroed or closed one. */
void rp_journal_close(struct rp_journal *journal);

/** Write a file whole or not at all, and onto the disk. RP_ERR_IO. */
RP_CHECKED enum rp_code rp_journal_write(const char *path, const char *text,
                                         struct rp_error *error);

/** The same of `length` bytes. */
RP_CHECKED enum rp_code rp_journal_write_bytes(const char *path,
                                               const char *bytes, size_t length,
                                               struct rp_error *error);

#endif
