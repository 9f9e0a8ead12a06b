/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "theory.h"

#include "sim/interval.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

static const double ms = 1e6;

/* ---- Measures: milliseconds, shares, things ---- */

static double response_of(const struct rp_replication *r, size_t class_index)
{
    const struct rp_class_stats *const c = &r->classes[class_index];

    return c->response_ns / (double)c->answered / ms;
}

static double response(const struct rp_replication *r)
{
    return response_of(r, 0);
}

static double response_second(const struct rp_replication *r)
{
    return response_of(r, 1);
}

static double turned_away(const struct rp_replication *r)
{
    return (double)r->classes[0].turned_away / (double)r->arrived;
}

static double left(const struct rp_replication *r)
{
    return (double)r->classes[0].left / (double)r->arrived;
}

static double queue_length(const struct rp_replication *r)
{
    return r->stations[0].queue_ns / r->span_ns;
}

static double throughput(const struct rp_replication *r)
{
    return (double)r->answered / (r->span_ns / ms);
}

static double mean_wait(const struct rp_replication *r)
{
    return r->stations[0].queue_ns / (double)r->stations[0].visits / ms;
}

/* ---- Networks ---- */

static struct rp_duration exponential(double mean_ms)
{
    return (struct rp_duration){RP_SHAPE_EXPONENTIAL, mean_ms * ms, 1.0};
}

static struct rp_duration of_shape(enum rp_shape shape, double mean_ms,
                                   double cv)
{
    return (struct rp_duration){shape, mean_ms * ms, cv};
}

static void take_hold_give(struct rp_network *net, size_t station,
                           const struct rp_duration *time, const char *purpose)
{
    rp_network_take(net, station);
    rp_network_own(net, rp_network_kind(net, "work"), time, purpose);
    rp_network_hold(net);
    rp_network_give(net, station);
}

/* Arrivals, one station, answers: class by class. */
static void add_customers(struct rp_network *net, struct rp_duration gap,
                          struct rp_duration service)
{
    rp_network_open(net, "customers", &gap);
    rp_network_arrive(net);
    take_hold_give(net, 0, &service, "service");
    rp_network_answer(net);
}

static struct rp_network queue(struct rp_duration gap,
                               struct rp_duration service, unsigned servers)
{
    struct rp_network net = {0};

    (void)rp_network_station(&net, "server", servers, false);
    add_customers(&net, gap, service);
    return net;
}

/* The same, served by a station that shares or takes turns. */
static struct rp_network shared(struct rp_duration gap,
                                struct rp_duration service, unsigned servers,
                                uint64_t quantum_ns)
{
    struct rp_network net = {0};

    (void)rp_network_station(&net, "server", servers, false);
    rp_network_discipline(
        &net, 0, quantum_ns ? RP_DISCIPLINE_QUANTUM : RP_DISCIPLINE_SHARING,
        quantum_ns);
    rp_network_open(&net, "customers", &gap);
    rp_network_arrive(&net);
    rp_network_own(&net, rp_network_kind(&net, "work"), &service, "service");
    rp_network_serve(&net, 0);
    rp_network_answer(&net);
    return net;
}

static void add_clients(struct rp_network *net, unsigned clients,
                        struct rp_duration think)
{
    rp_network_closed(net, "clients", clients);
    rp_network_own(net, rp_network_kind(net, "think"), &think, "think");
    rp_network_hold(net);
    rp_network_arrive(net);
}

/* ---- The list ---- */

struct list {
    struct theory *cases;
    size_t count;
};

static struct theory *add(struct list *list, const char *name,
                          struct rp_network network,
                          double (*measure)(const struct rp_replication *),
                          double expected)
{
    struct theory *const t = &list->cases[list->count++];

    *t = (struct theory){.name = name,
                         .network = network,
                         .measure = measure,
                         .low = expected,
                         .high = expected,
                         .requests = 20000};
    return t;
}

/* ---- Open queues ---- */

