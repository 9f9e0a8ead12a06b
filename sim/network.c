/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/network.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Building ---- */

/* Room for one more element of an array that doubles. */
static bool make_room(struct rp_network *network, void *array_pointer,
                      size_t count, size_t size)
{
    void **const array = array_pointer;
    void *larger;

    if (count & (count - 1) && count > 0)
        return true;
    larger = realloc(*array, (count ? 2 * count : 1) * size);
    if (!larger) {
        network->out_of_memory = true;
        return false;
    }
    *array = larger;
    return true;
}

static void copy_name(char name[RP_STATION_NAME_SIZE], const char *text)
{
    (void)snprintf(name, RP_STATION_NAME_SIZE, "%s", text);
}

size_t rp_network_station(struct rp_network *network, const char *name,
                          unsigned servers, bool in_process)
{
    struct rp_station *s;

    if (!make_room(network, &network->stations, network->station_count,
                   sizeof *network->stations))
        return 0;
    s = &network->stations[network->station_count];
    *s = (struct rp_station){.servers = servers,
                             .in_process = in_process,
                             .queue_max = RP_QUEUE_ENDLESS};
    copy_name(s->name, name);
    return network->station_count++;
}

void rp_network_discipline(struct rp_network *network, size_t station,
                           enum rp_discipline discipline, uint64_t quantum_ns)
{
    if (station >= network->station_count)
        return;
    network->stations[station].discipline = discipline;
    network->stations[station].quantum_ns = quantum_ns;
}

void rp_network_loop(struct rp_network *network, size_t station,
                     const struct rp_loop_plan *plan)
{
    if (station >= network->station_count)
        return;
    network->stations[station].discipline = RP_DISCIPLINE_LOOP;
    network->stations[station].loop = *plan;
}

void rp_network_backlog(struct rp_network *network, size_t station,
                        uint32_t queue_max)
{
    if (station < network->station_count)
        network->stations[station].queue_max = queue_max;
}

size_t rp_network_kind(struct rp_network *network, const char *name)
{
    for (size_t i = 0; i < network->kind_count; i++)
        if (strcmp(network->kinds[i], name) == 0)
            return i;
    if (network->kind_count == RP_NETWORK_KINDS_MAX)
        return network->kind_count - 1;
    copy_name(network->kinds[network->kind_count], name);
    return network->kind_count++;
}

static void add_class(struct rp_network *network, const char *name,
                      struct rp_class class)
{
    if (!make_room(network, &network->classes, network->class_count,
                   sizeof *network->classes))
        return;
    class.share = 1.0;
    class.stay_step = RP_NO_STEP;
    class.first_step = network->step_count;
    copy_name(class.name, name);
    network->classes[network->class_count++] = class;
}

void rp_network_closed(struct rp_network *network, const char *name,
                       unsigned clients)
{
    add_class(
        network, name,
        (struct rp_class){.source = RP_SOURCE_CLOSED, .clients = clients});
}

void rp_network_open(struct rp_network *network, const char *name,
                     const struct rp_duration *gap)
{
    add_class(network, name,
              (struct rp_class){.source = RP_SOURCE_OPEN,
                                .arrivals = {.gap = rp_sampler_make(gap)}});
}

void rp_network_variant(struct rp_network *network, const char *name)
{
    add_class(network, name, (struct rp_class){.source = RP_SOURCE_SHARED});
}

static struct rp_class *last_class(struct rp_network *network)
{
    return network->class_count > 0
               ? &network->classes[network->class_count - 1]
               : NULL;
}

void rp_network_bursts(struct rp_network *network, const struct rp_mmpp *mmpp)
{
    struct rp_class *const class = last_class(network);

    if (!class)
        return;
    class->arrivals.spacing = RP_SPACING_MMPP;
    class->arrivals.mmpp = *mmpp;
}

void rp_network_curve(struct rp_network *network, const struct rp_curve *curve)
{
    struct rp_class *const class = last_class(network);

    if (!class)
        return;
    class->arrivals.spacing = RP_SPACING_CURVE;
    class->arrivals.curve = *curve;
}

void rp_network_trace(struct rp_network *network,
                      const struct rp_timestamps *trace, double speed)
{
    struct rp_class *const class = last_class(network);

    if (!class)
        return;
    class->arrivals.spacing = RP_SPACING_TRACE;
    class->arrivals.trace = trace;
    class->arrivals.trace_speed = speed;
}

