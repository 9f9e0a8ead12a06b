/**
 * Trees: what a YAML file says, with the place of every word.
 *
 * Scenarios, profiles and data sets are YAML files that people write. Their
 * readers need two things that a YAML library does not give: the line and
 * column of whatever is wrong, and the same sentences for the same mistakes.
 * A tree keeps both: its nodes are scalars, sequences and mappings, all values
 * are text until a typed getter below reads them, and each getter says in one
 * sentence what it found and what it expected.
 *
 * What is read is plain YAML: one document; keys are words, each once in a
 * mapping; no anchors, aliases or tags (so a small file cannot unfold into a
 * large one); no more than RP_TREE_DEPTH_MAX levels and RP_TREE_BYTES_MAX
 * bytes.
 *
 *     struct rp_tree tree = {0};
 *     double think_ns = 0.0;
 *
 *     code = rp_tree_read("x.yaml", &tree, error);
 *     if (!code)
 *         code = rp_node_duration(rp_node_get(tree.root, "think"), &think_ns,
 *                                 error);
 *     rp_tree_free(&tree);
 *
 * The functions that find and read nodes are in model/node.h.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MODEL_TREE_H
#define RP_MODEL_TREE_H

#include "model/error.h"
#include "model/node.h"

#include <stddef.h>

/** The largest file, bytes: 16 MiB. */
#define RP_TREE_BYTES_MAX ((size_t)16 * 1024 * 1024)

/** The deepest nesting of sequences and mappings. */
#define RP_TREE_DEPTH_MAX 64

struct rp_tree {
    const struct rp_node *root;   /* NULL in an empty tree */
    struct rp_node_block *blocks; /* owned: the memory of all nodes and texts */
};

/**
 * Read a file.
 *
 * @param path  "-" is standard input, which sentences call "standard input"
 * @param tree  written on success, untouched on failure; release it with
 *              rp_tree_free()
 * @return RP_ERR_IO (no such file, a directory, unreadable, too large),
 *         RP_ERR_SYNTAX (empty, not UTF-8, not YAML, or YAML that the opening
 *         comment rules out), RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_tree_read(const char *path, struct rp_tree *tree,
                                     struct rp_error *error);

/** The same from `length` bytes of memory; `file_name` is for the sentences
 * and is copied, like the text. */
RP_CHECKED enum rp_code rp_tree_read_text(const char *text, size_t length,
                                          const char *file_name,
                                          struct rp_tree *tree,
                                          struct rp_error *error);

/** Memory for more nodes and texts, which lives as long as the tree; NULL when
 * it is short. A zeroed tree is a good one to begin with. */
void *rp_tree_take(struct rp_tree *tree, size_t size);

/** Harmless on a zeroed or freed tree. */
void rp_tree_free(struct rp_tree *tree);

#endif
