/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/sharing.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

static double rate(const struct rp_sharing *s)
{
    return s->count <= s->servers ? 1.0 : (double)s->servers / (double)s->count;
}

static void advance(struct rp_sharing *s, uint64_t now_ns)
{
    s->virtual_ns += rate(s) * (double)(now_ns - s->updated_ns);
    s->updated_ns = now_ns;
    /* an idle station begins at 0 again, where doubles are finest */
    if (s->count == 0)
        s->virtual_ns = 0.0;
}

static bool before(const struct rp_sharing_job *a,
                   const struct rp_sharing_job *b)
{
    return a->end_ns != b->end_ns ? a->end_ns < b->end_ns : a->order < b->order;
}

static void sink(struct rp_sharing *s, struct rp_sharing_job job)
{
    size_t at = 0;

    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= s->count)
            break;
        if (child + 1 < s->count &&
            before(&s->heap[child + 1], &s->heap[child]))
            child++;
        if (!before(&s->heap[child], &job))
            break;
        s->heap[at] = s->heap[child];
        at = child;
    }
    s->heap[at] = job;
}

bool rp_sharing_add(struct rp_sharing *s, uint64_t now_ns, double work_ns,
                    uint32_t owner)
{
    struct rp_sharing_job job = {.order = s->order++, .owner = owner};
    size_t at;

    if (s->count == s->capacity) {
        const size_t wanted = s->capacity ? 2 * s->capacity : 16;
        struct rp_sharing_job *const larger =
            realloc(s->heap, wanted * sizeof *larger);
        if (!larger)
            return false;
        s->heap = larger;
        s->capacity = wanted;
    }
    advance(s, now_ns);
    job.end_ns = s->virtual_ns + work_ns;
    at = s->count++;
    while (at > 0 && before(&job, &s->heap[(at - 1) / 2])) {
        s->heap[at] = s->heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    s->heap[at] = job;
    return true;
}

uint64_t rp_sharing_due_ns(const struct rp_sharing *s)
{
    double left;

    if (s->count == 0)
        return UINT64_MAX;
    left = (s->heap[0].end_ns - s->virtual_ns) / rate(s);
    return s->updated_ns + (left > 0.0 ? (uint64_t)ceil(left) : 0);
}

uint32_t rp_sharing_take(struct rp_sharing *s, uint64_t now_ns)
{
    const uint32_t owner = s->heap[0].owner;

    assert(s->count > 0);
    advance(s, now_ns);
    s->count--;
    if (s->count > 0)
        sink(s, s->heap[s->count]);
    return owner;
}

bool rp_sharing_has(const struct rp_sharing *s, uint32_t owner)
{
    size_t i = 0;

    while (i < s->count && s->heap[i].owner != owner)
        i++;
    return i < s->count;
}

void rp_sharing_free(struct rp_sharing *s)
{
    free(s->heap);
    *s = (struct rp_sharing){0};
}
