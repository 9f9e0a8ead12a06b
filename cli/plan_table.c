/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/plan_table.h"

#include "report/fold.h"

#include <math.h>
#include <string.h>

static double to_ms(double ns)
{
    return ns / 1e6;
}

/* The place that most of a plan's work waits for; where there is no plan, that
 * of the trial that came closest. */
static const char *bottleneck_of(const struct rp_planning_row *row)
{
    if (!row->assessment)
        return "";
    return row->rank > 0 ? row->assessment->planned.busiest
                         : row->assessment->capacity.at.busiest;
}

static const char *instance_of(const struct rp_planning_row *row)
{
    return row->instance ? row->instance->name : "host";
}

/* ---- For programs ---- */

enum {
    CONFIGURATION,
    SERVER,
    PROCESSES,
    THREADS,
    INSTANCE,
    CORES,
    INSTANCES,
    LEFT,
    MAX_RPS,
    MAX_RPS_LOW,
    MAX_RPS_HIGH,
    CEILING_RPS,
    RPS,
    UTILISATION,
    MEAN,
    P50 = MEAN + 3,
    P95 = P50 + 3,
    P99 = P95 + 3,
    ERRORS = P99 + 3,
    SLO_MISS,
    IN_FLIGHT,
    COST_PER_MONTH,
    COST,
    REGRET,
    REQUESTS_PER_UNIT,
    BOTTLENECK,
    VERDICT,
    REASON,
    VALIDITY,
    COLUMNS
};

#define ESTIMATED(at, key, unit)                                               \
    [at] = {key unit, NULL, RP_COLUMN_NUMBER},                                 \
    [(at) + 1] = {key "_low" unit, NULL, RP_COLUMN_NUMBER},                    \
    [(at) + 2] = {key "_high" unit, NULL, RP_COLUMN_NUMBER}

static const struct rp_column row_columns[COLUMNS] = {
    [CONFIGURATION] = {"configuration", NULL, RP_COLUMN_TEXT},
    [SERVER] = {"server", NULL, RP_COLUMN_TEXT},
    [PROCESSES] = {"processes", NULL, RP_COLUMN_COUNT},
    [THREADS] = {"threads", NULL, RP_COLUMN_COUNT},
    [INSTANCE] = {"instance", NULL, RP_COLUMN_TEXT},
    [CORES] = {"cores", NULL, RP_COLUMN_COUNT},
    [INSTANCES] = {"instances", NULL, RP_COLUMN_COUNT},
    [LEFT] = {"instances_after_zone_loss", NULL, RP_COLUMN_COUNT},
    ESTIMATED(MAX_RPS, "max_rps", ""),
    [CEILING_RPS] = {"ceiling_rps", NULL, RP_COLUMN_NUMBER},
    [RPS] = {"rps", NULL, RP_COLUMN_NUMBER},
    [UTILISATION] = {"utilisation", NULL, RP_COLUMN_NUMBER},
    ESTIMATED(MEAN, "mean", "_ms"),
    ESTIMATED(P50, "p50", "_ms"),
    ESTIMATED(P95, "p95", "_ms"),
    ESTIMATED(P99, "p99", "_ms"),
    [ERRORS] = {"errors", NULL, RP_COLUMN_NUMBER},
    [SLO_MISS] = {"slo_miss", NULL, RP_COLUMN_NUMBER},
    [IN_FLIGHT] = {"in_flight", NULL, RP_COLUMN_NUMBER},
    [COST_PER_MONTH] = {"cost_per_month", NULL, RP_COLUMN_NUMBER},
    [COST] = {"cost", NULL, RP_COLUMN_NUMBER},
    [REGRET] = {"regret_per_month", NULL, RP_COLUMN_NUMBER},
    [REQUESTS_PER_UNIT] = {"requests_per_unit", NULL, RP_COLUMN_NUMBER},
    [BOTTLENECK] = {"bottleneck", NULL, RP_COLUMN_TEXT},
    [VERDICT] = {"verdict", NULL, RP_COLUMN_TEXT},
    [REASON] = {"reason", NULL, RP_COLUMN_TEXT},
    [VALIDITY] = {"validity", NULL, RP_COLUMN_TEXT},
};

