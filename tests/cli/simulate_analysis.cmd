# Intervals of one long run, a precision, the histogram, and the mistakes.
cat >queue.yaml <<'END'
name: a queue
view: {cpu: {mean: 1ms, shape: exponential}}
load: {kind: open, rate: 300/s}
run: {requests: 20000, replications: 1}
END
cat >precise.yaml <<'END'
name: a precise queue
view: {cpu: {mean: 1ms, shape: exponential}}
load: {kind: open, rate: 300/s}
run: {requests: 2000, precision: 0.5%, precision_of: p99_ms, max_replications: 6}
END
profile=tests/data/profiles/round.yaml

# the number of threads changes nothing, neither here nor there
for scenario in queue precise; do
    for jobs in 1 2; do
        reqpath simulate $scenario.yaml --profile $profile --jobs $jobs \
            --histogram $scenario.$jobs.hgrm --format json \
            >$scenario.$jobs.json 2>$scenario.$jobs.err || echo failed
    done
    cmp $scenario.1.json $scenario.2.json && cmp $scenario.1.err \
        $scenario.2.err && cmp $scenario.1.hgrm $scenario.2.hgrm &&
        echo "$scenario: the same"
done
echo
sed 's/ [0-9.]* % after/ ... % after/' precise.1.err
grep -c . precise.1.err

# the laws, and who has an interval
tr -d ' \n' <queue.1.json | grep -o '"unaccounted":[0-9]*'
tr -d ' \n' <queue.1.json | grep -o '"replications":[0-9]*'
tr -d ' \n' <precise.1.json | grep -o '"replications":[0-9]*'
tr -d ' \n' <queue.1.json | grep -c '"own_low":null'
echo

# the histogram: its words, how many, and that its percentiles rise
head -n 1 queue.1.hgrm
grep -o 'Total count.*' queue.1.hgrm
awk 'NF >= 3 && /^ / && $1 + 0 < last { print "falls at", $0 } { last = $1 + 0 }
     ' queue.1.hgrm
echo

reqpath simulate queue.yaml precise.yaml --profile $profile --histogram x.hgrm
echo "exit $?"
reqpath simulate queue.yaml --profile $profile --histogram -
echo "exit $?"
reqpath simulate queue.yaml --profile $profile --histogram no/such/folder
echo "exit $?"
sed 's/300/3000/' queue.yaml >many.yaml
reqpath simulate many.yaml --profile $profile --histogram many.hgrm >many.out \
    2>many.err
echo "exit $?"
grep histogram many.err
test -e many.hgrm || echo "no histogram"
