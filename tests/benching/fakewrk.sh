#!/bin/sh
# A client for tests, in place of wrk: takes its options, asks nobody, and writes
# a report of a run in which every request took exactly 2 ms. A URL with
# */broken/* has answers that are not 2xx; with */kept/* connections must be kept,
# with others they must not.
#
# SPDX-License-Identifier: GPL-3.0-or-later
if [ "$1" = -v ]; then
    echo 'wrk debian/4.1.0-3+b2 [epoll] Copyright (C) 2012 Will Glozer'
    exit 1
fi
closed=no
while [ $# -gt 0 ]; do
    case $1 in
    -t) t=$2; shift 2 ;;
    -c) c=$2; shift 2 ;;
    -d) d=${2%s}; shift 2 ;;
    -H) [ "$2" = "Connection: close" ] && closed=yes; shift 2 ;;
    --latency) shift ;;
    *) url=$1; shift ;;
    esac
done
case $url in
*/kept/*) [ $closed = no ] || { echo "closes connections"; exit 1; } ;;
*) [ $closed = yes ] || { echo "keeps connections"; exit 1; } ;;
esac
n=$((500 * d * c))
echo "Running ${d}s test @ $url"
echo "  $t threads and $c connections"
echo "  Thread Stats   Avg      Stdev     Max   +/- Stdev"
echo "    Latency     2.00ms    0.00us   2.00ms  100.00%"
echo "  Latency Distribution"
for p in 50 75 90 99; do echo "     $p%    2.00ms"; done
echo "  $n requests in $d.00s, 1.08MB read"
case $url in */broken/*) echo "  Non-2xx or 3xx responses: 7" ;; esac
echo "Requests/sec:   $((500 * c)).00"
