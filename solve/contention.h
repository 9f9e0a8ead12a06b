/**
 * Contention: where a request can have to wait at all.
 *
 * A place that is taken only inside of others never sees more requests than
 * those let through: a GIL that one loop alone asks for is never waited for,
 * nor are four cores by three processes. Such places have a utilisation but no
 * queue; the methods leave them out, and so find product form where it is.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_SOLVE_CONTENTION_H
#define RP_SOLVE_CONTENTION_H

#include "solve/demands.h"

/** Of a place. */
struct rp_contention_place {
    bool contended;   /* more can want it than it has servers */
    double most;      /* requests that can want one copy at once; INFINITY */
    unsigned sources; /* places that let them through, no place being one */
};

/** Of a visit. */
struct rp_contention_visit {
    size_t source;  /* place above it that lets the fewest through;
                       RP_VISIT_NONE: nothing does */
    double through; /* how many, to one copy of its place; INFINITY */
    size_t parent;  /* the nearest visit above it to a contended place */
    double own_ns;  /* time there and in what is not contended inside */
};

struct rp_contention {
    struct rp_contention_place *places; /* owned: one each of the demands' */
    struct rp_contention_visit *visits; /* owned */
    double delay_ns; /* per request, in no contended place; client's time apart
                      */
    double outside_ns; /* the client's own time, what of it nobody waits for,
                          less what is held after its answer */
    bool nested;       /* some is held while another is waited for */
    size_t contended;  /* how many places are */
};

/**
 * Find out.
 *
 * @param clients     in the system at once; INFINITY where an open load may
 * bring any number
 * @param contention  written on success; rp_contention_free()
 * @return RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_contention_find(const struct rp_demands *demands,
                                           double clients,
                                           struct rp_contention *contention,
                                           struct rp_error *error);

/** Harmless on a zeroed or freed one. */
void rp_contention_free(struct rp_contention *contention);

#endif
