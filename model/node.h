/**
 * Nodes: the values of a YAML file, and how they are read with good sentences.
 *
 * A tree (model/tree.h) is made of nodes: scalars, sequences and mappings,
 * each with its place in the file. A value is text until a typed getter reads
 * it, and the getter says in one sentence what it found and what it expected,
 * so that the same mistake reads the same in every kind of file.
 *
 * Every getter leaves its output alone where the node is NULL, which is what
 * rp_node_get() returns for an absent key. So a default is the value that the
 * output had before; a key that must be there is fetched by rp_node_need().
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MODEL_NODE_H
#define RP_MODEL_NODE_H

#include "model/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum rp_node_kind { RP_NODE_SCALAR, RP_NODE_SEQUENCE, RP_NODE_MAPPING };

/** One node; read it, do not write it. All pointers live as long as the tree.
 */
struct rp_node {
    enum rp_node_kind kind;
    bool plain;          /* a scalar without quotes */
    size_t line, column; /* where it begins, 1-based, in characters */
    const char *file;    /* the name that sentences carry */
    const char *text;    /* UTF-8 without zeros; "" where not a scalar */
    const char *key;     /* in a mapping, its key; else NULL */
    size_t key_line, key_column; /* where the key begins; 0 without a key */
    size_t count;                /* of children */
    const struct rp_node *first; /* child, in the order of the file */
    const struct rp_node *next;  /* sibling */
};

/** True where a key has no value at all: "key:". */
bool rp_node_is_nothing(const struct rp_node *node);

/* ---- Finding ---- */

/** The value of `key`; NULL where it is absent or `map` is no mapping. `map`
 * may be NULL. */
const struct rp_node *rp_node_get(const struct rp_node *map, const char *key);

/**
 * The value of a key that must be there.
 *
 * @param map    a mapping
 * @param child  written on success
 * @return RP_ERR_VALUE: it is absent; the sentence names the key and the place
 *         of `map`
 */
RP_CHECKED enum rp_code rp_node_need(const struct rp_node *map, const char *key,
                                     const struct rp_node **child,
                                     struct rp_error *error);

/**
 * The node at a path below `root`, like "middleware[2].before.cpu", or the
 * nearest one above it that exists: the place to complain about something that
 * was left out.
 */
const struct rp_node *rp_node_find(const struct rp_node *root,
                                   const char *path);

/* ---- Sentences ---- */

/** rp_fail_at() the place of `node`. */
enum rp_code rp_node_fail(const struct rp_node *node, struct rp_error *error,
                          enum rp_code code, const char *format, ...)
    RP_PRINTF(4, 5);

/** RP_ERR_VALUE: not of that kind. A node of NULL is an error here. */
RP_CHECKED enum rp_code rp_node_expect(const struct rp_node *node,
                                       enum rp_node_kind kind,
                                       struct rp_error *error);

/**
 * Refuse keys that nobody reads: they are slips of the finger.
 *
 * @param map    a mapping; NULL has no keys
 * @param known  `count` keys, "did you mean" is looked for among them
 * @param hint   what to do, put in parentheses: "reqpath keys lists all"; or
 *               NULL: the known keys are listed
 * @return RP_ERR_VALUE: an unknown key, or not a mapping
 */
RP_CHECKED enum rp_code rp_node_only_keys(const struct rp_node *map,
                                          const char *const *known,
                                          size_t count, const char *hint,
                                          struct rp_error *error);

/* ---- Typed values: each is RP_ERR_VALUE where the node is not one ---- */

/** Text that is not empty, borrowed from the tree. */
RP_CHECKED enum rp_code rp_node_text(const struct rp_node *node,
                                     const char **text, struct rp_error *error);

/** A copy of it: `*text` is freed and replaced on success. Also
 * RP_ERR_MEMORY. */
RP_CHECKED enum rp_code rp_node_copy_text(const struct rp_node *node,
                                          char **text, struct rp_error *error);

/** A whole number in `low` .. `high`, digits only. */
RP_CHECKED enum rp_code rp_node_integer(const struct rp_node *node,
                                        uint64_t low, uint64_t high,
                                        uint64_t *number,
                                        struct rp_error *error);

/** A decimal number in `low` .. `high`, without a unit. */
RP_CHECKED enum rp_code rp_node_number(const struct rp_node *node, double low,
                                       double high, double *number,
                                       struct rp_error *error);

/** "true" or "false". */
RP_CHECKED enum rp_code rp_node_bool(const struct rp_node *node, bool *truth,
                                     struct rp_error *error);

/** A duration with its unit, "12ms"; see rp_duration_parse(). */
RP_CHECKED enum rp_code rp_node_duration(const struct rp_node *node,
                                         double *duration_ns,
                                         struct rp_error *error);

/** A rate with its unit, "900/s"; see rp_rate_parse(). */
RP_CHECKED enum rp_code rp_node_rate(const struct rp_node *node,
                                     double *rate_per_s,
                                     struct rp_error *error);

/** A share with its sign, "2%"; see rp_share_parse(). */
RP_CHECKED enum rp_code rp_node_share(const struct rp_node *node, double *share,
                                      struct rp_error *error);

/**
 * One word of a list.
 *
 * @param words  `count` of them, all different
 * @param index  of the word that was found
 */
RP_CHECKED enum rp_code rp_node_word(const struct rp_node *node,
                                     const char *const *words, size_t count,
                                     size_t *index, struct rp_error *error);

#endif
