/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/difference_table.h"

#include "cli/validation_table.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

enum { NAMED_MAX = 5 }; /* configurations that a sentence names */

static bool has_changed(const struct rp_difference *d)
{
    return d->verdict == RP_VERDICT_SLOWER || d->verdict == RP_VERDICT_FASTER;
}

static double percent(double ratio)
{
    return 100.0 * (ratio - 1.0);
}

/* ---- Rows ---- */

static void people_row(struct rp_table *table,
                       const struct rp_difference_view *view,
                       const struct rp_difference *d)
{
    char text[160];

    rp_table_row(table);
    rp_config_describe(&view->measured->configs[d->base], text, sizeof text);
    rp_table_text(table, 0, text);
    rp_table_text(table, 1, rp_metric_key(d->metric));
    rp_table_number(table, 2, d->base_value);
    rp_table_number(table, 3, d->candidate_value);
    rp_table_number(table, 4, percent(d->ratio));
    text[0] = '\0';
    if (!isnan(d->low))
        (void)snprintf(text, sizeof text, "%+.1f to %+.1f", percent(d->low),
                       percent(d->high));
    rp_table_text(table, 5, text);
    rp_table_number(table, 6, d->corrected_p);
    rp_table_number(table, 7, d->rounds);
    rp_table_text(table, 8, rp_verdict_word(d->verdict));
}

static struct rp_table *for_people(const struct rp_difference_view *view,
                                   bool changed_only)
{
    static const struct rp_column columns[] = {
        {"configuration", NULL, RP_COLUMN_TEXT, 0},
        {"metric", NULL, RP_COLUMN_TEXT, 0},
        {"base", NULL, RP_COLUMN_NUMBER, 0},
        {"candidate", NULL, RP_COLUMN_NUMBER, 0},
        {"change_percent", "change %", RP_COLUMN_FIXED, 1},
        {"interval_percent", "95 % interval", RP_COLUMN_TEXT, 0},
        {"corrected_p", "p, corrected", RP_COLUMN_FIXED, 4},
        {"rounds_needed", "rounds needed", RP_COLUMN_COUNT, 0},
        {"verdict", NULL, RP_COLUMN_TEXT, 0},
    };
    struct rp_table *const table =
        rp_table_new(columns, sizeof columns / sizeof *columns);

    for (size_t i = 0; table && i < view->differences->count; i++)
        if (!changed_only || has_changed(&view->differences->rows[i]))
            people_row(table, view, &view->differences->rows[i]);
    return table;
}

enum {
    METRIC = RP_CONFIG_COLUMN_COUNT,
    BASE_RUNS,
    CANDIDATE_RUNS,
    BASE,
    CANDIDATE,
    RATIO,
    LOW,
    HIGH,
    P,
    CORRECTED_P,
    NOISE_PERCENT,
    ROUNDS,
    VERDICT,
    OPEN,
    KEEPALIVE = OPEN + RP_OPEN_COLUMN_COUNT,
    COLUMNS,
};

static bool has_kept(const struct rp_measured *measured)
{
    for (size_t i = 0; i < measured->config_count; i++)
        if (measured->configs[i].keepalive)
            return true;
    return false;
}

static void machine_row(struct rp_table *table,
                        const struct rp_difference_view *view,
                        const struct rp_difference *d)
{
    rp_table_row(table);
    rp_config_cells(table, view->measured, d->base, OPEN);
    rp_table_text(table, METRIC, rp_metric_key(d->metric));
    rp_table_number(table, BASE_RUNS, (double)d->base_runs);
    rp_table_number(table, CANDIDATE_RUNS, (double)d->candidate_runs);
    rp_table_number(table, BASE, d->base_value);
    rp_table_number(table, CANDIDATE, d->candidate_value);
    rp_table_number(table, RATIO, d->ratio);
    rp_table_number(table, LOW, d->low);
    rp_table_number(table, HIGH, d->high);
    rp_table_number(table, P, d->p);
    rp_table_number(table, CORRECTED_P, d->corrected_p);
    rp_table_number(table, NOISE_PERCENT, 100.0 * d->noise);
    rp_table_number(table, ROUNDS, d->rounds);
    rp_table_text(table, VERDICT, rp_verdict_word(d->verdict));
    if (has_kept(view->measured))
        rp_table_text(table, KEEPALIVE,
                      view->measured->configs[d->base].keepalive ? "true"
                                                                 : "false");
}