void rp_network_share(struct rp_network *network, double share)
{
    if (last_class(network))
        last_class(network)->share = share;
}

void rp_network_priority(struct rp_network *network, unsigned priority)
{
    if (last_class(network))
        last_class(network)->priority = priority;
}

void rp_network_patience(struct rp_network *network, uint64_t patience_ns)
{
    if (last_class(network))
        last_class(network)->patience_ns = patience_ns;
}

void rp_network_retry(struct rp_network *network, unsigned retries,
                      const struct rp_duration *backoff)
{
    if (!last_class(network))
        return;
    last_class(network)->retries = retries;
    last_class(network)->backoff = rp_sampler_make(backoff);
}

void rp_network_stay(struct rp_network *network)
{
    if (last_class(network))
        last_class(network)->stay_step = network->step_count;
}

void rp_network_label(struct rp_network *network, size_t label)
{
    network->label = label;
}

static void add_step(struct rp_network *network, struct rp_network_step step)
{
    if (network->class_count == 0 ||
        !make_room(network, &network->steps, network->step_count,
                   sizeof *network->steps))
        return;
    step.label = network->label;
    network->steps[network->step_count++] = step;
    network->classes[network->class_count - 1].step_count++;
}

void rp_network_arrive(struct rp_network *network)
{
    add_step(network, (struct rp_network_step){.op = RP_NETWORK_ARRIVE});
}

void rp_network_choose(struct rp_network *network)
{
    add_step(network, (struct rp_network_step){.op = RP_NETWORK_CHOOSE});
}

void rp_network_take(struct rp_network *network, size_t station)
{
    add_step(network, (struct rp_network_step){.op = RP_NETWORK_TAKE,
                                               .station = station});
}

void rp_network_give(struct rp_network *network, size_t station)
{
    add_step(network, (struct rp_network_step){.op = RP_NETWORK_GIVE,
                                               .station = station});
}

void rp_network_answer(struct rp_network *network)
{
    add_step(network, (struct rp_network_step){.op = RP_NETWORK_ANSWER});
}

void rp_network_answer_in_turn(struct rp_network *network, size_t loop)
{
    add_step(network, (struct rp_network_step){.op = RP_NETWORK_SPLIT});
    rp_network_callback(network, loop, RP_WAKE_EVENT);
    rp_network_answer(network);
}

void rp_network_pass(struct rp_network *network, size_t thread)
{
    add_step(network, (struct rp_network_step){.op = RP_NETWORK_PASS,
                                               .station = thread});
}

void rp_network_end(struct rp_network *network)
{
    add_step(network, (struct rp_network_step){.op = RP_NETWORK_END});
}

static void add_part(struct rp_network *network, const struct rp_part *part)
{
    if (!make_room(network, &network->parts, network->part_count,
                   sizeof *network->parts))
        return;
    network->parts[network->part_count] = *part;
    network->parts[network->part_count++].label = network->label;
    network->open_parts++;
}

void rp_network_level(struct rp_network *network, size_t kind, double mean_ns,
                      const struct rp_spread *spread)
{
    struct rp_part part = {.kind = kind, .by_level = true};
    const size_t last = RP_LEVEL_COUNT - 1;

    for (size_t i = 0; i <= last; i++)
        part.at[i] = mean_ns * spread->multiple[i];
    for (size_t i = 0; i < last; i++)
        part.slope[i] = part.at[i + 1] - part.at[i];
    part.slope[last] = mean_ns * spread->tail;
    add_part(network, &part);
}

void rp_network_own(struct rp_network *network, size_t kind,
                    const struct rp_duration *duration, const char *purpose)
{
    const struct rp_part part = {.kind = kind,
                                 .sampler = rp_sampler_make(duration),
                                 .purpose =
                                     rp_stream_purpose("network", purpose, 0)};

    add_part(network, &part);
}

void rp_network_is_own(struct rp_network *network)
{
    if (network->open_parts > 0)
        network->parts[network->part_count - 1].is_own = true;
}

void rp_network_is_waking(struct rp_network *network)
{
    if (network->open_parts > 0)
        network->parts[network->part_count - 1].is_waking = true;
}

