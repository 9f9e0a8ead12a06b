/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/mechanism.h"

struct rp_mechanisms rp_mechanisms_all(void)
{
    return (struct rp_mechanisms){
#define RP_MECHANISM_AS_TRUE(member, meaning) .member = true,
        RP_MECHANISM_LIST(RP_MECHANISM_AS_TRUE)
#undef RP_MECHANISM_AS_TRUE
    };
}
