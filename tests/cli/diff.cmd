# Base: gunicorn's runs of one campaign. Candidate: the same, of which some
# have percentiles that are 6 % higher, in the same rounds.
set=data/ab/django-3.2/path
part() { # NAME REGULAR-EXPRESSION-OF-ROWS
    rm -rf "$1" && mkdir "$1" && cp $set/dataset.yaml "$1" &&
        sed "s/^name: .*/name: $1/" $set/dataset.yaml >"$1/dataset.yaml"
    { sed 1q $set/runs.csv; grep -E "$2" $set/runs.csv; } >"$1/runs.csv"
    sed '1d; s/,.*//' "$1/runs.csv" | while read -r report; do
        mkdir -p "$1/${report%/*}"
        cp "$set/$report" "$set/${report%.txt}.csv" "$1/${report%/*}"
    done
}
slow() { # FACTOR FILE...: all percentiles but the longest request
    factor=$1; shift
    for curve; do
        awk -F, -v f="$factor" 'NR > 1 && $1 < 100 && $2 * f < longest {
            printf "%s,%.3f\n", $1, $2 * f; next } { print }' \
            longest="$(tail -1 "$curve" | cut -d, -f2)" "$curve" >new &&
            cat new >"$curve"
    done
}

part before ',gunicorn,1,dual,(|S|SSS|AS),'
part after ',gunicorn,1,dual,(|S|SSS|A),'
chmod -R u+w before after
slow 1.06 after/round-*/gunicorn_S_*.csv
echo -- text
reqpath diff before after --metric p50_ms; echo "exit $?"
echo -- the other way round, and only what counts 10 %
reqpath diff after before --metric p50_ms --threshold 10% | head -3
reqpath diff after before --metric p50_ms | head -3
echo -- two metrics
reqpath diff before after --metric p50_ms --metric rps --format csv |
    cut -d, -f2,5,6,10,15,22
echo -- JSON
reqpath diff before after --metric p50_ms --format json |
    sed -n '/"base":/,$p' | head -60
echo -- Markdown
reqpath diff before after --metric p50_ms --format md
echo -- too few rounds
sed -i '/^round-0[1-9]/d' before/runs.csv after/runs.csv
reqpath diff before after | tail -n +4
reqpath diff before after --format md | head -1
