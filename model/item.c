/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/item.h"

#include <assert.h>
#include <string.h>

static const struct {
    const char *name, *family, *meaning;
} items[RP_ITEM_COUNT] = {
#define RP_ITEM_AS_ROW(item, name, family, meaning)                            \
    [item] = {name, family, meaning},
    RP_ITEM_LIST(RP_ITEM_AS_ROW)
#undef RP_ITEM_AS_ROW
};

const char *rp_item_name(enum rp_item item)
{
    assert(item < RP_ITEM_COUNT);
    return items[item].name;
}

const char *rp_item_family(enum rp_item item)
{
    assert(item < RP_ITEM_COUNT);
    return items[item].family;
}

const char *rp_item_meaning(enum rp_item item)
{
    assert(item < RP_ITEM_COUNT);
    return items[item].meaning;
}

enum rp_item rp_item_parse(const char *name)
{
    for (unsigned i = 0; i < RP_ITEM_COUNT; i++)
        if (strcmp(items[i].name, name) == 0)
            return (enum rp_item)i;
    return RP_ITEM_NONE;
}

enum rp_item rp_item_base(enum rp_server_kind server)
{
    switch (server) {
    case RP_SERVER_GUNICORN:
        return RP_ITEM_BASE_GUNICORN;
    case RP_SERVER_GTHREAD:
        return RP_ITEM_BASE_GTHREAD;
    case RP_SERVER_RUNSERVER:
        return RP_ITEM_BASE_RUNSERVER;
    case RP_SERVER_DAPHNE:
        return RP_ITEM_BASE_DAPHNE;
    case RP_SERVER_UVICORN:
        return RP_ITEM_BASE_UVICORN;
    }
    assert(!"a server without a base item");
    return RP_ITEM_NONE;
}

enum rp_item rp_item_layer(enum rp_layer_kind kind, bool runs_async)
{
    switch (kind) {
    case RP_LAYER_SYNC:
        return RP_ITEM_LAYER_SYNC;
    case RP_LAYER_ASYNC:
        return RP_ITEM_LAYER_ASYNC;
    case RP_LAYER_HYBRID:
        return runs_async ? RP_ITEM_LAYER_HYBRID_ASYNC
                          : RP_ITEM_LAYER_HYBRID_SYNC;
    case RP_LAYER_MIXIN:
        return runs_async ? RP_ITEM_LAYER_MIXIN_ASYNC
                          : RP_ITEM_LAYER_MIXIN_SYNC;
    }
    assert(!"a layer without an item");
    return RP_ITEM_NONE;
}
