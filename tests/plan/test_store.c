/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _DEFAULT_SOURCE

#include "plan/store.h"

#include "plan/schema.h"
#include "squares.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[64], path[96];

static void begin(void)
{
    (void)snprintf(folder, sizeof folder, "/tmp/rp-store-XXXXXX");
    cr_assert(mkdtemp(folder) != NULL);
    cr_assert(chmod(folder, 0777) == 0);
    (void)snprintf(path, sizeof path, "%s/runs.db", folder);
}

static void end(void)
{
    char command[128];

    (void)snprintf(command, sizeof command, "rm -rf %s", folder);
    cr_assert(system(command) == 0);
}

TestSuite(store, .init = begin, .fini = end);

/* The number that a statement gives, asked past the code under test. */
static long long ask(const char *sql)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    long long number = -1;

    if (sqlite3_open(path, &db) == SQLITE_OK &&
        sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        number = sqlite3_column_int64(statement, 0);
    (void)sqlite3_finalize(statement);
    (void)sqlite3_close(db);
    return number;
}

static void tell(const char *sql)
{
    sqlite3 *db = NULL;
    char *why = NULL;

    cr_assert(sqlite3_open(path, &db) == SQLITE_OK);
    cr_assert(sqlite3_exec(db, sql, NULL, NULL, &why) == SQLITE_OK, "%s", why);
    (void)sqlite3_close(db);
}

static struct rp_store *opened(enum rp_store_mode mode)
{
    struct rp_store *store = NULL;
    struct rp_error error = {0};

    cr_assert(rp_store_open(path, mode, &store, &error) == RP_OK, "%s",
              error.text);
    return store;
}

/* The sentence of a store that cannot be opened, behind its path. */
static void expect_refusal(enum rp_store_mode mode, enum rp_code code,
                           const char *sentence)
{
    struct rp_store *store = NULL;
    struct rp_error error = {0};
    const size_t length = strlen(path);

    cr_assert(eq(int, rp_store_open(path, mode, &store, &error), code));
    cr_expect(store == NULL);
    cr_assert(strncmp(error.text, path, length) == 0, "%s", error.text);
    cr_expect_str_eq(error.text + length, sentence);
}

static enum rp_code run_squares(struct squares *s, struct rp_store *store,
                                bool resumes, struct rp_handout_tally *tally,
                                struct rp_error *error)
{
    const struct rp_sweep sweep = squares_sweep(s);
    const struct rp_handout_how how = {.jobs = 2, .stop = &s->stop};

    return rp_sweep_run(&sweep, store, resumes, &how, tally, error);
}

/* ---- What it keeps ---- */

Test(store, gives_back_the_bytes_that_were_put)
{
    struct rp_store *store = opened(RP_STORE_WRITE);
    const struct rp_store_question question = {.scenario_text = "a: 1\n",
                                               .reader = "simulate",
                                               .seed = UINT64_MAX,
                                               .profile_hash = "77",
                                               .program = "1"};
    const struct rp_store_origin origin = {"host", 1000, 0.5};
    const char *const text = "{\"mean_ms\": 0.1, \"name\": \"caf\xc3\xa9\"}";
    struct rp_store_answer answer;
    struct rp_error error = {0};
    char key[RP_FINGERPRINT_TEXT_SIZE];
    int64_t id = 0;
    const struct rp_store_sweep sweep = {.command = "whatif",
                                         .command_line = "reqpath whatif a",
                                         .question = "q",
                                         .program = "1",
                                         .host = "host",
                                         .begun_ms = 999,
                                         .wanted = 1};

    cr_assert(rp_store_begin(store, &sweep, &id, &error) == 0, "%s",
              error.text);
    cr_assert(rp_store_put(store, id, 0, &question, &origin, text, &error) ==
              0);
    rp_store_close(store);

    store = opened(RP_STORE_READ);
    cr_assert(rp_store_find(store, rp_store_key(&question, key), &answer,
                            &error) == 0);
    cr_expect_str_eq(answer.text, text);
    free(answer.text);
    cr_assert(rp_store_find(store, "0", &answer, &error) == 0);
    cr_expect(answer.text == NULL);
    rp_store_close(store);
    cr_expect(ask("SELECT seed = -1 AND seconds = 0.5 AND when_ms = 1000 AND "
                  "host = 'host' AND scenario = 'a: 1' || char(10) FROM "
                  "answer") == 1);
}

