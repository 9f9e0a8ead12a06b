/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "model/loadkeys.h"

#include "model/keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY_NS (24.0 * 3600e9)

/* ---- What belongs to what ---- */

/* Keys that do something in one kind of load only. */
static const struct {
    const char *key;
    bool open;
} by_kind[] = {{"clients", false},   {"client", false},  {"think", false},
               {"rate", true},       {"process", true},  {"cv", true},
               {"on_rate", true},    {"off_rate", true}, {"on_for", true},
               {"off_for", true},    {"curve", true},    {"amplitude", true},
               {"period", true},     {"from", true},     {"for", true},
               {"times", true},      {"points", true},   {"trace", true},
               {"trace_speed", true}};

/* Where a key does something: `words` are the curves that have it. */
static const struct {
    const char *key, *words[2];
    bool needed;
} by_curve[] = {
    {"amplitude", {"diurnal"}, true}, {"period", {"diurnal", "spike"}, false},
    {"from", {"spike"}, true},        {"for", {"spike"}, true},
    {"times", {"spike"}, true},       {"points", {"points"}, true}};

static const struct {
    const char *key;
    bool needed;
} of_mmpp[] = {{"on_rate", true},
               {"off_rate", false},
               {"on_for", true},
               {"off_for", true}};

static enum rp_code misplaced(const struct rp_node *node, const char *owner,
                              const char *word, const char *found,
                              struct rp_error *error)
{
    return rp_fail_at(error, RP_ERR_VALUE, node->file, node->key_line,
                      node->key_column,
                      "%s belongs to %s: %s, but this load has %s: %s; leave "
                      "it out, or write %s: %s",
                      node->key, owner, word, owner, found, owner, word);
}

static enum rp_code refuse_other_kind(const struct rp_node *map, bool open,
                                      struct rp_error *error)
{
    for (size_t i = 0; i < sizeof by_kind / sizeof *by_kind; i++) {
        const struct rp_node *const n = rp_node_get(map, by_kind[i].key);

        if (n && by_kind[i].open != open)
            return rp_fail_at(
                error, RP_ERR_VALUE, n->file, n->key_line, n->key_column,
                "%s belongs to %s load, but this one is %s; leave it out, or "
                "write kind: %s",
                n->key, open ? "a closed" : "an open", open ? "open" : "closed",
                open ? "closed" : "open");
    }
    return RP_OK;
}

/* What follows from `owner` must not be said again. */
static enum rp_code refuse(const struct rp_node *map, const char *key,
                           const char *owner, struct rp_error *error)
{
    const struct rp_node *const n = rp_node_get(map, key);

    return n ? rp_fail_at(
                   error, RP_ERR_VALUE, n->file, n->key_line, n->key_column,
                   "%s follows from %s; leave one of the two out", key, owner)
             : RP_OK;
}

static enum rp_code need(const struct rp_node *map, const char *key,
                         struct rp_error *error)
{
    const struct rp_node *node = NULL;

    return rp_node_need(map, key, &node, error);
}

/* ---- Processes ---- */

static enum rp_code read_cv(const struct rp_node *map, struct rp_load *l,
                            struct rp_error *error)
{
    const struct rp_node *const cv = rp_node_get(map, "cv");
    const bool takes_cv = l->gap.shape != RP_SHAPE_EXPONENTIAL &&
                          l->gap.shape != RP_SHAPE_CONSTANT;

    if (cv && l->process == RP_PROCESS_MMPP)
        return misplaced(cv, "process", "gamma", "mmpp", error);
    if (cv && !takes_cv)
        return rp_node_fail(cv, error, RP_ERR_VALUE,
                            "cv: the gaps of this process have a cv of %s; "
                            "leave it out, or write process: gamma",
                            l->gap.shape == RP_SHAPE_CONSTANT ? "0" : "1");
    if (!cv && takes_cv)
        return rp_node_fail(rp_node_get(map, "process"), error, RP_ERR_VALUE,
                            "process: %s needs the key \"cv\", the gaps' "
                            "standard deviation by their mean; write cv: 2",
                            rp_shape_word(l->gap.shape));
    if (!takes_cv)
        l->gap.cv = l->gap.shape == RP_SHAPE_CONSTANT ? 0.0 : 1.0;
    return RP_OK;
}

static enum rp_code read_mmpp(const struct rp_node *map, struct rp_load *l,
                              struct rp_error *error)
{
    const bool has = l->process == RP_PROCESS_MMPP;
    enum rp_code code = RP_OK;

    for (size_t i = 0; i < sizeof of_mmpp / sizeof *of_mmpp && !code; i++) {
        const struct rp_node *const n = rp_node_get(map, of_mmpp[i].key);

        if (n && !has)
            code = misplaced(n, "process", "mmpp", rp_process_word(l->process),
                             error);
        else if (has && of_mmpp[i].needed)
            code = need(map, of_mmpp[i].key, error);
    }
    if (!code && has) {
        code =
            refuse(map, "rate", "on_rate, off_rate, on_for and off_for", error);
        l->rate_per_s = rp_mmpp_rate(&l->mmpp);
    }
    return code;
}

/* ---- Curves ---- */

static bool has_word(const char *const words[2], const char *word)
{
    return strcmp(words[0], word) == 0 ||
           (words[1] && strcmp(words[1], word) == 0);
}

static enum rp_code only_curves_keys(const struct rp_node *map,
                                     enum rp_curve_kind kind,
                                     struct rp_error *error)
{
    const char *const word = rp_curve_word(kind);
    enum rp_code code = RP_OK;

