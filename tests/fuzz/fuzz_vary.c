/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/edit.h"
#include "plan/grid.h"
#include "plan/vary.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char base[] =
    "server: {kind: gthread}\n"
    "middleware: [{name: a, kind: sync}, {name: b, kind: hybrid}]\n"
    "view: {wait: 1ms}\n";

/* Every value is a text, and as an edit it makes a scenario, whose text is read
 * again, or is refused in a sentence. */
static void try_value(const struct rp_draft *draft, const struct rp_edit *edit)
{
    struct rp_error error = {0};
    struct rp_scenario scenario = {0};
    char *text = NULL;

    if (rp_draft_text(draft, edit, 1, &text, &error)) {
        if (!error.text[0])
            abort();
        return;
    }
    if (rp_scenario_read_text(text, strlen(text), "fuzz", &scenario, &error))
        abort();
    rp_scenario_free(&scenario);
    free(text);
}

static void try_values(const struct rp_draft *draft, const struct rp_vary *vary)
{
    const size_t tried[] = {0, vary->count / 2, vary->count - 1};

    for (size_t i = 0; i < 3; i++) {
        char buffer[RP_VARY_VALUE_SIZE];
        const struct rp_edit edit = {vary->key,
                                     rp_vary_value(vary, tried[i], buffer)};

        try_value(draft, &edit);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rp_draft draft = {0};
    struct rp_vary vary = {0};
    struct rp_grid grid = {0};
    struct rp_error error = {0};
    char *const text = malloc(size + 1);

    if (!text)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    if (rp_draft_read_text(base, strlen(base), "base", &draft, &error))
        abort();
    if (rp_vary_parse(text, &vary, &error)) {
        if (strncmp(error.text, "--vary", 6) != 0)
            abort();
    } else {
        if (vary.count == 0 || vary.count > RP_VARY_COUNT_MAX)
            abort();
        try_values(&draft, &vary);
        if (rp_grid_make(&vary, 1, 0, &grid, &error) ||
            grid.count != vary.count)
            abort();
    }
    rp_grid_free(&grid);
    rp_vary_free(&vary);
    rp_draft_free(&draft);
    free(text);
    return 0;
}
