/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/enginelife.h"
#include "sim/engineplain.h"
#include "sim/laws.h"
#include "sim/looping.h"

#include <assert.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* ---- Limits ---- */

enum rp_code rp_engine_check(const struct rp_network *net,
                             const struct rp_engine_settings *settings,
                             struct rp_error *error)
{
    const uint64_t copies = net->processes ? net->processes : 1;
    const uint64_t most = RP_CALENDAR_OWNER_MAX / 2;
    uint64_t in_flight = settings->in_flight_max;

    for (size_t i = 0; i < net->class_count; i++)
        if (net->classes[i].source == RP_SOURCE_CLOSED)
            in_flight += net->classes[i].clients;
    if (settings->requests == 0 && !(settings->duration_ns > 0.0))
        return rp_fail(error, RP_ERR_VALUE,
                       "a run needs a number of requests or a duration");
    if (in_flight > most || net->class_count > 1000 ||
        net->station_count * copies > most / 2)
        return rp_fail(error, RP_ERR_VALUE,
                       "at most %llu requests in flight, 1000 classes and "
                       "%llu stations in all processes can be simulated",
                       (unsigned long long)most, (unsigned long long)most / 2);
    return RP_OK;
}

/* ---- Places ---- */

static bool make_place(struct rp_place *place, const struct rp_station *s,
                       uint32_t station)
{
    *place =
        (struct rp_place){.servers = s->servers,
                          .queue_max = s->queue_max,
                          .station = station,
                          .due_ns = UINT64_MAX,
                          .has_choice = s->discipline == RP_DISCIPLINE_RANDOM ||
                                        s->discipline == RP_DISCIPLINE_PRIORITY,
                          .quantum_ns = s->quantum_ns};
    if (s->discipline == RP_DISCIPLINE_PRIORITY) {
        place->queues = malloc(RP_PRIORITIES * sizeof *place->queues);
        for (size_t i = 0; place->queues && i < RP_PRIORITIES; i++)
            place->queues[i] = (struct rp_queue){RP_NOBODY, RP_NOBODY};
        return place->queues != NULL;
    }
    if (s->discipline == RP_DISCIPLINE_SHARING) {
        place->sharing = calloc(1, sizeof *place->sharing);
        if (place->sharing)
            place->sharing->servers = s->servers;
        return place->sharing != NULL;
    }
    return true;
}

static bool make_places(struct rp_engine *e)
{
    const struct rp_network *const net = e->net;
    size_t next = 0;
    bool made = true;

    for (size_t i = 0; i < net->station_count; i++)
        e->place_count += net->stations[i].in_process ? e->process_count : 1;
    e->places = calloc(e->place_count + 1, sizeof *e->places);
    e->first_place = calloc(net->station_count + 1, sizeof *e->first_place);
    if (!e->places || !e->first_place)
        return false;
    for (size_t i = 0; i < net->station_count; i++) {
        const struct rp_station *const s = &net->stations[i];
        const unsigned copies = s->in_process ? e->process_count : 1;

        e->first_place[i] = next;
        for (unsigned k = 0; k < copies; k++, next++) {
            made &= make_place(&e->places[next], s, (uint32_t)i);
            e->places[next].index = (uint32_t)next;
        }
    }
    for (size_t i = 0; i < net->station_count; i++)
        if (net->stations[i].discipline == RP_DISCIPLINE_SHARING)
            e->shared_count = (uint32_t)e->place_count;
    e->first_shared = e->first_source - e->shared_count;
    return made;
}

/* ---- Programs ---- */

static struct rp_stream stream_of(const struct rp_engine *e, size_t class_index,
                                  uint64_t purpose)
{
    return rp_stream_make(e->set->seed, e->set->replication,
                          (uint32_t)class_index, purpose);
}

