/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "model/check.h"

#include "model/duration.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Scenarios that a program makes in memory, where no reader looked at a key
 * by itself. Files are in test_scenario.c. */

static struct rp_scenario good_scenario(void)
{
    static const char text[] =
        "middleware:\n"
        "- {name: a, kind: mixin}\n"
        "- {name: b, kind: hybrid, hooks: [process_exception]}\n"
        "resources:\n"
        "- {name: r, capacity: 1}\n"
        "- {name: q, capacity: 1}\n";
    struct rp_scenario s = {0};
    struct rp_error error = {0};

    cr_assert(eq(int,
                 rp_scenario_read_text(text, strlen(text), "s", &s, &error),
                 RP_OK),
              "%s", error.text);
    cr_assert(eq(int, rp_scenario_check(&s, &error), RP_OK), "%s", error.text);
    return s;
}

static void no_cores(struct rp_scenario *s)
{
    s->cores = 0;
}

static void no_processes(struct rp_scenario *s)
{
    s->server.processes = 0;
}

static void no_threads(struct rp_scenario *s)
{
    s->server.threads = 0;
}

static void no_framework(struct rp_scenario *s)
{
    free(s->framework.name);
    s->framework.name = NULL;
}

static void no_layer_name(struct rp_scenario *s)
{
    free(s->layers[1].name);
    s->layers[1].name = NULL;
}

static void same_layer_name(struct rp_scenario *s)
{
    s->layers[1].name[0] = 'a';
}

static void no_resource_name(struct rp_scenario *s)
{
    free(s->resources[1].name);
    s->resources[1].name = NULL;
}

static void same_resource_name(struct rp_scenario *s)
{
    s->resources[1].name[0] = 'r';
}

static void no_capacity(struct rp_scenario *s)
{
    s->resources[0].capacity = 0;
}

static void undeclared_resource(struct rp_scenario *s)
{
    s->view.resource = 2;
}

static void no_calls(struct rp_scenario *s)
{
    s->layers[0].after.calls = 0;
}

static void endless_calls(struct rp_scenario *s)
{
    s->layers[1].before.wait.mean_ns = 1.0;
    s->layers[1].before.calls = 60000;
    s->layers[0].after.wait.mean_ns = 1.0;
    s->layers[0].after.calls = 40001;
}

static void negative_cpu(struct rp_scenario *s)
{
    s->view.cpu.mean_ns = -1.0;
}

static void endless_wait(struct rp_scenario *s)
{
    s->layers[1].before.wait.mean_ns = (double)INFINITY;
}

static void no_number(struct rp_scenario *s)
{
    s->view.wait.cv = (double)NAN;
}

static void unknown_shape(struct rp_scenario *s)
{
    s->view.wait.shape = (enum rp_shape)9;
}

static void gamma_without_cv(struct rp_scenario *s)
{
    s->view.wait.shape = RP_SHAPE_GAMMA;
}

static void pareto_of_another_mean(struct rp_scenario *s)
{
    s->view.wait = rp_duration_pareto(1.5, 1e6, 1e9);
    s->view.wait.mean_ns *= 2.0;
}

static void pareto_without_end(struct rp_scenario *s)
{
    s->view.wait = rp_duration_pareto(1.5, 1e6, (double)INFINITY);
}

static void erlang_by_hand(struct rp_scenario *s)
{
    s->view.wait = (struct rp_duration){RP_SHAPE_ERLANG, 1e6, 0.5};
}

static void too_many_quantiles(struct rp_scenario *s)
{
    s->view.wait.shape = RP_SHAPE_EMPIRICAL;
    s->view.wait.quantile_count = RP_QUANTILES_MAX + 1;
}

static void hooks_of_no_mixin(struct rp_scenario *s)
{
    s->layers[1].hooks = RP_HOOK_RESPONSE;
}

static void async_template_twice(struct rp_scenario *s)
{
    s->layers[1].hooks = RP_HOOK_TEMPLATE | RP_HOOK_TEMPLATE_ASYNC;
}

static void handles_nothing(struct rp_scenario *s)
{
    s->layers[0].handles_exceptions = true;
}

static void no_clients(struct rp_scenario *s)
{
    s->load.clients = 0;
}

static void no_rate(struct rp_scenario *s)
{
    s->load.kind = RP_LOAD_OPEN;
}

static void rate_without_gap(struct rp_scenario *s)
{
    s->load.kind = RP_LOAD_OPEN;
    s->load.rate_per_s = 10.0;
}

static void lognormal_gaps(struct rp_scenario *s)
{
    s->load.kind = RP_LOAD_OPEN;
    s->load.rate_per_s = 10.0;
    s->load.gap = (struct rp_duration){RP_SHAPE_LOGNORMAL, 1e8, 1.0};
}

