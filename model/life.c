/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/life.h"

#include <stdlib.h>

const char *rp_stretch_name(enum rp_stretch_kind kind)
{
#define RP_STRETCH_AS_NAME(kind_, name, meaning)                               \
    case kind_:                                                                \
        return name;
    switch (kind) {
        RP_STRETCH_LIST(RP_STRETCH_AS_NAME)
    }
#undef RP_STRETCH_AS_NAME
    return "does something unknown";
}

struct rp_stretch *rp_life_add(struct rp_life *life, enum rp_stretch_kind kind,
                               size_t place, uint64_t at_ns)
{
    struct rp_stretch *stretch;

    if (life->stretch_count == life->stretch_capacity) {
        const size_t wanted =
            life->stretch_capacity ? 2 * life->stretch_capacity : 32;
        struct rp_stretch *const larger =
            realloc(life->stretches, wanted * sizeof *larger);

        if (!larger) {
            life->out_of_memory = true;
            return NULL;
        }
        life->stretches = larger;
        life->stretch_capacity = wanted;
    }
    stretch = &life->stretches[life->stretch_count++];
    *stretch = (struct rp_stretch){
        .kind = kind, .place = place, .from_ns = at_ns, .to_ns = at_ns};
    return stretch;
}

void rp_life_free(struct rp_life *life)
{
    free(life->places);
    free(life->stretches);
    *life = (struct rp_life){.number = 0};
}
