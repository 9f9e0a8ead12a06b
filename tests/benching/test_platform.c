/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/platform.h"

#include "model/tree.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

static char django[] = "django", old[] = "3.2.25", newer[] = "5.2",
            asgiref[] = "3.6.0", python[] = "3.11";
static const struct rp_platform plan_says = {django, old, asgiref, python};
static const struct rp_platform plan_says_nothing = {0};

static enum rp_code read_it(const char *text, const struct rp_platform *usual,
                            struct rp_platform *platform,
                            struct rp_error *error)
{
    struct rp_tree tree = {0};
    enum rp_code code;

    cr_assert(rp_tree_read_text(text, strlen(text), "p", &tree, error) == RP_OK,
              "%s", error->text);
    code = rp_platform_read(tree.root, usual, platform, error);
    rp_tree_free(&tree);
    return code;
}

static void expect(const struct rp_platform *p, const char *framework,
                   const char *version, const char *asgi, const char *py)
{
    cr_expect(eq(str, p->framework, (char *)framework));
    cr_expect(eq(str, p->framework_version, (char *)version));
    cr_expect(eq(str, p->asgiref_version, (char *)asgi));
    cr_expect(eq(str, p->python_version, (char *)py));
}

Test(platform, a_target_is_of_the_plan_s_where_it_says_nothing)
{
    struct rp_platform p = {0};
    struct rp_error error = {0};

    cr_assert(eq(int, read_it("{name: a}", &plan_says, &p, &error), RP_OK),
              "%s", error.text);
    expect(&p, "django", "3.2.25", "3.6.0", "3.11");
    cr_expect(p.framework != plan_says.framework, "a copy");
    rp_platform_free(&p);
    cr_expect(p.framework == NULL && p.python_version == NULL);
    rp_platform_free(&p);
}

Test(platform, what_a_target_says_is_its_own)
{
    struct rp_platform p = {0}, q = {0};
    struct rp_error error = {0};

    cr_assert(
        eq(int, read_it("{framework_version: \"5.2\"}", &plan_says, &p, &error),
           RP_OK),
        "%s", error.text);
    expect(&p, "django", "5.2", "3.6.0", "3.11");
    cr_assert(eq(int,
                 read_it("{framework: starlette, framework_version: main, "
                         "asgiref_version: 3.8.1, python_version: 3.13t}",
                         &plan_says, &q, &error),
                 RP_OK),
              "%s", error.text);
    expect(&q, "starlette", "main", "3.8.1", "3.13t");
    rp_platform_free(&p);
    rp_platform_free(&q);
}

Test(platform, without_the_plan_s_it_says_all_that_is_needed)
{
    struct rp_platform p = {0};
    struct rp_error error = {0};

    cr_assert(eq(int,
                 read_it("{framework_version: \"5.2\", asgiref_version: 3.9.0}",
                         &plan_says_nothing, &p, &error),
                 RP_OK),
              "%s", error.text);
    cr_expect(eq(str, p.framework_version, "5.2"));
    cr_expect(p.framework == NULL && p.python_version == NULL,
              "nobody says them");
    rp_platform_free(&p);
}

struct mistake {
    const char *text, *sentence;
};

Test(platform, each_mistake_has_its_sentence)
{
    static const struct mistake mistakes[] = {
        {"{name: a}", "p:1:1: the key \"framework_version\" is missing here; "
                      "write \"framework_version: ...\""},
        {"{framework_version: \"5.2\"}",
         "p:1:1: the key \"asgiref_version\" is missing here; write "
         "\"asgiref_version: ...\""},
        {"{framework_version: five, asgiref_version: 3.9.0}",
         "p:1:21: framework_version: found \"five\", expected a version like "
         "3.2.25"},
        {"{framework_version: \"5.2\", asgiref_version: 3.9.0.1}",
         "p:1:45: asgiref_version: found \"3.9.0.1\", expected a version like "
         "3.2.25"},
        {"{framework_version: [5, 2], asgiref_version: 3.9.0}",
         "p:1:21: framework_version: found a list, expected text on one line"},
    };

    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        struct rp_platform p = {0};
        struct rp_error error = {0};

        cr_expect(eq(int,
                     read_it(mistakes[i].text, &plan_says_nothing, &p, &error),
                     RP_ERR_VALUE));
        cr_expect(eq(str, error.text, (char *)mistakes[i].sentence));
        rp_platform_free(&p);
    }
}

Test(platform, platforms_are_the_same_where_all_words_are)
{
    static const struct rp_platform others[] = {
        {newer, old, asgiref, python}, {django, newer, asgiref, python},
        {django, old, newer, python},  {django, old, asgiref, newer},
        {NULL, old, asgiref, python},  {django, NULL, asgiref, python},
        {django, old, NULL, python},   {django, old, asgiref, NULL}};
    char again[] = "3.2.25";
    const struct rp_platform same = {django, again, asgiref, python};

    cr_expect(rp_platform_same(&plan_says, &same), "other memory, same text");
    cr_expect(rp_platform_same(&plan_says_nothing, &plan_says_nothing));
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        cr_expect(not(rp_platform_same(&plan_says, &others[i])), "%zu", i);
        cr_expect(not(rp_platform_same(&others[i], &plan_says)), "%zu", i);
    }
}
