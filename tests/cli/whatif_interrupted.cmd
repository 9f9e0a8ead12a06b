# An interrupt ends a sweep in order: exit code 130, rows that went out are
# whole, and no file is left.
profile=tests/data/profiles/round.yaml
cat >shop.yaml <<'END'
view: {cpu: 1ms}
run: {requests: 2000, replications: 5, warm_up: 0}
END
sweep() {
    reqpath whatif shop.yaml --profile $profile --vary 'seed=[1:1000000,1]' "$@" &
    child=$!
}
# what is started in the background by a shell ignores SIGINT: SIGTERM is the
# same to the command
sweep --format json >rows.json
while kill -0 $child && [ "$(wc -l <rows.json)" -lt 20 ]; do sleep 0.1; done
kill -TERM $child
wait $child
echo "exit code $?"
tail -n 1 rows.json
tail -n 6 rows.json | head -n 1 | grep -c '^  {"variant".*}\],$'

sweep --format csv -o rows.csv
while kill -0 $child && ! ls -A | grep -q "^.reqpath-"; do sleep 0.1; done
kill -TERM $child
wait $child
echo "exit code $?"
ls