static bool has_station(const struct rp_network_step *step)
{
    switch (step->op) {
    case RP_NETWORK_TAKE:
    case RP_NETWORK_GIVE:
    case RP_NETWORK_SERVE:
    case RP_NETWORK_CALLBACK:
    case RP_NETWORK_PASS:
        return true;
    case RP_NETWORK_RUN:
        return step->station != RP_NO_STATION;
    case RP_NETWORK_ARRIVE:
    case RP_NETWORK_CHOOSE:
    case RP_NETWORK_HOLD:
    case RP_NETWORK_SPLIT:
    case RP_NETWORK_ANSWER:
    case RP_NETWORK_END:
    case RP_NETWORK_POLL:
    case RP_NETWORK_DISPATCH:
    case RP_NETWORK_ALARM:
        break;
    }
    return false;
}

/* A process that queues for it is not idle. */
static void mark_cores(struct rp_engine *e, size_t station)
{
    const unsigned copies =
        e->net->stations[station].in_process ? e->process_count : 1;

    for (unsigned k = 0; k < copies; k++)
        e->places[e->first_place[station] + k].is_cores = true;
}

/* Who waits for it has to be woken. */
static void mark_lock(struct rp_engine *e, size_t station)
{
    const unsigned copies =
        e->net->stations[station].in_process ? e->process_count : 1;

    for (unsigned k = 0; k < copies; k++)
        e->places[e->first_place[station] + k].is_lock =
            e->net->runtime.handover_ns > 0.0;
}

static void make_step(struct rp_engine *e, size_t class_index, size_t index)
{
    const struct rp_network_step *const step = &e->net->steps[index];
    struct rp_instruction *const to = &e->program[index];

    *to = (struct rp_instruction){.op = (uint8_t)step->op,
                                  .wake = (uint8_t)step->wake,
                                  .part_count = (uint16_t)step->part_count,
                                  .draws = e->draws + step->first_part};
    if (step->op == RP_NETWORK_RUN && step->station != RP_NO_STATION &&
        step->station != step[-1].station)
        mark_lock(e, step->station);
    if (step->op == RP_NETWORK_RUN && step[-1].op == RP_NETWORK_TAKE)
        mark_cores(e, step[-1].station);
    if (has_station(step)) {
        to->place = &e->places[e->first_place[step->station]];
        to->in_process =
            e->net->stations[step->station].in_process && e->process_count > 1;
    }
    for (size_t k = 0; k < step->part_count; k++) {
        const struct rp_part *const part = &e->net->parts[step->first_part + k];

        to->draws[k] = (struct rp_draw){
            .first = rp_lookahead_at(stream_of(e, class_index, part->purpose)),
            .sampler = part->sampler,
            .kind = part->kind,
            .by_level = part->by_level,
            .is_own = part->is_own,
            .is_waking = part->is_waking,
            .at = part->at,
            .slope = part->slope};
        e->sources[class_index].by_level |= part->by_level;
    }
}

/* What is held at each step of a class: the takes that were not given back. */
static void note_holdings(struct rp_engine *e, const struct rp_class *c,
                          uint32_t *used, uint32_t *open)
{
    uint32_t depth = 0;

    for (size_t i = 0; i < c->step_count; i++) {
        const uint32_t index = (uint32_t)(c->first_step + i);
        const struct rp_network_step *const step = &e->net->steps[index];

        e->holdings[index] = (struct rp_holding){depth, *used};
        memcpy(e->held + *used, open, depth * sizeof *open);
        *used += depth;
        if (step->op == RP_NETWORK_TAKE)
            open[depth++] = index;
        if (step->op == RP_NETWORK_GIVE) {
            uint32_t at = depth;
            while (e->net->steps[open[at - 1]].station != step->station)
                at--;
            memmove(open + at - 1, open + at, (depth - at) * sizeof *open);
            depth--;
        }
    }
}

/* The room that note_holdings() needs: the depths of all steps. */
static size_t total_depth(const struct rp_network *net)
{
    size_t total = 0, depth = 0;

    for (size_t i = 0; i < net->step_count; i++) {
        total += depth;
        depth += net->steps[i].op == RP_NETWORK_TAKE;
        depth -= net->steps[i].op == RP_NETWORK_GIVE;
    }
    return total;
}

