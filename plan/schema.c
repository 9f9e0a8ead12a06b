/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/schema.h"

#include <assert.h>

static const char *const steps[] = {
    /* 1: sweeps have points, and points are answers. */
    "CREATE TABLE sweep ("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  command TEXT NOT NULL,"
    "  command_line TEXT NOT NULL,"
    "  question TEXT NOT NULL,"
    "  program TEXT NOT NULL,"
    "  host TEXT NOT NULL,"
    "  begun_ms INTEGER NOT NULL,"
    "  ended_ms INTEGER,"
    "  wanted INTEGER NOT NULL"
    ") STRICT;"
    "CREATE TABLE answer ("
    "  id INTEGER PRIMARY KEY,"
    "  key TEXT NOT NULL,"
    "  scenario_name TEXT NOT NULL,"
    "  scenario TEXT NOT NULL,"
    "  profile_name TEXT,"
    "  profile TEXT,"
    "  reader TEXT NOT NULL,"
    "  seed INTEGER NOT NULL," /* 64 bits, as two's complement */
    "  program TEXT NOT NULL,"
    "  host TEXT NOT NULL,"
    "  when_ms INTEGER NOT NULL,"
    "  seconds REAL NOT NULL,"
    "  text TEXT NOT NULL"
    ") STRICT;"
    "CREATE TABLE point ("
    "  sweep INTEGER NOT NULL REFERENCES sweep (id) ON DELETE CASCADE,"
    "  place INTEGER NOT NULL,"
    "  answer INTEGER NOT NULL REFERENCES answer (id),"
    "  PRIMARY KEY (sweep, place)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX answer_by_key ON answer (key);",

    /* 2: answers that no sweep has any more are found without reading all
     * points for each of them. */
    "CREATE INDEX point_by_answer ON point (answer);",
};

int rp_schema_version(void)
{
    return (int)(sizeof steps / sizeof *steps);
}

const char *rp_schema_step(int number)
{
    assert(number >= 1 && number <= rp_schema_version());
    return steps[number - 1];
}
