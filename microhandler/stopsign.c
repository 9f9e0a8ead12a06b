/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "microhandler/stopsign.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

struct rp_stopsign {
    int fd;
    sigset_t before;
};

enum rp_code rp_stopsign_open(struct rp_stopsign **sign, struct rp_error *error)
{
    struct rp_stopsign *const fresh = malloc(sizeof *fresh);
    sigset_t blocked;

    if (!fresh)
        return rp_fail(error, RP_ERR_MEMORY, "out of memory for signals");
    (void)sigemptyset(&blocked);
    (void)sigaddset(&blocked, SIGTERM);
    (void)sigaddset(&blocked, SIGINT);
    fresh->fd = signalfd(-1, &blocked, SFD_NONBLOCK | SFD_CLOEXEC);
    if (fresh->fd < 0) {
        const int reason = errno;

        free(fresh);
        return rp_fail(error, RP_ERR_IO, "cannot watch for signals: %s",
                       strerror(reason));
    }
    (void)sigaddset(&blocked, SIGPIPE);
    (void)pthread_sigmask(SIG_BLOCK, &blocked, &fresh->before);
    *sign = fresh;
    return RP_OK;
}

int rp_stopsign_fd(const struct rp_stopsign *sign)
{
    return sign->fd;
}

void rp_stopsign_seen(int fd)
{
    struct signalfd_siginfo info;
    sigset_t impatient;

    (void)!read(fd, &info, sizeof info);
    (void)sigemptyset(&impatient);
    (void)sigaddset(&impatient, SIGINT);
    (void)pthread_sigmask(SIG_UNBLOCK, &impatient, NULL);
}

void rp_stopsign_close(struct rp_stopsign *sign)
{
    (void)close(sign->fd);
    (void)pthread_sigmask(SIG_SETMASK, &sign->before, NULL);
    free(sign);
}
