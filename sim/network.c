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

static void close_parts(struct rp_network *network, enum rp_network_op op,
                        size_t station)
{
    const size_t count = network->open_parts;

    if (count == 0)
        return;
    add_step(network,
             (struct rp_network_step){.op = op,
                                      .station = station,
                                      .first_part = network->part_count - count,
                                      .part_count = count});
    network->open_parts = 0;
}

void rp_network_hold(struct rp_network *network)
{
    close_parts(network, RP_NETWORK_HOLD, 0);
}

void rp_network_serve(struct rp_network *network, size_t station)
{
    close_parts(network, RP_NETWORK_SERVE, station);
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
    bool arrived, chose, entered, answered;
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

static bool pauses(const struct rp_class *class)
{
    return class->retries > 0 && class->backoff.mean_ns > 0.0;
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

static bool takes_time(const struct rp_part *part)
{
    if (!part->by_level)
        return part->sampler.mean_ns > 0.0;
    for (size_t i = 0; i < RP_LEVEL_COUNT; i++)
        if (part->at[i] > 0.0)
            return true;
    return false;
}

static enum rp_code check_hold(struct walk *w,
                               const struct rp_network_step *step)
{
    if (step->part_count > RP_HOLD_PARTS_MAX)
        return rp_fail(w->error, RP_ERR_VALUE,
                       "class \"%s\" holds for %zu parts at a time, at most %d "
                       "are possible",
                       w->class->name, step->part_count, RP_HOLD_PARTS_MAX);
    for (size_t i = 0; i < step->part_count; i++)
        w->spends_time |= takes_time(&w->network->parts[step->first_part + i]);
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

static enum rp_code check_step(struct walk *w,
                               const struct rp_network_step *step)
{
    if (w->answered)
        return rp_fail(w->error, RP_ERR_VALUE,
                       "class \"%s\" has a step after its answer",
                       w->class->name);
    if (step->station >= w->network->station_count &&
        (step->op == RP_NETWORK_TAKE || step->op == RP_NETWORK_GIVE ||
         step->op == RP_NETWORK_SERVE))
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
    case RP_NETWORK_ANSWER:
        w->answered = true;
        return w->arrived ? RP_OK
                          : rp_fail(w->error, RP_ERR_VALUE,
                                    "class \"%s\" answers before it arrives",
                                    w->class->name);
    }
    return RP_OK;
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
    for (size_t i = 0; i < net->station_count; i++)
        if (w->held[i] > 0)
            return rp_fail(w->error, RP_ERR_VALUE,
                           "class \"%s\" never gives \"%s\" back",
                           w->class->name, net->stations[i].name);
    if (w->class->source == RP_SOURCE_CLOSED && !w->spends_time)
        return rp_fail(w->error, RP_ERR_VALUE,
                       "clients of class \"%s\" spend no time anywhere: they "
                       "would ask for ever at one instant; give a hold a mean",
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

static enum rp_code check_station(const struct rp_station *s,
                                  struct rp_error *error)
{
    if (s->servers == 0)
        return rp_fail(error, RP_ERR_VALUE, "station \"%s\" has no server",
                       s->name);
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
        code = check_station(&network->stations[i], error);
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
