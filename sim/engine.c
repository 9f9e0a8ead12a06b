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
    uint64_t number;   /* within its class: the address of its luck */
    double fraction;   /* of its level, within the segment */
    uint32_t next;     /* in a queue, the ready list or the free list */
    uint32_t step;     /* the next one, absolute */
    uint32_t process;  /* that serves it */
    uint16_t class;
    uint8_t segment; /* of the levels that it drew */
    bool chose;      /* its process, which counts it */
};

/* A station in one process. */
struct place {
    uint32_t servers, busy, waiting;
    uint32_t head, tail;
    uint32_t station; /* that it is a copy of */
    uint64_t changed_ns;
    double busy_ns, queue_ns;
    uint64_t visits;
};

/* Copies of a class's part that drawing needs. */
struct source {
    struct rp_stream levels, gaps;
    uint64_t count; /* of requests that began */
};

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
    struct rp_stream *part_streams;
    struct source *sources;
    uint32_t *in_process; /* requests in each process */
    unsigned process_count;

    bool measuring, done;
    uint64_t answered; /* since the start */
    uint64_t start_ns; /* of the measured time */
    uint64_t middle_ns, end_ns; /* of it, where they are given */
    uint64_t in_flight, flight_changed_ns;
    double flight_ns, flight_half_ns;
    uint64_t half_ns; /* when half were answered */
    bool out_of_memory;
};

/* ---- Time-weighted sums ---- */

static inline void account_place(struct place *p, uint64_t now)
{
    const double span = (double)(now - p->changed_ns);

    p->busy_ns += span * p->busy;
    p->queue_ns += span * p->waiting;
    p->changed_ns = now;
}

static inline void account_flight(struct engine *e)
{
    e->flight_ns += (double)(e->now_ns - e->flight_changed_ns) *
                    (double)e->in_flight;
    e->flight_changed_ns = e->now_ns;
}

/* From here on it counts. */
static void begin_measuring(struct engine *e)
{
    struct rp_replication *const out = e->out;

    e->measuring = true;
    e->start_ns = e->now_ns;
    e->middle_ns = e->end_ns = UINT64_MAX;
    if (e->set->requests == 0) {
        e->middle_ns = e->now_ns + (uint64_t)(0.5 * e->set->duration_ns);
        e->end_ns = e->now_ns + (uint64_t)(e->set->duration_ns + 0.5);
    }
    for (size_t i = 0; i < e->place_count; i++) {
        struct place *const p = &e->places[i];
        p->busy_ns = p->queue_ns = 0.0;
        p->visits = 0;
        p->changed_ns = e->now_ns;
    }
    e->flight_ns = 0.0;
    e->flight_changed_ns = e->now_ns;
    memset(out->kind_ns, 0, sizeof out->kind_ns);
}

static void note_half(struct engine *e)
{
    account_flight(e);
    e->half_ns = e->now_ns;
    e->flight_half_ns = e->flight_ns;
}

/* ---- The calendar ---- */

static void at(struct engine *e, uint64_t time_ns, uint32_t owner)
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
    return RP_CALENDAR_OWNER_MAX - (uint32_t)class;
}

static bool is_source(const struct engine *e, uint32_t owner)
{
    return owner > RP_CALENDAR_OWNER_MAX - (uint32_t)e->net->class_count;
}

/* ---- Requests ---- */

