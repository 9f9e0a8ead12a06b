/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/engine.h"

#include "sim/calendar.h"

#include <assert.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NOBODY = UINT32_MAX, FIRST_ROOM = 1024, DEFAULT_IN_FLIGHT = 1 << 20 };

/* A request, or a closed client between two of them. */
struct request {
    uint64_t begun_ns;
    uint64_t number;  /* within its class: the address of its luck */
    double fraction;  /* of its level, within the segment */
    uint32_t next;    /* in a queue, the ready list or the free list */
    uint32_t step;    /* the next one, absolute */
    uint32_t process; /* that serves it */
    uint16_t class;
    uint8_t segment; /* of the levels that it drew */
    bool chose;      /* its process, which counts it */
};

/* A number of things x time, exactly. Whoever comes at t subtracts t, whoever
 * goes at t adds it: with n still there, the area up to T is sum + n T. One
 * addition at each change, where an average that is carried along takes two
 * multiplications; modulo 2^128, so the order does not matter. */
__extension__ typedef unsigned __int128 area;

/* A station in one process. */
struct place {
    uint32_t servers, busy, waiting;
    uint32_t head, tail;
    uint32_t station; /* that it is a copy of */
    area busy_area, queue_area;
    uint64_t visits;
};

/* The first words of the requests from `base` on: neighbours are made
 * together, which takes a third of the time that it takes one by one. Requests
 * ask roughly in the order of their numbers; one that is late has its word made
 * for itself. */
enum { AHEAD = 32 };

struct lookahead {
    struct rp_stream stream;
    uint64_t base; /* UINT64_MAX - AHEAD: nothing was made yet */
    uint64_t words[AHEAD];
};

/* A part of a hold, as drawing needs it. */
struct draw {
    struct lookahead first;
    struct rp_sampler sampler;
    size_t kind;
    bool by_level;
    const double *at, *slope; /* borrowed */
};

/* A step with all that it needs on one line of the cache. */
struct instruction {
    uint8_t op;      /* enum rp_network_op */
    bool in_process; /* there are several copies of the station */
    uint16_t part_count;
    uint32_t place;     /* of the station, in the first process */
    struct draw *draws; /* borrowed; of a hold */
};

/* What a class draws for each of its requests. */
struct source {
    struct lookahead levels, gaps;
    struct rp_sampler gap;
    bool by_level; /* any part is, so requests need a level */
    bool closed;
    uint32_t first_step;
    uint64_t count; /* of requests that began */
    uint64_t gap_count;
};

/* What a run is waiting for: each stage ends after so many answers, or at an
 * instant. */
enum stage { WARMING_UP, FIRST_HALF, SECOND_HALF, OVER };

struct engine {
    const struct rp_network *net;
    const struct rp_engine_settings *set;
    struct rp_replication *out;
    struct rp_ziggurat ziggurat;
    struct rp_calendar calendar;
    uint64_t now_ns;
    bool replaced; /* the entry that is being served was overwritten */

    struct request *requests;
    uint32_t request_count, request_capacity, free_head;
    uint32_t ready_head, ready_tail; /* granted at this very instant */
    struct place *places;
    size_t place_count;
    size_t *first_place; /* of each station */
    struct instruction *program;
    struct draw *draws;
    struct source *sources;
    uint32_t *in_process; /* requests in each process */
    unsigned process_count;
    uint32_t first_source; /* owners from here on are sources */
    uint64_t in_flight_max;

    enum stage stage;
    uint64_t answers_left;      /* until the next stage; 0 counts as never */
    uint64_t watch_ns;          /* or when it begins */
    uint64_t arrivals, answers; /* in the measured time */
    uint64_t start_ns;          /* of it */
    uint64_t in_flight;
    area flight_area;
    double flight_half_ns; /* the area up to half_ns */
    uint64_t half_ns;      /* when half were answered */
    bool done, out_of_memory;
};

/* ---- Time-weighted sums ---- */

/* Spans of a run are below 2^63 ns, which is 292 years: signed conversions are
 * one instruction each way, unsigned ones several and a branch. */
static inline double to_double(uint64_t ns)
{
    return (double)(int64_t)ns;
}

static inline uint64_t to_ns(double ns)
{
    return (uint64_t)(int64_t)(ns + 0.5);
}

static double area_until(area sum, uint64_t count, uint64_t now_ns)
{
    return (double)(sum + (area)count * now_ns);
}

