/**
 * Courses: path programs made ready to be walked.
 *
 * A course is one class of requests: its program, what each step takes on one
 * request's luck, and the status of the answer at its end. Made once before the
 * server begins; all threads read the same.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MICROHANDLER_COURSE_H
#define RP_MICROHANDLER_COURSE_H

#include "microhandler/luck.h"
#include "model/route.h"

struct rp_course {
    const char *name;                 /* of the class, borrowed; "": the only */
    const struct rp_program *program; /* borrowed */
    const struct rp_prices *prices;   /* borrowed */
    const struct rp_profile *profile; /* borrowed */
    struct rp_dice *dice;             /* owned: one a step */
    double share;                     /* a weight */
    unsigned priority;
    unsigned status;   /* 200, 404 or 500 */
    enum rp_item base; /* what the server does with a request */
    double base_share; /* of its price that is the server's code: the rest is
                          the client's, and the waking, which happen */
    double after_ns;   /* mean of the work that is left after the answer */
    bool answers; /* before the steps from program->answer_step on, which go on
                     meanwhile; else at the end */
    double time_scale; /* what steps take is multiplied by, >= 0 */
};

struct rp_courses {
    size_t count;
    struct rp_course *courses; /* owned; in the order of the classes */
    size_t deepest;            /* the most brackets around a step, +1 */
};

/**
 * @param scenario, routes, profile  must outlive the courses
 * @param courses  written on success; rp_courses_free()
 * @return RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_courses_make(const struct rp_scenario *scenario,
                                        const struct rp_routes *routes,
                                        const struct rp_profile *profile,
                                        double time_scale,
                                        struct rp_courses *courses,
                                        struct rp_error *error);

/** Harmless on zeroed or freed courses. */
void rp_courses_free(struct rp_courses *courses);

/**
 * What a step takes, in nanoseconds.
 *
 * @param level  of this request, in [0, 1): all that the framework does in it
 *               is slow or fast together
 */
double rp_course_step_ns(const struct rp_course *course, size_t step,
                         double level, struct rp_luck *luck);

/** What the framework's steps behind the answer take, where the course answers
 * before them. A request that is alone takes the sum of all prices (they were
 * measured so), so this is to be burned before the answer as well. */
double rp_course_behind_ns(const struct rp_course *course, double level);

/** What is left to do when the answer has been sent, in nanoseconds. */
double rp_course_after_ns(const struct rp_course *course, double level);

/** True where code that runs there is on the way of some course. */
bool rp_courses_visit(const struct rp_courses *courses, enum rp_place place);

#endif
