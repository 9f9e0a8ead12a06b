/**
 * Solutions: what closed forms and mean value analysis say about a scenario.
 *
 * The solver fills one; tables and comparisons read it. Beside the figures it
 * says by which method they were had, why by that one, and how far they can be
 * trusted. Times are nanoseconds, rates per second; what could not be had is
 * NAN.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MODEL_SOLUTION_H
#define RP_MODEL_SOLUTION_H

#include "model/metric.h"

#include <stdbool.h>
#include <stddef.h>

/* Methods: enum, word, what it is and how far it goes. */
#define RP_METHOD_LIST(X)                                                      \
    X(RP_METHOD_ALONE, "alone", "nothing can be waited for: a sum of prices")  \
    X(RP_METHOD_MVA, "mva", "mean value analysis of a product-form network")   \
    X(RP_METHOD_MVA_RESIDUAL, "mva-residual",                                  \
      "mean value analysis, its service times not exponential")                \
    X(RP_METHOD_LAYERS, "layers",                                              \
      "layered mean value analysis: places that are held across others")       \
    X(RP_METHOD_MM1, "m/m/1", "one exponential server")                        \
    X(RP_METHOD_MMC, "m/m/c", "several exponential servers, Erlang C")         \
    X(RP_METHOD_MG1, "m/g/1", "one server, Pollaczek-Khinchine")               \
    X(RP_METHOD_GGC, "gi/g/c",                                                 \
      "one queue, by mean and variance of gaps and service")                   \
    X(RP_METHOD_FLOW, "flow",                                                  \
      "the whole as one server that is as fast as so many requests make it")

#define RP_METHOD_AS_ENUM(method, word, meaning) method,
enum rp_method { RP_METHOD_LIST(RP_METHOD_AS_ENUM) };
#undef RP_METHOD_AS_ENUM

/** Words of the list; static storage. */
const char *rp_method_word(enum rp_method method);
const char *rp_method_meaning(enum rp_method method);

#define RP_SOLUTION_NAME_SIZE 80
#define RP_SOLUTION_TEXT_SIZE 320

/** What no queue can leave; see solve/bounds.h. NAN: there is no such bound. */
struct rp_solution_bounds {
    double rps_low, rps_high;                   /* asymptotic */
    double balanced_rps_low, balanced_rps_high; /* of balanced jobs */
    double mean_low_ns, mean_high_ns;           /* asymptotic */
    double balanced_mean_low_ns, balanced_mean_high_ns;
};

/** One place; processes are taken together. */
struct rp_solution_place {
    char name[RP_SOLUTION_NAME_SIZE];
    unsigned servers;   /* in all processes together */
    double demand_ns;   /* it is held so long per request where nobody waits */
    double visits;      /* per request */
    bool contended;     /* so many can want it at once that some must wait */
    double utilisation; /* 0..1; held counts as busy */
    double queue_mean;  /* requests that wait for it */
    double wait_ns;     /* of a visit */
    double limit_per_s; /* throughput at which it would be always taken */
};

struct rp_solution_class {
    char name[RP_SOLUTION_NAME_SIZE];
    double rps, mean_ns, alone_ns;
};

struct rp_solution {
    char *scenario; /* owned: its name, or its file */
    enum rp_method method;
    bool exact; /* for the model, that is; else approximate */
    char why[RP_SOLUTION_TEXT_SIZE];   /* the method was chosen */
    char trust[RP_SOLUTION_TEXT_SIZE]; /* how far it can be trusted */
    double metrics[RP_METRIC_COUNT];   /* rps in 1/s, others in ns */
    double in_flight_mean;
    double alone_ns;   /* response of a request that is alone */
    double outside_ns; /* closed: a client's own time between two requests */
    struct rp_solution_bounds bounds;
    bool open;             /* the load is */
    double offered_per_s;  /* open: what arrives */
    bool saturated;        /* open: more arrives than can be served */
    double capacity_per_s; /* what can be served at most; closed: if nobody
                              waited inside */
    size_t bottleneck;     /* index of the place that sets the upper bound */
    double saturation_clients; /* closed: so many would keep it busy if nobody
                                  ever waited, N* */
    unsigned clients;          /* closed */
    size_t place_count;
    struct rp_solution_place *places; /* owned */
    size_t class_count; /* 0: the scenario has no list of classes */
    struct rp_solution_class *classes; /* owned */
    char *warnings; /* owned: what is not modelled and what lacks a price,
                       sentences, one a line; "" is none */
};

/** Harmless on a zeroed or freed solution. */
void rp_solution_free(struct rp_solution *solution);

#endif