/* Erlang's B, the share that is lost, for load `a` in erlangs. */
static double erlang_b(unsigned c, double a)
{
    double b = 1.0;

    for (unsigned k = 1; k <= c; k++)
        b = a * b / (k + a * b);
    return b;
}

/* Erlang's C, the share that waits. */
static double erlang_c(unsigned c, double a)
{
    const double b = erlang_b(c, a);

    return c * b / (c - a * (1.0 - b));
}

static void add_erlang_c(struct list *list)
{
    static const struct {
        const char *name;
        unsigned servers;
        double load;
    } cases[] = {{"M/M/1 at 0.5", 1, 0.5},
                 {"M/M/1 at 0.9", 1, 0.9},
                 {"M/M/2 at 0.8", 2, 0.8},
                 {"M/M/8 at 0.9", 8, 0.9},
                 {"M/M/40 at 0.7", 40, 0.7}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const unsigned c = cases[i].servers;
        const double load = cases[i].load;
        const double waits = erlang_c(c, c * load);

        add(list, cases[i].name,
            queue(exponential(5.0 / (c * load)), exponential(5.0), c), response,
            5.0 + waits * 5.0 / (c * (1.0 - load)));
    }
    add(list, "Erlang C: queue of M/M/4 at 0.8",
        queue(exponential(1.0 / 3.2), exponential(1.0), 4), queue_length,
        erlang_c(4, 3.2) * 0.8 / 0.2);
}

/* Losses depend on the mean service alone. */
static void add_erlang_b(struct list *list)
{
    struct rp_network net = queue(exponential(1.0 / 4.0), exponential(1.0), 5);

    rp_network_backlog(&net, 0, 0);
    add(list, "Erlang B: 5 servers, 4 erlangs", net, turned_away,
        erlang_b(5, 4.0));
    net = queue(exponential(1.0 / 4.0), of_shape(RP_SHAPE_LOGNORMAL, 1.0, 1.5),
                5);
    rp_network_backlog(&net, 0, 0);
    add(list, "Erlang B, lognormal service", net, turned_away,
        erlang_b(5, 4.0));
}

/* At most K in the system: the geometric law, cut off. */
static void add_limited(struct list *list)
{
    enum { K = 5 };
    const double load = 0.9;
    double all = 0.0, length = 0.0, full = 0.0;
    struct rp_network net;

    for (unsigned n = 0; n <= K; n++) {
        full = pow(load, n);
        all += full;
        length += n * full;
    }
    full /= all;
    length /= all;
    for (unsigned i = 0; i < 2; i++) {
        net = queue(exponential(1.0 / load), exponential(1.0), 1);
        rp_network_backlog(&net, 0, K - 1);
        if (i == 0)
            add(list, "M/M/1/5: turned away", net, turned_away, full);
        else
            add(list, "M/M/1/5: response", net, response,
                length / (load * (1.0 - full)));
    }
}

/* Pollaczek and Khinchine: W = rho S (1 + cv^2) / (2 (1 - rho)). */
static void add_general_service(struct list *list)
{
    static const struct {
        const char *name;
        enum rp_shape shape;
        double cv;
    } cases[] = {
        {"M/D/1 at 0.7", RP_SHAPE_CONSTANT, 0.0},
        {"M/G/1 at 0.7, lognormal", RP_SHAPE_LOGNORMAL, 1.2},
        {"M/G/1 at 0.7, gamma", RP_SHAPE_GAMMA, 0.5},
        {"M/G/1 at 0.7, hyperexponential", RP_SHAPE_HYPEREXPONENTIAL, 2.0},
    };
    const double load = 0.7;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const double cv = cases[i].cv;

        add(list, cases[i].name,
            queue(exponential(2.0 / load), of_shape(cases[i].shape, 2.0, cv),
                  1),
            response, 2.0 + load * (1.0 + cv * cv) / (1.0 - load));
    }
}