/* The interval is that of what a measured run would show; without a prediction
 * that of the simulation. */
static void set_estimate(struct rp_table *t, size_t column,
                         const struct rp_estimate *e)
{
    const bool predicted = isfinite(e->high - e->low);

    rp_table_number(t, column, to_ms(e->value));
    rp_table_number(t, column + 1, to_ms(predicted ? e->low : e->own_low));
    rp_table_number(t, column + 2, to_ms(predicted ? e->high : e->own_high));
}

static void set_planned(struct rp_table *t, const struct rp_planning_row *row)
{
    const struct rp_assessment *const a = row->assessment;
    const struct rp_planned *const p = &a->planned;

    rp_table_number(t, INSTANCES, a->instances);
    if (a->left > 0)
        rp_table_number(t, LEFT, a->left);
    rp_table_number(t, RPS, p->rate_per_s);
    rp_table_number(t, UTILISATION, p->utilisation);
    set_estimate(t, MEAN, &p->metrics[RP_METRIC_MEAN]);
    set_estimate(t, P50, &p->metrics[RP_METRIC_P50]);
    set_estimate(t, P95, &p->metrics[RP_METRIC_P95]);
    set_estimate(t, P99, &p->metrics[RP_METRIC_P99]);
    rp_table_number(t, ERRORS, p->errors);
    rp_table_number(t, SLO_MISS, p->slo_miss);
    rp_table_number(t, IN_FLIGHT, p->in_flight * a->instances);
    rp_table_text(t, VALIDITY, p->validity);
}

static void add_row(struct rp_table *t, const struct rp_planning_row *row)
{
    const struct rp_assessment *const a = row->assessment;
    const struct rp_configuration *const c = row->configuration;
    char text[48];

    rp_table_row(t);
    rp_table_text(t, CONFIGURATION, rp_configuration_text(c, text));
    rp_table_text(t, SERVER, rp_server_word(c->server));
    rp_table_number(t, PROCESSES, c->processes);
    rp_table_number(t, THREADS, c->threads);
    rp_table_text(t, INSTANCE, row->instance ? row->instance->name : NULL);
    rp_table_number(t, CORES, c->cores);
    if (a) {
        rp_table_number(t, MAX_RPS, a->capacity.max_per_s);
        rp_table_number(t, MAX_RPS_LOW, a->capacity.low_per_s);
        rp_table_number(t, MAX_RPS_HIGH, a->capacity.high_per_s);
        rp_table_number(t, CEILING_RPS, a->capacity.ceiling_per_s);
    }
    if (a && a->capacity.feasible && !a->too_many)
        set_planned(t, row);
    rp_table_number(t, COST_PER_MONTH, row->cost_per_month);
    rp_table_number(t, COST, row->cost);
    rp_table_number(t, REGRET, row->regret_per_month);
    rp_table_number(t, REQUESTS_PER_UNIT, row->requests_per_unit);
    rp_table_text(t, BOTTLENECK, bottleneck_of(row));
    rp_table_text(t, VERDICT, rp_choice_word(row->verdict));
    rp_table_text(t, REASON, row->reason[0] ? row->reason : NULL);
}

struct rp_table *rp_plan_rows(const struct rp_planning *planning)
{
    struct rp_table *const t = rp_table_new(row_columns, COLUMNS);

    for (size_t i = 0; t && i < planning->row_count; i++)
        add_row(t, &planning->rows[i]);
    return t;
}

static json_t *periods_json(const struct rp_planning_question *q,
                            const struct rp_planning *p)
{
    json_t *const periods = json_array();

    for (size_t i = 0; i < q->forecast->count; i++) {
        const struct rp_period *const period = &q->forecast->periods[i];
        json_t *const instances = json_array();

        for (size_t k = 0; k < p->met; k++)
            (void)json_array_append_new(instances,
                                        json_integer(p->rows[k].instances[i]));
        (void)json_array_append_new(
            periods, json_pack("{s:s, s:f, s:f, s:o}", "label", period->label,
                               "average_rps", period->average_per_s, "peak_rps",
                               period->peak_per_s, "instances", instances));
    }
    return periods;
}