static void close_parts(struct rp_network *network, struct rp_network_step step)
{
    step.part_count = network->open_parts;
    if (step.part_count == 0 && step.op != RP_NETWORK_CALLBACK)
        return; /* a callback takes its turn even where it takes no time */
    step.first_part = network->part_count - step.part_count;
    add_step(network, step);
    network->open_parts = 0;
}

void rp_network_hold(struct rp_network *network)
{
    close_parts(network, (struct rp_network_step){.op = RP_NETWORK_HOLD});
}

void rp_network_serve(struct rp_network *network, size_t station)
{
    close_parts(network, (struct rp_network_step){.op = RP_NETWORK_SERVE,
                                                  .station = station});
}

void rp_network_run(struct rp_network *network, size_t lock)
{
    close_parts(network, (struct rp_network_step){.op = RP_NETWORK_RUN,
                                                  .station = lock});
}

void rp_network_callback(struct rp_network *network, size_t loop,
                         enum rp_wake wake)
{
    close_parts(network, (struct rp_network_step){.op = RP_NETWORK_CALLBACK,
                                                  .station = loop,
                                                  .wake = wake});
}

void rp_network_free(struct rp_network *network)
{
    free(network->stations);
    free(network->classes);
    free(network->steps);
    free(network->parts);
    *network = (struct rp_network){0};
}

/* ---- Checking ---- */

/* How far a program has come: what it holds, whether it arrived. */
struct walk {
    const struct rp_network *network;
    const struct rp_class *class;
    const struct rp_class *source; /* the class that it shares one with */
    unsigned *held;                /* of each station */
    size_t taken;                  /* servers that it holds */
    size_t lock; /* of the code that ran last; a core, where it had none */
    bool arrived, chose, entered, answered, ended;
    bool spends_time; /* somewhere until now */
    struct rp_error *error;
};

static enum rp_code check_give(struct walk *w, size_t station)
{
    if (w->held[station] > 0) {
        w->held[station]--;
        w->taken--;
        return RP_OK;
    }
    return rp_fail(w->error, RP_ERR_VALUE,
                   "class \"%s\" gives back a server of \"%s\" that it has "
                   "not taken",
                   w->class->name, w->network->stations[station].name);
}

/* Time is whole nanoseconds: what is shorter than half of one never passes, and
 * who spends no more than that would ask for ever at one instant. */
static bool passes(double ns)
{
    return ns >= 0.5;
}

static bool pauses(const struct rp_class *class)
{
    return class->retries > 0 && passes(class->backoff.mean_ns);
}

/* Whoever finds this queue full leaves, and a closed client begins anew. */
static enum rp_code check_backlog(const struct walk *w,
                                  const struct rp_station *s)
{
    if (s->queue_max == RP_QUEUE_ENDLESS)
        return RP_OK;
    if (!w->arrived)
        return rp_fail(
            w->error, RP_ERR_VALUE,
            "class \"%s\" can be turned away by \"%s\" before it has "
            "arrived: let it arrive first",
            w->class->name, s->name);
    if (w->source->source == RP_SOURCE_CLOSED && !w->spends_time &&
        !pauses(w->class) && w->source->clients > s->servers &&
        w->source->clients - s->servers > s->queue_max)
        return rp_fail(w->error, RP_ERR_VALUE,
                       "a client of class \"%s\" that \"%s\" turns away would "
                       "ask again at the same instant, for ever: let it think "
                       "first, or pause before it tries again",
                       w->class->name, s->name);
    return RP_OK;
}

static enum rp_code check_take(struct walk *w, size_t station)
{
    const struct rp_station *const s = &w->network->stations[station];

    if (s->discipline == RP_DISCIPLINE_LOOP)
        return rp_fail(w->error, RP_ERR_VALUE,
                       "class \"%s\" takes \"%s\", which is an event loop: a "
                       "request is a callback there, it takes none",
                       w->class->name, s->name);
    if (s->discipline == RP_DISCIPLINE_SHARING ||
        s->discipline == RP_DISCIPLINE_QUANTUM)
        return rp_fail(w->error, RP_ERR_VALUE,
                       "class \"%s\" takes \"%s\", which shares its servers: "
                       "a request is served there, it takes none",
                       w->class->name, s->name);
    w->held[station]++;
    w->taken++;
    w->entered |= s->in_process;
    if (s->in_process && !w->arrived)
        return rp_fail(w->error, RP_ERR_VALUE,
                       "class \"%s\" takes \"%s\" of a process before it has "
                       "arrived at one",
                       w->class->name, s->name);
    return check_backlog(w, s);
}

