/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/item.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

Test(item, names_are_different_and_are_read_back)
{
    for (unsigned i = 0; i < RP_ITEM_COUNT; i++) {
        const enum rp_item item = (enum rp_item)i;

        cr_expect(eq(int, rp_item_parse(rp_item_name(item)), item));
        cr_expect(rp_item_family(item)[0] && rp_item_meaning(item)[0]);
    }
    cr_expect(eq(int, rp_item_parse("s2a"), RP_ITEM_NONE));
    cr_expect(eq(int, rp_item_parse(""), RP_ITEM_NONE));
}

Test(item, every_server_has_a_base_of_its_name)
{
    static const enum rp_server_kind servers[] = {
        RP_SERVER_GUNICORN, RP_SERVER_GTHREAD, RP_SERVER_RUNSERVER,
        RP_SERVER_DAPHNE, RP_SERVER_UVICORN};

    for (size_t i = 0; i < sizeof servers / sizeof *servers; i++) {
        const char *const name = rp_item_name(rp_item_base(servers[i]));

        cr_expect(strncmp(name, "base.", 5) == 0);
        cr_expect(
            eq(str, (char *)(name + 5), (char *)rp_server_word(servers[i])));
    }
}

Test(item, a_layer_is_priced_by_kind_and_mode)
{
    static const struct {
        enum rp_layer_kind kind;
        bool runs_async;
        const char *name;
    } cases[] = {
        {RP_LAYER_SYNC, false, "layer.sync"},
        {RP_LAYER_ASYNC, true, "layer.async"},
        {RP_LAYER_HYBRID, false, "layer.hybrid.sync"},
        {RP_LAYER_HYBRID, true, "layer.hybrid.async"},
        {RP_LAYER_MIXIN, false, "layer.mixin.sync"},
        {RP_LAYER_MIXIN, true, "layer.mixin.async"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const enum rp_item item =
            rp_item_layer(cases[i].kind, cases[i].runs_async);

        cr_expect(eq(str, (char *)rp_item_name(item), (char *)cases[i].name));
        cr_expect(eq(str, (char *)rp_item_family(item), "layer"));
    }
}