json_t *rp_plan_json(const struct rp_planning_question *q,
                     const struct rp_planning *planning)
{
    const struct rp_fleet_rule *const rule = &q->assessment.rule;
    char slos[RP_SLOS_TEXT_SIZE], emergency[RP_SLOS_TEXT_SIZE];

    return json_pack(
        "{s:s, s:s, s:s, s:f, s:f, s:i, s:i, s:s, s:s, s:o, s:I}", "scenario",
        q->scenario->name[0] ? q->scenario->name : q->scenario->file, "slo",
        rp_slos_text(&q->assessment.slos, slos), "zone_slo",
        rp_slos_text(&q->assessment.emergency, emergency), "buffer",
        rule->buffer, "target_utilisation", rule->target_utilisation, "spare",
        (int)rule->spare, "zones", (int)rule->zones, "ranking",
        rp_ranking_word(q->ranking), "currency",
        q->catalogue ? q->catalogue->currency : "", "periods",
        periods_json(q, planning), "seed", (json_int_t)q->scenario->seed);
}

/* ---- For people ---- */

enum { PLANS_SHOWN = 10, REASONS_SHOWN = 12 };

struct printing {
    const struct rp_planning_question *question;
    const struct rp_planning *planning;
    enum rp_format format;
    int width;
    FILE *out;
    struct rp_error *error;
};

static bool shown(const struct printing *p, size_t i)
{
    return p->planning->rows[i].verdict != RP_CHOICE_REJECTED;
}

static enum rp_code print_table(const struct printing *p,
                                struct rp_table *table)
{
    const enum rp_code code =
        table ? rp_table_print(table, p->format, "", NULL, p->width, p->out,
                               p->error)
              : rp_fail(p->error, RP_ERR_MEMORY, "out of memory for a table");

    rp_table_free(table);
    return code;
}

static void say_demand(const struct printing *p, struct rp_table *t)
{
    const struct rp_forecast *const f = p->question->forecast;
    const struct rp_period *const highest = rp_forecast_highest(f);
    const struct rp_fleet_rule *const rule = &p->question->assessment.rule;
    char slos[RP_SLOS_TEXT_SIZE];

    rp_table_heading(
        t,
        "%s: a fleet for %.4g/s on average and %.4g/s at the "
        "peak%s%s, %s",
        p->question->scenario->name[0] ? p->question->scenario->name
                                       : p->question->scenario->file,
        highest->average_per_s, highest->peak_per_s, f->count > 1 ? " of " : "",
        f->count > 1 ? highest->label : "",
        rp_slos_text(&p->question->assessment.slos, slos));
    rp_table_heading(
        t,
        "at most %.4g %% of the largest rate that meets this, buffer %.4g %%, "
        "%u spare, %u zone%s%s",
        100.0 * rule->target_utilisation, 100.0 * rule->buffer, rule->spare,
        rule->zones, rule->zones == 1 ? "" : "s",
        rule->zones == 1 ? "" : ", of which one may be lost");
}

/* Money, or cores where there are no prices. */
static void set_money(const struct printing *p, struct rp_table *t,
                      size_t column, const struct rp_planning_row *row)
{
    rp_table_number(t, column,
                    p->question->catalogue
                        ? row->cost_per_month
                        : (double)row->assessment->instances *
                              row->configuration->cores);
}

