/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/resultfile.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

static enum rp_code parse(const char *text, struct rp_resultfile *file,
                          struct rp_error *error)
{
    return rp_resultfile_parse(text, strlen(text), "x.json", file, error);
}

Test(resultfile, each_schema_is_known_by_its_command)
{
    static const struct {
        const char *text, *command;
    } cases[] = {
        {"{\"schema\": \"reqpath.explain/1\", \"rows\": [{\"step\": 1, "
         "\"op\": \"cpu\", \"place\": \"loop\", \"what\": \"handler\"}]}",
         "explain"},
        {"{\"schema\": \"reqpath.explain.against/1\", \"rows\": [{\"item\": "
         "\"a\", \"total_us\": 1, \"against_total_us\": null}]}",
         "explain --against"},
        {"{\"schema\": \"reqpath.simulate/1\", \"rows\": [{\"scenario\": "
         "\"s\", \"rps\": null, \"mean_ms\": 1.5}]}",
         "simulate"},
        {"{\"schema\": \"reqpath.validate/1\", \"rows\": [{\"dataset\": "
         "\"d\", \"server\": \"s\", \"metric\": \"rps\", \"measured\": 1, "
         "\"predicted\": 2, \"added later\": []}]}",
         "validate"},
        {"{\"schema\": \"reqpath.whatif/1\", \"rows\": [{\"variant\": \"v\"}]}",
         "whatif"},
        {"{\"schema\": \"reqpath.plan/1\", \"rows\": [{\"configuration\": "
         "\"c\"}]}",
         "plan"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rp_resultfile file = {.name = NULL};
        struct rp_error error = {0};

        cr_assert(eq(int, parse(cases[i].text, &file, &error), RP_OK), "%s",
                  error.text);
        cr_expect(eq(str, (char *)rp_resultfile_command(file.kind),
                     (char *)cases[i].command));
        cr_expect(eq(str, file.name, "x.json"));
        cr_expect(
            eq(sz, json_array_size(json_object_get(file.root, "rows")), 1));
        rp_resultfile_free(&file);
        rp_resultfile_free(&file);
    }
}

Test(resultfile, what_is_no_result_is_refused_in_a_sentence)
{
    static const struct {
        const char *text, *sentence;
        enum rp_code code;
    } cases[] = {
        {"",
         "x.json:1: no JSON: '[' or '{' expected near end of file; "
         "expected what a command of reqpath prints with --format json: "
         "write the file anew",
         RP_ERR_SYNTAX},
        {"{\"schema\":\n  \"reqpath.plan/1\",\n  rows}",
         "x.json:3:6: no JSON: string or '}' expected near 'rows'; expected "
         "what a command of reqpath prints with --format json: write the file "
         "anew",
         RP_ERR_SYNTAX},
        {"{\"a\": 1, \"a\": 2}",
         "x.json:1:12: no JSON: duplicate object key near '\"a\"'; expected "
         "what a command of reqpath prints with --format json: write the file "
         "anew",
         RP_ERR_SYNTAX},
        {"[]",
         "x.json: found no schema, expected that of reqpath explain, explain "
         "--against, simulate, validate, whatif, plan or calibrate: write the "
         "file with "
         "one of these, and --format json",
         RP_ERR_VALUE},
        {"{\"schema\": \"reqpath.solve/1\", \"rows\": []}",
         "x.json: found the schema \"reqpath.solve/1\", expected that of "
         "reqpath explain, explain --against, simulate, validate, whatif, plan "
         "or calibrate: write the file with one of these, and --format json",
         RP_ERR_VALUE},
        {"{\"schema\": \"reqpath.plan/2\", \"rows\": []}",
         "x.json: found the schema \"reqpath.plan/2\", expected "
         "\"reqpath.plan/1\": let this version of reqpath plan write the file "
         "anew",
         RP_ERR_VALUE},
        {"{\"schema\": \"reqpath.plan/1\", \"rows\": []}",
         "x.json: found no \"rows\", expected a list with at least one: let "
         "reqpath plan write the file anew, with --format json",
         RP_ERR_VALUE},
        {"{\"schema\": \"reqpath.plan/1\", \"rows\": [3]}",
         "x.json: row 1 of \"rows\" is no object: let reqpath plan write the "
         "file anew, with --format json",
         RP_ERR_VALUE},
        {"{\"schema\": \"reqpath.plan/1\", \"rows\": [{\"configuration\": "
         "\"a\"}, {\"instance\": \"b\"}]}",
         "x.json: row 2 of \"rows\" has no \"configuration\", expected a text: "
         "let reqpath plan write the file anew, with --format json",
         RP_ERR_VALUE},
        {"{\"schema\": \"reqpath.simulate/1\", \"rows\": [{\"scenario\": "
         "\"a\", \"rps\": \"many\", \"mean_ms\": 1}]}",
         "x.json: row 1 of \"rows\" has another kind of \"rps\", expected a "
         "number: let reqpath simulate write the file anew, with --format json",
         RP_ERR_VALUE},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rp_resultfile file = {.name = NULL};
        struct rp_error error = {0};

        cr_expect(eq(int, parse(cases[i].text, &file, &error), cases[i].code));
        cr_expect(eq(str, error.text, (char *)cases[i].sentence));
        cr_expect(eq(ptr, file.name, NULL), "untouched on failure");
        cr_expect(eq(ptr, file.root, NULL), "untouched on failure");
    }
}

Test(resultfile, a_file_that_is_not_there_is_refused)
{
    struct rp_resultfile file = {.name = NULL};
    struct rp_error error = {0};

    cr_expect(
        eq(int, rp_resultfile_read("no/such.json", &file, &error), RP_ERR_IO));
    cr_expect(eq(ptr, file.root, NULL));
}
