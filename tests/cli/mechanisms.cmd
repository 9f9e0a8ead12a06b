# Each mechanism can be switched off, and what it does under load goes with it.
# Short runs without intervals: what changes is more than chance, as all meet the
# same luck.
profile=data/profiles/django-3.2.yaml

scenario() {
    printf 'name: %s\nserver: {kind: %s, threads: %s}\n' "$1" "$2" "$3"
    printf 'middleware: [{name: a, kind: sync}, {name: b, kind: async}]\n'
    printf 'view: {kind: %s, wait: %s, cpu: %s}\n' "$4" "$5" "$6"
    printf 'load: {kind: closed, clients: %s, client: ab}\n' "$7"
    printf 'run: {requests: 300, replications: 2, warm_up: 0}\n'
}
scenario gunicorn gunicorn 1 sync 5ms 0ms 4 >gunicorn.yaml
scenario gthread gthread 4 sync 2ms 7ms 6 >gthread.yaml
scenario daphne daphne 1 async 5ms 0ms 8 >daphne.yaml
scenario uvicorn uvicorn 1 sync 0ms 0ms 8 >uvicorn.yaml
all='client wakeups batching after cold slack collections order keeping handover
    switching acceptor stalls'

figures() {
    reqpath simulate "$1" -p $profile --format csv 2>/dev/null |
        awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) of[$i] = i; next }
            { printf "%s %.0f %.3f %.3f", "'"$2"'", $of["rps"], $of["p50_ms"],
                $of["p99_ms"] }'
}
for server in gunicorn gthread daphne uvicorn; do
    echo "-- $server: requests/s, p50 and p99 in ms"
    figures $server.yaml all
    echo
    for off in $all; do
        { cat $server.yaml; echo "mechanisms: {$off: false}"; } >off.yaml
        figures off.yaml "without $off"
        echo
    done
done
