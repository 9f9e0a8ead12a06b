# What the server says before it serves, and one that ends at once.
say() { echo "-- $*"; echo "-- $*" >&2; }
profile=data/profiles/django-3.2.yaml
scenario=data/scenarios/wsgi-async-view.yaml

if reqpath serve 2>&1 | grep -q 'built without'; then
    echo "SKIPPED: built without the server's libraries"
    exit
fi
say nothing to serve
reqpath serve
say no costs
reqpath serve $scenario
say a file that is not there
reqpath serve nothing.yaml --profile $profile
say two scenarios
reqpath serve $scenario $scenario --profile $profile
say a port that is none
reqpath serve $scenario --profile $profile --port 65536
say an address that is none
reqpath serve $scenario --profile $profile --port 0 --bind 999.1.1.1 2>&1 |
    sed 's/: [^:]*$/: .../'
say a time without its unit
reqpath serve $scenario --profile $profile --idle-timeout 5
say a scale that is none
reqpath serve $scenario --profile $profile --time-scale fast
say a bound that is too small
reqpath serve $scenario --profile $profile --max-header 1
say a slip of the finger
reqpath serve $scenario --profile $profile --max-conections 10
say a server that the profile has no cost for
sed 's/base\.daphne/base.runserver/' $profile >other.yaml
sed 's/kind: gthread/kind: daphne/; s/, threads: 4//' $scenario >daphne.yaml
reqpath serve daphne.yaml --profile other.yaml 2>&1 | cut -c 1-75
say one that is told to end
: >out.txt # the loop below may look before the shell below has opened it
reqpath serve $scenario --profile $profile --port 0 >out.txt &
server=$!
until grep -q listening out.txt || ! kill -0 $server; do sleep 0.05; done
sed 's/127.0.0.1:[0-9]*/ADDRESS/' out.txt
kill -TERM $server
wait $server
echo "exit code $?"