static struct rp_table *plans_table(const struct printing *p)
{
    enum { PLAN, WHAT, ON, N, MAX, LOW, HIGH, P_99, MISS, MONEY, ALL };
    const struct rp_column columns[ALL] = {
        [PLAN] = {"plan", NULL, RP_COLUMN_COUNT},
        [WHAT] = {"server", NULL, RP_COLUMN_TEXT},
        [ON] = {"instance", NULL, RP_COLUMN_TEXT},
        [N] = {"n", NULL, RP_COLUMN_COUNT},
        [MAX] = {"max/s", NULL, RP_COLUMN_NUMBER},
        [LOW] = {"from", NULL, RP_COLUMN_NUMBER},
        [HIGH] = {"to", NULL, RP_COLUMN_NUMBER},
        [P_99] = {"p99_ms", "p99", RP_COLUMN_MS},
        [MISS] = {"miss %", NULL, RP_COLUMN_FIXED, 1},
        [MONEY] = {p->question->catalogue ? "cost/month" : "cores", NULL,
                   RP_COLUMN_NUMBER}};
    struct rp_table *const t = rp_table_new(columns, ALL);

    if (!t)
        return NULL;
    say_demand(p, t);
    for (size_t i = 0; i < p->planning->met && i < PLANS_SHOWN; i++) {
        const struct rp_planning_row *const row = &p->planning->rows[i];
        const struct rp_assessment *const a = row->assessment;
        char text[48];

        rp_table_row(t);
        rp_table_number(t, PLAN, row->rank);
        rp_table_text(t, WHAT, rp_configuration_text(row->configuration, text));
        rp_table_text(t, ON, instance_of(row));
        rp_table_number(t, N, a->instances);
        rp_table_number(t, MAX, a->capacity.max_per_s);
        rp_table_number(t, LOW, a->capacity.low_per_s);
        rp_table_number(t, HIGH, a->capacity.high_per_s);
        rp_table_number(t, P_99,
                        to_ms(a->planned.metrics[RP_METRIC_P99].value));
        rp_table_number(t, MISS, 100.0 * a->planned.slo_miss);
        set_money(p, t, MONEY, row);
    }
    rp_table_note(t, "max/s: the largest rate of an instance that meets the "
                     "service levels; it is clearly met at \"from\" and "
                     "clearly missed at \"to\" (95 %%; -: nowhere), by "
                     "costs as they are; "
                     "miss: how likely a measured run of the plan misses them, "
                     "with what is not known of costs, repeated runs and "
                     "misfit");
    return t;
}

static struct rp_table *doing_table(const struct printing *p)
{
    enum {
        PLAN,
        RATE,
        P_50,
        P_95,
        P_99,
        LOW,
        HIGH,
        FLIGHT,
        PER,
        USE,
        PLACE,
        ALL
    };
    const struct rp_column columns[ALL] = {
        [PLAN] = {"plan", NULL, RP_COLUMN_COUNT},
        [RATE] = {"each/s", NULL, RP_COLUMN_NUMBER},
        [P_50] = {"p50_ms", "p50", RP_COLUMN_MS},
        [P_95] = {"p95_ms", "p95", RP_COLUMN_MS},
        [P_99] = {"p99_ms", "p99", RP_COLUMN_MS},
        [LOW] = {"p99_low_ms", "from", RP_COLUMN_MS},
        [HIGH] = {"p99_high_ms", "to", RP_COLUMN_MS},
        [FLIGHT] = {"underway", NULL, RP_COLUMN_NUMBER},
        [PER] = {"requests/unit", NULL, RP_COLUMN_NUMBER},
        [USE] = {"in use %", NULL, RP_COLUMN_FIXED, 0},
        [PLACE] = {"busiest", NULL, RP_COLUMN_TEXT}};
    struct rp_table *const t = rp_table_new(columns, ALL);

