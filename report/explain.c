/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/explain.h"

#include "model/framework.h"
#include "model/units.h"
#include "report/tiers.h"

#include <assert.h>
#include <math.h>
#include <string.h>

enum { WHAT_SIZE = 512, INDENT_MAX = 16 };

/* ---- Brackets ---- */

size_t rp_explain_leave(const struct rp_program *program, size_t enter)
{
    const unsigned depth = program->steps[enter].depth;
    size_t i = enter + 1;

    assert(program->steps[enter].op == RP_STEP_ENTER);
    while (program->steps[i].op != RP_STEP_LEAVE ||
           program->steps[i].depth != depth)
        i++;
    return i;
}

/* A thread is held by whatever happens inside its bracket; a loop is not. */
static bool is_thread(enum rp_place place)
{
    switch (place) {
    case RP_PLACE_WORKER:
    case RP_PLACE_SENSITIVE:
    case RP_PLACE_CONTEXT:
    case RP_PLACE_POOL:
    case RP_PLACE_CALLER:
        return true;
    case RP_PLACE_LOOP:
    case RP_PLACE_INNER_LOOP:
    case RP_PLACE_OUTER_LOOP:
        return false;
    }
    return false;
}

bool rp_explain_holds(const struct rp_program *program, size_t enter)
{
    const size_t leave = rp_explain_leave(program, enter);

    if (!is_thread(program->steps[enter].place))
        return false;
    for (size_t i = enter + 1; i < leave; i++)
        switch (program->steps[i].op) {
        case RP_STEP_WAIT:
        case RP_STEP_ENTER:
        case RP_STEP_TAKE:
            return true;
        case RP_STEP_CPU:
        case RP_STEP_LEAVE:
        case RP_STEP_GIVE:
            break;
        }
    return false;
}

static const char *held_thread(enum rp_place place)
{
    switch (place) {
    case RP_PLACE_WORKER:
        return "a worker thread";
    case RP_PLACE_SENSITIVE:
        return "the sensitive thread";
    case RP_PLACE_CONTEXT:
        return "the request's thread";
    case RP_PLACE_POOL:
        return "a pool thread";
    case RP_PLACE_CALLER:
        return "the caller's thread";
    case RP_PLACE_LOOP:
    case RP_PLACE_INNER_LOOP:
    case RP_PLACE_OUTER_LOOP:
        break;
    }
    return "nothing";
}

/* ---- Costs ---- */

/* NAN where nothing is priced, or nothing prices this step: a stand-in does,
 * a missing item does not. */
static double step_ns(const struct rp_explanation *what, size_t i)
{
    const struct rp_step *const s = &what->program->steps[i];

    if (!what->profile)
        return NAN;
    if (s->item != RP_ITEM_NONE &&
        what->prices->items[s->item].trust == RP_PRICE_MISSING)
        return NAN;
    return rp_price_step_ns(s, what->profile, what->prices);
}

/* Of the steps `first` .. `last`, what is not priced left out. */
static double span_ns(const struct rp_explanation *what, size_t first,
                      size_t last)
{
    double sum_ns = what->profile ? 0.0 : (double)NAN;

    for (size_t i = first; i <= last && what->profile; i++) {
        const double ns = step_ns(what, i);
        sum_ns += isfinite(ns) ? ns : 0.0;
    }
    return sum_ns;
}

static double percent(const struct rp_explanation *what, double ns)
{
    if (!what->profile || !(what->prices->total_ns > 0.0))
        return NAN;
    return 100.0 * ns / what->prices->total_ns;
}

/* ---- Words ---- */

static void own_text(const struct rp_step *step, char text[WHAT_SIZE])
{
    char mean[RP_DURATION_TEXT_SIZE];

    (void)rp_duration_format(step->own.mean_ns, mean);
    if (step->own.shape == RP_SHAPE_CONSTANT)
        (void)snprintf(text, WHAT_SIZE, "%s %s", step->what, mean);
    else
        (void)snprintf(text, WHAT_SIZE, "%s %s (%s, cv %g)", step->what, mean,
                       rp_shape_word(step->own.shape), step->own.cv);
}

