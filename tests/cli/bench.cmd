# What needs no server; the rest is in tests/benching.
say() { echo "-- $*"; echo "-- $*" >&2; }
plan() {
    cat >plan.yaml <<END
name: try
campaign: try-1
framework_version: 3.2.25
asgiref_version: 3.6.0
rounds: 2
client: {program: tests/benching/fakeab.sh}
targets:
- {name: g, kind: command, command: "$1", url: "http://127.0.0.1:1/", server: gunicorn}
runs:
- {stack: [none, S], requests: 100}
END
}
say no plan
reqpath bench -o out; echo "exit $?"
say no output
plan true; reqpath bench plan.yaml; echo "exit $?"
say a plan that is not there
reqpath bench nowhere.yaml -o out; echo "exit $?"
say two plans
reqpath bench plan.yaml plan.yaml -o out; echo "exit $?"
say a slip in a key
sed -i s/rounds/runds/ plan.yaml; reqpath bench plan.yaml -o out; echo "exit $?"
ls out 2>/dev/null
say a target that ends
plan 'echo cannot import app; exit 3'
reqpath bench plan.yaml -o out; echo "exit $?"
find out | LC_ALL=C sort
cat out/runs.csv
say another plan into the same folder
plan true; reqpath bench plan.yaml -o out; echo "exit $?"
say a data set that no bench made
cp -rL tests/data/dataset-small set
reqpath bench plan.yaml -o set; echo "exit $?"
say a client that is not there
sed -i 's/fakeab.sh/no-ab/' plan.yaml
reqpath bench plan.yaml -o fresh; echo "exit $?"
say CPUs that are none
plan true; sed -i 's/fakeab.sh}/fakeab.sh, cpus: two}/' plan.yaml
reqpath bench plan.yaml -o fresh2; echo "exit $?"