static bool make_holdings(struct rp_engine *e)
{
    const struct rp_network *const net = e->net;
    uint32_t *const open = calloc(net->step_count + 1, sizeof *open);
    uint32_t used = 0;

    e->holdings = calloc(net->step_count + 1, sizeof *e->holdings);
    e->held = calloc(total_depth(net) + 1, sizeof *e->held);
    if (open && e->holdings && e->held)
        for (size_t i = 0; i < net->class_count; i++)
            note_holdings(e, &net->classes[i], &used, open);
    free(open);
    return open && e->holdings && e->held;
}

static struct rp_source make_source(const struct rp_engine *e,
                                    size_t class_index)
{
    const struct rp_class *const c = &e->net->classes[class_index];
    struct rp_source s = {
        .levels = rp_lookahead_at(stream_of(
            e, class_index, rp_stream_purpose("request", "level", 0))),
        .arrivals = rp_arrivals_start(
            &c->arrivals,
            stream_of(e, class_index, rp_stream_purpose("source", "gap", 0)),
            stream_of(e, class_index, rp_stream_purpose("source", "phase", 0))),
        .choices = rp_lookahead_at(
            stream_of(e, class_index, rp_stream_purpose("source", "class", 0))),
        .backoffs = stream_of(e, class_index,
                              rp_stream_purpose("request", "backoff", 0)),
        .backoff = c->backoff,
        .closed = c->source == RP_SOURCE_CLOSED,
        .first_class = (uint16_t)class_index,
        .owner = rp_life_owner_of(class_index),
        .first_step = e->program + c->first_step,
        .end_step = e->program + c->first_step + c->step_count,
        .stay_step = e->program + (c->stay_step < e->net->step_count
                                       ? c->stay_step
                                       : e->net->step_count),
        .stats = &e->out->classes[class_index],
        .priority = c->priority,
        .retries = c->retries,
        .patience_ns = c->patience_ns};

    size_t arrive = c->first_step;

    while (e->net->steps[arrive].op != RP_NETWORK_ARRIVE)
        arrive++;
    s.arrive_step = e->program + arrive;
    return s;
}

/* The classes of one source know the first and the last of them. The last one
 * with a share ends at 2, beyond every number that can be drawn. */
static void join_classes(struct rp_engine *e, size_t first)
{
    const struct rp_class *const classes = e->net->classes;
    size_t last = first, end = first + 1;
    double sum = classes[first].share, part = 0.0;

    for (; end < e->net->class_count && classes[end].source == RP_SOURCE_SHARED;
         end++)
        sum += classes[end].share;
    for (size_t i = first; i < end; i++)
        if (classes[i].share > 0.0)
            last = i;
    for (size_t i = first; i < end; i++) {
        part += classes[i].share;
        e->sources[i].share_end = i < last ? part / sum : 2.0;
        e->sources[i].first_class = (uint16_t)first;
        e->sources[i].is_one_of_several = end > first + 1;
        e->sources[i].closed = e->sources[first].closed;
        e->sources[i].draws_first =
            e->sources[i].is_one_of_several || e->sources[i].by_level;
    }
}

/* What an answer leaves behind. */
static void mark_answer(struct rp_engine *e, size_t c, size_t i)
{
    const struct rp_class *const class = &e->net->classes[c];
    struct rp_instruction *const step = &e->program[class->first_step + i];

    step->has_more = e->allocates || i + 1 < class->step_count;
    step->is_split = i >= 2 && step[-2].op == RP_NETWORK_SPLIT;
}

static bool make_program(struct rp_engine *e)
{
    const struct rp_network *const net = e->net;

    e->program = calloc(net->step_count + 1, sizeof *e->program);
    e->draws = calloc(net->part_count + 1, sizeof *e->draws);
    e->sources = calloc(net->class_count, sizeof *e->sources);
    if (!e->program || !e->draws || !e->sources)
        return false;
    for (size_t c = 0; c < net->class_count; c++) {
        e->sources[c] = make_source(e, c);
        for (size_t i = 0; i < net->classes[c].step_count; i++) {
            make_step(e, c, net->classes[c].first_step + i);
            mark_answer(e, c, i);
        }
    }
    for (size_t c = 0; c < net->class_count; c++)
        if (net->classes[c].source != RP_SOURCE_SHARED)
            join_classes(e, c);
    rp_engine_plain_make(e);
    return make_holdings(e);
}

