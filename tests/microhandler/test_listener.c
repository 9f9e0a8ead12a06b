/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L

#include "microhandler/listener.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

Test(listener, port_0_is_any_and_is_told)
{
    struct rp_error error = {0};
    uint16_t port = 0;
    int fd = -1;

    cr_assert(eq(int, rp_listener_open("127.0.0.1", &port, &fd, &error), RP_OK),
              "%s", error.text);
    cr_expect(gt(u16, port, 0));
    cr_expect(eq(int, rp_listener_accept(fd), -1), "nobody has come");
    (void)close(fd);
}

Test(listener, a_port_that_is_taken_is_said_with_what_to_do)
{
    struct rp_error error = {0};
    char sentence[256];
    uint16_t port = 0, same;
    int fd = -1, other = -1;

    cr_assert(eq(int, rp_listener_open("127.0.0.1", &port, &fd, NULL), RP_OK));
    same = port;
    cr_expect(eq(int, rp_listener_open("127.0.0.1", &same, &other, &error),
                 RP_ERR_IO));
    (void)snprintf(sentence, sizeof sentence,
                   "cannot listen on 127.0.0.1 port %u: Address already in "
                   "use; choose another one with --port or --bind (--port 0 "
                   "takes any)",
                   port);
    cr_expect(eq(str, error.text, sentence));
    (void)close(fd);
}

Test(listener, an_address_that_is_none_is_said)
{
    struct rp_error error = {0};
    uint16_t port = 0;
    int fd = -1;

    cr_expect(
        eq(int, rp_listener_open("999.1.1.1", &port, &fd, &error), RP_ERR_IO));
    cr_expect(eq(int,
                 strncmp(error.text,
                         "--bind: found \"999.1.1.1\", expected an address of "
                         "this machine, as 127.0.0.1 or ::1: ",
                         84),
                 0),
              "%s", error.text);
}
