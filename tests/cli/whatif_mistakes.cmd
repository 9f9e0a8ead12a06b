# What cannot be asked is said in one sentence, and nothing is written.
profile=tests/data/profiles/round.yaml
cat >shop.yaml <<'END'
server: {kind: gthread}
middleware: [{name: auth, kind: sync}]
END
ask() { reqpath whatif shop.yaml --profile $profile "$@"; echo "$?"; }

ask
ask --vary server.threads
ask --vary server.threads=
ask --vary server.thread=2
ask --vary server.threads=0
ask --vary server.kind=gunicron
ask --vary middleware.auht.kind=async
ask --vary middleware.order=auth
ask --vary 'load.clients=[9:1,1]'
ask --vary 'load.think=[1:9ms,1ms]'
ask --vary server.threads=1,1
ask --vary server.threads=1 --vary server.threads=2
ask --vary 'seed=[1:1000000,1]' --vary 'load.clients=[1:10000,1]'
ask --vary server.threads=1,2 --sample 2
ask --vary server.threads=1 --where 'p99=3'
ask --vary server.threads=1 --where 'p98_ms<3'
ask --vary server.threads=1 --metric p99
ask --vary server.threads=1 --reader simulator
ask --vary server.threads=1 --prune --metric p99_ms
ask --vary server.threads=1 --prune=guess
ask --vary server.threads=1 --prune --reader solve
ask --vary server.threads=1 --resume
ask --vary server.threads=1 --top 0
ask --vary server.threads=1 -o shop.yaml
ask --vary server.threads=1 --store nowhere/runs.db
ask --vary server.threads=1 --vari server.kind=gthread shop.yaml
reqpath whatif --profile $profile --vary seed=1
reqpath whatif shop.yaml --vary seed=1
reqpath whatif none.yaml --profile $profile --vary seed=1
reqpath whatif shop.yaml shop.yaml --profile $profile --vary seed=1
ls
