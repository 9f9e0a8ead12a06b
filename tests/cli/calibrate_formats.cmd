reqpath calibrate tests/data/dataset-small --format csv | cut -d, -f1,6,8
reqpath calibrate tests/data/dataset-small --format md | head -5
reqpath calibrate tests/data/dataset-small --format json >found.json
head -c 60 found.json | tr -d '\n'
echo
grep -o '"condition_number": [0-9]*' found.json
grep -c '"residual_percent"' found.json
