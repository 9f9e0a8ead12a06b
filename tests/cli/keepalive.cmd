# Runs with and without keep-alive: other configurations, of which one tells costs.
say() { echo "-- $*"; echo "-- $*" >&2; }
small=tests/data/dataset-small
# NAME SED-EXPRESSION-OF-RUNS: rows get a column; reports of those that say true
# are as ab -k would have printed them.
with_column() {
    rm -rf "$1"; cp -r $small "$1"; chmod -R u+w "$1"
    sed -e '1s/$/,keepalive/' -e '2,$s/$/,/' -e "$2" $small/runs.csv >"$1/runs.csv"
    grep ',true$' "$1/runs.csv" | while IFS=, read -r file rest; do
        sed -i 's/^Total transferred:/Keep-Alive requests:    9\n&/' "$1/$file"
    done
}
with_column mixed '/gunicorn_S/s/$/true/'
with_column again '/gunicorn_S/s/$/true/'
with_column kept '2,$s/$/true/'

say costs are of the others
reqpath calibrate mixed --alone -o profile.yaml >/dev/null; echo "exit $?"
say and so is what is predicted
reqpath validate mixed --profile profile.yaml -f csv >rows 2>said; echo "exit $?"
grep "left out" said
grep -c ',gunicorn,1,dual,S,' rows; grep -c ',gunicorn,1,dual,,' rows
say nothing is left
reqpath calibrate kept --alone; echo "exit $?"
say like is compared with like
reqpath diff mixed again -f csv | cut -d, -f2-5,9,22- | sort | uniq
reqpath diff mixed again | sed -n '/keep-alive/p'
reqpath diff $small again --format json | grep -c '"keepalive": "true"'
say and with nothing else
reqpath diff $small kept; echo "exit $?"
say a report that says something else
sed -i '/gunicorn_S/s/true$/false/' mixed/runs.csv
reqpath calibrate mixed --alone; echo "exit $?"
