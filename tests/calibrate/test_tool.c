/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/tool.h"

#include "peertext.h"

Test(tool, every_word_is_its_tool)
{
    for (unsigned i = 0; i < RP_TOOL_COUNT; i++) {
        enum rp_tool tool = RP_TOOL_COUNT;

        cr_expect(rp_tool_parse(rp_tool_word((enum rp_tool)i), &tool));
        cr_expect(eq(uint, tool, i));
        cr_expect(strstr(rp_tool_words(), rp_tool_word(tool)) != NULL);
    }
    cr_expect(not(rp_tool_parse("siege", &(enum rp_tool){RP_TOOL_AB})));
}

struct guess_case {
    const char file[24];
    enum rp_tool tool;
};

ParameterizedTestParameters(tool, files_tell_whose_they_are)
{
    static struct guess_case cases[] = {
        {"peers/wrk-stalls.txt", RP_TOOL_WRK},
        {"peers/wrk-refused.txt", RP_TOOL_WRK},
        {"peers/hey.txt", RP_TOOL_HEY},
        {"peers/hey.csv", RP_TOOL_HEY_CSV},
        {"peers/h2load.txt", RP_TOOL_H2LOAD},
        {"peers/h2load.tsv", RP_TOOL_H2LOAD_LOG},
        {"peers/requests.csv", RP_TOOL_SAMPLES},
        {"ab/basic.out", RP_TOOL_AB}};

    return cr_make_param_array(struct guess_case, cases,
                               sizeof cases / sizeof *cases, NULL);
}

ParameterizedTest(struct guess_case *c, tool, files_tell_whose_they_are)
{
    char path[512];
    char *bytes = NULL;
    size_t length = 0;
    enum rp_tool tool = RP_TOOL_COUNT;
    struct rp_peer peer;
    struct rp_error error = {0};

    (void)snprintf(path, sizeof path, RP_SOURCE_DIR "/tests/data/%s", c->file);
    cr_assert(eq(int,
                 rp_file_read(path, RP_PEER_BYTES_MAX, "a report", &bytes,
                              &length, &error),
                 RP_OK));
    cr_expect(rp_tool_guess(bytes, length, &tool));
    cr_expect(eq(int, (int)tool, (int)c->tool));
    if (tool != RP_TOOL_AB)
        cr_expect(eq(int, rp_tool_read(tool, path, &peer, &error), RP_OK));
    free(bytes);
}

Test(tool, what_is_nobody_s_is_not_guessed)
{
    enum rp_tool tool = RP_TOOL_COUNT;

    cr_expect(not(rp_tool_guess("", 0, &tool)));
    cr_expect(not(rp_tool_guess("hello\nRunning 2s\n", 17, &tool)));
}