static void begin_request(struct engine *e, uint32_t id)
{
    struct request *const r = &e->requests[id];
    struct source *const s = &e->sources[r->class];
    uint64_t words[2];
    size_t i = RP_LEVEL_COUNT - 1;
    double u;

    r->number = s->count++;
    r->process = 0;
    r->chose = false;
    r->step = (uint32_t)e->net->classes[r->class].first_step;
    rp_stream_words(&s->levels, r->number, 0, words);
    u = rp_uniform_of(words[0]);
    if (u >= rp_levels[i]) { /* an exponential tail beyond the last level */
        r->fraction = -log((1.0 - u) / (1.0 - rp_levels[i]));
    } else {
        while (rp_levels[i] > u)
            i--;
        r->fraction = (u - rp_levels[i]) / (rp_levels[i + 1] - rp_levels[i]);
    }
    r->segment = (uint8_t)i;
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
static uint32_t new_request(struct engine *e, size_t class)
{
    uint32_t id = e->free_head;

    if (id != NOBODY) {
        e->free_head = e->requests[id].next;
    } else {
        if (e->request_count == e->request_capacity && !grow_requests(e))
            return NOBODY;
        id = e->request_count++;
    }
    e->requests[id] = (struct request){.class = (uint16_t)class};
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

static void arrive(struct engine *e, struct request *r)
{
    r->begun_ns = e->now_ns;
    account_flight(e);
    e->in_flight++;
    e->out->arrived += e->measuring;
}

static struct place *place_of(const struct engine *e, size_t station,
                              const struct request *r)
{
    const size_t copy =
        e->net->stations[station].in_process ? r->process : 0;

    return &e->places[e->first_place[station] + copy];
}

/* True where a server was free; else the request is in the queue. */
static bool take(struct engine *e, uint32_t id, size_t station)
{
    struct place *const p = place_of(e, station, &e->requests[id]);

    account_place(p, e->now_ns);
    if (p->busy < p->servers) {
        p->busy++;
        p->visits++;
        return true;
    }
    e->requests[id].next = NOBODY;
    if (p->waiting++)
        e->requests[p->tail].next = id;
    else
        p->head = id;
    p->tail = id;
    return false;
}

/* The server goes straight to whoever waits longest. */
static void give(struct engine *e, const struct request *r, size_t station)
{
    struct place *const p = place_of(e, station, r);
    uint32_t next;

    account_place(p, e->now_ns);
    if (p->waiting == 0) {
        p->busy--;
        return;
    }
    next = p->head;
    p->waiting--;
    p->visits++;
    p->head = e->requests[next].next;
    e->requests[next].step++;
    e->requests[next].next = NOBODY;
    if (e->ready_head == NOBODY)
        e->ready_head = next;
    else
        e->requests[e->ready_tail].next = next;
    e->ready_tail = next;
}

static double draw_part(struct engine *e, const struct request *r, size_t part)
{
    const struct rp_part *const p = &e->net->parts[part];
    struct rp_cursor cursor;

    if (p->by_level)
        return p->at[r->segment] + r->fraction * p->slope[r->segment];
    cursor = rp_cursor_at(&e->part_streams[part], r->number);
    return rp_sample_ns(&p->sampler, &e->ziggurat, &cursor);
}

/* True where time passes, false where the hold is over at once. */
static bool hold(struct engine *e, uint32_t id,
                 const struct rp_network_step *step)
{
    const struct request *const r = &e->requests[id];
    double total = 0.0;
    uint64_t span;

    for (size_t i = 0; i < step->part_count; i++) {
        const size_t part = step->first_part + i;
        const double time = draw_part(e, r, part);

        total += time;
        e->out->kind_ns[e->net->parts[part].kind] += time;
    }
    span = (uint64_t)(total + 0.5);
    if (span == 0)
        return false;
    at(e, e->now_ns + span, id);
    return true;
}

static void answer(struct engine *e, const struct request *r)
{
    const struct rp_engine_settings *const set = e->set;
    struct rp_replication *const out = e->out;
    const uint64_t response = e->now_ns - r->begun_ns;

    e->in_process[r->process] -= r->chose;
    account_flight(e);
    e->in_flight--;
    if (set->series_ns && out->series_count < set->series_capacity)
        set->series_ns[out->series_count++] = (double)response;
    e->answered++;
    if (!e->measuring) {
        if (e->answered == set->warm_up)
            begin_measuring(e);
        return;
    }
    out->answered++;
    out->response_ns += (double)response;
    rp_histogram_add(out->response, response);
    if (set->requests > 0 && out->answered == (set->requests + 1) / 2)
        note_half(e);
    if (set->requests > 0 && out->answered == set->requests)
        e->done = true;
}

/* A closed client begins anew; the request of an open class is gone. */
static bool begins_anew(struct engine *e, uint32_t id)
{
    struct request *const r = &e->requests[id];

    if (e->net->classes[r->class].source == RP_SOURCE_CLOSED) {
        begin_request(e, id);
        return true;
    }
    r->next = e->free_head;
    e->free_head = id;
    return false;
}

/* Walk as far as it goes without time passing. */
static void walk(struct engine *e, uint32_t id)
{
    while (!e->done) {
        struct request *const r = &e->requests[id];
        const struct rp_network_step *const step = &e->net->steps[r->step];

        switch (step->op) {
        case RP_NETWORK_ARRIVE:
            arrive(e, r);
            break;
        case RP_NETWORK_CHOOSE:
            choose(e, r);
            break;
        case RP_NETWORK_TAKE:
            if (!take(e, id, step->station))
                return;
            break;
        case RP_NETWORK_GIVE:
            give(e, r, step->station);
            break;
        case RP_NETWORK_HOLD:
            r->step++;
            if (hold(e, id, step))
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

/* A request of an open class arrives, and the next one is announced. */
static void arrival(struct engine *e, size_t class)
{
    const struct rp_class *const c = &e->net->classes[class];
    struct source *const s = &e->sources[class];
    struct rp_cursor cursor = rp_cursor_at(&s->gaps, s->count + 1);
    const uint32_t id = new_request(e, class);
    double gap;

    if (id == NOBODY)
        return;
    begin_request(e, id);
    gap = rp_sample_ns(&c->gap, &e->ziggurat, &cursor);
    at(e, e->now_ns + (uint64_t)(gap + 0.5), owner_of_source(class));
    walk(e, id);
}

static void drain_ready(struct engine *e)
{
    while (e->ready_head != NOBODY && !e->done) {
        const uint32_t id = e->ready_head;

        e->ready_head = e->requests[id].next;
        walk(e, id);
    }
}

static enum rp_code all_wait(const struct engine *e, struct rp_error *error)
{
    return rp_fail(error, RP_ERR_UNSTABLE,
                   "after %llu answers nothing can happen any more: %llu "
                   "requests wait for each other",
                   (unsigned long long)e->answered,
                   (unsigned long long)e->in_flight);
}

static enum rp_code run(struct engine *e, size_t in_flight_max,
                        struct rp_error *error)
{
    while (!e->done) {
        uint32_t owner;

        if (e->calendar.count == 0)
            return all_wait(e, error);
        e->now_ns = rp_calendar_time(&e->calendar);
        if (e->measuring && e->half_ns == 0 && e->now_ns >= e->middle_ns)
            note_half(e);
        if (e->measuring && e->now_ns > e->end_ns) {
            e->now_ns = e->end_ns;
            break;
        }
        owner = rp_calendar_owner(&e->calendar);
        e->replaced = false;
        if (is_source(e, owner))
            arrival(e, RP_CALENDAR_OWNER_MAX - owner);
        else
            walk(e, owner);
        drain_ready(e);
        if (!e->replaced)
            rp_calendar_take(&e->calendar);
        if (e->in_flight > in_flight_max) {
            e->out->overflowed = true;
            break;
        }
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
            e->places[at_place++] = (struct place){
                .servers = s->servers, .station = (uint32_t)i};
    }
    return true;
}

static bool make_streams(struct engine *e)
{
    const struct rp_network *const net = e->net;
    const uint64_t levels = rp_stream_purpose("request", "level", 0);
    const uint64_t gaps = rp_stream_purpose("source", "gap", 0);

    e->part_streams = calloc(net->part_count + 1, sizeof *e->part_streams);
    e->sources = calloc(net->class_count, sizeof *e->sources);
    if (!e->part_streams || !e->sources)
        return false;
    for (size_t c = 0; c < net->class_count; c++) {
        const struct rp_class *const class = &net->classes[c];
        const uint32_t index = (uint32_t)c;

        e->sources[c].levels = rp_stream_make(
            e->set->seed, e->set->replication, index, levels);
        e->sources[c].gaps =
            rp_stream_make(e->set->seed, e->set->replication, index, gaps);
        for (size_t i = 0; i < class->step_count; i++) {
            const struct rp_network_step *const step =
                &net->steps[class->first_step + i];
            for (size_t k = 0; k < step->part_count; k++)
                e->part_streams[step->first_part + k] = rp_stream_make(
                    e->set->seed, e->set->replication, index,
                    net->parts[step->first_part + k].purpose);
        }
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
    e->free_head = e->ready_head = e->ready_tail = NOBODY;
    e->request_capacity = (uint32_t)room;
    e->requests = calloc(room, sizeof *e->requests);
    e->in_process = calloc(e->process_count, sizeof *e->in_process);
    e->out->response = calloc(1, sizeof *e->out->response);
    e->out->stations =
        calloc(e->net->station_count + 1, sizeof *e->out->stations);
    rp_ziggurat_make(&e->ziggurat);
    return e->requests && e->in_process && e->out->response &&
           e->out->stations && make_places(e) && make_streams(e) &&
           rp_calendar_init(&e->calendar, room + e->net->class_count);
}

/* Closed clients begin at once, in their order; an open class after its first
 * gap. */
static void start_sources(struct engine *e)
{
    e->replaced = true; /* there is no entry yet that could be */
    for (size_t c = 0; c < e->net->class_count; c++) {
        const struct rp_class *const class = &e->net->classes[c];
        struct rp_cursor cursor = rp_cursor_at(&e->sources[c].gaps, 0);

        if (class->source == RP_SOURCE_OPEN) {
            const double gap =
                rp_sample_ns(&class->gap, &e->ziggurat, &cursor);
            at(e, (uint64_t)(gap + 0.5), owner_of_source(c));
            continue;
        }
        for (unsigned i = 0; i < class->clients; i++) {
            const uint32_t id = new_request(e, c);
            begin_request(e, id);
            at(e, 0, id);
        }
    }
}

static void finish(struct engine *e)
{
    struct rp_replication *const out = e->out;
    double late_ns;

    account_flight(e);
    if (!e->measuring)
        e->start_ns = e->now_ns;
    out->span_ns = (double)(e->now_ns - e->start_ns);
    out->in_flight_ns = e->flight_ns;
    out->in_flight_at_end = e->in_flight;
    if (e->half_ns > e->start_ns) {
        late_ns = (double)(e->now_ns - e->half_ns);
        out->in_flight_early =
            e->flight_half_ns / (double)(e->half_ns - e->start_ns);
        out->in_flight_late =
            late_ns > 0.0 ? (e->flight_ns - e->flight_half_ns) / late_ns
                          : out->in_flight_early;
    }
    for (size_t i = 0; i < e->place_count; i++) {
        struct place *const p = &e->places[i];
        struct rp_station_stats *const s = &out->stations[p->station];

        account_place(p, e->now_ns);
        s->busy_ns += p->busy_ns;
        s->queue_ns += p->queue_ns;
        s->visits += p->visits;
    }
}

static void release(struct engine *e)
{
    rp_calendar_free(&e->calendar);
    free(e->requests);
    free(e->places);
    free(e->first_place);
    free(e->part_streams);
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
    assert(e);
    e->net = network;
    e->set = settings;
    e->out = &fresh;
    if (!make_engine(e)) {
        code = rp_fail(error, RP_ERR_MEMORY, "out of memory for a run");
    } else {
        if (settings->warm_up == 0)
            begin_measuring(e);
        start_sources(e);
        code = run(e, in_flight_max, error);
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