/* The area begins anew: what is there counts from now. */
static area area_from(uint64_t count, uint64_t now_ns)
{
    return -((area)count * now_ns);
}

/* ---- Stages ---- */

static void begin_measuring(struct engine *e)
{
    const struct rp_engine_settings *const set = e->set;

    e->stage = FIRST_HALF;
    e->start_ns = e->now_ns;
    e->arrivals = e->answers = 0;
    e->answers_left = (set->requests + 1) / 2;
    if (set->requests == 0)
        e->watch_ns = e->now_ns + to_ns(0.5 * set->duration_ns);
    for (size_t i = 0; i < e->place_count; i++) {
        struct place *const p = &e->places[i];
        p->busy_area = area_from(p->busy, e->now_ns);
        p->queue_area = area_from(p->waiting, e->now_ns);
        p->visits = 0;
    }
    e->flight_area = area_from(e->in_flight, e->now_ns);
    memset(e->out->kind_ns, 0, sizeof e->out->kind_ns);
    *e->out->response = (struct rp_histogram){0};
    e->out->response_ns = 0.0;
}

static void begin_second_half(struct engine *e)
{
    const struct rp_engine_settings *const set = e->set;

    e->stage = SECOND_HALF;
    e->half_ns = e->now_ns;
    e->flight_half_ns = area_until(e->flight_area, e->in_flight, e->now_ns);
    e->answers_left = set->requests / 2;
    if (set->requests == 0)
        e->watch_ns = e->start_ns + to_ns(set->duration_ns);
    else if (e->answers_left == 0)
        e->done = true; /* a single request has no second half */
}

static void next_stage(struct engine *e)
{
    switch (e->stage) {
    case WARMING_UP:
        begin_measuring(e);
        break;
    case FIRST_HALF:
        begin_second_half(e);
        break;
    case SECOND_HALF:
    case OVER:
        e->stage = OVER;
        e->done = true;
        break;
    }
}

/* Instants at which a stage begins lie between two entries of the calendar; an
 * entry at the very instant still belongs to the stage before. */
static void pass_instants(struct engine *e, uint64_t time_ns)
{
    while (!e->done && time_ns > e->watch_ns) {
        e->now_ns = e->watch_ns;
        e->watch_ns = UINT64_MAX;
        next_stage(e);
    }
}

/* ---- Random words ---- */

static struct lookahead look_ahead(struct rp_stream stream)
{
    return (struct lookahead){.stream = stream, .base = UINT64_MAX - AHEAD};
}

/* Out of line: once in AHEAD words. */
static void __attribute__((noinline))
look_further(struct lookahead *l, uint64_t number)
{
    l->base = number / AHEAD * AHEAD;
    for (uint64_t i = 0; i < AHEAD; i += 2)
        rp_stream_pair(l->stream, (l->base + i) / 2, 0, l->words + i);
}

static inline uint64_t first_word(struct lookahead *l, uint64_t number)
{
    if (number - l->base < AHEAD)
        return l->words[number - l->base];
    if (number < l->base && l->base != UINT64_MAX - AHEAD)
        return rp_stream_word(l->stream, number, 0);
    look_further(l, number);
    return l->words[number - l->base];
}

/* A variate of request `number`. */
static inline double draw_from(const struct engine *e,
                               const struct rp_sampler *sampler,
                               struct lookahead *first, uint64_t number)
{
    struct rp_cursor cursor = {.stream = first->stream, .number = number};

    if (sampler->shape == RP_SHAPE_EXPONENTIAL) {
        cursor.next = 1;
        return sampler->mean_ns * rp_exponential_of(&e->ziggurat,
                                                    first_word(first, number),
                                                    &cursor);
    }
    return rp_sample_ns(sampler, &e->ziggurat, &cursor);
}

/* ---- The calendar ---- */

static inline void at(struct engine *e, uint64_t time_ns, uint32_t owner)
{
    if (!e->replaced) {
        e->replaced = true;
        rp_calendar_replace(&e->calendar, time_ns, owner);
        return;
    }
    if (e->calendar.count == e->calendar.capacity &&
        !rp_calendar_grow(&e->calendar, 2 * e->calendar.capacity)) {
        e->out_of_memory = e->done = true;
        return;
    }
    rp_calendar_put(&e->calendar, time_ns, owner);
}

/* Sources of open classes own the highest numbers. */
static uint32_t owner_of_source(size_t class)
{
    return RP_CALENDAR_OWNER_MAX - (uint32_t) class;
}

/* ---- Requests ---- */

