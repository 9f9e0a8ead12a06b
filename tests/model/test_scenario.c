/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/scenario.h"

#include "scenariotext.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Every key, none at its default. */
static const char every_key[] =
    "name: shop\n"
    "framework:\n"
    "  name: django\n"
    "  version: 4.2.11\n"
    "  asgiref: '3.8'\n"
    "  path: unified\n"
    "  signals_async_aware: true\n"
    "  close_async_aware: true\n"
    "server:\n"
    "  kind: daphne\n"
    "  processes: 3\n"
    "  app_built_in_loop: true\n"
    "  gil: false\n"
    "host: {cores: 2}\n"
    "middleware:\n"
    "  - name: session\n"
    "    kind: mixin\n"
    "  - name: audit\n"
    "    kind: hybrid\n"
    "    hooks: [process_view_async, process_exception]\n"
    "    handles_exceptions: true\n"
    "    before: {cpu: 20us, wait: 1ms, calls: 2, uses: db}\n"
    "    after: {cpu: {mean: 5us, cv: 0.5}}\n"
    "view:\n"
    "  kind: async\n"
    "  outcome: template\n"
    "  cpu: {mean: 1ms, shape: exponential}\n"
    "  wait: {mean: 4ms, cv: 2, shape: hyperexponential}\n"
    "  calls: 5\n"
    "  uses: cache\n"
    "resources:\n"
    "  - {name: db, capacity: 10}\n"
    "  - {name: cache, capacity: 1}\n"
    "load:\n"
    "  kind: open\n"
    "  rate: 600/min\n"
    "  process: gamma\n"
    "  cv: 1.5\n"
    "run: {duration: 30s, warm_up: 50, replications: 7}\n"
    "seed: 18446744073709551615\n";

Test(scenario, what_stands_around_a_view_is_read)
{
    struct rp_scenario s = scenario_of(every_key);

    cr_expect(eq(str, s.file, "s.yaml"));
    cr_expect(eq(str, s.name, "shop"));
    cr_expect(eq(str, s.framework.name, "django"));
    cr_expect(eq(uint, s.framework.version.patch, 11));
    cr_expect(eq(uint, s.framework.asgiref_version.minor, 8));
    cr_expect(eq(int, s.framework.path, RP_PATH_UNIFIED));
    cr_expect(s.framework.signals_async_aware && s.framework.close_async_aware);
    cr_expect(eq(int, s.server.kind, RP_SERVER_DAPHNE));
    cr_expect(eq(uint, s.server.processes, 3));
    cr_expect(eq(uint, s.server.threads, 1));
    cr_expect(s.server.app_built_in_loop && !s.server.gil);
    cr_expect(eq(uint, s.cores, 2));
    cr_assert(eq(sz, s.layer_count, 2));
    cr_expect(eq(str, s.layers[0].name, "session"));
    cr_expect(eq(int, s.layers[0].kind, RP_LAYER_MIXIN));
    cr_expect(eq(uint, s.layers[0].hooks, RP_HOOK_REQUEST | RP_HOOK_RESPONSE));
    cr_expect(eq(sz, s.layers[0].before.resource, RP_NO_RESOURCE));
    cr_expect(
        eq(uint, s.layers[1].hooks, RP_HOOK_VIEW_ASYNC | RP_HOOK_EXCEPTION));
    cr_expect(s.layers[1].handles_exceptions);
    cr_expect(eq(dbl, s.layers[1].before.cpu.mean_ns, 20e3));
    cr_expect(eq(dbl, s.layers[1].before.wait.mean_ns, 1e6));
    cr_expect(eq(uint, s.layers[1].before.calls, 2));
    cr_expect(eq(sz, s.layers[1].before.resource, 0));
    cr_expect(eq(int, s.layers[1].after.cpu.shape, RP_SHAPE_LOGNORMAL),
              "a cv alone means the skewed shape of run times");
    cr_expect(eq(dbl, s.layers[1].after.cpu.cv, 0.5));
    rp_scenario_free(&s);
}

Test(scenario, views_resources_load_and_run_are_read)
{
    struct rp_scenario s = scenario_of(every_key);

    cr_expect(s.view_async);
    cr_expect(eq(int, s.outcome, RP_OUTCOME_TEMPLATE));
    cr_expect(eq(int, s.view.cpu.shape, RP_SHAPE_EXPONENTIAL));
    cr_expect(eq(dbl, s.view.cpu.cv, 1.0), "an exponential has no other");
    cr_expect(eq(int, s.view.wait.shape, RP_SHAPE_HYPEREXPONENTIAL));
    cr_expect(eq(dbl, s.view.wait.cv, 2.0));
    cr_expect(eq(uint, s.view.calls, 5));
    cr_expect(eq(sz, s.view.resource, 1));
    cr_assert(eq(sz, s.resource_count, 2));
    cr_expect(eq(str, s.resources[1].name, "cache"));
    cr_expect(eq(uint, s.resources[0].capacity, 10));
    cr_expect(eq(int, s.load.kind, RP_LOAD_OPEN));
    cr_expect(eq(dbl, s.load.rate_per_s, 10.0));
    cr_expect(eq(int, s.load.gap.shape, RP_SHAPE_GAMMA));
    cr_expect(eq(dbl, s.load.gap.cv, 1.5));
    cr_expect(eq(dbl, s.load.gap.mean_ns, 1e8));
    cr_expect(eq(dbl, s.run.duration_ns, 30e9));
    cr_expect(eq(ulong, s.run.requests, 0), "by time instead");
    cr_expect(not(s.run.warm_up_auto));
    cr_expect(eq(ulong, s.run.warm_up_requests, 50));
    cr_expect(eq(uint, s.run.replications, 7));
    cr_expect(eq(ulong, s.seed, UINT64_MAX));
    rp_scenario_free(&s);
    rp_scenario_free(&s);
    cr_expect(eq(ptr, s.layers, NULL));
}

