# One sentence each, and exit code 2; the good file is shown all the same.
mkdir folder
: >empty.txt
printf 'Running 10s test @ http://127.0.0.1:8000/\n' >wrk.txt
printf 'Percentage served,Time in ms\n0,1.000\n1,fast\n' >bad.csv
printf 'starttime\tseconds\tctime\tdtime\tttime\twait\n' >none.tsv
reqpath ab missing.txt folder empty.txt wrk.txt bad.csv none.tsv \
    tests/data/ab/badurl.err tests/data/ab/basic.out
echo "exit code $?"

reqpath ab wrk.txt -o out.txt
echo "exit code $?"
ls out.txt 2>&1 | sed 's/.*: //'
reqpath ab
reqpath ab --requests none x
