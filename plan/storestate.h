/**
 * What the files about the store have in common: the open file, and how
 * SQLite's codes become sentences. Not for users of the library.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_PLAN_STORESTATE_H
#define RP_PLAN_STORESTATE_H

#include "plan/store.h"

#include <sqlite3.h>

/* Statements that are run once a point. */
enum rp_store_statement {
    RP_STORE_BEGIN,
    RP_STORE_COMMIT,
    RP_STORE_ROLLBACK,
    RP_STORE_FIND,
    RP_STORE_ANSWER,
    RP_STORE_POINT,
    RP_STORE_STATEMENT_COUNT
};

struct rp_store {
    char *path;
    sqlite3 *db;
    sqlite3_stmt *statements[RP_STORE_STATEMENT_COUNT];
};

/** The sentence of SQLite's last error; what was to be done is `doing`:
 * "the point is not kept". */
enum rp_code rp_store_fail(const struct rp_store *store, const char *doing,
                           struct rp_error *error);

/** Prepare a statement that is run once; NULL: `error` says why. */
sqlite3_stmt *rp_store_prepare(struct rp_store *store, const char *sql,
                               struct rp_error *error);

/** A column's text, "" where it is NULL. Borrowed until the next step. */
const char *rp_store_column(sqlite3_stmt *statement, int column);

#endif
