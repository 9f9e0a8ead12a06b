# SCHEMA: COMMAND that prints it; "-" only prepares. Run in order by schemas.py.
ab: reqpath ab --format json tests/data/ab/basic.out tests/data/ab/mix503.out tests/data/ab/interrupted.out tests/data/ab/refused.out tests/data/ab/basic.csv
ab: reqpath ab --format json tests/data/ab/tls.out tests/data/ab/nopct.out tests/data/ab/ka.tsv
advise: reqpath advise data/scenarios/mixed-middleware.yaml --profile data/profiles/django-3.2.yaml --effort hybrid=6,access_log=1 --changes 1 --top 3 --format json
calibrate: reqpath calibrate tests/data/dataset-small --alone --format json
calibrate: reqpath calibrate tests/data/dataset-small --format json
compare: reqpath compare data/scenarios/startproject.yaml --profile data/profiles/django-3.2.yaml --format json
-: printf '%s\n' 'server: {kind: uvicorn}' 'middleware: [{name: gate, kind: sync}]' 'load: {kind: closed, clients: 1, client: ab}' 'run: {requests: 400, warm_up: 0}' >alone.yaml
compare: reqpath compare alone.yaml --profile data/profiles/django-3.2.yaml --measured tests/data/dataset-small --format json
design: reqpath design tests/data/dataset-small --profile data/profiles/django-3.2.yaml --calibrated data/profiles/django-3.2.yaml --for data/scenarios/startproject.yaml --runs 3 --letters SA --longest 1 --concurrency 4 --io none --cpu 1ms -o next.yaml --format json
diff: reqpath diff tests/data/dataset-small data/ab/django-3.2/path --metric p50_ms --metric rps --format json
diff: printf 'start_us,elapsed_us,status,bytes\n' >one.csv; for i in $(seq 20); do echo $((i * 1000)),500,200,3; done >>one.csv; for set in before after; do reqpath import one.csv one.csv --server gunicorn -c 1 --framework-version 3.2.25 --asgiref-version 3.6.0 --measured-on 2026-11-22 -o $set >/dev/null 2>&1; sed -i '1s/$/,keepalive/; 2,$s/$/,true/' $set/runs.csv; done; reqpath diff before after --format json
explain: reqpath explain data/scenarios/mixed-middleware.yaml --format json
explain: reqpath explain data/scenarios/mixed-middleware.yaml --profile data/profiles/django-3.2.yaml --format json
explain: reqpath explain data/scenarios/request-mix.yaml --profile data/profiles/django-3.2.yaml --format json
explain.against: reqpath explain data/scenarios/startproject.yaml --profile data/profiles/django-3.2.yaml --against single --format json
explain.stacks: printf 'mode,stack,view\nasgi,SMA,async\n' | reqpath explain --stacks - --format json
explain.stacks: printf 'mode,stack,view,outcome\nasgi,SMA,async,raise\n' | reqpath explain --stacks - --executors --format json
import: reqpath import tests/data/peers/wrk-stalls.txt --server uvicorn --stack SMA --view async --closed --framework-version 3.2.25 --asgiref-version 3.6.0 --measured-on 2026-11-22 -o by-hand --format json
keys: reqpath keys --format json
plan: reqpath plan data/scenarios/wsgi-sync-view.yaml --profile data/profiles/django-3.2.yaml --rate 300/s --slo 'p99<=50ms,errors<=1%' --instances data/instances/example.yaml --zones 2 --requests 200 --format json
plan: reqpath plan data/scenarios/wsgi-sync-view.yaml --profile data/profiles/django-3.2.yaml --rate 300/s --slo 'mean<=1ms' --requests 200 --format json
simulate: reqpath simulate data/scenarios/asgi-async-view.yaml data/scenarios/overload-protection.yaml --profile data/profiles/django-3.2.yaml --format json
simulate: reqpath simulate data/scenarios/request-mix.yaml --profile data/profiles/django-3.2.yaml --format json
solve: reqpath solve data/scenarios/wsgi-sync-view.yaml data/scenarios/open-load.yaml data/scenarios/request-mix.yaml --profile data/profiles/django-3.2.yaml --format json
validate: reqpath validate tests/data/dataset-small --leave-out stack --format json
whatif: reqpath whatif data/scenarios/startproject.yaml --profile data/profiles/django-3.2.yaml --vary middleware=drop --vary server.kind=gunicorn,runserver --vary server.threads=1,4 --format json
whatif: reqpath whatif data/scenarios/startproject.yaml --profile data/profiles/django-3.2.yaml --reader solve --vary load.clients=1,2 --top 1 --where 'p99_ms<50' --format json
-: reqpath whatif data/scenarios/startproject.yaml --profile data/profiles/django-3.2.yaml --reader solve --vary load.clients=1,2 --store runs.db --format csv
-: reqpath whatif data/scenarios/startproject.yaml --profile data/profiles/django-3.2.yaml --vary load.clients=2,4 --vary run.requests=200 --store runs.db --format csv
runs.list: reqpath runs list --store runs.db --format json
runs.show: reqpath runs show 1 --store runs.db --format json
runs.show: reqpath runs show 2:1 --store runs.db --format json
runs.compare: reqpath runs compare 1:1 2:0 --store runs.db --format json
runs.compare: reqpath runs compare 1 2 --store runs.db --format json
runs.export: reqpath runs export 2 --store runs.db --format json
runs.gc: reqpath runs gc --most-mb 0 --dry-run --store runs.db --format json
