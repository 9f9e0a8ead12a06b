/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/host_note.h"

#include "cli/command.h"
#include "model/hostcpu.h"

#include <stdio.h>
#include <stdlib.h>

static const char *find_cpu(char text[RP_HOSTCPU_SIZE])
{
    const char *const said = getenv("REQPATH_CPU");
    FILE *const cpuinfo = said ? NULL : fopen("/proc/cpuinfo", "r");

    (void)snprintf(text, RP_HOSTCPU_SIZE, "%s", said ? said : "");
    if (cpuinfo) {
        (void)rp_hostcpu_read(cpuinfo, text);
        (void)fclose(cpuinfo);
    }
    return text;
}

void rp_host_note(const char *command, const struct rp_profile *profile)
{
    char text[RP_HOSTCPU_SIZE];
    const char *const cpu = find_cpu(text);

    if (!rp_hostcpu_same(cpu, profile->cpu))
        rp_command_remark(command,
                          "the costs were measured on %s, this machine has %s: "
                          "they are those of another machine, unless that is "
                          "the one you ask about; calibrate with runs of yours",
                          profile->cpu, cpu);
}
