/**
 * A program of somebody else's that uses the installed library: it reads a
 * scenario, gives it a stack, compiles the request's path and counts what it
 * crosses. The counts are those of the real Django 3.2 under daphne.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "model/program.h"
#include "model/scenario.h"
#include "sim/init.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void)
{
    static const char yaml[] = "server:\n  kind: daphne\n";
    struct rp_scenario scenario = {0};
    struct rp_program program = {0};
    struct rp_error error = {0};
    int status = EXIT_FAILURE;

    rp_init();
    if (rp_scenario_read_text(yaml, strlen(yaml), "daphne.yaml", &scenario,
                              &error) == RP_OK &&
        rp_scenario_set_letters(&scenario, "S A S", &error) == RP_OK &&
        rp_program_compile(&program, &scenario, &error) == RP_OK) {
        const struct rp_counts counts = rp_program_count(&program);

        printf("S A S: %u sync_to_async, %u async_to_sync, %u loops, "
               "%u threads\n",
               counts.sync_to_async, counts.async_to_sync, counts.loops_created,
               counts.threads_created);
        status = EXIT_SUCCESS;
    } else {
        (void)fprintf(stderr, "%s\n", error.text);
    }
    rp_program_free(&program);
    rp_scenario_free(&scenario);
    return status;
}
