/**
 * Lives: what one request went through, from its arrival to its answer.
 *
 * The simulator follows a request and writes down every stretch of its time:
 * code, waits, queues, and how long it had a server of which place. Reports
 * show it as text, or as a trace for a viewer. Instants are virtual time of the
 * run, in nanoseconds.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MODEL_LIFE_H
#define RP_MODEL_LIFE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a request can be doing, in one list; HOLDS goes on beside the others. */
#define RP_STRETCH_LIST(X)                                                     \
    X(RP_STRETCH_CLIENT, "client's own time", "before it asks")                \
    X(RP_STRETCH_QUEUES, "queues for", "a place has no server free")           \
    X(RP_STRETCH_RUNS, "runs", "code of it runs")                              \
    X(RP_STRETCH_WAITS, "waits", "for something outside, such as a database")  \
    X(RP_STRETCH_HOLDS, "holds", "it has a server of a place")                 \
    X(RP_STRETCH_LEAVES, "leaves", "its patience is over; takes no time")      \
    X(RP_STRETCH_TURNED_AWAY, "is turned away by",                             \
      "the queue is full; takes no time")                                      \
    X(RP_STRETCH_PAUSES, "pauses", "before the next attempt")

#define RP_STRETCH_AS_ENUM(kind, name, meaning) kind,
enum rp_stretch_kind { RP_STRETCH_LIST(RP_STRETCH_AS_ENUM) };
#undef RP_STRETCH_AS_ENUM

/** The word of a kind; static storage. */
const char *rp_stretch_name(enum rp_stretch_kind kind);

enum { RP_LIFE_NAME_SIZE = 80, RP_LIFE_REASON_SIZE = 240 };

/** A stretch that is at no place. */
#define RP_NO_PLACE SIZE_MAX

struct rp_stretch {
    enum rp_stretch_kind kind;
    size_t place; /* QUEUES, HOLDS, LEAVES, TURNED_AWAY, RUNS where the place
                     shares its servers; else RP_NO_PLACE */
    uint64_t from_ns, to_ns;
    bool is_brief;                    /* HOLDS: for a single stretch of code */
    char reason[RP_LIFE_REASON_SIZE]; /* the step that is behind it */
};

enum rp_ending { RP_ENDING_ANSWERED, RP_ENDING_GIVEN_UP, RP_ENDING_UNFINISHED };

struct rp_life {
    char scenario[RP_LIFE_NAME_SIZE];
    char class_name[RP_LIFE_NAME_SIZE];
    uint64_t number; /* of the request, from 1 */
    uint64_t seed;
    unsigned process; /* that served it last, from 0 */
    unsigned attempts;
    enum rp_ending ending;
    uint64_t begun_ns;   /* its client begins to think, or it arrives */
    uint64_t arrived_ns; /* its first attempt */
    uint64_t ended_ns;   /* unfinished: the last that was seen of it */
    size_t place_count;
    char (*places)[RP_LIFE_NAME_SIZE]; /* owned; their names */
    size_t stretch_count, stretch_capacity;
    struct rp_stretch *stretches; /* owned; in the order of their beginning */
    bool out_of_memory;
};

/** Append a stretch that begins and ends at `at_ns`, for the caller to fill in;
 * NULL when memory is short, which the life remembers. */
struct rp_stretch *rp_life_add(struct rp_life *life, enum rp_stretch_kind kind,
                               size_t place, uint64_t at_ns);

/** Harmless on a zeroed or freed life. */
void rp_life_free(struct rp_life *life);

#endif
