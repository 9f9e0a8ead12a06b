/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "calibrate/dataset.h"

#include "calibrate/runs.h"
#include "calibrate/speeds.h"
#include "model/excerpt.h"
#include "model/file.h"
#include "model/keys.h"
#include "model/program.h"
#include "model/tree.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* ---- dataset.yaml ---- */

/* The texts of a data set: key, field, must be there. */
static const struct text_key {
    const char *key;
    size_t offset;
    bool needed;
} texts[] = {
    {"name", offsetof(struct rp_dataset, name), true},
    {"campaign", offsetof(struct rp_dataset, campaign), true},
    {"framework", offsetof(struct rp_dataset, framework), true},
    {"framework_version", offsetof(struct rp_dataset, framework_version), true},
    {"asgiref_version", offsetof(struct rp_dataset, asgiref_version), true},
    {"python_version", offsetof(struct rp_dataset, python_version), false},
    {"measured_on", offsetof(struct rp_dataset, measured_on), true},
    {"revision", offsetof(struct rp_dataset, revision), false},
    {"commit", offsetof(struct rp_dataset, commit), false},
};

static enum rp_code copy_text(const struct rp_node *node, char **text,
                              struct rp_error *error)
{
    const enum rp_code code = rp_node_copy_text(node, text, error);

    if (code || *text)
        return code;
    *text = strdup("");
    return *text ? RP_OK : rp_fail(error, RP_ERR_MEMORY, "out of memory");
}

static enum rp_code read_texts(const struct rp_node *root,
                               struct rp_dataset *dataset,
                               struct rp_error *error)
{
    for (size_t i = 0; i < COUNT(texts); i++) {
        char **const to = (char **)(void *)((char *)dataset + texts[i].offset);
        const struct rp_node *node = rp_node_get(root, texts[i].key);
        enum rp_code code = RP_OK;

        if (texts[i].needed)
            code = rp_node_need(root, texts[i].key, &node, error);
        if (!code)
            code = copy_text(node, to, error);
        if (code)
            return code;
    }
    return RP_OK;
}

static enum rp_code check_version(const struct rp_node *root, const char *key,
                                  struct rp_error *error)
{
    const struct rp_node *const node = rp_node_get(root, key);
    struct rp_version version;
    char found[RP_EXCERPT_SIZE];

    if (rp_version_parse(node->text, &version))
        return RP_OK;
    return rp_node_fail(node, error, RP_ERR_VALUE,
                        "%s: found \"%s\", expected a version like 3.2.25", key,
                        rp_excerpt(node->text, found));
}

/* The words that describe a server for people are its version, worker and
 * loop; the others are read. */
static enum rp_code read_server(const struct rp_node *map,
                                struct rp_dataset *dataset,
                                struct rp_error *error)
{
    static const char *const known[] = {
        "version",   "worker", "processes",         "threads",
        "interface", "loop",   "app_built_in_loop", "gil"};
    static const char *const interfaces[] = {"wsgi", "asgi"};
    enum rp_server_kind kind;
    struct rp_dataset_server *server;
    uint64_t processes = 1;
    size_t interface;
    bool gil = true;
    char found[RP_EXCERPT_SIZE];
    enum rp_code code;

    if (!rp_server_parse(map->key, &kind))
        return rp_fail_at(error, RP_ERR_VALUE, map->file, map->key_line,
                          map->key_column,
                          "servers: found \"%s\", expected gunicorn, gthread, "
                          "runserver, daphne or uvicorn",
                          rp_excerpt(map->key, found));
    interface = rp_server_is_asgi(kind);
    server = &dataset->servers[kind];
    server->said = true;
    server->in_loop = rp_server_builds_in_loop(kind);
    code = rp_node_only_keys(map, known, COUNT(known), NULL, error);
    if (!code)
        code = rp_node_integer(rp_node_get(map, "processes"), 1, 10000,
                               &processes, error);
    if (!code)
        code = rp_node_bool(rp_node_get(map, "app_built_in_loop"),
                            &server->in_loop, error);
    if (!code)
        code = rp_node_bool(rp_node_get(map, "gil"), &gil, error);
    if (!code)
        code = rp_node_word(rp_node_get(map, "interface"), interfaces,
                            COUNT(interfaces), &interface, error);
    server->processes = (unsigned)processes;
    server->free_threaded = !gil;
    if (code)
        return code;
    if (interface != (size_t)rp_server_is_asgi(kind))
        return rp_node_fail(rp_node_get(map, "interface"), error, RP_ERR_VALUE,
                            "interface: %s speaks %s", rp_server_word(kind),
                            interfaces[!interface]);
    if (server->in_loop && !rp_server_is_asgi(kind))
        return rp_node_fail(rp_node_get(map, "app_built_in_loop"), error,
                            RP_ERR_VALUE, "app_built_in_loop: %s has no loop",
                            rp_server_word(kind));
    return RP_OK;
}

