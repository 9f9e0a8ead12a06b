#!/bin/sh
# killedbench.sh REQPATH [TIMES]: a bench that is killed (SIGKILL) at random moments
# and goes on, by hand. What it leaves is compared with what an undisturbed
# bench of the same plan leaves: the same files, the same rows, reports of the
# same requests, nothing else. Only what was measured may differ, and when.
#
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
reqpath=$1 times=${2:-10}
scratch=$(mktemp -d) || exit 1
bench=''
trap '[ -z "$bench" ] || kill -KILL $bench 2>/dev/null; rm -rf "$scratch"' EXIT
cd "$(dirname "$0")/../.." || exit 1
profile=data/profiles/django-3.2.yaml
cat >"$scratch/plan.yaml" <<END
name: killed
campaign: killed
framework_version: 3.2.25
asgiref_version: 3.6.0
rounds: 6
effect: 100%
targets:
  - {name: plain, kind: microhandler, server: gunicorn,
     scenario: data/plans/loop/gunicorn-none-sync.yaml, profile: $profile}
  - {name: asgi, kind: microhandler, server: uvicorn,
     scenario: data/plans/loop/uvicorn-S-async.yaml, profile: $profile}
runs:
  - {target: plain, view: sync, concurrency: [1, 2, 4], requests: 300}
  - {target: asgi, stack: S, view: async, concurrency: [1, 2, 4], requests: 300}
END

# What a data set is but for times: its files, its rows, what
# was planned, and what each report says of its requests.
picture() { # FOLDER
    (
        cd "$1" || exit 1
        find . -type f ! -path './logs/*' | sort
        sort runs.csv
        grep -v 'load_average' dataset.yaml
        find . -name '*.txt' ! -path './logs/*' | sort |
            xargs grep -hE '^(Concurrency Level|(Complete|Failed) requests|Document Length)'
        find . -name '*.csv' ! -name runs.csv | sort | xargs wc -l | sed 's/^ *//'
    )
}

# A random part of the time that an undisturbed bench takes: a twentieth to a
# fifth, so that ten kills are spread over all of it.
moment() {
    od -An -N2 -tu2 /dev/urandom |
        awk -v all="$1" '{ printf "%.3f", all * (0.05 + 0.15 * $1 / 65536) }'
}

began=$(date +%s)
"$reqpath" bench "$scratch/plan.yaml" -o "$scratch/whole" >"$scratch/log" 2>&1 ||
    { cat "$scratch/log"; exit 1; }
took=$(($(date +%s) - began))
killed=0
while [ "$killed" -lt "$times" ]; do
    after=$(moment "$took")
    "$reqpath" bench "$scratch/plan.yaml" -o "$scratch/killed" >"$scratch/log" 2>&1 &
    bench=$!
    sleep "$after"
    kill -KILL $bench 2>/dev/null || { echo "it was over before the kill"; break; }
    wait $bench 2>/dev/null
    killed=$((killed + 1))
    echo "killed after $after s: $(($(wc -l <"$scratch/killed/runs.csv") - 1)) rows," \
        "$(find "$scratch/killed" -name '*.part' | wc -l) files in the making"
    sleep 0.5 # its guards end its servers
done
bench=''
"$reqpath" bench "$scratch/plan.yaml" -o "$scratch/killed" || exit 1
picture "$scratch/whole" >"$scratch/want"
picture "$scratch/killed" >"$scratch/got"
diff -u "$scratch/want" "$scratch/got" || exit 1
echo "after $killed kills the same data set, but for times"
