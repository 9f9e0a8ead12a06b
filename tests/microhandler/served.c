/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE

#include "served.h"
#include "stroll.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define RP_SERVER_AS_COUNT(server, word, asgi, in_loop) +1
enum {
    PATIENCE_MS = 20000,
    RP_SERVER_COUNT = 0 RP_SERVER_LIST(RP_SERVER_AS_COUNT)
};
#undef RP_SERVER_AS_COUNT

static int serve(const char *yaml, const struct rp_serve_options *options,
                 int pipe_end)
{
    struct rp_profile profile = stroll_profile(0.0);
    struct rp_serve_options own = *options;
    struct rp_scenario scenario = {0};
    struct rp_error error = {0};
    enum rp_code code =
        rp_scenario_read_text(yaml, strlen(yaml), "x.yaml", &scenario, &error);

    profile.request_spread = rp_spread_constant();
    for (unsigned i = 0; i < RP_SERVER_COUNT; i++) {
        const enum rp_parameter after =
            rp_parameter_after((enum rp_server_kind)i);

        profile.under_load.known[after] = true;
        profile.under_load.value[after] = 2e3;
    }
    own.port = 0;
    own.out = fdopen(pipe_end, "w");
    if (!code && own.out)
        code = rp_serve(&scenario, &profile, &own, &error);
    if (code)
        (void)fprintf(stderr, "%s\n", error.text);
    if (own.out)
        (void)fclose(own.out);
    rp_scenario_free(&scenario);
    return code ? 2 : 0;
}

static void die(const char *what)
{
    (void)fprintf(stderr, "%s: %s\n", what, strerror(errno));
    exit(1);
}

/* The number behind a text; 0: there is none. */
static unsigned long number_after(const char *text, const char *before)
{
    const char *const found = strstr(text, before);

    return found ? strtoul(found + strlen(before), NULL, 10) : 0;
}

static struct served begin(const char *yaml,
                           const struct rp_serve_options *options,
                           void (*leave)(int code))
{
    struct served served = {.pid = -1};
    int ends[2];
    char line[256] = "";
    FILE *said;

    (void)fflush(NULL);
    if (pipe(ends) != 0)
        die("pipe");
    served.pid = fork();
    if (served.pid < 0)
        die("fork");
    if (served.pid == 0) {
        (void)close(ends[0]);
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* whatever ends the test */
        leave(serve(yaml, options, ends[1]));
    }
    (void)close(ends[1]);
    said = fdopen(ends[0], "r");
    if (said && fgets(line, sizeof line, said))
        served.port = (uint16_t)number_after(line, "http://127.0.0.1:");
    if (!said || served.port == 0)
        die("the server did not begin");
    (void)fclose(said);
    return served;
}

struct served served_begin(const char *yaml,
                           const struct rp_serve_options *options)
{
    return begin(yaml, options, _exit);
}

struct served served_begin_strictly(const char *yaml,
                                    const struct rp_serve_options *options)
{
    return begin(yaml, options, exit);
}

int served_end(const struct served *served, int signal)
{
    int status = 0;

    (void)kill(served->pid, signal);
    (void)waitpid(served->pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int served_connect(const struct served *served)
{
    const struct sockaddr_in to = {.sin_family = AF_INET,
                                   .sin_port = htons(served->port),
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const int fd = socket(AF_INET, SOCK_STREAM, 0);

    if (connect(fd, (const struct sockaddr *)&to, sizeof to) == 0)
        return fd;
    (void)close(fd);
    return -1;
}

void served_send(int fd, const char *text)
{
    size_t left = strlen(text);

    while (left > 0) {
        const ssize_t n = send(fd, text, left, MSG_NOSIGNAL);

        if (n < 0)
            return;
        text += n;
        left -= (size_t)n;
    }
}

/* One byte; false: closed, reset, or too late. */
static bool next_byte(int fd, char *byte)
{
    struct pollfd one = {.fd = fd, .events = POLLIN};

    return poll(&one, 1, PATIENCE_MS) == 1 && recv(fd, byte, 1, 0) == 1;
}

struct served_answer served_receive(int fd, bool head)
{
    struct served_answer answer = {.status = 0};
    size_t n = 0, length;

    while (n + 1 < sizeof answer.head && !strstr(answer.head, "\r\n\r\n"))
        if (!next_byte(fd, &answer.head[n++]))
            return (struct served_answer){.status = 0};
    answer.status = (unsigned)number_after(answer.head, "HTTP/1.1 ");
    length = number_after(answer.head, "Content-Length: ");
    for (size_t i = 0; !head && i < length && i + 1 < sizeof answer.body; i++)
        if (!next_byte(fd, &answer.body[i]))
            return (struct served_answer){.status = 0};
    return answer;
}

bool served_is_closed(int fd)
{
    struct pollfd one = {.fd = fd, .events = POLLIN};
    char byte;

    return poll(&one, 1, PATIENCE_MS) == 1 && recv(fd, &byte, 1, 0) == 0;
}

unsigned served_ask(const struct served *served, const char *request)
{
    const int fd = served_connect(served);
    struct served_answer answer;

    if (fd < 0)
        return 0;
    served_send(fd, request);
    answer = served_receive(fd, false);
    (void)close(fd);
    return answer.status;
}

long served_metric(const struct served *served, const char *sample)
{
    const int fd = served_connect(served);
    struct served_answer answer;
    char wanted[128];
    const char *found;

    if (fd < 0)
        return -1;
    served_send(fd, "GET /metrics HTTP/1.0\r\n\r\n");
    answer = served_receive(fd, false);
    (void)close(fd);
    (void)snprintf(wanted, sizeof wanted, "\n%s ", sample);
    found = strstr(answer.body, wanted);
    return found ? strtol(found + strlen(wanted), NULL, 10) : -1;
}

bool served_settles(const struct served *served)
{
    const struct timespec pause = {.tv_nsec = 10000000};

    for (int i = 0; i < PATIENCE_MS / 10; i++) {
        if (served_metric(served, "reqpath_in_flight") == 0)
            return true;
        (void)nanosleep(&pause, NULL);
    }
    return false;
}
