/**
 * How many servers: a hundred random M/M/c, by closed form and by reqpath.
 *
 * Each case has a rate and a limit of the mean or of the 95th percentile. The
 * fewest servers whose largest rate is at least that rate have to be those of
 * the closed form; one more or less is allowed where the rate lies within the
 * bracket that reqpath gives for the capacity in question. By hand; README.md
 * says what came out.
 *
 *   servers [FROM TO]    cases FROM .. TO - 1
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "manyservers.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { CASES = 100 };

struct tally {
    unsigned same, apart_inside, wrong, capacities, covered;
    double sum, sum_of_squares, width;
};

/* Uniform, by a multiplicative congruence: any will do. */
static double draw(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (double)(*state >> 11) / 9007199254740992.0;
}

/* A rate, and a limit between what the fewest servers and one less do; false
 * where the limit is less than a tenth above what a request takes that is
 * alone: there the rate hardly shows in the metric. */
static bool draw_case(uint64_t *state, struct manyservers *queue,
                      double *rate_per_s)
{
    const double offered = 0.4 * pow(50.0, draw(state));
    const unsigned fewest =
        1 + (unsigned)(offered / (0.55 + 0.4 * draw(state)));
    double at_fewest, at_less = INFINITY;

    queue->service_ns = 1e6 * pow(50.0, draw(state));
    *rate_per_s = 1e9 * offered / queue->service_ns;
    at_fewest = manyservers_metric(queue, fewest, *rate_per_s);
    if (fewest > 1)
        at_less = manyservers_metric(queue, fewest - 1, *rate_per_s);
    at_less = fmin(at_less, 3.0 * at_fewest);
    queue->limit_ns = at_fewest * pow(at_less / at_fewest, draw(state));
    return offered / fewest <= 0.95 &&
           queue->limit_ns > 1.1 * manyservers_metric(queue, fewest, 1e-6);
}

static double random_case(uint64_t number, struct manyservers *queue)
{
    uint64_t state = number * 2654435761u + 12345;
    double rate_per_s;

    queue->of = number % 2 ? RP_LIMIT_MEAN : RP_LIMIT_P95;
    while (!draw_case(&state, queue, &rate_per_s))
        continue;
    return rate_per_s;
}

static void note(const struct manyservers *queue, unsigned servers,
                 const struct rp_capacity *found, struct tally *tally)
{
    const double exact = manyservers_largest(queue, servers);
    const double gap = found->max_per_s / exact - 1.0;
    const bool covered =
        found->low_per_s <= exact && !(found->high_per_s < exact);

    tally->capacities++;
    tally->covered += covered;
    tally->sum += gap;
    tally->sum_of_squares += gap * gap;
    if (found->high_per_s > 0.0)
        tally->width +=
            (found->high_per_s - found->low_per_s) / found->max_per_s;
    if (!covered)
        printf("outside: %s, %u servers: exact %g, %g (%g .. %g)\n",
               rp_limit_word(queue->of), servers, exact, found->max_per_s,
               found->low_per_s, found->high_per_s);
}

/* Down from one server more than the closed form says while the rate fits. */
static bool fewest_by_reqpath(const struct manyservers *queue,
                              double rate_per_s, unsigned from, uint64_t seed,
                              unsigned *fewest, bool *close,
                              struct tally *tally)
{
    struct rp_capacity found;

    *close = false;
    for (unsigned servers = from; servers > 0; servers--) {
        if (!manyservers_capacity(queue, servers, seed, &found))
            return false;
        if (found.feasible)
            note(queue, servers, &found, tally);
        *close |=
            rate_per_s >= found.low_per_s && !(rate_per_s > found.high_per_s);
        if (found.max_per_s < rate_per_s)
            break;
        *fewest = servers;
    }
    return true;
}

int main(int argc, char **argv)
{
    const uint64_t from = argc == 3 ? strtoull(argv[1], NULL, 10) : 0;
    const uint64_t to = argc == 3 ? strtoull(argv[2], NULL, 10) : CASES;
    struct tally tally = {0};

    for (uint64_t i = from; i < to; i++) {
        struct manyservers queue;
        const double rate_per_s = random_case(i, &queue);
        const unsigned exact = manyservers_fewest(&queue, rate_per_s);
        unsigned found = exact + 2;
        bool close;

        if (!fewest_by_reqpath(&queue, rate_per_s, exact + 1, i + 1, &found,
                               &close, &tally))
            return 2;
        if (found == exact)
            tally.same++;
        else if (close && abs((int)found - (int)exact) == 1)
            tally.apart_inside++;
        else
            tally.wrong++;
        if (found != exact)
            printf("case %llu: %s <= %g ms at %g/s, service %g ms: exact %u, "
                   "found %u%s\n",
                   (unsigned long long)i, rp_limit_word(queue.of),
                   queue.limit_ns / 1e6, rate_per_s, queue.service_ns / 1e6,
                   exact, found, close ? ", within the bracket" : "");
    }
    printf("%u of %llu the same, %u one apart within the bracket, %u wrong\n",
           tally.same, (unsigned long long)(to - from), tally.apart_inside,
           tally.wrong);
    printf("%u capacities: mean gap %.3f %%, root mean square %.3f %%; bracket "
           "of %.2f %% on average, the exact rate in %u\n",
           tally.capacities, 100.0 * tally.sum / tally.capacities,
           100.0 * sqrt(tally.sum_of_squares / tally.capacities),
           100.0 * tally.width / tally.capacities, tally.covered);
    return tally.wrong > 0;
}
