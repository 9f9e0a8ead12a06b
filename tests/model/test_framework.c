/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/framework.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

static char django[] = "django";

static struct rp_framework framework_of(const char *version,
                                        const char *asgiref, enum rp_path path)
{
    struct rp_framework f = {.name = django, .path = path};

    cr_assert(rp_version_parse(version, &f.version));
    cr_assert(rp_version_parse(asgiref, &f.asgiref_version));
    return f;
}

Test(framework, each_version_brings_its_change)
{
    static const struct {
        const char *version, *asgiref;
        enum rp_loop_lookup lookup;
        bool sensitive_default, context_thread, joining_thread, beyond_known;
    } cases[] = {
        {"3.1", "3.2.10", RP_LOOKUP_AT_BUILD, false, false, false, false},
        {"3.1", "3.3", RP_LOOKUP_AT_BUILD, true, false, false, false},
        {"3.2.25", "3.6.0", RP_LOOKUP_AT_BUILD, true, false, false, false},
        {"3.2", "3.7.2", RP_LOOKUP_AT_BUILD, true, false, false, false},
        {"3.2", "3.8", RP_LOOKUP_CACHED, true, false, false, false},
        {"3.2", "3.12", RP_LOOKUP_AT_CALL, true, false, false, false},
        {"4.0", "3.4.1", RP_LOOKUP_AT_BUILD, true, true, false, false},
        {"4.2", "3.8", RP_LOOKUP_CACHED, true, true, false, false},
        {"5.0", "3.9", RP_LOOKUP_CACHED, true, true, false, false},
        {"5.2", "3.11.1", RP_LOOKUP_CACHED, true, true, false, false},
        {"6.0", "3.12", RP_LOOKUP_AT_CALL, true, true, true, false},
        {"6.1.4", "3.12.9", RP_LOOKUP_AT_CALL, true, true, true, false},
        {"main", "3.12", RP_LOOKUP_AT_CALL, true, true, true, false},
        {"6.2", "3.12", RP_LOOKUP_AT_CALL, true, true, true, true},
        {"6.0", "3.13", RP_LOOKUP_AT_CALL, true, true, true, true},
        {"6.0", "main", RP_LOOKUP_AT_CALL, true, true, true, true},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct rp_framework f =
            framework_of(cases[i].version, cases[i].asgiref, RP_PATH_DUAL);
        struct rp_error error = {0};
        struct rp_rules rules;

        cr_assert(eq(int, rp_rules_find(&f, &rules, &error), RP_OK), "%s",
                  error.text);
        cr_expect(eq(int, rules.lookup, cases[i].lookup), "case %zu", i);
        cr_expect(eq(int, rules.sensitive_default, cases[i].sensitive_default),
                  "case %zu", i);
        cr_expect(eq(int, rules.context_thread, cases[i].context_thread),
                  "case %zu", i);
        cr_expect(eq(int, rules.joining_thread, cases[i].joining_thread),
                  "case %zu", i);
        cr_expect(eq(int, rules.beyond_known, cases[i].beyond_known),
                  "case %zu", i);
    }
}

Test(framework, what_has_no_rules_is_refused)
{
    static char flask[] = "flask";
    struct rp_framework f = framework_of("3.0.14", "3.6", RP_PATH_DUAL);
    struct rp_rules rules = {.beyond_known = true};
    struct rp_error error = {0};

    cr_expect(eq(int, rp_rules_find(&f, &rules, &error), RP_ERR_VALUE));
    cr_expect(eq(str, error.text,
                 "Django 3.0.14 runs no middleware async: the first version "
                 "that can be compiled is 3.1"));
    f.path = RP_PATH_UNIFIED;
    cr_expect(eq(int, rp_rules_find(&f, &rules, &error), RP_ERR_VALUE));
    cr_expect(rules.beyond_known, "untouched on failure");
    f.path = RP_PATH_SINGLE;
    cr_expect(eq(int, rp_rules_find(&f, &rules, &error), RP_OK),
              "the branch of 2019 came before");

    f = framework_of("3.1", "3.1.9", RP_PATH_DUAL);
    cr_expect(eq(int, rp_rules_find(&f, &rules, &error), RP_ERR_VALUE));
    cr_expect(eq(str, error.text,
                 "asgiref 3.1.9 is older than 3.2, the first that Django's "
                 "async path was made for"));

    f = framework_of("3.2", "3.6", RP_PATH_DUAL);
    f.name = flask;
    cr_expect(eq(int, rp_rules_find(&f, &rules, &error), RP_ERR_VALUE));
    cr_expect(eq(str, error.text,
                 "no request path is known for framework \"flask\": only "
                 "django has one"));
}

Test(framework, an_asgiref_that_is_not_named_is_one_that_can_be_installed)
{
    static const struct {
        struct rp_version django, asgiref;
    } cases[] = {
        {{3, 2, 25}, {3, 6, 0}}, {{4, 2, 0}, {3, 6, 0}},
        {{5, 0, 1}, {3, 7, 0}},  {{5, 2, 0}, {3, 8, 1}},
        {{6, 0, 0}, {3, 9, 1}},  {{7, 0, 0}, {3, 12, 0}},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect(eq(int,
                     rp_version_compare(rp_default_asgiref(cases[i].django),
                                        cases[i].asgiref),
                     0),
                  "case %zu", i);
}
