/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/price.h"

#include "model/framework.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

/* Whose cost is taken where a profile lacks an item's: the nearest thing that
 * runs measure. Earlier rows first. Items that are not here have none. */
static const struct {
    enum rp_item item, by;
} stand_ins[] = {
    {RP_ITEM_S2A_CONTEXT, RP_ITEM_S2A_SENSITIVE},
    {RP_ITEM_S2A_POOL, RP_ITEM_S2A_SENSITIVE},
    {RP_ITEM_S2A_POOL, RP_ITEM_S2A_CONTEXT},
    {RP_ITEM_S2A_CALLER, RP_ITEM_S2A_SENSITIVE},
    {RP_ITEM_S2A_CALLER, RP_ITEM_S2A_CONTEXT},
    {RP_ITEM_S2A_SENSITIVE, RP_ITEM_S2A_CONTEXT},
    {RP_ITEM_S2A_SENSITIVE, RP_ITEM_S2A_CALLER},
    {RP_ITEM_S2A_CONTEXT, RP_ITEM_S2A_CALLER},
    {RP_ITEM_S2A_POOL, RP_ITEM_S2A_CALLER},
    {RP_ITEM_A2S_REUSE, RP_ITEM_S2A_SENSITIVE},
    {RP_ITEM_A2S_REUSE, RP_ITEM_S2A_CALLER},
    {RP_ITEM_BASE_RUNSERVER, RP_ITEM_BASE_GTHREAD},
};

static bool in_family(enum rp_item item, enum rp_item other)
{
    return item != other &&
           strcmp(rp_item_family(item), rp_item_family(other)) == 0;
}

static enum rp_item find_stand_in(const struct rp_profile *profile,
                                  enum rp_item item)
{
    for (size_t i = 0; i < sizeof stand_ins / sizeof *stand_ins; i++)
        if (stand_ins[i].item == item &&
            profile->cost_of_item[stand_ins[i].by] >= 0)
            return stand_ins[i].by;
    for (unsigned other = 0; other < RP_ITEM_COUNT; other++)
        if (in_family(item, (enum rp_item)other) &&
            strcmp(rp_item_family(item), "thread") != 0 &&
            profile->cost_of_item[other] >= 0)
            return (enum rp_item)other;
    return RP_ITEM_NONE;
}

static struct rp_item_price price_item(const struct rp_profile *profile,
                                       enum rp_item item, double amount)
{
    struct rp_item_price price = {.amount = amount, .by = item};

    price.cost = profile->cost_of_item[item];
    if (price.cost >= 0)
        return price;
    price.by = find_stand_in(profile, item);
    price.trust =
        price.by == RP_ITEM_NONE ? RP_PRICE_MISSING : RP_PRICE_STAND_IN;
    price.cost =
        price.by == RP_ITEM_NONE ? -1 : profile->cost_of_item[price.by];
    return price;
}

/* "base.daphne" without "base.". */
static const char *server_of(enum rp_item base)
{
    return rp_item_name(base) + strlen("base.");
}

static enum rp_code no_base(const struct rp_profile *profile, enum rp_item base,
                            struct rp_error *error)
{
    char known[256] = "";
    size_t used = 0;

    for (unsigned i = RP_ITEM_BASE_GUNICORN; i <= RP_ITEM_BASE_UVICORN; i++)
        if (profile->cost_of_item[i] >= 0) {
            const int n =
                snprintf(known + used, sizeof known - used, "%s%s",
                         used ? ", " : "", server_of((enum rp_item)i));
            used += n > 0 ? (size_t)n : 0;
        }
    return rp_fail_at(error, RP_ERR_VALUE, profile->file, 0, 0,
                      "the profile has no cost \"%s\", so it cannot price "
                      "%s: it was made from runs of %s; choose one of these "
                      "in server.kind, or calibrate with runs of %s",
                      rp_item_name(base), server_of(base),
                      known[0] ? known : "no server", server_of(base));
}

static void add_up(const struct rp_program *program,
                   const struct rp_profile *profile, struct rp_prices *prices)
{
    const size_t n = profile->cost_count;
    double variance = 0.0;

    for (unsigned i = 0; i < RP_ITEM_COUNT; i++) {
        const struct rp_item_price *const a = &prices->items[i];

        if (a->amount <= 0.0 || a->cost < 0)
            continue;
        prices->framework_ns += a->amount * profile->costs[a->cost].mean_ns;
        for (unsigned j = 0; j < RP_ITEM_COUNT; j++) {
            const struct rp_item_price *const b = &prices->items[j];
            if (b->amount > 0.0 && b->cost >= 0)
                variance +=
                    a->amount * b->amount *
                    profile
                        ->covariance_ns2[(size_t)a->cost * n + (size_t)b->cost];
        }
    }
    for (size_t i = 0; i < program->step_count; i++)
        if (program->steps[i].item == RP_ITEM_NONE)
            prices->own_ns += program->steps[i].own.mean_ns;
    prices->total_ns = prices->framework_ns + prices->own_ns;
    prices->se_ns = sqrt(fmax(0.0, variance));
}

enum rp_code rp_price(const struct rp_program *program,
                      const struct rp_profile *profile,
                      struct rp_prices *prices, struct rp_error *error)
{
    struct rp_prices fresh = {.total_ns = 0.0};
    double amounts[RP_ITEM_COUNT];

