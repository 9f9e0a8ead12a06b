/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/filling.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>

static const struct rp_filling known[] = {{"{port}", "8000"},
                                          {"{stack}", "SMA"},
                                          {"{view}", "{port}"},
                                          {"{cpus}", ""},
                                          {"{checkout}", NULL}};

struct filling_case {
    const char *text, *filled;
};

static void expect(const struct filling_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char *const text = rp_filling_apply(cases[i].text, known,
                                            sizeof known / sizeof *known);

        cr_assert(text != NULL);
        cr_expect(eq(str, text, (char *)cases[i].filled), "\"%s\"",
                  cases[i].text);
        free(text);
    }
}

Test(filling, words_are_filled_in_wherever_they_stand)
{
    static const struct filling_case cases[] = {
        {"{port}", "8000"},
        {"http://127.0.0.1:{port}/{stack}", "http://127.0.0.1:8000/SMA"},
        {"{stack}{stack}-{port}{port}", "SMASMA-80008000"},
        {"a{cpus}b", "ab"},
        {"{cpus}", ""}};

    expect(cases, sizeof cases / sizeof *cases);
}

Test(filling, what_was_filled_in_is_not_read_again)
{
    static const struct filling_case cases[] = {{"{view}", "{port}"},
                                                {"{view}{port}", "{port}8000"}};

    expect(cases, sizeof cases / sizeof *cases);
}

Test(filling, other_braces_stay_as_they_are)
{
    static const struct filling_case cases[] = {
        {"", ""},
        {"plain", "plain"},
        {"awk '{print $1}' | cut -c{1..3}", "awk '{print $1}' | cut -c{1..3}"},
        {"{", "{"},
        {"{por", "{por"},
        {"{Port} {port }", "{Port} {port }"},
        {"{{port}}", "{8000}"},
        {"${HOME}/{port", "${HOME}/{port"},
        {"no value: {checkout}", "no value: {checkout}"}};

    expect(cases, sizeof cases / sizeof *cases);
}

Test(filling, without_words_a_text_is_copied)
{
    static const char text[] = "{port}";
    char *const copy = rp_filling_apply(text, NULL, 0);

    cr_expect(eq(str, copy, "{port}"));
    cr_expect(copy != text);
    free(copy);
}
