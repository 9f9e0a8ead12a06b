#!/usr/bin/env bash
# manuals.sh REQPATH: every page is roff without a warning, names every option
# of --help, and every completion is what its shell reads.
#
# SPDX-License-Identifier: GPL-3.0-or-later
set -euo pipefail

reqpath=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failed=0

fail() {
    printf 'manuals: %s\n' "$*" >&2
    failed=1
}

commands=$("$reqpath" --help | sed -nE 's/^  ([a-z]+)  .*/\1/p')
[ "$(printf '%s\n' "$commands" | wc -l)" -gt 10 ] || fail 'few commands'

for page in man scenario $commands; do
    "$reqpath" manual "$page" >"$folder/$page"
    if command -v man >/dev/null && command -v groff >/dev/null; then
        LC_ALL=C.UTF-8 man -l --warnings=w "$folder/$page" 2>"$folder/said" \
            >"$folder/shown"
        [ ! -s "$folder/said" ] || fail "$page: $(head -n 1 "$folder/said")"
    else
        printf 'not checked: %s; man and groff are not here\n' "$page"
    fi
done
"$reqpath" manual fish >"$folder/fish"
for command in $commands; do
    for option in $("$reqpath" "$command" --help | grep -oE '^ +(-., +)?--[a-z-]+' |
        grep -oE -- '--[a-z-]+'); do
        grep -qF -- "${option//-/\\-}" "$folder/$command" ||
            fail "$command: no $option in its page"
        grep -q -- "from $command' -l ${option#--} " "$folder/fish" ||
            fail "$command: no $option in what fish completes"
    done
done

"$reqpath" manual bash >"$folder/bash"
# shellcheck disable=SC1091
source "$folder/bash"
# completes WORDS... : what bash offers for the last of them.
completes() {
    COMP_WORDS=(reqpath "$@") COMP_CWORD=$# COMPREPLY=()
    _reqpath
    printf '%s\n' "${COMPREPLY[@]}"
}
[ "$(completes expl)" = explain ] || fail 'bash: no explain'
[ "$(completes explain --form)" = --format ] || fail 'bash: no --format'
[ "$(completes explain --format = c)" = csv ] || fail 'bash: no csv'
[[ $(completes keys load.cl) == *load.clients* ]] || fail 'bash: no load.clients'
for shell in zsh fish; do
    "$reqpath" manual "$shell" >"$folder/$shell"
    if command -v "$shell" >/dev/null; then
        "$shell" -n "$folder/$shell" || fail "$shell does not read its completion"
    else
        printf 'not checked: %s is not here\n' "$shell"
    fi
done
exit "$failed"
