/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/parameter.h"

#include <string.h>

static const struct row {
    const char *name, *meaning;
    enum rp_parameter_unit unit;
} rows[] = {
#define RP_PARAMETER_AS_ROW(parameter, name, mechanism, unit, meaning)         \
    [parameter] = {name, meaning, unit},
    RP_PARAMETER_LIST(RP_PARAMETER_AS_ROW)
#undef RP_PARAMETER_AS_ROW
};

const char *rp_parameter_name(enum rp_parameter parameter)
{
    return rows[parameter].name;
}

const char *rp_parameter_meaning(enum rp_parameter parameter)
{
    return rows[parameter].meaning;
}

enum rp_parameter_unit rp_parameter_unit(enum rp_parameter parameter)
{
    return rows[parameter].unit;
}

enum rp_parameter rp_parameter_parse(const char *name)
{
    for (unsigned i = 0; i < RP_PARAMETER_COUNT; i++)
        if (strcmp(rows[i].name, name) == 0)
            return (enum rp_parameter)i;
    return RP_PARAMETER_COUNT;
}

enum rp_parameter rp_parameter_after(enum rp_server_kind server)
{
    switch (server) {
    case RP_SERVER_GUNICORN:
        return RP_PARAMETER_AFTER_GUNICORN;
    case RP_SERVER_GTHREAD:
        return RP_PARAMETER_AFTER_GTHREAD;
    case RP_SERVER_RUNSERVER:
        return RP_PARAMETER_AFTER_RUNSERVER;
    case RP_SERVER_DAPHNE:
        return RP_PARAMETER_AFTER_DAPHNE;
    case RP_SERVER_UVICORN:
        return RP_PARAMETER_AFTER_UVICORN;
    }
    return RP_PARAMETER_AFTER_GUNICORN;
}

bool rp_parameter_is_on(const struct rp_mechanisms *mechanisms,
                        enum rp_parameter parameter)
{
    switch (parameter) {
#define RP_PARAMETER_AS_CASE(parameter_, name, mechanism, unit, meaning)       \
    case parameter_:                                                           \
        return mechanisms->mechanism;
        RP_PARAMETER_LIST(RP_PARAMETER_AS_CASE)
#undef RP_PARAMETER_AS_CASE
    case RP_PARAMETER_COUNT:
        break;
    }
    return false;
}

double rp_parameter_at_work(const struct rp_parameters *parameters,
                            const struct rp_mechanisms *mechanisms,
                            enum rp_parameter parameter)
{
    return rp_parameter_is_on(mechanisms, parameter) &&
                   parameters->known[parameter]
               ? parameters->value[parameter]
               : 0.0;
}

bool rp_parameters_any(const struct rp_parameters *parameters)
{
    for (size_t i = 0; i < RP_PARAMETER_COUNT; i++)
        if (parameters->known[i])
            return true;
    return false;
}
