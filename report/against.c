/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/against.h"

#include "model/units.h"
#include "report/tiers.h"

enum {
    ITEM,
    COST_US,
    BASE_TIMES,
    OTHER_TIMES,
    BASE_US,
    OTHER_US,
    DIFFERENCE_US,
    COLUMN_COUNT
};

static const struct rp_column columns[COLUMN_COUNT] = {
    [ITEM] = {"item", NULL, RP_COLUMN_TEXT, 0},
    [COST_US] = {"cost_us", "cost us", RP_COLUMN_FIXED, 1},
    [BASE_TIMES] = {"times", NULL, RP_COLUMN_NUMBER, 0},
    [OTHER_TIMES] = {"against_times", "against", RP_COLUMN_NUMBER, 0},
    [BASE_US] = {"total_us", "us", RP_COLUMN_FIXED, 1},
    [OTHER_US] = {"against_total_us", "against us", RP_COLUMN_FIXED, 1},
    [DIFFERENCE_US] = {"difference_us", "more us", RP_COLUMN_FIXED, 1},
};

static const char *path_of(const struct rp_against_side *side)
{
    return rp_path_word(side->scenario->framework.path);
}

static void add_row(struct rp_table *table, const char *name, double base_ns,
                    double other_ns)
{
    rp_table_row(table);
    rp_table_text(table, ITEM, name);
    rp_table_number(table, BASE_US, base_ns / 1e3);
    rp_table_number(table, OTHER_US, other_ns / 1e3);
    rp_table_number(table, DIFFERENCE_US, (other_ns - base_ns) / 1e3);
}

static void add_item(struct rp_table *table, const struct rp_against *what,
                     unsigned item)
{
    const struct rp_item_price *const a = &what->base.prices->items[item];
    const struct rp_item_price *const b = &what->other.prices->items[item];
    const double cost_ns =
        a->cost < 0 ? 0.0 : what->profile->costs[a->cost].mean_ns;

    if (a->amount <= 0.0 && b->amount <= 0.0)
        return;
    add_row(table, rp_item_name((enum rp_item)item), a->amount * cost_ns,
            b->amount * cost_ns);
    rp_table_number(table, COST_US, cost_ns / 1e3);
    rp_table_number(table, BASE_TIMES, a->amount);
    rp_table_number(table, OTHER_TIMES, b->amount);
}

static void add_notes(struct rp_table *table, const struct rp_against *what)
{
    const struct rp_ratio r =
        rp_ratio_find(what->base.prices, what->other.prices, what->profile);
    char text[RP_VALIDITY_TEXT_SIZE], base[RP_DURATION_TEXT_SIZE],
        other[RP_DURATION_TEXT_SIZE];

    rp_table_note(table, "%s path %s, %s path %s", path_of(&what->base),
                  rp_duration_format(what->base.prices->total_ns, base),
                  path_of(&what->other),
                  rp_duration_format(what->other.prices->total_ns, other));
    rp_table_note(table,
                  "the %s path takes %.2f times as long: 95 %% interval %.2f "
                  "to %.2f by the unit costs, %.2f to %.2f with the misfit of "
                  "two configurations",
                  path_of(&what->other), r.value, r.low, r.high, r.wide_low,
                  r.wide_high);
    rp_table_note(table, "validity of the %s path: %s", path_of(&what->base),
                  rp_validity_line(what->base.validity, text, sizeof text));
    rp_table_note(table, "validity of the %s path: %s", path_of(&what->other),
                  rp_validity_line(what->other.validity, text, sizeof text));
}

struct rp_table *rp_against_table(const struct rp_against *what)
{
    struct rp_table *const table = rp_table_new(columns, COLUMN_COUNT);
    const struct rp_scenario *const s = what->base.scenario;

    if (!table)
        return NULL;
    rp_table_heading(table, "%s%s%s%s", s->name, s->name[0] ? " (" : "",
                     s->file, s->name[0] ? ")" : "");
    rp_table_heading(table,
                     "the %s path, against it the %s path; costs of %s, "
                     "one request alone",
                     path_of(&what->base), path_of(&what->other),
                     what->profile->file);
    for (unsigned i = 0; i < RP_ITEM_COUNT; i++)
        add_item(table, what, i);
    add_row(table, "own CPU and waits", what->base.prices->own_ns,
            what->other.prices->own_ns);
    add_row(table, "total", what->base.prices->total_ns,
            what->other.prices->total_ns);
    add_notes(table, what);
    return table;
}

static json_t *side_to_json(const struct rp_against_side *side)
{
    return json_pack("{s:s, s:f, s:f, s:o}", "path", path_of(side), "total_us",
                     side->prices->total_ns / 1e3, "se_us",
                     side->prices->se_ns / 1e3, "validity",
                     rp_tiers_json(side->validity));
}

json_t *rp_against_json(const struct rp_against *what)
{
    const struct rp_ratio r =
        rp_ratio_find(what->base.prices, what->other.prices, what->profile);
    json_t *const ratio = json_pack(
        "{s:f, s:f, s:f, s:f, s:f, s:f, s:f}", "value", r.value, "log_se",
        r.log_se, "low", r.low, "high", r.high, "log_misfit", r.log_misfit,
        "wide_low", r.wide_low, "wide_high", r.wide_high);

    return json_pack("{s:o, s:o, s:o}", "base", side_to_json(&what->base),
                     "against", side_to_json(&what->other), "ratio", ratio);
}
