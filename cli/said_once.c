/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/said_once.h"

#include "cli/command.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static bool was_said(const struct rp_said *said, const char *line,
                     size_t length)
{
    const char *at = said->text;

    while (at && *at) {
        const size_t known = strcspn(at, "\n");

        if (known == length && strncmp(at, line, length) == 0)
            return true;
        at += known + (at[known] == '\n');
    }
    return false;
}

/* When memory is short a sentence may be said twice. */
static void remember(struct rp_said *said, const char *line, size_t length)
{
    char *const text = realloc(said->text, said->used + length + 2);

    if (!text)
        return;
    memcpy(text + said->used, line, length);
    memcpy(text + said->used + length, "\n", 2);
    said->text = text;
    said->used += length + 1;
}

void rp_said_warn(struct rp_said *said, const char *command,
                  const char *scenario, const char *lines)
{
    while (*lines) {
        const size_t length = strcspn(lines, "\n");

        if (!was_said(said, lines, length)) {
            rp_command_remark(command, "%s: %.*s", scenario, (int)length,
                              lines);
            remember(said, lines, length);
        }
        lines += length + (lines[length] == '\n');
    }
}

void rp_said_free(struct rp_said *said)
{
    free(said->text);
    *said = (struct rp_said){0};
}
