# Reports of other tools as runs of a data set; each reader has tests of its own.
say() { echo "-- $*"; echo "-- $*" >&2; }
P=tests/data/peers
NEW="--framework-version 3.2.25 --asgiref-version 3.6.0 --measured-on 2026-11-22"
say wrk into a new data set
reqpath import $P/wrk-stalls.txt --server uvicorn --stack SMA --view async $NEW -o set; echo "exit $?"
cat set/dataset.yaml set/runs.csv
say one more round, and a tool that does not say its clients
reqpath import $P/wrk-stalls.txt --server uvicorn --stack SMA --view async -o set; echo "exit $?"
reqpath import $P/hey.txt --server uvicorn -o set; echo "exit $?"
reqpath import $P/hey.txt $P/hey.txt --server uvicorn --concurrency 4 --io 20ms --closed -o set -f csv; echo "exit $?"
say requests of any tool, and reports of ab
reqpath import $P/requests.csv --server uvicorn -c 1 --stack S -o set; echo "exit $?"
reqpath import tests/data/ab/basic.out --server uvicorn --stack A -o set; echo "exit $?"
cat set/runs.csv
say what cannot be used
reqpath import $P/hey-refused.txt --server uvicorn -o set; echo "exit $?"
reqpath import $P/wrk2.txt --server uvicorn -o set; echo "exit $?"
reqpath import $P/wrk-404.txt --server uvicorn -o set; echo "exit $?"
reqpath import $P/README.md --server uvicorn -o set; echo "exit $?"
say mistakes of the command line
reqpath import $P/hey.txt -o set; echo "exit $?"
reqpath import --server uvicorn -o set; echo "exit $?"
reqpath import $P/hey.txt --server uvcorn -o set; echo "exit $?"
reqpath import $P/hey.txt --server uvicorn; echo "exit $?"
reqpath import $P/hey.txt --server uvicorn --tool siege -o set; echo "exit $?"
say the data set
reqpath calibrate set --alone >/dev/null; echo "exit $?"
