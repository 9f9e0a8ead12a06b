/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "model/file.h"

#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

const char *rp_file_name(const char *path)
{
    return strcmp(path, "-") == 0 ? "standard input" : path;
}

/* Room for `size` bytes and the closing zero. */
static char *grow(char *buffer, size_t size)
{
    char *const larger = realloc(buffer, size + 1);

    if (!larger)
        free(buffer);
    return larger;
}

static enum rp_code read_stream(FILE *stream, const char *file,
                                size_t max_bytes, char **bytes, size_t *length,
                                struct rp_error *error)
{
    size_t size = 16384, used = 0;
    char *buffer = grow(NULL, size);

    while (buffer) {
        used += fread(buffer + used, 1, size - used, stream);
        if (used < size || used > max_bytes)
            break;
        size = size > max_bytes / 2 ? max_bytes + 1 : size * 2;
        buffer = grow(buffer, size);
    }
    if (!buffer)
        return rp_fail_at(error, RP_ERR_MEMORY, file, 0, 0, "out of memory");
    if (ferror(stream)) {
        free(buffer);
        return rp_fail_at(error, RP_ERR_IO, file, 0, 0, "cannot be read: %s",
                          strerror(errno));
    }
    buffer[used] = '\0';
    *bytes = buffer;
    *length = used;
    return RP_OK;
}

static enum rp_code open_file(const char *path, const char *expected,
                              FILE **stream, struct rp_error *error)
{
    struct stat status;
    FILE *const opened = fopen(path, "rb");

    if (!opened)
        return rp_fail_at(error, RP_ERR_IO, path, 0, 0, "cannot be opened: %s",
                          strerror(errno));
    if (fstat(fileno(opened), &status) == 0 && S_ISDIR(status.st_mode)) {
        (void)fclose(opened);
        return rp_fail_at(error, RP_ERR_IO, path, 0, 0,
                          "found a directory, expected %s; name one of the "
                          "files in it",
                          expected);
    }
    *stream = opened;
    return RP_OK;
}

enum rp_code rp_file_read(const char *path, size_t max_bytes,
                          const char *expected, char **bytes, size_t *length,
                          struct rp_error *error)
{
    const char *const file = rp_file_name(path);
    FILE *stream = stdin;
    enum rp_code code;

    assert(max_bytes < SIZE_MAX / 4);
    if (file != path)
        return read_stream(stdin, file, max_bytes, bytes, length, error);
    code = open_file(path, expected, &stream, error);
    if (code)
        return code;
    code = read_stream(stream, file, max_bytes, bytes, length, error);
    (void)fclose(stream);
    return code;
}
