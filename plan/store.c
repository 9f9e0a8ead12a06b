/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "plan/store.h"

#include "plan/schema.h"
#include "plan/storestate.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { PATIENCE_MS = 60000 }; /* for other processes that write */

static const char *const texts[RP_STORE_STATEMENT_COUNT] = {
    [RP_STORE_BEGIN] = "BEGIN IMMEDIATE",
    [RP_STORE_COMMIT] = "COMMIT",
    [RP_STORE_ROLLBACK] = "ROLLBACK",
    [RP_STORE_FIND] =
        "SELECT id, text FROM answer WHERE key = ?1 ORDER BY id DESC LIMIT 1",
    [RP_STORE_ANSWER] =
        ("INSERT INTO answer (key, scenario_name, scenario, profile_name,"
         " profile, reader, seed, program, host, when_ms, seconds, text)"
         " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"),
    [RP_STORE_POINT] = ("INSERT INTO point (sweep, place, answer)"
                        " VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING"),
};

/* ---- Sentences ---- */

/* `predicate` is what is wrong with the file; `doing`, where it is not "", what
 * could not be done for it. */
static enum rp_code say(const struct rp_store *store, enum rp_code code,
                        const char *doing, const char *predicate,
                        struct rp_error *error)
{
    return rp_fail_at(error, code, store->path, 0, 0, "%s%s%s", doing,
                      doing[0] ? ": the file " : "", predicate);
}

static const char read_only[] = "can be read but not written; name another "
                                "store, or make it and its folder writable";

enum rp_code rp_store_fail(const struct rp_store *store, const char *doing,
                           struct rp_error *error)
{
    char reason[200];

    switch (sqlite3_errcode(store->db)) {
    case SQLITE_FULL:
        return say(store, RP_ERR_IO, doing,
                   "finds no space left on its disk; what was kept before is "
                   "whole: make room and go on with --resume",
                   error);
    case SQLITE_READONLY:
        return say(store, RP_ERR_IO, doing, read_only, error);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return say(store, RP_ERR_IO, doing,
                   "was kept locked by another process for a minute; go on "
                   "with --resume when that one has ended",
                   error);
    case SQLITE_NOTADB:
        return say(store, RP_ERR_VALUE, doing,
                   "is no database of SQLite, expected a store of runs; name "
                   "another file",
                   error);
    case SQLITE_CORRUPT:
        return say(store, RP_ERR_VALUE, doing,
                   "is damaged; keep a copy, take from it what can be read "
                   "(sqlite3 FILE .recover), and name a new store",
                   error);
    case SQLITE_CANTOPEN:
        return say(store, RP_ERR_IO, doing,
                   "cannot be opened; make its folder, or make that writable",
                   error);
    case SQLITE_NOMEM:
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for a store");
    default:
        (void)snprintf(reason, sizeof reason, "cannot be read or written: %s",
                       sqlite3_errmsg(store->db));
        return say(store, RP_ERR_IO, doing, reason, error);
    }
}

sqlite3_stmt *rp_store_prepare(struct rp_store *store, const char *sql,
                               struct rp_error *error)
{
    sqlite3_stmt *statement = NULL;

    if (sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL) != SQLITE_OK)
        (void)rp_store_fail(store, "", error);
    return statement;
}

const char *rp_store_column(sqlite3_stmt *statement, int column)
{
    const unsigned char *const text = sqlite3_column_text(statement, column);

    return text ? (const char *)text : "";
}

/* ---- Opening ---- */