static void enter_text(const struct rp_program *program, size_t i,
                       char text[WHAT_SIZE])
{
    const struct rp_step *const s = &program->steps[i];
    const char *remark = "";
    char holds[64] = "";

    if (s->item == RP_ITEM_A2S_NEW)
        remark = " new loop and thread";
    else if (s->cross == RP_CROSS_A2S)
        remark = " on the loop that runs";
    else if (rp_explain_holds(program, i))
        (void)snprintf(holds, sizeof holds, " holds %s", held_thread(s->place));
    (void)snprintf(text, WHAT_SIZE, "%s %s {%s%s", rp_crossing_name(s->cross),
                   s->what, holds, remark);
}

static void step_text(const struct rp_explanation *what, size_t i,
                      char text[WHAT_SIZE])
{
    const struct rp_step *const s = &what->program->steps[i];

    switch (s->op) {
    case RP_STEP_CPU:
    case RP_STEP_WAIT:
        if (s->item == RP_ITEM_NONE)
            own_text(s, text);
        else
            (void)snprintf(text, WHAT_SIZE, "%s", s->what);
        return;
    case RP_STEP_ENTER:
        enter_text(what->program, i, text);
        return;
    case RP_STEP_LEAVE:
        (void)snprintf(text, WHAT_SIZE, "}");
        return;
    case RP_STEP_TAKE:
    case RP_STEP_GIVE:
        (void)snprintf(text, WHAT_SIZE, "%s %s", rp_op_name(s->op),
                       what->scenario->resources[s->resource].name);
        return;
    }
}

/* ---- Rows for machines ---- */

enum {
    STEP,
    OP,
    PLACE,
    CROSS,
    WHAT,
    ORIGIN,
    DEPTH,
    HOLDS,
    ITEM,
    SHARE,
    RESOURCE,
    OWN_US,
    COST_US,
    COST_PERCENT,
    PRICED_BY,
    AFTER_ANSWER,
    COLUMN_COUNT
};

static const struct rp_column step_columns[COLUMN_COUNT] = {
    [STEP] = {"step", NULL, RP_COLUMN_COUNT, 0},
    [OP] = {"op", NULL, RP_COLUMN_TEXT, 0},
    [PLACE] = {"place", NULL, RP_COLUMN_TEXT, 0},
    [CROSS] = {"cross", NULL, RP_COLUMN_TEXT, 0},
    [WHAT] = {"what", NULL, RP_COLUMN_TEXT, 0},
    [ORIGIN] = {"origin", NULL, RP_COLUMN_TEXT, 0},
    [DEPTH] = {"depth", NULL, RP_COLUMN_COUNT, 0},
    [HOLDS] = {"holds", NULL, RP_COLUMN_TEXT, 0},
    [ITEM] = {"item", NULL, RP_COLUMN_TEXT, 0},
    [SHARE] = {"share", NULL, RP_COLUMN_NUMBER, 0},
    [RESOURCE] = {"resource", NULL, RP_COLUMN_TEXT, 0},
    [OWN_US] = {"own_us", NULL, RP_COLUMN_NUMBER, 0},
    [COST_US] = {"cost_us", NULL, RP_COLUMN_NUMBER, 0},
    [COST_PERCENT] = {"cost_percent", NULL, RP_COLUMN_NUMBER, 0},
    [PRICED_BY] = {"priced_by", NULL, RP_COLUMN_TEXT, 0},
    [AFTER_ANSWER] = {"after_answer", NULL, RP_COLUMN_TEXT, 0},
};

/* Which item's cost a step has; NULL: none. */
static const char *priced_by(const struct rp_explanation *what,
                             const struct rp_step *step)
{
    if (!what->profile || step->item == RP_ITEM_NONE ||
        what->prices->items[step->item].trust == RP_PRICE_MISSING)
        return NULL;
    return rp_item_name(what->prices->items[step->item].by);
}

static void set_cost(const struct rp_explanation *what, size_t i,
                     struct rp_table *table)
{
    const struct rp_step *const s = &what->program->steps[i];
    const double ns = step_ns(what, i);