/* ---- Requests and results ---- */

static bool takes_turns(const struct rp_network *net)
{
    if (net->runtime.switch_ns > 0)
        return true;
    for (size_t i = 0; i < net->station_count; i++)
        if (net->stations[i].discipline == RP_DISCIPLINE_QUANTUM)
            return true;
    return false;
}

static size_t loop_count(const struct rp_engine *e)
{
    size_t count = 0;

    for (size_t i = 0; i < e->net->station_count; i++)
        if (e->net->stations[i].discipline == RP_DISCIPLINE_LOOP)
            count += e->net->stations[i].in_process ? e->process_count : 1;
    return count;
}

/* Every process is somewhere between two collections when a run begins. */
static bool make_runtimes(struct rp_engine *e)
{
    const struct rp_runtime *const r = &e->net->runtime;
    const struct rp_stream phases =
        stream_of(e, 0, rp_stream_purpose("process", "collections", 0));

    e->notes_answers = e->set->series_capacity > 0 || e->set->batches;
    e->picks = stream_of(e, 0, rp_stream_purpose("queue", "pick", 0));
    e->allocates = r->full.every > 0.0 || r->full.every_crowded > 0.0;
    e->runtimes = calloc(e->process_count, sizeof *e->runtimes);
    for (unsigned i = 0; e->runtimes && i < e->process_count; i++) {
        e->runtimes[i].full = rp_uniform_of(rp_stream_word(phases, i, 0));
    }
    return e->runtimes != NULL;
}

static bool make_output(struct rp_engine *e)
{
    struct rp_replication *const out = e->out;

    out->response = calloc(1, sizeof *out->response);
    out->stations = calloc(e->net->station_count + 1, sizeof *out->stations);
    out->classes = calloc(e->net->class_count, sizeof *out->classes);
    out->class_count = e->net->class_count;
    out->station_count = e->net->station_count;
    if (!out->response || !out->stations || !out->classes)
        return false;
    for (size_t i = 0; i < e->net->class_count; i++) {
        out->classes[i].response = calloc(1, sizeof *out->response);
        if (!out->classes[i].response)
            return false;
    }
    return true;
}

/* What only some networks keep of their requests. */
static bool make_beside(struct rp_engine *e, size_t room)
{
    const bool turns = takes_turns(e->net);
    const bool loses = e->net->runtime.displaced > 0.0;

    if (turns)
        e->turns = calloc(room, sizeof *e->turns);
    if (loses)
        e->footprints = calloc(room, sizeof *e->footprints);
    return (e->turns || !turns) && (e->footprints || !loses);
}

static bool grow_beside(struct rp_engine *e, uint32_t had, uint32_t wanted)
{
    if (e->turns) {
        struct rp_turn *const turns = realloc(e->turns, wanted * sizeof *turns);

        if (!turns)
            return false;
        memset(turns + had, 0, (wanted - had) * sizeof *turns);
        e->turns = turns;
    }
    if (e->footprints) {
        struct rp_footprint *const footprints =
            realloc(e->footprints, wanted * sizeof *footprints);

        if (!footprints)
            return false;
        memset(footprints + had, 0, (wanted - had) * sizeof *footprints);
        e->footprints = footprints;
    }
    return true;
}

static_assert(sizeof(struct rp_request) == 64,
              "a request is one line of the cache");

