/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/network.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

static const struct rp_duration second = {RP_SHAPE_CONSTANT, 1e9, 0.0};

Test(network, building_keeps_the_order_and_checking_accepts_it)
{
    struct rp_network net = {0};
    struct rp_error error = {0};
    const size_t a = rp_network_station(&net, "a", 1, false);
    const size_t b = rp_network_station(&net, "b", 3, true);
    const size_t work = rp_network_kind(&net, "work");

    rp_network_closed(&net, "clients", 2);
    rp_network_own(&net, work, &second, "think");
    rp_network_hold(&net);
    rp_network_arrive(&net);
    rp_network_take(&net, a);
    rp_network_choose(&net);
    rp_network_take(&net, b);
    rp_network_own(&net, work, &second, "one");
    rp_network_own(&net, rp_network_kind(&net, "work"), &second, "two");
    rp_network_hold(&net);
    rp_network_hold(&net); /* of no part: nothing */
    rp_network_give(&net, b);
    rp_network_give(&net, a);
    rp_network_answer(&net);
    cr_expect(eq(int, rp_network_check(&net, &error), RP_OK), "%s", error.text);
    cr_expect(eq(sz, net.step_count, 9));
    cr_expect(eq(sz, net.part_count, 3));
    cr_expect(eq(sz, net.kind_count, 1));
    cr_expect(eq(sz, net.steps[5].first_part, 1));
    cr_expect(eq(sz, net.steps[5].part_count, 2));
    rp_network_free(&net);
    rp_network_free(&net);
}

struct mistake {
    const char *steps; /* a arrive, c choose, t g station 0, T G station 1,
                          ! answer */
    const char *sentence;
};

static void build(struct rp_network *net, const char *steps)
{
    (void)rp_network_station(net, "a", 1, false);
    (void)rp_network_station(net, "b", 1, true);
    rp_network_closed(net, "c", 1);
    for (; *steps; steps++)
        switch (*steps) {
        case 'a':
            rp_network_arrive(net);
            break;
        case 'c':
            rp_network_choose(net);
            break;
        case 't':
            rp_network_take(net, 0);
            break;
        case 'g':
            rp_network_give(net, 0);
            break;
        case 'T':
            rp_network_take(net, 1);
            break;
        case 'G':
            rp_network_give(net, 1);
            break;
        case '9':
            rp_network_take(net, 9);
            break;
        default:
            rp_network_answer(net);
        }
}

Test(network, a_program_that_cannot_be_run_is_refused_in_a_sentence)
{
    static const struct mistake cases[] = {
        {"a", "class \"c\" never answers"},
        {"!", "class \"c\" answers before it arrives"},
        {"aa!", "class \"c\" arrives twice"},
        {"a!t", "class \"c\" has steps after its answer, and no end"},
        {"at!", "class \"c\" never gives \"a\" back"},
        {"ag!", "class \"c\" gives back a server of \"a\" that it has not "
                "taken"},
        {"TaG!", "class \"c\" takes \"b\" of a process before it has arrived "
                 "at one"},
        {"aTcG!", "class \"c\" must choose its process once, after it has "
                  "arrived and before it takes a station of one"},
        {"a9!", "class \"c\" names station 9 of 2"},
        {"tag!", "class \"c\" keeps what it took before it arrives: it must "
                 "give it back first"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rp_network net = {0};
        struct rp_error error = {0};

        build(&net, cases[i].steps);
        cr_expect(eq(int, rp_network_check(&net, &error), RP_ERR_VALUE));
        cr_expect(eq(str, error.text, (char *)cases[i].sentence));
        rp_network_free(&net);
    }
}

Test(network, nothing_and_a_station_without_servers_are_refused)
{
    struct rp_network net = {0};
    struct rp_error error = {0};

    cr_expect(eq(int, rp_network_check(&net, &error), RP_ERR_VALUE));
    (void)rp_network_station(&net, "none", 0, false);
    rp_network_closed(&net, "c", 1);
    cr_expect(eq(int, rp_network_check(&net, &error), RP_ERR_VALUE));
    cr_expect(eq(str, error.text, "station \"none\" has no server"));
    rp_network_free(&net);
}

/* Holds of constant parts, in ns: "3 3" is two holds of 0.3 ns, "33" one of two
 * such parts. */
static enum rp_code check_holds(const char *tenths, struct rp_error *error)
{
    struct rp_network net = {0};
    const size_t work = rp_network_kind(&net, "work");
    enum rp_code code;

    rp_network_closed(&net, "c", 2);
    rp_network_arrive(&net);
    for (; *tenths; tenths++) {
        const struct rp_duration part = {.shape = RP_SHAPE_CONSTANT,
                                         .mean_ns = 0.1 * (*tenths - '0')};

        if (*tenths == ' ')
            rp_network_hold(&net);
        else
            rp_network_own(&net, work, &part, "part");
    }
    rp_network_hold(&net);
    rp_network_answer(&net);
    code = rp_network_check(&net, error);
    rp_network_free(&net);
    return code;
}

/* Parts of one hold are added before they become whole nanoseconds. */
Test(network, clients_for_whom_no_time_passes_would_ask_for_ever)
{
    static const char *const none[] = {"0", "4", "3 3", "4 4 4"};
    static const char *const some[] = {"5", "33", "4 5", "9"};
    struct rp_error error = {0};

    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        cr_expect(eq(int, check_holds(none[i], &error), RP_ERR_VALUE), "%s",
                  none[i]);
        cr_expect(eq(str, error.text,
                     "clients of class \"c\" spend no time anywhere: they "
                     "would ask for ever at one instant; give a hold a mean of "
                     "a nanosecond or more"));
    }
    for (size_t i = 0; i < sizeof some / sizeof *some; i++)
        cr_expect(eq(int, check_holds(some[i], &error), RP_OK), "%s: %s",
                  some[i], error.text);
}

