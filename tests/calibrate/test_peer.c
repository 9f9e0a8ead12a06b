/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/peer.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <string.h>

Test(peer, times_have_the_units_of_the_tools)
{
    const char *rest = NULL;
    double half = 0.0;

    cr_expect(epsilon_eq(dbl, rp_peer_time_ms("  3.33ms 1", &rest, &half), 3.33,
                         1e-12));
    cr_expect(eq(str, (char *)rest, " 1"));
    cr_expect(epsilon_eq(dbl, half, 0.005, 1e-12));
    cr_expect(
        epsilon_eq(dbl, rp_peer_time_ms("168us", NULL, &half), 0.168, 1e-12));
    cr_expect(epsilon_eq(dbl, half, 0.0005, 1e-12));
    cr_expect(
        epsilon_eq(dbl, rp_peer_time_ms("2.01s,", NULL, NULL), 2010.0, 1e-9));
    cr_expect(epsilon_eq(dbl, rp_peer_time_ms("1.50m", NULL, NULL), 9e4, 1e-9));
    cr_expect(epsilon_eq(dbl, rp_peer_time_ms("1h", NULL, NULL), 3.6e6, 1e-9));
    cr_expect(isnan(rp_peer_time_ms("-nan%", NULL, NULL)));
    cr_expect(isnan(rp_peer_time_ms("12", NULL, NULL)), "no unit");
    cr_expect(isnan(rp_peer_time_ms("12msec", NULL, NULL)), "another unit");
}

Test(peer, lines_lose_what_is_around_them)
{
    static const char text[] = "\r\n  a\tb \r\n\nlast";
    const char *at = text;
    char line[RP_PEER_LINE_SIZE];
    const char *const want[] = {"", "a b", "", "last"};

    for (size_t i = 0; i < 4; i++) {
        cr_assert(rp_peer_line(&at, text + strlen(text), line));
        cr_expect(eq(str, line, (char *)want[i]));
    }
    cr_expect(not(rp_peer_line(&at, text + strlen(text), line)));
}

Test(peer, counts_are_whole_and_not_negative)
{
    unsigned long n = 7;

    cr_expect(rp_peer_count("timeout 6", "timeout ", &n));
    cr_expect(eq(ulong, n, 6));
    cr_expect(not(rp_peer_count("timeout -6", "timeout ", &n)));
    cr_expect(not(rp_peer_count("timeout 6.5", "timeout ", &n)));
    cr_expect(not(rp_peer_count("timeout 1e300", "timeout ", &n)));
    cr_expect(not(rp_peer_count("read 6", "timeout ", &n)));
    cr_expect(eq(ulong, n, 6), "untouched");
}

Test(peer, the_first_reason_stays_and_sentences_add_up)
{
    struct rp_peer peer;

    rp_peer_init(&peer);
    cr_expect(isnan(peer.rps) && isnan(peer.percent_ms[RP_METRIC_P99]));
    rp_peer_useless(&peer, "%d", 1);
    rp_peer_useless(&peer, "%d", 2);
    cr_expect(eq(str, peer.useless, "1"));
    for (int i = 0; i < 2000; i++)
        rp_peer_lacks(&peer, "%d", i);
    cr_expect(eq(int, strncmp(peer.lacks, "0\n1\n2\n", 6), 0));
    cr_expect(lt(sz, strlen(peer.lacks), sizeof peer.lacks));
}