static enum rp_code read_servers(const struct rp_node *root,
                                 struct rp_dataset *dataset,
                                 struct rp_error *error)
{
    const struct rp_node *map = NULL;
    enum rp_code code = rp_node_need(root, "servers", &map, error);

    if (!code)
        code = rp_node_expect(map, RP_NODE_MAPPING, error);
    for (const struct rp_node *n = code ? NULL : map->first; n && !code;
         n = n->next)
        code = read_server(n, dataset, error);
    return code;
}

/* "0", "0-3" or "0,2,5" as how many; 0 where it is none of these. */
static unsigned count_cpus(const char *text)
{
    unsigned count = 0;

    for (;;) {
        char *end;
        const unsigned long low = strtoul(text, &end, 10);
        unsigned long high = low;

        if (end == text || text[0] == '-' || low > 100000)
            return 0;
        if (*end == '-') {
            text = end + 1;
            high = strtoul(text, &end, 10);
            if (end == text || high < low || high > 100000)
                return 0;
        }
        count += (unsigned)(high - low) + 1;
        if (*end == '\0')
            return count;
        if (*end != ',')
            return 0;
        text = end + 1;
    }
}

/* Cores are those that the server may use: all of the host, unless said. */
static enum rp_code read_host(const struct rp_node *map,
                              struct rp_dataset *dataset,
                              struct rp_error *error)
{
    static const char *const known[] = {
        "cpu",         "cores",  "virtual", "os",       "server_cpus",
        "client_cpus", "memory", "kernel",  "governor", "load_average"};
    const struct rp_node *const pinned = rp_node_get(map, "server_cpus");
    uint64_t cores = 1;
    enum rp_code code =
        rp_node_only_keys(map, known, COUNT(known), NULL, error);

    if (!code)
        code = rp_node_integer(rp_node_get(map, "cores"), 1, 100000, &cores,
                               error);
    if (!code)
        code = copy_text(rp_node_get(map, "cpu"), &dataset->cpu, error);
    dataset->cores = dataset->cpus = (unsigned)cores;
    if (!code && pinned) {
        char found[RP_EXCERPT_SIZE];

        dataset->cores = count_cpus(pinned->text);
        if (dataset->cores == 0)
            code = rp_node_fail(pinned, error, RP_ERR_VALUE,
                                "server_cpus: found \"%s\", expected numbers "
                                "of CPUs, like \"0\", \"0-3\" or \"0,2\"",
                                rp_excerpt(pinned->text, found));
    }
    return code;
}

static enum rp_code read_client(const struct rp_node *map,
                                struct rp_dataset *dataset,
                                struct rp_error *error)
{
    static const char *const known[] = {"tool", "version", "keepalive"};
    const struct rp_node *const keeps = rp_node_get(map, "keepalive");
    const char *tools[RP_TOOL_COUNT];
    enum rp_code code =
        rp_node_only_keys(map, known, COUNT(known), NULL, error);
    size_t tool = RP_TOOL_AB;

    for (unsigned i = 0; i < RP_TOOL_COUNT; i++)
        tools[i] = rp_tool_word((enum rp_tool)i);

    if (!code)
        code = rp_node_word(rp_node_get(map, "tool"), tools, COUNT(tools),
                            &tool, error);
    if (!code)
        code = rp_node_bool(keeps, &dataset->keepalive, error);
    dataset->tool = (enum rp_tool)tool;
    dataset->keepalive_said = keeps != NULL;
    return code;
}

/* What a server that is not CPython has not. */
static enum rp_code read_mechanisms(const struct rp_node *map,
                                    struct rp_dataset *dataset,
                                    struct rp_error *error)
{
    struct rp_mechanisms at_work = rp_mechanisms_all();
    const enum rp_code code =
        map ? rp_keys_read(map, "mechanisms", &at_work, error) : RP_OK;

