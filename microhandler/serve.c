/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The timer slack of a thread is Linux's. */
#define _GNU_SOURCE

#include "microhandler/serve.h"

#include "microhandler/asgi.h"
#include "microhandler/cores.h"
#include "microhandler/crowd.h"
#include "microhandler/listener.h"
#include "microhandler/stopsign.h"
#include "microhandler/wsgi.h"

#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

struct rp_serve_options rp_serve_defaults(void)
{
    return (struct rp_serve_options){.bind = "127.0.0.1",
                                     .port = 8000,
                                     .time_scale = 1.0,
                                     .allowance = rp_allowance_defaults()};
}

/* ---- One process ---- */

static enum rp_code serve_here(void *argument, struct rp_error *error)
{
    struct rp_service *const s = argument;
    struct rp_places places;
    enum rp_code code = rp_places_begin(&places, s->scenario, s->courses,
                                        s->site->metrics, error);

    s->places = &places;
    if (!code)
        code = rp_server_is_asgi(s->scenario->server.kind)
                   ? rp_asgi_run(s, error)
                   : rp_wsgi_run(s, error);
    s->places = NULL;
    rp_places_end(&places);
    return code;
}

/* Waits end when they are due, and not within 50 us of it; there are
 * descriptors for as many connections and loops as the system allows, and
 * cores for as many as the scenario has. Threads and processes that are made
 * later have the same. Returns the number of cores. */
static unsigned prepare_process(const struct rp_scenario *scenario)
{
    struct rlimit files;

    (void)prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &files);
    }
    return rp_cores_keep_to(scenario->cores);
}

/* ---- All of them ---- */

static void say_count(FILE *out, const char *before, unsigned count,
                      const char *one, const char *many)
{
    (void)fprintf(out, "%s%u %s", before, count, count == 1 ? one : many);
}

static enum rp_code announce(const struct rp_scenario *scenario,
                             const struct rp_serve_options *options,
                             uint16_t port, unsigned cores,
                             struct rp_error *error)
{
    const struct rp_server *const server = &scenario->server;
    const bool v6 = strchr(options->bind, ':') != NULL;
    FILE *const out = options->out;

    (void)fprintf(out, "listening on http://%s%s%s:%u/ (%s", v6 ? "[" : "",
                  options->bind, v6 ? "]" : "", port,
                  rp_server_word(server->kind));
    say_count(out, ", ", server->processes, "process", "processes");
    if (!rp_server_is_asgi(server->kind))
        say_count(out, ", ", server->threads, "thread", "threads");
    (void)fprintf(out, ", %s GIL", server->gil ? "a" : "no");
    say_count(out, ", ", cores, "core", "cores");
    if (cores < scenario->cores)
        (void)fprintf(out, " of the scenario's %u", scenario->cores);
    (void)fputs("); SIGTERM ends it\n", out);
    return fflush(out) == 0
               ? RP_OK
               : rp_fail(error, RP_ERR_IO,
                         "standard output cannot be written, and with it which "
                         "port was taken");
}

static enum rp_code open_and_serve(struct rp_service *service,
                                   const struct rp_serve_options *options,
                                   struct rp_error *error)
{
    const struct rp_server *const server = &service->scenario->server;
    struct rp_stopsign *sign;
    uint16_t port = options->port;
    enum rp_code code =
        rp_listener_open(options->bind, &port, &service->listener, error);

    if (code)
        return code;
    code = rp_stopsign_open(&sign, error);
    if (!code) {
        service->signals = rp_stopsign_fd(sign);
        code = announce(service->scenario, options, port,
                        prepare_process(service->scenario), error);
        if (!code && server->processes > 1)
            code = rp_crowd_run(server->processes, serve_here, service, error);
        else if (!code)
            code = serve_here(service, error);
        rp_stopsign_close(sign);
    }
    (void)close(service->listener);
    return code;
}

enum rp_code rp_serve(const struct rp_scenario *scenario,
                      const struct rp_profile *profile,
                      const struct rp_serve_options *options,
                      struct rp_error *error)
{
    struct rp_routes routes = {0};
    struct rp_courses courses = {0};
    struct rp_metrics *const metrics = rp_metrics_new();
    const struct rp_site site = {
        .courses = &courses, .metrics = metrics, .seed = scenario->seed};
    struct rp_service service = {.scenario = scenario,
                                 .courses = &courses,
                                 .allowance = &options->allowance,
                                 .site = &site};
    enum rp_code code =
        metrics ? rp_routes_make(scenario, profile, &routes, error)
                : rp_fail(error, RP_ERR_MEMORY, "out of memory for counters");

    if (!code)
        code = rp_courses_make(scenario, &routes, profile, options->time_scale,
                               &courses, error);
    if (!code)
        code = open_and_serve(&service, options, error);
    rp_courses_free(&courses);
    rp_routes_free(&routes);
    rp_metrics_free(metrics);
    return code;
}
