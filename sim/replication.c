/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/engine.h"

#include <assert.h>
#include <stdlib.h>

/* As much room as `like` has, and nothing in it. */
static bool make_room(struct rp_replication *all,
                      const struct rp_replication *like)
{
    all->response = calloc(1, sizeof *all->response);
    all->stations = calloc(like->station_count + 1, sizeof *all->stations);
    all->classes = calloc(like->class_count + 1, sizeof *all->classes);
    if (!all->response || !all->stations || !all->classes)
        return false;
    all->station_count = like->station_count;
    for (size_t i = 0; i < like->class_count; i++) {
        all->classes[i].response = calloc(1, sizeof *all->response);
        if (!all->classes[i].response)
            return false;
        all->class_count++;
    }
    return true;
}

static void add_station(struct rp_station_stats *all,
                        const struct rp_station_stats *one)
{
    all->busy_ns += one->busy_ns;
    all->queue_ns += one->queue_ns;
    all->visits += one->visits;
}

static void add_class(struct rp_class_stats *all,
                      const struct rp_class_stats *one)
{
    all->answered += one->answered;
    all->late += one->late;
    all->turned_away += one->turned_away;
    all->left += one->left;
    all->given_up += one->given_up;
    all->response_ns += one->response_ns;
    all->given_up_ns += one->given_up_ns;
    all->paused_ns += one->paused_ns;
    rp_histogram_merge(all->response, one->response);
}

static double weighted(double all, double all_weight, double one,
                       double one_weight)
{
    const double weight = all_weight + one_weight;

    return weight > 0.0 ? (all * all_weight + one * one_weight) / weight : 0.0;
}

bool rp_replication_merge(struct rp_replication *all,
                          const struct rp_replication *one)
{
    if (!all->response && !make_room(all, one))
        return false;
    assert(all->station_count == one->station_count);
    assert(all->class_count == one->class_count);
    all->in_flight_early = weighted(all->in_flight_early, all->span_ns,
                                    one->in_flight_early, one->span_ns);
    all->in_flight_late = weighted(all->in_flight_late, all->span_ns,
                                   one->in_flight_late, one->span_ns);
    all->answered += one->answered;
    all->arrived += one->arrived;
    all->span_ns += one->span_ns;
    all->response_ns += one->response_ns;
    all->in_flight_ns += one->in_flight_ns;
    all->in_flight_at_end += one->in_flight_at_end;
    all->overflowed |= one->overflowed;
    for (size_t k = 0; k < RP_NETWORK_KINDS_MAX; k++)
        all->kind_ns[k] += one->kind_ns[k];
    rp_histogram_merge(all->response, one->response);
    for (size_t i = 0; i < all->station_count; i++)
        add_station(&all->stations[i], &one->stations[i]);
    for (size_t i = 0; i < all->class_count; i++)
        add_class(&all->classes[i], &one->classes[i]);
    return true;
}

void rp_replication_free(struct rp_replication *replication)
{
    for (size_t i = 0; i < replication->class_count && replication->classes;
         i++)
        free(replication->classes[i].response);
    free(replication->classes);
    free(replication->response);
    free(replication->stations);
    *replication = (struct rp_replication){0};
}
