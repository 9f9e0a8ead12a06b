/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/version.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

/* One number of a version; at most six digits, so that none overflows. */
static bool scan_part(const char **at, unsigned *part)
{
    unsigned n = 0, digits = 0;

    for (; **at >= '0' && **at <= '9' && digits < 7; (*at)++, digits++)
        n = 10 * n + (unsigned)(**at - '0');
    *part = n;
    return digits > 0 && digits < 7;
}

bool rp_version_is_main(struct rp_version version)
{
    return version.major == UINT_MAX;
}

const char *rp_version_format(struct rp_version version,
                              char buffer[RP_VERSION_TEXT_SIZE])
{
    if (rp_version_is_main(version))
        (void)snprintf(buffer, RP_VERSION_TEXT_SIZE, "main");
    else if (version.patch == 0)
        (void)snprintf(buffer, RP_VERSION_TEXT_SIZE, "%u.%u", version.major,
                       version.minor);
    else
        (void)snprintf(buffer, RP_VERSION_TEXT_SIZE, "%u.%u.%u", version.major,
                       version.minor, version.patch);
    return buffer;
}

bool rp_version_parse(const char *text, struct rp_version *version)
{
    struct rp_version v = {0, 0, 0};
    const char *at = text;

    if (strcmp(text, "main") == 0) {
        *version = (struct rp_version){UINT_MAX, UINT_MAX, UINT_MAX};
        return true;
    }
    if (!scan_part(&at, &v.major) || *at++ != '.' || !scan_part(&at, &v.minor))
        return false;
    if (*at == '.') {
        at++;
        if (!scan_part(&at, &v.patch))
            return false;
    }
    if (*at)
        return false;
    *version = v;
    return true;
}

static int compare(unsigned a, unsigned b)
{
    return (a > b) - (a < b);
}

int rp_version_compare(struct rp_version a, struct rp_version b)
{
    const int major = compare(a.major, b.major);
    const int minor = compare(a.minor, b.minor);

    return major ? major : minor ? minor : compare(a.patch, b.patch);
}
