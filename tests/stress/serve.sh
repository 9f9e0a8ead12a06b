#!/bin/sh
# serve.sh REQPATH [REQUESTS]: real servers under ab, by hand. For each kind of
# server and connection one line of Markdown: what ab counted, what the server
# counted, and whether memory, descriptors or threads have grown between the
# first tenth of the requests and the end.
#
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
reqpath=$1 requests=${2:-250000}
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
profile=$(dirname "$0")/../../data/profiles/django-3.2.yaml
scenarios=$(dirname "$0")/../../data/scenarios

# The first number behind a word.
number() { sed -n "s/^$1[^0-9]*\([0-9]*\).*/\1/p" | head -n 1; }
held() {
    echo "$(number VmRSS: <"/proc/$1/status") kB," \
        "$(ls "/proc/$1/fd" | wc -l) fd, $(number Threads: <"/proc/$1/status") thr"
}
metric() { curl -s "$url/metrics" | sed -n "s/^reqpath_$1 //p"; }

one() { # NAME SCENARIO AB-OPTIONS
    "$reqpath" serve "$2" --profile "$profile" --port 0 --time-scale 0 \
        >"$scratch/out" 2>"$scratch/err" &
    server=$!
    until grep -q listening "$scratch/out" || ! kill -0 $server; do sleep 0.1; done
    url=$(sed -n 's|.*\(http://[0-9.:]*\)/.*|\1|p' "$scratch/out")
    ab -q $3 -c 64 -n $((requests / 10)) "$url/" >"$scratch/warm" 2>&1
    before=$(held $server)
    ab -q $3 -c 64 -n "$requests" "$url/" >"$scratch/ab" 2>&1
    after=$(held $server)
    echo "| $1 | $(number 'Complete requests' <"$scratch/ab")" \
        "| $(number 'Failed requests' <"$scratch/ab")" \
        "| $(metric 'requests_total{code="200"}')" \
        "| $(metric in_flight) | $(metric connections_open)" \
        "| $(number 'Requests per second' <"$scratch/ab")" \
        "| $before | $after |"
    kill -TERM $server
    wait $server || echo "exit code $? of $1"
}

echo "| server | ab: complete | failed | server: 200 | in flight | open | requests/s | held after a tenth | at the end |"
echo "|---|---|---|---|---|---|---|---|---|"
for options in '' -k; do
    sed 's/processes: 4/processes: 1/' "$scenarios/wsgi-sync-view.yaml" >"$scratch/sync.yaml"
    one "gunicorn, no crossing${options:+, $options}" "$scratch/sync.yaml" "$options"
    one "gthread, a new loop${options:+, $options}" "$scenarios/wsgi-async-view.yaml" "$options"
    one "uvicorn, 15 crossings${options:+, $options}" "$scenarios/asgi-async-view.yaml" "$options"
done