    if (s->item != RP_ITEM_NONE) {
        rp_table_text(table, ITEM, rp_item_name(s->item));
        rp_table_number(table, SHARE, s->share);
    } else if (s->op == RP_STEP_CPU || s->op == RP_STEP_WAIT) {
        rp_table_number(table, OWN_US, s->own.mean_ns / 1e3);
    }
    rp_table_number(table, COST_US, ns / 1e3);
    rp_table_number(table, COST_PERCENT, percent(what, ns));
    rp_table_text(table, PRICED_BY, priced_by(what, s));
}

static void set_step(const struct rp_explanation *what, size_t i,
                     struct rp_table *table)
{
    const struct rp_program *const p = what->program;
    const struct rp_step *const s = &p->steps[i];

    rp_table_number(table, STEP, (double)(i + 1));
    rp_table_text(table, OP, rp_op_name(s->op));
    rp_table_text(table, PLACE, rp_place_name(s->place));
    rp_table_text(table, CROSS, rp_crossing_name(s->cross));
    rp_table_text(table, WHAT, s->what);
    rp_table_text(table, ORIGIN, rp_step_origin(s, what->scenario));
    rp_table_number(table, DEPTH, s->depth);
    if (s->op == RP_STEP_ENTER && rp_explain_holds(p, i))
        rp_table_text(table, HOLDS, rp_place_name(s->place));
    if (s->op == RP_STEP_TAKE || s->op == RP_STEP_GIVE)
        rp_table_text(table, RESOURCE,
                      what->scenario->resources[s->resource].name);
    set_cost(what, i, table);
    rp_table_flag(table, AFTER_ANSWER, i >= p->answer_step);
}

static void add_warnings(const struct rp_explanation *what,
                         struct rp_table *table)
{
    char text[RP_EXPLAIN_WARNINGS_SIZE], *line = text;

    (void)rp_explain_warnings(what, text, sizeof text);
    while (*line) {
        const size_t length = strcspn(line, "\n");

        rp_table_note(table, "warning: %.*s", (int)length, line);
        line += length + (line[length] == '\n');
    }
}

struct rp_table *rp_explain_steps(const struct rp_explanation *what)
{
    struct rp_table *const table = rp_table_new(step_columns, COLUMN_COUNT);

    for (size_t i = 0; i < what->program->step_count && table; i++) {
        rp_table_row(table);
        set_step(what, i, table);
    }
    if (table)
        add_warnings(what, table);
    return table;
}

/* ---- Rows for people ---- */

enum { LINE_STEP, LINE_PATH, LINE_PLACE, LINE_ORIGIN, LINE_COST, LINE_SHARE };

static const struct rp_column path_columns[] = {
    [LINE_STEP] = {"step", NULL, RP_COLUMN_TEXT, 0},
    [LINE_PATH] = {"path", NULL, RP_COLUMN_TEXT, 0},
    [LINE_PLACE] = {"place", "runs on", RP_COLUMN_TEXT, 0},
    [LINE_ORIGIN] = {"origin", "because of", RP_COLUMN_TEXT, 0},
    [LINE_COST] = {"cost_us", "cost us", RP_COLUMN_FIXED, 1},
    [LINE_SHARE] = {"cost_percent", "share %", RP_COLUMN_FIXED, 1},
};

/* The brackets around a step, outermost first, by what they hold; deep ones
 * are counted, not drawn. */
struct indent {
    bool thread[INDENT_MAX];
    unsigned depth;
};

static void open_bracket(struct indent *indent, enum rp_place place)
{
    if (indent->depth < INDENT_MAX)
        indent->thread[indent->depth] = is_thread(place);
    indent->depth++;
}

static size_t write_indent(const struct indent *indent, char *text, size_t size)
{
    size_t used = 0;

    for (unsigned i = 0; i < indent->depth && i < INDENT_MAX; i++)
        used += (size_t)snprintf(text + used, size - used, "%s",
                                 indent->thread[i] ? "| " : ". ");
    if (indent->depth > INDENT_MAX)
        used += (size_t)snprintf(text + used, size - used, "(+%u) ",
                                 indent->depth - INDENT_MAX);
    return used;
}

/* The steps `first` and `last` are one line: one step, or a bracket with
 * nothing in it. */
