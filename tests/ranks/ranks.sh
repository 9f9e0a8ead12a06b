#!/bin/sh
# ranks.sh RANKRUN: the same sweep alone and in one to four ranks gives the same
# bytes; one whose rank dies is gone on with from its store, and no point of it
# runs twice.
#
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
rankrun=$1
command -v mpirun >/dev/null || { echo "SKIPPED: mpirun is not there"; exit 0; }
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit 1

export OMPI_MCA_btl_vader_single_copy_mechanism=none
export OMPI_MCA_btl=self,vader OMPI_MCA_rmaps_base_oversubscribe=1

in_ranks() {
    n=$1
    shift
    if [ "$(id -u)" -eq 0 ]; then set -- --allow-run-as-root "$@"; fi
    # Open MPI does not give back all that it takes; that is no leak of ours.
    ASAN_OPTIONS=detect_leaks=0 timeout 120 mpirun -n "$n" --oversubscribe "$@"
}

"$rankrun" 5000 0 >alone 2>alone.err || { cat alone.err; exit 1; }
in_ranks 2 true >first 2>&1 ||
    { echo "SKIPPED: mpirun starts nothing here: $(head -n 3 first)"; exit 0; }
for n in 1 2 4; do
    in_ranks $n "$rankrun" 5000 0 >ranks 2>ranks.err ||
        { cat ranks.err; echo "$n ranks: failed"; exit 1; }
    cmp alone ranks || { cat ranks.err; echo "$n ranks: other bytes"; exit 1; }
    grep -q '^5000 points, 4995 ran, 5 failed' ranks.err ||
        { cat ranks.err; exit 1; }
done

if in_ranks 3 "$rankrun" 5000 0 runs.db 3000 >ranks 2>ranks.err; then
    echo "a rank that dies does not end the job"
    exit 1
fi
in_ranks 3 "$rankrun" 5000 0 runs.db >ranks 2>ranks.err ||
    { cat ranks.err; exit 1; }
cmp alone ranks || { echo "resumed: other bytes"; exit 1; }
ran=$(sed -n 's/^5000 points, \([0-9]*\) ran.*/\1/p' ranks.err)
# All before the 3000th were kept, and what others did until they were ended: no
# more than a window of 1024. Those that fail are asked again.
if [ -z "$ran" ] || [ "$ran" -gt 2000 ] || [ "$ran" -lt 970 ]; then
    cat ranks.err
    echo "resumed: $ran points ran, expected 970 to 2000 that were missing"
    exit 1
fi
echo "1, 2 and 4 ranks: the same bytes; resumed with $ran of 5000 points"