Test(scenario, what_a_server_is_decides_its_threads_and_its_loop)
{
    static const struct {
        const char *text;
        unsigned threads;
        bool in_loop;
    } cases[] = {
        {"server: {kind: gunicorn}", 1, false},
        {"server: {kind: gthread}", 4, false},
        {"server: {kind: gthread, threads: 9}", 9, false},
        {"server: {kind: runserver}", 100, false},
        {"server: {kind: daphne}", 1, false},
        {"server: {kind: uvicorn}", 1, true},
        {"server: {kind: uvicorn, app_built_in_loop: false}", 1, false},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rp_scenario s = scenario_of(cases[i].text);

        cr_expect(eq(uint, s.server.threads, cases[i].threads), "%s",
                  cases[i].text);
        cr_expect(eq(int, s.server.app_built_in_loop, cases[i].in_loop), "%s",
                  cases[i].text);
        rp_scenario_free(&s);
    }
}

Test(scenario, arrivals_have_the_cv_of_their_process)
{
    static const struct {
        const char *text;
        enum rp_shape shape;
        double cv;
    } cases[] = {
        {"load: {kind: open, rate: 5/s}", RP_SHAPE_EXPONENTIAL, 1.0},
        {"load: {kind: open, rate: 5/s, process: poisson}",
         RP_SHAPE_EXPONENTIAL, 1.0},
        {"load: {kind: open, rate: 5/s, process: deterministic}",
         RP_SHAPE_CONSTANT, 0.0},
        {"load: {kind: open, rate: 5/s, process: hyperexponential, cv: 3}",
         RP_SHAPE_HYPEREXPONENTIAL, 3.0},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rp_scenario s = scenario_of(cases[i].text);

        cr_expect(eq(int, s.load.gap.shape, cases[i].shape), "%s",
                  cases[i].text);
        cr_expect(eq(dbl, s.load.gap.cv, cases[i].cv));
        cr_expect(eq(dbl, s.load.gap.mean_ns, 0.2e9));
        rp_scenario_free(&s);
    }
}

Test(scenario, a_duration_without_variation_is_constant)
{
    static const char *const texts[] = {
        "view: {cpu: 5ms}", "view: {cpu: {mean: 5ms}}",
        "view: {cpu: {mean: 5ms, cv: 0}}",
        "view: {cpu: {mean: 5ms, shape: constant}}",
        "view: {cpu: {mean: 5ms, shape: constant, cv: 0}}"};

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct rp_scenario s = scenario_of(texts[i]);

        cr_expect(eq(int, s.view.cpu.shape, RP_SHAPE_CONSTANT), "%s", texts[i]);
        cr_expect(eq(dbl, s.view.cpu.cv, 0.0));
        cr_expect(eq(dbl, s.view.cpu.mean_ns, 5e6));
        rp_scenario_free(&s);
    }
}

