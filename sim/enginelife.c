/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/enginelife.h"

#include "sim/choice.h"
#include "sim/retry.h"

/* Those that wait to try again are not in flight, but they need a record too:
 * there are only so many numbers below the other owners of entries. */
static bool more_records(struct rp_engine *e)
{
    if (e->request_capacity > e->first_shared / 2) {
        e->out->overflowed = e->done = true;
        return false;
    }
    if (!rp_engine_grow(e)) {
        e->out_of_memory = e->done = true;
        return false;
    }
    return true;
}

uint32_t rp_life_new_record(struct rp_engine *e)
{
    if (e->request_count == e->request_capacity && !more_records(e))
        return RP_NOBODY;
    return e->request_count++;
}

/* The first of a source's classes counts the requests of all; which class this
 * one is of is drawn by its number. */
static struct rp_source *begin_in_mix(struct rp_engine *e, struct rp_request *r)
{
    struct rp_source *const first = &e->sources[r->source->first_class];
    struct rp_source *s = first;
    double u;

    r->number = first->count++;
    u = rp_uniform_of(rp_lookahead_word(&first->choices, r->number));
    while (u >= s->share_end)
        s++;
    r->source = s;
    return s;
}

struct rp_source *rp_life_draw(struct rp_engine *e, struct rp_request *r)
{
    struct rp_source *s = r->source;

    if (s->is_one_of_several)
        s = begin_in_mix(e, r);
    else
        r->number = s->count++;
    if (s->by_level)
        rp_choice_level(s, r);
    return s;
}

void rp_life_set_deadline(struct rp_engine *e, uint32_t id)
{
    struct rp_request *const r = &e->requests[id];
    struct rp_source *const s = r->source;
    const uint64_t due_ns = e->now_ns + s->patience_ns;

    r->serial = ++e->serial ? e->serial : ++e->serial;
    if (!rp_deadlines_add(&s->deadlines,
                          (struct rp_deadline){due_ns, id, r->serial}))
        e->out_of_memory = e->done = true;
    if (due_ns < e->watch_ns)
        e->watch_ns = due_ns;
}

void rp_life_count_pause(const struct rp_engine *e, const struct rp_request *r)
{
    r->source->stats->paused_ns +=
        rp_to_double(rp_retry_pause_ns(e, r, r->attempts - 1u));
}

void rp_life_note(struct rp_engine *e, uint64_t response_ns)
{
    struct rp_replication *const out = e->out;

    if (out->series_count < e->set->series_capacity)
        e->set->series_ns[out->series_count++] = rp_to_double(response_ns);
    if (e->set->batches)
        rp_batches_add(e->set->batches, e->now_ns, response_ns);
}

void rp_life_announce_spaced(struct rp_engine *e, struct rp_source *s)
{
    const uint64_t time_ns =
        rp_arrivals_next(&s->arrivals, &e->ziggurat, e->now_ns);

    if (time_ns == RP_NEVER)
        e->ended++;
    else
        rp_life_plan(e, time_ns, s);
}
