#!/bin/sh
# One golden test: runs NAME.cmd in an empty folder and compares what it wrote.
#
#   golden.sh REQPATH SOURCE_DIR NAME
#
# tests/cli/NAME.cmd is a shell script. In it `reqpath` is the program under
# test, and the folders `data` and `tests` are those of the source tree, so that
# no absolute path gets into a message; `shared`, the folder beside the tree that
# no clone has, is there for scripts that name it, and where there is one. What
# it must write stands beside it: NAME.out (standard output), NAME.err
# (standard error), NAME.exit (its exit code); a file that is not there means
# empty, or 0.
#
# To make these files anew, and then read their diff:
#
#   GOLDEN_UPDATE=1 ctest -R ^cli/
#
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
reqpath=$1 source=$2 name=$3
expected=$source/tests/cli/$name

scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/bin" "$scratch/run" "$scratch/got"
ln -s "$reqpath" "$scratch/bin/reqpath"
ln -s "$source/tests" "$source/data" "$scratch/run"
if [ -d "$source/../shared" ] && grep -q shared "$expected.cmd"; then
    ln -s "$source/../shared" "$scratch/run/shared"
fi

# Nothing of the caller's environment decides what is printed.
(cd "$scratch/run" &&
    PATH=$scratch/bin:$PATH LC_ALL=C TERM=dumb REQPATH_CPU= sh "$expected.cmd" \
        >"$scratch/got/out" 2>"$scratch/got/err" </dev/null
    echo $? >"$scratch/got/exit")
if grep -q '^SKIPPED:' "$scratch/got/out"; then
    cat "$scratch/got/out"
    exit 0
fi

status=0
for part in out err exit; do
    neutral=''
    [ $part = exit ] && neutral='0
'
    printf %s "$neutral" >"$scratch/neutral"
    if [ -n "${GOLDEN_UPDATE:-}" ]; then
        if cmp -s "$scratch/neutral" "$scratch/got/$part"; then
            rm -f "$expected.$part"
        else
            cp "$scratch/got/$part" "$expected.$part"
        fi
        continue
    fi
    [ -e "$expected.$part" ] && cp "$expected.$part" "$scratch/neutral"
    diff -u --label "$name.$part, expected" --label "$name.$part, found" \
        "$scratch/neutral" "$scratch/got/$part" || status=1
done
exit $status
