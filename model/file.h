/**
 * Files: their bytes in memory, or one sentence why not.
 *
 * Every reader of this library works on text in memory, so that it can be
 * tested and fuzzed without files. This is the one place where the bytes come
 * from: a file by its name, or standard input by "-".
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MODEL_FILE_H
#define RP_MODEL_FILE_H

#include "model/error.h"

#include <stddef.h>

/** What sentences call `path`: "-" is "standard input". */
const char *rp_file_name(const char *path);

/**
 * Read a file into memory.
 *
 * @param path       "-" is standard input
 * @param max_bytes  reading stops one byte after these, so that a longer file
 *                   shows by its length, and the caller says what is too much
 * @param expected   what the file should be, for the sentence about a
 *                   directory: "a YAML file"
 * @param bytes      a new buffer with a zero behind the last byte; the caller
 *                   frees it. Untouched on failure, like `length`
 * @return RP_ERR_IO (no such file, a directory, unreadable), RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_file_read(const char *path, size_t max_bytes,
                                     const char *expected, char **bytes,
                                     size_t *length, struct rp_error *error);

#endif