Test(store, has_a_key_of_all_that_an_answer_depends_on)
{
    const struct rp_store_question base = {.scenario_name = "n",
                                           .scenario_text = "s",
                                           .profile_name = "p",
                                           .profile_hash = "h",
                                           .reader = "r",
                                           .seed = 1,
                                           .program = "v"};
    struct rp_store_question changed[5] = {base, base, base, base, base};
    struct rp_store_question renamed = base;
    char a[RP_FINGERPRINT_TEXT_SIZE], b[RP_FINGERPRINT_TEXT_SIZE];

    changed[0].scenario_text = "S";
    changed[1].profile_hash = "H";
    changed[2].reader = "R";
    changed[3].seed = 2;
    changed[4].program = "V";
    for (size_t i = 0; i < 5; i++)
        cr_expect_str_neq(rp_store_key(&base, a), rp_store_key(&changed[i], b));
    renamed.scenario_name = renamed.profile_name = "another";
    cr_expect_str_eq(rp_store_key(&base, a), rp_store_key(&renamed, b));
}

/* ---- Sweeps ---- */

Test(store, resumes_a_stopped_sweep_and_runs_no_point_twice)
{
    struct squares first = {.count = 300, .stop_at = 90};
    struct squares second = {.count = 300};
    struct rp_store *store = opened(RP_STORE_WRITE);
    struct rp_handout_tally tally;
    struct rp_error error = {0};
    size_t before;

    cr_assert(run_squares(&first, store, false, &tally, &error) == 0, "%s",
              error.text);
    cr_expect(tally.stopped);
    before = tally.ran;
    cr_expect(ask("SELECT count(*) FROM sweep WHERE ended_ms IS NULL") == 1);

    cr_assert(run_squares(&second, store, true, &tally, &error) == 0, "%s",
              error.text);
    rp_store_close(store);
    cr_expect(eq(sz, tally.taken, 300));
    cr_expect(eq(sz, tally.found, before));
    cr_expect(eq(sz, (size_t)second.ran, 300 - before));
    cr_expect(eq(int, second.wrong, 0));
    cr_expect(ask("SELECT count(*) FROM answer") == 300);
    cr_expect(ask("SELECT count(DISTINCT key) FROM answer") == 300);
    cr_expect(ask("SELECT count(*) FROM point") == 300);
    cr_expect(ask("SELECT count(*) FROM sweep WHERE ended_ms IS NOT NULL") ==
              1);
}

Test(store, begins_a_new_sweep_where_none_is_unfinished)
{
    struct squares s[3] = {{.count = 20}, {.count = 20}, {.count = 20}};
    struct rp_store *store = opened(RP_STORE_WRITE);
    struct rp_handout_tally tally;
    struct rp_error error = {0};

    cr_assert(run_squares(&s[0], store, false, NULL, &error) == 0);
    cr_assert(run_squares(&s[1], store, true, &tally, &error) == 0);
    cr_expect(tally.found == 20 && s[1].ran == 0);
    cr_expect(ask("SELECT count(*) FROM sweep") == 2);
    cr_expect(ask("SELECT count(*) FROM answer") == 20);
    cr_expect(ask("SELECT count(*) FROM point") == 40);

    cr_assert(run_squares(&s[2], store, false, &tally, &error) == 0);
    rp_store_close(store);
    cr_expect(tally.found == 0 && s[2].ran == 20);
    cr_expect(ask("SELECT count(*) FROM answer") == 40);
}

/* Killed by a signal that nobody can catch, as often as it takes. */
Test(store, loses_no_finished_point_of_a_process_that_is_killed)
{
    struct squares s = {.count = 400};
    struct rp_handout_tally tally;
    struct rp_error error = {0};
    struct rp_store *store;
    long long there = 0;

    for (unsigned i = 0; i < 5; i++) {
        const pid_t child = fork();

        cr_assert(child >= 0);
        if (child == 0) {
            store = NULL;
            if (rp_store_open(path, RP_STORE_WRITE, &store, &error) == RP_OK &&
                run_squares(&s, store, true, NULL, &error) == RP_OK)
                _exit(0);
            _exit(1);
        }
        for (unsigned wait_ms = 0;
             wait_ms < 2000 && ask("SELECT count(*) FROM point") <= there + 20;
             wait_ms++)
            (void)usleep(1000);
        (void)kill(child, SIGKILL);
        (void)waitpid(child, NULL, 0);
        cr_expect(ge(llong, ask("SELECT count(*) FROM point"), there));
        there = ask("SELECT count(*) FROM point");
    }
    store = opened(RP_STORE_WRITE);
    cr_assert(run_squares(&s, store, true, &tally, &error) == 0, "%s",
              error.text);
    rp_store_close(store);
    cr_expect(eq(llong, (long long)tally.found, there));
    cr_expect(eq(int, s.wrong, 0));
    cr_expect(eq(sz, s.taken, 400));
    cr_expect(ask("SELECT count(*) FROM answer") == 400);
    cr_expect(ask("SELECT count(DISTINCT key) FROM answer") == 400);
    cr_expect(
        ask("SELECT integrity_check = 'ok' FROM pragma_integrity_check") == 1);
}