static void poisson(struct rp_scenario *s)
{
    s->load.kind = RP_LOAD_OPEN;
    s->load.rate_per_s = 10.0;
    s->load.gap = (struct rp_duration){RP_SHAPE_EXPONENTIAL, 1e8, 1.0};
}

static void curve_of_gamma(struct rp_scenario *s)
{
    poisson(s);
    s->load.process = RP_PROCESS_GAMMA;
    s->load.gap.shape = RP_SHAPE_GAMMA;
    s->load.curve.kind = RP_CURVE_DIURNAL;
}

static void amplitude_of_two(struct rp_scenario *s)
{
    poisson(s);
    s->load.curve.kind = RP_CURVE_DIURNAL;
    s->load.curve.amplitude = 2.0;
}

static void bursts_of_nothing(struct rp_scenario *s)
{
    poisson(s);
    s->load.process = RP_PROCESS_MMPP;
}

static void empty_trace(struct rp_scenario *s)
{
    poisson(s);
    s->load.trace = strdup("x.csv");
}

static void unknown_load(struct rp_scenario *s)
{
    s->load.kind = (enum rp_load_kind)2;
}

static void unknown_client(struct rp_scenario *s)
{
    s->load.client = (enum rp_client_kind)2;
}

static void two_lengths(struct rp_scenario *s)
{
    s->run.duration_ns = 1e9;
}

static void no_length(struct rp_scenario *s)
{
    s->run.requests = 0;
}

static void one_replication(struct rp_scenario *s)
{
    s->run.replications = 1;
}

static void negative_duration(struct rp_scenario *s)
{
    s->run.duration_ns = -1.0;
}

static void endless_patience(struct rp_scenario *s)
{
    s->load.timeout_ns = (double)INFINITY;
}

static void many_retries(struct rp_scenario *s)
{
    s->load.timeout_ns = 1e9;
    s->load.retries = RP_LOAD_RETRIES_MAX + 1;
}

static void negative_backoff(struct rp_scenario *s)
{
    s->load.backoff.mean_ns = -1.0;
}

static void no_quantum(struct rp_scenario *s)
{
    s->scheduling = RP_SCHEDULING_QUANTUM;
    s->quantum_ns = 0.0;
}

static void unknown_scheduling(struct rp_scenario *s)
{
    s->scheduling = (enum rp_scheduling)3;
}

static void unknown_queue(struct rp_scenario *s)
{
    s->server.queue = (enum rp_queue_order)2;
}

/* One class, which good_scenario() has not. */
static struct rp_request_class *add_class(struct rp_scenario *s)
{
    s->classes = calloc(1, sizeof *s->classes);
    cr_assert(s->classes != NULL);
    s->class_count = 1;
    s->classes->share = 1.0;
    s->classes->view = s->view;
    return s->classes;
}

static void no_class_name(struct rp_scenario *s)
{
    (void)add_class(s);
}

static void share_without_number(struct rp_scenario *s)
{
    struct rp_request_class *const class = add_class(s);

    class->name = calloc(2, 1);
    class->share = (double)NAN;
}

static void class_of_no_priority(struct rp_scenario *s)
{
    struct rp_request_class *const class = add_class(s);

    class->name = calloc(2, 1);
    class->priority = RP_PRIORITY_MAX + 1;
}

static void class_uses_nothing_known(struct rp_scenario *s)
{
    struct rp_request_class *const class = add_class(s);

    class->name = calloc(2, 1);
    class->view.resource = 2;
}

