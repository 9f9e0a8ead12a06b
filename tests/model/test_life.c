/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/life.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

Test(life, stretches_are_kept_in_the_order_of_their_beginning)
{
    struct rp_life life = {.number = 1};

    for (uint64_t i = 0; i < 100; i++) {
        struct rp_stretch *const s =
            rp_life_add(&life, RP_STRETCH_RUNS, RP_NO_PLACE, i);
        cr_assert(ne(ptr, s, NULL));
        s->to_ns = i + 1;
    }
    cr_expect(eq(sz, life.stretch_count, 100));
    for (uint64_t i = 0; i < 100; i++) {
        cr_expect(eq(u64, life.stretches[i].from_ns, i));
        cr_expect(eq(u64, life.stretches[i].to_ns, i + 1));
        cr_expect(eq(str, life.stretches[i].reason, (char *)""));
    }
    rp_life_free(&life);
    rp_life_free(&life);
}

Test(life, every_kind_of_stretch_has_a_word)
{
#define EXPECT_WORD(kind, name, meaning)                                       \
    cr_expect(eq(str, (char *)rp_stretch_name(kind), (char *)name));
    RP_STRETCH_LIST(EXPECT_WORD)
#undef EXPECT_WORD
}