bool rp_engine_make(struct rp_engine *e)
{
    size_t room = RP_FIRST_ROOM;

    e->process_count = e->net->processes ? e->net->processes : 1;
    room += 2 * loop_count(e);
    for (size_t i = 0; i < e->net->class_count; i++)
        if (e->net->classes[i].source == RP_SOURCE_CLOSED)
            room += e->net->classes[i].clients;
    e->first_source = RP_CALENDAR_OWNER_MAX - (uint32_t)e->net->class_count + 1;
    e->free_head = e->ready_head = e->ready_tail = RP_NOBODY;
    e->request_capacity = (uint32_t)room;
    e->requests =
        aligned_alloc(sizeof *e->requests, room * sizeof *e->requests);
    rp_ziggurat_make(&e->ziggurat);
    return make_runtimes(e) && e->requests && make_beside(e, room) &&
           rp_fewest_init(&e->in_process, e->process_count) && make_output(e) &&
           make_places(e) && make_program(e) && rp_looping_make(e) &&
           rp_calendar_init(&e->calendar,
                            room + e->net->class_count + e->place_count);
}

bool rp_engine_grow(struct rp_engine *e)
{
    const uint32_t had = e->request_capacity, wanted = 2 * had;
    struct rp_request *const requests =
        aligned_alloc(sizeof *requests, wanted * sizeof *requests);

    if (!requests)
        return false;
    memcpy(requests, e->requests, had * sizeof *requests);
    free(e->requests);
    e->requests = requests;
    e->request_capacity = wanted;
    return grow_beside(e, had, wanted);
}

/* ---- Stages ---- */

void rp_engine_measure(struct rp_engine *e)
{
    const struct rp_engine_settings *const set = e->set;
    struct rp_replication *const out = e->out;

    e->stage = RP_FIRST_HALF;
    e->start_ns = e->now_ns;
    e->arrivals = e->answers = 0;
    e->ends_left = (set->requests + 1) / 2;
    if (set->requests == 0)
        e->stage_ns = e->now_ns + rp_to_ns(0.5 * set->duration_ns);
    for (size_t i = 0; i < e->place_count; i++) {
        struct rp_place *const p = &e->places[i];
        p->busy_area = rp_area_from(p->busy, e->now_ns);
        p->queue_area = rp_area_from(p->waiting, e->now_ns);
        p->visits = 0;
    }
    e->flight_area = rp_area_from(e->in_flight, e->now_ns);
    for (unsigned i = 0; i < e->process_count; i++)
        for (size_t k = 0; k < RP_ADDED_KINDS; k++)
            e->runtimes[i].added_ns[k] = 0.0;
    rp_laws_begin(e);
    if (set->batches)
        rp_batches_begin(set->batches, e->now_ns);
    for (size_t i = 0; i < out->class_count; i++) {
        struct rp_class_stats *const c = &out->classes[i];
        struct rp_histogram *const response = c->response;
        *response = (struct rp_histogram){0};
        *c = (struct rp_class_stats){.response = response};
    }
}

static void begin_second_half(struct rp_engine *e)
{
    const struct rp_engine_settings *const set = e->set;

    e->stage = RP_SECOND_HALF;
    e->half_ns = e->now_ns;
    e->flight_half_ns = rp_area_until(e->flight_area, e->in_flight, e->now_ns);
    e->ends_left = set->requests / 2;
    if (set->requests == 0)
        e->stage_ns = e->start_ns + rp_to_ns(set->duration_ns);
    else if (e->ends_left == 0)
        e->done = true; /* a single request has no second half */
}

void rp_engine_next_stage(struct rp_engine *e)
{
    switch (e->stage) {
    case RP_WARMING_UP:
        rp_engine_measure(e);
        break;
    case RP_FIRST_HALF:
        begin_second_half(e);
        break;
    case RP_SECOND_HALF:
    case RP_OVER:
        e->stage = RP_OVER;
        e->done = true;
        break;
    }
    if (e->stage_ns < e->watch_ns)
        e->watch_ns = e->stage_ns;
}

/* ---- The end ---- */

/* The mean number in flight in each half of the measured time. */
static void split_flight(const struct rp_engine *e, struct rp_replication *out)
{
    const double early_ns = rp_to_double(e->half_ns - e->start_ns);
    const double late_ns = rp_to_double(e->now_ns - e->half_ns);

    if (e->stage == RP_FIRST_HALF || !(early_ns > 0.0))
        return;
    out->in_flight_early = e->flight_half_ns / early_ns;
    out->in_flight_late =
        late_ns > 0.0 ? (out->in_flight_ns - e->flight_half_ns) / late_ns
                      : out->in_flight_early;
}