    rp_program_items(program, amounts);
    for (unsigned i = 0; i < RP_ITEM_COUNT; i++) {
        const enum rp_item item = (enum rp_item)i;

        fresh.items[i] = price_item(profile, item, amounts[i]);
        if (amounts[i] <= 0.0)
            continue;
        if (i <= RP_ITEM_BASE_UVICORN &&
            fresh.items[i].trust == RP_PRICE_MISSING)
            return no_base(profile, item, error);
        fresh.stand_ins += fresh.items[i].trust == RP_PRICE_STAND_IN;
        fresh.missing += fresh.items[i].trust == RP_PRICE_MISSING;
    }
    add_up(program, profile, &fresh);
    *prices = fresh;
    return RP_OK;
}

double rp_price_step_ns(const struct rp_step *step,
                        const struct rp_profile *profile,
                        const struct rp_prices *prices)
{
    if (step->item == RP_ITEM_NONE)
        return step->own.mean_ns;

    const int cost = prices->items[step->item].cost;
    return cost < 0 ? 0.0 : step->share * profile->costs[cost].mean_ns;
}

double rp_price_step_at(const struct rp_step *step,
                        const struct rp_profile *profile,
                        const struct rp_prices *prices, double u)
{
    if (step->item == RP_ITEM_NONE)
        return 0.0;

    const int cost = prices->items[step->item].cost;
    if (cost < 0)
        return 0.0;
    return step->share * profile->costs[cost].mean_ns *
           rp_spread_at(&profile->costs[cost].spread, u);
}

/* ---- Warnings ---- */

struct lines {
    char *text;
    size_t size, used;
    unsigned count;
};

static void say(struct lines *lines, const char *format, ...) RP_PRINTF(2, 3);

static void say(struct lines *lines, const char *format, ...)
{
    va_list args;
    int n;

    lines->count++;
    if (lines->used + 1 >= lines->size)
        return;
    va_start(args, format);
    n = vsnprintf(lines->text + lines->used, lines->size - lines->used, format,
                  args);
    va_end(args);
    if (n > 0)
        lines->used += (size_t)n;
    if (lines->used + 1 < lines->size) {
        lines->text[lines->used++] = '\n';
        lines->text[lines->used] = '\0';
    }
}

/* Patch releases are taken as alike. */
static bool same_series(const char *text, struct rp_version version)
{
    struct rp_version v;

    return rp_version_parse(text, &v) && v.major == version.major &&
           v.minor == version.minor;
}

static void say_versions(struct lines *lines, const struct rp_framework *f,
                         const struct rp_profile *profile)
{
    char django[RP_VERSION_TEXT_SIZE], asgiref[RP_VERSION_TEXT_SIZE];

    (void)rp_version_format(f->version, django);
    (void)rp_version_format(f->asgiref_version, asgiref);
    if (profile->framework && profile->framework[0] &&
        strcmp(profile->framework, f->name) != 0)
        say(lines,
            "the profile was measured on %s, the scenario is %s: its costs are "
            "those of other code; calibrate with runs of %s",
            profile->framework, f->name, f->name);
    if (profile->framework_version[0] &&
        !same_series(profile->framework_version, f->version))
        say(lines,
            "the profile was measured on %s %s, the scenario is %s %s: counts "
            "follow the scenario, costs the profile; calibrate with runs of "
            "%s to trust the figures",
            profile->framework, profile->framework_version, f->name, django,
            django);
    if (profile->asgiref_version[0] &&
        !same_series(profile->asgiref_version, f->asgiref_version))
        say(lines,
            "the profile was measured with asgiref %s, the scenario has %s",
            profile->asgiref_version, asgiref);
}

unsigned rp_price_warnings(const struct rp_scenario *scenario,
                           const struct rp_program *program,
                           const struct rp_profile *profile,
                           const struct rp_prices *prices, char *text,
                           size_t size)
{
    struct lines lines = {.text = text, .size = size};
    char beyond[RP_BEYOND_TEXT_SIZE];

    if (size > 0)
        text[0] = '\0';
    if (program->beyond_known)
        say(&lines, "%s", rp_beyond_known_text(&scenario->framework, beyond));
    say_versions(&lines, &scenario->framework, profile);
    for (unsigned i = 0; i < RP_ITEM_COUNT; i++) {
        const struct rp_item_price *const p = &prices->items[i];

        if (p->amount <= 0.0)
            continue;
        if (p->trust == RP_PRICE_STAND_IN)
            say(&lines, "%s is not in the profile: %s stands in for it",
                rp_item_name((enum rp_item)i), rp_item_name(p->by));
        if (p->trust == RP_PRICE_MISSING)
            say(&lines,
                "%s is not in the profile and counts as nothing: the real "
                "cost is higher",
                rp_item_name((enum rp_item)i));
    }
    if (scenario->load.kind == RP_LOAD_CLOSED &&
        scenario->load.client == RP_CLIENT_AB &&
        profile->cost_of_item[RP_ITEM_CLIENT_GAP] < 0)
        say(&lines, "%s is not in the profile: ab takes no time of its own",
            rp_item_name(RP_ITEM_CLIENT_GAP));
    return lines.count;
}
