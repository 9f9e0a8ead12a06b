/**
 * Versions: of a framework and its libraries, as their releases are numbered.
 *
 * What a request crosses depends on them, so they can be read, written and
 * compared; "main" is newer than every release.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MODEL_VERSION_H
#define RP_MODEL_VERSION_H

#include <stdbool.h>

struct rp_version {
    unsigned major, minor, patch;
};

/** "3.2.25" or "3.2" to a version; false where it is malformed (digits and
 * one or two points; "main" is a version newer than every other). */
bool rp_version_parse(const char *text, struct rp_version *version);

/** Bytes that rp_version_format() needs. */
#define RP_VERSION_TEXT_SIZE 36

/** "3.2.25", "4.2" where the patch is 0, "main"; returns `buffer`. */
const char *rp_version_format(struct rp_version version,
                              char buffer[RP_VERSION_TEXT_SIZE]);

/** True for what "main" is read as. */
bool rp_version_is_main(struct rp_version version);

/** < 0, 0, > 0 as a is older than, equal to, newer than b. */
int rp_version_compare(struct rp_version a, struct rp_version b);

#endif