static void add_line(const struct rp_explanation *what,
                     const struct indent *indent, size_t first, size_t last,
                     struct rp_table *table)
{
    const struct rp_step *const s = &what->program->steps[first];
    char step[64], path[2 * WHAT_SIZE], text[WHAT_SIZE];
    const size_t used = write_indent(indent, path, sizeof path);
    const double ns =
        first == last ? step_ns(what, first) : span_ns(what, first, last);

    step_text(what, first, text);
    (void)snprintf(path + used, sizeof path - used, "%s%s", text,
                   first == last ? "" : " }");
    if (first == last)
        (void)snprintf(step, sizeof step, "%zu", first + 1);
    else
        (void)snprintf(step, sizeof step, "%zu, %zu", first + 1, last + 1);
    rp_table_row(table);
    rp_table_text(table, LINE_STEP, step);
    rp_table_text(table, LINE_PATH, path);
    rp_table_text(table, LINE_PLACE, rp_place_name(s->place));
    rp_table_text(table, LINE_ORIGIN, rp_step_origin(s, what->scenario));
    if (!what->profile || s->op == RP_STEP_TAKE || s->op == RP_STEP_GIVE)
        return;
    rp_table_number(table, LINE_COST, ns / 1e3);
    rp_table_number(table, LINE_SHARE, percent(what, ns));
}

/* What comes below it holds up no client. */
static void add_answer(struct rp_table *table)
{
    rp_table_row(table);
    rp_table_text(table, LINE_PATH, "(the client has its answer)");
}

static void add_lines(const struct rp_explanation *what, struct rp_table *table)
{
    const struct rp_program *const p = what->program;
    struct indent indent = {.depth = 0};

    for (size_t i = 0; i < p->step_count; i++) {
        const bool enters = p->steps[i].op == RP_STEP_ENTER;

        if (i == p->answer_step)
            add_answer(table);
        if (enters && p->steps[i + 1].op == RP_STEP_LEAVE) {
            add_line(what, &indent, i, i + 1, table);
            i++;
            continue;
        }
        if (p->steps[i].op == RP_STEP_LEAVE)
            indent.depth--;
        add_line(what, &indent, i, i, table);
        if (enters)
            open_bracket(&indent, p->steps[i].place);
    }
}

/* "sync_to_async 4 (caller 0, ...)": places that are nought are left out. */
static void note_counts(const struct rp_explanation *what,
                        struct rp_table *table)
{
    const struct rp_counts n = rp_program_count(what->program);
    const struct {
        enum rp_place place;
        unsigned count;
    } places[] = {{RP_PLACE_CALLER, n.s2a_caller},
                  {RP_PLACE_SENSITIVE, n.s2a_sensitive},
                  {RP_PLACE_CONTEXT, n.s2a_context},
                  {RP_PLACE_POOL, n.s2a_pool}};
    char split[128] = "";
    size_t used = 0;

    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (places[i].count > 0)
            used += (size_t)snprintf(split + used, sizeof split - used,
                                     "%s%s %u", used ? ", " : " (",
                                     rp_place_name(places[i].place),
                                     places[i].count);
    rp_table_note(table,
                  "%u sync_to_async%s%s, %u async_to_sync, %u new loop%s, %u "
                  "new thread%s",
                  n.sync_to_async, split, used ? ")" : "", n.async_to_sync,
                  n.loops_created, n.loops_created == 1 ? "" : "s",
                  n.threads_created, n.threads_created == 1 ? "" : "s");
}

static void note_total(const struct rp_explanation *what,
                       struct rp_table *table)
{
    char total[RP_DURATION_TEXT_SIZE], se[RP_DURATION_TEXT_SIZE];
    char framework[RP_DURATION_TEXT_SIZE], own[RP_DURATION_TEXT_SIZE];

    if (!what->profile)
        return;
    rp_table_note(table,
                  "total %s, standard error %s: server and framework %s, own "
                  "CPU and waits %s",
                  rp_duration_format(what->prices->total_ns, total),
                  rp_duration_format(what->prices->se_ns, se),
                  rp_duration_format(what->prices->framework_ns, framework),
                  rp_duration_format(what->prices->own_ns, own));
}

static void note_answer(const struct rp_explanation *what,
                        struct rp_table *table)
{
    const size_t first = what->program->answer_step;

