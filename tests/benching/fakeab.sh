#!/bin/sh
# A client for tests, in place of ab: takes its options, asks nobody, and writes
# a report of a run in which every request took exactly 2 ms.
#
# Its URL decides: */fail* ends with an error, */broken/* has failed requests,
# */slow/* takes a while. $CALLS, if set, is a file that gets a line a call.
#
# SPDX-License-Identifier: GPL-3.0-or-later
if [ "$1" = -V ]; then
    echo 'This is ApacheBench, Version 2.3 <$Revision: 1 $>'
    exit 0
fi
curve='' url='' kept=0
while [ $# -gt 0 ]; do
    case $1 in
    -q) shift ;;
    -k) kept=1; shift ;;
    -n) n=$2; shift 2 ;;
    -c) c=$2; shift 2 ;;
    -e) curve=$2; shift 2 ;;
    *) url=$1; shift ;;
    esac
done
failed=0
case $url in
*/fail*) echo "apr_socket_recv: Connection refused (111)"; exit 22 ;;
*/broken/*) failed=3 ;;
*/slow/*) sleep 0.02 ;;
esac
[ -n "$curve" ] && echo "$n $c $url" >>"${CALLS:-/dev/null}"
awk -v n="$n" -v c="$c" -v failed="$failed" -v kept="$kept" 'BEGIN {
    seconds = n * 0.002 / c
    print "This is ApacheBench, Version 2.3 <$Revision: 1 $>"
    print "Copyright 1996 Adam Twiss, Zeus Technology Ltd, http://www.zeustech.net/"
    print "Licensed to The Apache Software Foundation, http://www.apache.org/\n"
    print "Benchmarking 127.0.0.1 (be patient).....done\n\n"
    print "Server Software:        fake"
    print "Server Hostname:        127.0.0.1"
    print "Server Port:            80\n"
    print "Document Path:          /"
    print "Document Length:        3 bytes\n"
    print "Concurrency Level:      " c
    printf "Time taken for tests:   %.3f seconds\n", seconds
    print "Complete requests:      " n
    print "Failed requests:        " failed
    if (failed)
        print "   (Connect: 0, Receive: 0, Length: 3, Exceptions: 0)"
    if (kept)
        print "Keep-Alive requests:    " n
    print "Total transferred:      " n * 42 " bytes"
    print "HTML transferred:       " n * 3 " bytes"
    printf "Requests per second:    %.2f [#/sec] (mean)\n", n / seconds
    printf "Time per request:       %.3f [ms] (mean)\n", 2
    printf "Time per request:       %.3f [ms] (mean, across all concurrent requests)\n", 2 / c
    printf "Transfer rate:          %.2f [Kbytes/sec] received\n\n", n * 42 / 1024 / seconds
    print "Connection Times (ms)"
    print "              min  mean[+/-sd] median   max"
    print "Connect:        0    0   0.0      0       0"
    print "Processing:     2    2   0.0      2       2"
    print "Waiting:        2    2   0.0      2       2"
    print "Total:          2    2   0.0      2       2\n"
    print "Percentage of the requests served within a certain time (ms)"
    split("50 66 75 80 90 95 98 99", p, " ")
    for (i = 1; i <= 8; i++)
        printf "  %d%%      2\n", p[i]
    print " 100%      2 (longest request)"
}'
if [ -n "$curve" ]; then
    awk 'BEGIN { print "Percentage served,Time in ms"
        for (i = 0; i <= 100; i++) printf "%d,2.000\n", i }' >"$curve"
fi
