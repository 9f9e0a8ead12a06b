say() { echo "-- $*"; echo "-- $*" >&2; }
set=tests/data/dataset-small

reqpath calibrate $set -o p.yaml >text.out
say no profile
reqpath validate $set
say a profile that is a folder
reqpath validate $set --profile tests
say a data set for a profile
reqpath validate $set --profile $set/dataset.yaml
say a slip in what to leave out
reqpath validate $set --leave-out stak
say an empty data set
mkdir empty; sed 1q $set/runs.csv >empty/runs.csv
cp $set/dataset.yaml empty/dataset.yaml
reqpath validate empty --profile p.yaml
say a profile of another framework version
sed 's/framework_version: 3.2.25/framework_version: 4.2.11/' p.yaml >other.yaml
reqpath validate $set --profile other.yaml --format csv 2>all.err | wc -l
head -1 all.err >&2
say a profile of another server
sed 's/base\.uvicorn/base.daphne/' p.yaml >daphne.yaml
reqpath validate $set --profile daphne.yaml --format csv 2>all.err | wc -l
head -1 all.err >&2
say that profile where it predicts nothing, as stacks are left out
reqpath validate $set --profile daphne.yaml --leave-out stack --format csv 2>all.err | wc -l
say a file that is named twice
reqpath validate $set --profile p.yaml -o out.txt --qq out.txt
say quantiles that cannot be written
reqpath validate $set --profile p.yaml --qq tests