Test(store, is_written_by_two_processes_at_a_time)
{
    enum { PROCESSES = 3, POINTS = 400 };
    pid_t children[PROCESSES];

    for (unsigned i = 0; i < PROCESSES; i++) {
        children[i] = fork();
        cr_assert(children[i] >= 0);
        if (children[i] == 0) {
            struct squares s = {.count = POINTS};
            struct rp_store *store = NULL;
            struct rp_error error = {0};

            if (rp_store_open(path, RP_STORE_WRITE, &store, &error) != RP_OK ||
                run_squares(&s, store, false, NULL, &error) != RP_OK)
                (void)fprintf(stderr, "%s\n", error.text);
            else
                error.code = s.wrong ? RP_ERR_VALUE : RP_OK;
            rp_store_close(store);
            _exit(error.code ? 1 : 0);
        }
    }
    for (unsigned i = 0; i < PROCESSES; i++) {
        int status = -1;

        (void)waitpid(children[i], &status, 0);
        cr_expect(eq(int, status, 0));
    }
    cr_expect(ask("SELECT count(*) FROM point") == PROCESSES * POINTS);
    cr_expect(ask("SELECT count(*) FROM sweep WHERE ended_ms IS NOT NULL") ==
              PROCESSES);
    cr_expect(ask("SELECT max(n) FROM (SELECT count(*) AS n FROM point GROUP "
                  "BY sweep)") == POINTS);
}

/* They wait until the pipe's other end is closed, then open it all at once. */
Test(store, is_made_by_eight_processes_at_the_same_moment)
{
    enum { PROCESSES = 8, ROUNDS = 25 };

    for (unsigned round = 0; round < ROUNDS; round++) {
        pid_t children[PROCESSES];
        int start[2];

        (void)unlink(path);
        cr_assert(pipe(start) == 0);
        for (unsigned i = 0; i < PROCESSES; i++) {
            children[i] = fork();
            cr_assert(children[i] >= 0);
            if (children[i] == 0) {
                struct rp_store *store = NULL;
                struct rp_error error = {0};
                char byte;

                (void)close(start[1]);
                (void)!read(start[0], &byte, 1);
                if (rp_store_open(path, RP_STORE_WRITE, &store, &error))
                    (void)fprintf(stderr, "%s\n", error.text);
                rp_store_close(store);
                _exit(error.code ? 1 : 0);
            }
        }
        (void)close(start[0]);
        (void)close(start[1]);
        for (unsigned i = 0; i < PROCESSES; i++) {
            int status = -1;

            (void)waitpid(children[i], &status, 0);
            cr_expect(eq(int, status, 0));
        }
    }
}

/* ---- Schemas ---- */

Test(store, of_the_first_schema_is_brought_up_to_date_with_what_it_holds)
{
    char sql[256];
    struct squares s = {.count = 3};
    struct rp_store *store;
    struct rp_handout_tally tally;
    struct rp_error error = {0};

    tell(rp_schema_step(1));
    (void)snprintf(sql, sizeof sql,
                   "PRAGMA application_id = %d; PRAGMA user_version = 1",
                   RP_SCHEMA_APPLICATION);
    tell(sql);
    tell("INSERT INTO sweep VALUES (5, 'squares', 'squares --old', "
         "'0', 'squares 0', 'host', 1, NULL, 3)");
    tell("INSERT INTO answer VALUES (9, '0', 'n', 's', NULL, NULL, 'r', 1, "
         "'squares 0', 'host', 1, 0.5, '36')");
    tell("INSERT INTO point VALUES (5, 2, 9)");

    store = opened(RP_STORE_READ);
    rp_store_close(store);
    cr_expect(ask("PRAGMA user_version") == rp_schema_version());
    cr_expect(ask("SELECT count(*) FROM sqlite_schema WHERE name = "
                  "'point_by_answer'") == 1);
    cr_expect(ask("SELECT text FROM point JOIN answer ON answer = id WHERE "
                  "sweep = 5 AND place = 2") == 36);
    store = opened(RP_STORE_WRITE);
    cr_assert(run_squares(&s, store, true, &tally, &error) == 0);
    rp_store_close(store);
    cr_expect(eq(sz, tally.ran, 3));
    cr_expect(ask("SELECT max(id) FROM sweep") == 6);
}