/* What was added to code, where the network wants to know it. */
static void add_added(const struct rp_engine *e)
{
    for (size_t kind = 0; kind < e->net->kind_count; kind++)
        for (unsigned k = 0; k < RP_ADDED_KINDS; k++) {
            if (strcmp(e->net->kinds[kind], rp_added_name((enum rp_added)k)) !=
                0)
                continue;
            for (unsigned i = 0; i < e->process_count; i++)
                e->out->kind_ns[kind] += e->runtimes[i].added_ns[k];
        }
}

void rp_engine_finish(struct rp_engine *e)
{
    struct rp_replication *const out = e->out;

    if (e->stage == RP_WARMING_UP) /* it overflowed before anything counted */
        rp_engine_measure(e);
    out->answered = e->answers;
    out->arrived = e->arrivals;
    out->span_ns = rp_to_double(e->now_ns - e->start_ns);
    out->in_flight_ns = rp_area_until(e->flight_area, e->in_flight, e->now_ns);
    out->in_flight_at_end = e->in_flight;
    out->events = e->calendar.sequence;
    split_flight(e, out);
    for (size_t i = 0; i < e->place_count; i++) {
        const struct rp_place *const p = &e->places[i];
        struct rp_station_stats *const s = &out->stations[p->station];

        s->busy_ns += rp_area_until(p->busy_area, p->busy, e->now_ns);
        s->queue_ns += rp_area_until(p->queue_area, p->waiting, e->now_ns);
        s->visits += p->visits;
    }
    for (size_t i = 0; i < out->class_count; i++) {
        out->response_ns += out->classes[i].response_ns;
        rp_histogram_merge(out->response, out->classes[i].response);
    }
    for (size_t i = 0; i < e->net->part_count; i++)
        out->kind_ns[e->draws[i].kind] += e->draws[i].drawn_ns;
    add_added(e);
    rp_laws_serve(e);
    assert(e->out_of_memory || rp_laws_hold(e));
}

void rp_engine_release(struct rp_engine *e)
{
    for (size_t i = 0; e->places && i < e->place_count; i++) {
        free(e->places[i].queues);
        if (e->places[i].sharing)
            rp_sharing_free(e->places[i].sharing);
        free(e->places[i].sharing);
    }
    for (size_t i = 0; e->sources && i < e->net->class_count; i++)
        rp_deadlines_free(&e->sources[i].deadlines);
    rp_calendar_free(&e->calendar);
    free(e->requests);
    free(e->turns);
    free(e->footprints);
    free(e->places);
    free(e->first_place);
    free(e->program);
    free(e->holdings);
    free(e->held);
    free(e->draws);
    free(e->sources);
    rp_fewest_free(&e->in_process);
    free(e->runtimes);
    free(e->loops);
    free(e->loop_program);
}

/* ---- All ---- */

enum rp_code rp_engine_run(const struct rp_network *network,
                           const struct rp_engine_settings *settings,
                           struct rp_replication *replication,
                           struct rp_error *error)
{
    struct rp_replication fresh = {.answered = 0};
    struct rp_engine *e = NULL;
    enum rp_code code = rp_network_check(network, error);

    if (!code)
        code = rp_engine_check(network, settings, error);
    if (code)
        return code;
    e = calloc(1, sizeof *e);
    if (!e)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for a run");
    e->net = network;
    e->set = settings;
    e->out = &fresh;
    if (!rp_engine_make(e)) {
        code = rp_fail(error, RP_ERR_MEMORY, "out of memory for a run");
    } else {
        code = rp_engine_go(e, error);
        if (!code)
            rp_engine_finish(e);
    }
    rp_engine_release(e);
    free(e);
    if (code)
        rp_replication_free(&fresh);
    else
        *replication = fresh;
    return code;
}