Test(check, what_a_program_made_wrong_is_named_by_its_key)
{
    static const struct {
        void (*spoil)(struct rp_scenario *s);
        const char *sentence;
    } cases[] = {
        {no_cores, "host.cores: there must be 1 or more"},
        {no_processes, "server.processes: there must be 1 or more"},
        {no_threads, "server.threads: there must be 1 or more"},
        {no_framework, "framework.name: the name is missing"},
        {no_layer_name, "middleware[1].name: the name is missing"},
        {same_layer_name, "middleware[1].name: \"a\" is the name of "
                          "middleware[0] already; each name stands once"},
        {no_resource_name, "resources[1].name: the name is missing"},
        {same_resource_name, "resources[1].name: \"r\" is the name of "
                             "resources[0] already; each name stands once"},
        {no_capacity, "resources[0].capacity: there must be 1 or more"},
        {undeclared_resource,
         "view: the resource is not one of the 2 declared"},
        {no_calls, "middleware[0].after: calls must be 1 or more"},
        {endless_calls,
         "middleware: found 100001 calls in all layers and the view, at most "
         "100000 are compiled; lower the largest"},
        {negative_cpu, "view.cpu: the mean must be 0ms .. 1000h"},
        {endless_wait,
         "middleware[1].before.wait: the mean must be 0ms .. 1000h"},
        {no_number, "view.wait: the cv must be 0 .. 20"},
        {unknown_shape, "view.wait: the shape is not one of those known"},
        {gamma_without_cv, "view.wait: gamma needs a cv of more than 0; "
                           "without one it is constant"},
        {pareto_of_another_mean,
         "view.wait: mean and cv are not those of its parameters: make the "
         "duration with rp_duration_pareto()"},
        {pareto_without_end, "view.wait: high must be at most 1000h"},
        {erlang_by_hand, "view.wait: the stages must be 1 .. 1000"},
        {too_many_quantiles,
         "view.wait: there must be 2 .. 16 quantiles, found 17"},
        {hooks_of_no_mixin,
         "middleware[1].hooks: process_response belongs to MiddlewareMixin, "
         "but the layer is hybrid; write kind: mixin, or leave the hook out"},
        {async_template_twice,
         "middleware[1].hooks: a class has one process_template_response, "
         "sync or async; leave one out"},
        {handles_nothing,
         "middleware[0].handles_exceptions: found true, but the layer has no "
         "process_exception; add it to hooks, or leave this out"},
        {no_clients, "load.clients: there must be 1 or more"},
        {no_rate, "load.rate: an open load needs a rate of more than 0/s"},
        {rate_without_gap, "load.rate: the mean gap is not 1/rate: set both, "
                           "or read them from a file"},
        {lognormal_gaps,
         "load.process: the gaps are lognormal, which those of poisson are "
         "not: set both, or read them from a file"},
        {curve_of_gamma,
         "load.curve: a curve has Poisson arrivals at any moment, but the "
         "process is gamma; leave one of the two out"},
        {amplitude_of_two, "load.amplitude: must be 0 .. 1, of the mean rate"},
        {bursts_of_nothing, "load.on_rate: there must be more than 0/s"},
        {empty_trace, "load.trace: there must be two requests or more"},
        {unknown_load, "load.kind: the kind is not closed or open"},
        {unknown_client, "load.client: the client is not ideal or ab"},
        {two_lengths, "run: the length is either so many requests or a "
                      "duration; give one of the two"},
        {no_length, "run: the length is either so many requests or a "
                    "duration; give one of the two"},
        {one_replication, "run.replications: there must be 2 or more, or no "
                          "interval can be given"},
        {negative_duration, "run.duration: must be 0ms .. 1000h"},
        {endless_patience, "load.timeout: must be 0ms .. 1000h"},
        {many_retries, "load.retries: found 17, expected 0 .. 16"},
        {negative_backoff, "load.backoff: the mean must be 0ms .. 1000h"},
        {no_quantum, "host.quantum: a turn takes 1ns or more, to 1000h"},
        {unknown_scheduling,
         "host.scheduling: the scheduling is not one known"},
        {unknown_queue, "server.queue: the order is not fifo or priority"},
        {no_class_name, "requests[0].name: the name is missing"},
        {share_without_number,
         "requests[0].share: found nan, expected 0 or more"},
        {class_of_no_priority,
         "requests[0].priority: found 8, expected 0 .. 7"},
        {class_uses_nothing_known,
         "requests[0].view: the resource is not one of the 2 declared"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rp_scenario s = good_scenario();
        struct rp_error error = {0};

        cases[i].spoil(&s);
        cr_expect(eq(int, rp_scenario_check(&s, &error), RP_ERR_VALUE), "%s",
                  cases[i].sentence);
        cr_expect(eq(str, error.text, (char *)cases[i].sentence));
        rp_scenario_free(&s);
    }
}

Test(check, an_open_load_made_in_memory_is_accepted)
{
    struct rp_scenario s = good_scenario();
    struct rp_error error = {0};

    s.load.kind = RP_LOAD_OPEN;
    s.load.rate_per_s = 3.0;
    s.load.process = RP_PROCESS_GAMMA;
    s.load.gap = (struct rp_duration){RP_SHAPE_GAMMA, 1e9 / 3.0, 0.3};
    cr_expect(eq(int, rp_scenario_check(&s, &error), RP_OK), "%s", error.text);
    rp_scenario_free(&s);
}

/* The widest range of arrival rates: their gaps must still be 1/rate to within
 * the rounding of a division. */
Test(check, rates_of_every_size_agree_with_their_gaps)
{
    for (double rate = 1e-6; rate <= 1e9; rate *= 7.0) {
        struct rp_scenario s = good_scenario();
        struct rp_error error = {0};

        s.load.kind = RP_LOAD_OPEN;
        s.load.rate_per_s = rate;
        s.load.gap = (struct rp_duration){RP_SHAPE_EXPONENTIAL, 1e9 / rate, 1};
        cr_expect(eq(int, rp_scenario_check(&s, &error), RP_OK), "%g: %s", rate,
                  error.text);
        rp_scenario_free(&s);
    }
}
