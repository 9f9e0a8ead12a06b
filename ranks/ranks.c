/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "ranks/ranks.h"

#include <mpi.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { TAG_POINT = 1, TAG_END, TAG_DONE };
enum { AHEAD = 2 }; /* points for each rank: one that it works at, one next */

struct rp_ranks {
    int number, count;
    struct rp_workforce crew;
    unsigned *underway; /* owned: points that each rank has */
};

/* An answer as it travels; its text follows. All ranks are one program, so they
 * agree about its layout where their machines are alike. */
struct envelope {
    uint64_t index;
    int32_t code;
    uint32_t has_text;
    double seconds;
    char host[RP_HOST_NAME_SIZE];
};

bool rp_ranks_launched(void)
{
    static const char *const names[] = {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE",
                                        "PMIX_RANK"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (getenv(names[i]))
            return true;
    return false;
}

static enum rp_code fail(struct rp_error *error)
{
    return rp_fail(error, RP_ERR_IO, "a message to another rank has failed");
}

/* MPI's own waiting takes a whole core, which another rank could use. */
static MPI_Status wait_for_message(int from, int tag)
{
    const long longest_ns = 500000;
    struct timespec nap = {.tv_nsec = 5000};
    MPI_Status status;
    int there = 0;

    for (;;) {
        (void)MPI_Iprobe(from, tag, MPI_COMM_WORLD, &there, &status);
        if (there)
            return status;
        (void)nanosleep(&nap, NULL);
        if (nap.tv_nsec < longest_ns)
            nap.tv_nsec += nap.tv_nsec / 2;
    }
}

/* ---- The first rank ---- */

static enum rp_code give(void *self, size_t index, struct rp_error *error)
{
    struct rp_ranks *const r = self;
    const uint64_t number = index;
    int least = 1;

    for (int i = 2; i < r->count; i++)
        if (r->underway[i] < r->underway[least])
            least = i;
    if (MPI_Send(&number, 1, MPI_UINT64_T, least, TAG_POINT, MPI_COMM_WORLD) !=
        MPI_SUCCESS)
        return fail(error);
    r->underway[least]++;
    return RP_OK;
}

static enum rp_code unpack(const char *bytes, size_t length,
                           struct rp_done *done, struct rp_error *error)
{
    struct envelope envelope;
    const size_t rest = length - sizeof envelope;

    memcpy(&envelope, bytes, sizeof envelope);
    *done = (struct rp_done){.index = (size_t)envelope.index,
                             .code = (enum rp_code)envelope.code,
                             .seconds = envelope.seconds};
    memcpy(done->host, envelope.host, sizeof done->host);
    if (!envelope.has_text)
        return RP_OK;
    done->text = malloc(rest + 1);
    if (!done->text)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for an answer");
    memcpy(done->text, bytes + sizeof envelope, rest);
    done->text[rest] = '\0';
    return RP_OK;
}

static enum rp_code receive(void *self, struct rp_done *done,
                            struct rp_error *error)
{
    struct rp_ranks *const r = self;
    MPI_Status status = wait_for_message(MPI_ANY_SOURCE, TAG_DONE);
    int length = 0;
    char *bytes;
    enum rp_code code = RP_OK;

    (void)MPI_Get_count(&status, MPI_BYTE, &length);
    bytes = malloc((size_t)length + 1);
    if (!bytes)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for an answer");
    if (MPI_Recv(bytes, length, MPI_BYTE, status.MPI_SOURCE, TAG_DONE,
                 MPI_COMM_WORLD, MPI_STATUS_IGNORE) != MPI_SUCCESS)
        code = fail(error);
    r->underway[status.MPI_SOURCE]--;
    if (!code)
        code = unpack(bytes, (size_t)length, done, error);
    free(bytes);
    return code;
}

/* What was sent is not called back: it is one point for each rank. */
static bool withdraw(void *self, size_t least, size_t *index)
{
    (void)self;
    (void)least;
    (void)index;
    return false;
}

static void finish(void *self)
{
    const struct rp_ranks *const r = self;
    const uint64_t none = 0;

    for (int i = 1; i < r->count; i++)
        (void)MPI_Send(&none, 1, MPI_UINT64_T, i, TAG_END, MPI_COMM_WORLD);
}

/* ---- The others ---- */

static enum rp_code answer(const struct rp_done *done, struct rp_error *error)
{
    struct envelope envelope = {.index = done->index,
                                .code = (int32_t)done->code,
                                .has_text = done->text != NULL,
                                .seconds = done->seconds};
    const size_t rest = done->text ? strlen(done->text) : 0;
    const size_t length = sizeof envelope + rest;
    char *const bytes = length <= INT32_MAX ? malloc(length) : NULL;
    enum rp_code code = RP_OK;

    if (!bytes)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for an answer");
    memcpy(envelope.host, done->host, sizeof envelope.host);
    memcpy(bytes, &envelope, sizeof envelope);
    if (rest > 0)
        memcpy(bytes + sizeof envelope, done->text, rest);
    if (MPI_Send(bytes, (int)length, MPI_BYTE, 0, TAG_DONE, MPI_COMM_WORLD) !=
        MPI_SUCCESS)
        code = fail(error);
    free(bytes);
    return code;
}

static enum rp_code serve(void *self, rp_workforce_do run, void *context,
                          struct rp_error *error)
{
    enum rp_code code = RP_OK;

    (void)self;
    while (!code) {
        const MPI_Status status = wait_for_message(0, MPI_ANY_TAG);
        struct rp_done done;
        uint64_t index = 0;

        if (MPI_Recv(&index, 1, MPI_UINT64_T, 0, status.MPI_TAG, MPI_COMM_WORLD,
                     MPI_STATUS_IGNORE) != MPI_SUCCESS)
            return fail(error);
        if (status.MPI_TAG == TAG_END)
            break;
        rp_workforce_work(run, context, (size_t)index, &done);
        code = answer(&done, error);
        free(done.text);
    }
    return code;
}

/* ---- All of them ---- */

enum rp_code rp_ranks_join(struct rp_ranks **ranks, struct rp_error *error)
{
    struct rp_ranks *const r = calloc(1, sizeof *r);
    int provided = 0;

    if (!r)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for ranks");
    /* One thread talks; the simulator may have others. */
    if (MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &provided) !=
        MPI_SUCCESS) {
        free(r);
        return rp_fail(error, RP_ERR_IO, "MPI cannot be started");
    }
    (void)MPI_Comm_rank(MPI_COMM_WORLD, &r->number);
    (void)MPI_Comm_size(MPI_COMM_WORLD, &r->count);
    r->underway = calloc((size_t)r->count, sizeof *r->underway);
    if (!r->underway) {
        rp_ranks_leave(r);
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for ranks");
    }
    r->crew = (struct rp_workforce){.self = r,
                                    .capacity = (size_t)(r->count - 1) * AHEAD,
                                    .give = give,
                                    .receive = receive,
                                    .withdraw = withdraw,
                                    .finish = finish,
                                    .serve = r->number > 0 ? serve : NULL};
    *ranks = r;
    return RP_OK;
}

unsigned rp_ranks_number(const struct rp_ranks *ranks)
{
    return (unsigned)ranks->number;
}

unsigned rp_ranks_count(const struct rp_ranks *ranks)
{
    return (unsigned)ranks->count;
}

struct rp_workforce *rp_ranks_crew(struct rp_ranks *ranks)
{
    return ranks->count > 1 ? &ranks->crew : NULL;
}

void rp_ranks_leave(struct rp_ranks *ranks)
{
    if (!ranks)
        return;
    (void)MPI_Finalize();
    free(ranks->underway);
    free(ranks);
}
