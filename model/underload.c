/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/underload.h"

#include "model/excerpt.h"

#include <math.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Names in the order of the file, to which correlations refer. */
struct order {
    enum rp_parameter at[RP_PARAMETER_COUNT];
    size_t count;
};

/* ---- Reading ---- */

static enum rp_code read_name(const struct rp_node *node,
                              struct rp_parameters *p,
                              enum rp_parameter *parameter,
                              struct rp_error *error)
{
    const char *text = "";
    const enum rp_code code = rp_node_text(node, &text, error);
    char found[RP_EXCERPT_SIZE];

    if (code)
        return code;
    *parameter = rp_parameter_parse(text);
    if (*parameter == RP_PARAMETER_COUNT)
        return rp_node_fail(node, error, RP_ERR_VALUE,
                            "name: found \"%s\", expected a parameter such as "
                            "%s",
                            rp_excerpt(text, found),
                            rp_parameter_name(RP_PARAMETER_ITERATION));
    if (p->known[*parameter])
        return rp_node_fail(node, error, RP_ERR_VALUE,
                            "name: %s stands above already; it has one value",
                            rp_parameter_name(*parameter));
    return RP_OK;
}

static enum rp_code read_amount(const struct rp_node *node,
                                enum rp_parameter_unit unit, double *amount,
                                struct rp_error *error)
{
    return unit == RP_UNIT_TIME
               ? rp_node_duration(node, amount, error)
               : rp_node_number(node, 0.0, 1e12, amount, error);
}

static enum rp_code read_correlations(const struct rp_node *list,
                                      const struct order *order,
                                      enum rp_parameter own,
                                      struct rp_parameters *p,
                                      struct rp_error *error)
{
    enum rp_code code =
        list ? rp_node_expect(list, RP_NODE_SEQUENCE, error) : RP_OK;
    size_t k = 0;

    if (!list || code)
        return code;
    if (list->count != order->count)
        return rp_node_fail(list, error, RP_ERR_VALUE,
                            "correlations: found %zu numbers, expected %zu: "
                            "one with each parameter above, in their order",
                            list->count, order->count);
    for (const struct rp_node *n = list->first; n && !code; n = n->next, k++) {
        double r = 0.0;

        code = rp_node_number(n, -1.0, 1.0, &r, error);
        p->correlation[own][order->at[k]] = r;
        p->correlation[order->at[k]][own] = r;
    }
    return code;
}

static enum rp_code read_one(const struct rp_node *map, struct order *order,
                             struct rp_parameters *p, struct rp_error *error)
{
    static const char *const known[] = {"name", "value", "se", "correlations"};
    const struct rp_node *of[3] = {NULL};
    enum rp_parameter own = RP_PARAMETER_COUNT;
    enum rp_code code = rp_node_expect(map, RP_NODE_MAPPING, error);

    if (!code)
        code = rp_node_only_keys(map, known, COUNT(known), NULL, error);
    for (size_t k = 0; k < COUNT(of) && !code; k++)
        code = rp_node_need(map, known[k], &of[k], error);
    if (!code)
        code = read_name(of[0], p, &own, error);
    if (!code)
        code =
            read_amount(of[1], rp_parameter_unit(own), &p->value[own], error);
    if (!code)
        code = read_amount(of[2], rp_parameter_unit(own), &p->se[own], error);
    if (!code)
        code =
            read_correlations(rp_node_get(map, known[3]), order, own, p, error);
    if (code)
        return code;
    p->known[own] = true;
    p->correlation[own][own] = 1.0;
    order->at[order->count++] = own;
    return RP_OK;
}

enum rp_code rp_underload_read(const struct rp_node *list,
                               struct rp_parameters *parameters,
                               struct rp_error *error)
{
    struct rp_parameters fresh = {.known = {false}};
    struct order order = {.count = 0};
    enum rp_code code =
        list ? rp_node_expect(list, RP_NODE_SEQUENCE, error) : RP_OK;

    if (list && !code)
        for (const struct rp_node *n = list->first; n && !code; n = n->next)
            code = read_one(n, &order, &fresh, error);
    if (!code)
        *parameters = fresh;
    return code;
}

/* ---- Writing ---- */

static void write_amount(FILE *out, const char *before, double amount,
                         enum rp_parameter_unit unit)
{
    if (unit == RP_UNIT_TIME)
        (void)fprintf(out, "%s%.7gus", before, 1e-3 * amount);
    else
        (void)fprintf(out, "%s%.7g", before, amount);
}

void rp_underload_write(const struct rp_parameters *p, FILE *out)
{
    struct order order = {.count = 0};

    if (!rp_parameters_any(p))
        return;
    (void)fputs("under_load: # what one client cannot show, fitted through the "
                "simulator\n",
                out);
    for (unsigned i = 0; i < RP_PARAMETER_COUNT; i++) {
        const enum rp_parameter own = (enum rp_parameter)i;
        const enum rp_parameter_unit unit = rp_parameter_unit(own);

        if (!p->known[i])
            continue;
        (void)fprintf(out, "  - name: %s", rp_parameter_name(own));
        write_amount(out, "\n    value: ", p->value[i], unit);
        write_amount(out, "\n    se: ", p->se[i], unit);
        (void)fputs("\n    correlations: [", out);
        for (size_t k = 0; k < order.count; k++)
            (void)fprintf(
                out, "%s%.6g", k == 0 ? "" : ", ",
                fmax(-1.0, fmin(1.0, p->correlation[i][order.at[k]])));
        (void)fputs("]\n", out);
        order.at[order.count++] = own;
    }
}