    if (first < what->program->step_count)
        rp_table_note(
            table,
            "answered before step %zu: what follows may hold up other "
            "requests%s",
            first + 1, what->profile ? "; the total is of all steps" : "");
}

/* Under WSGI the whole request is one bracket that holds its worker. */
static void note_start(const struct rp_explanation *what,
                       struct rp_table *table)
{
    if (is_thread(what->program->start))
        rp_table_note(table, "holds %s: the whole request",
                      held_thread(what->program->start));
}

static void note_holds(const struct rp_explanation *what,
                       struct rp_table *table)
{
    const struct rp_program *const p = what->program;
    char held[RP_DURATION_TEXT_SIZE];

    note_start(what, table);
    for (size_t i = 0; i < p->step_count; i++) {
        if (p->steps[i].op != RP_STEP_ENTER || !rp_explain_holds(p, i))
            continue;
        const size_t leave = rp_explain_leave(p, i);
        const double ns = span_ns(what, i, leave);

        rp_table_note(table, "holds %s: steps %zu to %zu, because of %s%s%s",
                      held_thread(p->steps[i].place), i + 1, leave + 1,
                      rp_step_origin(&p->steps[i], what->scenario),
                      what->profile ? ", for " : "",
                      what->profile ? rp_duration_format(ns, held) : "");
    }
}

static void add_heading(const struct rp_explanation *what,
                        struct rp_table *table)
{
    const struct rp_scenario *const s = what->scenario;
    char version[RP_VERSION_TEXT_SIZE], asgiref[RP_VERSION_TEXT_SIZE];

    if (s->name[0])
        rp_table_heading(table, "%s (%s)", s->name, s->file);
    else
        rp_table_heading(table, "%s", s->file);
    rp_table_heading(table,
                     "%s, %s %s, asgiref %s, %s path; %zu layer%s, %s view, "
                     "outcome %s",
                     rp_server_word(s->server.kind), s->framework.name,
                     rp_version_format(s->framework.version, version),
                     rp_version_format(s->framework.asgiref_version, asgiref),
                     rp_path_word(s->framework.path), s->layer_count,
                     s->layer_count == 1 ? "" : "s",
                     s->view_async ? "async" : "sync",
                     rp_outcome_word(s->outcome));
    if (s->class_count > 0)
        rp_table_heading(table,
                         "requests \"%s\", class %zu of %zu (--class NAME "
                         "chooses)",
                         s->classes[what->class_index].name,
                         what->class_index + 1, s->class_count);
    if (what->profile)
        rp_table_heading(table,
                         "costs of %s, made %s; one request alone, nothing "
                         "queues",
                         what->profile->file, what->profile->made_on);
}

static void note_validity(const struct rp_explanation *what,
                          struct rp_table *table)
{
    char text[RP_VALIDITY_TEXT_SIZE];

    if (what->validity)
        rp_table_note(table, "validity: %s",
                      rp_validity_line(what->validity, text, sizeof text));
}

struct rp_table *rp_explain_path(const struct rp_explanation *what)
{
    const size_t columns = what->profile ? LINE_SHARE + 1 : LINE_ORIGIN + 1;
    struct rp_table *const table = rp_table_new(path_columns, columns);

    if (!table)
        return NULL;
    add_heading(what, table);
    add_lines(what, table);
    note_counts(what, table);
    note_answer(what, table);
    note_holds(what, table);
    note_total(what, table);
    note_validity(what, table);
    add_warnings(what, table);
    return table;
}

unsigned rp_explain_warnings(const struct rp_explanation *what, char *text,
                             size_t size)
{
    char beyond[RP_BEYOND_TEXT_SIZE];

    if (what->profile)
        return rp_price_warnings(what->scenario, what->program, what->profile,
                                 what->prices, text, size);
    text[0] = '\0';
    if (!what->program->beyond_known)
        return 0;
    (void)snprintf(text, size, "%s\n",
                   rp_beyond_known_text(&what->scenario->framework, beyond));
    return 1;
}

/* ---- The rest of the JSON ---- */

/* Names of files may be no text at all; JSON has none of those. */
static json_t *text_or_null(const char *text)
{
    json_t *const json = json_string(text);

    return json ? json : json_null();
}

