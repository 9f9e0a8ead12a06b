/**
 * A folder of its own with git repositories in it, for tests that read them.
 *
 * Tests compare with files that git wrote, and never ask git what the code
 * under test has asked it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_TESTS_GITREPO_H
#define RP_TESTS_GITREPO_H

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static inline void gitrepo_shell(const char *line)
{
    cr_assert(eq(int, system(line), 0), "%s", line);
}

/** A new folder, made of the template as mkdtemp() makes it, becomes the one
 * that we work in; `repo` in it is on branch main, and `lines` fill it. */
static inline void gitrepo_begin(char *folder, const char *lines)
{
    char text[1024];

    cr_assert(mkdtemp(folder) != NULL);
    cr_assert(eq(int, chdir(folder), 0));
    (void)snprintf(text, sizeof text,
                   "git init -q -b main repo && cd repo && git config "
                   "user.email a@b.c && git config user.name n && %s",
                   lines);
    gitrepo_shell(text);
}

static inline void gitrepo_end(const char *folder)
{
    char line[128];

    cr_expect(eq(int, chdir("/"), 0));
    (void)snprintf(line, sizeof line, "/bin/rm -rf %s", folder);
    (void)!system(line);
}

/** The first line of a file, like a hash as git itself wrote it; valid until
 * the next call. */
static inline char *gitrepo_line(const char *path)
{
    static char line[256];
    FILE *const file = fopen(path, "r");

    cr_assert(file != NULL, "%s", path);
    line[0] = '\0';
    (void)!fgets(line, sizeof line, file);
    (void)fclose(file);
    line[strcspn(line, "\n")] = '\0';
    return line;
}

#endif
