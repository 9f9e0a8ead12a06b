#!/bin/sh
# serve.sh REQPATH [REQUESTS [CASES...]]: real servers under ab and wrk, by
# hand. For each kind of server and of client one line of Markdown: what the
# client counted, what the server counted, and whether memory, descriptors or
# threads have grown between the first tenth of the requests and the end.
# REQUESTS is the least of each case; CASES are words like uvicorn-wrk, all
# twelve where none is named. The exit code is 1 where a request was lost, or
# the server did not end as it should.
#
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
reqpath=$1 requests=${2:-250000}
[ $# -lt 2 ] || shift
shift
servers="gunicorn gthread uvicorn"
clients="ab ab-k wrk wrk-close"
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
profile=$(dirname "$0")/../../data/profiles/django-3.2.yaml
scenarios=$(dirname "$0")/../../data/scenarios
batch=50000 # requests of one call of ab, which keeps them all in memory
bad=0

# The first number behind a word.
number() { sed -n "s/^ *$1[^0-9]*\([0-9]*\).*/\1/p" | head -n 1; }
held() {
    echo "$(number VmRSS: <"/proc/$1/status") kB," \
        "$(ls "/proc/$1/fd" | wc -l) fd, $(number Threads: <"/proc/$1/status") thr"
}
metric() { curl -s "$url/metrics" | sed -n "s/^reqpath_$1 //p"; }

# What is not over yet shows in the counters a moment later.
settle() {
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        [ "$(metric in_flight)" = 0 ] && [ "$(metric connections_open)" = 1 ] && return
        sleep 0.2
    done
}

# ask N: a number of requests, some more with wrk, which knows seconds alone.
# Adds up what the client has counted, and what it calls a failure.
ask() {
    goal=$((complete + $1))
    while [ "$complete" -lt "$goal" ]; do
        case $client in
        ab | ab-k)
            n=$((goal - complete < batch ? goal - complete : batch))
            n=$((n < 64 ? 64 : n)) # no fewer than clients
            ab -q $options -c 64 -n "$n" "$url/" >"$scratch/client" 2>&1
            done=$(number 'Complete requests:' <"$scratch/client")
            errors=$(number 'Failed requests:' <"$scratch/client")
            ;;
        wrk*)
            wrk -t 1 -c 64 -d 5 $options "$url/" >"$scratch/client" 2>&1
            done=$(sed -n 's/^ *\([0-9]*\) requests in.*/\1/p' "$scratch/client")
            errors=$(sed -n 's/.*Socket errors: connect \([0-9]*\), read \([0-9]*\), write \([0-9]*\), timeout \([0-9]*\).*/\1 + \2 + \3 + \4/p
                s/.*Non-2xx or 3xx responses: \([0-9]*\).*/\1/p' "$scratch/client" | tr '\n' '+')
            errors=$((${errors:-0+}0))
            calls=$((calls + 1))
            ;;
        esac
        [ "${done:-0}" -gt 0 ] || { cat "$scratch/client"; return 1; }
        complete=$((complete + done)) failed=$((failed + errors))
    done
}

# wrk ends in the middle of requests: so many of each call may have been
# answered and not counted by it.
check() {
    surplus=$(($1 - complete))
    if [ "$failed" -ne 0 ] || [ "$surplus" -lt 0 ] ||
        [ "$surplus" -gt $((64 * calls)) ] || [ "$2" != 0 ] || [ "$3" != 1 ]; then
        bad=1
        echo "the row above: a request was lost, or a connection is stuck"
    fi
}

one() { # SERVER SCENARIO CLIENT OPTIONS
    client=$3 options=$4 complete=0 failed=0 calls=0
    rm -f "$scratch/out" # that of the server before
    "$reqpath" serve "$2" --profile "$profile" --port 0 --time-scale 0 \
        >"$scratch/out" 2>"$scratch/err" &
    server=$!
    until grep -qs listening "$scratch/out" || ! kill -0 $server; do sleep 0.1; done
    url=$(sed -n 's|.*\(http://[0-9.:]*\)/.*|\1|p' "$scratch/out")
    ask $((requests / 10))
    settle
    before=$(held $server)
    ask $((requests - requests / 10))
    settle
    after=$(held $server)
    answered=$(metric request_duration_seconds_count)
    in_flight=$(metric in_flight) open=$(metric connections_open)
    echo "| $1 | $client | $complete | $failed | $answered | $in_flight" \
        "| $((open - 1)) | $before | $after |"
    check "$answered" "$in_flight" "$open"
    kill -TERM $server
    wait $server || { bad=1; echo "exit code $? of $1"; }
}

# The scenario of a server: no crossing, a loop a request, fifteen crossings.
scenario_of() {
    case $1 in
    gunicorn)
        sed 's/processes: 4/processes: 1/; s/threads: [0-9]*/threads: 1/' \
            "$scenarios/wsgi-sync-view.yaml" >"$scratch/sync.yaml"
        echo "$scratch/sync.yaml"
        ;;
    gthread) echo "$scenarios/wsgi-async-view.yaml" ;;
    uvicorn) echo "$scenarios/asgi-async-view.yaml" ;;
    esac
}

options_of() {
    case $1 in
    ab-k) echo -k ;;
    wrk-close) echo "-H Connection:close" ;;
    esac
}

[ $# -gt 0 ] || for c in $clients; do
    for s in $servers; do
        set -- "$@" "$s-$c"
    done
done
echo "| server | client | answers it counted | failed | answers the server counted | in flight | open | held after a tenth | at the end |"
echo "|---|---|---|---|---|---|---|---|---|"
for case; do
    one "${case%%-*}" "$(scenario_of "${case%%-*}")" "${case#*-}" \
        "$(options_of "${case#*-}")"
done
exit $bad
