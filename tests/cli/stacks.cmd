# Lists of stacks: formats, versions without rules of their own, mistakes.
say() {
    echo "\$ $*" >&2
    "$@"
    echo "exit $?" >&2
}
cat >stacks.csv <<'END'
mode,stack,view,comment
wsgi,M S A,sync,"left alone, whatever it is"
asgi,S,async,
asgi,none,sync,
END
reqpath explain --stacks stacks.csv
reqpath explain --stacks stacks.csv --format text
reqpath explain --stacks - --format json <<'END'
view,mode,stack,outcome
async,asgi,Y,raise
END
reqpath explain --stacks stacks.csv --path unified
say reqpath explain --stacks stacks.csv --framework-version 7.0

printf 'mode,stack,view\nwsgi,S,sync\nwsgi,Z,sync\n' >letter.csv
printf 'mode,stack,view\nwgsi,S,sync\n' >mode.csv
printf 'mode,stack\nwsgi,S\n' >column.csv
printf 'mode,stack,view\nwsgi,S\n' >short.csv
printf '\n' >blank.csv
say reqpath explain --stacks letter.csv -o out.csv
say reqpath explain --stacks mode.csv
say reqpath explain --stacks column.csv
say reqpath explain --stacks short.csv
say reqpath explain --stacks blank.csv
say reqpath explain --stacks missing.csv
say reqpath explain --stacks stacks.csv --framework-version 3.0
say reqpath explain --stacks stacks.csv --framework-version three
say reqpath explain --stacks stacks.csv --path duel
say reqpath explain --stacks stacks.csv --server unicorn
test -e out.csv || echo 'nothing was written'
