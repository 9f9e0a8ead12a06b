# Data sets with little in them: what can be had is had, and the rest is said.
say() { echo "-- $*"; echo "-- $*" >&2; }
fresh() { rm -rf set && cp -rL tests/data/dataset-small set && chmod -R u+w set; }
only() { fresh; sed -i "1p; /$1/!d" set/runs.csv; }
costs() { reqpath calibrate set -o p.yaml --format csv | cut -d, -f1,6,8; }

say one run
fresh; sed -i 2q set/runs.csv; costs
say one configuration
only 'gunicorn,1,dual,A,sync'; costs
reqpath validate set --profile p.yaml --format csv 2>summary.err | wc -l
reqpath validate set --leave-out stack
say one stack
only ',dual,A,'; reqpath calibrate set -o p.yaml >text.out
grep 'cannot tell' text.out
reqpath validate set --profile p.yaml --format csv 2>summary.err | wc -l
say one round
only round-01; costs
say no percentiles
fresh; rm set/round*/*.csv; costs
grep -A6 '^accuracy' p.yaml | cut -d, -f1 | grep p
reqpath validate set --profile p.yaml --format csv 2>summary.err |
    cut -d, -f10 | sort | uniq -c
