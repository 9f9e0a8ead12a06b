/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/catalogue.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition)
{
    if (!condition)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rp_catalogue catalogue = {0};
    struct rp_error error = {0};

    if (rp_catalogue_read_text((const char *)data, size, "fuzz", &catalogue,
                               &error)) {
        require(error.text[0] != '\0' && catalogue.instances == NULL);
        return 0;
    }
    require(catalogue.count > 0 && catalogue.count <= RP_INSTANCES_MAX);
    for (size_t i = 0; i < catalogue.count; i++) {
        const struct rp_instance *const it = &catalogue.instances[i];

        require(it->name && it->name[0] && it->cores >= 1);
        require(it->memory_bytes >= 0.0 && it->price_per_month >= 0.0);
    }
    rp_catalogue_free(&catalogue);
    return 0;
}
