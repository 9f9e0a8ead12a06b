/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "bench/serving.h"

#include "bench/filling.h"
#include "bench/ready.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_SIZE = 200 };

static const double patience_s = 10.0; /* with a server that is to end */

const char *rp_serving_last_line(const char *log, char *text, size_t size)
{
    FILE *const file = fopen(log, "r");
    char line[1024];

    text[0] = '\0';
    if (!file)
        return text;
    while (fgets(line, sizeof line, file)) {
        line[strcspn(line, "\r\n")] = '\0';
        if (line[strspn(line, " \t")])
            (void)snprintf(text, size, "%s", line);
    }
    (void)fclose(file);
    return text;
}

/* ---- Starting ---- */

static enum rp_code begin(struct rp_serving *s, char *const *arguments,
                          struct rp_error *error)
{
    const struct rp_child_start start = {.arguments = arguments,
                                         .env = s->env,
                                         .env_count = s->target->env_count,
                                         .cpus = s->target->cpus,
                                         .output = s->log,
                                         .folder = s->checkout};

    return rp_child_begin(&start, &s->child, error);
}

static enum rp_code begin_command(struct rp_serving *s, struct rp_error *error)
{
    char shell[] = "sh", option[] = "-c";
    char *const arguments[] = {shell, option, s->command, NULL};

    return begin(s, arguments, error);
}

static enum rp_code check_serve(const struct rp_serving *s, const char *self,
                                struct rp_error *error)
{
    char *const program = strdup(self);
    char help[] = "help", serve[] = "serve";
    char *const arguments[] = {program, help, serve, NULL};
    const struct rp_child_start start = {.arguments = arguments,
                                         .output = s->log};
    struct rp_child_end end = {0};
    enum rp_code code;

    if (!program)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory");
    code = rp_child_run(&start, NULL, &end, error);
    free(program);
    if (code || (end.exited && end.status == 0))
        return code;
    return rp_fail(error, RP_ERR_VALUE,
                   "this reqpath has no command serve, which microhandlers "
                   "need; use another kind of target");
}

static enum rp_code begin_microhandler(struct rp_serving *s, const char *self,
                                       struct rp_error *error)
{
    char *const program = strdup(self);
    char serve[] = "serve", profile[] = "--profile", port[] = "--port",
         any[] = "0";
    char *const arguments[] = {
        program, serve, s->target->scenario, profile, s->target->profile, port,
        any,     NULL};
    enum rp_code code = check_serve(s, self, error);

    if (!code && !program)
        code = rp_fail(error, RP_ERR_MEMORY, "out of memory");
    if (!code)
        code = begin(s, arguments, error);
    free(program);
    return code;
}

/* Where the log says "listening on URL ", that is the URL; else NULL. */
static char *listening_url(const char *log)
{
    static const char words[] = "listening on ";
    FILE *const file = fopen(log, "r");
    char line[1024];
    char *url = NULL;

    while (file && !url && fgets(line, sizeof line, file)) {
        const char *const at = strstr(line, words);
        size_t length;

        if (!at || !strchr(line, '\n'))
            continue;
        length = strcspn(at + strlen(words), " \n");
        url = strndup(at + strlen(words), length);
    }
    if (file)
        (void)fclose(file);
    return url;
}

/* The URL of its first run, for people; new memory, NULL: none. */
static char *first_url(const struct rp_serving *s,
                       const struct rp_serving_start *start)
{
    return s->url ? rp_plan_run_url(s->url, start->first) : NULL;
}

static bool answers(struct rp_serving *s, const struct rp_serving_start *start)
{
    char *url;
    bool good;

    if (!s->url) /* a microhandler that has not said it yet */
        s->url = listening_url(s->log);
    if (!s->url)
        return false;
    url = rp_plan_run_url(s->url, start->first);
    good = url && rp_ready_ask(url, s->target->health, 1.0);
    free(url);
    return good;
}

static enum rp_code fail_ended(const struct rp_serving *s,
                               const struct rp_child_end *end,
                               struct rp_error *error)
{
    char line[LINE_SIZE];

    (void)rp_serving_last_line(s->log, line, sizeof line);
    return rp_fail(error, RP_ERR_IO, "it ended by itself, %s %d%s%s%s (%s)",
                   end->exited ? "exit code" : "signal", end->status,
                   line[0] ? ": \"" : "", line, line[0] ? "\"" : "", s->log);
}

static enum rp_code wait_until_ready(struct rp_serving *s,
                                     const struct rp_serving_start *start,
                                     struct rp_error *error)
{
    const double until = rp_clock_s() + 1e-9 * s->target->start_ns;
    char line[LINE_SIZE], *url;
    enum rp_code code;

    for (;;) {
        struct rp_child_end end;

        if (s->target->kind != RP_TARGET_URL && !rp_child_runs(&s->child, &end))
            return fail_ended(s, &end, error);
        if (answers(s, start)) {
            s->is_up = true;
            return RP_OK;
        }
        if (start->interrupted && *start->interrupted)
            return rp_fail(error, RP_ERR_IO, "interrupted");
        if (rp_clock_s() > until)
            break;
        rp_pause(0.02);
    }
    (void)rp_serving_last_line(s->log, line, sizeof line);
    url = first_url(s, start);
    code = rp_fail(error, RP_ERR_IO,
                   "%s does not answer with 2xx after %.3g s (start_timeout)"
                   "%s%s%s",
                   url ? url : "it", 1e-9 * s->target->start_ns,
                   line[0] ? "; it printed \"" : "", line, line[0] ? "\"" : "");
    free(url);
    return code;
}