/* At the level that makes the most of it; in the mean where there is none. */
static double most_ns(const struct rp_part *part)
{
    double most = part->by_level ? 0.0 : part->sampler.mean_ns;

    for (size_t i = 0; i < RP_LEVEL_COUNT && part->by_level; i++)
        most = fmax(most, part->at[i]);
    return most;
}

static enum rp_code check_hold(struct walk *w,
                               const struct rp_network_step *step)
{
    double ns = 0.0;

    if (step->part_count > RP_HOLD_PARTS_MAX)
        return rp_fail(w->error, RP_ERR_VALUE,
                       "class \"%s\" holds for %zu parts at a time, at most %d "
                       "are possible",
                       w->class->name, step->part_count, RP_HOLD_PARTS_MAX);
    for (size_t i = 0; i < step->part_count; i++)
        ns += most_ns(&w->network->parts[step->first_part + i]);
    w->spends_time |= passes(ns);
    return RP_OK;
}

static enum rp_code check_serve(struct walk *w,
                                const struct rp_network_step *step)
{
    const struct rp_station *const s = &w->network->stations[step->station];

    if (s->discipline != RP_DISCIPLINE_SHARING &&
        s->discipline != RP_DISCIPLINE_QUANTUM)
        return rp_fail(w->error, RP_ERR_VALUE,
                       "class \"%s\" is served by \"%s\", which does not "
                       "share: it must take it and give it back",
                       w->class->name, s->name);
    if (s->in_process && !w->arrived)
        return rp_fail(w->error, RP_ERR_VALUE,
                       "class \"%s\" is served by \"%s\" of a process before "
                       "it has arrived at one",
                       w->class->name, s->name);
    w->entered |= s->in_process;
    if (check_backlog(w, s))
        return RP_ERR_VALUE;
    return check_hold(w, step);
}

static enum rp_code check_callback(struct walk *w,
                                   const struct rp_network_step *step)
{
    const struct rp_station *const s = &w->network->stations[step->station];

    if (s->discipline != RP_DISCIPLINE_LOOP)
        return rp_fail(w->error, RP_ERR_VALUE,
                       "class \"%s\" is a callback at \"%s\", which is no "
                       "event loop",
                       w->class->name, s->name);
    if (!w->arrived)
        return rp_fail(w->error, RP_ERR_VALUE,
                       "class \"%s\" is a callback at \"%s\" before it has "
                       "arrived",
                       w->class->name, s->name);
    w->entered |= s->in_process;
    return check_hold(w, step);
}

/* Who offers its lock and its core must have taken both just before. */
static enum rp_code check_run(struct walk *w,
                              const struct rp_network_step *step)
{
    const ptrdiff_t before = step - (w->network->steps + w->class->first_step);
    const bool has_core = before >= 1 && step[-1].op == RP_NETWORK_TAKE;
    const bool has_lock = has_core && before >= 2 &&
                          step[-2].op == RP_NETWORK_TAKE &&
                          step[-2].station == step->station;

    if (step->station != RP_NO_STATION && !has_lock &&
        !(has_core && step[-1].station == step->station))
        return rp_fail(w->error, RP_ERR_VALUE,
                       "class \"%s\" runs code with the lock \"%s\" that it "
                       "has not taken just before a core",
                       w->class->name,
                       w->network->stations[step->station].name);
    if (step->station != RP_NO_STATION)
        w->lock = step->station;
    return check_hold(w, step);
}

static size_t gives_after(const struct rp_network_step *step,
                          const struct rp_network_step *end)
{
    size_t count = 0;

    while (end - step > (ptrdiff_t)count + 1 &&
           step[count + 1].op == RP_NETWORK_GIVE)
        count++;
    return count;
}