/* Kingman's upper bound of the wait (1962) and Marchal's lower one (1978):
 * lambda (sa^2 + ss^2) / (2 (1 - rho)) and
 * (lambda^2 ss^2 + rho (rho - 2)) / (2 lambda (1 - rho)). */
static void add_bounds(struct list *list)
{
    const double rate = 0.8, cv_gap = 0.5, cv_service = 3.0;
    const double sa = cv_gap / rate, ss = cv_service;
    struct theory *const t =
        add(list, "G/G/1 at 0.8: bounds of the wait",
            queue(of_shape(RP_SHAPE_GAMMA, 1.0 / rate, cv_gap),
                  of_shape(RP_SHAPE_HYPEREXPONENTIAL, 1.0, cv_service), 1),
            mean_wait, 0.0);

    t->requests = 40000;
    t->high = rate * (sa * sa + ss * ss) / (2.0 * (1.0 - rate));
    t->low = (rate * rate * ss * ss + rate * (rate - 2.0)) /
             (2.0 * rate * (1.0 - rate));
}

/* Cobham (1954): nobody is interrupted; with W0 the work that is found in
 * service, W1 = W0 / (1 - r1), W2 = W0 / ((1 - r1) (1 - r1 - r2)). */
static void add_priorities(struct list *list)
{
    const double rate[2] = {0.3, 0.25}, service[2] = {1.0, 2.0};
    const double r1 = rate[0] * service[0], r2 = rate[1] * service[1];
    const double w0 =
        rate[0] * service[0] * service[0] + rate[1] * service[1] * service[1];

    for (unsigned i = 0; i < 2; i++) {
        struct rp_network net =
            queue(exponential(1.0 / rate[0]), exponential(service[0]), 1);

        rp_network_priority(&net, 2);
        add_customers(&net, exponential(1.0 / rate[1]),
                      exponential(service[1]));
        rp_network_priority(&net, 5);
        rp_network_discipline(&net, 0, RP_DISCIPLINE_PRIORITY, 0);
        if (i == 0)
            add(list, "M/M/1 with priorities: first", net, response,
                service[0] + w0 / (1.0 - r1));
        else
            add(list, "M/M/1 with priorities: second", net, response_second,
                service[1] + w0 / ((1.0 - r1) * (1.0 - r1 - r2)));
    }
}

/* Of processor sharing only the mean service matters; a quantum changes
 * nothing where services are memoryless, and is sharing where it is small. */
static void add_sharing(struct list *list)
{
    const double load = 0.7, fair = 1.0 / (1.0 - load);
    const struct rp_duration gap = exponential(1.0 / load);
    const struct rp_duration spread = of_shape(RP_SHAPE_LOGNORMAL, 1.0, 1.5);
    struct theory *t;

    add(list, "M/M/1-PS at 0.7", shared(gap, exponential(1.0), 1, 0), response,
        fair);
    add(list, "M/G/1-PS at 0.7, lognormal", shared(gap, spread, 1, 0), response,
        fair);
    add(list, "M/D/1-PS at 0.7",
        shared(gap, of_shape(RP_SHAPE_CONSTANT, 1.0, 0.0), 1, 0), response,
        fair);
    add(list, "M/M/3-PS at 0.8",
        shared(exponential(1.0 / 2.4), exponential(1.0), 3, 0), response,
        1.0 + erlang_c(3, 2.4) / (3.0 * 0.2));
    add(list, "M/M/1 in turns of 0.3 S",
        shared(gap, exponential(1.0), 1, (uint64_t)(0.3 * ms)), response, fair);
    t = add(list, "M/G/1 in turns of 0.02 S, lognormal",
            shared(gap, spread, 1, (uint64_t)(0.02 * ms)), response, fair);
    t->requests = 5000;
    t->in_the_limit = true;
}

/* M/M/1, each waits for T at most (D. Y. Barrer, "Queuing with impatient
 * customers and ordered service", Operations Research 5, 1957). The work that
 * an arrival finds has the density p0 lambda exp(-(mu - lambda) x) up to T;
 * beyond, where nobody joins it, it falls off with mu. Who finds more than T
 * leaves. */
