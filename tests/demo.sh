#!/bin/bash
# demo.sh REQPATH SOURCE_DIR: what ./run demo does, but for installing, building
# and its first part, which measures this machine: that is microhandler/loop.
#
# What it says is compared with what it read: the runs of the data sets, the
# committed profile, and the forecast of a table with that of its own file.
#
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
reqpath=$1 source=$2
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
. "$source/run" # the steps; nothing else happens
set +e
export REQPATH_CPU= # these costs are not of this machine, and need not be
status=0
fail() {
    printf 'demo: %s\n' "$*"
    status=1
}

(set -e; forecast "$reqpath" "$scratch/demo") >"$scratch/said" 2>"$scratch/errors" || {
    fail "it ends with $?"
    cat "$scratch/said" "$scratch/errors"
}
cd "$scratch/demo" || exit 1
cmp profile.yaml "$source/data/profiles/django-3.2.yaml" ||
    fail 'its profile is not the committed one'

# The README says how many runs there are, and how many tell unit costs.
runs=$(cat "$source"/data/ab/django-3.2/{path,load,cpu,io}/runs.csv | grep -vc '^file,')
costs=$(sed -n 's/^fitted to \([0-9]*\) runs .*/\1/p' calibration.txt)
# comma NUMBER: with a comma before its thousands.
comma() {
    printf '%s\n' "$1" | sed 's/\(.*[0-9]\)\([0-9]\{3\}\)$/\1,\2/'
}
grep -q "^    \./run demo .*$(comma "$runs") measured runs.* $(comma "$costs") that" \
    "$source/README.md" ||
    fail "README.md does not say that there are $runs runs, and $costs for costs"

# Four stacks and the new one, four metrics of each; every forecast is within
# its interval, and that of the new stack is what forecast.csv says.
sed -n '/^stack metric/,/^$/p' "$scratch/said" >table
awk 'NR == 1 || !NF { next }
    { rows[$1]++ }
    $1 != "SMAS" && !($3 > 0 && $4 < $6 && $8 < $7 && $7 < $10) { print; bad++ }
    $1 == "SMAS" && !($5 < $4 && $4 < $7) { print; bad++ }
    END { exit bad || !(rows["MA"] == 4 && rows["SA"] == 4 && rows["SM"] == 4 &&
        rows["SAS"] == 4 && rows["SMAS"] == 4) }' table || {
    cat table
    fail 'the table of stacks is not whole'
}
for metric in mean_ms p50_ms p90_ms p99_ms; do
    forecast=$(awk -F, -v m=$metric 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
        NR == 2 { printf "%.3f", $at[m] }' forecast.csv)
    awk -v m=$metric -v f="$forecast" '$1 == "SMAS" && $2 == m && $4 == f { found = 1 }
        END { exit !found }' table || fail "$metric of the new stack is not $forecast"
done
for title in '^2\. Unit costs' '^3\. A stack' '^4\. It is simulated' '^5\. Its forecast'; do
    grep -q "$title" "$scratch/said" || fail "no part \"$title\""
done
! grep -q ' $' "$scratch/said" || fail 'lines end in blanks'
[ "$status" -eq 0 ] || cat "$scratch/errors"
exit $status
