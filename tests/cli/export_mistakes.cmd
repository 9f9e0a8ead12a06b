# What is no export and no result: one sentence each, and no file.
say() {
    echo "\$ $*" >&2
    "$@"
    echo "exit $?" >&2
}
printf '{"schema": "reqpath.plan/1",\n "rows": [}' >broken.json
printf '{"schema": "reqpath.solve/1", "rows": [{}]}' >solve.json
printf '{"schema": "reqpath.simulate/2", "rows": [{}]}' >later.json
say reqpath export
say reqpath export pge
say reqpath export page
say reqpath export page none.json -o page.html
say reqpath export page broken.json -o page.html
say reqpath export page solve.json -o page.html
say reqpath export page later.json -o page.html
say reqpath export page tests/data/page/plan.json -o tests/data/page/plan.json
say reqpath export page tests/data/page -o page.html
say reqpath export page tests/data/page/plan.json -o none/page.html
[ -e page.html ] || echo no page
