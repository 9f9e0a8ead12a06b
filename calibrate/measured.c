/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/measured.h"

#include <stdio.h>
#include <stdlib.h>

double rp_config_own_ns(const struct rp_config *config)
{
    return config->io_ns + config->cpu_ns;
}

void rp_config_describe(const struct rp_config *config, char *text, size_t size)
{
    char threads[24] = "", io[32] = "", cpu[32] = "";

    if (config->threads > 1)
        (void)snprintf(threads, sizeof threads, "%u", config->threads);
    if (config->io_ns > 0.0)
        (void)snprintf(io, sizeof io, ", io %g ms", config->io_ns / 1e6);
    if (config->cpu_ns > 0.0)
        (void)snprintf(cpu, sizeof cpu, ", cpu %g us", config->cpu_ns / 1e3);
    (void)snprintf(text, size, "%s%s, %s, %s view%s%s, c = %u",
                   rp_server_word(config->server), threads,
                   config->stack[0] ? config->stack : "no layer",
                   config->view_async ? "async" : "sync", io, cpu,
                   config->concurrency);
}

void rp_dataset_free(struct rp_dataset *dataset)
{
    char *const texts[] = {
        dataset->folder,
        dataset->name,
        dataset->campaign,
        dataset->framework,
        dataset->framework_version,
        dataset->asgiref_version,
        dataset->python_version,
        dataset->cpu,
        dataset->measured_on,
    };

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        free(texts[i]);
    *dataset = (struct rp_dataset){0};
}

void rp_measured_free(struct rp_measured *measured)
{
    for (size_t i = 0; i < measured->dataset_count; i++)
        rp_dataset_free(&measured->datasets[i]);
    for (size_t i = 0; i < measured->campaign_count; i++)
        free(measured->campaigns[i]);
    free(measured->datasets);
    free(measured->campaigns);
    for (size_t i = 0; i < measured->run_count; i++)
        free(measured->runs[i].file);
    free(measured->runs);
    free(measured->configs);
    free(measured->blocks);
    *measured = (struct rp_measured){0};
}