static void add_reneging(struct list *list)
{
    static const struct {
        const char *name;
        double rate, patience;
    } cases[] = {{"M/M/1+D at 0.8, patience 2 S", 0.8, 2.0},
                 {"M/M/1+D at 1.5, patience 3 S", 1.5, 3.0}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const double rate = cases[i].rate, t = cases[i].patience;
        const double at_t = rate * exp(-(1.0 - rate) * t);
        const double below =
            rate * (1.0 - exp(-(1.0 - rate) * t)) / (1.0 - rate);
        struct rp_network net =
            queue(exponential(1.0 / rate), exponential(1.0), 1);

        rp_network_patience(&net, (uint64_t)(t * ms));
        add(list, cases[i].name, net, left, at_t / (1.0 + below + at_t));
    }
}

/* ---- Closed networks ---- */

/* n machines run for Z, c repairmen take S: births and deaths. */
static void add_machine_repair(struct list *list)
{
    enum { MACHINES = 6 };
    const double z = 8.0, s = 2.0;

    for (unsigned c = 1; c <= 2; c++) {
        double weight = 1.0, sum = 1.0, busy = 0.0, rate;
        struct rp_network net = {0};
        const struct rp_duration repair = exponential(s);

        for (unsigned k = 1; k <= MACHINES; k++) {
            const unsigned working = k < c ? k : c;
            weight *= (MACHINES - k + 1) * s / (z * working);
            sum += weight;
            busy += working * weight;
        }
        rate = busy / sum / s;
        (void)rp_network_station(&net, "repairmen", c, false);
        add_clients(&net, MACHINES, exponential(z));
        take_hold_give(&net, 0, &repair, "repair");
        rp_network_answer(&net);
        add(list, c == 1 ? "machine repair, 1 man" : "machine repair, 2 men",
            net, response, MACHINES / rate - z);
    }
}

/* Two stations in a ring, n customers: mean value analysis (Reiser and
 * Lavenberg, 1980), exact here. */
static void add_two_stations(struct list *list)
{
    enum { CUSTOMERS = 5 };
    const double demand[2] = {3.0, 2.0};
    double q[2] = {0.0, 0.0}, x = 0.0;
    struct rp_network net = {0};

    for (unsigned n = 1; n <= CUSTOMERS; n++) {
        const double r0 = demand[0] * (1.0 + q[0]);
        const double r1 = demand[1] * (1.0 + q[1]);
        x = n / (r0 + r1);
        q[0] = x * r0;
        q[1] = x * r1;
    }
    for (unsigned i = 0; i < 2; i++)
        (void)rp_network_station(&net, i ? "disk" : "cpu", 1, false);
    rp_network_closed(&net, "customers", CUSTOMERS);
    rp_network_arrive(&net);
    for (unsigned i = 0; i < 2; i++) {
        const struct rp_duration d = exponential(demand[i]);
        take_hold_give(&net, i, &d, i ? "disk" : "cpu");
    }
    rp_network_answer(&net);
    add(list, "closed, two stations: mean value analysis", net, response,
        CUSTOMERS / x);
}

/* Weight of n customers at a station of c servers, or of none that wait. */
static double weight(double demand, unsigned c, unsigned n)
{
    double w = 1.0;

    for (unsigned k = 1; k <= n; k++)
        w *= demand / (k < c ? k : c);
    return w;
}

/* Normalising constant of two stations and a delay, by summing the product
 * form over all states. */
static double all_states(unsigned customers)
{
    double g = 0.0;

    for (unsigned a = 0; a <= customers; a++)
        for (unsigned b = 0; a + b <= customers; b++)
            g += weight(6.0, 2, a) * weight(2.0, 1, b) *
                 weight(10.0, customers, customers - a - b);
    return g;
}