    dataset->lacking = rp_mechanisms_without(&at_work);
    return code;
}

static enum rp_code read_root(const struct rp_node *root,
                              struct rp_dataset *dataset,
                              struct rp_error *error)
{
    static const char *const known[] = {"name",
                                        "campaign",
                                        "framework",
                                        "framework_version",
                                        "asgiref_version",
                                        "python_version",
                                        "servers",
                                        "mechanisms",
                                        "host",
                                        "client",
                                        "measured_on",
                                        "revision",
                                        "commit",
                                        "design",
                                        "app",
                                        "seed",
                                        "rounds",
                                        "warm_up"};
    enum rp_code code = rp_node_expect(root, RP_NODE_MAPPING, error);

    if (!code)
        code = rp_node_only_keys(root, known, COUNT(known), NULL, error);
    if (!code)
        code = read_texts(root, dataset, error);
    if (!code)
        code = check_version(root, "framework_version", error);
    if (!code)
        code = check_version(root, "asgiref_version", error);
    if (!code)
        code = read_servers(root, dataset, error);
    if (!code)
        code = read_mechanisms(rp_node_get(root, "mechanisms"), dataset, error);
    if (!code)
        code = read_host(rp_node_get(root, "host"), dataset, error);
    return code ? code
                : read_client(rp_node_get(root, "client"), dataset, error);
}

enum rp_code rp_dataset_read_text(const char *text, size_t length,
                                  const char *file_name,
                                  struct rp_dataset *dataset,
                                  struct rp_error *error)
{
    struct rp_dataset fresh = {.cores = 1};
    struct rp_tree tree = {0};
    enum rp_code code =
        rp_tree_read_text(text, length, file_name, &tree, error);

    assert(dataset);
    if (!code)
        code = read_root(tree.root, &fresh, error);
    if (!code)
        code = copy_text(NULL, &fresh.folder, error);
    rp_tree_free(&tree);
    if (code)
        rp_dataset_free(&fresh);
    else
        *dataset = fresh;
    return code;
}

/* ---- The scenario of a configuration ---- */

enum rp_code rp_dataset_scenario(const struct rp_dataset *dataset,
                                 const struct rp_config *config,
                                 struct rp_scenario *scenario,
                                 struct rp_error *error)
{
    const struct rp_dataset_server *const server =
        &dataset->servers[config->server];
    struct rp_scenario fresh;
    enum rp_code code = rp_scenario_init(&fresh, error);
    char *framework;

    if (code)
        return code;
    framework = strdup(dataset->framework);
    if (!framework)
        code = rp_fail(error, RP_ERR_MEMORY, "out of memory for a scenario");
    if (!code) {
        free(fresh.framework.name);
        fresh.framework.name = framework;
        code = rp_scenario_set_letters(&fresh, config->stack, error);
    }
    if (code) {
        rp_scenario_free(&fresh);
        return code;
    }
    /* checked when the data set was read */
    (void)rp_version_parse(dataset->framework_version,
                           &fresh.framework.version);
    (void)rp_version_parse(dataset->asgiref_version,
                           &fresh.framework.asgiref_version);
    fresh.framework.path = config->path;
    fresh.server.kind = config->server;
    fresh.server.processes = server->processes;
    fresh.server.threads = config->threads;
    fresh.server.app_built_in_loop = server->in_loop;
    fresh.server.gil = !server->free_threaded;
    fresh.cores = dataset->cores;
    fresh.cpus = dataset->cpus;
    /* what views wait for in data sets is a sleep */
    fresh.mechanisms = rp_mechanisms_without(&dataset->lacking);
    fresh.view_async = config->view_async;
    fresh.view.cpu.mean_ns = config->cpu_ns;
    fresh.view.wait.mean_ns = config->io_ns;
    if (rp_config_is_open(config)) {
        fresh.load = rp_openload_of_scenario(&config->open);
    } else {
        fresh.load.clients = config->concurrency;
        fresh.load.client =
            config->tool == RP_TOOL_AB ? RP_CLIENT_AB : RP_CLIENT_IDEAL;
    }
    *scenario = fresh;
    return RP_OK;
}

