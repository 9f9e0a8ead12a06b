/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/variate.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_sf_gamma.h>
#include <gsl/gsl_sf_psi.h>
#include <math.h>
#include <string.h>

/* ---- The exponential ziggurat ---- */

/* Where the tail begins and the area of each layer, for 256 layers: from the
 * condition that the layers have equal area (Marsaglia and Tsang, 2000). */
static const double tail_start = 7.69711747013104972;
static const double layer_area = 3.949659822581572e-3;

/* 8 bits of a word choose the layer, 56 the place in it. */
static const double word_span = 72057594037927936.0;

void rp_ziggurat_make(struct rp_ziggurat *z)
{
    const double base = layer_area / exp(-tail_start);
    double x = tail_start, before = tail_start;

    z->edge[0] = (uint64_t)(tail_start / base * word_span);
    z->edge[1] = 0;
    z->width[0] = base / word_span;
    z->width[RP_ZIGGURAT_LAYERS - 1] = tail_start / word_span;
    z->height[0] = 1.0;
    z->height[RP_ZIGGURAT_LAYERS - 1] = exp(-tail_start);
    for (int i = RP_ZIGGURAT_LAYERS - 2; i >= 1; i--) {
        x = -log(layer_area / x + exp(-x));
        z->edge[i + 1] = (uint64_t)(x / before * word_span);
        before = x;
        z->height[i] = exp(-x);
        z->width[i] = x / word_span;
    }
}

/* Go on from a first word that was drawn from the cursor already. */
static double finish_exponential(const struct rp_ziggurat *z, uint64_t word,
                                 struct rp_cursor *cursor)
{
    for (;;) {
        const uint64_t layer = word & 255u, place = word >> 8;
        const double x = (double)place * z->width[layer];
        double u;

        if (place < z->edge[layer])
            return x;
        u = rp_cursor_uniform(cursor);
        if (layer == 0)
            return tail_start - log(u);
        if (z->height[layer] + u * (z->height[layer - 1] - z->height[layer]) <
            exp(-x))
            return x;
        word = rp_cursor_bits(cursor);
    }
}

double rp_exponential_outside(const struct rp_ziggurat *z, uint64_t word,
                              struct rp_stream stream, uint64_t number)
{
    struct rp_cursor cursor = {.stream = stream, .number = number, .next = 1};

    return finish_exponential(z, word, &cursor);
}

double rp_exponential(const struct rp_ziggurat *z, struct rp_cursor *cursor)
{
    const uint64_t word = rp_cursor_bits(cursor);

    return finish_exponential(z, word, cursor);
}

/* ---- The stream as a generator of GSL ---- */

static unsigned long next_bits(void *state)
{
    return rp_cursor_bits(state) >> 32;
}

static double next_uniform(void *state)
{
    return rp_cursor_uniform(state);
}

/* A stream has no seed of its own: its key is made before. */
static void keep_state(void *state, unsigned long seed)
{
    (void)state;
    (void)seed;
}

static const gsl_rng_type stream_type = {.name = "reqpath stream",
                                         .max = 0xffffffffUL,
                                         .min = 0,
                                         .size = sizeof(struct rp_cursor),
                                         .set = keep_state,
                                         .get = next_bits,
                                         .get_double = next_uniform};

/* ---- Durations ---- */

static void prepare_hyperexponential(struct rp_sampler *s, double cv)
{
    const double square = cv * cv;

    s->a = 0.5 * (1.0 + sqrt((square - 1.0) / (square + 1.0)));
    s->b = 0.5 / (1.0 - s->a); /* the slow branch's mean, in means */
}

/* 1/shape of the Weibull with that cv: the root of
 *
 *     f(x) = lnG(1 + 2x) - 2 lnG(1 + x) - ln(1 + cv^2),  G the gamma function,
 *
 * which rises and is convex for x > 0, so that Newton's steps come down to it
 * from the right after the first. Where x is so small that f is lost in
 * rounding, f is zeta(2) x^2 and the root is known. */
static double weibull_root(double cv)
{
    const double pi = 3.14159265358979323846;
    const double target = log1p(cv * cv);
    double x = cv * sqrt(6.0) / pi;

    for (unsigned i = 0; cv > 1e-4 && i < 100; i++) {
        const double f = gsl_sf_lngamma(1.0 + 2.0 * x) -
                         2.0 * gsl_sf_lngamma(1.0 + x) - target;
        const double slope =
            2.0 * (gsl_sf_psi(1.0 + 2.0 * x) - gsl_sf_psi(1.0 + x));
        const double step = f / slope;

        x -= step;
        if (fabs(step) <= 1e-14 * x)
            break;
    }
    return x;
}

