#!/bin/sh
# quick.sh REQPATH SOURCE_DIR: the last section of the tutorial, a profile of
# your own machine: its commands are run as they stand there, with the real
# Django, but its plan measures a tenth as many requests in two rounds.
#
# What is compared does not depend on the machine: that all runs come to their
# end, that the tables have the columns that the tutorial shows, and every cost,
# and what explain says but for its figures.
#
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
reqpath=$1 source=$2
skip() {
    echo "SKIPPED: $*"
    exit 77
}
command -v ab >/dev/null || skip 'there is no ab (Debian: apache2-utils)'
for module in django gunicorn uvicorn; do
    /usr/bin/python3 -c "import $module" 2>/dev/null ||
        skip "/usr/bin/python3 has no $module (Debian: python3-django gunicorn python3-uvicorn)"
done
[ "$(nproc)" -ge 2 ] || skip 'it takes two cores, one for servers and one for ab'
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/bin" "$scratch/run" "$scratch/run/data" "$scratch/run/data/plans"
ln -s "$reqpath" "$scratch/bin"
ln -s "$source/microhandler" "$scratch/run"
sed 's/^rounds: .*/rounds: 2/; s/^warm_up: .*/warm_up: 5/; s/requests: 400/requests: 40/' \
    "$source/data/plans/quick.yaml" >"$scratch/run/data/plans/quick.yaml"
cp "$source/microhandler/django/shop/shop.yaml" "$scratch/run"
cd "$scratch/run" || exit 1
export PATH="$scratch/bin:$PATH" LC_ALL=C TERM=dumb REQPATH_CPU=
status=0
fail() {
    echo "quick: $*"
    status=1
}

# The tutorial's scenario as it is at its end.
sed -n 's/^\$ \(sed -i .*\|echo .*>>shop.yaml\)$/\1/p' "$source/TUTORIAL.md" >edits
[ "$(wc -l <edits)" -eq 3 ] || fail 'the tutorial changes shop.yaml otherwise'
sh edits
# The commands that measure, and what the tutorial shows of another data set.
sed -n '/^## Your own machine/,/^## Where/p' "$source/TUTORIAL.md" >section
sed -n 's/^    \(reqpath [^#]*\).*/\1/p' section >commands
[ "$(wc -l <commands)" -eq 3 ] || fail 'the tutorial has other commands'
shown() { # the console block that begins with this command
    awk -v begin="\$ $1" '/^```$/ { on = 0 }
        on && /^\$/ { on = 0 }
        on && NF { print }
        index($0, begin) == 1 { on = 1 }' section
}

n=0
while IFS= read -r command; do
    n=$((n + 1))
    sh -c "$command" >said-$n 2>errors-$n </dev/null || {
        fail "$command: ends with $?"
        cat said-$n errors-$n
        exit 1
    }
done <commands

# 22 configurations, two rounds.
grep -qx 'mine: 44 runs measured, 0 were there, 0 are missing' said-1 ||
    fail "bench says: $(cat said-1)"
[ "$(tail -n +2 mine/runs.csv | wc -l)" -eq 44 ] || fail 'runs.csv has not 44 runs'

# The same columns. Costs may be apart that are one cost there, and no run was of
# daphne, but every item is priced by one of them.
items() {
    sed -e 1,2d -e '/^$/,$d' "$1" | sed 's/.*  //' | tr -d ' ' | tr ',' '\n' | sort
}
shown 'reqpath calibrate' >want
columns() {
    sed -n '1s/   */|/gp' "$1"
}
[ "$(columns want)" = "$(columns said-2)" ] ||
    fail "calibrate shows $(columns said-2), in the tutorial $(columns want)"
items want | grep -v '^base\.daphne$' >want-items
items said-2 >got-items
diff -u want-items got-items || fail 'other items are priced'

# Without its figures: crossings, total, validity.
shown 'reqpath explain' | sed 's/[0-9][0-9.]*[a-z]*/N/g' >want
tail -n 3 said-3 | sed 's/[0-9][0-9.]*[a-z]*/N/g' >got
diff -u want got || fail 'explain says something else'
[ "$(shown 'reqpath explain' | head -n 1)" = "$(tail -n 3 said-3 | head -n 1)" ] ||
    fail 'explain counts other crossings'
exit $status
