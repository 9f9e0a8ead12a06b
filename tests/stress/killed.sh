#!/bin/sh
# killed.sh REQPATH PROFILE [KILLS [HUNDREDS]]: a sweep of 10,000 simulated
# scenarios (or so many hundreds) that is killed ten times at random (SIGKILL, so
# nobody can tidy up) and resumed has the table of one that was left alone, and
# no point of it was run twice.
#
# SPDX-License-Identifier: GPL-3.0-or-later
set -eu
reqpath=$1 profile=$2 kills=${3:-10} hundreds=${4:-100}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

cat >"$scratch/small.yaml" <<'END'
name: a small one
framework: {name: django, version: 3.2.25}
server: {kind: gthread, threads: 2}
middleware:
  - {name: auth, kind: sync, before: {cpu: 20us}}
view: {kind: sync, cpu: 100us, wait: 1ms}
load: {kind: closed, clients: 4}
run: {requests: 100, replications: 1, warm_up: 0}
END

sweep() {
    "$reqpath" whatif "$scratch/small.yaml" --profile "$profile" \
        --vary 'view.cpu=[1us:100us,1us]' --vary "load.clients=[1:$hundreds,1]" \
        --format csv "$@" 2>>"$scratch/said"
}

begun=$(date +%s.%N)
sweep >"$scratch/alone.csv"
ended=$(date +%s.%N)
seconds=$(echo "$ended - $begun" | bc)
echo "left alone, without a store: $((hundreds * 100)) variants in $seconds s"

i=0
while [ "$i" -lt "$kills" ]; do
    i=$((i + 1))
    # Somewhere in the part of the work that this attempt may come to.
    wait_s=$(od -An -N2 -tu2 /dev/urandom | awk -v all="$seconds" -v n="$kills" \
        '{ print 0.3 + 1.2 * $1 / 65536 * all / n }')
    sweep --store "$scratch/runs.db" --resume -o "$scratch/part.csv" &
    pid=$!
    sleep "$wait_s"
    kill -KILL $pid 2>/dev/null || true
    wait $pid 2>/dev/null || true
    echo "killed after $wait_s s: $("$reqpath" runs list --store "$scratch/runs.db" --format csv |
        awk -F, 'END { print $6 " of " $5 " points, in " NR - 1 " sweep" }')"
    [ -e "$scratch/part.csv" ] || continue
    # It was through before it could be killed: then the table is a whole one.
    cmp "$scratch/alone.csv" "$scratch/part.csv" || {
        echo "FAILED: half a table"
        exit 1
    }
    break
done
sweep --store "$scratch/runs.db" --resume -o "$scratch/resumed.csv"
cmp "$scratch/alone.csv" "$scratch/resumed.csv"
"$reqpath" runs export --store "$scratch/runs.db" >"$scratch/points.csv"
awk -F, -v wanted=$((hundreds * 100)) '
    NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
    { rows++; key = ""; for (i = 1; i <= NF; i++) if (length($i) == 32 && $i ~ /^[0-9a-f]+$/) { key = $i; break }
      if (key in seen) twice++; seen[key] = 1 }
    END { printf "%d points, %d of them twice\n", rows, twice; exit rows != wanted || twice > 0 }' \
    "$scratch/points.csv"
"$reqpath" runs gc --store "$scratch/runs.db" --dry-run --format csv |
    awk -F, 'NR == 2 { print $2 " answers that no point has"; exit $2 > 0 }'
echo "the same table"
