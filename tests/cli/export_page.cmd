# A page of two results: its block of data, and what surrounds it.
reqpath explain data/scenarios/wsgi-sync-view.yaml --format json -o explain.json
reqpath export page explain.json tests/data/page/hostile.json \
    --title 'Mine & yours' -o page.html
grep "^<title>" page.html
grep '^{"title"' page.html

# The same from standard input, to standard output.
reqpath export page --title 'Mine & yours' explain.json - \
    <tests/data/page/hostile.json |
    sed 's/standard input/tests\/data\/page\/hostile.json/' |
    cmp - page.html && echo same
