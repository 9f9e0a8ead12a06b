/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "model/underload.h"

#include "model/tree.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char good[] = "- name: loop.iteration\n"
                           "  value: 12us\n"
                           "  se: 0.5us\n"
                           "  correlations: []\n"
                           "- name: gc.every.daphne\n"
                           "  value: 1500\n"
                           "  se: 20\n"
                           "  correlations: [0.25]\n"
                           "- name: client.service\n"
                           "  value: 0.1ms\n"
                           "  se: 0us\n"
                           "  correlations: [-1, 0.5]\n";

static enum rp_code read_text(const char *text, struct rp_parameters *p,
                              struct rp_error *error)
{
    struct rp_tree tree = {0};
    enum rp_code code =
        rp_tree_read_text(text, strlen(text), "p.yaml", &tree, error);

    if (!code)
        code = rp_underload_read(tree.root, p, error);
    rp_tree_free(&tree);
    return code;
}

/* What is written; the caller frees it. */
static char *text_of(const struct rp_parameters *p)
{
    char *text = NULL;
    size_t size = 0;
    FILE *const out = open_memstream(&text, &size);

    cr_assert(out != NULL);
    rp_underload_write(p, out);
    (void)fclose(out);
    return text;
}

Test(underload, everything_is_read_in_its_unit)
{
    struct rp_parameters p = {.known = {false}};
    struct rp_error error = {0};

    cr_assert(eq(int, read_text(good, &p, &error), RP_OK), "%s", error.text);
    cr_expect(eq(dbl, p.value[RP_PARAMETER_ITERATION], 12e3));
    cr_expect(eq(dbl, p.se[RP_PARAMETER_ITERATION], 500.0));
    cr_expect(eq(dbl, p.value[RP_PARAMETER_FULL_DAPHNE], 1500.0));
    cr_expect(eq(dbl, p.se[RP_PARAMETER_FULL_DAPHNE], 20.0));
    cr_expect(eq(dbl, p.value[RP_PARAMETER_CLIENT], 100e3));
    cr_expect(
        eq(dbl, p.correlation[RP_PARAMETER_FULL_DAPHNE][RP_PARAMETER_ITERATION],
           0.25));
    cr_expect(
        eq(dbl, p.correlation[RP_PARAMETER_ITERATION][RP_PARAMETER_FULL_DAPHNE],
           0.25));
    cr_expect(eq(
        dbl, p.correlation[RP_PARAMETER_CLIENT][RP_PARAMETER_ITERATION], -1.0));
    cr_expect(eq(dbl,
                 p.correlation[RP_PARAMETER_CLIENT][RP_PARAMETER_FULL_DAPHNE],
                 0.5));
    cr_expect(
        eq(dbl, p.correlation[RP_PARAMETER_CLIENT][RP_PARAMETER_CLIENT], 1.0));
    for (unsigned i = 0; i < RP_PARAMETER_COUNT; i++)
        cr_expect(p.known[i] == (i == RP_PARAMETER_ITERATION ||
                                 i == RP_PARAMETER_FULL_DAPHNE ||
                                 i == RP_PARAMETER_CLIENT));
}

Test(underload, without_the_section_nothing_is_known)
{
    struct rp_parameters p = {.known = {true}, .value = {7.0}};
    struct rp_error error = {0};
    char *text;

    cr_expect(eq(int, rp_underload_read(NULL, &p, &error), RP_OK));
    cr_expect(not(rp_parameters_any(&p)));
    cr_expect(eq(dbl, p.value[0], 0.0));
    text = text_of(&p);
    cr_expect(eq(str, text, ""));
    free(text);
}

static void expect_same(const struct rp_parameters *a,
                        const struct rp_parameters *b)
{
    for (unsigned i = 0; i < RP_PARAMETER_COUNT; i++) {
        cr_expect(a->known[i] == b->known[i], "%u", i);
        cr_expect(
            epsilon_eq(dbl, a->value[i], b->value[i], 1e-6 * a->value[i]));
        cr_expect(epsilon_eq(dbl, a->se[i], b->se[i], 1e-6 * a->se[i]));
        for (unsigned k = 0; k < RP_PARAMETER_COUNT; k++)
            cr_expect(epsilon_eq(dbl, a->correlation[i][k],
                                 b->correlation[i][k], 1e-6));
    }
}

