#!/bin/sh
# reference.sh DOXYFILE: doxygen reads every public header without a warning.
#
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
if ! command -v doxygen >/dev/null; then
    echo 'SKIPPED: doxygen is not here'
    exit 77
fi
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
{
    cat "$1"
    echo "OUTPUT_DIRECTORY = \"$scratch\""
} >"$scratch/Doxyfile"
doxygen "$scratch/Doxyfile" || exit 1

# One that reads nothing has nothing to warn of.
pages=$(find "$scratch/html" -name '*_8h.html' | wc -l)
printf '%d headers\n' "$pages"
[ "$pages" -gt 100 ] && grep -q rp_paired_compare "$scratch/html/index.html"
