/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/totals.h"

void rp_totals_fill(struct rp_demands *d)
{
    for (size_t c = 0; c < d->class_count; c++) {
        d->delay_ns += d->class_share[c] * d->class_delay_ns[c];
        d->alone_ns += d->class_share[c] * rp_stretch_mean_ns(&d->whole[c]);
        for (size_t v = 0; v < d->visit_count; v++)
            d->visits[v].own_ns +=
                d->class_share[c] * d->by_class[v * d->class_count + c].own_ns;
    }
    /* What is inside comes later, so its time is known before. */
    for (size_t v = d->visit_count; v-- > 0;) {
        struct rp_visit *const visit = &d->visits[v];

        visit->hold_ns += visit->own_ns;
        if (visit->parent != RP_VISIT_NONE)
            d->visits[visit->parent].hold_ns += visit->hold_ns;
    }
    for (size_t v = 0; v < d->visit_count; v++) {
        struct rp_visit *const visit = &d->visits[v];
        struct rp_demand_place *const place = &d->places[visit->place];

        place->demand_ns += visit->hold_ns;
        place->visits += visit->visits;
        place->square_ns2 += visit->square_ns2;
        if (visit->visits > 0.0)
            visit->square_ns2 /= visit->visits;
    }
    for (size_t i = 0; i < d->place_count; i++)
        if (d->places[i].visits > 0.0)
            d->places[i].square_ns2 /= d->places[i].visits;
}
