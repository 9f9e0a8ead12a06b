/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/utf8.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

Test(utf8, a_line_is_printable_and_has_no_break_in_it)
{
    static const struct {
        const char *text;
        bool line;
    } cases[] = {
        {"", true},
        {"plain text, 100 %", true},
        {"\xC3\xA9t\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80", true},
        {"a\tb", false},
        {"a\nb", false},
        {"a\x1B[31m", false},
        {"\x7F", false},
        {"\xC2\x80", false},         /* a control character of Latin-1 */
        {"\xC2\x85", false},         /* next line */
        {"\xE2\x80\xA8", false},     /* line separator */
        {"\xE2\x80\xA9", false},     /* paragraph separator */
        {"\xEF\xBB\xBF", false},     /* byte order mark */
        {"\xEF\xBF\xBF", false},     /* no character */
        {"\xC3", false},             /* half a character */
        {"\xFF", false},             /* no UTF-8 */
        {"\xC0\xAF", false},         /* overlong */
        {"\xED\xA0\x80", false},     /* a surrogate */
        {"\xF4\x90\x80\x80", false}, /* beyond Unicode */
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect(eq(int, rp_utf8_is_line(cases[i].text), cases[i].line),
                  "case %zu", i);
}

Test(utf8, the_first_byte_that_is_no_text_is_named_with_its_place)
{
    static const char text[] = "a: \xC3\xA9\r\nb: \xE9\n";
    struct rp_error error = {0};

    cr_expect(eq(int, rp_utf8_check(text, sizeof text - 1, "x.yaml", &error),
                 RP_ERR_SYNTAX));
    cr_expect(eq(str, error.text,
                 "x.yaml:2:4: found the byte 0xE9, which is not UTF-8; save "
                 "the file as UTF-8 text"));
    cr_expect(
        eq(int, rp_utf8_check("a\0b", 3, "x.yaml", &error), RP_ERR_SYNTAX));
    cr_expect(eq(str, error.text,
                 "x.yaml:1:2: found the control character 0x00, expected "
                 "text; is this a text file?"));
    cr_expect(
        eq(int, rp_utf8_check("\xE2\x82", 2, "x.yaml", &error), RP_ERR_SYNTAX),
        "half a character at the end");
}

Test(utf8, characters_are_counted_not_bytes)
{
    static const char text[] = "a\xC3\xA9z";
    size_t size = 0;

    cr_expect(
        eq(ptr, (void *)rp_utf8_nth(text, 4, 1, &size), (void *)(text + 1)));
    cr_expect(eq(sz, size, 2));
    cr_expect(
        eq(ptr, (void *)rp_utf8_nth(text, 4, 2, &size), (void *)(text + 3)));
    cr_expect(eq(sz, size, 1));
    (void)rp_utf8_nth(text, 4, 3, &size);
    cr_expect(eq(sz, size, 0), "the text ends before it");
}