    for (size_t i = 0; t && i < p->planning->met; i++) {
        const struct rp_planning_row *const row = &p->planning->rows[i];
        const struct rp_planned *const done = &row->assessment->planned;
        const struct rp_estimate *const p99 = &done->metrics[RP_METRIC_P99];
        const bool predicted = isfinite(p99->high - p99->low);

        if (!shown(p, i))
            continue;
        rp_table_row(t);
        rp_table_number(t, PLAN, row->rank);
        rp_table_number(t, RATE, done->rate_per_s);
        rp_table_number(t, P_50, to_ms(done->metrics[RP_METRIC_P50].value));
        rp_table_number(t, P_95, to_ms(done->metrics[RP_METRIC_P95].value));
        rp_table_number(t, P_99, to_ms(p99->value));
        rp_table_number(t, LOW, to_ms(predicted ? p99->low : p99->own_low));
        rp_table_number(t, HIGH, to_ms(predicted ? p99->high : p99->own_high));
        rp_table_number(t, FLIGHT,
                        done->in_flight * row->assessment->instances);
        rp_table_number(t, PER, row->requests_per_unit);
        rp_table_number(t, USE, 100.0 * done->utilisation);
        rp_table_text(t, PLACE, done->busiest);
    }
    if (t)
        rp_table_note(t, "at the peak; from .. to: p99 of a measured "
                         "run, 95 %%; underway: requests in the whole fleet; "
                         "in use: the busiest place of an instance");
    return t;
}

static struct rp_table *months_table(const struct printing *p)
{
    enum { LABEL, AVERAGE, PEAK, N, COST_OF, ALL };
    const struct rp_column columns[ALL] = {
        [LABEL] = {"period", NULL, RP_COLUMN_TEXT},
        [AVERAGE] = {"average/s", NULL, RP_COLUMN_NUMBER},
        [PEAK] = {"peak/s", NULL, RP_COLUMN_NUMBER},
        [N] = {"instances", NULL, RP_COLUMN_COUNT},
        [COST_OF] = {"cost", NULL, RP_COLUMN_NUMBER}};
    const struct rp_planning_row *const row = &p->planning->rows[0];
    struct rp_table *const t = rp_table_new(columns, ALL);

    for (size_t i = 0; t && i < p->question->forecast->count; i++) {
        const struct rp_period *const period =
            &p->question->forecast->periods[i];

        rp_table_row(t);
        rp_table_text(t, LABEL, period->label);
        rp_table_number(t, AVERAGE, period->average_per_s);
        rp_table_number(t, PEAK, period->peak_per_s);
        rp_table_number(t, N, row->instances[i]);
        if (row->instance)
            rp_table_number(t, COST_OF,
                            row->instances[i] * row->instance->price_per_month);
    }
    if (t && row->instance)
        rp_table_note(t, "plan 1, month by month: %.6g %s in all", row->cost,
                      p->question->catalogue->currency);
    return t;
}

static void print_line(const struct printing *p, const char *line)
{
    if (p->format == RP_FORMAT_MARKDOWN)
        fprintf(p->out, "* %s\n", line);
    else
        rp_fold(line, 2, (size_t)p->width, p->out);
}

/* Plans one after the other that have the same reason are one line. */
static size_t same_reason(const struct printing *p, size_t first)
{
    const struct rp_planning_row *const rows = p->planning->rows;
    size_t i = first + 1;

    while (i < p->planning->row_count && rows[i].rank > 0 &&
           rows[first].rank > 0 &&
           strcmp(rows[i].reason, rows[first].reason) == 0)
        i++;
    return i - first;
}

static void print_reason(const struct printing *p, size_t first, size_t count)
{
    const struct rp_planning_row *const row = &p->planning->rows[first];
    char line[RP_REASON_SIZE + 160], plan[48] = "", text[48];

    if (row->rank > 0)
        (void)snprintf(plan, sizeof plan, "plan %u, ", row->rank);
    if (count > 1)
        (void)snprintf(line, sizeof line, "plans %u to %u: each %s", row->rank,
                       row->rank + (unsigned)count - 1, row->reason);
    else
        (void)snprintf(line, sizeof line, "%s%s on %.40s: %s", plan,
                       rp_configuration_text(row->configuration, text),
                       instance_of(row), row->reason);
    print_line(p, line);
}

