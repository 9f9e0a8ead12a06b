/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/without.h"

#include "cli/command.h"

#include <string.h>

enum { NAME_ROOM = 64 };

void rp_without_parse(const struct argp_state *state, const char *list,
                      struct rp_mechanisms *mechanisms)
{
    size_t count;
    const char *const *const names = rp_mechanism_names(&count);
    struct rp_error error = {0};

    for (const char *at = list;; at++) {
        const size_t length = strcspn(at, ",");
        char name[NAME_ROOM] = "";

        memcpy(name, at, length < NAME_ROOM ? length : NAME_ROOM - 1);
        if (!rp_mechanisms_switch_off(mechanisms, name)) {
            (void)rp_fail_word(&error, name, names, count);
            rp_command_usage(state, "--without: %s", error.text);
        }
        at += length;
        if (!*at)
            return;
    }
}

void rp_without_apply(const struct rp_mechanisms *mechanisms,
                      struct rp_measured *measured)
{
    const struct rp_mechanisms off = rp_mechanisms_without(mechanisms);

    for (size_t i = 0; i < measured->dataset_count; i++) {
        struct rp_mechanisms *const lacking = &measured->datasets[i].lacking;

        *lacking = rp_mechanisms_union(lacking, &off);
    }
}
