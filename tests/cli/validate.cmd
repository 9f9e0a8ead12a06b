reqpath calibrate tests/data/dataset-small -o p.yaml >text.out
reqpath validate tests/data/dataset-small --profile p.yaml --format csv >v.csv
head -1 v.csv
wc -l <v.csv
cut -d, -f13 v.csv | sort | uniq -c
reqpath validate tests/data/dataset-small --profile p.yaml | head -12
reqpath validate tests/data/dataset-small --profile p.yaml --qq qq.csv |
    sed -n '/^The 5/,$p'
head -3 qq.csv
wc -l <qq.csv
reqpath validate tests/data/dataset-small --profile p.yaml --format json \
    >v.json
grep -E '^  "[a-z]+": ' v.json
sed -n '/"validity": \[/,/}/p' v.json
reqpath validate tests/data/dataset-small --profile p.yaml --qq p.yaml
echo $?
reqpath validate tests/data/dataset-small --leave-out stack --format md | tail -6
reqpath validate tests/data/dataset-small --leave-out stack |
    sed -n '/^Errors by tier/,/^dataset/p'
reqpath validate tests/data/dataset-small --leave-out configuration \
    --format json | head -c 40 | tr -d '\n'
echo
