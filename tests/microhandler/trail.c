/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trail.h"

#include <stdlib.h>
#include <string.h>

/* A bracket: where its inside runs, and where it was entered from. */
struct level {
    enum rp_crossing cross;
    pthread_t inside, outside;
};

struct reading {
    const struct stroll *stroll;
    struct level *levels; /* the first is the request itself */
    size_t depth;
    bool has_context;
    pthread_t context;
};

static bool is_of_crew(const struct rp_crew *crew, pthread_t thread)
{
    for (unsigned i = 0; i < crew->started; i++)
        if (pthread_equal(crew->threads[i], thread))
            return true;
    return false;
}

/* In a thread that nobody of those around is in. */
static bool is_new(const struct reading *r, pthread_t thread)
{
    for (size_t i = 0; i <= r->depth; i++)
        if (pthread_equal(r->levels[i].inside, thread))
            return false;
    return !is_of_crew(&r->stroll->places.sensitive, thread) &&
           !is_of_crew(&r->stroll->places.pool, thread);
}

/* The innermost bracket of a kind that is open. */
static const struct level *innermost(const struct reading *r,
                                     enum rp_crossing cross)
{
    for (size_t i = r->depth + 1; i-- > 1;)
        if (r->levels[i].cross == cross)
            return &r->levels[i];
    return NULL;
}

static bool belongs(struct reading *r, enum rp_place place, pthread_t thread)
{
    const struct level *around;

    switch (place) {
    case RP_PLACE_WORKER:
    case RP_PLACE_LOOP:
        return pthread_equal(thread, r->levels[0].inside);
    case RP_PLACE_SENSITIVE:
        return is_of_crew(&r->stroll->places.sensitive, thread);
    case RP_PLACE_POOL:
        return is_of_crew(&r->stroll->places.pool, thread);
    case RP_PLACE_CONTEXT:
        if (!r->has_context && !is_new(r, thread))
            return false;
        if (!r->has_context)
            r->context = thread;
        r->has_context = true;
        return pthread_equal(thread, r->context);
    case RP_PLACE_CALLER: /* who waits in the innermost async_to_sync */
        around = innermost(r, RP_CROSS_A2S);
        return around && pthread_equal(thread, around->outside);
    case RP_PLACE_INNER_LOOP:
        return is_new(r, thread);
    case RP_PLACE_OUTER_LOOP: /* who made the innermost sync_to_async */
        around = innermost(r, RP_CROSS_S2A);
        return around && pthread_equal(thread, around->outside);
    }
    return false;
}

static bool read_step(struct reading *r, size_t i)
{
    const struct rp_step *const step = &stroll_program(r->stroll)->steps[i];
    const pthread_t thread = r->stroll->trail[i];
    const pthread_t inside = r->levels[r->depth].inside;

    if (!pthread_equal(thread, inside))
        return false;
    if (step->op == RP_STEP_LEAVE)
        r->depth--;
    if (step->op != RP_STEP_ENTER)
        return true;
    /* What comes next runs at the other side, and tells where that is. */
    if (!belongs(r, step->place, r->stroll->trail[i + 1]))
        return false;
    r->levels[++r->depth] = (struct level){.cross = step->cross,
                                           .inside = r->stroll->trail[i + 1],
                                           .outside = thread};
    return true;
}

size_t trail_first_wrong(const struct stroll *stroll, pthread_t home)
{
    const size_t count = stroll_program(stroll)->step_count;
    struct reading r = {.stroll = stroll,
                        .levels = calloc(count + 1, sizeof *r.levels)};
    size_t i = 0;

    r.levels[0].inside = home;
    while (i < count && read_step(&r, i))
        i++;
    free(r.levels);
    return i;
}
