/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/mechanism.h"

#include <string.h>

struct rp_mechanisms rp_mechanisms_default(void)
{
    return (struct rp_mechanisms){
#define RP_MECHANISM_AS_DEFAULT(member, is_on, meaning) .member = is_on,
        RP_MECHANISM_LIST(RP_MECHANISM_AS_DEFAULT)
#undef RP_MECHANISM_AS_DEFAULT
    };
}

struct rp_mechanisms rp_mechanisms_all(void)
{
    return (struct rp_mechanisms){
#define RP_MECHANISM_AS_TRUE(member, is_on, meaning) .member = true,
        RP_MECHANISM_LIST(RP_MECHANISM_AS_TRUE)
#undef RP_MECHANISM_AS_TRUE
    };
}

struct rp_mechanisms rp_mechanisms_without(const struct rp_mechanisms *lacking)
{
    return (struct rp_mechanisms){
#define RP_MECHANISM_AS_REST(member, is_on, meaning) .member = !lacking->member,
        RP_MECHANISM_LIST(RP_MECHANISM_AS_REST)
#undef RP_MECHANISM_AS_REST
    };
}

struct rp_mechanisms rp_mechanisms_union(const struct rp_mechanisms *a,
                                         const struct rp_mechanisms *b)
{
    return (struct rp_mechanisms){
#define RP_MECHANISM_AS_EITHER(member, is_on, meaning)                         \
    .member = a->member || b->member,
        RP_MECHANISM_LIST(RP_MECHANISM_AS_EITHER)
#undef RP_MECHANISM_AS_EITHER
    };
}

bool rp_mechanisms_switch_off(struct rp_mechanisms *mechanisms,
                              const char *name)
{
#define RP_MECHANISM_AS_SWITCH(member, is_on, meaning)                         \
    if (strcmp(name, #member) == 0) {                                          \
        mechanisms->member = false;                                            \
        return true;                                                           \
    }
    RP_MECHANISM_LIST(RP_MECHANISM_AS_SWITCH)
#undef RP_MECHANISM_AS_SWITCH
    return false;
}

const char *const *rp_mechanism_names(size_t *count)
{
    static const char *const names[] = {
#define RP_MECHANISM_AS_NAME(member, is_on, meaning) #member,
        RP_MECHANISM_LIST(RP_MECHANISM_AS_NAME)
#undef RP_MECHANISM_AS_NAME
    };

    *count = sizeof names / sizeof *names;
    return names;
}