static const struct {
    const char *text, *sentence; /* what follows "s.yaml:" */
} mistakes[] = {
    {"server: {kidn: gunicorn}", "1:10: unknown key \"kidn\" in server; did "
                                 "you mean \"kind\"? (reqpath keys lists all)"},
    {"middlewares: []", "1:1: unknown key \"middlewares\"; did you mean "
                        "\"middleware\"? (reqpath keys lists all)"},
    {"server: {kind: gunicron}",
     "1:16: kind: found \"gunicron\"; did you mean \"gunicorn\"? (one of "
     "gunicorn, gthread, runserver, daphne, uvicorn)"},
    {"server: {kind: nginx}", "1:16: kind: found \"nginx\", expected gunicorn, "
                              "gthread, runserver, daphne or uvicorn"},
    {"server: {kind: gunicorn-sync}",
     "1:16: kind: found \"gunicorn-sync\", expected gunicorn, gthread, "
     "runserver, daphne or uvicorn"},
    {"server: gunicorn", "1:9: server: found \"gunicorn\", expected a mapping: "
                         "{key: value}, or indented \"key: value\" lines"},
    {"server: {workers: 4}", "1:10: unknown key \"workers\" in server; did you "
                             "mean \"processes\"? (reqpath keys lists all)"},
    {"server: {threads: 4}",
     "1:19: server.threads: found 4, but gunicorn has no worker threads; leave "
     "threads out, or choose gthread or runserver"},
    {"server: {kind: daphne, threads: 4}",
     "1:33: server.threads: found 4, but daphne has no worker threads: it "
     "serves from its loop; leave threads out, or choose gthread or runserver"},
    {"server: {kind: gthread, threads: 0}",
     "1:34: threads: found \"0\", expected a whole number from 1 to 10000"},
    {"server: {app_built_in_loop: true}",
     "1:29: server.app_built_in_loop: found true, but gunicorn speaks WSGI and "
     "has no loop; leave it out, or choose daphne or uvicorn"},
    {"server: {gil: yes}", "1:15: gil: found \"yes\", expected true or false"},
    {"server: {processes: -1}",
     "1:21: processes: found \"-1\", expected a whole number from 1 to 10000"},
    {"server: {processes: 2.5}",
     "1:21: processes: found \"2.5\", expected a whole number from 1 to 10000"},
    {"server: {processes: many}", "1:21: processes: found \"many\", expected a "
                                  "whole number from 1 to 10000"},
    {"server: {processes: 99999}", "1:21: processes: found \"99999\", expected "
                                   "a whole number from 1 to 10000"},
    {"host: {cores: 0}",
     "1:15: cores: found \"0\", expected a whole number from 1 to 4096"},
    {"framework: {version: 3}", "1:22: version: found \"3\", expected a "
                                "version, like 3.2 or 3.2.25, or main"},
    {"framework: {version: 3.0}",
     "1:12: framework: Django 3.0 runs no middleware async: the first version "
     "that can be compiled is 3.1"},
    {"framework: {name: flask}",
     "1:12: framework: no request path is known for framework \"flask\": only "
     "django has one"},
    {"framework: {asgiref: 2.9}",
     "1:12: framework: asgiref 2.9 is older than 3.2, the first that Django's "
     "async path was made for"},
    {"framework: {path: duel}", "1:19: path: found \"duel\"; did you mean "
                                "\"dual\"? (one of dual, unified, single)"},
    {"framework: {version: [3, 2]}",
     "1:22: version: found a list, expected text on one line"},
    {"view: {cpu: 5}",
     "1:13: cpu: found \"5\" without a unit; write 5ms, 5us or 5s"},
    {"view: {cpu: 5 sec}",
     "1:13: cpu: found \"5 sec\" with the unknown unit \"sec\"; did you mean "
     "\"s\"? (units are ns, us, ms, s, min or h)"},
    {"view: {cpu: -5ms}",
     "1:13: cpu: found \"-5ms\"; a duration cannot be negative"},
    {"view: {cpu: 2h}", "1:13: cpu: found \"2h\", expected 0ms .. 1h"},
    {"view: {cpu: {mean: 5ms, cv: -1}}",
     "1:29: cv: found \"-1\", expected a number from 0 to 20"},
    {"view: {cpu: {mean: 5ms, shape: gamma}}",
     "1:13: cpu: shape gamma needs the key \"cv\", its standard deviation by "
     "its mean; write cv: 1.5"},
    {"view: {cpu: {mean: 5ms, shape: exponential, cv: 2}}",
     "1:13: view.cpu: the cv of an exponential is 1, found 2; leave it out, or "
     "choose gamma or lognormal"},
    {"view: {cpu: {mean: 5ms, shape: constant, cv: 2}}",
     "1:13: view.cpu: a constant has no cv, found 2; leave the cv out, or "
     "choose another shape"},
    {"view: {cpu: {mean: 5ms, shape: hyperexponential, cv: 0.5}}",
     "1:13: view.cpu: a hyperexponential has a cv of more than 1, found 0.5; "
     "choose gamma for less"},
    {"view: {cpu: {cv: 1}}",
     "1:13: the key \"mean\" is missing here; write \"mean: ...\""},
    {"view: {cpu: {mean: 5ms, shap: gamma}}",
     "1:25: unknown key \"shap\" in a duration; did you mean \"shape\"? "
     "(reqpath keys lists all)"},
    {"view: {cpu: [5ms]}",
     "1:13: cpu: found a list, expected a duration, like 12ms or 3.5us"},
    {"view: {kind: hybrid}",
     "1:14: kind: found \"hybrid\", expected sync or async"},
    {"view: {wait: }",
     "1:14: wait: found nothing, expected a duration, like 12ms or 3.5us"},
    {"view: {outcome: 500}", "1:17: outcome: found \"500\"; did you mean "
                             "\"raise\"? (one of ok, template, raise, 404)"},
    {"view: {outcome: exception}",
     "1:17: outcome: found \"exception\"; did you mean \"raise\"? (one of ok, "
     "template, raise, 404)"},
    {"view: {calls: 3}", "1:15: calls: there is no wait that it could belong "
                         "to; write wait: 5ms beside it, or leave it out"},
    {"view: {wait: 5ms, uses: db}",
     "1:25: uses: no resource is called \"db\"; declare it: resources: [{name: "
     "db, capacity: 10}]"},
    {"resources: [{name: database, capacity: 3}]\nview: {wait: 5ms, uses: "
     "databse}",
     "2:25: uses: no resource is called \"databse\"; did you mean "
     "\"database\"?"},
    {"view: {uses: db}", "1:14: uses: there is no wait that it could belong "
                         "to; write wait: 5ms beside it, or leave it out"},
    {"resources: [{name: db}]",
     "1:13: the key \"capacity\" is missing here; write \"capacity: ...\""},
    {"resources: [{name: db, capacity: 0}]",
     "1:34: capacity: found \"0\", expected a whole number from 1 to 1000000"},
    {"resources: {db: 10}", "1:12: resources: found a mapping, expected a "
                            "list: [a, b], or lines that begin with \"- \""},
    {"resources: [{name: db, capacity: 1}, {name: db, capacity: 2}]",
     "1:45: resources[1].name: \"db\" is the name of resources[0] already; "
     "each name stands once"},
    {"middleware: {name: a, kind: sync}",
     "1:13: middleware: found a mapping, expected a list: [a, b], or lines "
     "that begin with \"- \""},
    {"middleware: [auth]", "1:14: found \"auth\", expected a mapping: {key: "
                           "value}, or indented \"key: value\" lines"},
    {"middleware: [{kind: sync}]",
     "1:14: the key \"name\" is missing here; write \"name: ...\""},
    {"middleware: [{name: a}]",
     "1:14: the key \"kind\" is missing here; write \"kind: ...\""},
    {"middleware: [{name: a, kind: synch}]",
     "1:30: kind: found \"synch\"; did you mean \"sync\"? (one of sync, async, "
     "hybrid, mixin)"},
    {"middleware: [{name: a, kind: async, hooks: [process_request]}]",
     "1:44: middleware[0].hooks: process_request belongs to MiddlewareMixin, "
     "but the layer is async; write kind: mixin, or leave the hook out"},
    {"middleware: [{name: a, kind: sync, hooks: [process_response]}]",
     "1:43: middleware[0].hooks: process_response belongs to MiddlewareMixin, "
     "but the layer is sync; write kind: mixin, or leave the hook out"},
    {"middleware: [{name: a, kind: mixin, hooks: []}]",
     "1:44: middleware[0].hooks: a mixin without hooks does nothing; name one, "
     "or leave hooks out for process_request and process_response"},
    {"middleware: [{name: a, kind: mixin, hooks: [process_reqest]}]",
     "1:45: hooks: found \"process_reqest\"; did you mean \"process_request\"? "
     "(one of process_request, process_response, process_view, "
     "process_view_async, process_template_response, "
     "process_template_response_async, process_exception, "
     "process_exception_async)"},
    {"middleware: [{name: a, kind: hybrid, hooks: process_view}]",
     "1:45: hooks: found \"process_view\", expected a list: [a, b], or lines "
     "that begin with \"- \""},
    {"middleware: [{name: a, kind: hybrid, hooks: [process_view, "
     "process_view]}]",
     "1:60: hooks: \"process_view\" is there twice; leave one out"},
    {"middleware: [{name: a, kind: hybrid, hooks: [process_view, "
     "process_view_async]}]",
     "1:45: middleware[0].hooks: a class has one process_view, sync or async; "
     "leave one out"},
    {"middleware: [{name: a, kind: sync, handles_exceptions: true}]",
     "1:56: middleware[0].handles_exceptions: found true, but the layer has no "
     "process_exception; add it to hooks, or leave this out"},
    {"middleware: [{name: a, kind: sync}, {name: a, kind: async}]",
     "1:44: middleware[1].name: \"a\" is the name of middleware[0] already; "
     "each name stands once"},
    {"middleware: [{name: a, kind: sync, before: 3ms}]",
     "1:44: before: found \"3ms\", expected a mapping: {key: value}, or "
     "indented \"key: value\" lines"},
    {"middleware: [{name: a, kind: sync, before: {cpu: 3ms}, cpu: 1ms}]",
     "1:56: unknown key \"cpu\" in middleware[]; it belongs in "
     "middleware[].before, or middleware[].after, or view, or requests[].view "
     "(reqpath keys lists "
     "all)"},
    {"middleware: [{name: a, kind: sync, after: {calls: 2}}]",
     "1:51: calls: there is no wait that it could belong to; write wait: 5ms "
     "beside it, or leave it out"},
    {"load: {rate: 100/s}", "1:8: rate belongs to an open load, but this one "
                            "is closed; leave it out, or write kind: open"},
    {"load: {kind: open}",
     "1:7: the key \"rate\" is missing here; write \"rate: ...\""},
    {"load: {kind: open, rate: -5/s}",
     "1:26: rate: found \"-5/s\"; a rate cannot be negative"},
    {"load: {kind: open, rate: 0/s}",
     "1:26: rate: found \"0/s\", expected more than 0/s, to 10000000/s"},
    {"load: {kind: open, rate: 1e-300/s}",
     "1:26: load.rate: found less than one request in 1000h; write a higher "
     "rate"},
    {"load: {kind: open, rate: 500}",
     "1:26: rate: found \"500\", which is not a rate; expected a number and a "
     "unit, like 900/s or 5000/min"},
    {"load: {kind: open, rate: 5/s, clients: 5}",
     "1:31: clients belongs to a closed load, but this one is open; leave it "
     "out, or write kind: closed"},
    {"load: {kind: open, rate: 5/s, client: ab}",
     "1:31: client belongs to a closed load, but this one is open; leave it "
     "out, or write kind: closed"},
    {"load: {kind: open, rate: 5/s, process: gamma}",
     "1:40: process: gamma needs the key \"cv\", the gaps' standard deviation "
     "by their mean; write cv: 2"},
    {"load: {kind: open, rate: 5/s, cv: 3}",
     "1:35: cv: the gaps of this process have a cv of 1; leave it out, or "
     "write process: gamma"},
    {"load: {kind: open, rate: 5/s, process: poison}",
     "1:40: process: found \"poison\"; did you mean \"poisson\"? (one of "
     "poisson, deterministic, gamma, hyperexponential, mmpp)"},
    {"load: {kind: open, rate: 5/s, process: exponential}",
     "1:40: process: found \"exponential\"; did you mean \"poisson\"? (one of "
     "poisson, deterministic, gamma, hyperexponential, mmpp)"},
    {"load: {kind: open, rate: 5/s, process: hyperexponential, cv: 0.5}",
     "1:62: load.cv: a hyperexponential has a cv of more than 1, found 0.5; "
     "choose gamma for less"},
    {"load: {kind: open, rate: 99999999/s}",
     "1:26: rate: found \"99999999/s\", expected more than 0/s, to 10000000/s"},
    {"load: {clients: 0}",
     "1:17: clients: found \"0\", expected a whole number from 1 to 100000"},
    {"load: {concurrency: 8}",
     "1:8: unknown key \"concurrency\" in load; did you mean \"clients\"? "
     "(reqpath keys lists all)"},
    {"load: {client: wrk}",
     "1:16: client: found \"wrk\", expected ideal or ab"},
    {"load: {users: 5}", "1:8: unknown key \"users\" in load; did you mean "
                         "\"clients\"? (reqpath keys lists all)"},
    {"load: {think: 30h}", "1:15: think: found \"30h\", expected 0ms .. 24h"},
    {"host: {quantum: 5ms}",
     "1:17: quantum: nobody takes turns under scheduling run-to-completion; "
     "leave it out, or write scheduling: quantum"},
    {"host: {scheduling: quantum, quantum: 1us}",
     "1:38: quantum: found \"1us\", expected 10us .. 60s"},
    {"host: {scheduling: ps}",
     "1:20: scheduling: found \"ps\"; did you mean \"sharing\"? (one of "
     "run-to-completion, sharing, quantum)"},
    {"server: {queue: priority}",
     "1:17: server.queue: found priority, but there is one class of requests "
     "only; name several under requests, or leave queue out"},
    {"server: {backlog: 0}", "1:19: backlog: found \"0\", expected a whole "
                             "number from 1 to 1000000"},
    {"server: {backlog: 4}\nload: {clients: 5}",
     "1:19: server.backlog: 5 clients that are turned away would ask again at "
     "the same instant, without end; give load.think or load.retries, or leave "
     "backlog out"},
    {"load: {retries: 2}",
     "1:17: load.retries: found 2, but nobody leaves or is turned away who "
     "could try again; give load.timeout or server.backlog, or leave retries "
     "out"},
    {"load: {timeout: 1s, retries: 17}",
     "1:30: retries: found \"17\", expected a whole number from 0 to 16"},
    {"load: {timeout: 1s, backoff: 1s}",
     "1:30: backoff: nobody tries again; leave it out, or write retries: 3"},
    {"load: {timeout: 1s, retries: 1, backoff: 0ms}",
     "1:42: load.backoff: who tries again at once finds what was there before; "
     "write backoff: 100ms"},
    {"requests: []",
     "1:11: requests: the list is empty; name a class, or leave "
     "it out and write view"},
    {"requests: [{name: a}]\nview: {cpu: 1ms}",
     "2:7: view: each of the requests has its own view; move it into them, or "
     "leave requests out"},
    {"requests: [{name: a}, {name: a}]",
     "1:30: requests[1].name: \"a\" is the name of requests[0] already; each "
     "name stands once"},
    {"requests: [{name: a, share: 0}, {name: b, share: 0}]",
     "1:11: requests: all shares are 0, so nothing is ever asked for; give one "
     "of them a share of more than 0"},
    {"requests: [{name: a, share: -1}]",
     "1:29: share: found \"-1\", expected a number from 0 to 100000"},
    {"requests: [{name: a, priority: 8}]",
     "1:32: priority: found \"8\", expected a whole number from 0 to 7"},
    {"requests: [{name: a, priority: 3}, {name: b}]",
     "1:32: requests[0].priority: found 3, but nobody looks at priorities in a "
     "queue that is fifo; write server: {queue: priority}, or leave it out"},
    {"requests: [{name: a, view: {calls: 3}}]",
     "1:36: calls: there is no wait that it could belong to; write wait: 5ms "
     "beside it, or leave it out"},
    {"requests: [{name: a, weight: 3}]",
     "1:22: unknown key \"weight\" in requests[]; did you mean \"share\"? "
     "(reqpath keys lists all)"},
    {"run: {requests: 0}", "1:17: requests: found \"0\", expected a whole "
                           "number from 1 to 1000000000"},
    {"run: {duration: 5s, requests: 5}",
     "1:17: duration: the run has \"requests\" already; the length is one or "
     "the other, leave one out"},
    {"run: {duration: 0s}",
     "1:17: duration: found \"0s\", expected 1ns .. 1000h"},
    {"run: {warm_up: soon}", "1:16: warm_up: found \"soon\", expected auto, or "
                             "so many requests, 0 .. 1000000000"},
    {"run: {warm_up: [auto]}",
     "1:16: warm_up: found a list, expected one value"},
    {"run: {replications: 0}", "1:21: replications: found \"0\", expected a "
                               "whole number from 1 to 10000"},
    {"run: {precision: 2}", "1:18: precision: found \"2\", expected a "
                            "percentage, like 2% or 0.5%"},
    {"run: {precision: 60%}",
     "1:18: precision: found \"60%\", expected 0.01% .. 50%"},
    {"run: {precision: 1%, precision_of: p99}",
     "1:36: precision_of: found \"p99\"; did you mean \"p99_ms\"? (one of rps, "
     "mean_ms, p50_ms, p90_ms, p95_ms, p99_ms)"},
    {"run: {precision_of: rps}",
     "1:21: precision_of: says nothing without the key \"precision\"; add "
     "precision: 2%, or leave it out"},
    {"run: {max_replications: 50}",
     "1:25: max_replications: says nothing without the key \"precision\"; add "
     "precision: 2%, or leave it out"},
    {"run: {precision: 2%, replications: 200}",
     "1:36: run.replications: 200 are more than run.max_replications, 100; "
     "raise that"},
    {"run: {warmup: 5}", "1:7: unknown key \"warmup\" in run; did you mean "
                         "\"warm_up\"? (reqpath keys lists all)"},
    {"seed: -1", "1:7: seed: found \"-1\", expected a whole number from 0 to "
                 "18446744073709551615"},
    {"seed: 18446744073709551616",
     "1:7: seed: found \"18446744073709551616\", expected a whole number from "
     "0 to 18446744073709551615"},
    {"cores: 4",
     "1:1: unknown key \"cores\"; it belongs in host (reqpath keys lists all)"},
    {"clients: 5", "1:1: unknown key \"clients\"; it belongs in load (reqpath "
                   "keys lists all)"},
    {"mean: 5ms", "1:1: unknown key \"mean\"; it belongs in a duration "
                  "(reqpath keys lists all)"},
    {"name: []", "1:7: name: found a list, expected text on one line"},
    {"name: \"\"", "1:7: name: found \"\", expected text on one line"},
    {"[a, b]", "1:1: found a list, expected a mapping: {key: value}, or "
               "indented \"key: value\" lines"},
    {"just text", "1:1: found \"just text\", expected a mapping: {key: value}, "
                  "or indented \"key: value\" lines"},
    {"server:{kind: gunicorn}",
     "1:1: unknown key \"server:{kind\"; put a blank after the colon (reqpath "
     "keys lists all)"},
    {"server:\n\tkind: gunicorn", "2:1: found a tab; indent with spaces"},
    {"a: &x 1\nb: *x", "1:4: anchors (\"&\") and aliases (\"*\") are not read "
                       "here; write the value out, or put it in quotes"},
    {"seed: 1\nseed: 2", "2:1: the key \"seed\" was given already in line 1, "
                         "column 1; keep one of the two"},
    {"server:\n  kind: gunicorn\n    threads: 4",
     "3:12: found \":\" where none was expected; put a value with \": \" in "
     "quotes, and check the indent of this line and the colon of the one "
     "before"},
    {"view:\n- kind: async",
     "2:1: view: found a list, expected a mapping: {key: value}, or indented "
     "\"key: value\" lines"},
};