static struct rp_table *for_machines(const struct rp_difference_view *view)
{
    static const struct rp_column columns[] = {
        RP_CONFIG_COLUMNS,
        [METRIC] = {"metric", NULL, RP_COLUMN_TEXT, 0},
        [BASE_RUNS] = {"base_runs", NULL, RP_COLUMN_COUNT, 0},
        [CANDIDATE_RUNS] = {"candidate_runs", NULL, RP_COLUMN_COUNT, 0},
        [BASE] = {"base", NULL, RP_COLUMN_NUMBER, 0},
        [CANDIDATE] = {"candidate", NULL, RP_COLUMN_NUMBER, 0},
        [RATIO] = {"ratio", NULL, RP_COLUMN_NUMBER, 0},
        [LOW] = {"ratio_low", NULL, RP_COLUMN_NUMBER, 0},
        [HIGH] = {"ratio_high", NULL, RP_COLUMN_NUMBER, 0},
        [P] = {"p", NULL, RP_COLUMN_NUMBER, 0},
        [CORRECTED_P] = {"corrected_p", NULL, RP_COLUMN_NUMBER, 0},
        [NOISE_PERCENT] = {"noise_percent", NULL, RP_COLUMN_NUMBER, 0},
        [ROUNDS] = {"rounds_needed", NULL, RP_COLUMN_COUNT, 0},
        [VERDICT] = {"verdict", NULL, RP_COLUMN_TEXT, 0},
        [OPEN] = RP_OPEN_COLUMNS,
        [KEEPALIVE] = {"keepalive", NULL, RP_COLUMN_TEXT, 0},
    };
    /* the last are there where some configuration needs them */
    struct rp_table *const table = rp_table_new(
        columns, has_kept(view->measured)
                     ? (size_t)COLUMNS
                     : rp_open_column_count(view->measured, KEEPALIVE));

    for (size_t i = 0; table && i < view->differences->count; i++)
        machine_row(table, view, &view->differences->rows[i]);
    return table;
}

/* ---- Sentences ---- */

static void head(struct rp_table *table, const struct rp_difference_view *view)
{
    const struct rp_differences *const d = view->differences;

    rp_table_heading(
        table,
        "%s against %s: %zu slower, %zu faster, %zu without a "
        "difference that counts, of %zu comparisons.",
        view->measured->datasets[1].name, view->measured->datasets[0].name,
        d->verdicts[RP_VERDICT_SLOWER], d->verdicts[RP_VERDICT_FASTER],
        d->count - d->verdicts[RP_VERDICT_SLOWER] -
            d->verdicts[RP_VERDICT_FASTER],
        d->count);
    for (unsigned m = 0; m < RP_METRIC_COUNT; m++)
        if (!isnan(d->geometric_mean[m]) && !isnan(d->geometric_low[m]))
            rp_table_heading(
                table,
                "Geometric mean of %s: %+.2f %% (%+.2f to %+.2f "
                "%%).",
                rp_metric_key((enum rp_metric)m), percent(d->geometric_mean[m]),
                percent(d->geometric_low[m]), percent(d->geometric_high[m]));
        else if (!isnan(d->geometric_mean[m]))
            rp_table_heading(table, "Geometric mean of %s: %+.2f %%.",
                             rp_metric_key((enum rp_metric)m),
                             percent(d->geometric_mean[m]));
}

static void note_rules(struct rp_table *table,
                       const struct rp_difference_view *view)
{
    const struct rp_difference_options *const o = view->options;

    rp_table_note(table,
                  "A verdict needs a change by a factor of %g or more and a "
                  "rank sum test (Mann-Whitney) below %g, corrected for %zu "
                  "comparisons (Holm); ~ is not significant, small is below "
                  "the factor.",
                  1.0 + o->threshold, o->alpha, view->differences->count);
    rp_table_note(
        table, "%s",
        view->differences->same_rounds
            ? "Both were measured in the same rounds of one campaign: "
              "the machine's speed in each round is taken out."
            : "They were not measured in the same rounds of one "
              "campaign: the machine's drift counts as noise, and "
              "whatever else differed between the two times as a "
              "difference.");
}

static double most_rounds(const struct rp_differences *d)
{
    double most = NAN;

    for (size_t i = 0; i < d->count; i++)
        most = fmax(most, d->rows[i].rounds); /* passes NAN over */
    return most;
}

