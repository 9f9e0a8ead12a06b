/**
 * Scenario keys: every key that a scenario file may hold, in one table.
 *
 * A row says how a key is called, what may stand there, what it means and
 * where its value goes. The reader of scenarios takes known keys, types and
 * ranges from the table, `reqpath keys` prints it, and a test holds the
 * defaults that it shows to those of rp_scenario_init(). So a new key is a new
 * row, and none can be read but not documented.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MODEL_KEYS_H
#define RP_MODEL_KEYS_H

#include "model/error.h"
#include "model/scenario.h"
#include "model/tree.h"

#include <stddef.h>
#include <stdint.h>

/* What may stand after a key: type, its word for people. */
#define RP_KEY_TYPE_LIST(X)                                                    \
    X(RP_KEY_MAP, "mapping")                                                   \
    X(RP_KEY_LIST, "list of mappings")                                         \
    X(RP_KEY_TEXT, "text")                                                     \
    X(RP_KEY_WORD, "word")                                                     \
    X(RP_KEY_WORDS, "list of words")                                           \
    X(RP_KEY_BOOL, "true or false")                                            \
    X(RP_KEY_WHOLE, "whole number")                                            \
    X(RP_KEY_NUMBER, "number")                                                 \
    X(RP_KEY_VERSION, "version")                                               \
    X(RP_KEY_TIME, "time")                                                     \
    X(RP_KEY_DURATION, "duration")                                             \
    X(RP_KEY_RATE, "rate")                                                     \
    X(RP_KEY_RATE_OR_NONE, "rate or 0/s")                                      \
    X(RP_KEY_SHARE, "percent")                                                 \
    X(RP_KEY_RESOURCE, "name of a resource")                                   \
    X(RP_KEY_WARM_UP, "auto or whole number")

#define RP_KEY_TYPE_AS_ENUM(type, word) type,
enum rp_key_type { RP_KEY_TYPE_LIST(RP_KEY_TYPE_AS_ENUM) };
#undef RP_KEY_TYPE_AS_ENUM

/** A word and the value that it stands for. */
struct rp_key_word {
    const char *word;
    unsigned value;
};

/** One row; all static. */
struct rp_key {
    const char *path;   /* "middleware[].before.cpu"; "(duration).mean" is a key
                           of every duration that is written as a mapping */
    const char *parent; /* of the mapping that it stands in; "" at the top */
    const char *name;   /* "cpu" */
    enum rp_key_type type;
    const char *unit;   /* "time", "requests"; "" where there is none */
    uint64_t low, high; /* of what is counted; ns of times; a rate is more than
                           low, per second; shares are in millionths */
    const char *fallback; /* the default as a file would say it; "" is none,
                             NULL: the key must be there */
    const char *meaning;  /* one sentence */
    const struct rp_key_word *words; /* RP_KEY_WORD, RP_KEY_WORDS */
    size_t word_count;
    size_t offset, size; /* of its field in the struct of its parent */
};

/** All rows, in the order of a well-ordered file. */
const struct rp_key *rp_keys(size_t *count);

/** The row of a path; NULL where there is none. */
const struct rp_key *rp_key_find(const char *path);

/** The word of a type; static storage. */
const char *rp_key_type_word(enum rp_key_type type);

/**
 * Read the keys of one mapping into the struct that belongs to it.
 *
 * Mappings, lists and names of resources in it are left to the caller, who
 * knows where they go; all others are read, checked against their range and
 * stored. An absent key leaves its field alone.
 *
 * @param map     a mapping; NULL: nothing is read
 * @param parent  its path in the table: "", "server", "middleware[]"
 * @param base    the struct whose fields the table's offsets mean; it may be
 *                half written on failure
 * @return RP_ERR_VALUE: not a mapping, an unknown key, a missing one, a value
 *         of the wrong type or out of range; RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_keys_read(const struct rp_node *map,
                                     const char *parent, void *base,
                                     struct rp_error *error);

/**
 * Check what would stand after one key, by itself: its type and its range.
 * Of mappings, lists and names of resources nothing can be said so.
 *
 * @return RP_ERR_VALUE, as above; RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_keys_check(const struct rp_key *key,
                                      const struct rp_node *node,
                                      struct rp_error *error);

/**
 * Read a list of mappings into an array.
 *
 * @param list    its key is the name in sentences
 * @param parent  the path of an entry: "load.points[]"
 * @param array   room for `most` structs of `size` bytes
 * @param count   of entries, written on success
 * @return RP_ERR_VALUE, as above, or more than `most`; RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_keys_read_list(const struct rp_node *list,
                                          const char *parent, size_t most,
                                          size_t size, void *array,
                                          size_t *count,
                                          struct rp_error *error);

#endif