enum rp_code rp_dataset_amounts(const struct rp_dataset *dataset,
                                struct rp_config *config,
                                struct rp_error *error)
{
    struct rp_scenario scenario = {0};
    struct rp_program program = {0};
    enum rp_code code = rp_dataset_scenario(dataset, config, &scenario, error);

    if (!code)
        code = rp_scenario_check(&scenario, error);
    if (!code)
        code = rp_program_compile(&program, &scenario, error);
    if (!code)
        rp_program_items(&program, config->amounts);
    rp_program_free(&program);
    rp_scenario_free(&scenario);
    return code;
}

/* ---- runs.csv ---- */

/* Rows so far, of one data set; room for all is there from the start. */
struct reading {
    const char *folder;
    bool for_costs; /* runs with keep-alive are left out */
    struct rp_csv csv;
    struct rp_run_columns columns;
    struct rp_measured measured;
};

/* What two tools call a mean is not the same: their medians would be of
 * neither. */
static enum rp_code one_tool(const struct reading *r, size_t row,
                             const struct rp_config *before,
                             const struct rp_config *now,
                             struct rp_error *error)
{
    const char *const was = rp_tool_program(before->tool);
    const char *const is = rp_tool_program(now->tool);

    if (strcmp(was, is) == 0)
        return RP_OK;
    return rp_csv_fail(&r->csv, row, rp_csv_find(&r->csv, "tool"), error,
                       RP_ERR_VALUE,
                       "tool: this configuration has runs of %s before; those "
                       "of %s belong into a data set of their own",
                       was, is);
}

static enum rp_code find_config(struct reading *r, size_t row,
                                const struct rp_config *config, size_t *index,
                                struct rp_error *error)
{
    struct rp_measured *const m = &r->measured;
    struct rp_error inner = {.code = RP_OK};
    enum rp_code code;

    for (*index = 0; *index < m->config_count; ++*index)
        if (rp_config_compare(&m->configs[*index], config) == 0)
            return one_tool(r, row, &m->configs[*index], config, error);
    m->configs[*index] = *config;
    code = rp_dataset_amounts(&m->datasets[0], &m->configs[*index], &inner);
    if (code)
        return rp_csv_fail(&r->csv, row, rp_csv_find(&r->csv, "stack"), error,
                           code, "%s", inner.text);
    m->config_count++;
    return RP_OK;
}

static size_t find_block(struct rp_measured *m, unsigned round)
{
    size_t at = 0;

    while (at < m->block_count && m->blocks[at].round != round)
        at++;
    if (at == m->block_count)
        m->blocks[m->block_count++] =
            (struct rp_block){.round = round, .speed = 1.0};
    return at;
}

static enum rp_code named_before(const struct reading *r, size_t row,
                                 struct rp_error *error)
{
    const size_t column = rp_csv_find(&r->csv, "file");
    const char *const file = rp_csv_text(&r->csv, row, column);
    char found[RP_EXCERPT_SIZE];

    for (size_t i = 0; i < row; i++)
        if (strcmp(rp_csv_text(&r->csv, i, column), file) == 0)
            return rp_csv_fail(&r->csv, row, column, error, RP_ERR_VALUE,
                               "file: \"%s\" is the report of line %zu "
                               "already; a run is one row",
                               rp_excerpt(file, found),
                               rp_csv_cell(&r->csv, i, column)->line);
    return RP_OK;
}

static void leave_out(struct rp_dataset *dataset, const struct rp_error *why)
{
    if (dataset->unusable++ == 0)
        (void)snprintf(dataset->first_unusable, sizeof dataset->first_unusable,
                       "%s", why->text);
}

static void count_lacks(struct rp_dataset *dataset,
                        const struct rp_measured_run *run, enum rp_tool tool)
{
    if (isnan(run->curve_mean_ns) && tool == RP_TOOL_AB)
        dataset->bare++;
    else if (isnan(run->curve_mean_ns))
        dataset->blind++;
}

/* A run whose connections were kept tells no cost; true: it is left out. */
static bool leave_out_kept(const struct reading *r, const struct rp_run_row *is)
{
    struct rp_dataset *const dataset = &r->measured.datasets[0];

    if (!r->for_costs || !is->config.keepalive)
        return false;
    dataset->kept++;
    dataset->assumed += is->keepalive_assumed;
    return true;
}

