# What a command reads it does not write over: a sentence, and the file is as it
# was, whatever the file is to the command.
profile=tests/data/profiles/round.yaml
cp $profile costs.yaml
cp data/scenarios/wsgi-sync-view.yaml scenario.yaml
cp tests/data/ab/mix503.out report.out
echo SA >stacks.csv
refused() {
    "$@"
    echo "exit $?"
}
refused reqpath ab report.out -o report.out
refused reqpath design tests/data/dataset-small --alone --profile costs.yaml -o costs.yaml
refused reqpath explain scenario.yaml -o scenario.yaml
refused reqpath explain scenario.yaml --profile costs.yaml -o ./costs.yaml
refused reqpath explain --stacks stacks.csv -o stacks.csv
refused reqpath validate tests/data/dataset-small --profile costs.yaml -o costs.yaml
cmp costs.yaml $profile
cmp scenario.yaml data/scenarios/wsgi-sync-view.yaml
cmp report.out tests/data/ab/mix503.out
cat stacks.csv