static json_t *number_or_null(double number)
{
    return isfinite(number) ? json_real(number) : json_null();
}

static json_t *class_to_json(const struct rp_explanation *what)
{
    const struct rp_scenario *const s = what->scenario;

    return s->class_count > 0 ? json_string(s->classes[what->class_index].name)
                              : json_null();
}

static json_t *scenario_to_json(const struct rp_explanation *what)
{
    const struct rp_scenario *const s = what->scenario;
    char version[RP_VERSION_TEXT_SIZE], asgiref[RP_VERSION_TEXT_SIZE];

    return json_pack(
        "{s:o, s:o, s:s, s:s, s:s, s:s, s:s, s:b, s:I, s:o, s:s, s:s}", "name",
        text_or_null(s->name), "file", text_or_null(s->file), "framework",
        s->framework.name, "framework_version",
        rp_version_format(s->framework.version, version), "asgiref_version",
        rp_version_format(s->framework.asgiref_version, asgiref), "path",
        rp_path_word(s->framework.path), "server",
        rp_server_word(s->server.kind), "app_built_in_loop",
        s->server.app_built_in_loop, "layers", (json_int_t)s->layer_count,
        "class", class_to_json(what), "view", s->view_async ? "async" : "sync",
        "outcome", rp_outcome_word(s->outcome));
}

static json_t *counts_to_json(const struct rp_program *program)
{
    const struct rp_counts n = rp_program_count(program);

    return json_pack("{s:i, s:i, s:i, s:i, s:{s:i, s:i, s:i, s:i}}",
                     "sync_to_async", (int)n.sync_to_async, "async_to_sync",
                     (int)n.async_to_sync, "loops_created",
                     (int)n.loops_created, "threads_created",
                     (int)n.threads_created, "sync_to_async_on", "caller",
                     (int)n.s2a_caller, "sensitive", (int)n.s2a_sensitive,
                     "context", (int)n.s2a_context, "pool", (int)n.s2a_pool);
}

/* A bracket that holds its thread. */
static json_t *hold_to_json(const struct rp_explanation *what, size_t enter)
{
    const struct rp_step *const s = &what->program->steps[enter];
    const size_t leave = rp_explain_leave(what->program, enter);
    const json_int_t first = (json_int_t)enter, last = (json_int_t)leave;

    return json_pack("{s:s, s:o, s:I, s:I, s:o}", "place",
                     rp_place_name(s->place), "origin",
                     text_or_null(rp_step_origin(s, what->scenario)),
                     "first_step", first + 1, "last_step", last + 1, "held_us",
                     number_or_null(span_ns(what, enter, leave) / 1e3));
}

static json_t *holds_to_json(const struct rp_explanation *what)
{
    json_t *const holds = json_array();

    for (size_t i = 0; i < what->program->step_count; i++)
        if (what->program->steps[i].op == RP_STEP_ENTER &&
            rp_explain_holds(what->program, i) &&
            json_array_append_new(holds, hold_to_json(what, i)) != 0) {
            json_decref(holds);
            return NULL;
        }
    return holds;
}

static json_t *total_to_json(const struct rp_explanation *what)
{
    const struct rp_prices *const p = what->prices;

    if (!what->profile)
        return json_null();
    return json_pack("{s:o, s:f, s:f, s:f, s:f, s:i, s:i}", "profile",
                     text_or_null(what->profile->file), "total_us",
                     p->total_ns / 1e3, "se_us", p->se_ns / 1e3, "framework_us",
                     p->framework_ns / 1e3, "own_us", p->own_ns / 1e3,
                     "stand_ins", (int)p->stand_ins, "missing",
                     (int)p->missing);
}

json_t *rp_explain_json(const struct rp_explanation *what)
{
    return json_pack(
        "{s:o, s:s, s:o, s:o, s:o, s:o}", "scenario", scenario_to_json(what),
        "start", rp_place_name(what->program->start), "counts",
        counts_to_json(what->program), "holds", holds_to_json(what), "total",
        total_to_json(what), "validity",
        what->validity ? rp_tiers_json(what->validity) : json_null());
}
