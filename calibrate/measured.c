/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/measured.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

unsigned rp_measured_requests(const struct rp_measured *measured, size_t config)
{
    for (size_t run = 0; run < measured->run_count; run++)
        if (measured->runs[run].config == config)
            return measured->runs[run].requests;
    return 0;
}

bool rp_config_is_open(const struct rp_config *config)
{
    return config->open.rate_per_s > 0.0;
}

size_t rp_measured_open_runs(const struct rp_measured *measured)
{
    size_t open = 0;

    for (size_t run = 0; run < measured->run_count; run++)
        open +=
            rp_config_is_open(&measured->configs[measured->runs[run].config]);
    return open;
}

double rp_config_own_ns(const struct rp_config *config)
{
    return config->io_ns + config->cpu_ns;
}

int rp_config_compare(const struct rp_config *a, const struct rp_config *b)
{
    const double order[] = {
        (double)a->server - (double)b->server,
        (double)a->threads - (double)b->threads,
        (double)a->path - (double)b->path,
        (double)strlen(a->stack) - (double)strlen(b->stack),
        (double)strcmp(a->stack, b->stack),
        (double)a->view_async - (double)b->view_async,
        a->io_ns - b->io_ns,
        a->cpu_ns - b->cpu_ns,
        (double)a->concurrency - (double)b->concurrency,
        (double)a->keepalive - (double)b->keepalive,
    };

    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        if (order[i] < 0.0 || order[i] > 0.0)
            return order[i] < 0.0 ? -1 : 1;
    return rp_openload_compare(&a->open, &b->open);
}

struct rp_setting rp_config_setting(const struct rp_dataset *dataset,
                                    const struct rp_config *config)
{
    const struct rp_dataset_server *const server =
        &dataset->servers[config->server];

    return (struct rp_setting){
        .path = config->path,
        .view_async = config->view_async,
        .app_in_loop = server->in_loop,
        .free_threaded = server->free_threaded,
        .threads = config->threads,
        .processes = server->processes,
        .cores = server->free_threaded
                     ? dataset->cores
                     : rp_setting_cores(dataset->cores, server->processes),
        .concurrency = config->concurrency,
        .wait_ns = config->io_ns,
        .cpu_ns = config->cpu_ns};
}

void rp_config_describe(const struct rp_config *config, char *text, size_t size)
{
    char threads[24] = "", path[32] = "", io[32] = "", cpu[32] = "", load[80];

    (void)snprintf(load, sizeof load, "c = %u", config->concurrency);
    if (rp_config_is_open(config))
        (void)rp_openload_describe(&config->open, load, sizeof load);
    if (config->threads > 1)
        (void)snprintf(threads, sizeof threads, "%u", config->threads);
    if (config->path != RP_PATH_DUAL)
        (void)snprintf(path, sizeof path, ", %s path",
                       rp_path_word(config->path));
    if (config->io_ns > 0.0)
        (void)snprintf(io, sizeof io, ", io %g ms", config->io_ns / 1e6);
    if (config->cpu_ns > 0.0)
        (void)snprintf(cpu, sizeof cpu, ", cpu %g us", config->cpu_ns / 1e3);
    (void)snprintf(text, size, "%s%s%s, %s, %s view%s%s, %s%s",
                   rp_server_word(config->server), threads, path,
                   config->stack[0] ? config->stack : "no layer",
                   config->view_async ? "async" : "sync", io, cpu, load,
                   config->keepalive ? ", keep-alive" : "");
}

/* ---- Appending ---- */

/* The array with room for `more` elements behind its first `count`; NULL where
 * memory is short, and the array then stays as it is. */
static void *with_room(void *array, size_t count, size_t more, size_t size)
{
    return realloc(array, (count + more + 1) * size);
}

static bool make_room(struct rp_measured *into, const struct rp_measured *from)
{
    struct rp_dataset *const datasets =
        with_room(into->datasets, into->dataset_count, from->dataset_count,
                  sizeof *datasets);
    char **const campaigns = with_room(into->campaigns, into->campaign_count,
                                       from->campaign_count, sizeof *campaigns);
    struct rp_config *const configs = with_room(
        into->configs, into->config_count, from->config_count, sizeof *configs);
    struct rp_measured_run *const runs =
        with_room(into->runs, into->run_count, from->run_count, sizeof *runs);
    struct rp_block *const blocks = with_room(
        into->blocks, into->block_count, from->block_count, sizeof *blocks);

    into->datasets = datasets ? datasets : into->datasets;
    into->campaigns = campaigns ? campaigns : into->campaigns;
    into->configs = configs ? configs : into->configs;
    into->runs = runs ? runs : into->runs;
    into->blocks = blocks ? blocks : into->blocks;
    return datasets && campaigns && configs && runs && blocks;
}

/* The campaign of that name; the name is moved or freed. */
static size_t take_campaign(struct rp_measured *into, char *name)
{
    size_t at = 0;

    while (at < into->campaign_count && strcmp(into->campaigns[at], name) != 0)
        at++;
    if (at == into->campaign_count)
        into->campaigns[into->campaign_count++] = name;
    else
        free(name);
    return at;
}

static size_t take_block(struct rp_measured *into, struct rp_block block)
{
    size_t at = 0;

    while (at < into->block_count &&
           (into->blocks[at].campaign != block.campaign ||
            into->blocks[at].round != block.round))
        at++;
    if (at == into->block_count)
        into->blocks[into->block_count++] = block;
    return at;
}

enum rp_code rp_measured_append(struct rp_measured *into,
                                struct rp_measured *from,
                                struct rp_error *error)
{
    const size_t first_dataset = into->dataset_count;
    const size_t first_config = into->config_count;
    size_t *const campaign = calloc(from->campaign_count + 1, sizeof *campaign);
    size_t *const block = calloc(from->block_count + 1, sizeof *block);

    if (!campaign || !block || !make_room(into, from)) {
        free(campaign);
        free(block);
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for %zu runs",
                       from->run_count);
    }
    for (size_t i = 0; i < from->campaign_count; i++)
        campaign[i] = take_campaign(into, from->campaigns[i]);
    for (size_t i = 0; i < from->block_count; i++) {
        from->blocks[i].campaign = campaign[from->blocks[i].campaign];
        block[i] = take_block(into, from->blocks[i]);
    }
    for (size_t i = 0; i < from->dataset_count; i++)
        into->datasets[into->dataset_count++] = from->datasets[i];
    for (size_t i = 0; i < from->config_count; i++) {
        from->configs[i].dataset += first_dataset;
        into->configs[into->config_count++] = from->configs[i];
    }
    for (size_t i = 0; i < from->run_count; i++) {
        from->runs[i].config += first_config;
        from->runs[i].block = block[from->runs[i].block];
        into->runs[into->run_count++] = from->runs[i];
    }
    free(campaign);
    free(block);
    from->dataset_count = from->campaign_count = from->run_count = 0;
    rp_measured_free(from);
    return RP_OK;
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
        dataset->revision,
        dataset->commit,
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
    for (size_t i = 0; i < measured->run_count; i++) {
        free(measured->runs[i].file);
        free(measured->runs[i].planned_ns);
    }
    free(measured->runs);
    free(measured->configs);
    free(measured->blocks);
    *measured = (struct rp_measured){0};
}
