/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/excerpt.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

Test(excerpt, a_short_text_is_itself)
{
    char buffer[RP_EXCERPT_SIZE];

    cr_expect(eq(str, (char *)rp_excerpt("12 ms", buffer), "12 ms"));
    cr_expect(eq(str, (char *)rp_excerpt("", buffer), ""));
}

Test(excerpt, control_characters_become_question_marks)
{
    char buffer[RP_EXCERPT_SIZE];

    cr_expect(
        eq(str, (char *)rp_excerpt("a\n\x1b[31mb\x7f", buffer), "a??[31mb?"));
}

Test(excerpt, a_long_text_is_cut_between_characters)
{
    char text[2 * RP_EXCERPT_SIZE + 1] = "x", buffer[RP_EXCERPT_SIZE];

    /* An odd number of bytes before two-byte characters: every cut at an even
     * place falls inside one. */
    for (size_t i = 1; i + 1 < sizeof text - 1; i += 2)
        memcpy(text + i, "\xC3\xA9", 2);
    cr_expect(eq(ptr, (void *)rp_excerpt(text, buffer), buffer));

    const size_t length = strlen(buffer);

    cr_expect(lt(sz, length, RP_EXCERPT_SIZE));
    cr_expect(gt(sz, length, RP_EXCERPT_SIZE - 8));
    cr_expect(eq(str, buffer + length - 3, "..."));
    cr_expect(eq(sz, (length - 3) % 2, 1), "whole characters only");
    cr_expect(eq(int, strncmp(buffer, text, length - 3), 0));
}

Test(excerpt, the_longest_text_that_fits_is_not_cut)
{
    char text[RP_EXCERPT_SIZE] = {0}, buffer[RP_EXCERPT_SIZE];

    memset(text, 'x', RP_EXCERPT_SIZE - 4);
    cr_expect(eq(str, (char *)rp_excerpt(text, buffer), text));
}
