#!/bin/sh
# A document shows what its commands print. Runs every "$ command" of a
# ```console block, in order, in one folder, and compares.
#
#   readme.sh REQPATH SOURCE_DIR DOCUMENT
#
# A command that ends in a backslash goes on in the next line. Where Django is not
# there, or is another version than the one that the tutorial's scenario was
# written with, that scenario is taken from the tree.
#
# To write the blocks anew: README_UPDATE=1 ctest -R '^tree/(model|readme|tutorial)$'
#
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
reqpath=$1 source=$2 document=$3
shop=$source/microhandler/django/shop/shop.yaml

scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/bin" "$scratch/run"
ln -s "$reqpath" "$source/microhandler/django/reqpath-django" "$scratch/bin"
[ ! -x /usr/bin/python3 ] || ln -s /usr/bin/python3 "$scratch/bin"
ln -s "$source/tests" "$source/data" "$source/microhandler" "$scratch/run"

# What the document says: "command N", its lines, "output N", its lines. Mode
# "split" writes them to N.cmd and N.want, mode "join" prints the document with
# N.got in the place of outputs.
blocks='
    function number() { return dir "/" sprintf("%03d", count) }
    /^```console$/ { inside = 1; if (mode == "join") print; next }
    /^```$/ { inside = 0; goes_on = 0 }
    inside && (/^\$ / || goes_on) {
        if (!goes_on) count++
        if (mode == "join") print
        else print goes_on ? $0 : substr($0, 3) >(number() ".cmd")
        goes_on = /\\$/
        if (!goes_on && mode == "join") {
            while ((getline line <(number() ".got")) > 0) print line
        }
        next
    }
    inside { if (mode == "split") print >(number() ".want"); next }
    mode == "join" { print }'
awk -v dir="$scratch" -v mode=split "$blocks" "$source/$document"

# Django and asgiref are those of the tree's scenario.
django_is_that_of_the_tree() {
    PATH=$scratch/bin:$PATH python3 -c '
import asgiref, django, re, sys
versions = re.search(r"version: ([\d.]+), asgiref: ([\d.]+)", open(sys.argv[1]).read())
sys.exit(versions.groups() != (django.__version__, asgiref.__version__))' \
        "$shop" 2>/dev/null
}

status=0 skipped=0 commands=0
for command in "$scratch"/*.cmd; do
    block=${command%.cmd}
    commands=$((commands + 1))
    touch "$block.want"
    if grep -q '^reqpath-django ' "$command" && ! django_is_that_of_the_tree; then
        printf 'SKIPPED: %s\n' "$(cat "$command")"
        skipped=1
        cp "$shop" "$scratch/run"
        cp "$block.want" "$block.got"
        continue
    fi
    (cd "$scratch/run" &&
        PATH=$scratch/bin:$PATH LC_ALL=C TERM=dumb REQPATH_CPU= \
            PYTHONDONTWRITEBYTECODE=1 sh "$command" \
            >"$block.got" 2>&1 </dev/null)
    if grep -q '^reqpath-django ' "$command"; then
        cmp "$scratch/run/shop.yaml" "$shop" || status=1
    fi
    diff -u --label "$document" --label "$(cat "$command")" \
        "$block.want" "$block.got" >"$scratch/diff" && continue
    status=1
    [ -n "${README_UPDATE:-}" ] || cat "$scratch/diff"
done
if [ -n "${README_UPDATE:-}" ]; then
    awk -v dir="$scratch" -v mode=join "$blocks" "$source/$document" \
        >"$scratch/document" && cp "$scratch/document" "$source/$document"
    exit
fi
printf '%d commands\n' "$commands"
[ "$commands" -gt 2 ] || exit 1
[ "$status" -ne 0 ] || [ "$skipped" -eq 0 ] || exit 77
exit $status
