say() { echo "-- $*"; echo "-- $*" >&2; }
fresh() { rm -rf set && cp -rL tests/data/dataset-small set && chmod -R u+w set; }

say no data set at all
reqpath calibrate
say a folder that is not there
reqpath calibrate nowhere -o p.yaml
say a report instead of a folder
reqpath calibrate tests/data/dataset-small/runs.csv
say a folder that is no data set
reqpath calibrate tests/data
say the same data set twice
fresh; reqpath calibrate set set
say a slip in a key
sed -i 's/^campaign:/campagne:/' set/dataset.yaml; reqpath calibrate set
say a version that is none
fresh; sed -i 's/3.2.25/three/' set/dataset.yaml; reqpath calibrate set
say keep-alive
fresh; sed -i 's/keepalive: false/keepalive: true/' set/dataset.yaml
reqpath calibrate set
say no rows
fresh; sed -i 1q set/runs.csv; reqpath calibrate set -o p.yaml
say no runs.csv
rm set/runs.csv; reqpath calibrate set
say a column too many
fresh; sed -i 's/^file,/file,mood,/; s/^round/x,round/' set/runs.csv
reqpath calibrate set
say a column missing
fresh; sed -i 's/,view,/,vew,/' set/runs.csv; reqpath calibrate set
say a server that dataset.yaml does not describe
fresh; sed -i '2s/,uvicorn,\|,gunicorn,/,runserver,/' set/runs.csv
reqpath calibrate set
say a letter that is none
fresh; sed -i '2s/,dual,[A-Z]*,/,dual,Q,/' set/runs.csv; reqpath calibrate set
say another concurrency than the report
fresh; sed -i '3s/,1,400$/,8,400/' set/runs.csv; reqpath calibrate set
say other requests than the report
fresh; sed -i '3s/,400$/,500/' set/runs.csv; reqpath calibrate set
say a report that is missing
fresh; sed -i '4s/round-0/round-9/' set/runs.csv; reqpath calibrate set
say a report that is named twice
fresh; sed -n 4p set/runs.csv >>set/runs.csv; reqpath calibrate set
say one report of failed requests
fresh; first=$(ls set/round-01/*.txt | head -1)
sed -i 's/^Failed requests: *0/Failed requests:        7/' "$first"
reqpath calibrate set -o p.yaml >text.out && tail -1 text.out >/dev/null
grep runs p.yaml | head -3; rm p.yaml
say all reports of failed requests
sed -i 's/^Failed requests: *0/Failed requests:        7/' set/*/*.txt
reqpath calibrate set -o p.yaml
say percentiles that are cut
fresh; for f in set/round-01/*.csv; do sed -i '1,/^50,/!d' "$f"; done
sed -i '$s/,.*/,/' set/round-02/*_S_*.csv
reqpath calibrate set -o p.yaml >text.out
grep runs p.yaml | head -3; rm p.yaml
say data sets of two versions
fresh; sed -i 's/3.2.25/4.2.0/; s/small/other/' set/dataset.yaml
reqpath calibrate tests/data/dataset-small set
say nothing but waits
fresh; sed -i '2,$s/,0,0,1,/,5,0,1,/' set/runs.csv
reqpath calibrate set -o p.yaml
say a profile where there is no folder
reqpath calibrate tests/data/dataset-small -o no/such/p.yaml
ls *.yaml 2>/dev/null
true