/* The number that is enough for half of the comparisons: the smallest. */
static double usual_rounds(const struct rp_differences *d)
{
    double usual = NAN;

    for (size_t i = 0; i < d->count; i++) {
        const double rounds = d->rows[i].rounds;
        size_t enough = 0;

        for (size_t k = 0; k < d->count; k++)
            enough += d->rows[k].rounds <= rounds;
        if (2 * enough >= d->count && !(usual <= rounds))
            usual = rounds;
    }
    return usual;
}

static void note_rounds(struct rp_table *table,
                        const struct rp_difference_view *view)
{
    const struct rp_differences *const d = view->differences;
    const double most = most_rounds(d);
    const size_t few = d->verdicts[RP_VERDICT_FEW];

    if (few > 0)
        rp_table_note(table,
                      "%zu comparisons have too few rounds: whatever their "
                      "values, no test of so few can be significant in %zu "
                      "comparisons. Measure at least %u rounds of each side, "
                      "or compare fewer configurations.",
                      few, d->count, d->least_rounds);
    if (isnan(most))
        rp_table_note(table,
                      "How many rounds the noise asks for cannot be said: "
                      "that takes four of each side.");
    else
        rp_table_note(table,
                      "To see a factor of %g with a probability of %g %% takes "
                      "%.0f rounds of each side in half of the comparisons and "
                      "%.0f in the noisiest: 2 ((z of %.2g/2 + z of the "
                      "probability) noise / log %g)^2 pi/3.",
                      1.0 + view->options->threshold,
                      100.0 * RP_DIFFERENCE_POWER, usual_rounds(d), most,
                      view->options->alpha / (double)d->count,
                      1.0 + view->options->threshold);
}

static void note_alone(struct rp_table *table,
                       const struct rp_difference_view *view, size_t dataset,
                       const size_t *configs, size_t count)
{
    char names[NAMED_MAX * 164] = "", one[160];

    if (count == 0)
        return;
    for (size_t i = 0; i < count && i < NAMED_MAX; i++) {
        rp_config_describe(&view->measured->configs[configs[i]], one,
                           sizeof one);
        if (i > 0)
            (void)strcat(names, "; ");
        (void)strncat(names, one, sizeof names - strlen(names) - 1);
    }
    rp_table_note(table, "Only in %s (%zu): %s%s.",
                  view->measured->datasets[dataset].name, count, names,
                  count > NAMED_MAX ? "; and others" : "");
}

static void note_text_differs(struct rp_table *table, const char *what,
                              const char *base, const char *candidate)
{
    if (strcmp(base, candidate) != 0)
        rp_table_note(table, "The %s differs: %s, then %s.", what,
                      base[0] ? base : "not said",
                      candidate[0] ? candidate : "not said");
}

static void note_revisions(struct rp_table *table,
                           const struct rp_dataset *base,
                           const struct rp_dataset *candidate)
{
    if (!base->commit[0] && !candidate->commit[0])
        return;
    rp_table_note(table, "Commits: %s %.12s, then %s %.12s%s.", base->revision,
                  base->commit[0] ? base->commit : "not said",
                  candidate->revision,
                  candidate->commit[0] ? candidate->commit : "not said",
                  strcmp(base->commit, candidate->commit) == 0
                      ? "; they are the same, so all that differs is chance"
                      : "");
}

static void notes(struct rp_table *table, const struct rp_difference_view *view)
{
    const struct rp_dataset *const base = &view->measured->datasets[0];
    const struct rp_dataset *const candidate = &view->measured->datasets[1];
    const struct rp_differences *const d = view->differences;

    note_rules(table, view);
    note_rounds(table, view);
    note_alone(table, view, 0, d->base_only, d->base_only_count);
    note_alone(table, view, 1, d->candidate_only, d->candidate_only_count);
    note_revisions(table, base, candidate);
    note_text_differs(table, "framework", base->framework,
                      candidate->framework);
    note_text_differs(table, "framework's version", base->framework_version,
                      candidate->framework_version);
    note_text_differs(table, "asgiref version", base->asgiref_version,
                      candidate->asgiref_version);
    note_text_differs(table, "Python version", base->python_version,
                      candidate->python_version);
    note_text_differs(table, "CPU", base->cpu, candidate->cpu);
    if (base->cores != candidate->cores)
        rp_table_note(table,
                      "The number of cores for the server differs: %u, "
                      "then %u.",
                      base->cores, candidate->cores);
}

/* ---- The whole ---- */

