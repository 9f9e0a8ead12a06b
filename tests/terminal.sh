#!/bin/sh
# terminal.sh REQPATH SOURCE_DIR: on a terminal no line is wider than that, and
# what is printed to a pipe has no escapes and does not depend on its size.
#
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
reqpath=$1 source=$2
if ! command -v script >/dev/null; then
    echo 'SKIPPED: script (bsdutils), which makes a terminal, is not here'
    exit 77
fi
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
ln -s "$reqpath" "$source/tests" "$source/data" "$scratch"
cd "$scratch" || exit 1
export REQPATH_CPU= LC_ALL=C TERM=xterm
profile=data/profiles/django-3.2.yaml

cat >commands <<END
ab tests/data/ab/basic.out tests/data/ab/mix503.out
calibrate tests/data/dataset-small --alone
compare data/scenarios/startproject.yaml --profile $profile
design tests/data/dataset-small --profile $profile --calibrated $profile --runs 3 --letters SA --longest 1 --concurrency 4 --io none --cpu 1ms -o next.yaml
diff tests/data/dataset-small data/ab/django-3.2/path --metric p50_ms
explain data/scenarios/mixed-middleware.yaml --profile $profile
explain data/scenarios/startproject.yaml --profile $profile --against single
keys load
plan data/scenarios/wsgi-sync-view.yaml --profile $profile --rate 300/s --slo 'p99<=50ms' --requests 100
simulate data/scenarios/startproject.yaml data/scenarios/wsgi-sync-view.yaml --profile $profile
simulate data/scenarios/startproject.yaml --profile $profile
solve data/scenarios/wsgi-sync-view.yaml --profile $profile
validate tests/data/dataset-small --leave-out stack
whatif data/scenarios/startproject.yaml --profile $profile --reader solve --vary server.kind=gunicorn,daphne --vary view.kind=sync,async
END

# What a terminal shows: without its carriage returns and escapes.
escape=$(printf '\033')
shown() {
    tr -d '\r' <"$1" | sed "s/$escape\[[0-9;?]*[a-zA-Z]//g"
}

status=0 lines=0
while read -r command; do
    for width in 80 120; do
        rm -f next*.yaml
        script -qc "stty cols $width; ./reqpath $command 2>said" seen >/dev/null \
            </dev/null
        # The first and the last line are those of script itself.
        shown seen | sed '1d;$d' >text
        lines=$((lines + $(wc -l <text)))
        awk -v width="$width" 'length($0) > width {
            print width " columns: " $0; found = 1 }
            END { exit found || NR == 0 }' text || {
            printf 'terminal: reqpath %s\n' "$command"
            cat said
            status=1
        }
    done
    rm -f next*.yaml
    eval "COLUMNS=40 ./reqpath $command" >piped 2>said
    ! grep -q "$escape" piped || {
        printf 'terminal: escapes in a pipe: reqpath %s\n' "$command"
        status=1
    }
done <commands
# A sentence about a mistake is folded too, and so is a remark beside a result;
# in a pipe it is one line.
cat >commands <<END
chek data/scenarios/startproject.yaml data/scenarios/wsgi-sync-view.yaml
compare data/scenarios/startproject.yaml --profile $profile --measured tests/data/dataset-small
explain data/scenarios/startproject.yaml --proflie $profile --against single
manual explian
plan data/scenarios/wsgi-sync-view.yaml --profile $profile --rate 300/s
plot none.json --part cost
simulate data/scenarios/startproject.yaml --profile $profile --seed one
END
while read -r command; do
    script -qc "stty cols 60; ./reqpath $command >printed" seen >/dev/null \
        </dev/null
    shown seen | sed '1d;$d' | awk 'length($0) > 60 { exit 1 }
        END { if (NR < 2) exit 1 }' || {
        printf 'terminal: not folded: reqpath %s\n' "$command"
        cat seen
        status=1
    }
    said=$(eval "./reqpath $command" 2>&1 >printed)
    [ "$(printf '%s\n' "$said" | wc -l)" -eq 1 ] || {
        printf 'terminal: not one line: reqpath %s\n%s\n' "$command" "$said"
        status=1
    }
done <commands
printf '%d lines\n' "$lines"
[ "$lines" -gt 300 ] || status=1
exit $status
