/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "microhandler/stopsign.h"

#include <errno.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum rp_code rp_stopsign_open(struct rp_stopsign *sign, struct rp_error *error)
{
    sigset_t blocked;

    (void)sigemptyset(&blocked);
    (void)sigaddset(&blocked, SIGTERM);
    (void)sigaddset(&blocked, SIGINT);
    sign->fd = signalfd(-1, &blocked, SFD_NONBLOCK | SFD_CLOEXEC);
    if (sign->fd < 0)
        return rp_fail(error, RP_ERR_IO, "cannot watch for signals: %s",
                       strerror(errno));
    (void)sigaddset(&blocked, SIGPIPE);
    (void)pthread_sigmask(SIG_BLOCK, &blocked, &sign->before);
    return RP_OK;
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
}
