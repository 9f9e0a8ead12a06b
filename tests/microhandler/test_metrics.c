/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "microhandler/metrics.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char *print(const struct rp_metrics *metrics)
{
    char *text = NULL;
    size_t size;
    FILE *const out = open_memstream(&text, &size);

    rp_metrics_print(metrics, out);
    (void)fclose(out);
    return text;
}

static void expect_line(const char *text, const char *line)
{
    cr_expect(strstr(text, line) != NULL, "no line %s in:\n%s", line, text);
}

Test(metrics, what_was_counted_is_what_is_printed)
{
    struct rp_metrics *const m = rp_metrics_new();
    char *text;

    rp_metrics_add(m, RP_COUNT_LOOPS, 3);
    rp_metrics_add(m, RP_COUNT_S2A_POOL, 2);
    rp_metrics_answer(m, 200);
    rp_metrics_answer(m, 200);
    rp_metrics_answer(m, 431);
    rp_metrics_answer(m, 777);          /* none of ours */
    rp_metrics_walked(m, 1000000);      /* 1 ms: le="0.001" */
    rp_metrics_walked(m, 1000001);      /* le="0.0025" */
    rp_metrics_walked(m, 20000000000u); /* 20 s: beyond all */
    text = print(m);
    expect_line(text, "\nreqpath_loops_created_total 3\n");
    expect_line(text, "\nreqpath_handoffs_total{crossing=\"sync_to_async\","
                      "place=\"pool\"} 2\n");
    expect_line(text, "\nreqpath_requests_total{code=\"200\"} 2\n");
    expect_line(text, "\nreqpath_requests_total{code=\"431\"} 1\n");
    expect_line(text, "\nreqpath_requests_total{code=\"400\"} 0\n");
    expect_line(text, "_bucket{le=\"0.0005\"} 0\n");
    expect_line(text, "_bucket{le=\"0.001\"} 1\n");
    expect_line(text, "_bucket{le=\"0.0025\"} 2\n");
    expect_line(text, "_bucket{le=\"10\"} 2\n");
    expect_line(text, "_bucket{le=\"+Inf\"} 3\n");
    expect_line(text, "_seconds_sum 20.002000\n");
    expect_line(text, "_seconds_count 3\n");
    free(text);
    rp_metrics_free(m);
    rp_metrics_free(NULL);
}

/* Each name has its HELP and TYPE once, before its first sample. */
Test(metrics, every_name_is_introduced_once)
{
    struct rp_metrics *const m = rp_metrics_new();
    char *const text = print(m);
    char *rest = text, *line;
    char introduced[64] = "";

    while ((line = strtok_r(rest, "\n", &rest)) != NULL) {
        char name[64];

        if (sscanf(line, "# TYPE %63s", name) == 1) {
            cr_expect(strcmp(name, introduced) != 0, "%s twice", name);
            (void)strcpy(introduced, name);
        } else if (line[0] != '#') {
            cr_expect(strncmp(line, introduced, strlen(introduced)) == 0,
                      "%s under %s", line, introduced);
        }
    }
    free(text);
    rp_metrics_free(m);
}

Test(metrics, processes_count_together)
{
    struct rp_metrics *const m = rp_metrics_new();
    const pid_t child = fork();

    if (child == 0) {
        rp_metrics_add(m, RP_COUNT_THREADS, 5);
        _exit(0);
    }
    cr_assert(eq(int, waitpid(child, NULL, 0) == child, 1));
    cr_expect(eq(u64, m->counts[RP_COUNT_THREADS], 5));
    rp_metrics_free(m);
}

Test(metrics, statuses_have_the_words_of_the_standard)
{
    cr_expect(eq(str, (char *)rp_status_words(404), "Not Found"));
    cr_expect(eq(str, (char *)rp_status_words(503), "Service Unavailable"));
    cr_expect(eq(str, (char *)rp_status_words(299), "Unknown"));
}
