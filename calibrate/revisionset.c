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
    bool by_commit;       /* else by name */
    char list[LIST_SIZE]; /* revisions that are there */
};

static bool is_of(const struct rp_dataset *d, const struct search *s)
{
    const size_t length = strlen(s->revision);

    return s->by_commit ? length >= HASH_LEAST &&
                              strncmp(d->commit, s->revision, length) == 0
                        : length > 0 && strcmp(d->revision, s->revision) == 0;
}

/* Once, though several sets may be of it. */
static void add_to_list(struct search *s, const char *revision)
{
    static const char comma[] = ", ";
    const size_t length = strlen(revision);
    const char *at = s->list;

    if (length == 0 || strlen(s->list) + length + sizeof comma > LIST_SIZE)
        return;
    while ((at = strstr(at, revision))) {
        if ((at == s->list || at[-1] == ' ') &&
            (at[length] == '\0' || at[length] == ','))
            return;
        at++;
    }
    (void)strcat(strcat(s->list, s->list[0] ? comma : ""), revision);
}

static enum rp_code take(struct search *s, const struct rp_dataset *d,
                         const char *name, struct rp_error *error)
{
    const size_t size = strlen(s->folder) + strlen(name) + 2;

    add_to_list(s, d->revision);
    if (!is_of(d, s))
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

/* In the order of names: a sentence is the same on every machine. */
static enum rp_code look_through(struct search *s, struct rp_error *error)
{
    struct dirent **entries = NULL;
    const int count = scandir(s->folder, &entries, NULL, alphasort);
    enum rp_code code = RP_OK;

    if (count < 0)
        return rp_fail_at(error, RP_ERR_IO, s->folder, 0, 0,
                          "cannot be opened: %s; name the folder that reqpath "
                          "bench wrote",
                          strerror(errno));
    s->list[0] = '\0';
    for (int i = 0; i < count; i++) {
        if (!code && entries[i]->d_name[0] != '.')
            code = look_into(s, entries[i]->d_name, error);
        free(entries[i]);
    }
    free(entries);
    return code;
}

enum rp_code rp_revisionset_find(const char *folder, const char *revision,
                                 char **path, struct rp_error *error)
{
    struct search s = {.folder = folder, .revision = revision};
    enum rp_code code = look_through(&s, error);

    if (!code && !s.found) {
        s.by_commit = true;
        code = look_through(&s, error);
    }
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
