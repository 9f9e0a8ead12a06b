/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/handout.h"

#include <assert.h>
#include <stdlib.h>

/* A point of the window. */
struct slot {
    bool is_done, is_found;
    enum rp_code code;
    char *text; /* owned */
};

struct handout {
    const struct rp_handout_work *work;
    const struct rp_handout_how *how;
    struct rp_workforce *crew;
    struct slot *slots; /* point i is in slot i modulo `window` */
    size_t window;
    size_t next;     /* the next to be handed out, or to be found */
    size_t end;      /* nothing from here on is wanted (any more) */
    size_t underway; /* the crew has them */
    bool keeps;
    struct rp_handout_tally tally;
    enum rp_code code; /* of what went wrong first */
    struct rp_error *error;
};

static struct slot *slot_of(const struct handout *h, size_t index)
{
    return &h->slots[index % h->window];
}

static void empty(struct slot *slot)
{
    free(slot->text);
    *slot = (struct slot){.text = NULL};
}

/* Take back what nobody has begun, down to point `least`. What lies behind such
 * a point was found, for the crew begins points in their order. */
static void withdraw(struct handout *h, size_t least)
{
    size_t index = 0;

    while (h->underway > 0 && h->crew->withdraw(h->crew->self, least, &index)) {
        h->underway--;
        for (size_t i = index + 1; i < h->next; i++)
            empty(slot_of(h, i));
        h->next = index;
    }
}

/* Nothing from `end` on is wanted. */
static void close_at(struct handout *h, size_t end)
{
    if (end >= h->end)
        return;
    h->end = end;
    withdraw(h, end);
}

/* The first error is the one that is returned. */
static void give_up(struct handout *h, enum rp_code code)
{
    h->code = code;
    close_at(h, h->tally.taken);
}

/* ---- In order ---- */

static void take(struct handout *h, size_t index)
{
    struct slot *const slot = slot_of(h, index);
    struct rp_error failure = {0};
    enum rp_code code;

    if (slot->code)
        (void)rp_fail(&failure, slot->code, "%s",
                      slot->text ? slot->text : "out of memory");
    if (slot->code && !h->how->goes_on) {
        if (h->error)
            *h->error = failure;
        give_up(h, slot->code);
        return;
    }
    code = h->work->take(h->work->context, index,
                         slot->code ? NULL : slot->text, &failure, h->error);
    h->tally.failed += slot->code != RP_OK;
    h->tally.found += slot->is_found;
    empty(slot);
    h->tally.taken++;
    if (code)
        give_up(h, code);
}

static void take_those_in_order(struct handout *h)
{
    while (!h->code && h->tally.taken < h->end &&
           slot_of(h, h->tally.taken)->is_done)
        take(h, h->tally.taken);
}

/* ---- Out ---- */

static void find(struct handout *h, size_t index)
{
    struct slot *const slot = slot_of(h, index);
    const enum rp_code code =
        h->work->find(h->work->context, index, &slot->text, h->error);

    if (code)
        give_up(h, code);
    slot->is_done = slot->is_found = slot->text != NULL;
}

static void hand_out(struct handout *h)
{
    while (h->next < h->end && h->underway < h->crew->capacity &&
           h->next < h->tally.taken + h->window) {
        const size_t index = h->next++;
        enum rp_code code = RP_OK;

        if (h->work->find)
            find(h, index);
        if (slot_of(h, index)->is_done)
            take_those_in_order(h);
        if (h->code || index < h->tally.taken || slot_of(h, index)->is_done)
            continue;
        code = h->crew->give(h->crew->self, index, h->error);
        if (code)
            give_up(h, code);
        else
            h->underway++;
    }
}

/* ---- Back ---- */

static void keep(struct handout *h, const struct rp_done *done)
{
    enum rp_code code;

    h->tally.ran++;
    if (!h->work->keep || !h->keeps)
        return;
    code = h->work->keep(h->work->context, done->index, done,
                         h->code ? NULL : h->error);
    h->keeps = code == RP_OK; /* the next would fail as this one has */
    if (code && !h->code)
        give_up(h, code);
}

static void receive(struct handout *h)
{
    struct rp_done done = {.text = NULL};
    const enum rp_code code =
        h->crew->receive(h->crew->self, &done, h->code ? NULL : h->error);
    struct slot *slot;

    if (code) { /* the crew is no more */
        h->underway = 0;
        if (!h->code)
            give_up(h, code);
        return;
    }
    h->underway--;
    slot = slot_of(h, done.index);
    assert(!slot->is_done);
    *slot =
        (struct slot){.is_done = true, .code = done.code, .text = done.text};
    if (!done.code)
        keep(h, &done);
    else if (!h->how->goes_on)
        close_at(h, done.index + 1);
}

static void look_for_stop(struct handout *h)
{
    if (h->tally.stopped || !h->how->stop || !*h->how->stop)
        return;
    h->tally.stopped = true;
    withdraw(h, 0);
    close_at(h, h->next);
}

/* ---- All of it ---- */

static void work_off(struct handout *h, size_t count)
{
    for (;;) {
        look_for_stop(h);
        take_those_in_order(h); /* first, for it moves the window */
        hand_out(h);
        if (h->underway > 0)
            receive(h);
        else if (h->tally.taken >= h->end || h->code)
            break;
    }
    h->tally.stopped = h->tally.stopped && h->tally.taken < count;
}

static enum rp_code no_memory(struct rp_error *error)
{
    return rp_fail(error, RP_ERR_MEMORY, "out of memory for handing out work");
}

/* In a process that is one of the crew: nothing is taken here. */
static enum rp_code serve(const struct rp_handout_work *work,
                          const struct rp_workforce *crew,
                          struct rp_handout_tally *tally,
                          struct rp_error *error)
{
    if (tally)
        *tally = (struct rp_handout_tally){.is_elsewhere = true};
    return crew->serve(crew->self, work->run, work->context, error);
}

enum rp_code rp_handout(size_t count, const struct rp_handout_work *work,
                        const struct rp_handout_how *how,
                        struct rp_handout_tally *tally, struct rp_error *error)
{
    const size_t wanted = how->window ? how->window : RP_HANDOUT_WINDOW;
    struct rp_workforce *const own =
        how->crew ? NULL
                  : rp_workforce_new(how->jobs, work->run, work->context);
    struct handout h = {.work = work,
                        .how = how,
                        .crew = how->crew ? how->crew : own,
                        .window = wanted < count ? wanted : count,
                        .end = count,
                        .keeps = true,
                        .error = error};

    if (how->crew && how->crew->serve)
        return serve(work, how->crew, tally, error);
    h.slots = calloc(h.window + 1, sizeof *h.slots);
    if (h.slots && h.crew)
        work_off(&h, count);
    else
        h.code = no_memory(error);
    if (h.crew && h.crew->finish)
        h.crew->finish(h.crew->self);
    for (size_t i = 0; h.slots && i < h.window; i++)
        empty(&h.slots[i]);
    free(h.slots);
    rp_workforce_free(own);
    if (tally)
        *tally = h.tally;
    return h.code;
}
