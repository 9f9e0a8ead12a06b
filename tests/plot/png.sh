#!/bin/sh
# gnuplot takes the script of each kind of figure, and makes a PNG of it.
#
#   png.sh REQPATH SOURCE_DIR
#
# SPDX-License-Identifier: GPL-3.0-or-later
set -eu
reqpath=$1 source=$2
if ! command -v gnuplot >/dev/null; then
    echo "SKIPPED: gnuplot is not there (Debian: gnuplot-nox)"
    exit 77
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# gnuplot alone would speak up in this locale, which many servers have.
export REQPATH_CPU= LC_ALL=C
cd "$source"
profile=tests/data/profiles/round.yaml
"$reqpath" explain data/scenarios/startproject.yaml --against single \
    --profile $profile --format json -o "$work/against.json" 2>/dev/null
"$reqpath" simulate data/scenarios/wsgi-sync-view.yaml --profile $profile \
    --format json -o "$work/simulate.json" 2>/dev/null
"$reqpath" whatif data/scenarios/wsgi-sync-view.yaml --profile $profile \
    --reader solve --vary load.clients=1,2,3 --format json \
    -o "$work/sweep.json" 2>/dev/null
"$reqpath" calibrate tests/data/dataset-small -o "$work/p.yaml" >/dev/null 2>&1
"$reqpath" validate tests/data/dataset-small --profile "$work/p.yaml" \
    --format json -o "$work/validate.json" 2>/dev/null
cp tests/data/page/plan.json tests/data/page/whatif.json "$work"

for result in "$work"/*.json; do
    name=$(basename "$result" .json)
    "$reqpath" plot "$result" -o "$work/$name.png" 2>"$work/said"
    # What gnuplot cannot draw it says, and may still end well.
    if [ -s "$work/said" ]; then
        cat "$work/said"
        exit 1
    fi
    if [ "$(head -c 4 "$work/$name.png" | tail -c 3)" != PNG ]; then
        echo "$name.png is no PNG"
        exit 1
    fi
    echo "$name: $(wc -c <"$work/$name.png") bytes"
done