static enum rp_code check_pass(const struct walk *w,
                               const struct rp_network_step *step)
{
    const struct rp_network_step *const end =
        w->network->steps + w->class->first_step + w->class->step_count;

    const size_t given = gives_after(step, end);

    if (given >= 2 && step[1].station == w->lock &&
        step[2].station == step->station)
        return RP_OK; /* there is no lock, or the core is it */
    if (given >= 3 && step[3].station == step->station)
        return RP_OK;
    return rp_fail(w->error, RP_ERR_VALUE,
                   "class \"%s\" passes \"%s\" on, but does not give a core, "
                   "a lock and it back in the three steps that follow",
                   w->class->name, w->network->stations[step->station].name);
}

static enum rp_code check_arrive(struct walk *w)
{
    if (w->arrived)
        return rp_fail(w->error, RP_ERR_VALUE, "class \"%s\" arrives twice",
                       w->class->name);
    if (w->taken > 0)
        return rp_fail(w->error, RP_ERR_VALUE,
                       "class \"%s\" keeps what it took before it arrives: it "
                       "must give it back first",
                       w->class->name);
    w->arrived = true;
    return RP_OK;
}

static enum rp_code check_choose(struct walk *w)
{
    if (!w->arrived || w->chose || w->entered)
        return rp_fail(w->error, RP_ERR_VALUE,
                       "class \"%s\" must choose its process once, after it "
                       "has arrived and before it takes a station of one",
                       w->class->name);
    w->chose = true;
    return RP_OK;
}

/* The two have one record of what is held. */
static enum rp_code check_split(const struct walk *w,
                                const struct rp_network_step *step)
{
    const struct rp_network_step *const end =
        w->network->steps + w->class->first_step + w->class->step_count;

    if (w->taken > 0)
        return rp_fail(w->error, RP_ERR_VALUE,
                       "class \"%s\" answers in a turn of a loop and holds a "
                       "station meanwhile: it must give it back first",
                       w->class->name);
    if (end - step > 3 && step[1].op == RP_NETWORK_CALLBACK &&
        step[2].op == RP_NETWORK_ANSWER)
        return RP_OK;
    return rp_fail(w->error, RP_ERR_VALUE,
                   "class \"%s\" answers in a turn of a loop, and has no end",
                   w->class->name);
}

static enum rp_code check_answer(struct walk *w)
{
    if (!w->arrived)
        return rp_fail(w->error, RP_ERR_VALUE,
                       "class \"%s\" answers before it arrives",
                       w->class->name);
    if (w->answered)
        return rp_fail(w->error, RP_ERR_VALUE, "class \"%s\" answers twice",
                       w->class->name);
    w->answered = true;
    return RP_OK;
}

static enum rp_code check_step(struct walk *w,
                               const struct rp_network_step *step)
{
    if (w->ended)
        return rp_fail(w->error, RP_ERR_VALUE,
                       "class \"%s\" has a step after its end", w->class->name);
    if (step->station >= w->network->station_count &&
        (step->op == RP_NETWORK_TAKE || step->op == RP_NETWORK_GIVE ||
         step->op == RP_NETWORK_SERVE || step->op == RP_NETWORK_CALLBACK ||
         step->op == RP_NETWORK_PASS ||
         (step->op == RP_NETWORK_RUN && step->station != RP_NO_STATION)))
        return rp_fail(w->error, RP_ERR_VALUE,
                       "class \"%s\" names station %zu of %zu", w->class->name,
                       step->station, w->network->station_count);
    switch (step->op) {
    case RP_NETWORK_ARRIVE:
        return check_arrive(w);
    case RP_NETWORK_CHOOSE:
        return check_choose(w);
    case RP_NETWORK_TAKE:
        return check_take(w, step->station);
    case RP_NETWORK_GIVE:
        return check_give(w, step->station);
    case RP_NETWORK_HOLD:
        return check_hold(w, step);
    case RP_NETWORK_SERVE:
        return check_serve(w, step);
    case RP_NETWORK_RUN:
        return check_run(w, step);
    case RP_NETWORK_CALLBACK:
        return check_callback(w, step);
    case RP_NETWORK_PASS:
        return check_pass(w, step);
    case RP_NETWORK_SPLIT:
        return check_split(w, step);
    case RP_NETWORK_ANSWER:
        return check_answer(w);
    case RP_NETWORK_END:
        w->ended = true;
        return w->answered ? RP_OK
                           : rp_fail(w->error, RP_ERR_VALUE,
                                     "class \"%s\" ends before it has answered",
                                     w->class->name);
    case RP_NETWORK_POLL:
    case RP_NETWORK_DISPATCH:
    case RP_NETWORK_ALARM:
        break;
    }
    return rp_fail(w->error, RP_ERR_VALUE,
                   "class \"%s\" has a step that loops alone have",
                   w->class->name);
}

