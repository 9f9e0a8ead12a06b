/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/hostcpu.h"

#include <string.h>

/* The value of "KEY<tabs>: VALUE", without its line's end; NULL: another key.
 */
static const char *value_of(char *line, const char *key)
{
    const size_t length = strlen(key);
    char *at = line + length;

    if (strncmp(line, key, length) != 0)
        return NULL;
    at += strspn(at, " \t");
    if (*at != ':')
        return NULL;
    at += 1 + strspn(at + 1, " \t");
    at[strcspn(at, "\n")] = '\0';
    return at;
}

const char *rp_hostcpu_read(FILE *cpuinfo, char text[RP_HOSTCPU_SIZE])
{
    char line[512], model[96] = "", family[32] = "";

    text[0] = '\0';
    while (fgets(line, sizeof line, cpuinfo)) {
        const char *const name = value_of(line, "model name");
        const char *const number = name ? NULL : value_of(line, "cpu family");

        if (name && !model[0])
            (void)snprintf(model, sizeof model, "%s", name);
        if (number && !family[0])
            (void)snprintf(family, sizeof family, "%s", number);
    }
    if (model[0])
        (void)snprintf(text, RP_HOSTCPU_SIZE, "%s%s%s%s", model,
                       family[0] ? " (family " : "", family,
                       family[0] ? ")" : "");
    return text;
}

/* The length of the model's name. */
static size_t model_length(const char *cpu)
{
    const char *const family = strstr(cpu, " (family ");

    return family ? (size_t)(family - cpu) : strlen(cpu);
}

bool rp_hostcpu_same(const char *a, const char *b)
{
    size_t m, n;

    if (!a || !b || !a[0] || !b[0] || strcmp(a, b) == 0)
        return true;
    m = model_length(a);
    n = model_length(b);
    return m == n && strncmp(a, b, m) == 0 && (!a[m] || !b[n]);
}
