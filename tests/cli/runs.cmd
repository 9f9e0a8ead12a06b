say() { echo "-- $*"; }
what() {
    reqpath whatif data/scenarios/asgi-async-view.yaml --reader solve \
        --profile data/profiles/django-3.2.yaml --format csv "$@" 2>/dev/null
}
# What depends on the day and the machine.
tidy() {
    sed -E 's/,[^,]*,20[0-9-]+T[0-9:]+Z,[0-9.e-]+$/,HOST,WHEN,SECONDS/'
}
say without a store nothing is kept
what --vary load.clients=1,2 >/dev/null
ls
say a sweep that is kept
what --vary load.clients=1,2,4 --store runs.db >first.csv
say taken from the store, the same bytes
what --vary load.clients=1,2,4 --store runs.db --resume >second.csv
cmp first.csv second.csv && echo the same
what --vary load.clients=2,8 --store runs.db --resume >third.csv
export REQPATH_STORE=runs.db
say list
reqpath runs list --format csv | cut -d, -f1,2,5,6
say show
reqpath runs show 3
reqpath runs show 3:1 --format md
say two points
reqpath runs compare 1:0 3:1 --format csv
say two sweeps
reqpath runs compare 1 3
say export
reqpath runs export 3 | tidy
reqpath runs export --format json | grep -c '"key"'
say a scenario, which gives the same again
reqpath runs scenario 3:1 >eight.yaml
reqpath solve eight.yaml --profile data/profiles/django-3.2.yaml --format csv 2>/dev/null |
    tail -n 1 | cut -d, -f4
say gc
reqpath runs gc --most-mb 0 --dry-run --format csv | cut -d, -f1,2
reqpath runs gc --most-mb 0 --format csv | cut -d, -f1,2
reqpath runs list --format csv | wc -l