Test(store, of_a_newer_schema_is_refused_and_left_alone)
{
    char sentence[256];

    rp_store_close(opened(RP_STORE_WRITE));
    tell("PRAGMA user_version = 99");
    (void)snprintf(sentence, sizeof sentence,
                   ": is of schema 99, this reqpath knows those up to %d: take "
                   "a newer reqpath, or name another store",
                   rp_schema_version());
    expect_refusal(RP_STORE_READ, RP_ERR_VALUE, sentence);
    expect_refusal(RP_STORE_WRITE, RP_ERR_VALUE, sentence);
    cr_expect(ask("PRAGMA user_version") == 99);
}

/* ---- What is no store ---- */

static void write_file(const char *bytes, size_t length)
{
    FILE *const file = fopen(path, "wb");

    cr_assert(file != NULL);
    cr_assert(fwrite(bytes, 1, length, file) == length);
    cr_assert(fclose(file) == 0);
}

Test(store, is_no_text_file_and_leaves_it_alone)
{
    const char text[] = "name: blog\nframework:\n  django: 4.2\n# a scenario "
                        "that somebody has named by mistake\n";
    char read[sizeof text] = "";
    FILE *file;

    write_file(text, sizeof text - 1);
    expect_refusal(RP_STORE_WRITE, RP_ERR_VALUE,
                   ": is no database of SQLite, expected a store of runs; "
                   "name another file");
    file = fopen(path, "rb");
    cr_assert(file != NULL);
    cr_expect(fread(read, 1, sizeof read, file) == sizeof text - 1);
    (void)fclose(file);
    cr_expect_str_eq(read, text);
}

Test(store, is_no_database_of_something_else)
{
    tell("CREATE TABLE bookmarks (url TEXT)");
    expect_refusal(RP_STORE_WRITE, RP_ERR_VALUE,
                   ": is a database of something else, expected a store of "
                   "runs; name another file");
    cr_expect(ask("SELECT count(*) FROM sqlite_schema") == 1);
}

Test(store, is_not_read_where_it_is_empty_or_not_there)
{
    expect_refusal(RP_STORE_READ, RP_ERR_IO,
                   ": cannot be read: No such file or directory");
    cr_expect(access(path, F_OK) != 0, "reading makes no file");
    write_file("", 0);
    expect_refusal(RP_STORE_READ, RP_ERR_VALUE,
                   ": is empty, expected a store of runs");
}

Test(store, is_no_folder)
{
    cr_assert(mkdir(path, 0755) == 0);
    expect_refusal(RP_STORE_WRITE, RP_ERR_IO,
                   ": is a directory, expected a store of runs: a file");
}

Test(store, that_is_damaged_is_told_in_a_sentence)
{
    struct squares s = {.count = 300};
    struct rp_store *store = opened(RP_STORE_WRITE);
    struct rp_error error = {0};
    static char noise[4096];
    struct stat info;
    FILE *file;

    cr_assert(run_squares(&s, store, false, NULL, &error) == 0);
    rp_store_close(store);
    cr_assert(stat(path, &info) == 0);
    memset(noise, 0x5a, sizeof noise);
    file = fopen(path, "rb+");
    cr_assert(file != NULL);
    for (long page = 1; page < info.st_size / 4096; page++) {
        cr_assert(fseek(file, page * 4096, SEEK_SET) == 0);
        cr_assert(fwrite(noise, 1, sizeof noise, file) == sizeof noise);
    }
    (void)fclose(file);

    store = opened(RP_STORE_WRITE);
    cr_expect(
        eq(int, run_squares(&s, store, true, NULL, &error), RP_ERR_VALUE));
    rp_store_close(store);
    cr_expect(strstr(error.text, ": the file is damaged; keep a copy") != NULL,
              "%s", error.text);
    cr_expect(strchr(error.text, '\n') == NULL);
}

/* ---- What the system does not let it do ---- */

