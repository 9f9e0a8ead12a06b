/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/storelist.h"

#include "plan/storestate.h"

enum rp_code rp_store_sweeps(struct rp_store *store, rp_store_take_sweep take,
                             void *context, struct rp_error *error)
{
    static const char sql[] =
        "SELECT s.id, s.command, s.command_line, s.question, s.program, s.host,"
        " s.begun_ms, s.ended_ms, s.wanted, count(p.place),"
        " total(a.seconds), max(a.when_ms) FROM sweep AS s"
        " LEFT JOIN point AS p ON p.sweep = s.id"
        " LEFT JOIN answer AS a ON a.id = p.answer"
        " GROUP BY s.id ORDER BY s.id";
    sqlite3_stmt *const s = rp_store_prepare(store, sql, error);
    enum rp_code code = RP_OK;
    int step = SQLITE_DONE;

    if (!s)
        return RP_ERR_IO;
    while (!code && (step = sqlite3_step(s)) == SQLITE_ROW) {
        const struct rp_store_listed listed = {
            .sweep = {.id = sqlite3_column_int64(s, 0),
                      .command = rp_store_column(s, 1),
                      .command_line = rp_store_column(s, 2),
                      .question = rp_store_column(s, 3),
                      .program = rp_store_column(s, 4),
                      .host = rp_store_column(s, 5),
                      .begun_ms = sqlite3_column_int64(s, 6),
                      .ended_ms = sqlite3_column_int64(s, 7),
                      .wanted = (uint64_t)sqlite3_column_int64(s, 8),
                      .there = (uint64_t)sqlite3_column_int64(s, 9)},
            .seconds = sqlite3_column_double(s, 10),
            .last_ms = sqlite3_column_int64(s, 11)};

        code = take(context, &listed, error);
    }
    if (!code && step != SQLITE_DONE)
        code = rp_store_fail(store, "its sweeps are not listed", error);
    (void)sqlite3_finalize(s);
    return code;
}

static const char *or_null(sqlite3_stmt *s, int column)
{
    return sqlite3_column_type(s, column) == SQLITE_NULL
               ? NULL
               : rp_store_column(s, column);
}

static struct rp_store_point point_of(sqlite3_stmt *s)
{
    return (struct rp_store_point){
        .sweep = sqlite3_column_int64(s, 0),
        .place = (uint64_t)sqlite3_column_int64(s, 1),
        .answer = sqlite3_column_int64(s, 2),
        .key = rp_store_column(s, 3),
        .question = {.scenario_name = rp_store_column(s, 4),
                     .scenario_text = rp_store_column(s, 5),
                     .profile_name = or_null(s, 6),
                     .profile_hash = or_null(s, 7),
                     .reader = rp_store_column(s, 8),
                     .seed = (uint64_t)sqlite3_column_int64(s, 9),
                     .program = rp_store_column(s, 10)},
        .origin = {.host = rp_store_column(s, 11),
                   .when_ms = sqlite3_column_int64(s, 12),
                   .seconds = sqlite3_column_double(s, 13)},
        .text = rp_store_column(s, 14)};
}

enum rp_code rp_store_points(struct rp_store *store,
                             const struct rp_store_which *which,
                             rp_store_take_point take, void *context,
                             struct rp_error *error)
{
    static const char sql[] =
        "SELECT p.sweep, p.place, a.id, a.key, a.scenario_name, a.scenario,"
        " a.profile_name, a.profile, a.reader, a.seed, a.program, a.host,"
        " a.when_ms, a.seconds, a.text FROM point AS p"
        " JOIN answer AS a ON a.id = p.answer"
        " WHERE (?1 = 0 OR p.sweep = ?1) AND (?2 OR p.place = ?3)"
        " ORDER BY p.sweep, p.place";
    sqlite3_stmt *const s = rp_store_prepare(store, sql, error);
    enum rp_code code = RP_OK;
    int step = SQLITE_DONE;

    if (!s)
        return RP_ERR_IO;
    (void)sqlite3_bind_int64(s, 1, which->sweep);
    (void)sqlite3_bind_int(s, 2, which->all_places);
    (void)sqlite3_bind_int64(s, 3, (sqlite3_int64)which->place);
    while (!code && (step = sqlite3_step(s)) == SQLITE_ROW) {
        const struct rp_store_point point = point_of(s);

        code = take(context, &point, error);
    }
    if (!code && step != SQLITE_DONE)
        code = rp_store_fail(store, "its points are not listed", error);
    (void)sqlite3_finalize(s);
    return code;
}