static json_t *names_of(const struct rp_difference_view *view,
                        const size_t *configs, size_t count)
{
    json_t *const array = json_array();

    for (size_t i = 0; i < count; i++) {
        char text[160];

        rp_config_describe(&view->measured->configs[configs[i]], text,
                           sizeof text);
        if (json_array_append_new(array, json_string(text)) != 0) {
            json_decref(array);
            return NULL;
        }
    }
    return array;
}

static json_t *means_of(const double values[RP_METRIC_COUNT])
{
    json_t *const object = json_object();

    for (unsigned m = 0; m < RP_METRIC_COUNT; m++)
        if (!isnan(values[m]) &&
            json_object_set_new(object, rp_metric_key((enum rp_metric)m),
                                json_real(values[m])) != 0) {
            json_decref(object);
            return NULL;
        }
    return object;
}

static json_t *extra_of(const struct rp_difference_view *view)
{
    const struct rp_differences *const d = view->differences;

    return json_pack(
        "{s:s, s:s, s:f, s:f, s:b, s:I, s:I, s:I, s:o, s:o, s:o, s:o, s:o}",
        "base", view->measured->datasets[0].name, "candidate",
        view->measured->datasets[1].name, "threshold", view->options->threshold,
        "alpha", view->options->alpha, "same_rounds", d->same_rounds, "slower",
        (json_int_t)d->verdicts[RP_VERDICT_SLOWER], "faster",
        (json_int_t)d->verdicts[RP_VERDICT_FASTER], "least_rounds",
        (json_int_t)d->least_rounds, "geometric_mean_ratio",
        means_of(d->geometric_mean), "geometric_mean_low",
        means_of(d->geometric_low), "geometric_mean_high",
        means_of(d->geometric_high), "base_only",
        names_of(view, d->base_only, d->base_only_count), "candidate_only",
        names_of(view, d->candidate_only, d->candidate_only_count));
}

static enum rp_code print_machine(const struct rp_difference_view *view,
                                  enum rp_format format, FILE *out,
                                  struct rp_error *error)
{
    struct rp_table *const table = for_machines(view);
    json_t *const extra = extra_of(view);
    enum rp_code code = RP_ERR_MEMORY;

    if (table)
        notes(table, view);
    if (!table || !extra)
        (void)rp_fail(error, code, "out of memory for a table");
    else
        code = rp_table_print(table, format, "reqpath.diff/1", extra, 0, out,
                              error);
    json_decref(extra);
    rp_table_free(table);
    return code;
}

static enum rp_code print_people(const struct rp_difference_view *view,
                                 bool changed_only, bool with_sentences,
                                 enum rp_format format, int width, FILE *out,
                                 struct rp_error *error)
{
    struct rp_table *const table = for_people(view, changed_only);
    enum rp_code code;

    if (!table)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for a table");
    if (with_sentences) {
        head(table, view);
        notes(table, view);
    }
    code = rp_table_print(table, format, "reqpath.diff/1", NULL, width, out,
                          error);
    rp_table_free(table);
    return code;
}

static const char *verdict_of_all(const struct rp_differences *d)
{
    if (d->verdicts[RP_VERDICT_SLOWER] > 0)
        return "slower";
    return d->verdicts[RP_VERDICT_FEW] == d->count ? "too few rounds to tell"
                                                   : "nothing is slower";
}

/* Changed rows at once, all of them behind a click. */
static enum rp_code print_markdown(const struct rp_difference_view *view,
                                   FILE *out, struct rp_error *error)
{
    enum rp_code code;

    (void)fprintf(out, "### reqpath diff: %s\n\n",
                  verdict_of_all(view->differences));
    code = print_people(view, true, true, RP_FORMAT_MARKDOWN, 0, out, error);
    if (code)
        return code;
    (void)fprintf(out, "\n<details><summary>All %zu comparisons</summary>\n\n",
                  view->differences->count);
    code = print_people(view, false, false, RP_FORMAT_MARKDOWN, 0, out, error);
    (void)fputs("\n</details>\n", out);
    return code;
}

enum rp_code rp_difference_print(const struct rp_difference_view *view,
                                 enum rp_format format, int width, FILE *out,
                                 struct rp_error *error)
{
    switch (format) {
    case RP_FORMAT_TEXT:
        return print_people(view, false, true, format, width, out, error);
    case RP_FORMAT_MARKDOWN:
        return print_markdown(view, out, error);
    case RP_FORMAT_JSON:
    case RP_FORMAT_CSV:
        break;
    }
    return print_machine(view, format, out, error);
}
