/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "microhandler/stock.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

enum { WAITERS = 4 };

static int granted[WAITERS], grant_count;

struct numbered {
    int number;
    struct rp_waiter waiter;
};

static void note_number(void *owner)
{
    granted[grant_count++] = ((const struct numbered *)owner)->number;
}

Test(stock, units_go_out_until_none_is_left_and_then_to_the_first_in_line)
{
    struct rp_stock stock;
    struct numbered people[WAITERS];

    cr_assert(eq(int, rp_stock_init(&stock, 2, NULL), RP_OK));
    for (int i = 0; i < WAITERS; i++) {
        people[i] = (struct numbered){.number = i};
        people[i].waiter =
            (struct rp_waiter){.granted = note_number, .owner = &people[i]};
        cr_expect(eq(int, rp_stock_take(&stock, &people[i].waiter), i < 2));
    }
    rp_stock_give(&stock);
    rp_stock_give(&stock);
    cr_expect(eq(int, grant_count, 2));
    cr_expect(eq(int, granted[0], 2));
    cr_expect(eq(int, granted[1], 3));
    cr_expect(eq(u32, stock.units, 0), "they were handed on directly");
    rp_stock_give(&stock);
    rp_stock_give(&stock);
    cr_expect(eq(u32, stock.units, 2));
    cr_expect(eq(int, grant_count, 2));
    rp_stock_free(&stock);
}
