# One request's life, as text and for Perfetto; then what can go wrong.
say() {
    echo "\$ $*" >&2
    "$@" >/dev/null
    echo "exit $?" >&2
}
profile=tests/data/profiles/round.yaml
cat >shop.yaml <<'EOF'
name: a shop
server: {kind: gunicorn, processes: 2, backlog: 4}
host: {cores: 1}
resources: [{name: db, capacity: 1}]
middleware: [{name: auth, kind: sync, before: {cpu: 250us}}]
view: {kind: sync, cpu: 1ms, wait: 2ms, uses: db}
load: {kind: open, rate: 450/s, timeout: 5ms, retries: 1, backoff: 3ms}
run: {requests: 400, replications: 2, warm_up: 50}
seed: 5
EOF
reqpath simulate shop.yaml --profile $profile --trace life.txt >/dev/null
cat life.txt
echo
# It went away once, and came again.
reqpath simulate shop.yaml --profile $profile --trace again.json \
    --trace-format text --trace-request 75 >/dev/null
cat again.json
echo
reqpath simulate shop.yaml --profile $profile --trace life.json >/dev/null
head -n 20 life.json
grep -c '"ph": "X"' life.json
tail -n 12 life.json

# The forecast is the same with and without a trace.
reqpath simulate shop.yaml --profile $profile >without.txt
reqpath simulate shop.yaml --profile $profile --trace x.txt >with.txt
cmp without.txt with.txt && echo same

say reqpath simulate shop.yaml --profile $profile --trace none.txt --trace-request 100000
say reqpath simulate shop.yaml --profile $profile --trace none.txt --trace-request 0
say reqpath simulate shop.yaml --profile $profile --trace none.txt --trace-format svg
say reqpath simulate shop.yaml --profile $profile --trace-request 3
say reqpath simulate shop.yaml --profile $profile --trace-format text
say reqpath simulate shop.yaml shop.yaml --profile $profile --trace none.txt
say reqpath simulate shop.yaml --profile $profile --trace missing/none.txt
test -e none.txt || echo 'nothing was written'
