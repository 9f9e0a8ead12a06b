/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _DEFAULT_SOURCE /* getloadavg() */

#include "bench/surroundings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

static void read_line(const char *path, char *text, size_t size)
{
    FILE *const file = fopen(path, "r");

    text[0] = '\0';
    if (!file)
        return;
    if (fgets(text, (int)size, file))
        text[strcspn(text, "\n")] = '\0';
    (void)fclose(file);
}

static void find_cpu(char text[RP_HOSTCPU_SIZE])
{
    FILE *const file = fopen("/proc/cpuinfo", "r");

    if (!file)
        return;
    (void)rp_hostcpu_read(file, text);
    (void)fclose(file);
}

struct rp_surroundings rp_surroundings_find(void)
{
    struct rp_surroundings s = {.cores = sysconf(_SC_NPROCESSORS_ONLN)};
    const time_t now = time(NULL);
    struct tm day = {0};
    struct utsname name;
    double load[3];

    find_cpu(s.cpu);
    if (uname(&name) == 0)
        (void)snprintf(s.kernel, sizeof s.kernel, "%.64s %.64s", name.sysname,
                       name.release);
    read_line("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor",
              s.governor, sizeof s.governor);
    if (getloadavg(load, 3) == 3)
        (void)snprintf(s.load_average, sizeof s.load_average, "%.2f %.2f %.2f",
                       load[0], load[1], load[2]);
    if (gmtime_r(&now, &day))
        (void)strftime(s.today, sizeof s.today, "%Y-%m-%d", &day);
    return s;
}
