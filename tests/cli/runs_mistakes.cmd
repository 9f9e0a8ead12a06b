say() { echo "-- $*" >&2; }
say nothing to do
reqpath runs --store runs.db
say an unknown thing to do
reqpath runs lst --store runs.db
say no store
reqpath runs list
say a store that is not there
reqpath runs list --store runs.db
ls
say a scenario instead of a store
reqpath runs list --store data/scenarios/asgi-async-view.yaml
say no sweep, and no number
reqpath runs show --store runs.db
reqpath runs show first --store runs.db
reqpath runs show 1:x --store runs.db
say a sweep against a point
reqpath runs compare 1 1:0 --store runs.db
say options of gc elsewhere
reqpath runs list --dry-run --store runs.db
reqpath runs gc --older-than 3 --store runs.db
say a sweep that is not in it
reqpath whatif data/scenarios/asgi-async-view.yaml --reader solve --store runs.db \
    --profile data/profiles/django-3.2.yaml --vary load.clients=1 >out 2>/dev/null
reqpath runs show 7 --store runs.db
reqpath runs compare 1:0 1:9 --store runs.db
say an output that cannot be written
reqpath runs list --store runs.db -o nowhere/out
say resuming without a store
reqpath whatif a.yaml --resume --vary load.clients=1
echo "exit $?"
