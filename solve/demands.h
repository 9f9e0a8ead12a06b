/**
 * Service demands: how long a request holds which place, and inside of what.
 *
 * A path program and its prices become a tree of visits: a visit is a place
 * that is taken while the places above it are held. The rule is that of the
 * whole project: a loop is never held by a suspended request, a thread always
 * is, by everything that runs inside it. Code takes its loop, the process's GIL
 * and a core of the host, and keeps them to its next suspension or crossing.
 *
 * Everything here is a time of a request that waits for nobody: who waits for
 * what is for the methods to say (bounds.h, mva.h, layers.h). What other
 * requests make of its own costs is given (crowding.h).
 *
 * A server can have work left when it has answered. That is a demand like any
 * other, but nobody waits for its end.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_SOLVE_DEMANDS_H
#define RP_SOLVE_DEMANDS_H

#include "model/profile.h"
#include "model/route.h"
#include "model/scenario.h"
#include "solve/crowding.h"
#include "solve/stretch.h"

#include <stddef.h>

#define RP_DEMAND_NAME_SIZE 64

/** No visit around it: the request holds nothing. */
#define RP_VISIT_NONE SIZE_MAX

struct rp_demand_place {
    char name[RP_DEMAND_NAME_SIZE];
    unsigned servers;  /* of one copy; >= 1 */
    unsigned copies;   /* one a process, or one */
    bool client;       /* ab itself */
    bool shares;       /* serves all at once */
    double demand_ns;  /* held per request, what is inside included */
    double visits;     /* per request */
    double square_ns2; /* mean square of a visit's time */
};

/** When in a client's cycle. */
enum rp_phase {
    RP_PHASE_RESPONSE,
    RP_PHASE_BEFORE, /* the client's own, before it asks */
    RP_PHASE_AFTER   /* it has its answer */
};

/** A place that is taken inside of other visits. Per request, which may come
 * several times the same way. */
struct rp_visit {
    size_t place;
    size_t parent; /* an earlier visit, or RP_VISIT_NONE */
    enum rp_phase phase;
    double kept;       /* probability of having kept the place from before */
    double visits;     /* mean over classes */
    double own_ns;     /* held while in no visit inside of it */
    double hold_ns;    /* the same and all visits inside */
    double square_ns2; /* mean square of one visit's time */
};

/** What a class adds to a visit. */
struct rp_visit_share {
    double visits, own_ns;
};

struct rp_demands {
    unsigned processes;
    double think_ns; /* closed: between answer and next request */
    double alone_ns; /* response of a request that is alone */
    double delay_ns; /* of it, holding nothing that anybody waits for */
    size_t place_count, visit_count, class_count;
    struct rp_demand_place *places;  /* owned, like the others */
    struct rp_visit *visits;         /* parents before what is inside */
    struct rp_visit_share *by_class; /* [visit * class_count + class] */
    double *class_share;             /* 0..1; they add up to 1 */
    double *class_delay_ns;
    struct rp_stretch *whole; /* the response of each class, alone */
    double after_ns; /* held by visits of the response when that is over */
    /* For crowding.h: */
    ptrdiff_t loop, sensitive, gil, acceptor,
        worker;          /* places; < 0: not there */
    bool keeps;          /* a thread with more to do keeps what it has */
    double code_ns;      /* of a process, after the answer as well */
    double framework_ns; /* of that, the framework's */
    double away_ns;      /* of a response that waits for nobody, not in code */
    double turns, asked; /* callbacks of the loop; part that threads ask for */
    bool in_step;   /* all that requests wait for outside of threads is a loop's
                       timers, and always as long */
    double wakeups; /* how often a request finds an idle process */
    double alone_pause_ns; /* pauses in which nobody else can come to it */
    double coldness;       /* of the code, when a request is over */
};

/**
 * Take the demands of a scenario.
 *
 * @param routes   of the scenario, priced by `profile`
 * @param crowding  what other requests do to it
 * @param demands  written on success; rp_demands_free()
 * @return RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_demands_take(const struct rp_scenario *scenario,
                                        const struct rp_routes *routes,
                                        const struct rp_profile *profile,
                                        const struct rp_crowding *crowding,
                                        struct rp_demands *demands,
                                        struct rp_error *error);

/** Harmless on zeroed or freed demands. */
void rp_demands_free(struct rp_demands *demands);

#endif
