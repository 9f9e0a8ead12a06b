# Which runs to make next; what they are worth is calibrate/nextruns.
say() { echo "-- $*"; echo "-- $*" >&2; }
P=data/profiles/django-3.2.yaml
say all unit costs, on microhandlers
reqpath design tests/data/dataset-small --alone --profile $P --runs 3 --letters SA --longest 2 -o next.yaml; echo "exit $?"
cat next.yaml next-01.yaml; reqpath check next-01.yaml next-02.yaml next-03.yaml
say one forecast, on the targets of a plan
cat >plan.yaml <<END
name: try
campaign: try-1
framework_version: 3.2.25
asgiref_version: 3.6.0
rounds: 2
client: {tool: wrk}
targets:
- {name: u, kind: url, url: "http://127.0.0.1:1/{stack}/{view}", server: uvicorn}
runs:
- {stack: S, duration: 5s}
END
reqpath design tests/data/dataset-small --plan plan.yaml --alone --for data/scenarios/asgi-async-view.yaml --runs 2 --rounds 3 --letters SA -o best.yaml -f csv; echo "exit $?"
cat best.yaml
say under load, and a forecast of it: one microhandler serves all numbers of clients
cat >busy.yaml <<END
server: {kind: uvicorn}
middleware: [{name: gate, kind: sync}]
view: {kind: async, wait: 5ms}
load: {kind: closed, clients: 4, client: ab}
run: {requests: 500}
END
reqpath design tests/data/dataset-small --profile $P --calibrated $P --for busy.yaml --metric p50_ms --runs 4 --letters S --longest 1 --concurrency 2,8 --io 5ms --cpu none -o load.yaml >load.txt; echo "exit $?"
sed -n "1,2p; /parameter/,/idle.wakeup/p; /^forecast/,/p50/p" load.txt | cut -c1-24
sed -n "/^runs:/,\$s/requests: .*/.../p" load.yaml | sort | uniq -c | awk '{ n += $1 } END { print n }'
cat load-01.yaml | sed -n "/^view/,\$p"; reqpath check load-*.yaml
say mistakes
reqpath design tests/data/dataset-small -o x.yaml; echo "exit $?"
reqpath design --profile $P -o x.yaml; echo "exit $?"
reqpath design tests/data/dataset-small --profile $P; echo "exit $?"
reqpath design tests/data/dataset-small --profile $P --letters SQ -o x.yaml; echo "exit $?"
reqpath design tests/data/dataset-small --alone --profile $P --letters S --longest 1 --runs 99 -o x.yaml; echo "exit $?"
reqpath design tests/data/dataset-small --profile $P --alone --io 5ms -o x.yaml; echo "exit $?"
reqpath design tests/data/dataset-small --profile $P --metric p99_ms -o x.yaml; echo "exit $?"
reqpath design tests/data/dataset-small --profile $P --io 5 -o x.yaml; echo "exit $?"
reqpath design tests/data/dataset-small --profile $P --io 0ms -o x.yaml; echo "exit $?"
reqpath design tests/data/dataset-small --profile $P --concurrency 0 -o x.yaml; echo "exit $?"
test -e x.yaml && echo "x.yaml was written"
true
