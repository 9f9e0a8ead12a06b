/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/fingerprint.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

struct published {
    const char *text, *digits;
};

/* The vectors that come with Go's hash/fnv, which has them from the authors. */
Test(fingerprint, is_the_published_fnv1a_of_128_bits)
{
    static const struct published cases[] = {
        {"", "6c62272e07bb014262b821756295c58d"},
        {"a", "d228cb696f1a8caf78912b704e4a8964"},
        {"ab", "08809544bbab1be95aa0733055b69a62"},
        {"abc", "a68d622cec8b5822836dbc7977af7f3b"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rp_fingerprint f = rp_fingerprint_begin();
        char text[RP_FINGERPRINT_TEXT_SIZE];

        rp_fingerprint_add(&f, cases[i].text, strlen(cases[i].text));
        cr_expect_str_eq(rp_fingerprint_format(f, text), cases[i].digits);
    }
}

Test(fingerprint, knows_where_a_text_ends)
{
    struct rp_fingerprint a = rp_fingerprint_begin(), b = a, c = a, d = a;

    rp_fingerprint_add_text(&a, "ab");
    rp_fingerprint_add_text(&a, "c");
    rp_fingerprint_add_text(&b, "a");
    rp_fingerprint_add_text(&b, "bc");
    cr_expect(a.high != b.high || a.low != b.low);
    rp_fingerprint_add_text(&c, NULL);
    rp_fingerprint_add_text(&d, "");
    cr_expect(c.high == d.high && c.low == d.low);
}