static enum rp_code read_run(struct reading *r, size_t row,
                             struct rp_error *error)
{
    struct rp_measured *const m = &r->measured;
    struct rp_measured_run run = {.file = NULL};
    struct rp_error why = {.code = RP_OK};
    struct rp_run_row is;
    bool usable = false, warned = false;
    size_t config = 0;
    enum rp_code code = named_before(r, row, error);

    if (!code)
        code = rp_run_row_read(&r->csv, &r->columns, row, &m->datasets[0], &is,
                               error);
    if (!code && leave_out_kept(r, &is))
        return RP_OK;
    if (!code)
        code = find_config(r, row, &is.config, &config, error);
    if (code)
        return code;
    code = rp_run_report_read(&r->csv, &r->columns, row, &is, r->folder, &run,
                              &usable, &warned, &why);
    if (code)
        return rp_fail(error, code, "%s", why.text);
    if (!usable) {
        leave_out(&m->datasets[0], &why);
        return RP_OK;
    }
    m->datasets[0].warned += warned;
    count_lacks(&m->datasets[0], &run, is.config.tool);
    run.config = config;
    run.block = find_block(m, is.round);
    m->runs[m->run_count++] = run;
    return RP_OK;
}

struct place {
    struct rp_config config;
    size_t was; /* index */
};

static int by_order(const void *a, const void *b)
{
    const struct place *const x = a, *const y = b;

    return rp_config_compare(&x->config, &y->config);
}

/* Whatever the order of the rows, which is the random one of the runs. */
static enum rp_code sort_configs(struct rp_measured *m, struct rp_error *error)
{
    struct place *const places = calloc(m->config_count + 1, sizeof *places);
    size_t *const now = calloc(m->config_count + 1, sizeof *now);

    if (!places || !now) {
        free(places);
        free(now);
        return rp_fail(error, RP_ERR_MEMORY, "out of memory");
    }
    for (size_t i = 0; i < m->config_count; i++)
        places[i] = (struct place){m->configs[i], i};
    qsort(places, m->config_count, sizeof *places, by_order);
    for (size_t i = 0; i < m->config_count; i++) {
        m->configs[i] = places[i].config;
        now[places[i].was] = i;
    }
    for (size_t i = 0; i < m->run_count; i++)
        m->runs[i].config = now[m->runs[i].config];
    free(now);
    free(places);
    return RP_OK;
}

static enum rp_code read_runs(struct reading *r, struct rp_error *error)
{
    struct rp_measured *const m = &r->measured;
    const size_t rows = r->csv.row_count;
    enum rp_code code = RP_OK;

    if (rows == 0)
        return rp_fail_at(error, RP_ERR_UNUSABLE, r->csv.file, 0, 0,
                          "the data set is empty: it has column names and no "
                          "run; add one row for each run of ab");
    m->runs = calloc(rows, sizeof *m->runs);
    m->configs = calloc(rows, sizeof *m->configs);
    m->blocks = calloc(rows, sizeof *m->blocks);
    if (!m->runs || !m->configs || !m->blocks)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for %zu runs",
                       rows);
    for (size_t row = 0; row < rows && !code; row++)
        code = read_run(r, row, error);
    if (code)
        return code;
    m->datasets[0].runs = rows;
    if (m->run_count == 0 && m->datasets[0].kept > 0)
        return rp_fail_at(error, RP_ERR_UNUSABLE, r->csv.file, 0, 0,
                          "%zu of its %zu runs kept their connections and no "
                          "other can be used: costs are of requests with a "
                          "connection of their own; %s",
                          m->datasets[0].kept, rows,
                          m->datasets[0].assumed > 0
                              ? "say keepalive: false under client in "
                                "dataset.yaml where it was so, or measure so"
                              : "measure without keepalive, or leave this "
                                "data set out");
    if (m->run_count == 0)
        return rp_fail_at(error, RP_ERR_UNUSABLE, r->csv.file, 0, 0,
                          "none of its %zu reports can be used; the first: %s",
                          rows, m->datasets[0].first_unusable);
    return sort_configs(m, error);
}

/* ---- The folder ---- */

/* "FOLDER/name"; new memory, NULL where there is none. */
static char *path_in(const char *folder, const char *name)
{
    const size_t length = strlen(folder);
    const bool ends = length > 0 && folder[length - 1] == '/';
    const size_t size = length + strlen(name) + 2;
    char *const path = malloc(size);

    if (path)
        (void)snprintf(path, size, "%s%s%s", folder, ends ? "" : "/", name);
    return path;
}

