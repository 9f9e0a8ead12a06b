/**
 * Parameters of what happens under load: what one client cannot show.
 *
 * Unit costs are what a request takes alone. These say which part of them is
 * shared when several are under way, and what comes on top. Calibration fits
 * them through the simulator, on runs with more than one client and with waits;
 * a profile without them is one of single requests.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MODEL_PARAMETER_H
#define RP_MODEL_PARAMETER_H

#include "model/scenario.h"

#include <stdbool.h>
#include <stddef.h>

/* What a parameter is counted in. */
enum rp_parameter_unit {
    RP_UNIT_TIME,     /* ns inside */
    RP_UNIT_REQUESTS, /* a number of them */
    RP_UNIT_RATIO
};

/* Name, mechanism that it belongs to, unit, meaning. */
#define RP_PARAMETER_LIST(X)                                                   \
    X(RP_PARAMETER_CLIENT, "client.service", client, RP_UNIT_TIME,             \
      "of a response, ab's own time: connecting, reading")                     \
    X(RP_PARAMETER_WAKEUP, "idle.wakeup", wakeups, RP_UNIT_TIME,               \
      "of a response, waking a process that was idle")                         \
    X(RP_PARAMETER_ITERATION, "loop.iteration", batching, RP_UNIT_TIME,        \
      "an iteration of an event loop, shared by what is ready")                \
    X(RP_PARAMETER_PIPE, "loop.wakeup", batching, RP_UNIT_TIME,                \
      "an iteration that other threads asked for, through the self-pipe")      \
    X(RP_PARAMETER_THREAD, "thread.wakeup", keeping, RP_UNIT_TIME,             \
      "of a crossing, waking a thread that has nothing to do")                 \
    X(RP_PARAMETER_HANDOVER, "gil.handover", handover, RP_UNIT_TIME,           \
      "taking the GIL after waiting for it")                                   \
    X(RP_PARAMETER_AFTER_GUNICORN, "after.gunicorn", after, RP_UNIT_TIME,      \
      "what is left when gunicorn has sent the response")                      \
    X(RP_PARAMETER_AFTER_GTHREAD, "after.gthread", after, RP_UNIT_TIME,        \
      "the same, gunicorn gthread")                                            \
    X(RP_PARAMETER_AFTER_RUNSERVER, "after.runserver", after, RP_UNIT_TIME,    \
      "the same, Django's development server")                                 \
    X(RP_PARAMETER_AFTER_DAPHNE, "after.daphne", after, RP_UNIT_TIME,          \
      "the same, daphne")                                                      \
    X(RP_PARAMETER_AFTER_UVICORN, "after.uvicorn", after, RP_UNIT_TIME,        \
      "the same, uvicorn")                                                     \
    X(RP_PARAMETER_SLOWNESS, "cold.slowness", cold, RP_UNIT_RATIO,             \
      "how much longer cold code takes, by its time when warm")                \
    X(RP_PARAMETER_FADE, "cold.fade", cold, RP_UNIT_TIME,                      \
      "warm work after which a third of the coldness is left")                 \
    X(RP_PARAMETER_IDLE, "cold.idle", cold, RP_UNIT_TIME,                      \
      "time without its code, idle or not, that cools by two thirds")          \
    X(RP_PARAMETER_WAKING, "cold.waking", cold, RP_UNIT_RATIO,                 \
      "how much longer a base takes after idle time, however short")           \
    X(RP_PARAMETER_DISPLACED, "displaced.slowness", displacement,              \
      RP_UNIT_RATIO,                                                           \
      "how much longer code takes whose request's data others displaced")      \
    X(RP_PARAMETER_OTHERS, "displaced.others", displacement, RP_UNIT_TIME,     \
      "work for others that displaces two thirds of a request's data")         \
    X(RP_PARAMETER_SLACK, "timer.slack", slack, RP_UNIT_TIME,                  \
      "how late a timer is")                                                   \
    X(RP_PARAMETER_ACCEPT, "accept.gthread", acceptor, RP_UNIT_TIME,           \
      "of a response, gthread's accepting thread")                             \
    X(RP_PARAMETER_FULL_DAPHNE, "gc.every.daphne", collections,                \
      RP_UNIT_REQUESTS, "requests between full collections, one at a time")    \
    X(RP_PARAMETER_CROWDED_DAPHNE, "gc.crowded.daphne", collections,           \
      RP_UNIT_REQUESTS, "the same, very many at a time")                       \
    X(RP_PARAMETER_LENGTH_DAPHNE, "gc.length.daphne", collections,             \
      RP_UNIT_TIME, "a full collection")                                       \
    X(RP_PARAMETER_FULL_UVICORN, "gc.every.uvicorn", collections,              \
      RP_UNIT_REQUESTS, "requests between full collections, one at a time")    \
    X(RP_PARAMETER_CROWDED_UVICORN, "gc.crowded.uvicorn", collections,         \
      RP_UNIT_REQUESTS, "the same, very many at a time")                       \
    X(RP_PARAMETER_LENGTH_UVICORN, "gc.length.uvicorn", collections,           \
      RP_UNIT_TIME, "a full collection")

#define RP_PARAMETER_AS_ENUM(parameter, name, mechanism, unit, meaning)        \
    parameter,
enum rp_parameter {
    RP_PARAMETER_LIST(RP_PARAMETER_AS_ENUM) RP_PARAMETER_COUNT
};
#undef RP_PARAMETER_AS_ENUM

/** The parameters of a profile. */
struct rp_parameters {
    bool known[RP_PARAMETER_COUNT];
    double value[RP_PARAMETER_COUNT]; /* >= 0; 0 where it is not known */
    double se[RP_PARAMETER_COUNT];    /* standard error; 0: taken as given */
    double correlation[RP_PARAMETER_COUNT][RP_PARAMETER_COUNT]; /* of errors */
};

/** Words of the list; static storage. */
const char *rp_parameter_name(enum rp_parameter parameter);
const char *rp_parameter_meaning(enum rp_parameter parameter);
enum rp_parameter_unit rp_parameter_unit(enum rp_parameter parameter);

/** RP_PARAMETER_COUNT where none has that name. */
enum rp_parameter rp_parameter_parse(const char *name);

/** The parameter of work after the response of a server. */
enum rp_parameter rp_parameter_after(enum rp_server_kind server);

/** Whether the mechanism that a parameter belongs to is at work. */
bool rp_parameter_is_on(const struct rp_mechanisms *mechanisms,
                        enum rp_parameter parameter);

/** A parameter's value; 0 where it is not known, or its mechanism is off. */
double rp_parameter_at_work(const struct rp_parameters *parameters,
                            const struct rp_mechanisms *mechanisms,
                            enum rp_parameter parameter);

/** True where any is known. */
bool rp_parameters_any(const struct rp_parameters *parameters);

#endif
