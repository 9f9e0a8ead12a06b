/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/storegc.h"

#include "plan/storestate.h"

enum { HOUR_MS = 3600000 };

/* A statement with up to two numbers; its first column, where it has one. */
static bool run(struct rp_store *store, const char *sql, int64_t a, int64_t b,
                int64_t *number)
{
    sqlite3_stmt *s = NULL;
    int step = SQLITE_ERROR;

    if (sqlite3_prepare_v2(store->db, sql, -1, &s, NULL) != SQLITE_OK)
        return false;
    (void)sqlite3_bind_int64(s, 1, a);
    (void)sqlite3_bind_int64(s, 2, b);
    step = sqlite3_step(s);
    if (number && step == SQLITE_ROW)
        *number = sqlite3_column_int64(s, 0);
    return sqlite3_finalize(s) == SQLITE_OK &&
           (step == SQLITE_ROW || step == SQLITE_DONE);
}

static bool count(struct rp_store *store, const char *sql, int64_t *number)
{
    return run(store, sql, 0, 0, number);
}

static const char bytes[] =
    "SELECT coalesce(sum(length(text) + length(scenario)), 0) FROM answer";

/* By their age, and those that did not end. */
static bool drop_by_rule(struct rp_store *store, const struct rp_store_gc *gc)
{
    static const char old[] = "DELETE FROM sweep WHERE begun_ms < ?1";
    static const char unfinished[] =
        "DELETE FROM sweep WHERE ended_ms IS NULL AND begun_ms < ?1 AND"
        " NOT EXISTS (SELECT 1 FROM point JOIN answer ON answer = answer.id"
        " WHERE point.sweep = sweep.id AND when_ms >= ?1)";

    return (gc->older_than_ms == 0 ||
            run(store, old, gc->now_ms - gc->older_than_ms, 0, NULL)) &&
           (!gc->unfinished ||
            run(store, unfinished, gc->now_ms - HOUR_MS, 0, NULL));
}

static bool drop_unused_answers(struct rp_store *store)
{
    return run(store,
               "DELETE FROM answer WHERE NOT EXISTS"
               " (SELECT 1 FROM point WHERE point.answer = answer.id)",
               0, 0, NULL);
}

/* The oldest first; what they share with others stays. */
static bool drop_until_small(struct rp_store *store, uint64_t most)
{
    int64_t there = 0, sweeps = 0;
    bool good = count(store, bytes, &there);

    while (good && (uint64_t)there > most) {
        good = count(store, "SELECT count(*) FROM sweep", &sweeps);
        if (!good || sweeps == 0)
            break;
        good = run(store,
                   "DELETE FROM sweep WHERE id = (SELECT min(id) FROM sweep)",
                   0, 0, NULL) &&
               drop_unused_answers(store) && count(store, bytes, &there);
    }
    return good;
}

static bool clear(struct rp_store *store, const struct rp_store_gc *gc,
                  struct rp_store_cleared *cleared)
{
    int64_t sweeps[2] = {0}, answers[2] = {0}, size[2] = {0};
    const bool good =
        count(store, "SELECT count(*) FROM sweep", &sweeps[0]) &&
        count(store, "SELECT count(*) FROM answer", &answers[0]) &&
        count(store, bytes, &size[0]) && drop_by_rule(store, gc) &&
        drop_unused_answers(store) &&
        (!gc->by_bytes || drop_until_small(store, gc->most_bytes)) &&
        count(store, "SELECT count(*) FROM sweep", &sweeps[1]) &&
        count(store, "SELECT count(*) FROM answer", &answers[1]) &&
        count(store, bytes, &size[1]);

    *cleared = (struct rp_store_cleared){
        .sweeps = (uint64_t)(sweeps[0] - sweeps[1]),
        .answers = (uint64_t)(answers[0] - answers[1]),
        .bytes_before = (uint64_t)size[0],
        .bytes_after = (uint64_t)size[1]};
    return good;
}

enum rp_code rp_store_gc(struct rp_store *store, const struct rp_store_gc *gc,
                         struct rp_store_cleared *cleared,
                         struct rp_error *error)
{
    struct rp_store_cleared found;
    enum rp_code code = RP_OK;

    if (!run(store, "BEGIN IMMEDIATE", 0, 0, NULL))
        return rp_store_fail(store, "nothing is cleared", error);
    if (!clear(store, gc, &found) ||
        !run(store, gc->dry_run ? "ROLLBACK" : "COMMIT", 0, 0, NULL))
        code = rp_store_fail(store, "nothing is cleared", error);
    if (!sqlite3_get_autocommit(store->db))
        (void)run(store, "ROLLBACK", 0, 0, NULL);
    if (code)
        return code;
    if (!gc->dry_run &&
        (!run(store, "VACUUM", 0, 0, NULL) ||
         sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_TRUNCATE,
                                   NULL, NULL) != SQLITE_OK))
        return rp_store_fail(store, "it is cleared but has not become smaller",
                             error);
    *cleared = found;
    return RP_OK;
}