static void print_rejected(const struct printing *p)
{
    char more[64];
    size_t said = 0;

    for (size_t i = 0; i < p->planning->row_count;) {
        const size_t count = same_reason(p, i);

        if (p->planning->rows[i].verdict == RP_CHOICE_REJECTED) {
            if (said == 0)
                fprintf(p->out, "\nrejected\n%s",
                        p->format == RP_FORMAT_MARKDOWN ? "\n" : "");
            if (said < REASONS_SHOWN)
                print_reason(p, i, count);
            said++;
        }
        i += count;
    }
    if (said <= REASONS_SHOWN)
        return;
    (void)snprintf(more, sizeof more, "and %zu more: --format csv has them all",
                   said - REASONS_SHOWN);
    print_line(p, more);
}

/* Once for all plans that have the same to say. */
static void print_validity(const struct printing *p)
{
    const char *said = "";

    for (size_t i = 0; i < p->planning->met; i++) {
        const struct rp_planning_row *const row = &p->planning->rows[i];
        char line[RP_PLANNED_TEXT_SIZE + 64];

        if (!shown(p, i) ||
            strcmp(row->assessment->planned.validity, said) == 0)
            continue;
        said = row->assessment->planned.validity;
        (void)snprintf(line, sizeof line, "validity of plan %u: %s", row->rank,
                       said);
        fputc('\n', p->out);
        print_line(p, line);
    }
}

/* What is left of each plan when a zone is lost, at the peak. */
static void print_losses(const struct printing *p)
{
    const double peak = rp_forecast_highest(p->question->forecast)->peak_per_s;

    for (size_t i = 0; i < p->planning->met; i++) {
        const struct rp_planning_row *const row = &p->planning->rows[i];
        const struct rp_assessment *const a = row->assessment;
        char line[256], value[32];

        if (!shown(p, i) || a->left == 0)
            continue;
        (void)snprintf(
            line, sizeof line,
            "plan %u with a zone lost: %u of %u instances are left, "
            "%.4g/s each, and %s is %s",
            row->rank, a->left, a->instances, peak / a->left,
            rp_limit_word(a->loss_worst),
            rp_limit_text(a->loss_worst, a->loss_value[a->loss_worst], value));
        fputc('\n', p->out);
        print_line(p, line);
    }
}

static enum rp_code print_plans(const struct printing *p)
{
    enum rp_code code = print_table(p, plans_table(p));

    if (code)
        return code;
    fputc('\n', p->out);
    code = print_table(p, doing_table(p));
    if (!code && p->question->forecast->count > 1) {
        fputc('\n', p->out);
        code = print_table(p, months_table(p));
    }
    if (!code) {
        print_losses(p);
        print_validity(p);
    }
    return code;
}

enum rp_code rp_plan_print(const struct rp_planning_question *question,
                           const struct rp_planning *planning,
                           enum rp_format format, int width, FILE *out,
                           struct rp_error *error)
{
    const struct printing p = {.question = question,
                               .planning = planning,
                               .format = format,
                               .width = width,
                               .out = out,
                               .error = error};
    char closest[1024];
    enum rp_code code = RP_OK;

    if (planning->met > 0)
        code = print_plans(&p);
    else
        print_line(
            &p, rp_plan_closest(question, planning, closest, sizeof closest));
    if (!code)
        print_rejected(&p);
    if (!code && ferror(out))
        code = rp_fail(error, RP_ERR_IO, "the output cannot be written");
    return code;
}

const char *rp_plan_closest(const struct rp_planning_question *question,
                            const struct rp_planning *planning, char *text,
                            size_t size)
{
    const struct rp_planning_row *const row = &planning->rows[0];
    char slos[RP_SLOS_TEXT_SIZE], name[48];

    (void)snprintf(text, size,
                   "none of %zu candidate%s meets %s; %s on %.40s comes "
                   "closest: %s%s%s",
                   planning->row_count, planning->row_count == 1 ? "" : "s",
                   rp_slos_text(&question->assessment.slos, slos),
                   rp_configuration_text(row->configuration, name),
                   instance_of(row), row->reason,
                   row->assessment ? "; busiest is " : "", bottleneck_of(row));
    return text;
}
