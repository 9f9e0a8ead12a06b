#!/bin/sh
# loop.sh REQPATH SOURCE_DIR: the loop of calibration and prediction, closed by
# the microhandler, as short as can be: `./run loop` is the long form.
#
# What is checked does not depend on how fast the machine is: that measuring,
# calibrating and validating come to their ends, that servers count what explain
# says, and that a crossing is not for nothing.
#
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
reqpath=$1 source=$2
if ! command -v ab >/dev/null || ! command -v curl >/dev/null; then
    echo "SKIPPED: the loop needs ab and curl (Debian: apache2-utils curl)"
    exit 77
fi
scratch=$(mktemp -d) || exit 1
server=''
trap '[ -z "$server" ] || kill -KILL $server; rm -rf "$scratch"' EXIT
cd "$scratch" || exit 1
ln -s "$source/data" data
profile=data/profiles/django-3.2.yaml
status=0
fail() {
    echo "FAILED: $*"
    status=1
}

# ---- Counts ----

# What N requests of a scenario are to count, one "name labels value" a line.
expected() { # SCENARIO N
    "$reqpath" explain "$1" --format csv | awk -F, -v n="$2" '
        NR == 1 { next }
        { steps[$2] += n }
        $2 == "enter" { handed[$4 "\",place=\"" $3] += n }
        $2 == "enter" && $3 == "inner loop" { loops += n }
        END {
            for (s in steps)
                print "reqpath_steps_total{step=\"" s "\"} " steps[s]
            for (h in handed)
                print "reqpath_handoffs_total{crossing=\"" h "\"} " handed[h]
            if (loops) print "reqpath_loops_created_total " loops
        }' | sort
}

counted() { # of what can be expected, what is not zero
    curl -s "$url/metrics" |
        grep -E '^reqpath_(steps_total|handoffs_total|loops_created_total)' |
        grep -v ' 0$' | sort
}

# Server-Timing names the kinds of steps that the program has before the answer,
# and the sum.
check_header() { # SCENARIO
    want=$("$reqpath" explain "$1" --format csv |
        awk -F, 'NR > 1 && $NF != "true" { print $2 }' | sort -u | tr '\n' ' ')
    got=$(curl -si "$url/" | sed -n 's/^Server-Timing: //p' | tr -d '\r' |
        tr ',' '\n' | sed 's/^ *\([a-z]*\);dur=[0-9.]*$/\1/' |
        grep -vE '^(gil|total)$' | sort -u | tr '\n' ' ')
    [ "$want" = "$got" ] || fail "$1: Server-Timing has $got, expected $want"
}

check_counts() { # SCENARIO
    rm -f serve.out # that of the server before
    "$reqpath" serve "$1" --profile $profile --port 0 --time-scale 0.1 \
        >serve.out 2>serve.err &
    server=$!
    until grep -qs listening serve.out; do
        kill -0 $server || { cat serve.err; exit 1; }
        sleep 0.05
    done
    url=$(sed -n 's|.*\(http://[0-9.:]*\)/.*|\1|p' serve.out)
    check_header "$1"
    ab -q -n 40 -c 4 "$url/" >ab.out 2>&1 || fail "$1: ab ended with $?"
    until curl -s "$url/metrics" | grep -q '^reqpath_in_flight 0$'; do
        sleep 0.05 # clients are answered before all is done
    done
    expected "$1" 41 >want
    counted >got
    diff -u want got || fail "$1: it has not counted what explain says"
    kill -TERM $server
    wait $server || fail "$1: the server ended with $?"
    server=''
}

for name in gunicorn-ASA-sync gthread-SAS-async uvicorn-SAS-sync \
    uvicorn-S-async-5ms gthread-free-S-async uvicorn-free-SA-async; do
    check_counts data/plans/loop/$name.yaml
done

# ---- The loop ----

plan() { # NAME RUNS: three servers, not pinned
    cat <<END
name: $1
campaign: $1
framework_version: 3.2.25
asgiref_version: 3.6.0
rounds: 2
warm_up: 5
effect: 100%
targets:
  - {name: plain, kind: microhandler, server: gunicorn,
     scenario: data/plans/loop/gunicorn-none-sync.yaml, profile: $profile}
  - {name: crossing, kind: microhandler, server: gunicorn,
     scenario: data/plans/loop/gunicorn-none-async.yaml, profile: $profile}
  - {name: asgi, kind: microhandler, server: uvicorn,
     scenario: data/plans/loop/uvicorn-S-async.yaml, profile: $profile}
runs:
  - {target: plain, view: sync, concurrency: [$2], requests: 80}
  - {target: crossing, view: async, concurrency: [$2], requests: 80}
  - {target: asgi, stack: S, view: async, concurrency: [$2], requests: 80}
END
}

plan calibration '1, 4' >calibration.yaml
{
    plan heldout 2
    echo '  - {target: plain, view: sync, rate: 40/s, requests: 60}'
} >heldout.yaml
for part in calibration heldout; do
    "$reqpath" bench $part.yaml -o $part >bench.out 2>&1 || {
        cat bench.out
        fail "bench $part"
    }
done
grep -q '^mechanisms: {collections: false, displacement: false, slack: false}$' \
    calibration/dataset.yaml || fail "the data set says not what it lacks"
"$reqpath" calibrate calibration -o profile.yaml >costs.out 2>&1 || {
    cat costs.out
    fail calibrate
}
! grep -E '^ *- *\{? *name: (gc|timer)\.' profile.yaml ||
    fail "the profile prices what a microhandler has not"
"$reqpath" validate heldout --profile profile.yaml --format csv >rows.csv \
    2>errors.txt || {
    cat errors.txt
    fail validate
}
grep -q 'noise %' errors.txt || fail "no error beside the noise"

# Requests at a rate: as many as were asked for, and at a throughput that is
# near the rate, as far as 60 gaps let it be (a deviation is 13 %).
awk -F, '$13 == 40 { n++; good += $11 == 60 && $10 == "" && $12 == "open" }
    END { exit !(n == 2 && good == 2) }' heldout/runs.csv ||
    {
        cat heldout/runs.csv
        fail "no runs of an open load"
    }
awk -F, '$18 == 40 && $10 == "rps" { n++; good += $11 > 15 && $11 < 70 &&
        $14 > 15 && $14 < 70 }
    END { exit !(n == 1 && good == 1) }' rows.csv ||
    {
        cat rows.csv
        fail "an open load is not predicted at its rate"
    }

# A thread and a loop for each request: the fastest request of one client knows.
# A busy machine makes most requests slower, the fastest of 160 hardly, so that
# it pays at least half of what explain says.
fastest() { # TARGET, in ms
    sed -n 's/^0,//p' calibration/round-*/"$1"_*_c1_*.csv | sort -n | head -n 1
}
told() { # VIEW, in ms
    "$reqpath" explain data/plans/loop/gunicorn-none-"$1".yaml \
        --profile $profile --format csv 2>explain.err |
        awk -F, 'NR > 1 { sum += $13 } END { print sum / 1000 }'
}
echo "$(fastest plain) $(fastest crossing) $(told sync) $(told async)" >ms
awk '{ ok = NF == 4 && $1 > 0 && $4 > $3 && $2 - $1 > ($4 - $3) / 2 }
    END { exit !ok }' ms || {
    echo "ms of plain, crossing, and by explain: $(cat ms)"
    fail "a crossing costs nothing"
}
exit $status
