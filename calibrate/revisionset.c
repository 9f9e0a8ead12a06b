/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "calibrate/revisionset.h"

#include "calibrate/dataset.h"
#include "model/file.h"
#include "model/tree.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { HASH_LEAST = 7, LIST_SIZE = 400 };

struct search {
    const char *folder, *revision;
    char *found;          /* owned */
    char list[LIST_SIZE]; /* revisions that are there */
};

static bool is_of(const struct rp_dataset *d, const char *revision)
{
    const size_t length = strlen(revision);

    return strcmp(d->revision, revision) == 0 ||
           (length >= HASH_LEAST && strncmp(d->commit, revision, length) == 0);
}

static enum rp_code take(struct search *s, const struct rp_dataset *d,
                         const char *name, struct rp_error *error)
{
    const size_t size = strlen(s->folder) + strlen(name) + 2;

    if (d->revision[0] && strlen(s->list) + strlen(d->revision) + 3 < LIST_SIZE)
        (void)strcat(strcat(s->list, s->list[0] ? ", " : ""), d->revision);
    if (!is_of(d, s->revision))
        return RP_OK;
    if (s->found)
        return rp_fail_at(error, RP_ERR_VALUE, s->folder, 0, 0,
                          "%s and %s/%s are both of \"%s\"; name the two data "
                          "sets themselves",
                          s->found, s->folder, name, s->revision);
    s->found = malloc(size);
    if (!s->found)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for a data set");
    (void)snprintf(s->found, size, "%s/%s", s->folder, name);
    return RP_OK;
}

static enum rp_code look_into(struct search *s, const char *name,
                              struct rp_error *error)
{
    static const char file[] = "/dataset.yaml";
    const size_t size = strlen(s->folder) + strlen(name) + sizeof file + 1;
    char *const path = malloc(size);
    struct rp_dataset dataset = {0};
    char *bytes = NULL;
    size_t length = 0;
    enum rp_code code = RP_OK;

    if (!path)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for a data set");
    (void)snprintf(path, size, "%s/%s%s", s->folder, name, file);
    if (access(path, F_OK) == 0) {
        code = rp_file_read(path, RP_TREE_BYTES_MAX, "a YAML file", &bytes,
                            &length, error);
        if (!code)
            code = rp_dataset_read_text(bytes, length, path, &dataset, error);
        if (!code)
            code = take(s, &dataset, name, error);
    }
    rp_dataset_free(&dataset);
    free(bytes);
    free(path);
    return code;
}

enum rp_code rp_revisionset_find(const char *folder, const char *revision,
                                 char **path, struct rp_error *error)
{
    struct search s = {.folder = folder, .revision = revision};
    DIR *const directory = opendir(folder);
    const struct dirent *entry;
    enum rp_code code = RP_OK;

    if (!directory)
        return rp_fail_at(error, RP_ERR_IO, folder, 0, 0,
                          "cannot be opened: %s; name the folder that reqpath "
                          "bench wrote",
                          strerror(errno));
    while (!code && (entry = readdir(directory)))
        if (entry->d_name[0] != '.')
            code = look_into(&s, entry->d_name, error);
    (void)closedir(directory);
    if (!code && !s.found)
        code = rp_fail_at(error, RP_ERR_VALUE, folder, 0, 0,
                          "found no data set of the revision \"%s\" below it, "
                          "expected one of: %s",
                          revision, s.list[0] ? s.list : "none is there");
    if (code)
        free(s.found);
    else
        *path = s.found;
    return code;
}