/* Digits that no decimal has, and sizes from less than a picosecond to a
 * second. */
Test(underload, what_is_written_is_read_and_written_again_byte_for_byte)
{
    struct rp_parameters first = {.known = {false}}, second = {0};
    struct rp_error error = {0};
    char *one, *two;

    for (unsigned i = 0; i < RP_PARAMETER_COUNT; i += 1 + i % 2) {
        first.known[i] = true;
        first.value[i] = pow(10.0, (int)(i % 14) - 4) / 3.0;
        first.se[i] = first.value[i] / 7.0;
        for (unsigned k = 0; k < i; k++)
            if (first.known[k])
                first.correlation[i][k] = first.correlation[k][i] =
                    cos(7.0 * i + k);
        first.correlation[i][i] = 1.0;
    }
    one = text_of(&first);
    cr_assert(eq(int, memcmp(one, "under_load:", 11), 0));
    cr_assert(eq(int, read_text(strchr(one, '\n') + 1, &second, &error), RP_OK),
              "%s\n%s", error.text, one);
    expect_same(&first, &second);
    two = text_of(&second);
    cr_expect(eq(str, one, two));
    free(one);
    free(two);
}

/* A change of the text that is a mistake, and what is said of it. */
static const struct {
    const char *from, *to, *sentence;
} mistakes[] = {
    {"name: loop.iteration", "name: loop.iterations",
     "p.yaml:1:9: name: found \"loop.iterations\", expected a parameter such "
     "as "
     "loop.iteration"},
    {"name: gc.every.daphne", "name: loop.iteration",
     "p.yaml:5:9: name: loop.iteration stands above already; it has one value"},
    {"value: 12us", "value: 12",
     "p.yaml:2:10: value: found \"12\" without a unit; write 12ms, 12us or "
     "12s"},
    {"value: 12us", "value: -12us",
     "p.yaml:2:10: value: found \"-12us\"; a duration cannot be negative"},
    {"value: 1500", "value: 1500us",
     "p.yaml:6:10: value: found \"1500us\", expected a number from 0 to "
     "1e+12"},
    {"se: 0.5us", "se: 0.5",
     "p.yaml:3:7: se: found \"0.5\" without a unit; write 0.5ms, 0.5us or "
     "0.5s"},
    {"se: 20", "se: -1",
     "p.yaml:7:7: se: found \"-1\", expected a number from "
     "0 to 1e+12"},
    {"  se: 20\n", "",
     "p.yaml:5:3: the key \"se\" is missing here; write \"se: ...\""},
    {"  se: 20\n", "  sd: 20\n",
     "p.yaml:7:3: unknown key \"sd\"; did you mean \"se\"? (keys are name, "
     "value, se or correlations)"},
    {"[0.25]", "[0.25, 0.1]",
     "p.yaml:8:17: correlations: found 2 numbers, expected 1: one with each "
     "parameter above, in their order"},
    {"[0.25]", "[1.25]",
     "p.yaml:8:18: found \"1.25\", expected a number from -1 to 1"},
    {"[0.25]", "0.25",
     "p.yaml:8:17: correlations: found \"0.25\", expected a list: [a, b], or "
     "lines that begin with \"- \""},
};

Test(underload, every_mistake_is_named_with_its_place)
{
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        const char *const at = strstr(good, mistakes[i].from);
        char text[512] = "";
        struct rp_parameters p = {.value = {77.0}};
        struct rp_error error = {0};

        cr_assert(at != NULL, "%s", mistakes[i].from);
        (void)snprintf(text, sizeof text, "%.*s%s%s", (int)(at - good), good,
                       mistakes[i].to, at + strlen(mistakes[i].from));
        cr_expect(eq(int, read_text(text, &p, &error), RP_ERR_VALUE), "%s",
                  mistakes[i].to);
        cr_expect(eq(str, error.text, (char *)mistakes[i].sentence));
        cr_expect(eq(dbl, p.value[0], 77.0), "untouched on failure");
    }
}

Test(underload, a_section_that_is_no_list_is_refused)
{
    struct rp_parameters p = {.known = {false}};
    struct rp_error error = {0};

    cr_expect(
        eq(int, read_text("{loop.iteration: 12us}", &p, &error), RP_ERR_VALUE));
    cr_expect(eq(int, read_text("[12us]", &p, &error), RP_ERR_VALUE));
}
