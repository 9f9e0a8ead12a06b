/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "report/resultfile.h"

#include "model/excerpt.h"
#include "model/file.h"
#include "report/printable.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AS_SCHEMA(kind, schema, command)  schema,
#define AS_COMMAND(kind, schema, command) command,
static const char *const schemas[] = {RP_RESULTFILE_LIST(AS_SCHEMA)};
static const char *const commands[] = {RP_RESULTFILE_LIST(AS_COMMAND)};
#undef AS_SCHEMA
#undef AS_COMMAND

enum { KIND_COUNT = sizeof schemas / sizeof *schemas };

const char *rp_resultfile_command(enum rp_resultfile_kind kind)
{
    return commands[kind];
}

/* ---- What a row has to have ---- */

enum type {
    TEXT,
    NUMBER, /* or null: a number that could not be had */
};

struct member {
    enum rp_resultfile_kind kind;
    const char *key;
    enum type type;
};

static const struct member members[] = {
    {RP_RESULTFILE_EXPLAIN, "step", NUMBER},
    {RP_RESULTFILE_EXPLAIN, "op", TEXT},
    {RP_RESULTFILE_EXPLAIN, "place", TEXT},
    {RP_RESULTFILE_EXPLAIN, "what", TEXT},
    {RP_RESULTFILE_AGAINST, "item", TEXT},
    {RP_RESULTFILE_AGAINST, "total_us", NUMBER},
    {RP_RESULTFILE_AGAINST, "against_total_us", NUMBER},
    {RP_RESULTFILE_SIMULATE, "scenario", TEXT},
    {RP_RESULTFILE_SIMULATE, "rps", NUMBER},
    {RP_RESULTFILE_SIMULATE, "mean_ms", NUMBER},
    {RP_RESULTFILE_VALIDATE, "dataset", TEXT},
    {RP_RESULTFILE_VALIDATE, "server", TEXT},
    {RP_RESULTFILE_VALIDATE, "metric", TEXT},
    {RP_RESULTFILE_VALIDATE, "measured", NUMBER},
    {RP_RESULTFILE_VALIDATE, "predicted", NUMBER},
    {RP_RESULTFILE_WHATIF, "variant", TEXT},
    {RP_RESULTFILE_PLAN, "configuration", TEXT},
    {RP_RESULTFILE_CALIBRATE, "cost", TEXT},
    {RP_RESULTFILE_CALIBRATE, "mean_us", NUMBER},
};

static bool has_type(const json_t *value, enum type type)
{
    if (type == TEXT)
        return json_is_string(value);
    return json_is_number(value) || json_is_null(value);
}

static enum rp_code check_row(const struct rp_resultfile *file, size_t number,
                              const json_t *row, struct rp_error *error)
{
    if (!json_is_object(row))
        return rp_fail_at(error, RP_ERR_VALUE, file->name, 0, 0,
                          "row %zu of \"rows\" is no object: let reqpath %s "
                          "write the file anew, with --format json",
                          number, commands[file->kind]);
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        const struct member *const m = &members[i];
        const json_t *const value = json_object_get(row, m->key);

        if (m->kind != file->kind || has_type(value, m->type))
            continue;
        return rp_fail_at(
            error, RP_ERR_VALUE, file->name, 0, 0,
            "row %zu of \"rows\" has %s \"%s\", expected a %s: let reqpath %s "
            "write the file anew, with --format json",
            number, value ? "another kind of" : "no", m->key,
            m->type == TEXT ? "text" : "number", commands[file->kind]);
    }
    return RP_OK;
}

static enum rp_code check_rows(const struct rp_resultfile *file,
                               struct rp_error *error)
{
    const json_t *const rows = json_object_get(file->root, "rows");
    enum rp_code code = RP_OK;

    if (json_array_size(rows) == 0)
        return rp_fail_at(error, RP_ERR_VALUE, file->name, 0, 0,
                          "found no \"rows\", expected a list with at least "
                          "one: let reqpath %s write the file anew, with "
                          "--format json",
                          commands[file->kind]);
    for (size_t i = 0; i < json_array_size(rows) && !code; i++)
        code = check_row(file, i + 1, json_array_get(rows, i), error);
    return code;
}

/* ---- Which result it is ---- */

