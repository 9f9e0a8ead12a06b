/**
 * Revision sets: which data set of a folder was measured on a revision.
 *
 * A bench of several revisions leaves a data set of each below its output.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CALIBRATE_REVISIONSET_H
#define RP_CALIBRATE_REVISIONSET_H

#include "model/error.h"

/**
 * Find it.
 *
 * @param folder    holds folders with a dataset.yaml
 * @param revision  as the plan named it; where none is named so, the first
 *                  seven digits or more of the commit
 * @param path      written on success: FOLDER/SET; new memory
 * @return RP_ERR_IO (no such folder), RP_ERR_VALUE (none, or several),
 *         RP_ERR_MEMORY, or what is wrong with a dataset.yaml
 */
RP_CHECKED enum rp_code rp_revisionset_find(const char *folder,
                                            const char *revision, char **path,
                                            struct rp_error *error);

#endif