static void prepare_weibull(struct rp_sampler *s, double cv)
{
    s->b = weibull_root(cv);
    s->a = s->mean_ns / exp(gsl_sf_lngamma(1.0 + s->b));
}

static void prepare_pareto(struct rp_sampler *s, const struct rp_duration *d)
{
    s->a = d->low_ns;
    s->b = -1.0 / d->alpha;
    s->c = -expm1(d->alpha * log(d->low_ns / d->high_ns));
}

static void prepare_empirical(struct rp_sampler *s, const struct rp_duration *d)
{
    s->quantile_count = d->quantile_count;
    memcpy(s->quantiles, d->quantiles, sizeof s->quantiles);
}

struct rp_sampler rp_sampler_make(const struct rp_duration *duration)
{
    struct rp_sampler s = {.shape = duration->shape,
                           .mean_ns = duration->mean_ns};
    const double square = duration->cv * duration->cv;

    if (duration->mean_ns <= 0.0)
        s.shape = RP_SHAPE_CONSTANT;
    switch (s.shape) {
    case RP_SHAPE_CONSTANT:
    case RP_SHAPE_EXPONENTIAL:
        break;
    case RP_SHAPE_GAMMA:
        s.a = 1.0 / square;
        s.b = duration->mean_ns * square;
        break;
    case RP_SHAPE_ERLANG:
        s.a = duration->stages;
        s.b = duration->mean_ns / s.a;
        break;
    case RP_SHAPE_LOGNORMAL:
        s.b = sqrt(log1p(square));
        s.a = log(duration->mean_ns) - 0.5 * s.b * s.b;
        break;
    case RP_SHAPE_HYPEREXPONENTIAL:
        prepare_hyperexponential(&s, duration->cv);
        break;
    case RP_SHAPE_WEIBULL:
        prepare_weibull(&s, duration->cv);
        break;
    case RP_SHAPE_PARETO:
        prepare_pareto(&s, duration);
        break;
    case RP_SHAPE_EMPIRICAL:
        prepare_empirical(&s, duration);
        break;
    }
    return s;
}

/* Branch 1 with probability a and mean 1/(2a), branch 2 otherwise. */
static double hyperexponential(const struct rp_sampler *s,
                               const struct rp_ziggurat *ziggurat,
                               struct rp_cursor *cursor)
{
    const double mean = rp_cursor_uniform(cursor) < s->a ? 0.5 / s->a : s->b;

    return s->mean_ns * mean * rp_exponential(ziggurat, cursor);
}

/* The inverse of its distribution function, (1 - (low/x)^alpha) / c. */
static double pareto(const struct rp_sampler *s, struct rp_cursor *cursor)
{
    return s->a * pow(1.0 - rp_cursor_uniform(cursor) * s->c, s->b);
}

static double empirical(const struct rp_sampler *s, struct rp_cursor *cursor)
{
    const double u = rp_cursor_uniform(cursor);
    const struct rp_quantile *q = s->quantiles + 1;

    while (q->at < u)
        q++;
    return q[-1].value_ns +
           (u - q[-1].at) / (q->at - q[-1].at) * (q->value_ns - q[-1].value_ns);
}

double rp_sample_ns(const struct rp_sampler *s,
                    const struct rp_ziggurat *ziggurat,
                    struct rp_cursor *cursor)
{
    const gsl_rng rng = {&stream_type, cursor};

    switch (s->shape) {
    case RP_SHAPE_CONSTANT:
        return s->mean_ns;
    case RP_SHAPE_EXPONENTIAL:
        return s->mean_ns * rp_exponential(ziggurat, cursor);
    case RP_SHAPE_GAMMA:
    case RP_SHAPE_ERLANG:
        return gsl_ran_gamma(&rng, s->a, s->b);
    case RP_SHAPE_LOGNORMAL:
        return gsl_ran_lognormal(&rng, s->a, s->b);
    case RP_SHAPE_HYPEREXPONENTIAL:
        return hyperexponential(s, ziggurat, cursor);
    case RP_SHAPE_WEIBULL:
        return s->a * pow(rp_exponential(ziggurat, cursor), s->b);
    case RP_SHAPE_PARETO:
        return pareto(s, cursor);
    case RP_SHAPE_EMPIRICAL:
        return empirical(s, cursor);
    }
    return s->mean_ns;
}
