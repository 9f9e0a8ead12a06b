#!/bin/sh
# Runs the shipped notebooks, and compares what is drawn with what reqpath said.
#
#   execute.sh REQPATH SOURCE_DIR
#
# Debian's Python runs them, for pandas and the others are its packages.
#
# SPDX-License-Identifier: GPL-3.0-or-later
set -eu
reqpath=$1 source=$2
python=/usr/bin/python3
if ! "$python" -c 'import ipykernel, matplotlib, nbconvert, nbformat, pandas' \
    2>/dev/null; then
    echo "SKIPPED: needs Debian's python3-ipykernel, python3-matplotlib," \
        "python3-nbconvert and python3-pandas"
    exit 77
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export REQPATH_CPU= HOME="$work" PYDEVD_DISABLE_FILE_VALIDATION=1
cd "$source"
"$reqpath" explain data/scenarios/startproject.yaml --against single \
    --profile data/profiles/django-3.2.yaml --format json -o "$work/against.json"
"$python" tests/notebooks/execute.py "$work/against.json" notebooks-export
