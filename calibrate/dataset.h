/**
 * Data sets: folders of reports, read into measured runs.
 *
 * A data set is a folder with `dataset.yaml` (what was measured on what),
 * `runs.csv` (one row per run) and, for every run, ab's report and the file of
 * `ab -e` beside it (the same name, ending in .csv), or the report of another
 * tool as it wrote it (tool.h). The runs of one configuration are of one tool.
 * Whatever is said twice is compared: a report of another concurrency than its
 * row is refused, not averaged in. What ab itself shows to be worthless (failed
 * requests, a cut report) is left out, counted, and the first such report is
 * named.
 *
 * A server that is not CPython says which mechanisms of model/mechanism.h it
 * has not, as a scenario does: `mechanisms: {cold: false}`; a server without a
 * GIL says `gil: false`.
 *
 * `client: {keepalive: true}` says that connections served several requests, as
 * ab -k asks for; rows may say it for themselves. Where neither does, it was so
 * if the tool does it unless it is told not to. A configuration with keep-alive
 * is another one than that without.
 *
 * Where the server was built from a commit, `revision` is its name, `commit`
 * its hash.
 *
 * Keys of dataset.yaml that describe a measurement for people are known and not
 * read: design, app, seed, rounds, warm_up; of the host virtual, os, memory,
 * kernel, governor and load_average (of 1, 5 and 15 minutes when it began).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CALIBRATE_DATASET_H
#define RP_CALIBRATE_DATASET_H

#include "calibrate/measured.h"

/**
 * Read a data set and append it.
 *
 * @param folder    holds dataset.yaml and runs.csv
 * @param measured  zeroed, or with the data sets before; untouched on failure.
 *                  The speeds of its blocks are found anew (speeds.h)
 * @return RP_ERR_IO (no such folder, a file where a folder is expected, a
 *         report that is missing), RP_ERR_SYNTAX, RP_ERR_VALUE (unknown keys
 *         and columns, words, numbers out of range, a report that is of
 *         another run than its row), RP_ERR_UNUSABLE (no row, or no report
 *         that can be used), RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_dataset_read(const char *folder,
                                        struct rp_measured *measured,
                                        struct rp_error *error);

/**
 * The same without runs with keep-alive, which are counted: what a scenario
 * pays holds the connection, so costs can neither be found in them nor predict
 * them.
 *
 * @return also RP_ERR_UNUSABLE: no other run is there
 */
RP_CHECKED enum rp_code rp_dataset_read_for_costs(const char *folder,
                                                  struct rp_measured *measured,
                                                  struct rp_error *error);

/**
 * Read what dataset.yaml says, from `length` bytes of memory.
 *
 * @param dataset  written on success; release it with rp_dataset_free()
 * @return RP_ERR_SYNTAX, RP_ERR_VALUE, RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_dataset_read_text(const char *text, size_t length,
                                             const char *file_name,
                                             struct rp_dataset *dataset,
                                             struct rp_error *error);

/**
 * The scenario of a configuration: what was measured, as a user would have
 * described it, with ab as its client where ab measured it.
 *
 * @param dataset   the configuration's
 * @param scenario  written on success; release it with rp_scenario_free()
 * @return RP_ERR_VALUE (a letter that is unknown, a framework without rules),
 *         RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_dataset_scenario(const struct rp_dataset *dataset,
                                            const struct rp_config *config,
                                            struct rp_scenario *scenario,
                                            struct rp_error *error);

/**
 * Find what a request of a configuration pays, from its compiled program.
 *
 * @param config  its amounts are written on success
 * @return RP_ERR_VALUE (a scenario that cannot be), RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_dataset_amounts(const struct rp_dataset *dataset,
                                           struct rp_config *config,
                                           struct rp_error *error);

#endif
