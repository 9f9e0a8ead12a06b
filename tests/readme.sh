#!/bin/sh
# The README shows what its commands print. Runs every "$ command" of a
# ```console block and compares.
#
#   readme.sh REQPATH SOURCE_DIR
#
# To write the blocks anew: README_UPDATE=1 ctest -R ^tree/readme$
#
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
reqpath=$1 source=$2

scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/bin" "$scratch/run"
ln -s "$reqpath" "$scratch/bin/reqpath"
ln -s "$source/tests" "$source/data" "$scratch/run"

# One file for each block, its command in a file beside it.
awk -v dir="$scratch" '
    /^```console$/ { inside = 1; block++; next }
    /^```$/ { inside = 0; next }
    inside && /^\$ / { print substr($0, 3) >(dir "/" block ".cmd"); next }
    inside { print >(dir "/" block ".want") }' "$source/README.md"

status=0
for command in "$scratch"/*.cmd; do
    block=${command%.cmd}
    touch "$block.want"
    (cd "$scratch/run" &&
        PATH=$scratch/bin:$PATH LC_ALL=C TERM=dumb REQPATH_CPU= sh "$command" \
            >"$block.got" 2>&1 </dev/null)
    diff -u --label README.md --label "$(cat "$command")" \
        "$block.want" "$block.got" >"$scratch/diff" && continue
    status=1
    [ -n "${README_UPDATE:-}" ] || cat "$scratch/diff"
done
[ -n "${README_UPDATE:-}" ] || exit $status

awk -v dir="$scratch" '
    /^```console$/ {
        print
        inside = 1
        block++
        next
    }
    inside && /^\$ / {
        print
        file = dir "/" block ".got"
        while ((getline line <file) > 0) print line
        close(file)
        next
    }
    /^```$/ { inside = 0 }
    !inside { print }' "$source/README.md" >"$scratch/README.md" &&
    cp "$scratch/README.md" "$source/README.md"
