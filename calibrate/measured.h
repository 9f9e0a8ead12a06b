/**
 * Measured runs: what a calibration works on.
 *
 * A data set is a folder of reports of ab, or of another tool, and what they
 * were measured on; several of them may be taken together (calibrate/dataset.h
 * reads them). A run is one invocation of the tool on one configuration in one
 * round. Its configuration says what was asked (stack, view, server,
 * concurrency, or the rate of an open load); the compiled program of that
 * configuration says which cost items each of its requests paid. Runs of one
 * campaign share their rounds: a block is one round of one campaign, in which
 * the machine ran at one speed.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_CALIBRATE_MEASURED_H
#define RP_CALIBRATE_MEASURED_H

#include "calibrate/tool.h"
#include "model/openload.h"
#include "model/profile.h"
#include "model/scenario.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** The longest stack of a data set, letters, and its closing zero. */
#define RP_STACK_SIZE RP_EXTENT_STACK_SIZE

/** How many servers RP_SERVER_LIST has. */
#define RP_SERVER_AS_COUNT(server, word, asgi, in_loop) +1
enum { RP_SERVER_COUNT = 0 RP_SERVER_LIST(RP_SERVER_AS_COUNT) };
#undef RP_SERVER_AS_COUNT

/** A data set: what was measured on what. All texts are owned, "" where not
 * said. */
struct rp_dataset {
    char *folder; /* as it was given */
    char *name, *campaign;
    char *framework, *framework_version, *asgiref_version, *python_version;
    char *cpu, *measured_on;
    char *revision, *commit; /* that the server was built from */
    enum rp_tool tool;       /* of rows that do not say theirs */
    bool keepalive_said;     /* it says what follows */
    bool keepalive; /* requests shared connections, in rows that do not say */
    unsigned cores; /* that the server may use; 1 where not said */
    unsigned cpus;  /* of the host; the same */
    struct rp_mechanisms lacking; /* true: not at work in its scenarios */
    struct rp_dataset_server {
        bool said;    /* the data set describes this server */
        bool in_loop; /* it built the application inside its loop */
        unsigned processes;
        bool free_threaded; /* no GIL */
    } servers[RP_SERVER_COUNT];
    size_t runs;     /* in the data set */
    size_t unusable; /* of them, left out: failed, truncated, ... */
    size_t warned;   /* of those that stay: fewer than 20 requests a client,
                        say */
    size_t bare;     /* of those that stay, of ab: without percentiles of -e */
    size_t blind;    /* of those that stay, of other tools: their latencies do
                        not begin with the connection */
    size_t kept;     /* of them, left out: keep-alive, where costs are wanted */
    size_t assumed;  /* of those: nobody says it, but their tool keeps
                        connections unless it is told not to */
    char first_unusable[RP_ERROR_TEXT_SIZE]; /* which, and why; "" none */
};

/** What was asked of the server in a run, whatever the round. */
struct rp_config {
    size_t dataset; /* index into the data sets */
    enum rp_server_kind server;
    unsigned threads;
    enum rp_path path;
    char stack[RP_STACK_SIZE]; /* letters, outermost first; "" is none */
    bool view_async;
    double io_ns, cpu_ns;          /* that the view waits and burns */
    unsigned concurrency;          /* 0: the load is open */
    struct rp_openload open;       /* its rate is 0 where the load is closed */
    bool keepalive;                /* connections served several requests */
    enum rp_tool tool;             /* that its first run was measured with */
    double amounts[RP_ITEM_COUNT]; /* items that a request pays */
};

struct rp_measured_run {
    char *file;    /* owned: the report, relative to the data set */
    size_t config; /* index into the configurations */
    size_t block;  /* index into the blocks */
    unsigned requests;
    uint64_t *planned_ns; /* owned: when each was to be sent (sendtimes.h);
                             NULL: the load is closed */
    double mean_ns;       /* c / throughput: what ab calls the mean; of an open
                             load that of the latencies */
    double curve_mean_ns; /* mean of the latencies themselves; NAN where no
                             percentiles were kept */
    double longest_ms;    /* the longest request; NAN where no percentiles were
                             kept */
    double value[RP_METRIC_COUNT];   /* rps; ms for the others; NAN: unknown */
    double level_ns[RP_LEVEL_COUNT]; /* latency at each level of a spread;
                                        NAN where unknown */
};

/** One round of one campaign. */
struct rp_block {
    size_t campaign; /* index; campaigns are numbered as they come */
    unsigned round;
    double speed; /* how much longer everything took in this round than in the
                     campaign's average one, about 1; see speeds.h */
};

/** The runs of one or several data sets. */
struct rp_measured {
    size_t dataset_count, campaign_count;
    size_t config_count, run_count, block_count;
    struct rp_dataset *datasets; /* owned, like the others */
    char **campaigns;            /* their names */
    struct rp_config *configs;
    struct rp_measured_run *runs;
    struct rp_block *blocks;
};

/** How many requests a run of a configuration has; 0: it has no run that can be
 * used. */
unsigned rp_measured_requests(const struct rp_measured *measured,
                              size_t config);

/** True where its requests came at a rate. */
bool rp_config_is_open(const struct rp_config *config);

/** How many runs are of open loads. */
size_t rp_measured_open_runs(const struct rp_measured *measured);

/** The own time of a configuration's view: io_ns + cpu_ns. */
double rp_config_own_ns(const struct rp_config *config);

/** The order in which configurations are shown, simple before long, whatever
 * their data sets: negative, 0 (the same was asked) or positive. */
int rp_config_compare(const struct rp_config *a, const struct rp_config *b);

/** A configuration with a closed load, as a profile's section of what was
 * measured has it. */
struct rp_setting rp_config_setting(const struct rp_dataset *dataset,
                                    const struct rp_config *config);

/**
 * One line for people: "daphne, SSS, sync view, c = 8", or ", 200/s" where the
 * load is open.
 *
 * @param text  at least 160 bytes
 */
void rp_config_describe(const struct rp_config *config, char *text,
                        size_t size);

/**
 * Move all runs of `from` behind those of `into`. Campaigns of one name become
 * one, and their rounds of one number one block.
 *
 * @param from  empty on success, untouched on failure, like `into`
 * @return RP_ERR_MEMORY
 */
RP_CHECKED enum rp_code rp_measured_append(struct rp_measured *into,
                                           struct rp_measured *from,
                                           struct rp_error *error);

/** Harmless on a zeroed or freed data set. */
void rp_dataset_free(struct rp_dataset *dataset);

/** Harmless on zeroed or freed runs. */
void rp_measured_free(struct rp_measured *measured);

#endif
