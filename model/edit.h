/**
 * Edits: variants of a scenario, one key and value at a time.
 *
 * A draft is a scenario's file, read once. From it come any number of variants,
 * each by a list of edits:
 *
 *     server.threads           8
 *     view.wait                {mean: 20ms, cv: 1}
 *     middleware.auth.kind     async     a layer, resource or class by name
 *     middleware.*.kind        hybrid    all of them
 *     middleware.auth          drop      without it
 *     middleware.order         [c, a, b] all names, each once
 *
 * A key is any that `reqpath keys` lists, as a path; a value is what would
 * stand after it in the file. `drop` takes any key out, so that its default
 * holds, and `keep` is no edit. Edits are made in their order; layers that an
 * earlier one dropped may still be named in an order.
 *
 * Sentences are those of a file, but the place of an edited value is the option
 * that it came from, "--vary server.threads".
 *
 * A draft does not change after it is read; threads may share it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MODEL_EDIT_H
#define RP_MODEL_EDIT_H

#include "model/error.h"
#include "model/scenario.h"
#include "model/tree.h"

#include <stddef.h>

struct rp_edit {
    const char *key, *value; /* borrowed */
};

struct rp_draft {
    struct rp_tree tree; /* owned */
    const char *option;  /* borrowed: where edits come from, for sentences;
                            "--vary" unless the caller sets another */
};

/**
 * Read a scenario's file; "-" is standard input. That it is a scenario is
 * checked with the first variant, for which no edits are enough.
 *
 * @param draft  written on success; rp_draft_free()
 * @return those of rp_tree_read()
 */
RP_CHECKED enum rp_code rp_draft_read(const char *path, struct rp_draft *draft,
                                      struct rp_error *error);

/** The same from memory; `file_name` is for sentences, and where the path of a
 * trace begins. */
RP_CHECKED enum rp_code rp_draft_read_text(const char *text, size_t length,
                                           const char *file_name,
                                           struct rp_draft *draft,
                                           struct rp_error *error);

/** Harmless on a zeroed or freed draft. */
void rp_draft_free(struct rp_draft *draft);

/**
 * A variant, checked as a file would be.
 *
 * @param edits     `count` of them; NULL where there are none
 * @param scenario  written on success; rp_scenario_free()
 * @return RP_ERR_VALUE: an unknown key or name, a value that is none, keys that
 *         contradict each other; else those of rp_scenario_read()
 */
RP_CHECKED enum rp_code rp_draft_scenario(const struct rp_draft *draft,
                                          const struct rp_edit *edits,
                                          size_t count,
                                          struct rp_scenario *scenario,
                                          struct rp_error *error);

/**
 * A variant as a file that rp_scenario_read() reads, in one form: keys in the
 * order of `reqpath keys`, those that have their default left out, times in ns,
 * rates per second. So variants with the same text are the same scenario. Of a
 * trace's times a comment has the sum, so that another content is another text.
 *
 * @param text  written on success; free()
 * @return those of rp_draft_scenario()
 */
RP_CHECKED enum rp_code rp_draft_text(const struct rp_draft *draft,
                                      const struct rp_edit *edits, size_t count,
                                      char **text, struct rp_error *error);

/**
 * Check one edit by itself: that there is such a key, and that the value is one
 * that may stand there. What contradicts other keys is not looked for, as other
 * edits may change them.
 *
 * @return RP_ERR_VALUE, RP_ERR_SYNTAX, RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_draft_check(const struct rp_draft *draft,
                                       const struct rp_edit *edit,
                                       struct rp_error *error);

#endif
