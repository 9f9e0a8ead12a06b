# Data sets of open loads, and what the commands make of them. Their rows are
# made here, so that they can be worked out.
say() { echo "-- $*"; echo "-- $*" >&2; }

# rows N GAP_US ELAPSED_US GROWTH_US: even gaps, each answer slower by GROWTH
rows() {
    echo planned_us,late_us,elapsed_us,status,bytes,end
    awk -v n="$1" -v gap="$2" -v elapsed="$3" -v growth="$4" 'BEGIN {
        for (i = 1; i <= n; i++)
            printf "%d,%d,%d,200,300,answered\n", i * gap, 20, \
                elapsed + growth * i }'
}
dataset() { # FOLDER CAMPAIGN SLOWER_US
    mkdir -p "$1"
    cat >"$1/dataset.yaml" <<END
name: open
campaign: $2
framework: django
framework_version: 3.2.25
asgiref_version: 3.6.0
servers: {gunicorn: {processes: 1, interface: wsgi}}
host: {cores: 1}
client: {tool: open, keepalive: false}
measured_on: 2026-01-01
END
    echo file,round,server,threads,path,stack,view,io_ms,cpu_us,concurrency,requests,rate_per_s,process,cv \
        >"$1/runs.csv"
    for round in 1 2 3 4 5 6; do
        rows 200 5000 $((400 + 5 * round + $3)) 0 >"$1/even$round.csv"
        rows 200 100 400 $((190 + round)) >"$1/crowd$round.csv"
        echo "even$round.csv,$round,gunicorn,1,dual,S,sync,0,0,,200,200,deterministic," >>"$1/runs.csv"
        echo "crowd$round.csv,$round,gunicorn,1,dual,S,sync,0,0,,200,10000,deterministic," >>"$1/runs.csv"
    done
}
dataset a one 0
dataset b two 100
profile=data/profiles/django-3.2.yaml
cat >even.yaml <<END
framework: {name: django, version: 3.2.25, asgiref: 3.6.0}
server: {kind: gunicorn}
host: {cores: 1}
middleware: [{name: one, kind: sync}]
load: {kind: open, rate: 200/s, process: deterministic}
END

say validate: rates, and one that cannot be served
reqpath validate a --profile $profile --format csv 2>validate.err |
    cut -d, -f9-12,18-20
echo "exit $?"; head -n 1 validate.err >&2
say quantiles and laws name the rate too
reqpath validate a --profile $profile --format json 2>/dev/null |
    tr -d ' \n' | grep -o '"rate_per_s":[0-9.]*' | sort | uniq -c |
    awk '{ print $2 }'
say compare finds the run of the scenario
reqpath compare even.yaml --profile $profile --measured a --format csv |
    cut -d, -f2,7-9
say diff
reqpath diff a b --format csv | cut -d, -f9,15,22-25; echo "exit $?"
say calibrate fits nothing to them
reqpath calibrate a; echo "exit $?"
say a rate is not a number of clients
sed -i 's/,,200,200,/,4,200,200,/' b/runs.csv
reqpath validate b --profile $profile; echo "exit $?"
say design wants clients
cat >plan.yaml <<END
name: p
campaign: p-1
framework_version: 3.2.25
asgiref_version: 3.6.0
rounds: 1
client: {tool: open}
targets: [{name: g, kind: url, url: "http://127.0.0.1:1/", server: gunicorn}]
runs: [{rate: 5/s, requests: 100}]
END
reqpath design tests/data/dataset-small --plan plan.yaml -o next.yaml
echo "exit $?"
say import
reqpath import a/even1.csv --server gunicorn -o c; echo "exit $?"

say the client itself: no URL, no rate, words that do not go together
reqpath load; echo "exit $?"
reqpath load http://127.0.0.1:1/; echo "exit $?"
reqpath load http://127.0.0.1:1/ --rate 5; echo "exit $?"
reqpath load http://127.0.0.1:1/ --rate 5/s --process gamma; echo "exit $?"
reqpath load http://127.0.0.1:1/ --rate 5/s --cv 1; echo "exit $?"
reqpath load http://127.0.0.1:1/ --rate 5/s --timeout 0s; echo "exit $?"
reqpath load http://127.0.0.1:1/ --rate 5/s --requests 0; echo "exit $?"
reqpath load ftp://127.0.0.1:1/ --rate 5/s; echo "exit $?"
say nobody listens
reqpath load http://127.0.0.1:1/ --rate 500/s -n 3 -o rows.csv 2>/dev/null |
    sed -n "1s/, at most.*//p; 2p"
cut -d, -f4- rows.csv
