# Variants against a scenario: text with and without a map, the formats for
# programs, filters, samples, a store, and that nothing hangs on threads.
say() { echo "-- $*"; echo "-- $*" >&2; }
profile=tests/data/profiles/round.yaml
cat >shop.yaml <<'END'
name: a shop
server: {kind: gunicorn, processes: 2}
host: {cores: 4}
middleware:
  - {name: auth, kind: sync, before: {cpu: 100us}}
  - {name: gzip, kind: hybrid, after: {cpu: 200us}}
view: {cpu: {mean: 1ms, shape: exponential}, wait: 4ms}
load: {kind: closed, clients: 4}
run: {requests: 500, replications: 3, warm_up: 50}
END

say one key: ranked, with what cannot be
reqpath whatif shop.yaml --profile $profile --vary server.processes=1,4 --metric rps
reqpath whatif shop.yaml --profile $profile --vary server.kind=gunicorn,daphne --vary server.threads=1,4 --reader solve

say two keys: a map, the best and the worst
reqpath whatif shop.yaml --profile $profile --vary 'server.processes=[1:4,1]' --vary 'view.wait=[1ms:16ms,x4]' --top 2

say layers by name: kind, without one, in another order
reqpath whatif shop.yaml --profile $profile --vary middleware.auth.kind=async,hybrid --format md
reqpath whatif shop.yaml --profile $profile --vary middleware.auth=drop --vary 'middleware.order=[gzip, auth]' --reader solve

say CSV and JSON, as they come
reqpath whatif shop.yaml --profile $profile --vary server.processes=1,2 --format csv
reqpath whatif shop.yaml --profile $profile --vary server.processes=4 --vary host.cores=2 --reader solve --format json

say a filter, a sample, and what need not be simulated
reqpath whatif shop.yaml --profile $profile --vary 'server.processes=[1:4,1]' --metric p99_ms --where 'p99_ms<15' --where 'rps_ratio>1.1'
reqpath whatif shop.yaml --profile $profile --vary 'server.processes=[1:50,1]' --vary 'load.clients=[1:100,1]' --sample 4 --reader solve
reqpath whatif shop.yaml --profile $profile --vary 'server.processes=[1:4,1]' --vary view.wait=4ms,4s --prune --top 2 --metric rps
reqpath whatif shop.yaml --profile $profile --vary 'server.processes=[1:4,1]' --prune=solved --top 1 --metric p99_ms

say the seed, and threads, which change no byte
reqpath whatif shop.yaml --profile $profile --vary server.processes=1,2,3 --seed 7 --jobs 1 --format csv >one
reqpath whatif shop.yaml --profile $profile --vary server.processes=1,2,3 --seed 7 --jobs 3 --format csv >three
cmp one three && echo the same

say a store: the second time nothing is simulated, and the bytes are the same
reqpath whatif shop.yaml --profile $profile --vary server.processes=1,2,3 --format csv --store runs.db >first
reqpath whatif shop.yaml --profile $profile --vary server.processes=1,2,3,4 --format csv --store runs.db --resume >second
head -n 5 second | cmp - first && echo the same
