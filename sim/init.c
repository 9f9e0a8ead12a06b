/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/init.h"

#include <gsl/gsl_errno.h>

void rp_init(void)
{
    (void)gsl_set_error_handler_off();
}