static enum rp_code check_arrivals(const struct rp_class *c,
                                   struct rp_error *error)
{
    const struct rp_arrival_plan *const plan = &c->arrivals;
    const char *key = "trace", *fault = NULL;

    switch (plan->spacing) {
    case RP_SPACING_GAPS:
        break;
    case RP_SPACING_MMPP:
        fault = rp_mmpp_fault(&plan->mmpp, &key);
        break;
    case RP_SPACING_CURVE:
        fault = rp_curve_fault(&plan->curve, &key);
        break;
    case RP_SPACING_TRACE:
        if (!(plan->trace_speed > 0.0) || plan->trace->count == 0)
            fault = "there must be requests in it, and a speed of more than 0";
        break;
    }
    return fault ? rp_fail(error, RP_ERR_VALUE, "class \"%s\": %s: %s", c->name,
                           key, fault)
                 : RP_OK;
}

static enum rp_code check_numbers(const struct rp_class *c,
                                  struct rp_error *error)
{
    if (c->priority >= RP_PRIORITIES)
        return rp_fail(error, RP_ERR_VALUE,
                       "class \"%s\" has priority %u, expected 0 .. %d",
                       c->name, c->priority, RP_PRIORITIES - 1);
    if (c->retries > RP_RETRIES_MAX)
        return rp_fail(error, RP_ERR_VALUE,
                       "class \"%s\" tries again %u times, at most %d are "
                       "possible",
                       c->name, c->retries, RP_RETRIES_MAX);
    if (c->patience_ns > RP_PATIENCE_MAX_NS)
        return rp_fail(error, RP_ERR_VALUE,
                       "class \"%s\" is patient for %.3g s, at most 30 years "
                       "are possible: 0 is for ever",
                       c->name, 1e-9 * (double)c->patience_ns);
    if (c->source == RP_SOURCE_CLOSED && c->clients == 0)
        return rp_fail(error, RP_ERR_VALUE, "class \"%s\" has no clients",
                       c->name);
    return c->source == RP_SOURCE_OPEN ? check_arrivals(c, error) : RP_OK;
}

static enum rp_code check_class(struct walk *w)
{
    const struct rp_network *const net = w->network;
    enum rp_code code = RP_OK;

    for (size_t i = 0; i < w->class->step_count && !code; i++)
        code = check_step(w, &net->steps[w->class->first_step + i]);
    if (code)
        return code;
    if (!w->answered)
        return rp_fail(w->error, RP_ERR_VALUE, "class \"%s\" never answers",
                       w->class->name);
    if (!w->ended &&
        net->steps[w->class->first_step + w->class->step_count - 1].op !=
            RP_NETWORK_ANSWER)
        return rp_fail(w->error, RP_ERR_VALUE,
                       "class \"%s\" has steps after its answer, and no end",
                       w->class->name);
    for (size_t i = 0; i < net->station_count; i++)
        if (w->held[i] > 0)
            return rp_fail(w->error, RP_ERR_VALUE,
                           "class \"%s\" never gives \"%s\" back",
                           w->class->name, net->stations[i].name);
    if (w->class->source == RP_SOURCE_CLOSED && !w->spends_time)
        return rp_fail(w->error, RP_ERR_VALUE,
                       "clients of class \"%s\" spend no time anywhere: they "
                       "would ask for ever at one instant; give a hold a "
                       "mean of a nanosecond or more",
                       w->class->name);
    return check_numbers(w->class, w->error);
}

/* The shares of a source's classes, of which `first` is the first. */
static enum rp_code check_shares(const struct rp_network *network, size_t first,
                                 struct rp_error *error)
{
    const struct rp_class *const classes = network->classes;
    double sum = 0.0;
    size_t i = first;

