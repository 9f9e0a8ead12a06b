/**
 * The section of a profile that says what happens under load.
 *
 * A list of parameters (model/parameter.h), each with its standard error and
 * the correlations of its error with those above.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RP_MODEL_UNDERLOAD_H
#define RP_MODEL_UNDERLOAD_H

#include "model/node.h"
#include "model/parameter.h"

#include <stdio.h>

/**
 * Read the section.
 *
 * @param list        NULL: there is none, and no parameter is known
 * @param parameters  written in full on success, untouched on failure
 * @return RP_ERR_VALUE (unknown or repeated names, values without their unit or
 *         out of range), RP_ERR_SYNTAX
 */
RP_CHECKED enum rp_code rp_underload_read(const struct rp_node *list,
                                          struct rp_parameters *parameters,
                                          struct rp_error *error);

/** Write it as rp_underload_read() reads it, to seven digits; nothing where no
 * parameter is known. The stream keeps its errors. */
void rp_underload_write(const struct rp_parameters *parameters, FILE *out);

#endif