Test(scenario, each_class_of_requests_has_a_view_of_its_own)
{
    static const char text[] =
        "resources: [{name: db, capacity: 2}]\n"
        "server: {queue: priority}\n"
        "requests:\n"
        "- {name: page, share: 3, view: {kind: async, cpu: 1ms}}\n"
        "- {name: report, priority: 2,\n"
        "   view: {outcome: template, wait: 9ms, uses: db}}\n";
    struct rp_scenario s = {0}, seen;
    struct rp_error error = {0};

    cr_assert(eq(int,
                 rp_scenario_read_text(text, strlen(text), "s", &s, &error),
                 RP_OK),
              "%s", error.text);
    cr_assert(eq(sz, rp_scenario_class_count(&s), 2));
    cr_expect(eq(str, (char *)rp_scenario_class_name(&s, 1), "report"));
    cr_expect(eq(dbl, s.classes[0].share, 3.0));
    cr_expect(eq(dbl, s.classes[1].share, 1.0));
    cr_expect(eq(uint, s.classes[1].priority, 2));
    cr_expect(eq(int, s.view_async, true), "the first is seen by all");
    seen = rp_scenario_of_class(&s, 1);
    cr_expect(eq(int, seen.view_async, false));
    cr_expect(eq(int, (int)seen.outcome, RP_OUTCOME_TEMPLATE));
    cr_expect(eq(dbl, seen.view.wait.mean_ns, 9e6));
    cr_expect(eq(sz, seen.view.resource, 0));
    rp_scenario_free(&s);
}

