#!/bin/sh
# Pages of real results in headless Chromium: browse.mjs says what is looked at.
#
#   browser.sh REQPATH SOURCE_DIR BUILD_DIR
#
# With PAGE_SHOTS=1 screenshots of every section go to
# BUILD_DIR/page-browser/shots, for a look at them.
#
# SPDX-License-Identifier: GPL-3.0-or-later
set -eu
reqpath=$1 source=$2 work=$3/page-browser
. "$source/tests/page/prepare.sh"

need node npm
chromium=$(command -v chromium || command -v chromium-browser || true)
[ -n "$chromium" ] || skip "chromium is not there (Debian: chromium)"
install "$source/tests/page" "$work"
cp "$source/tests/page/browse.mjs" "$work"
rm -rf "$work/in" "$work/shots"
mkdir -p "$work/in" "$work/shots"

cd "$source"
profile=data/profiles/django-3.2.yaml
export REQPATH_CPU=
"$reqpath" explain data/scenarios/mixed-middleware.yaml --profile $profile \
    -f json -o "$work/in/explain.json" 2>/dev/null
"$reqpath" explain data/scenarios/startproject.yaml --profile $profile \
    --against single -f json -o "$work/in/against.json" 2>/dev/null
"$reqpath" explain data/scenarios/asgi-sync-view.yaml \
    -f json -o "$work/in/unpriced.json" 2>/dev/null
"$reqpath" explain data/scenarios/wsgi-sync-view.yaml --profile $profile \
    -f json -o "$work/in/workers.json" 2>/dev/null
"$reqpath" simulate data/scenarios/mixed-middleware.yaml --profile $profile \
    -f json -o "$work/in/one.json" 2>/dev/null
"$reqpath" simulate data/scenarios/single-path.yaml \
    data/scenarios/unified-path.yaml data/scenarios/request-mix.yaml \
    --profile $profile -f json -o "$work/in/several.json" 2>/dev/null
"$reqpath" validate data/ab/django-3.2/path --profile $profile \
    -f json -o "$work/in/validate.json" 2>/dev/null
"$reqpath" calibrate tests/data/dataset-small -f json \
    >"$work/in/calibrate.json" 2>/dev/null
cp tests/data/page/*.json "$work/in"
cd "$work/in"
"$reqpath" export page explain.json against.json unpriced.json workers.json \
    one.json several.json whatif.json plan.json validate.json calibrate.json \
    --title 'All of it' -o ../all.html
"$reqpath" export page hostile.json --title '<i>"Title"</i>' -o ../hostile.html
cd "$work"
exec node browse.mjs "$chromium" "$work"