static enum rp_code fail_answered(const struct rp_serving *s,
                                  const struct rp_serving_start *start,
                                  struct rp_error *error)
{
    char *const url = first_url(s, start);

    (void)rp_fail(error, RP_ERR_IO,
                  "something answers at %s before the target was started; stop "
                  "it, or give the target another port",
                  url ? url : s->url);
    free(url);
    return RP_ERR_IO;
}

static enum rp_code start_it(struct rp_serving *s,
                             const struct rp_serving_start *start,
                             struct rp_error *error)
{
    enum rp_code code = RP_OK;

    switch (s->target->kind) {
    case RP_TARGET_COMMAND:
        if (answers(s, start))
            return fail_answered(s, start, error);
        code = begin_command(s, error);
        break;
    case RP_TARGET_MICROHANDLER:
        code = begin_microhandler(s, start->self, error);
        break;
    case RP_TARGET_URL:
    case RP_TARGET_KIND_COUNT:
        break;
    }
    return code ? code : wait_until_ready(s, start, error);
}

/* A text of the target, filled in; false where memory is short. */
static bool fill(const char *text, const struct rp_filling words[2], char **to)
{
    *to = text ? rp_filling_apply(text, words, 2) : NULL;
    return *to || !text;
}

/* A target that is started may have a port chosen for it. */
static bool fill_texts(struct rp_serving *s)
{
    const struct rp_target *const t = s->target;
    char port[16];
    const struct rp_filling words[2] = {{"{port}", port},
                                        {"{checkout}", s->checkout}};
    bool good;

    (void)snprintf(port, sizeof port, "%u",
                   t->kind == RP_TARGET_COMMAND ? rp_ready_port() : 0);
    s->env = calloc(t->env_count + 1, sizeof *s->env);
    good = s->env && fill(t->url, words, &s->url) &&
           fill(t->command, words, &s->command) &&
           fill(t->stop, words, &s->stop);
    for (size_t i = 0; i < t->env_count && good; i++)
        good = fill(t->env[i], words, &s->env[i]);
    return good;
}

enum rp_code rp_serving_start(const struct rp_target *target,
                              const struct rp_serving_start *start,
                              struct rp_serving *serving,
                              struct rp_error *error)
{
    const size_t size = strlen(start->folder) + strlen(target->name) + 8;
    struct rp_serving fresh = {
        .target = target, .checkout = start->checkout, .log = malloc(size)};
    enum rp_code code = RP_OK;

    if (!fill_texts(&fresh) || !fresh.log)
        code = rp_fail(error, RP_ERR_MEMORY, "out of memory");
    if (!code) {
        (void)snprintf(fresh.log, size, "%s/%s.log", start->folder,
                       target->name);
        code = start_it(&fresh, start, error);
    }
    if (code)
        rp_serving_stop(&fresh);
    else
        *serving = fresh;
    return code;
}

/* ---- After that ---- */

bool rp_serving_lives(struct rp_serving *serving, struct rp_error *error)
{
    struct rp_child_end end;

    if (!serving->is_up)
        return false;
    if (serving->target->kind == RP_TARGET_URL ||
        rp_child_runs(&serving->child, &end))
        return true;
    (void)fail_ended(serving, &end, error);
    serving->is_up = false;
    return false;
}

static void run_stop_command(const struct rp_serving *s)
{
    char shell[] = "sh", option[] = "-c";
    char *const arguments[] = {shell, option, s->stop, NULL};
    const struct rp_child_start start = {.arguments = arguments,
                                         .env = s->env,
                                         .env_count = s->target->env_count,
                                         .output = "/dev/null",
                                         .folder = s->checkout};
    struct rp_child_end end;

    (void)!rp_child_run(&start, NULL, &end, NULL); /* SIGTERM is next */
}

static void ask_to_end(struct rp_serving *serving)
{
    if (serving->child.pid != 0 && serving->stop)
        run_stop_command(serving);
    rp_child_ask(&serving->child);
    serving->is_asked = true;
}

void rp_serving_stop_all(struct rp_serving *servings, size_t count)
{
    for (size_t i = 0; i < count; i++)
        ask_to_end(&servings[i]);
    for (size_t i = 0; i < count; i++)
        rp_serving_stop(&servings[i]);
}

void rp_serving_stop(struct rp_serving *serving)
{
    if (!serving->is_asked)
        ask_to_end(serving);
    rp_child_stop(&serving->child, patience_s);
    for (size_t i = 0; serving->env && i < serving->target->env_count; i++)
        free(serving->env[i]);
    free(serving->env);
    free(serving->command);
    free(serving->stop);
    free(serving->url);
    free(serving->log);
    *serving = (struct rp_serving){.target = serving->target};
}