/* "explain, simulate or plan" */
static const char *list_commands(char *text, size_t size)
{
    size_t length = 0;

    for (size_t i = 0; i < KIND_COUNT && length < size; i++)
        length += (size_t)snprintf(text + length, size - length, "%s%s",
                                   i == 0                ? ""
                                   : i + 1 == KIND_COUNT ? " or "
                                                         : ", ",
                                   commands[i]);
    return text;
}

static enum rp_code find_kind(struct rp_resultfile *file,
                              struct rp_error *error)
{
    const char *const schema =
        json_string_value(json_object_get(file->root, "schema"));
    const char *const slash = schema ? strrchr(schema, '/') : NULL;
    const size_t length = slash ? (size_t)(slash - schema) : 0;
    char found[RP_EXCERPT_SIZE], all[128];

    for (size_t i = 0; slash && i < KIND_COUNT; i++) {
        if (strlen(schemas[i]) != length ||
            strncmp(schema, schemas[i], length) != 0)
            continue;
        if (strcmp(slash, "/1") != 0)
            return rp_fail_at(error, RP_ERR_VALUE, file->name, 0, 0,
                              "found the schema \"%s\", expected \"%s/1\": let "
                              "this version of reqpath %s write the file anew",
                              rp_excerpt(schema, found), schemas[i],
                              commands[i]);
        file->kind = (enum rp_resultfile_kind)i;
        return RP_OK;
    }
    return rp_fail_at(error, RP_ERR_VALUE, file->name, 0, 0,
                      "found %s%s%s, expected that of reqpath %s: write the "
                      "file with one of these, and --format json",
                      schema ? "the schema \"" : "no schema",
                      schema ? rp_excerpt(schema, found) : "",
                      schema ? "\"" : "", list_commands(all, sizeof all));
}

/* ---- Reading ---- */

static enum rp_code no_json(const char *name, const json_error_t *found,
                            struct rp_error *error)
{
    char what[JSON_ERROR_TEXT_LENGTH + 1];

    (void)snprintf(what, sizeof what, "%s", found->text);
    rp_make_printable(what);
    return rp_fail_at(error, RP_ERR_SYNTAX, name,
                      found->line > 0 ? (size_t)found->line : 0,
                      found->column > 0 ? (size_t)found->column : 0,
                      "no JSON: %s; expected what a command of reqpath prints "
                      "with --format json: write the file anew",
                      what);
}

static enum rp_code check(struct rp_resultfile *file, struct rp_error *error)
{
    enum rp_code code;

    if (!file->name)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for a result");
    code = find_kind(file, error);
    return code ? code : check_rows(file, error);
}

enum rp_code rp_resultfile_parse(const char *bytes, size_t length,
                                 const char *name, struct rp_resultfile *file,
                                 struct rp_error *error)
{
    struct rp_resultfile read = {.kind = RP_RESULTFILE_EXPLAIN};
    json_error_t found;
    enum rp_code code;

    if (length > RP_RESULTFILE_BYTES_MAX)
        return rp_fail_at(error, RP_ERR_VALUE, name, 0, 0,
                          "longer than %u MiB, which no result is: name a file "
                          "that a command of reqpath printed with --format "
                          "json",
                          RP_RESULTFILE_BYTES_MAX >> 20);
    read.root = json_loadb(bytes, length, JSON_REJECT_DUPLICATES, &found);
    if (!read.root)
        return no_json(name, &found, error);
    read.name = strdup(name);
    code = check(&read, error);
    if (code)
        rp_resultfile_free(&read);
    else
        *file = read;
    return code;
}

enum rp_code rp_resultfile_read(const char *path, struct rp_resultfile *file,
                                struct rp_error *error)
{
    size_t length = 0;
    char *bytes = NULL;
    enum rp_code code =
        rp_file_read(path, RP_RESULTFILE_BYTES_MAX, "a JSON file of reqpath",
                     &bytes, &length, error);

    if (code)
        return code;
    code = rp_resultfile_parse(bytes, length, rp_file_name(path), file, error);
    free(bytes);
    return code;
}

void rp_resultfile_free(struct rp_resultfile *file)
{
    free(file->name);
    json_decref(file->root);
    *file = (struct rp_resultfile){.name = NULL};
}