Test(scenario, every_mistake_is_named_with_its_place_and_what_to_do)
{
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++)
        expect_mistake(mistakes[i].text, mistakes[i].sentence);
}

Test(scenario, a_file_that_is_none_is_an_error)
{
    struct rp_scenario s = {.seed = 77};
    struct rp_error error = {0};

    cr_expect(
        eq(int, rp_scenario_read("/nowhere.yaml", &s, &error), RP_ERR_IO));
    cr_expect(strncmp(error.text, "/nowhere.yaml: ", 15) == 0, "%s",
              error.text);
    cr_expect(eq(int, rp_scenario_read("/", &s, &error), RP_ERR_IO));
    cr_expect(strstr(error.text, "directory") != NULL, "%s", error.text);
    cr_expect(eq(ulong, s.seed, 77), "untouched on failure");
}

Test(scenario, more_layers_than_can_be_compiled_are_not_read)
{
    enum { LAYERS = 1001, ROOM = 32 };
    char *const text = calloc(LAYERS + 1, ROOM);
    struct rp_scenario s = {0};
    struct rp_error error = {0};
    size_t used = 0;

    cr_assert(text != NULL);
    used += (size_t)sprintf(text, "middleware:\n");
    for (int i = 0; i < LAYERS; i++)
        used += (size_t)sprintf(text + used, "- {name: l%d, kind: sync}\n", i);
    cr_expect(eq(int, rp_scenario_read_text(text, used, "s.yaml", &s, &error),
                 RP_ERR_VALUE));
    cr_expect(eq(str, error.text,
                 "s.yaml:2:1: middleware: found 1001 entries, at most 1000 are "
                 "read"));
    free(text);
}

