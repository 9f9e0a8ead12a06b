/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "bench/git.h"

#include "bench/child.h"

#include <stdlib.h>
#include <string.h>

enum { ARGUMENTS_MAX = 8, TEXTS_MAX = ARGUMENTS_MAX + 6 };

enum rp_code rp_git_run(const char *repository, const char *const *arguments,
                        const char *log,
                        const volatile sig_atomic_t *interrupted, bool *good,
                        struct rp_error *error)
{
    static const char *const first[] = {"git", "-C", NULL, "-c",
                                        "core.hooksPath=/dev/null"};
    static const char *const hidden[] = {"GIT_DIR",
                                         "GIT_WORK_TREE",
                                         "GIT_INDEX_FILE",
                                         "GIT_PREFIX",
                                         "GIT_COMMON_DIR",
                                         "GIT_OBJECT_DIRECTORY",
                                         "GIT_ALTERNATE_OBJECT_DIRECTORIES"};
    const size_t head = sizeof first / sizeof *first;
    char *texts[TEXTS_MAX] = {0}, *env[sizeof hidden / sizeof *hidden];
    struct rp_child_end end = {0};
    const struct rp_child_start start = {.arguments = texts,
                                         .env = env,
                                         .env_count = sizeof env / sizeof *env,
                                         .output = log,
                                         .remedy =
                                             "revisions need git: install it, "
                                             "or measure what is there without "
                                             "the key git"};
    enum rp_code code = RP_OK;
    size_t count = 0;

    for (; count < head; count++)
        texts[count] = strdup(first[count] ? first[count] : repository);
    for (size_t i = 0; i < ARGUMENTS_MAX && arguments[i]; i++)
        texts[count++] = strdup(arguments[i]);
    for (size_t i = 0; i < start.env_count; i++)
        if (!(env[i] = strdup(hidden[i])))
            code = RP_ERR_MEMORY;
    for (size_t i = 0; i < count; i++)
        if (!texts[i])
            code = RP_ERR_MEMORY;
    if (code)
        (void)rp_fail(error, code, "out of memory");
    else
        code = rp_child_run(&start, interrupted, &end, error);
    for (size_t i = 0; i < count; i++)
        free(texts[i]);
    for (size_t i = 0; i < start.env_count; i++)
        free(env[i]);
    if (!code)
        *good = end.exited && end.status == 0;
    return code;
}
