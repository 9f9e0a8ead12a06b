say() { echo "-- $*"; echo "-- $*" >&2; }
set=tests/data/dataset-small

say no data set
reqpath diff
say one
reqpath diff $set
say three
reqpath diff $set $set a
say one twice
reqpath diff $set $set/
say a folder that is not there
reqpath diff $set nowhere
say a threshold without its sign
reqpath diff $set other --threshold 5
say no threshold
reqpath diff $set other --threshold 0%
say no probability
reqpath diff $set other --alpha 5
reqpath diff $set other --alpha often
say no metric
reqpath diff $set other --metric p50
say nothing in common
cp -rL $set other && chmod -R u+w other
sed -i '/,uvicorn,/d' other/runs.csv
cp -r other third
cp $set/runs.csv third/runs.csv
sed -i '/,gunicorn,/d' third/runs.csv
cp -r $set/round-* third/
reqpath diff other third -o out.txt
ls out.txt 2>/dev/null
say an output that cannot be written
cp -r third fourth
reqpath diff third fourth -o nowhere/out.txt
echo "exit $?"