static void draw_level(struct source *s, struct request *r)
{
    const double u = rp_uniform_of(first_word(&s->levels, r->number));
    size_t i = RP_LEVEL_COUNT - 1;

    if (u >= rp_levels[i]) { /* an exponential tail beyond the last level */
        r->fraction = -log((1.0 - u) / (1.0 - rp_levels[i]));
    } else {
        while (rp_levels[i] > u)
            i--;
        r->fraction = (u - rp_levels[i]) / (rp_levels[i + 1] - rp_levels[i]);
    }
    r->segment = (uint8_t)i;
}

static inline void begin_request(struct engine *e, uint32_t id)
{
    struct request *const r = &e->requests[id];
    struct source *const s = &e->sources[r->class];

    r->number = s->count++;
    r->process = 0;
    r->chose = false;
    r->step = s->first_step;
    if (s->by_level)
        draw_level(s, r);
}

static bool grow_requests(struct engine *e)
{
    const uint32_t wanted = 2 * e->request_capacity;
    struct request *const larger =
        realloc(e->requests, wanted * sizeof *larger);

    if (!larger) {
        e->out_of_memory = e->done = true;
        return false;
    }
    e->requests = larger;
    e->request_capacity = wanted;
    return true;
}

/* A free record; NOBODY where there is none to be had. */
static inline uint32_t new_request(struct engine *e, size_t class)
{
    uint32_t id = e->free_head;

    if (id != NOBODY) {
        e->free_head = e->requests[id].next;
    } else {
        if (e->request_count == e->request_capacity && !grow_requests(e))
            return NOBODY;
        id = e->request_count++;
    }
    e->requests[id].class = (uint16_t) class;
    return id;
}

/* ---- Steps ---- */

/* The process with the fewest requests; the search begins at another one for
 * each request, so that ties are shared out. */
static uint32_t choose_process(const struct engine *e, uint64_t number)
{
    const unsigned n = e->process_count;
    uint32_t best = (uint32_t)(number % n);

    for (unsigned i = 1; i < n; i++) {
        const uint32_t p = (uint32_t)((number + i) % n);
        if (e->in_process[p] < e->in_process[best])
            best = p;
    }
    return best;
}

static void choose(struct engine *e, struct request *r)
{
    r->process = choose_process(e, r->number);
    r->chose = true;
    e->in_process[r->process]++;
}

static inline void arrive(struct engine *e, struct request *r)
{
    r->begun_ns = e->now_ns;
    e->flight_area -= e->now_ns;
    e->in_flight++;
    e->arrivals++;
}

static inline struct place *place_of(const struct engine *e,
                                     const struct instruction *step,
                                     const struct request *r)
{
    return &e->places[step->place + (step->in_process ? r->process : 0)];
}

/* True where a server was free; else the request is in the queue. */
static inline bool take(struct engine *e, uint32_t id, struct place *p)
{
    if (p->busy < p->servers) {
        p->busy++;
        p->visits++;
        p->busy_area -= e->now_ns;
        return true;
    }
    p->queue_area -= e->now_ns;
    if (p->waiting++)
        e->requests[p->tail].next = id;
    else
        p->head = id;
    p->tail = id;
    return false;
}

/* The server goes straight to whoever waits longest. */
static inline void give(struct engine *e, struct place *p)
{
    struct request *next;
    uint32_t id;

    if (p->waiting == 0) {
        p->busy--;
        p->busy_area += e->now_ns;
        return;
    }
    p->queue_area += e->now_ns;
    id = p->head;
    next = &e->requests[id];
    p->waiting--;
    p->visits++;
    p->head = next->next;
    next->step++;
    if (e->ready_head == NOBODY)
        e->ready_head = id;
    else
        e->requests[e->ready_tail].next = id;
    next->next = NOBODY;
    e->ready_tail = id;
}

static inline double draw_time(const struct engine *e, struct draw *d,
                               const struct request *r)
{
    if (d->by_level)
        return d->at[r->segment] + r->fraction * d->slope[r->segment];
    return draw_from(e, &d->sampler, &d->first, r->number);
}

/* True where time passes, false where the hold is over at once. */
static inline bool hold(struct engine *e, const struct request *r, uint32_t id,
                        const struct instruction *step)
{
    double total = 0.0;
    uint64_t span;

    for (uint32_t i = 0; i < step->part_count; i++) {
        struct draw *const d = &step->draws[i];
        const double time = draw_time(e, d, r);

        total += time;
        e->out->kind_ns[d->kind] += time;
    }
    span = to_ns(total);
    if (span == 0)
        return false;
    at(e, e->now_ns + span, id);
    return true;
}

