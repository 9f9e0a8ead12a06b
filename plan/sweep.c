/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "plan/sweep.h"

#include <time.h>

struct stored {
    const struct rp_sweep *sweep;
    struct rp_store *store;
    int64_t id;
};

static int64_t now_ms(void)
{
    struct timespec now = {0};

    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static enum rp_code run(void *context, size_t index, char **text,
                        struct rp_error *error)
{
    const struct rp_sweep *const sweep = ((struct stored *)context)->sweep;

    return sweep->run(sweep->context, index, text, error);
}

static enum rp_code take(void *context, size_t index, const char *text,
                         const struct rp_error *failure, struct rp_error *error)
{
    const struct rp_sweep *const sweep = ((struct stored *)context)->sweep;

    return sweep->take(sweep->context, index, text, failure, error);
}

static enum rp_code find(void *context, size_t index, char **text,
                         struct rp_error *error)
{
    const struct stored *const s = context;
    struct rp_store_question question = {.seed = 0};
    struct rp_store_answer answer = {.text = NULL};
    char key[RP_FINGERPRINT_TEXT_SIZE];
    enum rp_code code =
        s->sweep->ask(s->sweep->context, index, &question, error);

    if (!code)
        code = rp_store_find(s->store, rp_store_key(&question, key), &answer,
                             error);
    *text = answer.text;
    if (!code && answer.text)
        code = rp_store_refer(s->store, s->id, index, answer.id, error);
    return code;
}

static enum rp_code keep(void *context, size_t index,
                         const struct rp_done *done, struct rp_error *error)
{
    const struct stored *const s = context;
    const struct rp_store_origin origin = {
        .host = done->host, .when_ms = now_ms(), .seconds = done->seconds};
    struct rp_store_question question = {.seed = 0};
    const enum rp_code code =
        s->sweep->ask(s->sweep->context, index, &question, error);

    return code ? code
                : rp_store_put(s->store, s->id, index, &question, &origin,
                               done->text, error);
}

static enum rp_code begin(struct stored *s, bool resumes,
                          struct rp_error *error)
{
    char question[RP_FINGERPRINT_TEXT_SIZE], host[RP_HOST_NAME_SIZE];
    struct rp_store_sweep sweep = {.command = s->sweep->command,
                                   .command_line = s->sweep->command_line,
                                   .program = s->sweep->program,
                                   .host = host,
                                   .begun_ms = now_ms(),
                                   .wanted = s->sweep->count};
    enum rp_code code = RP_OK;

    rp_workforce_host(host);
    sweep.question = rp_fingerprint_format(s->sweep->question, question);
    if (resumes)
        code = rp_store_unfinished(s->store, question, &s->id, error);
    if (!code && s->id == 0)
        code = rp_store_begin(s->store, &sweep, &s->id, error);
    return code;
}

enum rp_code rp_sweep_run(const struct rp_sweep *sweep, struct rp_store *store,
                          bool resumes, const struct rp_handout_how *how,
                          struct rp_handout_tally *tally,
                          struct rp_error *error)
{
    struct stored stored = {.sweep = sweep, .store = store};
    struct rp_handout_tally own = {.taken = 0};
    const struct rp_handout_work work = {.run = run,
                                         .take = take,
                                         .find = store && resumes ? find : NULL,
                                         .keep = store ? keep : NULL,
                                         .context = &stored};
    enum rp_code code = RP_OK;

    if (store)
        code = begin(&stored, resumes, error);
    if (!code)
        code = rp_handout(sweep->count, &work, how, &own, error);
    if (store && !code && own.taken == sweep->count && own.failed == 0)
        code = rp_store_end(store, stored.id, now_ms(), error);
    if (tally)
        *tally = own;
    return code;
}