/* Root may write everything. */
static void be_nobody(void)
{
    if (geteuid() == 0)
        cr_assert(seteuid(65534) == 0);
}

/* What has had other rights may not be traced, and sanitizers trace. */
static void be_somebody(void)
{
    (void)seteuid(getuid());
    (void)prctl(PR_SET_DUMPABLE, 1);
}

Test(store, that_is_read_only_can_be_read_and_says_so_where_it_is_written_to)
{
    struct squares s = {.count = 10};
    struct rp_store *store = opened(RP_STORE_WRITE);
    struct rp_error error = {0};
    struct rp_store_answer answer;
    struct rp_store_question question;
    char key[RP_FINGERPRINT_TEXT_SIZE];

    cr_assert(run_squares(&s, store, false, NULL, &error) == 0);
    rp_store_close(store);
    cr_assert(chmod(path, 0444) == 0 && chmod(folder, 0555) == 0);
    be_nobody();
    expect_refusal(RP_STORE_WRITE, RP_ERR_IO,
                   ": can be read but not written; name another store, or "
                   "make it and its folder writable");
    store = opened(RP_STORE_READ);
    cr_assert(squares_ask(&s, 3, &question, &error) == 0);
    cr_assert(rp_store_find(store, rp_store_key(&question, key), &answer,
                            &error) == 0);
    cr_expect_str_eq(answer.text, "9");
    free(answer.text);
    rp_store_close(store);
    be_somebody();
    cr_assert(chmod(folder, 0755) == 0);
}

Test(store, cannot_be_made_in_a_folder_that_is_not_writable)
{
    cr_assert(chmod(folder, 0555) == 0);
    be_nobody();
    expect_refusal(RP_STORE_WRITE, RP_ERR_IO,
                   ": cannot be opened; make its folder, or make that "
                   "writable");
    be_somebody();
    cr_assert(chmod(folder, 0755) == 0);
}

/* A disk of 2 MB; SQLite's own way of saying that it is full. */
Test(store, that_finds_its_disk_full_keeps_what_it_has)
{
    struct squares s = {.count = 100000};
    struct rp_store *store;
    struct rp_handout_tally tally;
    struct rp_error error = {0};
    char expected[300];
    long long there;

    if (mount("tmpfs", folder, "tmpfs", 0, "size=2m") != 0) {
        (void)printf("SKIPPED: a full disk: no file system can be mounted\n");
        return;
    }
    store = opened(RP_STORE_WRITE);
    cr_expect(
        eq(int, run_squares(&s, store, false, &tally, &error), RP_ERR_IO));
    rp_store_close(store);
    (void)snprintf(
        expected, sizeof expected,
        "%s: a point is not kept: the file finds no space left on its disk; "
        "what was kept before is whole: make room and go on with "
        "--resume",
        path);
    cr_expect_str_eq(error.text, expected);
    cr_expect(mount("tmpfs", folder, "tmpfs", MS_REMOUNT, "size=100m") == 0);
    there = ask("SELECT count(*) FROM point");
    cr_expect(gt(llong, there, 20));
    /* Whoever was underway when the disk was found full is not kept. */
    cr_expect(le(llong, there, (long long)tally.ran));
    cr_expect(ge(llong, there, (long long)tally.taken - 1));
    s = (struct squares){.count = 5000};
    store = opened(RP_STORE_WRITE);
    cr_expect(run_squares(&s, store, true, &tally, &error) == 0, "%s",
              error.text);
    rp_store_close(store);
    cr_expect(eq(llong, (long long)tally.found, there));
    cr_expect(eq(int, s.wrong, 0));
    cr_assert(umount(folder) == 0);
}

Test(store, that_cannot_grow_says_why)
{
    struct squares s = {.count = 100000};
    struct rp_store *store = opened(RP_STORE_WRITE);
    const struct rlimit limit = {.rlim_cur = 400000, .rlim_max = 400000};
    struct rp_error error = {0};
    const char *expected;

    (void)signal(SIGXFSZ, SIG_IGN);
    cr_assert(setrlimit(RLIMIT_FSIZE, &limit) == 0);
    cr_expect(eq(int, run_squares(&s, store, false, NULL, &error), RP_ERR_IO));
    rp_store_close(store);
    expected = strstr(error.text, "runs.db: a point is not kept: the file "
                                  "cannot be read or written: disk I/O error");
    cr_expect(expected != NULL, "%s", error.text);
}
