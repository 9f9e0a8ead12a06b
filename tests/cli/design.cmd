# Which runs to make next; what they are worth is calibrate/nextruns.
say() { echo "-- $*"; echo "-- $*" >&2; }
P=data/profiles/django-3.2.yaml
say all unit costs, on microhandlers
reqpath design tests/data/dataset-small --profile $P --runs 3 --letters SA --longest 2 -o next.yaml; echo "exit $?"
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
reqpath design tests/data/dataset-small --plan plan.yaml --for data/scenarios/asgi-async-view.yaml --runs 2 --rounds 3 --letters SA -o best.yaml -f csv; echo "exit $?"
cat best.yaml
say mistakes
reqpath design tests/data/dataset-small -o x.yaml; echo "exit $?"
reqpath design --profile $P -o x.yaml; echo "exit $?"
reqpath design tests/data/dataset-small --profile $P; echo "exit $?"
reqpath design tests/data/dataset-small --profile $P --letters SQ -o x.yaml; echo "exit $?"
reqpath design tests/data/dataset-small --profile $P --letters S --longest 1 --runs 99 -o x.yaml; echo "exit $?"
test -e x.yaml && echo "x.yaml was written"
true
