# Closed forms that can be checked by hand, layers, formats, and mistakes.
say() { echo "-- $*"; echo "-- $*" >&2; }
profile=tests/data/profiles/round.yaml

say one server, one wait of 1.5 ms beside 0.5 ms of base: 400/s of 500/s
cat >queue.yaml <<'END'
name: a queue
view: {wait: 1.5ms}
load: {kind: open, rate: 400/s}
END
reqpath solve queue.yaml --profile $profile

say three workers, nine clients, and one more scenario: a table
cat >workers.yaml <<'END'
name: workers
server: {kind: gunicorn, processes: 3}
host: {cores: 2}
view: {cpu: 1ms, wait: {mean: 2ms, shape: exponential}}
load: {kind: closed, clients: 9, think: 5ms}
END
reqpath solve queue.yaml workers.yaml --profile $profile
say one in full
reqpath solve workers.yaml --profile $profile
say the formats
reqpath solve workers.yaml --profile $profile --format csv
reqpath solve workers.yaml --profile $profile --format md | head -8
reqpath solve queue.yaml --profile $profile --format json | tr -d ' \n' |
    grep -o '"schema":"[^"]*"\|"method":"[^"]*"\|"exact":[a-z]*'
say classes
cat >mix.yaml <<'END'
name: a mix
requests:
  - {name: a, share: 3, view: {wait: 0.5ms}}
  - {name: b, share: 1, view: {wait: 4.5ms}}
load: {kind: open, rate: 250/s}
END
reqpath solve mix.yaml --profile $profile | sed -n '/^class/,$p'

say what is not modelled
sed 's/400\/s/400\/s, timeout: 1s, retries: 2/' queue.yaml >more.yaml
reqpath solve more.yaml queue.yaml more.yaml --profile $profile --format csv |
    cut -d, -f1-4

say more than can be served
sed 's/400/600/' queue.yaml >many.yaml
reqpath solve many.yaml --profile $profile
echo "exit $?"

say mistakes
reqpath solve
echo "exit $?"
reqpath solve queue.yaml
echo "exit $?"
reqpath solve queue.yaml --profile no/such.yaml
echo "exit $?"
reqpath solve no/such.yaml --profile $profile
echo "exit $?"
reqpath solve queue.yaml --profile $profile -o queue.yaml
echo "exit $?"
reqpath solve queue.yaml --profile $profile --seed 3
echo "exit $?"
sed 's/view/server: {kind: uvicorn}\nview/' queue.yaml >uvicorn.yaml
reqpath solve uvicorn.yaml --profile $profile
echo "exit $?"
