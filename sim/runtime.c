/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/runtime.h"

#include "model/charges.h"

#include <math.h>

const char *rp_added_name(enum rp_added added)
{
#define RP_ADDED_AS_NAME(added_, name)                                         \
    case added_:                                                               \
        return name;
    switch (added) {
        RP_ADDED_LIST(RP_ADDED_AS_NAME)
    case RP_ADDED_KINDS:
        break;
    }
#undef RP_ADDED_AS_NAME
    return "nothing";
}

static void cool(struct rp_runtime_state *state, double time_ns, double tau_ns)
{
    state->coldness =
        1.0 - (1.0 - state->coldness) * rp_charges_warmth(time_ns, tau_ns);
}

/* What was idle until now has to be woken, and is colder. */
static double wake(const struct rp_runtime *runtime,
                   struct rp_runtime_state *state, double idle_ns)
{
    if (!(idle_ns > 0.0))
        return 0.0;
    cool(state, idle_ns, runtime->pause_ns);
    return runtime->wakeup_ns;
}

static double warm(const struct rp_runtime *runtime,
                   struct rp_runtime_state *state, double work_ns)
{
    double left;

    if (!(state->coldness > 0.0 && runtime->fade_ns > 0.0))
        return 0.0;
    left = state->coldness * exp(-work_ns / runtime->fade_ns);
    work_ns = runtime->slowness * runtime->fade_ns * (state->coldness - left);
    state->coldness = left;
    return work_ns;
}

/* Collections that are due: they are over before the code goes on. */
static double collect(const struct rp_collections *full, double *due)
{
    const double count = floor(*due);

    *due -= count;
    return count * full->length_ns;
}

/* A process that waits for a core is not idle any more. */
static double idle_until(struct rp_runtime_state *state, uint64_t now_ns)
{
    const uint64_t until_ns = state->wanted_ns > 0 ? state->wanted_ns : now_ns;

    state->wanted_ns = 0;
    return until_ns > state->busy_until_ns
               ? (double)(until_ns - state->busy_until_ns)
               : 0.0;
}

double rp_runtime_stretch(const struct rp_runtime *runtime,
                          struct rp_runtime_state *state, uint64_t now_ns,
                          double framework_ns, double own_ns)
{
    const double idle_ns = idle_until(state, now_ns);
    const double woken_ns = wake(runtime, state, idle_ns);
    const double cold_ns = warm(runtime, state, framework_ns);
    const double pause_ns = collect(&runtime->full, &state->full);
    const double span_ns =
        woken_ns + framework_ns + cold_ns + pause_ns + own_ns;

    if (own_ns > 0.0)
        cool(state, own_ns, runtime->pause_ns);
    state->added_ns[RP_ADDED_WAKEUP] += woken_ns;
    state->added_ns[RP_ADDED_COLD] += cold_ns;
    state->added_ns[RP_ADDED_PAUSE] += pause_ns;
    state->busy_until_ns = now_ns + (uint64_t)(span_ns + 0.5);
    return span_ns;
}

double rp_runtime_displace(const struct rp_runtime *runtime,
                           struct rp_runtime_state *state,
                           struct rp_footprint *footprint, double framework_ns)
{
    const double others =
        (state->worked_ns - footprint->seen_ns) / fmax(1.0, runtime->others_ns);
    double left, longer_ns = 0.0;

    if (footprint->seen_ns > 0.0 && others > 0.0)
        footprint->displaced =
            1.0 - (1.0 - footprint->displaced) * exp(-others * others);
    if (runtime->fade_ns > 0.0) {
        left = footprint->displaced * exp(-framework_ns / runtime->fade_ns);
        longer_ns = runtime->displaced * runtime->fade_ns *
                    (footprint->displaced - left);
        footprint->displaced = left;
    }
    state->added_ns[RP_ADDED_COLD] += longer_ns;
    state->worked_ns += framework_ns + longer_ns;
    footprint->seen_ns = state->worked_ns;
    return longer_ns;
}

static double frequency(const struct rp_collections *c, double in_flight)
{
    const double alone = c->every > 0.0 ? 1.0 / c->every : 0.0;
    const double crowded =
        c->every_crowded > 0.0 ? 1.0 / c->every_crowded : 0.0;

    return alone + (crowded - alone) * (1.0 - 1.0 / in_flight);
}

void rp_runtime_allocate(const struct rp_runtime *runtime,
                         struct rp_runtime_state *state, double in_flight)
{
    state->full += frequency(&runtime->full, in_flight);
}
