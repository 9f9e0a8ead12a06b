/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/tool.h"

#include "calibrate/h2log.h"
#include "calibrate/h2report.h"
#include "calibrate/heyreport.h"
#include "calibrate/heyrows.h"
#include "calibrate/openrows.h"
#include "calibrate/samples.h"
#include "calibrate/wrkreport.h"
#include "model/file.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define RP_PEER_AS_ROW(tool, word, program, keeps, reader)                     \
    [tool] = {word, program, keeps, reader},
static const struct {
    const char *word, *program;
    bool keeps;
    enum rp_code (*read_text)(const char *text, size_t length,
                              const char *file_name, struct rp_peer *peer,
                              struct rp_error *error);
} tools[RP_TOOL_COUNT] = {[RP_TOOL_AB] = {"ab", "ab", false, NULL},
                          RP_PEER_LIST(RP_PEER_AS_ROW)};
#undef RP_PEER_AS_ROW

const char *rp_tool_word(enum rp_tool tool)
{
    return tools[tool].word;
}

const char *rp_tool_program(enum rp_tool tool)
{
    return tools[tool].program;
}

bool rp_tool_keeps(enum rp_tool tool)
{
    return tools[tool].keeps;
}

bool rp_tool_parse(const char *word, enum rp_tool *tool)
{
    for (unsigned i = 0; i < RP_TOOL_COUNT; i++)
        if (strcmp(word, tools[i].word) == 0) {
            *tool = (enum rp_tool)i;
            return true;
        }
    return false;
}

const char *rp_tool_words(void)
{
    return "ab, wrk, hey, hey-csv, h2load, h2load-log, open or samples";
}

bool rp_tool_guess(const char *text, size_t length, enum rp_tool *tool)
{
    static const struct {
        const char *words;
        enum rp_tool tool;
    } beginnings[] = {{"This is ApacheBench", RP_TOOL_AB},
                      {"Server Software:", RP_TOOL_AB},
                      {"Running ", RP_TOOL_WRK},
                      {"unable to connect to ", RP_TOOL_WRK},
                      {"Summary:", RP_TOOL_HEY},
                      {"response-time,", RP_TOOL_HEY_CSV},
                      {"starting benchmark", RP_TOOL_H2LOAD},
                      {"planned_us,", RP_TOOL_OPEN},
                      {"start_us,", RP_TOOL_SAMPLES}};
    const char *at = text, *const end = text + length;
    char line[RP_PEER_LINE_SIZE];

    while (rp_peer_line(&at, end, line)) {
        if (!line[0])
            continue;
        for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++)
            if (strncmp(line, beginnings[i].words,
                        strlen(beginnings[i].words)) == 0) {
                *tool = beginnings[i].tool;
                return true;
            }
        if (strspn(line, "-0123456789 ") == strlen(line)) {
            *tool = RP_TOOL_H2LOAD_LOG;
            return true;
        }
        return false;
    }
    return false;
}

enum rp_code rp_tool_read(enum rp_tool tool, const char *path,
                          struct rp_peer *peer, struct rp_error *error)
{
    char *bytes = NULL;
    size_t length = 0;
    enum rp_code code = rp_file_read(path, RP_PEER_BYTES_MAX, "a report",
                                     &bytes, &length, error);

    assert(tool != RP_TOOL_AB);
    if (!code && length > RP_PEER_BYTES_MAX)
        code = rp_fail_at(error, RP_ERR_SYNTAX, rp_file_name(path), 0, 0,
                          "larger than 256 MiB");
    if (!code)
        code = tools[tool].read_text(bytes, length, rp_file_name(path), peer,
                                     error);
    free(bytes);
    return code;
}
