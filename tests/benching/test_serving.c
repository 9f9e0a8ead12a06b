/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE

#include "bench/ready.h"
#include "bench/serving.h"
#include "sim/init.h"
#include "tests/benching/freeport.h"

#include <criterion/new/assert.h>
#include <string.h>

static char folder[] = "/tmp/reqpath-serving-XXXXXX";

static void begin(void)
{
    rp_init();
    cr_assert(mkdtemp(folder) != NULL);
}

static void end(void)
{
    char path[64];

    (void)snprintf(path, sizeof path, "%s/t.log", folder);
    (void)unlink(path);
    (void)rmdir(folder);
}

TestSuite(serving, .init = begin, .fini = end, .timeout = 60);

static const struct rp_plan_run first = {.stack = "S", .concurrency = 1};

static enum rp_code start(const struct rp_target *target, const char *self,
                          struct rp_serving *serving, struct rp_error *error)
{
    const struct rp_serving_start how = {
        .folder = folder, .self = self, .first = &first};

    return rp_serving_start(target, &how, serving, error);
}

static char name[] = "t";

/* Whoever was killed may take a moment to be gone. */
static bool is_gone(const char *url)
{
    for (int i = 0; i < 500; i++) {
        if (!rp_ready_ask(url, "/x", 1.0))
            return true;
        rp_pause(0.02);
    }
    return false;
}

Test(serving, a_command_is_up_when_it_answers_and_down_when_it_is_stopped)
{
    const unsigned port = free_port();
    char command[256], url[64];
    const struct rp_target target = {.kind = RP_TARGET_COMMAND,
                                     .name = name,
                                     .command = command,
                                     .url = url,
                                     .start_ns = 20e9};
    struct rp_serving s = {0};
    struct rp_error error = {0};

    (void)snprintf(command, sizeof command, "cd / && %s %u; true", RP_ANSWERER,
                   port);
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%u/{stack}", port);
    cr_assert(eq(int, start(&target, "", &s, &error), RP_OK), "%s", error.text);
    cr_expect(eq(int, rp_serving_lives(&s, &error), 1));
    cr_expect(eq(int, rp_ready_ask(url, "/x", 20.0), 1));
    rp_serving_stop(&s);
    cr_expect(is_gone(url), "nor is what the shell ran left");
    rp_serving_stop(&s);
}

Test(serving, an_answer_that_is_no_success_is_none)
{
    const unsigned port = free_port();
    char command[256], url[64];
    const struct rp_target target = {.kind = RP_TARGET_COMMAND,
                                     .name = name,
                                     .command = command,
                                     .url = url,
                                     .start_ns = 0.3e9};
    struct rp_serving s = {0};
    struct rp_error error = {0};
    char wanted[160];

    (void)snprintf(command, sizeof command, "exec %s %u 500", RP_ANSWERER,
                   port);
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%u/", port);
    cr_expect(eq(int, start(&target, "", &s, &error), RP_ERR_IO));
    (void)snprintf(wanted, sizeof wanted,
                   "%s does not answer with 2xx after 0.3 s (start_timeout)",
                   url);
    cr_expect(eq(str, (char *)error.text, wanted));
}

Test(serving, a_microhandler_says_where_it_listens)
{
    char scenario[] = "s.yaml", profile[] = "p.yaml", port_is[32],
         answerer[] = "ANSWERER=" RP_ANSWERER;
    char *env[] = {port_is, answerer};
    const struct rp_target target = {.kind = RP_TARGET_MICROHANDLER,
                                     .name = name,
                                     .scenario = scenario,
                                     .profile = profile,
                                     .env = env,
                                     .env_count = 2,
                                     .start_ns = 20e9};
    struct rp_serving s = {0};
    struct rp_error error = {0};
    const unsigned port = free_port();
    char url[64];

    (void)snprintf(port_is, sizeof port_is, "PORT=%u", port);
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%u/", port);
    cr_assert(eq(int,
                 start(&target, RP_SOURCE_DIR "/tests/benching/fakeserve.sh",
                       &s, &error),
                 RP_OK),
              "%s", error.text);
    cr_expect(eq(str, s.url, url));
    rp_serving_stop(&s);
}

Test(serving, who_ends_later_is_noticed)
{
    const unsigned port = free_port();
    char command[400], url[64], luck[64];
    const struct rp_target target = {.kind = RP_TARGET_COMMAND,
                                     .name = name,
                                     .command = command,
                                     .url = url,
                                     .start_ns = 20e9};
    struct rp_serving s = {0};
    struct rp_error error = {0};
    FILE *file;

    (void)snprintf(luck, sizeof luck, "%s/over", folder);
    (void)snprintf(command, sizeof command,
                   "%s %u & until [ -e %s ]; do sleep 0.05; done; "
                   "echo out of luck; exit 4",
                   RP_ANSWERER, port, luck);
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%u/", port);
    cr_assert(eq(int, start(&target, "", &s, &error), RP_OK), "%s", error.text);
    cr_expect(eq(int, rp_serving_lives(&s, &error), 1));
    file = fopen(luck, "w");
    cr_assert(file != NULL && fclose(file) == 0);
    for (int i = 0; i < 500 && rp_serving_lives(&s, &error); i++)
        rp_pause(0.02);
    (void)unlink(luck);
    cr_expect(strstr(error.text, "exit code 4: \"out of luck\"") != NULL, "%s",
              error.text);
    cr_expect(is_gone(url), "all of it");
    rp_serving_stop(&s);
}
