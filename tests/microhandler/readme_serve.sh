#!/bin/sh
# readme_serve.sh REQPATH SOURCE_DIR: the README's example of `reqpath serve`.
# Its times are of the machine that it was written on, and its port may be taken
# here; what else it shows has to be so: what the server says of itself, the
# names in Server-Timing, that nothing failed, and every counter. Times are
# scaled to nothing, or it would take a minute.
#
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
reqpath=$1 source=$2
if ! command -v ab >/dev/null || ! command -v curl >/dev/null; then
    echo "SKIPPED: the example needs ab and curl (Debian: apache2-utils curl)"
    exit 77
fi
scratch=$(mktemp -d) || exit 1
server=''
trap '[ -z "$server" ] || kill -KILL $server; rm -rf "$scratch"' EXIT

# The block, without what is measured: "listening on URL", "name;dur=X".
awk '/^```$/ { inside = 0 }
    /^```/ { fence = NR; next }
    fence && NR == fence + 1 && /^\$ reqpath serve / { inside = 1 }
    inside { print }' "$source/README.md" >"$scratch/block"
[ -s "$scratch/block" ] || { echo "the README has no example of serve"; exit 1; }
cd "$source" || exit 1
scenario=$(sed -n 's/^\$ reqpath serve \([^ ]*\) --profile .*/\1/p' "$scratch/block")
profile=$(sed -n 's/^\$ reqpath serve .* --profile \([^ ]*\) .*/\1/p' "$scratch/block")
"$reqpath" serve "$scenario" --profile "$profile" --port 0 --time-scale 0 \
    >"$scratch/serve.out" 2>"$scratch/serve.err" &
server=$!
until grep -q listening "$scratch/serve.out"; do
    kill -0 $server || { cat "$scratch/serve.err"; exit 1; }
    sleep 0.05
done
url=$(sed -n 's|.*\(http://[0-9.:]*\)/.*|\1|p' "$scratch/serve.out")

# The commands of the block but the first, with our port.
{
    echo '$ serve'
    cat "$scratch/serve.out"
    sed -n '2,$s/^\$ //p' "$scratch/block" |
        sed "s|http://127.0.0.1:8000|$url|g" |
        while IFS= read -r line; do
            echo '$ command'
            sh -c "$line" </dev/null
        done
} | tr -d '\r' >"$scratch/seen"

neutral() {
    sed -e 's/^\$ .*/$ command/' -e 's|http://[0-9.:]*/|URL|' \
        -e 's/dur=[0-9.]*/dur=X/g' -e 's/gil;dur=X, //' \
        -e 's/^\(Requests per second: *\)[0-9.]*/\1X/' \
        -e 's/^\( *[0-9]*% *\)[0-9]*$/\1X/' -e 's/  */ /g' "$1"
}
neutral "$scratch/block" >"$scratch/want"
neutral "$scratch/seen" >"$scratch/got"
diff -u --label README.md --label "$url" "$scratch/want" "$scratch/got"
status=$?
kill -TERM $server
wait $server || status=1
server=''
exit $status
