/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/catalogue.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <criterion/parameterized.h>
#include <stdio.h>
#include <string.h>

static enum rp_code read(const char *text, struct rp_catalogue *c,
                         struct rp_error *error)
{
    return rp_catalogue_read_text(text, strlen(text), "c.yaml", c, error);
}

Test(catalogue, prices_of_an_hour_become_those_of_a_month)
{
    struct rp_catalogue c = {0};
    struct rp_error error = {0};

    cr_assert(
        eq(int,
           read("currency: EUR\ninstances:\n"
                "  - {name: a, cores: 2, memory: 4GiB, price: 0.1/h}\n"
                "  - {name: b, cores: 4, memory: 8GiB, price: 50/month}\n",
                &c, &error),
           RP_OK),
        "%s", error.text);
    cr_expect(eq(sz, c.count, 2));
    cr_expect(eq(str, c.currency, "EUR"));
    cr_expect(eq(dbl, c.instances[0].price_per_month, 73.0));
    cr_expect(eq(dbl, c.instances[1].price_per_month, 50.0));
    cr_expect(eq(dbl, c.instances[1].memory_bytes, 8589934592.0));
    rp_catalogue_free(&c);
    rp_catalogue_free(&c);
}

Test(catalogue, the_example_of_the_tree_is_one)
{
    struct rp_catalogue c = {0};
    struct rp_error error = {0};

    cr_assert(eq(int,
                 rp_catalogue_read(RP_SOURCE_DIR "/data/instances/example.yaml",
                                   &c, &error),
                 RP_OK),
              "%s", error.text);
    rp_catalogue_free(&c);
}

struct wrong {
    char row[80], said[160];
};

ParameterizedTestParameters(catalogue, mistakes_have_their_place)
{
    static struct wrong cases[] = {
        {"{name: a, cores: 2, memory: 4GiB}",
         "c.yaml:2:5: the key \"price\" is missing"},
        {"{name: a, cores: 2, memory: 4GiB, price: 30}",
         "c.yaml:2:46: price: found \"30\", expected a price of a month or an "
         "hour, such as 30/month or 0.04/h"},
        {"{name: a, cores: 2, memory: 4, price: 30/month}",
         "c.yaml:2:33: memory: found \"4\", expected memory in"},
        {"{name: a, cores: 0, memory: 4GiB, price: 30/month}", "c.yaml:2:22: "},
        {"{name: a, cpus: 2}", "c.yaml:2:15: "},
    };

    return cr_make_param_array(struct wrong, cases,
                               sizeof cases / sizeof *cases, NULL);
}

ParameterizedTest(struct wrong *it, catalogue, mistakes_have_their_place)
{
    struct rp_catalogue c = {0};
    struct rp_error error = {0};
    char text[160];

    (void)snprintf(text, sizeof text, "instances:\n  - %s\n", it->row);
    cr_assert(eq(int, read(text, &c, &error), RP_ERR_VALUE));
    cr_expect(strncmp(error.text, it->said, strlen(it->said)) == 0, "%s",
              error.text);
    cr_expect(c.instances == NULL);
}

Test(catalogue, names_are_unique_and_there_is_an_instance)
{
    struct rp_catalogue c = {0};
    struct rp_error error = {0};

    cr_expect(eq(int,
                 read("instances:\n"
                      "  - {name: a, cores: 2, memory: 4GiB, price: 1/h}\n"
                      "  - {name: a, cores: 4, memory: 8GiB, price: 1/h}\n",
                      &c, &error),
                 RP_ERR_VALUE));
    cr_expect(eq(str, error.text,
                 "c.yaml:3:5: an instance \"a\" is there already: give each a "
                 "name of its own"));
    cr_expect(eq(int, read("instances: []\n", &c, &error), RP_ERR_VALUE));
}
