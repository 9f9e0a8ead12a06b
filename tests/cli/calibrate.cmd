reqpath calibrate tests/data/dataset-small -o p.yaml --report report.ipynb
cat p.yaml

# The same runs make the same bytes, and SOURCE_DATE_EPOCH is a date.
reqpath calibrate tests/data/dataset-small -o again.yaml >text.out
cmp p.yaml again.yaml
SOURCE_DATE_EPOCH=86400 reqpath calibrate tests/data/dataset-small -o - |
    grep made_on

# The report is the notebook of what --format json prints.
reqpath calibrate tests/data/dataset-small --format json >found.json
sed "s/> the report:/> found.json:/" report.ipynb >renamed.ipynb
reqpath export notebook found.json --title Calibration |
    cmp - renamed.ipynb && echo same
grep -o '"## [^\\]*\|"> .* nothing to draw.*"' report.ipynb
grep -c 'image/svg+xml' report.ipynb

# Its pictures by name.
reqpath plot found.json | head -n 6
reqpath plot found.json --part correlations | head -n 6
reqpath plot found.json --part left-out -o left-out.svg
grep -c 'data-value' left-out.svg
reqpath plot found.json --part error
echo "exit $?"