/* ---- Letters ---- */

Test(scenario, letters_are_layers_outermost_first)
{
    static const struct {
        enum rp_layer_kind kind;
        unsigned hooks;
        bool handles;
        const char *name;
    } wanted[] = {
        {RP_LAYER_SYNC, 0, false, "S1"},
        {RP_LAYER_ASYNC, 0, false, "A2"},
        {RP_LAYER_HYBRID, 0, false, "H3"},
        {RP_LAYER_MIXIN, RP_HOOK_REQUEST | RP_HOOK_RESPONSE, false, "M4"},
        {RP_LAYER_MIXIN, RP_HOOK_REQUEST, false, "R5"},
        {RP_LAYER_MIXIN, RP_HOOK_RESPONSE, false, "P6"},
        {RP_LAYER_HYBRID, RP_HOOK_VIEW, false, "V7"},
        {RP_LAYER_HYBRID, RP_HOOK_VIEW_ASYNC, false, "v8"},
        {RP_LAYER_HYBRID, RP_HOOK_TEMPLATE, false, "T9"},
        {RP_LAYER_HYBRID, RP_HOOK_TEMPLATE_ASYNC, false, "t10"},
        {RP_LAYER_HYBRID, RP_HOOK_EXCEPTION, false, "X11"},
        {RP_LAYER_HYBRID, RP_HOOK_EXCEPTION_ASYNC, false, "x12"},
        {RP_LAYER_HYBRID, RP_HOOK_EXCEPTION, true, "Y13"},
        {RP_LAYER_HYBRID, RP_HOOK_EXCEPTION_ASYNC, true, "y14"},
    };
    struct rp_scenario s = scenario_of("middleware: [{name: a, kind: sync}]");
    struct rp_error error = {0};

    cr_assert(eq(int,
                 rp_scenario_set_letters(&s, "S A\tHMRP Vv TtXxYy ", &error),
                 RP_OK));
    cr_assert(eq(sz, s.layer_count, sizeof wanted / sizeof *wanted));
    for (size_t i = 0; i < s.layer_count; i++) {
        cr_expect(eq(int, s.layers[i].kind, wanted[i].kind));
        cr_expect(eq(uint, s.layers[i].hooks, wanted[i].hooks));
        cr_expect(eq(int, s.layers[i].handles_exceptions, wanted[i].handles));
        cr_expect(eq(str, s.layers[i].name, (char *)wanted[i].name));
        cr_expect(eq(chr, rp_layer_letter(&s.layers[i]), wanted[i].name[0]));
    }
    s.layers[0].hooks = RP_HOOK_VIEW;
    cr_expect(eq(chr, rp_layer_letter(&s.layers[0]), '\0'), "none has it");
    s.layers[0].hooks = 0;
    cr_expect(eq(int, rp_scenario_check(&s, &error), RP_OK), "%s", error.text);
    cr_assert(eq(int, rp_scenario_set_letters(&s, "none", &error), RP_OK));
    cr_expect(eq(sz, s.layer_count, 0));
    rp_scenario_free(&s);
}

