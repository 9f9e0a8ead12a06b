/**
 * Git: how a bench calls it.
 *
 * Whoever calls a bench from a hook has variables that name the hook's
 * repository; they are taken away, and hooks of the repository stay silent.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_BENCH_GIT_H
#define RP_BENCH_GIT_H

#include "model/error.h"

#include <signal.h>
#include <stdbool.h>

/**
 * Run `git -C REPOSITORY ARGUMENTS...`.
 *
 * @param arguments    NULL at the end; at most 8
 * @param log          file of what it prints, made anew
 * @param interrupted  as in rp_child_run(); may be NULL
 * @param good         written on success: its exit code was 0
 * @return RP_ERR_IO: git cannot be started
 */
RP_CHECKED enum rp_code rp_git_run(const char *repository,
                                   const char *const *arguments,
                                   const char *log,
                                   const volatile sig_atomic_t *interrupted,
                                   bool *good, struct rp_error *error);

#endif