/* Arrives, takes the only server of a station with room for one to wait. */
static void build_backlog(struct rp_network *net, unsigned clients, bool think,
                          bool early)
{
    const size_t door = rp_network_station(net, "door", 1, false);
    const size_t work = rp_network_kind(net, "work");

    rp_network_backlog(net, door, 1);
    rp_network_closed(net, "c", clients);
    if (think) {
        rp_network_own(net, work, &second, "think");
        rp_network_hold(net);
    }
    if (!early)
        rp_network_arrive(net);
    rp_network_take(net, door);
    rp_network_own(net, work, &second, "work");
    rp_network_hold(net);
    rp_network_give(net, door);
    if (early)
        rp_network_arrive(net);
    rp_network_answer(net);
}

Test(network, a_client_that_is_turned_away_must_be_able_to_wait_a_while)
{
    static const struct {
        unsigned clients;
        bool think, early;
        const char *sentence; /* NULL: it can be run */
    } cases[] = {
        {3, true, false, NULL},
        {2, false, false, NULL},
        {3, false, false,
         "a client of class \"c\" that \"door\" turns away would ask again at "
         "the same instant, for ever: let it think first, or pause before "
         "it tries again"},
        {3, true, true,
         "class \"c\" can be turned away by \"door\" before it has arrived: "
         "let "
         "it arrive first"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rp_network net = {0};
        struct rp_error error = {0};

        build_backlog(&net, cases[i].clients, cases[i].think, cases[i].early);
        cr_expect(eq(int, rp_network_check(&net, &error),
                     cases[i].sentence ? RP_ERR_VALUE : RP_OK));
        cr_expect(eq(str, error.text,
                     (char *)(cases[i].sentence ? cases[i].sentence : "")));
        rp_network_free(&net);
    }
}

Test(network, numbers_beyond_what_can_be_run_are_refused_in_a_sentence)
{
    static const struct {
        unsigned priority, retries;
        uint64_t patience_ns;
        const char *sentence;
    } cases[] = {
        {RP_PRIORITIES, 0, 0, "class \"c\" has priority 8, expected 0 .. 7"},
        {0, RP_RETRIES_MAX + 1, 0,
         "class \"c\" tries again 33 times, at most 32 are possible"},
        {0, 0, UINT64_MAX,
         "class \"c\" is patient for 1.84e+10 s, at most 30 years are "
         "possible: "
         "0 is for ever"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rp_network net = {0};
        struct rp_error error = {0};

        build_backlog(&net, 2, true, false);
        rp_network_priority(&net, cases[i].priority);
        rp_network_retry(&net, cases[i].retries, &second);
        rp_network_patience(&net, cases[i].patience_ns);
        cr_expect(eq(int, rp_network_check(&net, &error), RP_ERR_VALUE));
        cr_expect(eq(str, error.text, (char *)cases[i].sentence));
        rp_network_free(&net);
    }
}

Test(network, a_station_is_taken_or_serves_each_by_its_kind)
{
    static const struct {
        enum rp_discipline discipline;
        bool serve;
        uint64_t quantum_ns;
        uint32_t queue_max;
        const char *sentence; /* NULL: it can be run */
    } cases[] = {
        {RP_DISCIPLINE_PRIORITY, false, 0, RP_QUEUE_ENDLESS, NULL},
        {RP_DISCIPLINE_SHARING, true, 0, RP_QUEUE_ENDLESS, NULL},
        {RP_DISCIPLINE_QUANTUM, true, 1000, 3, NULL},
        {RP_DISCIPLINE_SHARING, false, 0, RP_QUEUE_ENDLESS,
         "class \"c\" takes \"s\", which shares its servers: a request is "
         "served there, it takes none"},
        {RP_DISCIPLINE_FIFO, true, 0, RP_QUEUE_ENDLESS,
         "class \"c\" is served by \"s\", which does not share: it must take "
         "it and give it back"},
        {RP_DISCIPLINE_QUANTUM, true, 0, RP_QUEUE_ENDLESS,
         "station \"s\" takes turns of no length"},
        {RP_DISCIPLINE_SHARING, true, 0, 3,
         "station \"s\" serves all at once: it has no queue that could be "
         "full"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rp_network net = {0};
        struct rp_error error = {0};
        const size_t s = rp_network_station(&net, "s", 1, false);

        rp_network_discipline(&net, s, cases[i].discipline,
                              cases[i].quantum_ns);
        rp_network_backlog(&net, s, cases[i].queue_max);
        rp_network_open(&net, "c", &second);
        rp_network_arrive(&net);
        if (!cases[i].serve)
            rp_network_take(&net, s);
        rp_network_own(&net, rp_network_kind(&net, "work"), &second, "work");
        if (cases[i].serve) {
            rp_network_serve(&net, s);
        } else {
            rp_network_hold(&net);
            rp_network_give(&net, s);
        }
        rp_network_answer(&net);
        cr_expect(eq(int, rp_network_check(&net, &error),
                     cases[i].sentence ? RP_ERR_VALUE : RP_OK));
        cr_expect(eq(str, error.text,
                     (char *)(cases[i].sentence ? cases[i].sentence : "")));
        rp_network_free(&net);
    }
}

Test(network, patterns_that_cannot_be_are_refused_with_the_name_of_the_class)
{
    const struct rp_duration gap = {RP_SHAPE_EXPONENTIAL, 1e6, 1.0};
    const struct rp_mmpp never = {0.0, 0.0, 1.0, 1.0};
    const struct rp_curve wrong = {
        .kind = RP_CURVE_DIURNAL, .rate_per_s = 1.0, .amplitude = 3.0};
    const struct rp_timestamps empty = {0};
    static const char *const sentences[] = {
        "class \"customers\": on_rate: there must be more than 0/s",
        "class \"customers\": amplitude: must be 0 .. 1, of the mean rate",
        ("class \"customers\": trace: there must be requests in it, and a "
         "speed "
         "of more than 0")};

    for (size_t i = 0; i < 3; i++) {
        struct rp_network net = {0};
        struct rp_error error = {0};

        rp_network_open(&net, "customers", &gap);
        if (i == 0)
            rp_network_bursts(&net, &never);
        else if (i == 1)
            rp_network_curve(&net, &wrong);
        else
            rp_network_trace(&net, &empty, 1.0);
        rp_network_arrive(&net);
        rp_network_answer(&net);
        cr_expect(eq(int, rp_network_check(&net, &error), RP_ERR_VALUE));
        cr_expect(eq(str, error.text, (char *)sentences[i]));
        rp_network_free(&net);
    }
}

/* ---- Loops, locks, and what follows an answer ---- */

/* Stations: 0 a, 1 core, 2 lock, 3 loop. Letters: a arrive, ! answer, e end,
 * h hold, t g station 0, c C the core, l L the lock, o take the loop, b
 * callback at the loop, B at the core, r run with the lock, R with the core
 * alone, p pass station 0 on, s answer in a turn of the loop. */
static void build_server(struct rp_network *net, const char *steps)
{
    static const struct rp_loop_plan plan = {.lock = 2, .cores = 1};

    (void)rp_network_station(net, "a", 1, false);
    (void)rp_network_station(net, "core", 1, false);
    (void)rp_network_station(net, "lock", 1, false);
    (void)rp_network_station(net, "loop", 1, false);
    rp_network_loop(net, 3, &plan);
    rp_network_closed(net, "c", 1);
    for (; *steps; steps++) {
        if (strchr("hbBrR", *steps))
            rp_network_own(net, 0, &second, "work");
        switch (*steps) {
        case 'a':
            rp_network_arrive(net);
            break;
        case '!':
            rp_network_answer(net);
            break;
        case 'e':
            rp_network_end(net);
            break;
        case 'h':
            rp_network_hold(net);
            break;
        case 'b':
        case 'B':
            rp_network_callback(net, *steps == 'b' ? 3 : 1, RP_WAKE_EVENT);
            break;
        case 'r':
            rp_network_run(net, 2);
            break;
        case 'R':
            rp_network_run(net, 1);
            break;
        case 'p':
            rp_network_pass(net, 0);
            break;
        case 'o':
            rp_network_take(net, 3);
            break;
        case 's':
            rp_network_answer_in_turn(net, 3);
            break;
        default:
            if (strchr("tcl", *steps))
                rp_network_take(net, (size_t)(strchr("tcl", *steps) - "tcl"));
            else
                rp_network_give(net, (size_t)(strchr("gCL", *steps) - "gCL"));
        }
    }
}

Test(network, what_a_server_does_with_loops_and_locks_is_checked)
{
    static const struct mistake cases[] = {
        {"ahb!", ""},
        {"athlcrpCLg!", ""},
        {"atcRpCg!", ""},
        {"ath!hge", ""},
        {"ah!e", ""},
        {"ahsthgbe", ""},
        {"ahs", "class \"c\" answers in a turn of a loop, and has no end"},
        {"ahsh", "class \"c\" has steps after its answer, and no end"},
        {"aths", "class \"c\" answers in a turn of a loop and holds a station "
                 "meanwhile: it must give it back first"},
        {"ahs!e", "class \"c\" answers twice"},
        {"ah!h", "class \"c\" has steps after its answer, and no end"},
        {"ah!eh", "class \"c\" has a step after its end"},
        {"ahe", "class \"c\" ends before it has answered"},
        {"ah!!", "class \"c\" answers twice"},
        {"ath!e", "class \"c\" never gives \"a\" back"},
        {"aho!", "class \"c\" takes \"loop\", which is an event loop: a "
                 "request is a callback there, it takes none"},
        {"aB!",
         "class \"c\" is a callback at \"core\", which is no event loop"},
        {"ba!", "class \"c\" is a callback at \"loop\" before it has arrived"},
        {"ar!", "class \"c\" runs code with the lock \"lock\" that it has not "
                "taken just before a core"},
        {"aRcC!", "class \"c\" runs code with the lock \"core\" that it has "
                  "not taken just before a core"},
        {"alchrCL!", "class \"c\" runs code with the lock \"lock\" that it "
                     "has not taken just before a core"},
        {"atlcrpCgL!", "class \"c\" passes \"a\" on, but does not give a core, "
                       "a lock and it back in the three steps that follow"},
        {"atlcrpCL!g", "class \"c\" passes \"a\" on, but does not give a core, "
                       "a lock and it back in the three steps that follow"},
        {"atcRpgC!", "class \"c\" passes \"a\" on, but does not give a core, "
                     "a lock and it back in the three steps that follow"},
        {"atlcrpCL", "class \"c\" passes \"a\" on, but does not give a core, a "
                     "lock and it back in the three steps that follow"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rp_network net = {0};
        struct rp_error error = {0};

        build_server(&net, cases[i].steps);
        cr_expect(eq(int, rp_network_check(&net, &error),
                     *cases[i].sentence ? RP_ERR_VALUE : RP_OK),
                  "%s", cases[i].steps);
        cr_expect(eq(str, error.text, (char *)cases[i].sentence));
        rp_network_free(&net);
    }
}

Test(network, a_program_has_none_of_the_steps_of_loops)
{
    static const enum rp_network_op ops[] = {
        RP_NETWORK_POLL, RP_NETWORK_DISPATCH, RP_NETWORK_ALARM};

    for (size_t i = 0; i < 3; i++) {
        struct rp_network net = {0};
        struct rp_error error = {0};

        build_server(&net, "ah!");
        net.steps[1].op = ops[i];
        cr_expect(eq(int, rp_network_check(&net, &error), RP_ERR_VALUE));
        cr_expect(eq(str, error.text,
                     "class \"c\" has a step that loops alone have"));
        rp_network_free(&net);
    }
}

Test(network, a_callback_at_a_station_that_is_not_there_is_refused)
{
    struct rp_network net = {0};
    struct rp_error error = {0};

    build_server(&net, "ahb!");
    net.steps[2].station = 7;
    cr_expect(eq(int, rp_network_check(&net, &error), RP_ERR_VALUE));
    cr_expect(eq(str, error.text, "class \"c\" names station 7 of 4"));
    rp_network_free(&net);
}

/* ---- Stations that are loops ---- */

static const char no_core[] = "the loop \"loop\" needs a core, and a lock if "
                              "it has one, of stations that "
                              "are taken in turn or at random";

Test(network, a_loop_needs_a_core_and_may_need_a_lock_that_are_taken_in_turn)
{
    static const struct {
        size_t lock, cores;
        enum rp_discipline lock_discipline, cores_discipline;
        uint32_t backlog; /* of the lock */
        const char *sentence;
    } cases[] = {
        {2, 1, RP_DISCIPLINE_FIFO, RP_DISCIPLINE_FIFO, RP_QUEUE_ENDLESS, ""},
        {2, 1, RP_DISCIPLINE_RANDOM, RP_DISCIPLINE_FIFO, RP_QUEUE_ENDLESS, ""},
        {RP_NO_STATION, 1, RP_DISCIPLINE_FIFO, RP_DISCIPLINE_FIFO,
         RP_QUEUE_ENDLESS, ""},
        {2, 9, RP_DISCIPLINE_FIFO, RP_DISCIPLINE_FIFO, RP_QUEUE_ENDLESS,
         no_core},
        {9, 1, RP_DISCIPLINE_FIFO, RP_DISCIPLINE_FIFO, RP_QUEUE_ENDLESS,
         no_core},
        {2, 1, RP_DISCIPLINE_FIFO, RP_DISCIPLINE_SHARING, RP_QUEUE_ENDLESS,
         no_core},
        {2, 1, RP_DISCIPLINE_PRIORITY, RP_DISCIPLINE_FIFO, RP_QUEUE_ENDLESS,
         no_core},
        {2, 1, RP_DISCIPLINE_FIFO, RP_DISCIPLINE_FIFO, 3, no_core},
        {2, 3, RP_DISCIPLINE_FIFO, RP_DISCIPLINE_FIFO, RP_QUEUE_ENDLESS,
         no_core},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rp_network net = {0};
        struct rp_error error = {0};

        build_server(&net, "ahb!");
        net.stations[3].loop.lock = cases[i].lock;
        net.stations[3].loop.cores = cases[i].cores;
        net.stations[2].discipline = cases[i].lock_discipline;
        net.stations[2].queue_max = cases[i].backlog;
        net.stations[1].discipline = cases[i].cores_discipline;
        cr_expect(eq(int, rp_network_check(&net, &error),
                     *cases[i].sentence ? RP_ERR_VALUE : RP_OK),
                  "case %zu", i);
        cr_expect(eq(str, error.text, (char *)cases[i].sentence), "case %zu",
                  i);
        rp_network_free(&net);
    }
}

Test(network, a_loop_is_one_thread_and_turns_nobody_away)
{
    struct rp_network net = {0};
    struct rp_error error = {0};

    build_server(&net, "ahb!");
    net.stations[3].servers = 2;
    cr_expect(eq(int, rp_network_check(&net, &error), RP_ERR_VALUE));
    cr_expect(eq(str, error.text,
                 "the loop \"loop\" has 2 servers or a queue that can be full, "
                 "expected one thread that serves everybody"));
    net.stations[3].servers = 1;
    net.stations[3].queue_max = 7;
    cr_expect(eq(int, rp_network_check(&net, &error), RP_ERR_VALUE));
    rp_network_free(&net);
}