static inline void answer(struct engine *e, const struct request *r)
{
    struct rp_replication *const out = e->out;
    const uint64_t response = e->now_ns - r->begun_ns;

    if (r->chose)
        e->in_process[r->process]--;
    e->flight_area += e->now_ns;
    e->in_flight--;
    e->answers++;
    if (out->series_count < e->set->series_capacity)
        e->set->series_ns[out->series_count++] = to_double(response);
    out->response_ns += to_double(response);
    rp_histogram_add(out->response, response);
    if (--e->answers_left == 0)
        next_stage(e);
}

/* A closed client begins anew; the request of an open class is gone. */
static inline bool begins_anew(struct engine *e, uint32_t id)
{
    struct request *const r = &e->requests[id];

    if (e->sources[r->class].closed) {
        begin_request(e, id);
        return true;
    }
    r->next = e->free_head;
    e->free_head = id;
    return false;
}

/* Walk as far as it goes without time passing. */
static inline void walk(struct engine *e, uint32_t id)
{
    for (;;) {
        struct request *const r = &e->requests[id];
        const struct instruction *const step = &e->program[r->step];

        switch ((enum rp_network_op)step->op) {
        case RP_NETWORK_ARRIVE:
            arrive(e, r);
            break;
        case RP_NETWORK_CHOOSE:
            choose(e, r);
            break;
        case RP_NETWORK_TAKE:
            if (!take(e, id, place_of(e, step, r)))
                return;
            break;
        case RP_NETWORK_GIVE:
            give(e, place_of(e, step, r));
            break;
        case RP_NETWORK_HOLD:
            r->step++;
            if (hold(e, r, id, step))
                return;
            continue;
        case RP_NETWORK_ANSWER:
            answer(e, r);
            if (!begins_anew(e, id))
                return;
            /* Clients that neither think nor hold anything would go round
             * and round at one instant: they queue behind the others. */
            at(e, e->now_ns, id);
            return;
        }
        r->step++;
    }
}

static inline uint64_t draw_gap(const struct engine *e, struct source *s)
{
    return to_ns(draw_from(e, &s->gap, &s->gaps, s->gap_count++));
}

/* A request of an open class arrives, and the next one is announced. */
static inline uint32_t arrival(struct engine *e, size_t class)
{
    const uint32_t id = new_request(e, class);

    if (id == NOBODY)
        return NOBODY;
    begin_request(e, id);
    at(e, e->now_ns + draw_gap(e, &e->sources[class]), owner_of_source(class));
    if (e->in_flight >= e->in_flight_max)
        e->out->overflowed = e->done = true;
    return id;
}

/* Serve the first entry, and all that are granted something by it. */
static void serve(struct engine *e)
{
    uint32_t id = rp_calendar_owner(&e->calendar);

    e->replaced = false;
    if (id >= e->first_source)
        id = arrival(e, RP_CALENDAR_OWNER_MAX - id);
    while (id != NOBODY) {
        walk(e, id);
        id = e->ready_head;
        if (id != NOBODY)
            e->ready_head = e->requests[id].next;
        if (e->done)
            return;
    }
    if (!e->replaced)
        rp_calendar_take(&e->calendar);
}

static enum rp_code all_wait(const struct engine *e, struct rp_error *error)
{
    return rp_fail(error, RP_ERR_UNSTABLE,
                   "after %llu answers nothing can happen any more: %llu "
                   "requests wait for each other",
                   (unsigned long long)e->answers,
                   (unsigned long long)e->in_flight);
}

static enum rp_code run(struct engine *e, struct rp_error *error)
{
    while (!e->done) {
        uint64_t time_ns;

        if (e->calendar.count == 0)
            return all_wait(e, error);
        time_ns = rp_calendar_time(&e->calendar);
        if (time_ns > e->watch_ns) {
            pass_instants(e, time_ns);
            continue;
        }
        e->now_ns = time_ns;
        serve(e);
    }
    return e->out_of_memory
               ? rp_fail(error, RP_ERR_MEMORY,
                         "out of memory with %llu requests in flight",
                         (unsigned long long)e->in_flight)
               : RP_OK;
}

/* ---- Beginning and end ---- */

