/**
 * Cost items: the things a request path is paid for with.
 *
 * A step of a program names an item, not a cost, so that the compiler needs
 * the scenario alone. A profile prices items; several items may share one
 * price until measured runs tell them apart.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MODEL_ITEM_H
#define RP_MODEL_ITEM_H

#include "model/scenario.h"

#include <stdbool.h>

/* Name, family (items of a family may be priced as one), meaning. */
#define RP_ITEM_LIST(X)                                                        \
    X(RP_ITEM_BASE_GUNICORN, "base.gunicorn", "base.gunicorn",                 \
      "server and framework around an empty stack, gunicorn sync")             \
    X(RP_ITEM_BASE_GTHREAD, "base.gthread", "base.gthread",                    \
      "the same, gunicorn gthread")                                            \
    X(RP_ITEM_BASE_RUNSERVER, "base.runserver", "base.runserver",              \
      "the same, Django's development server")                                 \
    X(RP_ITEM_BASE_DAPHNE, "base.daphne", "base.daphne", "the same, daphne")   \
    X(RP_ITEM_BASE_UVICORN, "base.uvicorn", "base.uvicorn",                    \
      "the same, uvicorn")                                                     \
    X(RP_ITEM_LAYER_SYNC, "layer.sync", "layer",                               \
      "a sync-only layer, running sync")                                       \
    X(RP_ITEM_LAYER_ASYNC, "layer.async", "layer",                             \
      "an async-only layer, running async")                                    \
    X(RP_ITEM_LAYER_HYBRID_SYNC, "layer.hybrid.sync", "layer",                 \
      "a hybrid layer, running sync")                                          \
    X(RP_ITEM_LAYER_HYBRID_ASYNC, "layer.hybrid.async", "layer",               \
      "a hybrid layer, running async")                                         \
    X(RP_ITEM_LAYER_MIXIN_SYNC, "layer.mixin.sync", "layer",                   \
      "a MiddlewareMixin layer, running sync")                                 \
    X(RP_ITEM_LAYER_MIXIN_ASYNC, "layer.mixin.async", "layer",                 \
      "a MiddlewareMixin layer, running async (its crossings apart)")          \
    X(RP_ITEM_S2A_SENSITIVE, "s2a.sensitive", "s2a",                           \
      "sync_to_async on the process's thread-sensitive thread, both hops")     \
    X(RP_ITEM_S2A_CONTEXT, "s2a.context", "s2a",                               \
      "sync_to_async on the request's own thread, both hops")                  \
    X(RP_ITEM_S2A_CALLER, "s2a.caller", "s2a",                                 \
      "sync_to_async on the blocked caller's thread, both hops")               \
    X(RP_ITEM_S2A_POOL, "s2a.pool", "s2a",                                     \
      "sync_to_async on the loop's default pool, both hops")                   \
    X(RP_ITEM_A2S_NEW, "a2s.new_loop", "a2s.new_loop",                         \
      "async_to_sync with a new event loop and its thread, as one cost")       \
    X(RP_ITEM_A2S_NESTED, "a2s.nested_loop", "a2s.new_loop",                   \
      "the same inside another one, under WSGI")                               \
    X(RP_ITEM_A2S_REUSE, "a2s.reuse", "a2s.reuse",                             \
      "async_to_sync on a loop that runs already")                             \
    X(RP_ITEM_THREAD_CONTEXT, "thread.context", "thread",                      \
      "start and end of a request's own thread")                               \
    X(RP_ITEM_THREAD_JOIN, "thread.join", "thread",                            \
      "start and end of the thread that joins it")                             \
    X(RP_ITEM_ERROR_RESPONSE, "error.response", "error.response",              \
      "making and logging the response to an exception or a 404")              \
    X(RP_ITEM_RENDER, "template.render", "template.render",                    \
      "rendering a deferred template response")                                \
    X(RP_ITEM_CLIENT_GAP, "client.gap", "client.gap",                          \
      "ab's own time between an answer and its next request")

#define RP_ITEM_AS_ENUM(item, name, family, meaning) item,
enum rp_item {
    RP_ITEM_LIST(RP_ITEM_AS_ENUM) RP_ITEM_COUNT,
    RP_ITEM_NONE = RP_ITEM_COUNT /* a step that costs nothing of its own */
};
#undef RP_ITEM_AS_ENUM

/** Words of the list; static storage; `item` < RP_ITEM_COUNT. */
const char *rp_item_name(enum rp_item item);
const char *rp_item_family(enum rp_item item);
const char *rp_item_meaning(enum rp_item item);

/** RP_ITEM_NONE where no item has that name. */
enum rp_item rp_item_parse(const char *name);

/** The base item of a server. */
enum rp_item rp_item_base(enum rp_server_kind server);

/** The item of a layer in the mode that it runs in. */
enum rp_item rp_item_layer(enum rp_layer_kind kind, bool runs_async);

#endif
