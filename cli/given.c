/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/given.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum rp_code rp_given_apart(const char *written, const char *const *read,
                            size_t count, struct rp_error *error)
{
    for (size_t i = 0; i < count; i++)
        if (rp_is_same_file(written, read[i]))
            return rp_fail_at(error, RP_ERR_VALUE, written, 0, 0,
                              "the file would be written over, as it is named "
                              "twice: give the output a name of its own");
    return RP_OK;
}

enum rp_code rp_given_scenario(const char *path, const struct rp_common *common,
                               struct rp_draft *draft,
                               char seed[RP_GIVEN_SEED_SIZE],
                               struct rp_scenario *scenario,
                               struct rp_error *error)
{
    const struct rp_edit edit = {"seed", seed};
    const enum rp_code code = rp_draft_read(path, draft, error);

    if (common->seed_set)
        (void)snprintf(seed, RP_GIVEN_SEED_SIZE, "%llu",
                       (unsigned long long)common->seed);
    return code ? code
                : rp_draft_scenario(draft, &edit, common->seed_set, scenario,
                                    error);
}

char *rp_given_line(int argc, char **argv)
{
    size_t size = 1;
    char *line, *at;

    for (int i = 0; i < argc; i++)
        size += strlen(argv[i]) + 1;
    line = at = calloc(size, 1);
    for (int i = 0; line && i < argc; i++)
        at += sprintf(at, "%s%s", i > 0 ? " " : "", argv[i]);
    return line;
}
