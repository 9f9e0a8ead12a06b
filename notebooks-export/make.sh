#!/bin/sh
# Makes one notebook of this folder, with reqpath alone:
#
#   notebooks-export/make.sh async-performance|io-bound|capacity [OUTPUT]
#   notebooks-export/make.sh calibration [OUTPUT [PROFILE]]
#
# The last takes minutes; PROFILE is where the profile goes that it calibrates,
# and predicts with.
#
# `reqpath` is the program in $REQPATH, else that in the PATH. Called from the
# top of the tree. The same program makes the same bytes.
#
# SPDX-License-Identifier: GPL-3.0-or-later
set -eu
name=${1:?which notebook: async-performance, io-bound, capacity or calibration}
here=$(dirname "$0")
out=${2:-$here/$name.ipynb}
reqpath=${REQPATH:-reqpath}
profile=data/profiles/django-3.2.yaml
scenarios=data/scenarios
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# json NAME COMMAND...: a result, in a file of its own.
export REQPATH_CPU= # what this machine is has no place in a notebook
json() {
    file=$work/$1.json
    shift
    "$reqpath" "$@" --profile $profile --format json -o "$file"
}

case $name in
async-performance)
    title='Async performance, told again'
    json 1 explain $scenarios/startproject.yaml --against single
    json 2 explain "$here/floor.yaml"
    json 3 explain $scenarios/mixed-middleware.yaml
    sed 's/kind: sync/kind: hybrid/; s/one sync layer/one hybrid layer/' \
        $scenarios/mixed-middleware.yaml >"$work/hybrid.yaml"
    json 4 explain "$work/hybrid.yaml"
    json 5 whatif $scenarios/mixed-middleware.yaml \
        --vary middleware.access_log.kind=sync,async,hybrid \
        --vary load.clients=1,8,32
    ;;
io-bound)
    title='What if: an I/O-bound service'
    json 1 whatif $scenarios/io-bound-view.yaml --metric p99_ms \
        --vary resources.db.capacity=5,10,20,40,80
    json 2 whatif $scenarios/io-bound-view.yaml --metric mean_ms \
        --vary resources.db.capacity=5,10,20,40 \
        --vary load.clients=8,32,64,128
    json 3 simulate $scenarios/io-bound-view.yaml
    ;;
capacity)
    title='A capacity plan'
    json 1 plan $scenarios/wsgi-sync-view.yaml --rate 900/s --peak 1500/s \
        --slo 'p99<=50ms' --instances "$here/instances.yaml" \
        --servers gunicorn,gthread --processes 1/core --threads 4 \
        --requests 500
    json 2 whatif $scenarios/wsgi-sync-view.yaml --metric p99_ms \
        --vary load.clients=1,2,4,8,16,32
    ;;
calibration)
    title='A calibration'
    made=${3:-$work/profile.yaml}
    sets=data/ab/django-3.2
    sets="$sets/path $sets/load $sets/cpu $sets/io"
    # shellcheck disable=SC2086 # a list of folders
    "$reqpath" calibrate $sets -o "$made" --format json >"$work/1.json"
    # shellcheck disable=SC2086
    "$reqpath" validate $sets --leave-out stack --profile "$made" \
        --format json -o "$work/2.json"
    ;;
*)
    echo "make.sh: found \"$name\", expected async-performance, io-bound, capacity or calibration" >&2
    exit 2
    ;;
esac
"$reqpath" export notebook "$work"/?.json --title "$title" \
    --text "$here/$name.md" -o "$out"
