/**
 * The schema of a store, and how an older one becomes the present one.
 *
 * A schema is the steps that lead to it from nothing: step 1 makes the first
 * version, step N leads from N - 1 to N. So a new store and one that was
 * brought up to date are the same, and steps that were released are never
 * edited. The number of steps that a file has seen is its PRAGMA user_version;
 * that it is a store at all says its PRAGMA application_id.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_PLAN_SCHEMA_H
#define RP_PLAN_SCHEMA_H

/** "rqpt": what a file of SQLite is a file of. */
#define RP_SCHEMA_APPLICATION 0x72717074

/** The number of the present schema. */
int rp_schema_version(void);

/** The statements of step `number` (1 .. rp_schema_version()). */
const char *rp_schema_step(int number);

#endif
