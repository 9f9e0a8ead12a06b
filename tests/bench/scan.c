/**
 * How many configurations a second the solver gets through, by hand: closed
 * loads of 1 to 64 clients, two servers, one to four processes, layers of every
 * kind. One row of CSV a case.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define _DEFAULT_SOURCE

#include "model/profile.h"
#include "solve/solve.h"

#include <stdio.h>
#include <time.h>

static double now_s(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void set_load(struct rp_scenario *s, bool open, unsigned number)
{
    s->server.processes = 1 + number / 64 % 4;
    s->load.clients = 1 + number % 64;
    if (!open)
        return;
    s->load.kind = RP_LOAD_OPEN;
    s->load.rate_per_s = 1.0 + number % 64;
    s->load.gap = (struct rp_duration){RP_SHAPE_EXPONENTIAL,
                                       1e9 / s->load.rate_per_s, .cv = 1.0};
}

/* Times `count` configurations; false where one failed. */
static bool scan(const struct rp_profile *profile, enum rp_server_kind server,
                 const char *stack, bool open, unsigned count)
{
    struct rp_scenario s;
    const double before_s = now_s();
    double sum = 0.0;

    if (rp_scenario_init(&s, NULL) || rp_scenario_set_letters(&s, stack, NULL))
        return false;
    s.server.kind = server;
    s.server.app_built_in_loop = rp_server_builds_in_loop(server);
    s.server.threads = rp_server_is_asgi(server) ? 1 : 4;
    s.cores = 2;
    s.view.wait = (struct rp_duration){RP_SHAPE_CONSTANT, 2e6};
    for (unsigned i = 0; i < count; i++) {
        struct rp_solution solution;
        struct rp_error error = {0};

        set_load(&s, open, i);
        if (rp_solve(&s, profile, &solution, &error)) {
            fprintf(stderr, "scan: %s\n", error.text);
            return false;
        }
        sum += solution.metrics[RP_METRIC_RPS];
        rp_solution_free(&solution);
    }
    printf("%s,%s,%s,%u,%.0f,%.6g\n", rp_server_word(server), stack,
           open ? "open" : "closed", count, count / (now_s() - before_s),
           sum / count);
    rp_scenario_free(&s);
    return true;
}

int main(void)
{
    struct rp_profile profile = {0};
    bool good;

    if (rp_profile_read(RP_SOURCE_DIR "/data/profiles/django-3.2.yaml",
                        &profile, NULL))
        return 1;
    puts("server,stack,load,configurations,per_s,mean_rps");
    good = scan(&profile, RP_SERVER_GTHREAD, "SMM", false, 4096) &&
           scan(&profile, RP_SERVER_DAPHNE, "SAM", false, 4096) &&
           scan(&profile, RP_SERVER_UVICORN, "SMASMAS", false, 4096) &&
           scan(&profile, RP_SERVER_GTHREAD, "SMM", true, 256) &&
           scan(&profile, RP_SERVER_DAPHNE, "SAM", true, 256);
    rp_profile_free(&profile);
    return !good;
}