static void add_product_form(struct list *list)
{
    enum { CUSTOMERS = 8 };
    const struct rp_duration cpu = exponential(6.0), disk = exponential(2.0);
    struct rp_network net = {0};

    (void)rp_network_station(&net, "cpu", 2, false);
    (void)rp_network_station(&net, "disk", 1, false);
    add_clients(&net, CUSTOMERS, exponential(10.0));
    take_hold_give(&net, 0, &cpu, "cpu");
    take_hold_give(&net, 1, &disk, "disk");
    rp_network_answer(&net);
    add(list, "closed, two servers, one, and a delay: product form", net,
        throughput, all_states(CUSTOMERS - 1) / all_states(CUSTOMERS));
}

/* Two classes that think and share a processor, each with its own demand:
 * mean value analysis over both populations (BCMP, 1975). */
static void add_two_classes(struct list *list)
{
    enum { A = 3, B = 2 };
    const double demand[2] = {2.0, 4.0}, think[2] = {5.0, 3.0};
    double q[A + 1][B + 1] = {{0.0}}, r[2] = {0.0, 0.0};

    for (unsigned a = 0; a <= A; a++)
        for (unsigned b = 0; b <= B; b++) {
            r[0] = demand[0] * (1.0 + (a > 0 ? q[a - 1][b] : 0.0));
            r[1] = demand[1] * (1.0 + (b > 0 ? q[a][b - 1] : 0.0));
            q[a][b] =
                a * r[0] / (think[0] + r[0]) + b * r[1] / (think[1] + r[1]);
        }
    for (unsigned i = 0; i < 2; i++) {
        struct rp_network net = {0};

        (void)rp_network_station(&net, "processor", 1, false);
        rp_network_discipline(&net, 0, RP_DISCIPLINE_SHARING, 0);
        for (unsigned k = 0; k < 2; k++) {
            const struct rp_duration work = exponential(demand[k]);
            add_clients(&net, k ? B : A, exponential(think[k]));
            rp_network_own(&net, 0, &work, "work");
            rp_network_serve(&net, 0);
            rp_network_answer(&net);
        }
        add(list,
            i ? "closed, two classes share: second"
              : "closed, two classes share: first",
            net, i ? response_second : response, r[i]);
    }
}

size_t theory_make(struct theory cases[THEORY_MAX])
{
    struct list list = {.cases = cases};

    add_erlang_c(&list);
    add_erlang_b(&list);
    add_limited(&list);
    add_general_service(&list);
    add_bounds(&list);
    add_priorities(&list);
    add_sharing(&list);
    add_reneging(&list);
    add_machine_repair(&list);
    add_two_stations(&list);
    add_product_form(&list);
    add_two_classes(&list);
    return list.count;
}

void theory_free(struct theory *cases, size_t count)
{
    for (size_t i = 0; i < count; i++)
        rp_network_free(&cases[i].network);
}

/* ---- Running ---- */

bool theory_run(const struct theory *theory, uint64_t seed,
                struct theory_answer *answer)
{
    double values[THEORY_REPLICATIONS];

    *answer = (struct theory_answer){.mean = 0.0};
    for (unsigned i = 0; i < THEORY_REPLICATIONS; i++) {
        const struct rp_engine_settings set = {.seed = seed,
                                               .replication = i,
                                               .warm_up = theory->requests / 10,
                                               .requests = theory->requests};
        struct rp_replication r = {0};

        if (rp_engine_run(&theory->network, &set, &r, NULL))
            return false;
        values[i] = theory->measure(&r);
        answer->mean += values[i] / THEORY_REPLICATIONS;
        rp_replication_free(&r);
    }
    answer->half_width = rp_interval_half_width(values, THEORY_REPLICATIONS);
    return true;
}

double theory_half_width(const struct theory_answer *answer, double confidence)
{
    const double df = THEORY_REPLICATIONS - 1;

    return answer->half_width * gsl_cdf_tdist_Pinv(0.5 + confidence / 2.0, df) /
           gsl_cdf_tdist_Pinv(0.975, df);
}