    do {
        if (!(classes[i].share >= 0.0 && isfinite(classes[i].share)))
            return rp_fail(error, RP_ERR_VALUE,
                           "class \"%s\" has the share %g, expected 0 or more",
                           classes[i].name, classes[i].share);
        sum += classes[i].share;
    } while (++i < network->class_count &&
             classes[i].source == RP_SOURCE_SHARED);
    if (!(sum > 0.0 && isfinite(sum)))
        return rp_fail(error, RP_ERR_VALUE,
                       "the shares of class \"%s\" and those that have its "
                       "source are all zero",
                       classes[first].name);
    return RP_OK;
}

static enum rp_code check_sources(const struct rp_network *network,
                                  struct rp_error *error)
{
    enum rp_code code = RP_OK;

    if (network->classes[0].source == RP_SOURCE_SHARED)
        return rp_fail(error, RP_ERR_VALUE,
                       "class \"%s\" is the first: there is no source that it "
                       "could share",
                       network->classes[0].name);
    for (size_t i = 0; i < network->class_count && !code; i++)
        if (network->classes[i].source != RP_SOURCE_SHARED)
            code = check_shares(network, i, error);
    return code;
}

static bool is_taken_in_turn(const struct rp_network *network, size_t station)
{
    return station < network->station_count &&
           (network->stations[station].discipline == RP_DISCIPLINE_FIFO ||
            network->stations[station].discipline == RP_DISCIPLINE_RANDOM) &&
           network->stations[station].queue_max == RP_QUEUE_ENDLESS;
}

/* A loop takes its lock and a core as requests do, and is turned away by
 * neither. */
static enum rp_code check_loop(const struct rp_network *network,
                               const struct rp_station *s,
                               struct rp_error *error)
{
    if (!is_taken_in_turn(network, s->loop.cores) ||
        (s->loop.lock != RP_NO_STATION &&
         !is_taken_in_turn(network, s->loop.lock)))
        return rp_fail(error, RP_ERR_VALUE,
                       "the loop \"%s\" needs a core, and a lock if it has "
                       "one, of stations that are taken in turn or at random",
                       s->name);
    if (s->servers != 1 || s->queue_max != RP_QUEUE_ENDLESS)
        return rp_fail(error, RP_ERR_VALUE,
                       "the loop \"%s\" has %u servers or a queue that can be "
                       "full, expected one thread that serves everybody",
                       s->name, s->servers);
    return RP_OK;
}

static enum rp_code check_station(const struct rp_network *network,
                                  const struct rp_station *s,
                                  struct rp_error *error)
{
    if (s->servers == 0)
        return rp_fail(error, RP_ERR_VALUE, "station \"%s\" has no server",
                       s->name);
    if (s->discipline == RP_DISCIPLINE_LOOP)
        return check_loop(network, s, error);
    if (s->discipline == RP_DISCIPLINE_QUANTUM && s->quantum_ns == 0)
        return rp_fail(error, RP_ERR_VALUE,
                       "station \"%s\" takes turns of no length", s->name);
    if (s->discipline == RP_DISCIPLINE_SHARING &&
        s->queue_max != RP_QUEUE_ENDLESS)
        return rp_fail(error, RP_ERR_VALUE,
                       "station \"%s\" serves all at once: it has no queue "
                       "that could be full",
                       s->name);
    return RP_OK;
}

enum rp_code rp_network_check(const struct rp_network *network,
                              struct rp_error *error)
{
    const struct rp_class *source = network->classes;
    enum rp_code code = RP_OK;
    unsigned *held;

    if (network->out_of_memory)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for a network");
    if (network->class_count == 0)
        return rp_fail(error, RP_ERR_VALUE,
                       "a network without a class has "
                       "nothing to simulate");
    for (size_t i = 0; i < network->station_count && !code; i++)
        code = check_station(network, &network->stations[i], error);
    if (!code)
        code = check_sources(network, error);
    if (code)
        return code;
    held = calloc(network->station_count + 1, sizeof *held);
    if (!held)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for a network");
    for (size_t i = 0; i < network->class_count && !code; i++) {
        const struct rp_class *const c = &network->classes[i];

        source = c->source == RP_SOURCE_SHARED ? source : c;
        code = check_class(&(struct walk){.network = network,
                                          .class = c,
                                          .source = source,
                                          .held = held,
                                          .error = error});
    }
    free(held);
    return code;
}
