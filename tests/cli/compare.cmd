# Readers side by side, with and without what was measured, and mistakes.
say() { echo "-- $*"; echo "-- $*" >&2; }
profile=tests/data/profiles/round.yaml
set=tests/data/dataset-small

cat >queue.yaml <<'END'
name: a queue
view: {wait: {mean: 1.5ms, shape: exponential}}
load: {kind: open, rate: 200/s}
run: {requests: 2000, warm_up: 200}
END
cat >alone.yaml <<'END'
name: one sync layer alone
server: {kind: uvicorn}
middleware: [{name: gate, kind: sync}]
view: {kind: sync}
load: {kind: closed, clients: 1, client: ab}
run: {requests: 400, warm_up: 0}
END
reqpath calibrate $set -o small.yaml >calibrated.txt 2>&1

say two readers: the method, and no more columns than there is to say
reqpath compare queue.yaml --profile $profile --format csv | cut -d, -f1,2,6
say three readers, the run found by what the scenario says
reqpath compare alone.yaml --profile small.yaml --measured $set --format csv |
    cut -d, -f1,2,6,11
say the same number of threads or another: the same
for jobs in 1 2; do
    reqpath compare queue.yaml alone.yaml --profile small.yaml -m $set \
        --jobs $jobs --seed 7 --format json >$jobs.json 2>/dev/null
done
cmp 1.json 2.json && grep -o '"schema": "[^"]*"' 1.json
say simulated and solved agree where nothing is left to chance
reqpath compare alone.yaml --profile small.yaml --format csv |
    awk -F, '/,rps,/ { print ($7 < 8 && $7 > -8) ? "within 8 %" : $0 }'
say the formats
reqpath compare queue.yaml --profile $profile --format md | head -2
reqpath compare queue.yaml --profile $profile | head -1

say not measured: another layer
sed 's/kind: sync}\]/kind: hybrid}]/' alone.yaml >other.yaml
reqpath compare other.yaml --profile small.yaml -m $set --format csv |
    cut -d, -f1,2,9,11 | head -2
say more than can be served
sed 's/200/800/' queue.yaml >many.yaml
reqpath compare many.yaml --profile $profile --format csv 2>many.err |
    cut -d, -f1,2,6 | head -3
reqpath compare many.yaml --profile $profile >many.out 2>many.err
echo "exit $?"

say mistakes
reqpath compare
echo "exit $?"
reqpath compare queue.yaml
echo "exit $?"
reqpath compare queue.yaml --profile $profile --measured no/such
echo "exit $?"
reqpath compare queue.yaml --profile $profile -o queue.yaml
echo "exit $?"
reqpath compare no/such.yaml --profile $profile
echo "exit $?"
