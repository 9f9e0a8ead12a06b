/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "randomscenario.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* SplitMix64 (G. Steele, D. Lea, C. Flood, OOPSLA 2014). */
static uint64_t next(struct chance *chance)
{
    uint64_t z = chance->state += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

double chance_uniform(struct chance *chance)
{
    return (double)(next(chance) >> 11) * 0x1p-53;
}

unsigned chance_whole(struct chance *chance, unsigned least, unsigned most)
{
    return least +
           (unsigned)(chance_uniform(chance) * (double)(most - least + 1));
}

double chance_log(struct chance *chance, double least, double most)
{
    return least * pow(most / least, chance_uniform(chance));
}

static struct rp_duration random_duration(struct chance *c, double least_ns,
                                          double most_ns)
{
    static const enum rp_shape shapes[] = {RP_SHAPE_CONSTANT,
                                           RP_SHAPE_EXPONENTIAL,
                                           RP_SHAPE_LOGNORMAL, RP_SHAPE_GAMMA};
    struct rp_duration d = {.shape = shapes[chance_whole(c, 0, 3)]};

    d.mean_ns = chance_log(c, least_ns, most_ns);
    d.cv = chance_log(c, 0.3, 2.0);
    if (d.shape == RP_SHAPE_CONSTANT)
        d.cv = 0.0;
    if (d.shape == RP_SHAPE_EXPONENTIAL)
        d.cv = 1.0;
    return d;
}

static enum rp_code random_stack(struct chance *c, struct rp_scenario *s)
{
    char letters[8] = "";
    const unsigned count = chance_whole(c, 0, 6);

    for (unsigned i = 0; i < count; i++)
        letters[i] = "SAHM"[chance_whole(c, 0, 3)];
    return rp_scenario_set_letters(s, letters, NULL);
}

static bool random_resource(struct chance *c, struct rp_scenario *s)
{
    if (chance_uniform(c) < 0.7 || !(s->view.wait.mean_ns > 0.0))
        return true;
    s->resources = calloc(1, sizeof *s->resources);
    if (!s->resources)
        return false;
    s->resource_count = 1;
    s->resources[0].name = strdup("db");
    s->resources[0].capacity = chance_whole(c, 1, 8);
    s->view.resource = 0;
    return s->resources[0].name;
}

static void random_server(struct chance *c, struct rp_scenario *s)
{
    static const enum rp_server_kind kinds[] = {
        RP_SERVER_GUNICORN, RP_SERVER_GTHREAD, RP_SERVER_DAPHNE,
        RP_SERVER_UVICORN};

    s->server.kind = kinds[chance_whole(c, 0, 3)];
    s->server.app_built_in_loop = rp_server_builds_in_loop(s->server.kind);
    s->server.processes = chance_uniform(c) < 0.5 ? 1 : chance_whole(c, 2, 4);
    s->server.threads =
        s->server.kind == RP_SERVER_GTHREAD ? chance_whole(c, 1, 8) : 1;
    s->cores = chance_whole(c, 1, 4);
    s->server.gil = chance_uniform(c) < 0.85;
}

static void random_load(struct chance *c, bool open, struct rp_scenario *s)
{
    if (open) {
        s->load.kind = RP_LOAD_OPEN;
        s->load.process = RP_PROCESS_POISSON;
        random_rate(s, 1.0);
        return;
    }
    s->load.clients = (unsigned)chance_log(c, 1.0, 64.99);
    s->load.client = chance_uniform(c) < 0.5 ? RP_CLIENT_AB : RP_CLIENT_IDEAL;
    if (chance_uniform(c) < 0.4)
        s->load.think =
            (struct rp_duration){.shape = RP_SHAPE_EXPONENTIAL,
                                 .mean_ns = chance_log(c, 1e6, 100e6),
                                 .cv = 1.0};
}

void random_rate(struct rp_scenario *scenario, double rate_per_s)
{
    scenario->load.rate_per_s = rate_per_s;
    scenario->load.gap = (struct rp_duration){
        .shape = RP_SHAPE_EXPONENTIAL, .mean_ns = 1e9 / rate_per_s, .cv = 1.0};
}

enum rp_code random_scenario(uint64_t number, bool open, uint64_t requests,
                             struct rp_scenario *scenario)
{
    struct chance c = {.state = number * UINT64_C(1000003) + 20191125};
    struct rp_scenario *const s = scenario;
    enum rp_code code = rp_scenario_init(s, NULL);

    if (code)
        return code;
    random_server(&c, s);
    s->view_async = chance_uniform(&c) < 0.5;
    s->view.cpu = random_duration(&c, 0.05e6, 4e6);
    if (chance_uniform(&c) < 0.6)
        s->view.wait = random_duration(&c, 0.5e6, 40e6);
    s->view.calls = chance_whole(&c, 1, 3);
    random_load(&c, open, s);
    s->run.requests = requests;
    s->run.replications = 8;
    s->run.warm_up_auto = false;
    s->run.warm_up_requests = requests / 5;
    s->seed = number + 1;
    code = random_stack(&c, s);
    if (!code && !random_resource(&c, s))
        code = RP_ERR_MEMORY;
    if (!code)
        code = rp_scenario_check(s, NULL);
    if (code)
        rp_scenario_free(s);
    return code;
}
