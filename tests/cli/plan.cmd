# Capacity plans: of a queue that can be worked out by hand, with everything
# that may forbid a candidate; formats, a store, and mistakes.
say() { echo "-- $*"; echo "-- $*" >&2; }
sed "s/base.gunicorn/base.gthread/g" tests/data/profiles/round.yaml >round.yaml
profile=round.yaml

cat >queue.yaml <<'YAML'
name: a queue
server: {kind: gthread, threads: 4}
host: {cores: 4}
view: {wait: {mean: 10ms, shape: exponential}}
resources: [{name: database, capacity: 6}]
YAML
cat >shop.yaml <<'YAML'
currency: EUR
instances:
  - {name: small, cores: 1, memory: 1GiB, price: 10/month}
  - {name: large, cores: 4, memory: 4GiB, price: 0.05/h}
YAML
plan() { reqpath plan queue.yaml --profile $profile --requests 200 "$@"; }

say a peak of 900/s, spread over two zones
plan --rate 300/s --peak 900/s --slo 'p95<=50ms' --instances shop.yaml \
    --processes 1/core,4 --threads 4,8 --memory-per-process 300MiB \
    --memory-per-thread 5MiB --connections database=40 --zones 2
echo "exit $?"

say the same, once more, from a store, in one thread and in three
plan --rate 300/s --slo 'mean<=20ms' --threads 2,4 --format csv --jobs 3 \
    --store kept.db >first.csv
plan --rate 300/s --slo 'mean<=20ms' --threads 2,4 --format csv --jobs 1 \
    >second.csv
plan --rate 300/s --slo 'mean<=20ms' --threads 2,4 --format csv \
    --store kept.db --resume >third.csv
cmp first.csv second.csv && cmp first.csv third.csv && cut -d, -f1-7 first.csv

say a forecast, by regret, as Markdown
cat >months.csv <<'CSV'
month,average,peak
May,100/s,200/s
June,300/s,800/s
CSV
plan --forecast months.csv --slo 'p99<=100ms,p50<=200ms' --instances shop.yaml \
    --rank regret --spare 1 --buffer 20% --format md

say JSON
plan --rate 100/s --slo 'p95<=60ms,errors<=0.1%' --format json |
    tr -d ' \n' | grep -o '"schema":"[^"]*"\|"slo":"[^"]*"\|"verdict":"[^"]*"'

say nothing meets it
plan --rate 300/s --slo 'mean<=5ms' --threads 2,4
echo "exit $?"

say mistakes
reqpath plan
reqpath plan queue.yaml
plan --slo 'p99<=50ms'
plan --rate 300/s
plan --rate 300 --slo 'p99<=50ms'
plan --rate 0/s --slo 'p99<=50ms'
plan --rate 300/s --peak 200/s --slo 'p99<=50ms'
plan --rate 300/s --growth 5%/month --slo 'p99<=50ms'
plan --rate 300/s --growth -100%/month --months 3 --slo 'p99<=50ms'
plan --rate 300/s --slo 'p99>=50ms'
plan --rate 300/s --slo 'p99<=50'
plan --rate 300/s --slo 'p99<=50ms' --processes 0
plan --rate 300/s --slo 'p99<=50ms' --servers apache
plan --rate 300/s --slo 'p99<=50ms' --target-utilisation 0%
plan --rate 300/s --slo 'p99<=50ms' --connections databse=30
plan --rate 300/s --slo 'p99<=50ms' --connections database
plan --rate 300/s --slo 'p99<=50ms' --memory-per-process 100MiB
plan --rate 300/s --slo 'p99<=50ms' --zone-slo 'p99<=90ms'
plan --rate 300/s --slo 'p99<=50ms' --resume
plan --rate 300/s --forecast months.csv --slo 'p99<=50ms'
sed 's/, price: 10.month//' shop.yaml >free.yaml
plan --rate 300/s --slo 'p99<=50ms' --instances free.yaml
echo "exit $?"
