/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/error.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

Test(error, every_code_has_a_name_and_a_meaning)
{
#define RP_CODE_CHECK(code, number, meaning)                                   \
    cr_expect(eq(int, code, number));                                          \
    cr_expect(eq(str, (char *)rp_code_name(code), #code));                     \
    cr_expect(gt(sz, strlen(rp_code_meaning(code)), 5));
    RP_CODE_LIST(RP_CODE_CHECK)
#undef RP_CODE_CHECK
}

Test(error, a_place_stands_in_front_of_the_sentence)
{
    struct rp_error error = {0};

    cr_expect(eq(
        int, rp_fail_at(&error, RP_ERR_SYNTAX, "a.yaml", 3, 7, "found %d", 5),
        RP_ERR_SYNTAX));
    cr_expect(eq(str, error.text, "a.yaml:3:7: found 5"));
    (void)rp_fail_at(&error, RP_ERR_IO, "a.yaml", 0, 0, "cannot be read");
    cr_expect(eq(str, error.text, "a.yaml: cannot be read"));
    (void)rp_fail_at(&error, RP_ERR_IO, "a.txt", 12, 0, "x");
    cr_expect(eq(str, error.text, "a.txt:12: x"));
    cr_expect(eq(int, error.code, RP_ERR_IO));
}

Test(error, a_sentence_too_long_is_cut_and_closed)
{
    struct rp_error error = {0};
    char text[3000];

    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    (void)rp_fail(&error, RP_ERR_VALUE, "%s", text);
    cr_expect(eq(sz, strlen(error.text), RP_ERROR_TEXT_SIZE - 1));
    (void)rp_fail_at(&error, RP_ERR_VALUE, text, 1, 1, "%s", text);
    cr_expect(lt(sz, strlen(error.text), RP_ERROR_TEXT_SIZE));
}

Test(error, nobody_has_to_read_the_sentence)
{
    cr_expect(eq(int, rp_fail(NULL, RP_ERR_VALUE, "x"), RP_ERR_VALUE));
}

/* Tables are loops here: Criterion copies the parameters of a parameterized
 * test to another process, where the pointers in them mean nothing. */
Test(error, a_near_miss_is_suggested)
{
    static const char *const servers[] = {"gunicorn", NULL, "gthread", "daphne",
                                          "uvicorn"};
    static const struct {
        const char *word, *found; /* found NULL: nothing is near */
    } cases[] = {
        {"gunicron", "gunicorn"}, /* neighbours swapped */
        {"gunicor", "gunicorn"},  /* one letter missing */
        {"uvicornn", "uvicorn"},  /* one too many */
        {"daphnee", "daphne"},
        {"dafne", NULL}, /* 3 changes in 5 letters */
        {"x", NULL},
        {"", NULL},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *const found = rp_near_miss(cases[i].word, servers, 5);
        const char *const expected = cases[i].found;

        cr_expect(eq(int, found != NULL, expected != NULL), "%s",
                  cases[i].word);
        if (found && expected)
            cr_expect(eq(str, (char *)found, (char *)expected));
    }
}

Test(error, a_word_that_is_none_of_a_list_gets_the_list_and_the_nearest)
{
    static const char *const words[] = {"text", "json", "csv"};
    struct rp_error error = {0};

    cr_expect(eq(int, rp_fail_word(&error, "jsn", words, 3), RP_ERR_VALUE));
    cr_expect(eq(str, error.text,
                 "found \"jsn\", expected text, json or csv; did you mean "
                 "\"json\"?"));
    cr_expect(
        eq(int, rp_fail_word(&error, "\x1b[31m", words, 1), RP_ERR_VALUE));
    cr_expect(eq(str, error.text, "found \"?[31m\", expected text"));
}