static enum rp_code check_folder(const char *folder, const char *description,
                                 struct rp_error *error)
{
    struct stat info;

    if (stat(folder, &info) != 0)
        return rp_fail_at(error, RP_ERR_IO, folder, 0, 0,
                          "cannot be opened: %s; a data set is a folder with "
                          "dataset.yaml and runs.csv",
                          strerror(errno));
    if (!S_ISDIR(info.st_mode))
        return rp_fail_at(error, RP_ERR_IO, folder, 0, 0,
                          "found a file, expected a data set: a folder with "
                          "dataset.yaml and runs.csv; name the folder");
    if (stat(description, &info) != 0 && errno == ENOENT)
        return rp_fail_at(error, RP_ERR_IO, folder, 0, 0,
                          "the folder has no dataset.yaml; a data set has one, "
                          "beside its runs.csv");
    return RP_OK;
}

static enum rp_code read_description(struct reading *r, const char *path,
                                     struct rp_error *error)
{
    struct rp_measured *const m = &r->measured;
    char *bytes = NULL, *folder = NULL;
    size_t length = 0;
    enum rp_code code = rp_file_read(path, RP_TREE_BYTES_MAX, "a YAML file",
                                     &bytes, &length, error);

    m->datasets = calloc(1, sizeof *m->datasets);
    m->campaigns = calloc(1, sizeof *m->campaigns);
    folder = strdup(r->folder);
    if (!code && (!m->datasets || !m->campaigns || !folder))
        code = rp_fail(error, RP_ERR_MEMORY, "out of memory for a data set");
    if (!code)
        code =
            rp_dataset_read_text(bytes, length, path, &m->datasets[0], error);
    free(bytes);
    if (code) {
        free(folder);
        return code;
    }
    assert(m->campaigns);
    m->dataset_count = 1;
    free(m->datasets[0].folder);
    m->datasets[0].folder = folder;
    m->campaigns[0] = strdup(m->datasets[0].campaign);
    if (!m->campaigns[0])
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for a data set");
    m->campaign_count = 1;
    return RP_OK;
}

static enum rp_code read_folder(struct reading *r, struct rp_error *error)
{
    char *const description = path_in(r->folder, "dataset.yaml");
    char *const runs = path_in(r->folder, "runs.csv");
    enum rp_code code = RP_OK;

    if (!description || !runs)
        code = rp_fail(error, RP_ERR_MEMORY, "out of memory for a data set");
    if (!code)
        code = check_folder(r->folder, description, error);
    if (!code)
        code = read_description(r, description, error);
    if (!code)
        code = rp_csv_read(runs, &r->csv, error);
    if (!code)
        code = rp_run_columns_find(&r->csv, &r->columns, error);
    if (!code)
        code = read_runs(r, error);
    free(runs);
    free(description);
    return code;
}

static enum rp_code refuse_twice(const char *folder,
                                 const struct rp_measured *measured,
                                 struct rp_error *error)
{
    for (size_t i = 0; i < measured->dataset_count; i++)
        if (strcmp(measured->datasets[i].folder, folder) == 0)
            return rp_fail_at(error, RP_ERR_VALUE, folder, 0, 0,
                              "the data set is named twice; its runs would "
                              "count twice");
    return RP_OK;
}

static enum rp_code read_and_append(const char *folder, bool for_costs,
                                    struct rp_measured *measured,
                                    struct rp_error *error)
{
    struct reading r = {.folder = folder, .for_costs = for_costs};
    enum rp_code code = refuse_twice(folder, measured, error);

    if (!code)
        code = read_folder(&r, error);
    if (!code)
        code = rp_measured_append(measured, &r.measured, error);
    rp_csv_free(&r.csv);
    rp_measured_free(&r.measured);
    return code ? code : rp_speeds_find(measured, error);
}

enum rp_code rp_dataset_read(const char *folder, struct rp_measured *measured,
                             struct rp_error *error)
{
    return read_and_append(folder, false, measured, error);
}

enum rp_code rp_dataset_read_for_costs(const char *folder,
                                       struct rp_measured *measured,
                                       struct rp_error *error)
{
    return read_and_append(folder, true, measured, error);
}