static bool make_places(struct engine *e)
{
    const struct rp_network *const net = e->net;
    size_t at_place = 0;

    for (size_t i = 0; i < net->station_count; i++)
        e->place_count += net->stations[i].in_process ? e->process_count : 1;
    e->places = calloc(e->place_count + 1, sizeof *e->places);
    e->first_place = calloc(net->station_count + 1, sizeof *e->first_place);
    if (!e->places || !e->first_place)
        return false;
    for (size_t i = 0; i < net->station_count; i++) {
        const struct rp_station *const s = &net->stations[i];
        const unsigned copies = s->in_process ? e->process_count : 1;

        e->first_place[i] = at_place;
        for (unsigned k = 0; k < copies; k++)
            e->places[at_place++] =
                (struct place){.servers = s->servers, .station = (uint32_t)i};
    }
    return true;
}

static void make_step(struct engine *e, size_t class, size_t index)
{
    const struct rp_network_step *const step = &e->net->steps[index];
    const struct rp_station *const station = &e->net->stations[step->station];
    struct instruction *const to = &e->program[index];

    *to = (struct instruction){.op = (uint8_t)step->op,
                               .part_count = (uint16_t)step->part_count,
                               .draws = e->draws + step->first_part};
    if (step->op == RP_NETWORK_TAKE || step->op == RP_NETWORK_GIVE) {
        to->place = (uint32_t)e->first_place[step->station];
        to->in_process = station->in_process && e->process_count > 1;
    }
    for (size_t k = 0; k < step->part_count; k++) {
        const struct rp_part *const part = &e->net->parts[step->first_part + k];

        to->draws[k] = (struct draw){.first = look_ahead(rp_stream_make(
                                         e->set->seed, e->set->replication,
                                         (uint32_t) class, part->purpose)),
                                     .sampler = part->sampler,
                                     .kind = part->kind,
                                     .by_level = part->by_level,
                                     .at = part->at,
                                     .slope = part->slope};
        e->sources[class].by_level |= part->by_level;
    }
}

static bool make_program(struct engine *e)
{
    const struct rp_network *const net = e->net;
    const uint64_t levels = rp_stream_purpose("request", "level", 0);
    const uint64_t gaps = rp_stream_purpose("source", "gap", 0);

    e->program = calloc(net->step_count + 1, sizeof *e->program);
    e->draws = calloc(net->part_count + 1, sizeof *e->draws);
    e->sources = calloc(net->class_count, sizeof *e->sources);
    if (!e->program || !e->draws || !e->sources)
        return false;
    for (size_t c = 0; c < net->class_count; c++) {
        const struct rp_class *const class = &net->classes[c];
        const uint32_t number = (uint32_t)c;

        e->sources[c] = (struct source){
            .levels = look_ahead(rp_stream_make(
                e->set->seed, e->set->replication, number, levels)),
            .gaps = look_ahead(rp_stream_make(e->set->seed, e->set->replication,
                                              number, gaps)),
            .gap = class->gap,
            .closed = class->source == RP_SOURCE_CLOSED,
            .first_step = (uint32_t) class->first_step};
        for (size_t i = 0; i < class->step_count; i++)
            make_step(e, c, class->first_step + i);
    }
    return true;
}

static uint64_t closed_clients(const struct rp_network *net)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < net->class_count; i++)
        if (net->classes[i].source == RP_SOURCE_CLOSED)
            sum += net->classes[i].clients;
    return sum;
}

static bool make_engine(struct engine *e)
{
    const uint64_t clients = closed_clients(e->net);
    const size_t room = FIRST_ROOM + (size_t)clients;

    e->process_count = e->net->processes ? e->net->processes : 1;
    e->first_source = RP_CALENDAR_OWNER_MAX - (uint32_t)e->net->class_count + 1;
    e->free_head = e->ready_head = e->ready_tail = NOBODY;
    e->request_capacity = (uint32_t)room;
    e->requests = calloc(room, sizeof *e->requests);
    e->in_process = calloc(e->process_count, sizeof *e->in_process);
    e->out->response = calloc(1, sizeof *e->out->response);
    e->out->stations =
        calloc(e->net->station_count + 1, sizeof *e->out->stations);
    rp_ziggurat_make(&e->ziggurat);
    return e->requests && e->in_process && e->out->response &&
           e->out->stations && make_places(e) && make_program(e) &&
           rp_calendar_init(&e->calendar, room + e->net->class_count);
}

/* Closed clients begin at once, in their order; an open class after its first
 * gap. */
