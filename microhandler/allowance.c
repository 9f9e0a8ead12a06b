/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "microhandler/allowance.h"

struct rp_allowance rp_allowance_defaults(void)
{
    const uint64_t second_ns = UINT64_C(1000000000);

    return (struct rp_allowance){.http = {.header_bytes = 8192,
                                          .header_count = 100,
                                          .body_bytes = 1048576},
                                 .connections = 4096,
                                 .header_ns = 10 * second_ns,
                                 .idle_ns = 5 * second_ns,
                                 .send_ns = 10 * second_ns,
                                 .drain_ns = 10 * second_ns};
}
