/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/duration.h"

#include "model/keys.h"
#include "model/units.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- Making ---- */

struct rp_duration rp_duration_erlang(double mean_ns, unsigned stages)
{
    return (struct rp_duration){.shape = RP_SHAPE_ERLANG,
                                .mean_ns = mean_ns,
                                .cv = 1.0 / sqrt((double)stages),
                                .stages = stages};
}

/* Of a mean and a mean square; rounding may leave less than nothing. */
static double cv_of(double mean, double square)
{
    const double variance = square - mean * mean;

    return mean > 0.0 && variance > 0.0 ? sqrt(variance) / mean : 0.0;
}

/* The n-th moment in units of low^n, with r = low / high:
 * alpha/(alpha - n) (1 - r^(alpha - n)) / (1 - r^alpha), and its limit at
 * alpha = n. */
static double pareto_moment(double alpha, double log_r, double n)
{
    const double d = alpha - n;
    const double part = d == 0.0 ? -log_r : -expm1(d * log_r) / d;

    return alpha * part / -expm1(alpha * log_r);
}

struct rp_duration rp_duration_pareto(double alpha, double low_ns,
                                      double high_ns)
{
    const double log_r = log(low_ns / high_ns);
    const double mean = pareto_moment(alpha, log_r, 1.0);

    return (struct rp_duration){
        .shape = RP_SHAPE_PARETO,
        .mean_ns = low_ns * mean,
        .cv = cv_of(mean, pareto_moment(alpha, log_r, 2.0)),
        .alpha = alpha,
        .low_ns = low_ns,
        .high_ns = high_ns};
}

/* A time that is spread evenly over a .. b has the mean (a + b)/2 and the mean
 * square (a^2 + ab + b^2)/3. */
struct rp_duration rp_duration_empirical(const struct rp_quantile *quantiles,
                                         size_t count)
{
    struct rp_duration d = {.shape = RP_SHAPE_EMPIRICAL,
                            .quantile_count = count};
    double square = 0.0;

    assert(count <= RP_QUANTILES_MAX);
    for (size_t i = 0; i < count; i++)
        d.quantiles[i] = quantiles[i];
    for (size_t i = 0; i + 1 < count; i++) {
        const double share = quantiles[i + 1].at - quantiles[i].at;
        const double a = quantiles[i].value_ns, b = quantiles[i + 1].value_ns;

        d.mean_ns += share * (a + b) / 2.0;
        square += share * (a * a + a * b + b * b) / 3.0;
    }
    d.cv = cv_of(d.mean_ns, square);
    return d;
}

/* ---- Checking ---- */

static bool fault(char *sentence, const char *format, ...) RP_PRINTF(2, 3);

static bool fault(char *sentence, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    (void)vsnprintf(sentence, RP_ERROR_TEXT_SIZE, format, args);
    va_end(args);
    return true;
}

static bool differs(double found, double expected)
{
    return !(fabs(found - expected) <= 1e-9 * fabs(expected));
}

/* Mean and cv of a duration are those that its parameters have. */
static bool disagrees(const struct rp_duration *d, struct rp_duration made,
                      char *sentence)
{
    return (differs(d->mean_ns, made.mean_ns) || differs(d->cv, made.cv)) &&
           fault(sentence,
                 "mean and cv are not those of its parameters: make the "
                 "duration with rp_duration_%s()",
                 rp_shape_word(d->shape));
}

static bool fault_of_erlang(const struct rp_duration *d, char *sentence)
{
    if (d->stages < 1 || d->stages > RP_STAGES_MAX)
        return fault(sentence, "the stages must be 1 .. %d", RP_STAGES_MAX);
    return disagrees(d, rp_duration_erlang(d->mean_ns, d->stages), sentence);
}

static bool fault_of_pareto(const struct rp_duration *d, char *sentence)
{
    char low[RP_DURATION_TEXT_SIZE], high[RP_DURATION_TEXT_SIZE];

    if (!(d->alpha > 0.0 && d->alpha <= RP_ALPHA_MAX))
        return fault(sentence, "alpha must be more than 0, to %g",
                     RP_ALPHA_MAX);
    if (!(d->low_ns > 0.0))
        return fault(sentence, "low must be more than 0ms: a pareto has no "
                               "value below its least");
    if (!(d->high_ns > d->low_ns))
        return fault(sentence, "high must be more than low, found %s and %s",
                     rp_duration_format(d->high_ns, high),
                     rp_duration_format(d->low_ns, low));
    if (!(d->high_ns <= RP_DURATION_MAX_NS))
        return fault(sentence, "high must be at most 1000h");
    return disagrees(d, rp_duration_pareto(d->alpha, d->low_ns, d->high_ns),
                     sentence);
}