    for (size_t i = 0; i < sizeof by_curve / sizeof *by_curve && !code; i++) {
        const struct rp_node *const n = rp_node_get(map, by_curve[i].key);
        const bool has = has_word(by_curve[i].words, word);

        if (n && !has)
            code = misplaced(n, "curve", by_curve[i].words[0], word, error);
        else if (has && by_curve[i].needed)
            code = need(map, by_curve[i].key, error);
    }
    return code;
}

static enum rp_code read_curve(const struct rp_node *map, struct rp_load *l,
                               struct rp_error *error)
{
    struct rp_curve *const curve = &l->curve;
    const char *key;
    enum rp_code code;

    if (rp_node_get(map, "points") && !rp_node_get(map, "curve"))
        curve->kind = RP_CURVE_POINTS;
    code = only_curves_keys(map, curve->kind, error);
    if (code)
        return code;
    if (curve->kind == RP_CURVE_DIURNAL && !rp_node_get(map, "period"))
        curve->period_ns = DAY_NS;
    if (curve->kind != RP_CURVE_POINTS)
        return RP_OK;
    code = refuse(map, "rate", "points", error);
    if (!code)
        code = rp_keys_read_list(rp_node_get(map, "points"), "load.points[]",
                                 RP_CURVE_POINTS_MAX, sizeof *curve->points,
                                 curve->points, &curve->point_count, error);
    /* what is wrong with them is said by the check of the whole scenario */
    l->rate_per_s = 1.0;
    if (!code && !rp_curve_fault(curve, &key))
        l->rate_per_s = rp_curve_mean(curve);
    return code;
}

/* ---- Traces ---- */

/* A path is meant from where the scenario's file is. */
static char *path_from(const char *file, const char *path)
{
    const char *const slash = strrchr(file, '/');
    const size_t folder =
        path[0] == '/' || !slash ? 0 : (size_t)(slash - file) + 1;
    char *const joined = malloc(folder + strlen(path) + 1);

    if (joined) {
        memcpy(joined, file, folder);
        strcpy(joined + folder, path);
    }
    return joined;
}

static enum rp_code read_times(const struct rp_node *map, struct rp_load *l,
                               struct rp_error *error)
{
    const struct rp_node *const trace = rp_node_get(map, "trace");
    struct rp_error inner = {0};
    char *path = NULL;
    enum rp_code code;

    if (strcmp(l->trace, "-") == 0)
        return rp_node_fail(trace, error, RP_ERR_VALUE,
                            "trace: found \"-\", expected the name of a file");
    path = path_from(map->file, l->trace);
    if (!path)
        return rp_node_fail(trace, error, RP_ERR_MEMORY, "out of memory");
    code = rp_timestamps_read(path, &l->timestamps, &inner);
    free(path);
    /* a file that is not there is the scenario's mistake; what is wrong in it
     * has its own place */
    if (code == RP_ERR_IO)
        return rp_node_fail(trace, error, code, "trace: %s", inner.text);
    if (code)
        return rp_fail(error, code, "%s", inner.text);
    l->rate_per_s = l->trace_speed * rp_timestamps_rate(&l->timestamps);
    return RP_OK;
}

static enum rp_code read_trace(const struct rp_node *map, struct rp_load *l,
                               struct rp_error *error)
{
    static const char *const others[] = {"rate", "process", "cv", "curve",
                                         "points"};
    const struct rp_node *const speed = rp_node_get(map, "trace_speed");
    enum rp_code code = RP_OK;

    for (size_t i = 0; i < sizeof others / sizeof *others && !code; i++)
        code = refuse(map, others[i], "trace", error);
    if (!code && !(l->trace_speed > 0.0))
        code = rp_node_fail(speed, error, RP_ERR_VALUE,
                            "trace_speed: found \"%s\", expected more than 0",
                            speed->text);
    return code ? code : read_times(map, l, error);
}

/* ---- All ---- */

static enum rp_code read_open(const struct rp_node *map, struct rp_load *l,
                              struct rp_error *error)
{
    const struct rp_node *const speed = rp_node_get(map, "trace_speed");
    enum rp_code code = RP_OK;

    l->gap.shape = rp_process_shape(l->process);
    if (l->trace)
        code = read_trace(map, l, error);
    else if (speed)
        code = rp_fail_at(error, RP_ERR_VALUE, speed->file, speed->key_line,
                          speed->key_column,
                          "trace_speed belongs to a trace, and there is none; "
                          "leave it out, or write trace: FILE");
    if (!code)
        code = read_mmpp(map, l, error);
    if (!code)
        code = read_curve(map, l, error);
    if (!code && !(l->rate_per_s > 0.0))
        code = need(map, "rate", error);
    if (!code)
        code = read_cv(map, l, error);
    l->gap.mean_ns = 1e9 / l->rate_per_s;
    return code;
}

enum rp_code rp_loadkeys_read(const struct rp_node *map, struct rp_load *load,
                              struct rp_error *error)
{
    enum rp_code code = rp_keys_read(map, "load", load, error);

    if (!code)
        code = refuse_other_kind(map, load->kind == RP_LOAD_OPEN, error);
    if (!code && load->kind == RP_LOAD_OPEN)
        code = read_open(map, load, error);
    if (!code && rp_node_get(map, "backoff") && load->retries == 0)
        code = rp_node_fail(rp_node_get(map, "backoff"), error, RP_ERR_VALUE,
                            "backoff: nobody tries again; leave it out, or "
                            "write retries: 3");
    return code;
}
