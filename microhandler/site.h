/**
 * The site: which request goes where.
 *
 * "/" is a request of the scenario; where it has several classes, one is drawn
 * by their shares, and "/NAME" is one of that class ("%20" for a blank).
 * "/healthz" says that the server lives, "/metrics" what it has done.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MICROHANDLER_SITE_H
#define RP_MICROHANDLER_SITE_H

#include "microhandler/course.h"
#include "microhandler/http.h"
#include "microhandler/metrics.h"
#include "microhandler/reply.h"

struct rp_site {
    const struct rp_courses *courses; /* borrowed */
    struct rp_metrics *metrics;       /* borrowed */
    uint64_t seed;
};

/** What becomes of a request. */
struct rp_visit {
    const struct rp_course *course; /* walk it; or NULL: answer at once */
    uint64_t number;                /* of the request, where it is walked */
    unsigned status;                /* where it is not */
    bool metrics;                   /* they are the answer */
    const char *allow;              /* methods, of 405 */
};

/** Where a request goes: one whose header is whole, or a bad one. Gives it a
 * number. */
struct rp_visit rp_site_visit(const struct rp_site *site,
                              const struct rp_http *http);

/** The same of a number that was given: the class that is drawn for "/". */
const struct rp_course *rp_site_draw(const struct rp_site *site,
                                     uint64_t number);

/**
 * The reply to a visit, counted.
 *
 * @param walk  that was walked for it, or NULL
 */
void rp_site_reply(const struct rp_site *site, const struct rp_visit *visit,
                   const struct rp_walk *walk, bool keeps_alive, bool head,
                   struct rp_reply *reply);

#endif