static bool fault_of_empirical(const struct rp_duration *d, char *sentence)
{
    const struct rp_quantile *const q = d->quantiles;

    if (d->quantile_count < 2 || d->quantile_count > RP_QUANTILES_MAX)
        return fault(sentence, "there must be 2 .. %d quantiles, found %zu",
                     RP_QUANTILES_MAX, d->quantile_count);
    if (q[0].at != 0.0 || q[d->quantile_count - 1].at != 1.0)
        return fault(sentence,
                     "the first quantile must be at 0, the least, and the "
                     "last at 1, the most: what lies beyond is not guessed");
    for (size_t i = 0; i < d->quantile_count; i++) {
        if (!(q[i].value_ns >= 0.0 && q[i].value_ns <= RP_DURATION_MAX_NS))
            return fault(sentence, "quantiles must be 0ms .. 1000h");
        if (i > 0 &&
            !(q[i].at > q[i - 1].at && q[i].value_ns >= q[i - 1].value_ns))
            return fault(sentence,
                         "quantiles must rise, but the one at %g does not "
                         "follow that at %g",
                         q[i].at, q[i - 1].at);
    }
    return disagrees(d, rp_duration_empirical(q, d->quantile_count), sentence);
}

static bool fault_of_cv(const struct rp_duration *d, char *sentence)
{
    const char *const word = rp_shape_word(d->shape);

    if (!(d->cv >= 0.0 && d->cv <= 20.0))
        return fault(sentence, "the cv must be 0 .. 20");
    switch (d->shape) {
    case RP_SHAPE_CONSTANT:
        return d->cv != 0.0 &&
               fault(sentence,
                     "a constant has no cv, found %g; leave the cv out, or "
                     "choose another shape",
                     d->cv);
    case RP_SHAPE_EXPONENTIAL:
        return d->cv != 1.0 &&
               fault(sentence,
                     "the cv of an exponential is 1, found %g; leave it out, "
                     "or choose gamma or lognormal",
                     d->cv);
    case RP_SHAPE_HYPEREXPONENTIAL:
        return !(d->cv > 1.0) &&
               fault(sentence,
                     "a hyperexponential has a cv of more than 1, found %g; "
                     "choose gamma for less",
                     d->cv);
    case RP_SHAPE_GAMMA:
    case RP_SHAPE_LOGNORMAL:
    case RP_SHAPE_WEIBULL:
    case RP_SHAPE_ERLANG:
    case RP_SHAPE_PARETO:
    case RP_SHAPE_EMPIRICAL:
        break;
    }
    return !(d->cv > 0.0) &&
           fault(sentence,
                 "%s needs a cv of more than 0; without one it is constant",
                 word);
}

bool rp_duration_fault(const struct rp_duration *d, char *sentence)
{
    const bool by_mean =
        d->shape != RP_SHAPE_PARETO && d->shape != RP_SHAPE_EMPIRICAL;

    if (by_mean && !(d->mean_ns >= 0.0 && d->mean_ns <= RP_DURATION_MAX_NS))
        return fault(sentence, "the mean must be 0ms .. 1000h");
    switch (d->shape) {
    case RP_SHAPE_CONSTANT:
    case RP_SHAPE_EXPONENTIAL:
    case RP_SHAPE_GAMMA:
    case RP_SHAPE_LOGNORMAL:
    case RP_SHAPE_HYPEREXPONENTIAL:
    case RP_SHAPE_WEIBULL:
        return fault_of_cv(d, sentence);
    case RP_SHAPE_ERLANG:
        return fault_of_erlang(d, sentence);
    case RP_SHAPE_PARETO:
        return fault_of_pareto(d, sentence);
    case RP_SHAPE_EMPIRICAL:
        return fault_of_empirical(d, sentence);
    }
    return fault(sentence, "the shape is not one of those known");
}

/* ---- Reading ---- */

/* Which keys a shape has beside "mean" and "cv", and why one must be there. */
static const struct shape_key {
    const char *name;
    enum rp_shape shape;
    const char *need;
} shape_keys[] = {
    {"stages", RP_SHAPE_ERLANG, "of how many it is the sum; write stages: 4"},
    {"alpha", RP_SHAPE_PARETO, "the power of its tail; write alpha: 1.5"},
    {"low", RP_SHAPE_PARETO, "the shortest time; write low: 1ms"},
    {"high", RP_SHAPE_PARETO, "the longest time; write high: 10s"},
    {"quantiles", RP_SHAPE_EMPIRICAL,
     "what was measured; write quantiles: [{at: 0, value: 1ms}, {at: 0.5, "
     "value: 3ms}, {at: 1, value: 40ms}]"},
};

