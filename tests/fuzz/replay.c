/**
 * Replay: a fuzz target without a fuzzer.
 *
 * libFuzzer comes with clang only. Linked with this file instead, a fuzz
 * target runs once through the files of the folders that it is given, so that
 * its seeds and old findings are ordinary tests.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define _POSIX_C_SOURCE 200809L

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Bytes beyond the input would hide a reader that runs over its end from the
 * sanitizer: the buffer is exactly as long as the file. */
static bool replay_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    uint8_t *data = NULL;
    long length = -1;
    bool done = false;

    if (file == NULL || fseek(file, 0, SEEK_END) != 0 ||
        (length = ftell(file)) < 0 || fseek(file, 0, SEEK_SET) != 0)
        goto out;

    const size_t size = (size_t)length;

    data = malloc(size > 0 ? size : 1);
    if (data == NULL || fread(data, 1, size, file) != size)
        goto out;
    (void)LLVMFuzzerTestOneInput(data, size);
    done = true;
out:
    if (!done)
        (void)fprintf(stderr, "%s: %s\n", path, strerror(errno));
    free(data);
    if (file != NULL)
        (void)fclose(file);
    return done;
}

static int is_seed(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* Returns the number of files that went through, -1 after a failure. */
static int replay_folder(const char *folder)
{
    struct dirent **entries = NULL;
    const int count = scandir(folder, &entries, is_seed, alphasort);
    int replayed = 0;

    if (count < 0)
        (void)fprintf(stderr, "%s: %s\n", folder, strerror(errno));
    for (int i = 0; i < count; i++) {
        char path[4096];
        const int length =
            snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);

        if (length > 0 && (size_t)length < sizeof path && replay_file(path))
            replayed++;
        free(entries[i]);
    }
    free(entries);
    return replayed == count ? replayed : -1;
}

int main(int argc, char **argv)
{
    int total = 0;

    (void)LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
    for (int i = 1; i < argc; i++) {
        const int replayed = replay_folder(argv[i]);

        if (replayed < 0)
            return EXIT_FAILURE;
        total += replayed;
    }
    printf("%d seeds replayed\n", total);
    if (total == 0)
        (void)fputs("no seeds: each target needs one at least\n", stderr);
    return total > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
