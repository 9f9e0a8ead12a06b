#!/bin/sh
# verdict.sh PROGRAM ARGUMENTS...: runs a test program and tells CTest what came
# of it: 0 passed, 77 skipped, anything else failed.
#
# Three things that CTest does not see by itself: Criterion 2.4.1 reports a test
# that leaks as passed; an undefined operation only prints; and CTest's own
# SKIP_REGULAR_EXPRESSION would turn the failure of a program that also skips
# something into a skip.
#
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT
"$@" >"$log" 2>&1
code=$?
cat "$log"
[ "$code" -ne 77 ] || code=1
[ "$code" -eq 0 ] || exit "$code"
! grep -q -e 'ERROR: LeakSanitizer' -e 'runtime error:' "$log" || exit 1
! grep -q '^SKIPPED:' "$log" || exit 77
