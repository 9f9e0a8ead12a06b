# What a user types wrong first: one sentence each, exit code 2.
say() {
    echo "\$ $*" >&2
    "$@"
    echo "exit $?" >&2
}
say reqpath chek
say reqpath --versoin
say reqpath help hlep
say reqpath keys --frmat csv
say reqpath keys --format
say reqpath keys -f
say reqpath keys --help=3
say reqpath keys -x
say reqpath keys -xf csv
say reqpath keys -f csv -xo keys.csv
say reqpath keys -fcsv -o
say reqpath keys --f
say reqpath keys -
say reqpath keys --format jsn
say reqpath keys server load
say reqpath keys sever.kind
say reqpath check
