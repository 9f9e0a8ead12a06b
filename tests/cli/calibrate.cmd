reqpath calibrate tests/data/dataset-small -o p.yaml --report report.ipynb
cat p.yaml

# The same runs make the same bytes, and SOURCE_DATE_EPOCH is a date.
reqpath calibrate tests/data/dataset-small -o again.yaml >text.out
cmp p.yaml again.yaml
SOURCE_DATE_EPOCH=86400 reqpath calibrate tests/data/dataset-small -o - |
    grep made_on

# Every kind of cell of the report.
grep -c '"cell_type"' report.ipynb
grep '!reqpath' report.ipynb
