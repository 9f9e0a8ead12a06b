#!/bin/bash
# entry.sh SOURCE_DIR: ./run, and what documents say of it and of
# building: they name no command, preset, target or package that there is not,
# and each mistake is one sentence. The steps of ./run are tests of their own:
# ./run test by all of them, ./run loop by microhandler/loop, ./run demo by
# tree/demo.
#
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
source=$1
. "$source/run" # its lists; it does nothing where it is read
set +e
documents=$(find . -name '*.md' -not -path './build/*' -not -path '*/node_modules/*')
status=0
fail() {
    printf 'entry: %s\n' "$*"
    status=1
}

# words PATTERN: what matches in a document, without the pattern's first word.
words() {
    grep -ohE -e "$1" $documents | sed 's/^[^ ]* *//' | sort -u
}

# listed LINES WORD: a line begins with the word.
listed() {
    printf '%s\n' "$1" | grep -qE "^ *$2( |\$)"
}

# ---- Commands ----

commands=$(./run help | sed -n 's|^\./run \([a-z]*\).*|\1|p')
[ "$(printf '%s\n' "$commands" | wc -l)" -ge 7 ] || fail "./run help lists: $commands"
[ "$(./run help)" = "$(./run)" ] || fail './run is not ./run help'
for command in $commands; do
    [ "$command" = help ] || declare -F "run_$command" >/dev/null ||
        fail "./run help lists $command, which ./run has not"
done
for command in $(words '\./run [a-z]+'); do
    listed "$commands" "$command" ||
        fail "a document says ./run $command, which ./run help does not list"
done

# ---- Mistakes ----

# mistake SENTENCE ARGUMENTS...
mistake() {
    local sentence=$1 said

    shift
    said=$(./run "$@" 2>&1)
    [ $? -eq 2 ] || fail "./run $* ends otherwise than with 2"
    [ "$said" = "run: $sentence" ] || fail "./run $*: $said"
}
mistake 'unknown command "dmeo" (./run help lists all)' dmeo
mistake 'found "now", expected ./run demo alone' demo now
mistake 'found "dev", expected ./run test alone' test dev
mistake 'found "long", expected ./run loop or ./run loop short' loop long
mistake 'found "1m", expected seconds: ./run fuzz 600' fuzz 1m

# What cannot be installed is said in one sentence too: in a function's stead
# stand a user without sudo, and a package that nobody has.
said=$(
    id() { echo 1000; }
    command() { [ "$2" != sudo ] && builtin command "$@"; }
    install_missing no-such-package 2>&1
)
[ $? -eq 2 ] || fail 'a package that cannot be installed is no mistake'
if command -v dpkg-query >/dev/null; then
    case $said in
    'run: packages are missing, and there is no sudo'*' no-such-package') ;;
    *) fail "without sudo: $said" ;;
    esac
fi

# ---- Tidying ----

# A finding, and a crash, of one file keeps clang-tidy from no other.
said=$(
    logs=$(mktemp -d)
    trap 'rm -r "$logs"' EXIT
    clang-tidy() {
        case $4 in
        a/crash.c) (kill -SEGV "$BASHPID") || return ;;
        b/found.c) echo 'b/found.c:1: a finding'; return 1 ;;
        esac
        touch "$logs/${4##*/}.seen"
    }
    export -f clang-tidy
    jobs=1
    printf '%s\n' a/crash.c b/found.c c/clean.c | tidy_all 2>&1 && echo clean
    [ -e "$logs/clean.c.seen" ] || echo 'c/clean.c was not looked at'
    printf '%s\n' c/clean.c | tidy_all 2>&1 || echo 'c/clean.c is not clean'
)
[ "$(printf '%s\n' "$said" | sed 's/;.*//')" = "a/crash.c: clang-tidy crashed
b/found.c:1: a finding
run: clang-tidy has findings" ] || fail "tidy of a crash and a finding: $said"

# ---- Packages ----

everything=("${build_packages[@]}" "${test_packages[@]}"
    "${notebook_packages[@]}" chromium nodejs npm)
table=$(grep '^| `' ARCHITECTURE.md | cut -d'|' -f2)
for package in "${everything[@]}"; do
    [[ $table == *"\`$package\`"* ]] ||
        fail "$package is in no row of ARCHITECTURE.md's packages"
done
# Those of the tutorial's beginning are the ones that building takes, and Django;
# those of its end are ones of tests.
installs=$(sed -e ':more' -e '/\\$/N; s/\\\n//; tmore' TUTORIAL.md |
    sed -n 's/^    apt-get install//p')
for package in $(printf '%s\n' "$installs" | sed 1d); do
    [[ " ${test_packages[*]} " == *" $package "* ]] ||
        fail "the tutorial installs $package, which no test has"
done
told=$(printf '%s\n' "$installs" | sed -n 1p | xargs -n 1 | sort)
needed=$(printf '%s\n' "${build_packages[@]}" python3-django | sort)
[ "$told" = "$needed" ] || {
    diff <(printf '%s\n' "$needed") <(printf '%s\n' "$told")
    fail 'the tutorial does not install what building takes'
}

# ---- Building ----

presets=$(cmake --list-presets=all . | sed -n 's/^  "\([^"]*\)".*/\1/p')
for preset in $(words '--preset [a-z-]+') $(declare -f run_test run_tidy run_demo |
    sed -nE 's/.*(step|build|--preset) ([a-z-]+).*/\2/p'); do
    listed "$presets" "$preset" || fail "there is no preset $preset"
done
targets=$(find . \( -name CMakeLists.txt -o -name '*.cmake' \) \
    -not -path './build/*' -exec \
    sed -nE 's/^ *add_(executable|custom_target)\(([a-z_]+).*/\2/p' {} +)
for target in $(words '--target [a-z_]+'); do
    listed "$targets" "$target" || fail "there is no target $target"
done
printf '%d commands, %d packages\n' "$(printf '%s\n' "$commands" | wc -l)" \
    "${#everything[@]}"
exit $status
