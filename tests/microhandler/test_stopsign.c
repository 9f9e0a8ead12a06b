/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "microhandler/stopsign.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

static bool is_readable(int fd)
{
    struct pollfd one = {.fd = fd, .events = POLLIN};

    return poll(&one, 1, 0) == 1;
}

static bool is_blocked(int signal)
{
    sigset_t now;

    (void)pthread_sigmask(SIG_BLOCK, NULL, &now);
    return sigismember(&now, signal) == 1;
}

Test(stopsign, a_signal_is_seen_and_the_mask_is_put_back)
{
    struct rp_stopsign *sign = NULL;

    cr_assert(eq(int, rp_stopsign_open(&sign, NULL), RP_OK));
    cr_expect(not(is_readable(rp_stopsign_fd(sign))));
    cr_expect(is_blocked(SIGTERM) && is_blocked(SIGINT) && is_blocked(SIGPIPE));
    (void)kill(getpid(), SIGTERM);
    cr_expect(is_readable(rp_stopsign_fd(sign)));
    rp_stopsign_seen(rp_stopsign_fd(sign));
    cr_expect(not(is_readable(rp_stopsign_fd(sign))), "it was taken");
    cr_expect(not(is_blocked(SIGINT)), "a second one ends at once");
    cr_expect(is_blocked(SIGTERM));
    rp_stopsign_close(sign);
    cr_expect(not(is_blocked(SIGTERM)));
    cr_expect(not(is_blocked(SIGPIPE)));
}