/* True where mean and cv follow from other keys. */
static bool follows(enum rp_shape shape, const char *name)
{
    return shape == RP_SHAPE_PARETO || shape == RP_SHAPE_EMPIRICAL ||
           (shape == RP_SHAPE_ERLANG && strcmp(name, "cv") == 0);
}

static enum rp_code only_shapes_keys(const struct rp_node *map,
                                     enum rp_shape shape,
                                     struct rp_error *error)
{
    static const char *const fixed[] = {"mean", "cv"};
    const char *const word = rp_shape_word(shape);

    for (size_t i = 0; i < 2; i++)
        if (rp_node_get(map, fixed[i]) && follows(shape, fixed[i]))
            return rp_node_fail(rp_node_get(map, fixed[i]), error, RP_ERR_VALUE,
                                "%s: of shape %s it follows from the other "
                                "keys; leave it out",
                                fixed[i], word);
    for (size_t i = 0; i < sizeof shape_keys / sizeof *shape_keys; i++) {
        const struct shape_key *const k = &shape_keys[i];
        const struct rp_node *const node = rp_node_get(map, k->name);

        if (node && k->shape != shape)
            return rp_node_fail(node, error, RP_ERR_VALUE,
                                "%s: belongs to shape %s, but this one is %s; "
                                "leave it out, or write shape: %s",
                                k->name, rp_shape_word(k->shape), word,
                                rp_shape_word(k->shape));
        if (!node && k->shape == shape)
            return rp_node_fail(map, error, RP_ERR_VALUE,
                                "%s: shape %s needs the key \"%s\", %s",
                                map->key, word, k->name, k->need);
    }
    return RP_OK;
}

/* Mean and cv of the shapes that do not say them. */
static enum rp_code derive(const struct rp_node *map,
                           struct rp_duration *duration, struct rp_error *error)
{
    const struct rp_duration d = *duration;
    char sentence[RP_ERROR_TEXT_SIZE];
    enum rp_code code = RP_OK;

    if (d.shape == RP_SHAPE_EMPIRICAL)
        code = rp_keys_read_list(rp_node_get(map, "quantiles"),
                                 "(duration).quantiles[]", RP_QUANTILES_MAX,
                                 sizeof *d.quantiles, duration->quantiles,
                                 &duration->quantile_count, error);
    if (code)
        return code;
    if (d.shape == RP_SHAPE_ERLANG)
        *duration = rp_duration_erlang(d.mean_ns, d.stages);
    else if (d.shape == RP_SHAPE_PARETO)
        *duration = rp_duration_pareto(d.alpha, d.low_ns, d.high_ns);
    else
        *duration = rp_duration_empirical(duration->quantiles,
                                          duration->quantile_count);
    if (rp_duration_fault(duration, sentence))
        return rp_node_fail(map, error, RP_ERR_VALUE, "%s: %s", map->key,
                            sentence);
    return RP_OK;
}

/* The cv that a shape has where the file gives none; a file that gives one
 * but no shape means the skewed shape that run times have. */
static enum rp_code complete(const struct rp_node *map,
                             struct rp_duration *duration,
                             struct rp_error *error)
{
    const bool has_cv = rp_node_get(map, "cv") != NULL;
    enum rp_code code;

    if (has_cv && !rp_node_get(map, "shape"))
        duration->shape =
            duration->cv > 0.0 ? RP_SHAPE_LOGNORMAL : RP_SHAPE_CONSTANT;
    if (rp_node_get(map, "quantiles") && !rp_node_get(map, "shape"))
        duration->shape = RP_SHAPE_EMPIRICAL;
    code = only_shapes_keys(map, duration->shape, error);
    if (code)
        return code;
    if (follows(duration->shape, "cv"))
        return derive(map, duration, error);
    if (has_cv || duration->shape == RP_SHAPE_CONSTANT)
        return RP_OK;
    if (duration->shape == RP_SHAPE_EXPONENTIAL) {
        duration->cv = 1.0;
        return RP_OK;
    }
    return rp_node_fail(map, error, RP_ERR_VALUE,
                        "%s: shape %s needs the key \"cv\", its standard "
                        "deviation by its mean; write cv: 1.5",
                        map->key, rp_shape_word(duration->shape));
}

enum rp_code rp_duration_read(const struct rp_node *map,
                              struct rp_duration *duration,
                              struct rp_error *error)
{
    struct rp_duration value = {.shape = RP_SHAPE_CONSTANT};
    const struct rp_node *mean = NULL;
    enum rp_code code = rp_keys_read(map, "(duration)", &value, error);

    if (!code)
        code = complete(map, &value, error);
    if (!code && !follows(value.shape, "mean"))
        code = rp_node_need(map, "mean", &mean, error);
    if (!code)
        *duration = value;
    return code;
}
