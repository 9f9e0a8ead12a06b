/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/timestamps.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is read begins at 0 and never goes back; what is not read says so in a
 * sentence that names the file. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rp_timestamps t = {0};
    struct rp_error error = {0};

    if (rp_timestamps_read_text((const char *)data, size, "fuzz", &t, &error)) {
        if (strncmp(error.text, "fuzz", 4) != 0)
            abort();
        return 0;
    }
    if (t.count < 2 || t.at_ns[0] != 0 || t.at_ns[t.count - 1] == 0)
        abort();
    for (size_t i = 1; i < t.count; i++)
        if (t.at_ns[i] < t.at_ns[i - 1])
            abort();
    if (!(rp_timestamps_rate(&t) > 0.0))
        abort();
    rp_timestamps_free(&t);
    return 0;
}
