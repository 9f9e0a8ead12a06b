# Pictures of results: text, SVG, gnuplot's script, and mistakes.
say() { echo "-- $*"; echo "-- $*" >&2; }
profile=tests/data/profiles/round.yaml
reqpath explain data/scenarios/mixed-middleware.yaml --profile $profile \
    --format json -o explain.json 2>/dev/null

say bars
reqpath plot explain.json

say two keys and a plan
reqpath plot tests/data/page/whatif.json
reqpath plot tests/data/page/plan.json --format text -o - | head -n 6

say blocks, where the locale has them
LC_ALL=C.UTF-8 reqpath plot tests/data/page/whatif.json --metric rps | tail -n 3

say a script of gnuplot
reqpath plot tests/data/page/whatif.json --format gnuplot

say SVG: by the name, or by the format
reqpath plot tests/data/page/whatif.json -o map.svg
reqpath plot tests/data/page/whatif.json --format svg | cmp - map.svg && echo same
cat map.svg

say without gnuplot there is no PNG, and no file
program=$(command -v reqpath)
PATH=. "$program" plot tests/data/page/whatif.json -o map.png
echo "exit $?"
ls map.png 2>/dev/null

say mistakes
reqpath plot
echo "exit $?"
reqpath plot tests/data/page/whatif.json --format jpg
echo "exit $?"
reqpath plot tests/data/page/whatif.json --metric p98_ms
echo "exit $?"
reqpath plot tests/data/page/plan.json --metric rps
echo "exit $?"
cp tests/data/page/plan.json mine.json
reqpath plot mine.json -o mine.json
echo "exit $?"