static void start_sources(struct engine *e)
{
    e->replaced = true; /* there is no entry yet that could be */
    for (size_t c = 0; c < e->net->class_count; c++) {
        const struct rp_class *const class = &e->net->classes[c];

        if (class->source == RP_SOURCE_OPEN) {
            at(e, draw_gap(e, &e->sources[c]), owner_of_source(c));
            continue;
        }
        for (unsigned i = 0; i < class->clients; i++) {
            const uint32_t id = new_request(e, c);
            begin_request(e, id);
            at(e, 0, id);
        }
    }
}

/* The mean number in flight in each half of the measured time. */
static void split_flight(const struct engine *e, struct rp_replication *out)
{
    const double early_ns = to_double(e->half_ns - e->start_ns);
    const double late_ns = to_double(e->now_ns - e->half_ns);

    if (e->stage == FIRST_HALF || !(early_ns > 0.0))
        return;
    out->in_flight_early = e->flight_half_ns / early_ns;
    out->in_flight_late =
        late_ns > 0.0 ? (out->in_flight_ns - e->flight_half_ns) / late_ns
                      : out->in_flight_early;
}

static void finish(struct engine *e)
{
    struct rp_replication *const out = e->out;

    if (e->stage == WARMING_UP) /* it overflowed before anything counted */
        begin_measuring(e);
    out->answered = e->answers;
    out->arrived = e->arrivals;
    out->span_ns = to_double(e->now_ns - e->start_ns);
    out->in_flight_ns = area_until(e->flight_area, e->in_flight, e->now_ns);
    out->in_flight_at_end = e->in_flight;
    split_flight(e, out);
    for (size_t i = 0; i < e->place_count; i++) {
        const struct place *const p = &e->places[i];
        struct rp_station_stats *const s = &out->stations[p->station];

        s->busy_ns += area_until(p->busy_area, p->busy, e->now_ns);
        s->queue_ns += area_until(p->queue_area, p->waiting, e->now_ns);
        s->visits += p->visits;
    }
}

static void release(struct engine *e)
{
    rp_calendar_free(&e->calendar);
    free(e->requests);
    free(e->places);
    free(e->first_place);
    free(e->program);
    free(e->draws);
    free(e->sources);
    free(e->in_process);
}

/* What the numbers in the records can hold. */
static enum rp_code check_size(const struct rp_network *network,
                               const struct rp_engine_settings *settings,
                               size_t in_flight_max, struct rp_error *error)
{
    const uint64_t most =
        RP_CALENDAR_OWNER_MAX - FIRST_ROOM - network->class_count;

    if (settings->requests == 0 && !(settings->duration_ns > 0.0))
        return rp_fail(error, RP_ERR_VALUE,
                       "a run needs a number of requests or a duration");
    if (in_flight_max > most || closed_clients(network) > most ||
        network->class_count > 1000)
        return rp_fail(error, RP_ERR_VALUE,
                       "at most %llu requests in flight and 1000 classes can "
                       "be simulated",
                       (unsigned long long)most);
    return RP_OK;
}

enum rp_code rp_engine_run(const struct rp_network *network,
                           const struct rp_engine_settings *settings,
                           struct rp_replication *replication,
                           struct rp_error *error)
{
    const size_t in_flight_max =
        settings->in_flight_max ? settings->in_flight_max : DEFAULT_IN_FLIGHT;
    struct rp_replication fresh = {.answered = 0};
    struct engine *const e = calloc(1, sizeof *e);
    enum rp_code code = rp_network_check(network, error);

    if (!code)
        code = check_size(network, settings, in_flight_max, error);
    if (!code && !e)
        code = rp_fail(error, RP_ERR_MEMORY, "out of memory for a run");
    if (code) {
        free(e);
        return code;
    }
    e->net = network;
    e->set = settings;
    e->out = &fresh;
    if (!make_engine(e)) {
        code = rp_fail(error, RP_ERR_MEMORY, "out of memory for a run");
    } else {
        e->in_flight_max = in_flight_max;
        e->watch_ns = UINT64_MAX;
        e->answers_left = settings->warm_up;
        if (settings->warm_up == 0)
            begin_measuring(e);
        start_sources(e);
        code = run(e, error);
        finish(e);
    }
    release(e);
    free(e);
    if (code)
        rp_replication_free(&fresh);
    else
        *replication = fresh;
    return code;
}

void rp_replication_free(struct rp_replication *replication)
{
    free(replication->response);
    free(replication->stations);
    *replication = (struct rp_replication){0};
}
