/**
 * The store: what was computed, kept in one file of SQLite.
 *
 * A sweep is one start of a command that asks for many points; a point is one
 * question (scenario, profile, reader, seed) and its answer. Every answer is
 * kept with where it comes from as soon as it is there, in a transaction of its
 * own, so a process that is killed loses what it was working at and no more. A
 * question that was answered before is not answered again: the point then
 * refers to the answer that is there.
 *
 * The file is in write-ahead mode and its commits do not wait for the disk:
 * whatever happens to processes, nothing is lost. A machine that loses its
 * power may lose the last points of sweeps that were running, never more, and
 * the file stays whole; a sweep that has ended is on the disk. Several
 * processes may use one file at a time: who writes waits for its turn.
 *
 * Not for threads: one store is used by one thread at a time.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_PLAN_STORE_H
#define RP_PLAN_STORE_H

#include "model/error.h"
#include "plan/fingerprint.h"

#include <stdbool.h>
#include <stdint.h>

enum rp_store_mode {
    RP_STORE_READ,  /* it has to be there; it is not written to */
    RP_STORE_WRITE, /* it is made where it is not there */
};

/** Incomplete: what is open, and prepared statements. */
struct rp_store;

/**
 * Open a store. One of an older schema is brought up to date, in one
 * transaction, whatever the mode.
 *
 * @return RP_ERR_IO (not there, cannot be read or written), RP_ERR_VALUE (no
 *         store, or one of a newer schema), RP_ERR_MEMORY; the file is then as
 *         it was
 */
RP_CHECKED enum rp_code rp_store_open(const char *path, enum rp_store_mode mode,
                                      struct rp_store **store,
                                      struct rp_error *error);

/** Harmless on NULL. */
void rp_store_close(struct rp_store *store);

/* ---- Sweeps ---- */

/** A sweep. Texts are borrowed when it is begun. */
struct rp_store_sweep {
    int64_t id;                 /* 1 ..; never used twice */
    const char *command;        /* "whatif" */
    const char *command_line;   /* as it was started */
    const char *question;       /* fingerprint of all that it asks: the same
                                   question goes on where this one was */
    const char *program;        /* "reqpath 0.1.0" */
    const char *host;           /* where it was begun */
    int64_t begun_ms, ended_ms; /* since 1970; 0: it has not ended */
    uint64_t wanted;            /* points that it is of */
    uint64_t there;             /* points that it has, now */
};

/** A new sweep; its `id`, `ended_ms` and `there` are not read. */
RP_CHECKED enum rp_code rp_store_begin(struct rp_store *store,
                                       const struct rp_store_sweep *sweep,
                                       int64_t *id, struct rp_error *error);

/** The newest sweep with this question that has not ended; `*id` is 0 where
 * there is none. */
RP_CHECKED enum rp_code rp_store_unfinished(struct rp_store *store,
                                            const char *question, int64_t *id,
                                            struct rp_error *error);

/** A sweep has all of its points; what there is goes to the disk. */
RP_CHECKED enum rp_code rp_store_end(struct rp_store *store, int64_t id,
                                     int64_t when_ms, struct rp_error *error);

/* ---- Points ---- */

/** All that an answer depends on. Same question, same bytes. */
struct rp_store_question {
    const char *scenario_name; /* for people: not in the key */
    const char *scenario_text; /* canonical (model/edit.h) */
    const char *profile_name;  /* for people: not in the key; NULL: none */
    const char *profile_hash;  /* fingerprint of its text; NULL: none */
    const char *reader;        /* "simulate" with its options */
    uint64_t seed;
    const char *program; /* version of what answers */
};

/** The key of a question; returns `key`. */
const char *rp_store_key(const struct rp_store_question *question,
                         char key[RP_FINGERPRINT_TEXT_SIZE]);

/** An answer. */
struct rp_store_answer {
    int64_t id;
    char *text; /* owned; NULL: there is none */
};

/** The newest answer to a question, of whatever sweep. */
RP_CHECKED enum rp_code rp_store_find(struct rp_store *store, const char *key,
                                      struct rp_store_answer *answer,
                                      struct rp_error *error);

/** Where an answer comes from, besides its question. */
struct rp_store_origin {
    const char *host;
    int64_t when_ms; /* since 1970 */
    double seconds;  /* that it took */
};

/**
 * Keep an answer as point `place` of a sweep; where the sweep has that point
 * already, nothing happens.
 *
 * @return RP_ERR_IO: the disk is full, ...; what was kept before is still there
 */
RP_CHECKED enum rp_code rp_store_put(struct rp_store *store, int64_t sweep,
                                     uint64_t place,
                                     const struct rp_store_question *question,
                                     const struct rp_store_origin *origin,
                                     const char *text, struct rp_error *error);

/** Point `place` of a sweep is an answer that was found. */
RP_CHECKED enum rp_code rp_store_refer(struct rp_store *store, int64_t sweep,
                                       uint64_t place, int64_t answer,
                                       struct rp_error *error);

#endif
