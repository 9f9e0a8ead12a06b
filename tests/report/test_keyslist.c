/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/keyslist.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

static const struct rp_key **room(void)
{
    const struct rp_key **found;
    size_t count;

    (void)rp_keys(&count);
    found = calloc(count, sizeof *found);
    cr_assert(ne(ptr, found, NULL));
    return found;
}

Test(keyslist, a_word_means_a_key_with_what_is_below_or_a_name)
{
    static const struct {
        const char *word;
        size_t count;
        const char *first;
    } cases[] = {
        {"host", 5, "host"},
        {"host.cores", 1, "host.cores"},
        {"cores", 1, "host.cores"},
        {"cpu", 4, "middleware[].before.cpu"},
        {"middleware[].after", 5, "middleware[].after"},
        {"resources", 3, "resources"},
        {"seed", 1, "seed"},
    };
    const struct rp_key **const found = room();

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rp_error error = {0};
        size_t count = 0;

        cr_assert(eq(int,
                     rp_keyslist_find(cases[i].word, found, &count, &error),
                     RP_OK));
        cr_expect(eq(sz, count, cases[i].count), "%s", cases[i].word);
        cr_expect(eq(str, (char *)found[0]->path, (char *)cases[i].first));
    }
    free(found);
}

Test(keyslist, no_word_means_all)
{
    const struct rp_key **const found = room();
    struct rp_error error = {0};
    size_t all, count = 0;

    (void)rp_keys(&all);
    cr_assert(eq(int, rp_keyslist_find(NULL, found, &count, &error), RP_OK));
    cr_expect(eq(sz, count, all));
    free(found);
}

Test(keyslist, an_unknown_word_gets_the_nearest_key)
{
    const struct rp_key **const found = room();
    struct rp_error error = {0};
    size_t count = 99;

    cr_expect(eq(int, rp_keyslist_find("sever.kind", found, &count, &error),
                 RP_ERR_VALUE));
    cr_expect(eq(str, error.text,
                 "no key is called \"sever.kind\"; did you mean "
                 "\"server.kind\"? (reqpath keys lists all)"));
    cr_expect(
        eq(int, rp_keyslist_find("h", found, &count, &error), RP_ERR_VALUE));
    cr_expect(
        eq(int, rp_keyslist_find("", found, &count, &error), RP_ERR_VALUE));
    cr_expect(eq(sz, count, 99), "untouched on failure");
    free(found);
}