static bool execute(struct rp_store *store, const char *sql)
{
    return sqlite3_exec(store->db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

/* The one number that a statement gives. */
static bool number_of(struct rp_store *store, const char *sql, int64_t *number)
{
    sqlite3_stmt *statement = NULL;
    bool good =
        sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW;

    if (good)
        *number = sqlite3_column_int64(statement, 0);
    return sqlite3_finalize(statement) == SQLITE_OK && good;
}

/* What a file is of, by its header. */
struct header {
    int64_t application, version, tables;
};

/* In a transaction: another process may be making the file a store, and what is
 * read half before and half after that would look like something else. */
static bool read_header(struct rp_store *store, const char *begin,
                        struct header *header)
{
    return execute(store, begin) &&
           number_of(store, "PRAGMA application_id", &header->application) &&
           number_of(store, "PRAGMA user_version", &header->version) &&
           number_of(store, "SELECT count(*) FROM sqlite_schema",
                     &header->tables);
}

static enum rp_code check_header(const struct rp_store *store,
                                 const struct header *header,
                                 enum rp_store_mode mode,
                                 struct rp_error *error)
{
    const int known = rp_schema_version();

    if (header->application == 0 && header->version == 0 &&
        header->tables == 0) {
        if (mode == RP_STORE_WRITE)
            return RP_OK;
        return rp_fail_at(error, RP_ERR_VALUE, store->path, 0, 0,
                          "is empty, expected a store of runs");
    }
    if (header->application != RP_SCHEMA_APPLICATION || header->version < 1)
        return rp_fail_at(error, RP_ERR_VALUE, store->path, 0, 0,
                          "is a database of something else, expected a store "
                          "of runs; name another file");
    if (header->version > known)
        return rp_fail_at(error, RP_ERR_VALUE, store->path, 0, 0,
                          "is of schema %lld, this reqpath knows those up to "
                          "%d: take a newer reqpath, or name another store",
                          (long long)header->version, known);
    return RP_OK;
}

/* Steps that are missing, in one transaction. Another process may have been
 * quicker, or newer, so the header is read again in it. */
static bool bring_up_to_date(struct rp_store *store)
{
    char pragma[96];
    struct header header = {0};
    bool good = read_header(store, "BEGIN IMMEDIATE", &header);

    if (good && header.version >= rp_schema_version())
        return execute(store, "COMMIT");
    for (int step = (int)header.version + 1;
         good && step <= rp_schema_version(); step++)
        good = execute(store, rp_schema_step(step));
    (void)snprintf(pragma, sizeof pragma,
                   "PRAGMA application_id = %d; PRAGMA user_version = %d",
                   RP_SCHEMA_APPLICATION, rp_schema_version());
    return good && execute(store, pragma) && execute(store, "COMMIT");
}

/* Where processes make one file at the same moment, each of them may find that
 * the journal which it wants to delete is gone already. SQLite calls that an
 * error of the disk; it has passed when it is looked at again. */
static bool lost_a_race(const struct rp_store *store)
{
    return sqlite3_extended_errcode(store->db) == SQLITE_IOERR_DELETE_NOENT;
}

static bool may_try_again(int *waited_ms)
{
    enum { STEP_MS = 5 };

    if (*waited_ms >= PATIENCE_MS)
        return false;
    *waited_ms += STEP_MS;
    (void)sqlite3_sleep(STEP_MS);
    return true;
}

static bool look(struct rp_store *store, struct header *header)
{
    int waited_ms = 0;

    while (!read_header(store, "BEGIN", header) || !execute(store, "COMMIT")) {
        if (!lost_a_race(store) || !may_try_again(&waited_ms))
            return false;
        (void)execute(store, "ROLLBACK"); /* where there is anything */
    }
    return true;
}

/* Readers and a writer do not wait for each other, and a commit is a write
 * without waiting for the disk. Where the file system cannot do that SQLite
 * keeps the mode that it had. It gives up at once where two processes change
 * the mode of a new file, whatever patience it was told to have. */
static bool settle(struct rp_store *store)
{
    int waited_ms = 0;

    while (!execute(store, "PRAGMA journal_mode = WAL"))
        if ((sqlite3_errcode(store->db) != SQLITE_BUSY &&
             !lost_a_race(store)) ||
            !may_try_again(&waited_ms))
            return false;
    return execute(store, "PRAGMA synchronous = NORMAL;"
                          "PRAGMA foreign_keys = ON");
}

static enum rp_code set_up(struct rp_store *store, enum rp_store_mode mode,
                           struct rp_error *error)
{
    struct header header = {0};
    enum rp_code code;

    (void)sqlite3_busy_timeout(store->db, PATIENCE_MS);
    if (!look(store, &header))
        return rp_store_fail(store, "", error);
    code = check_header(store, &header, mode, error);
    if (code)
        return code;
    if (mode == RP_STORE_WRITE && sqlite3_db_readonly(store->db, "main") == 1)
        return say(store, RP_ERR_IO, "", read_only, error);
    if (mode == RP_STORE_WRITE && !settle(store))
        return rp_store_fail(store, "", error);
    if (header.version < rp_schema_version() && !bring_up_to_date(store))
        return rp_store_fail(store, "its schema is not brought up to date",
                             error);
    if (mode == RP_STORE_READ && !execute(store, "PRAGMA query_only = ON"))
        return rp_store_fail(store, "", error);
    return RP_OK;
}

static enum rp_code prepare_all(struct rp_store *store, struct rp_error *error)
{
    for (int i = 0; i < RP_STORE_STATEMENT_COUNT; i++)
        if (sqlite3_prepare_v3(store->db, texts[i], -1,
                               SQLITE_PREPARE_PERSISTENT, &store->statements[i],
                               NULL) != SQLITE_OK)
            return rp_store_fail(store, "", error);
    return RP_OK;
}

static enum rp_code check_path(const char *path, enum rp_store_mode mode,
                               struct rp_error *error)
{
    struct stat info;

    if (stat(path, &info) != 0) {
        if (errno == ENOENT && mode == RP_STORE_WRITE)
            return RP_OK;
        return rp_fail_at(error, RP_ERR_IO, path, 0, 0, "cannot be read: %s",
                          strerror(errno));
    }
    if (!S_ISREG(info.st_mode))
        return rp_fail_at(error, RP_ERR_IO, path, 0, 0,
                          "is %s, expected a store of runs: a file",
                          S_ISDIR(info.st_mode) ? "a directory" : "no file");
    return RP_OK;
}

/* A file in a folder that cannot be written is read as it stands: nobody can
 * change it, and SQLite could not make the file beside it that it would need to
 * be sure. */
static char *as_uri(const char *path, bool immutable)
{
    static const char hex[] = "0123456789abcdef";
    const size_t size = 3 * strlen(path) + sizeof "file:?immutable=1";
    char *const uri = malloc(size), *at = uri;

    if (!uri)
        return NULL;
    at += snprintf(uri, size, "file:");
    for (; *path; path++) {
        const unsigned char c = (unsigned char)*path;

        if (strchr("?#%", c)) {
            *at++ = '%';
            *at++ = hex[c >> 4];
            *at++ = hex[c & 15];
        } else {
            *at++ = (char)c;
        }
    }
    (void)snprintf(at, size - (size_t)(at - uri), "%s",
                   immutable ? "?immutable=1" : "");
    return uri;
}

static enum rp_code open_database(struct rp_store *store,
                                  enum rp_store_mode mode, bool immutable,
                                  struct rp_error *error)
{
    const int flags =
        SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX |
        (immutable ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE) |
        (mode == RP_STORE_WRITE ? SQLITE_OPEN_CREATE : 0);
    char *const uri = as_uri(store->path, immutable);
    enum rp_code code = RP_OK;

    if (!uri)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for a store");
    if (sqlite3_open_v2(uri, &store->db, flags, NULL) != SQLITE_OK)
        code = store->db
                   ? rp_store_fail(store, "", error)
                   : rp_fail(error, RP_ERR_MEMORY, "out of memory for a store");
    free(uri);
    if (!code)
        code = set_up(store, mode, error);
    return code ? code : prepare_all(store, error);
}

static void close_database(struct rp_store *store)
{
    for (int i = 0; i < RP_STORE_STATEMENT_COUNT; i++) {
        (void)sqlite3_finalize(store->statements[i]);
        store->statements[i] = NULL;
    }
    (void)sqlite3_close_v2(store->db);
    store->db = NULL;
}

/* By a folder that it would have to write to, even to read. */
static bool is_kept_out(const struct rp_store *store)
{
    const int code = store && store->db ? sqlite3_errcode(store->db) : 0;

    return code == SQLITE_CANTOPEN || code == SQLITE_READONLY;
}

enum rp_code rp_store_open(const char *path, enum rp_store_mode mode,
                           struct rp_store **store, struct rp_error *error)
{
    struct rp_store *const opening = calloc(1, sizeof *opening);
    enum rp_code code = check_path(path, mode, error);

    if (!code && opening)
        opening->path = strdup(path);
    if (!code && (!opening || !opening->path))
        code = rp_fail(error, RP_ERR_MEMORY, "out of memory for a store");
    if (!code)
        code = open_database(opening, mode, false, error);
    if (code && mode == RP_STORE_READ && is_kept_out(opening)) {
        close_database(opening);
        code = open_database(opening, mode, true, error);
    }
    if (code)
        rp_store_close(opening);
    else
        *store = opening;
    return code;
}

void rp_store_close(struct rp_store *store)
{
    if (!store)
        return;
    close_database(store);
    free(store->path);
    free(store);
}

/* ---- Sweeps ---- */

static int bind_text(sqlite3_stmt *statement, int column, const char *text)
{
    return sqlite3_bind_text(statement, column, text, -1, SQLITE_STATIC);
}

/* Run a statement that gives no rows. */
static bool run(sqlite3_stmt *statement)
{
    const bool good = sqlite3_step(statement) == SQLITE_DONE;

    return sqlite3_reset(statement) == SQLITE_OK && good;
}

enum rp_code rp_store_begin(struct rp_store *store,
                            const struct rp_store_sweep *sweep, int64_t *id,
                            struct rp_error *error)
{
    static const char sql[] =
        "INSERT INTO sweep (command, command_line, question, program, host,"
        " begun_ms, wanted) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    sqlite3_stmt *const s = rp_store_prepare(store, sql, error);
    enum rp_code code = RP_OK;

    if (!s)
        return RP_ERR_IO;
    (void)bind_text(s, 1, sweep->command);
    (void)bind_text(s, 2, sweep->command_line);
    (void)bind_text(s, 3, sweep->question);
    (void)bind_text(s, 4, sweep->program);
    (void)bind_text(s, 5, sweep->host);
    (void)sqlite3_bind_int64(s, 6, sweep->begun_ms);
    (void)sqlite3_bind_int64(s, 7, (sqlite3_int64)sweep->wanted);
    if (run(s))
        *id = sqlite3_last_insert_rowid(store->db);
    else
        code = rp_store_fail(store, "no sweep is begun", error);
    (void)sqlite3_finalize(s);
    return code;
}

enum rp_code rp_store_unfinished(struct rp_store *store, const char *question,
                                 int64_t *id, struct rp_error *error)
{
    static const char sql[] = "SELECT id FROM sweep WHERE question = ?1 AND"
                              " ended_ms IS NULL ORDER BY id DESC LIMIT 1";
    sqlite3_stmt *const s = rp_store_prepare(store, sql, error);
    enum rp_code code = RP_OK;
    int step;

    if (!s)
        return RP_ERR_IO;
    (void)bind_text(s, 1, question);
    step = sqlite3_step(s);
    if (step == SQLITE_ROW || step == SQLITE_DONE)
        *id = step == SQLITE_ROW ? sqlite3_column_int64(s, 0) : 0;
    else
        code = rp_store_fail(store, "no sweep is found", error);
    (void)sqlite3_finalize(s);
    return code;
}

enum rp_code rp_store_end(struct rp_store *store, int64_t id, int64_t when_ms,
                          struct rp_error *error)
{
    static const char sql[] = "UPDATE sweep SET ended_ms = ?2 WHERE id = ?1";
    sqlite3_stmt *const s = rp_store_prepare(store, sql, error);
    enum rp_code code = RP_OK;

    if (!s)
        return RP_ERR_IO;
    (void)sqlite3_bind_int64(s, 1, id);
    (void)sqlite3_bind_int64(s, 2, when_ms);
    if (!run(s))
        code = rp_store_fail(store, "the end of the sweep is not kept", error);
    (void)sqlite3_finalize(s);
    /* With readers about, what can be moved to the file is. */
    if (!code)
        (void)sqlite3_wal_checkpoint_v2(store->db, NULL,
                                        SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    return code;
}

/* ---- Points ---- */

const char *rp_store_key(const struct rp_store_question *question,
                         char key[RP_FINGERPRINT_TEXT_SIZE])
{
    struct rp_fingerprint f = rp_fingerprint_begin();
    char seed[32];

    (void)snprintf(seed, sizeof seed, "%llu",
                   (unsigned long long)question->seed);
    rp_fingerprint_add_text(&f, question->scenario_text);
    rp_fingerprint_add_text(&f, question->profile_hash);
    rp_fingerprint_add_text(&f, question->reader);
    rp_fingerprint_add_text(&f, seed);
    rp_fingerprint_add_text(&f, question->program);
    return rp_fingerprint_format(f, key);
}

enum rp_code rp_store_find(struct rp_store *store, const char *key,
                           struct rp_store_answer *answer,
                           struct rp_error *error)
{
    sqlite3_stmt *const s = store->statements[RP_STORE_FIND];
    enum rp_code code = RP_OK;
    int step;

    *answer = (struct rp_store_answer){.text = NULL};
    (void)bind_text(s, 1, key);
    step = sqlite3_step(s);
    if (step == SQLITE_ROW) {
        *answer =
            (struct rp_store_answer){.id = sqlite3_column_int64(s, 0),
                                     .text = strdup(rp_store_column(s, 1))};
        if (!answer->text)
            code = rp_fail(error, RP_ERR_MEMORY, "out of memory for a store");
    } else if (step != SQLITE_DONE) {
        code = rp_store_fail(store, "no point is found", error);
    }
    (void)sqlite3_reset(s);
    return code;
}

static bool add_point(struct rp_store *store, int64_t sweep, uint64_t place,
                      int64_t answer)
{
    sqlite3_stmt *const s = store->statements[RP_STORE_POINT];

    (void)sqlite3_bind_int64(s, 1, sweep);
    (void)sqlite3_bind_int64(s, 2, (sqlite3_int64)place);
    (void)sqlite3_bind_int64(s, 3, answer);
    return run(s);
}

static bool add_answer(struct rp_store *store,
                       const struct rp_store_question *q,
                       const struct rp_store_origin *origin, const char *text)
{
    sqlite3_stmt *const s = store->statements[RP_STORE_ANSWER];
    char key[RP_FINGERPRINT_TEXT_SIZE];

    (void)bind_text(s, 1, rp_store_key(q, key));
    (void)bind_text(s, 2, q->scenario_name ? q->scenario_name : "");
    (void)bind_text(s, 3, q->scenario_text);
    (void)bind_text(s, 4, q->profile_name);
    (void)bind_text(s, 5, q->profile_hash);
    (void)bind_text(s, 6, q->reader);
    (void)sqlite3_bind_int64(s, 7, (sqlite3_int64)q->seed);
    (void)bind_text(s, 8, q->program);
    (void)bind_text(s, 9, origin->host);
    (void)sqlite3_bind_int64(s, 10, origin->when_ms);
    (void)sqlite3_bind_double(s, 11, origin->seconds);
    (void)bind_text(s, 12, text);
    return run(s);
}

enum rp_code rp_store_put(struct rp_store *store, int64_t sweep, uint64_t place,
                          const struct rp_store_question *question,
                          const struct rp_store_origin *origin,
                          const char *text, struct rp_error *error)
{
    sqlite3_stmt *const *const s = store->statements;
    enum rp_code code = RP_OK;
    bool good;

    assert(text && question->scenario_text && question->reader);
    good = run(s[RP_STORE_BEGIN]) &&
           add_answer(store, question, origin, text) &&
           add_point(store, sweep, place, sqlite3_last_insert_rowid(store->db));
    /* Another process has been quicker with this point: its answer is the
     * same, and it is enough. */
    if (good && sqlite3_changes(store->db) == 0)
        good = run(s[RP_STORE_ROLLBACK]);
    else
        good = good && run(s[RP_STORE_COMMIT]);
    if (!good)
        code = rp_store_fail(store, "a point is not kept", error);
    if (!good && !sqlite3_get_autocommit(store->db))
        (void)run(s[RP_STORE_ROLLBACK]);
    return code;
}

enum rp_code rp_store_refer(struct rp_store *store, int64_t sweep,
                            uint64_t place, int64_t answer,
                            struct rp_error *error)
{
    if (add_point(store, sweep, place, answer))
        return RP_OK;
    return rp_store_fail(store, "a point is not kept", error);
}
