/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/file.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATH "test_file.tmp"

static void write_file(size_t length)
{
    FILE *const out = fopen(PATH, "wb");

    cr_assert(out != NULL);
    for (size_t i = 0; i < length; i++)
        (void)fputc((int)(i % 251), out);
    cr_assert(eq(int, fclose(out), 0));
}

static void expect_bytes(const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        cr_assert(eq(uint, (unsigned char)bytes[i], (unsigned)(i % 251)));
    cr_expect(eq(chr, bytes[length], '\0'));
}

Test(file, every_byte_is_read_and_a_zero_is_put_behind)
{
    static const size_t lengths[] = {0,     1,     16383, 16384,
                                     16385, 32768, 99999, 100000};

    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        struct rp_error error = {0};
        char *bytes = NULL;
        size_t length = 7;

        write_file(lengths[i]);
        cr_assert(
            eq(int,
               rp_file_read(PATH, 100000, "a file", &bytes, &length, &error),
               RP_OK),
            "%s", error.text);
        cr_expect(eq(sz, length, lengths[i]));
        expect_bytes(bytes, length);
        free(bytes);
    }
    (void)remove(PATH);
}

Test(file, a_longer_file_shows_by_its_length)
{
    static const size_t limits[] = {0, 1, 16383, 16384, 16385, 65535, 99999};

    write_file(100000);
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        char *bytes = NULL;
        size_t length = 0;

        cr_assert(eq(
            int, rp_file_read(PATH, limits[i], "a file", &bytes, &length, NULL),
            RP_OK));
        cr_expect(gt(sz, length, limits[i]));
        expect_bytes(bytes, length);
        free(bytes);
    }
    (void)remove(PATH);
}

Test(file, standard_input_is_a_file_too)
{
    char *bytes = NULL;
    size_t length = 0;

    write_file(5000);
    cr_assert(freopen(PATH, "rb", stdin) != NULL);
    cr_assert(eq(int,
                 rp_file_read("-", 100000, "a file", &bytes, &length, NULL),
                 RP_OK));
    cr_expect(eq(sz, length, 5000));
    expect_bytes(bytes, length);
    cr_expect(eq(str, (char *)(size_t)rp_file_name("-"), "standard input"));
    cr_expect(eq(str, (char *)(size_t)rp_file_name("x"), "x"));
    free(bytes);
    (void)remove(PATH);
}

Test(file, what_cannot_be_read_says_why)
{
    struct rp_error error = {0};
    char *bytes = NULL;
    size_t length = 7;

    cr_expect(eq(int,
                 rp_file_read("no/such", 10, "a map", &bytes, &length, &error),
                 RP_ERR_IO));
    cr_expect(eq(str, (char *)error.text,
                 "no/such: cannot be opened: No such file or directory"));
    cr_expect(eq(int, rp_file_read(".", 10, "a map", &bytes, &length, &error),
                 RP_ERR_IO));
    cr_expect(eq(str, (char *)error.text,
                 ".: found a directory, expected a map; name one of the files "
                 "in it"));
    cr_expect(bytes == NULL && length == 7, "untouched on failure");
}
