/**
 * Next runs under load: which there are, and what each would tell.
 *
 * What happens under load (joint.h) is shown by runs with several clients, and
 * of views that wait or burn. A candidate is a stack and a view on a target
 * with so many clients, and one that waits, or burns, or neither. Stacks whose
 * crossings are the same show the same: the shortest of them stands for all.
 *
 * What a candidate would tell are the slopes of its throughput and its
 * percentiles in the parameters, which the joint fit takes of runs that were
 * measured (rp_joint_preview()), over the noise of its median. Simulated
 * slopes have noise of their own, and who chooses the steepest of many chooses
 * noise. So each is taken twice, with other random numbers, and the harmonic
 * mean of both stands, or 0 where they disagree about the sign: that is their
 * mean, shrunk by as much as they differ.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CALIBRATE_NEXTLOAD_H
#define RP_CALIBRATE_NEXTLOAD_H

#include "calibrate/joint.h"
#include "calibrate/measured.h"

/** The longest stack of a candidate, and the most candidates under load: each
 * is simulated as often as it shows parameters. */
enum { RP_NEXT_LONGEST = 6, RP_NEXTLOAD_MAX = 1200 };

/** What can be measured: any stack and view on one server. */
struct rp_next_target {
    enum rp_server_kind server;
    unsigned threads;
    enum rp_path path;
    const char *only;  /* borrowed: the one stack that it serves; NULL: all */
    bool waits, burns; /* its views can, as a plan says it */
    struct rp_mechanisms lacking; /* true: not at work in it */
};

/** Values of a grid of loads; all borrowed. */
struct rp_nextload_grid {
    const unsigned *clients;
    size_t client_count;               /* 0: no candidate under load */
    const double *waits_ns, *works_ns; /* that are not 0, each without the
                                          other; all have also neither */
    size_t wait_count, work_count;
};

struct rp_nextload_options {
    const struct rp_next_target *targets; /* borrowed */
    size_t target_count;
    const char *letters; /* of the stacks */
    size_t longest;      /* stack, layers; <= RP_NEXT_LONGEST */
    struct rp_nextload_grid grid;
    const struct rp_config *only; /* borrowed: candidates are of these, and
                                     all stacks stand for themselves; NULL: no
                                     such list */
    size_t only_count;
    enum rp_tool tool; /* of the client */
    unsigned requests; /* of a run, but at least 20 a client */
    unsigned rounds;
};

struct rp_nextload_run {
    struct rp_config config;
    size_t target;
    unsigned requests;
    /* by metric and parameter: the slope of the metric's logarithm in that of
     * the parameter, over the standard deviation of its median */
    double slope[RP_JOINT_METRICS][RP_PARAMETER_COUNT];
    unsigned rehearsals; /* that both slopes are of; 0: not taken */
};

struct rp_nextload {
    size_t count;
    struct rp_nextload_run *runs; /* owned; stacks short before long */
    size_t longest; /* the longest of the stacks that were asked for so many
                       layers as there was room for */
    bool shown[RP_PARAMETER_COUNT]; /* by a candidate */
    double value[RP_PARAMETER_COUNT];
};

/** The word `number`, below letters^length, of `length` letters. */
void rp_next_word(const char *letters, size_t length, size_t number,
                  char word[RP_NEXT_LONGEST + 1]);

/** How many such words there are: letters^length. */
size_t rp_next_words(const char *letters, size_t length);

/**
 * A configuration of a target, on the versions of the first data set; what its
 * requests pay is filled in.
 *
 * @param has_it  written: false where the target serves another stack only, or
 *                its framework has no such stack
 * @return RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_next_config(const struct rp_measured *measured,
                                       const struct rp_next_target *target,
                                       const char *stack, bool view_async,
                                       struct rp_config *config, bool *has_it,
                                       struct rp_error *error);

/** True where the options let a configuration be a candidate: it is not
 * measured yet, and of the list if there is one. */
bool rp_next_may(const struct rp_measured *measured,
                 const struct rp_nextload_options *options,
                 const struct rp_config *config);

/**
 * Find the candidates that are not measured yet, without what they would tell.
 *
 * @param profile   servers that it has no price for have no candidates
 * @param nextload  written on success; rp_nextload_free()
 * @return RP_ERR_VALUE: stacks without layers alone are too many; RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code
rp_nextload_find(const struct rp_measured *measured,
                 const struct rp_profile *profile,
                 const struct rp_nextload_options *options,
                 struct rp_nextload *nextload, struct rp_error *error);

/** How far the median over rounds of a run would be off: relative, by situation
 * and metric. */
struct rp_nextload_noise {
    double run[RP_SITUATION_COUNT][RP_JOINT_METRICS];
    double misfit; /* beside it */
    double scale;  /* all of it, by what is found of the runs that are there */
};

/** What slopes are taken with; all borrowed. */
struct rp_nextload_taking {
    const struct rp_measured *measured;
    const struct rp_profile *profile; /* at its parameters */
    const struct rp_nextload_options *options;
    const struct rp_nextload_noise *noise;
    unsigned rehearsals; /* of each slope, twice; >= 1 */
    /* called now and then with how many are done; NULL: nobody asks */
    void (*tell)(void *context, size_t done, size_t count);
    void *context;
};

/**
 * Find what some candidates would tell.
 *
 * @param which  their numbers, `count` of them; NULL: the first `count`
 * @return as rp_joint_preview()
 */
RP_CHECKED enum rp_code
rp_nextload_slopes(const struct rp_nextload_taking *taking, const size_t *which,
                   size_t count, struct rp_nextload *nextload,
                   struct rp_error *error);

/** Harmless on a zeroed or freed one. */
void rp_nextload_free(struct rp_nextload *nextload);

#endif
