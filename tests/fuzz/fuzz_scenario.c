/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/program.h"
#include "model/scenario.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Brackets nest and close, and resources are given back. */
static void walk(const struct rp_program *program)
{
    unsigned depth = 0;
    long taken = 0;

    for (size_t i = 0; i < program->step_count; i++) {
        const struct rp_step *const s = &program->steps[i];

        depth -= s->op == RP_STEP_LEAVE;
        if (s->depth != depth)
            abort();
        depth += s->op == RP_STEP_ENTER;
        taken += (s->op == RP_STEP_TAKE) - (s->op == RP_STEP_GIVE);
    }
    if (depth != 0 || taken != 0)
        abort();
}

/* The sentence begins with a place in the file, or in the trace that it names.
 */
static bool has_place(const struct rp_error *error, const uint8_t *data,
                      size_t size)
{
    if (strncmp(error->text, "fuzz", 4) == 0)
        return true;
    for (size_t i = 0; i + 5 <= size; i++)
        if (memcmp(data + i, "trace", 5) == 0)
            return error->text[0] != '\0';
    return false;
}

/* What is read passes its own checks and compiles; what is not read says so in
 * a sentence. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rp_scenario scenario = {0};
    struct rp_program program = {0};
    struct rp_error error = {0};

    if (rp_scenario_read_text((const char *)data, size, "fuzz", &scenario,
                              &error)) {
        if (!has_place(&error, data, size))
            abort();
        return 0;
    }
    if (rp_scenario_check(&scenario, &error))
        abort();
    for (size_t i = 0; i < rp_scenario_class_count(&scenario); i++) {
        const struct rp_scenario seen = rp_scenario_of_class(&scenario, i);

        if (rp_program_compile(&program, &seen, &error))
            abort();
        walk(&program);
        rp_program_free(&program);
    }
    rp_scenario_free(&scenario);
    return 0;
}
