/**
 * Life: how a request of the engine begins, arrives, is answered and ends.
 *
 * Every loop that walks requests (sim/engine.c, sim/engineplain.c) does this in
 * the same way, once or twice for each of them, so it is inline; what only some
 * networks need is out of the way, in sim/enginelife.c. Not for users of the
 * library: engine.h is.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_SIM_ENGINELIFE_H
#define RP_SIM_ENGINELIFE_H

#include "sim/enginemoves.h"

/** Sources of open classes own the highest numbers of the calendar. */
static inline uint32_t rp_life_owner_of(size_t class_index)
{
    return RP_CALENDAR_OWNER_MAX - (uint32_t)class_index;
}

/** The record of a new request where none is free; RP_NOBODY where there is
 * none to be had, and the run is done. Records may move. */
uint32_t rp_life_new_record(struct rp_engine *engine);

/** What some classes draw when a request of theirs begins: which of the classes
 * of a source it is of, and its level. It has its number then. */
struct rp_source *rp_life_draw(struct rp_engine *engine,
                               struct rp_request *request);

/** The deadline of an attempt, of a class that has patience. */
void rp_life_set_deadline(struct rp_engine *engine, uint32_t id);

/** The pause before a further attempt is over. */
void rp_life_count_pause(const struct rp_engine *engine,
                         const struct rp_request *request);

/** An answer goes to the series and the batches that somebody wants. */
void rp_life_note(struct rp_engine *engine, uint64_t response_ns);

/** The next request of an open class, if there is one, where its spacing is not
 * of independent gaps. */
void rp_life_announce_spaced(struct rp_engine *engine,
                             struct rp_source *source);

/** A free record; RP_NOBODY where there is none to be had. */
static inline uint32_t rp_life_record(struct rp_engine *e, struct rp_source *s)
{
    uint32_t id = e->free_head;
    struct rp_request *r;

    if (id == RP_NOBODY) {
        id = rp_life_new_record(e);
        if (id == RP_NOBODY)
            return RP_NOBODY;
        r = &e->requests[id];
    } else {
        r = &e->requests[id];
        e->free_head = r->next;
    }
    r->source = s;
    r->waits_at = RP_NOBODY;
    return id;
}

/** What begins as zero: nothing was chosen, tried or missed yet. */
static inline void rp_life_clear(struct rp_request *r)
{
    r->process = 0;
    r->serial = 0;
    r->segment = 0;
    r->attempts = 0;
    r->chose = r->overdue = r->was_passed = r->has_waited = false;
}

static inline void rp_life_begin(struct rp_engine *e, struct rp_request *r)
{
    struct rp_source *s = r->source;

    rp_life_clear(r);
    if (s->draws_first)
        s = rp_life_draw(e, r);
    else
        r->number = s->count++;
    r->step = s->first_step;
}

static inline void rp_life_free(struct rp_engine *e, uint32_t id)
{
    struct rp_request *const r = &e->requests[id];

    r->number = UINT64_MAX; /* nobody's: who watches it sees that it is gone */
    r->next = e->free_head;
    e->free_head = id;
}

/** One more request is done with. A closed client begins anew, behind all that
 * happens at this instant: one that neither thinks nor holds anything would go
 * round and round. The request of an open class is gone. */
static inline void rp_life_end(struct rp_engine *e, uint32_t id)
{
    struct rp_request *const r = &e->requests[id];

    if (--e->ends_left == 0)
        rp_engine_next_stage(e);
    if (r->source->closed) {
        rp_life_begin(e, r);
        rp_move_at(e, e->now_ns, id);
        return;
    }
    rp_life_free(e, id);
}

/* What laws.h wants to know and no result does. */
static inline void rp_life_note_begun(struct rp_engine *e, uint64_t begun_ns)
{
#ifndef NDEBUG
    e->begun_sum_ns += begun_ns;
#else
    (void)e, (void)begun_ns;
#endif
}

/** One more is in flight: it began, or tries again. */
static inline void rp_life_come(struct rp_engine *e, struct rp_request *r,
                                uint64_t now_ns)
{
    rp_life_note_begun(e, r->begun_ns);
    rp_area_come(&e->flight_area, now_ns);
    e->in_flight++;
    e->arrivals++;
}

static inline void rp_life_arrive(struct rp_engine *e, struct rp_request *r,
                                  uint32_t id)
{
    if (r->attempts == 0)
        r->begun_ns = e->now_ns;
    else
        rp_life_count_pause(e, r);
    rp_life_come(e, r, e->now_ns);
    if (r->source->patience_ns > 0)
        rp_life_set_deadline(e, id);
}

/** One more was answered, and how fast. */
static inline void rp_life_count(struct rp_engine *e, struct rp_request *r,
                                 uint64_t now_ns)
{
    struct rp_class_stats *const stats = r->source->stats;
    const uint64_t response = now_ns - r->begun_ns;

    rp_life_note_begun(e, -r->begun_ns);
    rp_area_go(&e->flight_area, now_ns);
    e->in_flight--;
    e->answers++;
    if (e->notes_answers)
        rp_life_note(e, response);
    stats->answered++;
    stats->response_ns += rp_to_double(response);
    rp_histogram_add(stats->response, response);
}

static inline void rp_life_answer(struct rp_engine *e, struct rp_request *r)
{
    if (r->chose)
        rp_fewest_drop(&e->in_process, r->process);
    if (r->overdue)
        r->source->stats->late++;
    rp_life_count(e, r, e->now_ns);
    r->serial = 0;
}

/** An entry of an open class: that of the first one is beside the others. */
static inline void rp_life_plan(struct rp_engine *e, uint64_t time_ns,
                                const struct rp_source *s)
{
    if (s == e->source_beside)
        rp_calendar_put_beside(&e->calendar, time_ns, s->owner);
    else
        rp_move_at(e, time_ns, s->owner);
}

/** The next request of an open class, if there is one. */
static inline void rp_life_announce(struct rp_engine *e, struct rp_source *s)
{
    struct rp_arrivals *const a = &s->arrivals;

    if (a->spacing == RP_SPACING_GAPS)
        rp_life_plan(e, e->now_ns + rp_arrivals_gap(a, &e->ziggurat), s);
    else
        rp_life_announce_spaced(e, s);
}

/** One more arrives: so many in flight are the end. */
static inline void rp_life_check_room(struct rp_engine *e)
{
    if (e->in_flight >= e->in_flight_max)
        e->out->overflowed = e->done = true;
}

/** Another request of an open class has a record, and the one after it is
 * announced; RP_NOBODY where there is no room. It has still to begin. */
static inline uint32_t rp_life_next(struct rp_engine *e, struct rp_source *s)
{
    const uint32_t id = rp_life_record(e, s);

    if (id == RP_NOBODY)
        return RP_NOBODY;
    rp_life_announce(e, s);
    rp_life_check_room(e);
    return id;
}

#endif