Test(scenario, an_unknown_letter_leaves_the_layers_as_they_were)
{
    static const struct {
        const char *letters, *sentence;
    } cases[] = {
        {"SQA", "unknown letter \"Q\" in the stack \"SQA\"; letters are S A H "
                "M R P V v T t X x Y y, or none"},
        {"S,A", "unknown letter \",\" in the stack \"S,A\"; letters are S A H "
                "M R P V v T t X x Y y, or none"},
        {"\xC3\xA9", "unknown letter \"?\" in the stack \"\xC3\xA9\"; letters "
                     "are S A H M R P V v T t X x Y y, or none"},
    };
    struct rp_scenario s = scenario_of("middleware: [{name: a, kind: sync}]");

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rp_error error = {0};

        cr_expect(eq(int, rp_scenario_set_letters(&s, cases[i].letters, &error),
                     RP_ERR_VALUE));
        cr_expect(eq(str, error.text, (char *)cases[i].sentence));
        cr_expect(eq(sz, s.layer_count, 1));
        cr_expect(eq(str, s.layers[0].name, "a"));
    }
    rp_scenario_free(&s);
}

/* ---- Words and versions ---- */

Test(scenario, words_are_read_back_as_what_they_stand_for)
{
    enum rp_server_kind server;
    enum rp_path path;
    enum rp_outcome outcome;

    for (unsigned i = RP_SERVER_GUNICORN; i <= RP_SERVER_UVICORN; i++) {
        cr_assert(
            rp_server_parse(rp_server_word((enum rp_server_kind)i), &server));
        cr_expect(eq(uint, server, i));
    }
    for (unsigned i = RP_PATH_DUAL; i <= RP_PATH_SINGLE; i++) {
        cr_assert(rp_path_parse(rp_path_word((enum rp_path)i), &path));
        cr_expect(eq(uint, path, i));
    }
    for (unsigned i = RP_OUTCOME_OK; i <= RP_OUTCOME_404; i++) {
        cr_assert(
            rp_outcome_parse(rp_outcome_word((enum rp_outcome)i), &outcome));
        cr_expect(eq(uint, outcome, i));
    }
    cr_expect(not(rp_server_parse("Gunicorn", &server)));
    cr_expect(not(rp_path_parse("", &path)));
    cr_expect(not(rp_outcome_parse("200", &outcome)));
    cr_expect(eq(str, (char *)rp_layer_word(RP_LAYER_MIXIN), "mixin"));
    cr_expect(eq(str, (char *)rp_shape_word(RP_SHAPE_GAMMA), "gamma"));
    cr_expect(eq(str, (char *)rp_client_word(RP_CLIENT_AB), "ab"));
    cr_expect(rp_server_is_asgi(RP_SERVER_DAPHNE));
    cr_expect(not(rp_server_is_asgi(RP_SERVER_RUNSERVER)));
    cr_expect(rp_server_builds_in_loop(RP_SERVER_UVICORN));
    cr_expect(not(rp_server_builds_in_loop(RP_SERVER_DAPHNE)));
}

/* sched_base_slice_ns of Linux: 0.75 ms on one CPU, 1.5 on two and three, 3
 * from eight on. concurrent.futures has four threads more than CPUs, 32 at
 * most. */
Test(scenario, what_the_machine_has_sets_slices_and_pools)
{
    static const struct {
        unsigned cores, cpus, counted, threads;
        uint64_t slice_ns;
    } cases[] = {{1, 1, 1, 5, 750000},    {1, 2, 2, 6, 1500000},
                 {3, 2, 3, 7, 1500000},   {2, 4, 4, 8, 2250000},
                 {1, 8, 8, 12, 3000000},  {64, 2, 64, 32, 3000000},
                 {1, 27, 27, 31, 3000000}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct rp_scenario s = {.cores = cases[i].cores,
                                      .cpus = cases[i].cpus};

        cr_expect(eq(uint, rp_scenario_cpus(&s), cases[i].counted));
        cr_expect(eq(uint, rp_scenario_pool_threads(&s), cases[i].threads));
        cr_expect(eq(u64, rp_scenario_slice_ns(&s), cases[i].slice_ns));
    }
}
