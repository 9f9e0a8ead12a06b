/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/abcurve.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition)
{
    if (!condition)
        abort();
}

static void check_curve(const struct rp_ab_curve *curve)
{
    const size_t last = curve->count - 1;
    const double mean = rp_ab_curve_mean(curve);

    require(curve->count >= 2 && curve->count <= 101);
    require(curve->level[0] == 0.0 && curve->ms[0] >= 0.0);
    for (size_t i = 1; i < curve->count; i++) {
        require(curve->level[i] > curve->level[i - 1]);
        require(curve->ms[i] >= curve->ms[i - 1] && isfinite(curve->ms[i]));
        require(rp_ab_curve_at(curve, curve->level[i]) >= curve->ms[i - 1]);
    }
    require(isnan(mean) == (curve->level[last] < 1.0));
    if (!isnan(mean)) /* but for rounding */
        require(mean >= curve->ms[0] * (1.0 - 1e-9) &&
                mean <= curve->ms[last] * (1.0 + 1e-9));
}

/* The first byte says how many requests there were. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const unsigned long requests[] = {0,  1,  2,   10,   49,
                                             50, 51, 400, 5000, 4000000000000};
    struct rp_ab_curve curve = {0};
    struct rp_error error = {0};
    unsigned long n;

    if (size == 0)
        return 0;
    n = requests[data[0] % (sizeof requests / sizeof *requests)];
    if (rp_ab_curve_read_text((const char *)data + 1, size - 1, "x", n, &curve,
                              &error))
        require(error.text[0] && curve.count == 0);
    else
        check_curve(&curve);
    return 0;
}
