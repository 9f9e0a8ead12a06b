# -o FILE is there whole or not at all; a disk that is full is noticed.
say() {
    echo "\$ $*"
    "$@" 2>&1
    echo "exit $?"
}
ok() {
    "$@" && echo yes
}
reqpath keys seed --format csv >expected.csv

mkdir folder
say reqpath keys seed -o folder
say reqpath keys seed -o missing/keys.csv

say reqpath keys seed --format csv -o keys.csv
ok cmp keys.csv expected.csv
say reqpath keys seed --format csv -o /dev/stdout >piped.csv
ok grep -q '^seed' piped.csv
say reqpath keys seed --format csv -o - | grep -c '^seed'

# A link is followed, and permissions are kept.
echo old >kept.csv
chmod 640 kept.csv
ln -s kept.csv link.csv
say reqpath keys seed --format csv -o link.csv
ok cmp kept.csv expected.csv
ok test -L link.csv
stat -c %a kept.csv

# A command that fails leaves the file as it was, and nothing beside it.
say reqpath keys nosuchkey -o kept.csv
ok cmp kept.csv expected.csv

# So does a disk that is full in the middle of it.
echo "\$ reqpath keys -o kept.csv, with no room"
(
    trap '' XFSZ
    ulimit -f 1
    reqpath keys -o kept.csv 2>&1
    echo "exit $?"
) | cat
ok cmp kept.csv expected.csv
ls -A

echo "\$ reqpath keys >/dev/full"
reqpath keys 2>&1 >/dev/full
echo "exit $?"
echo "\$ reqpath keys -o /dev/full"
reqpath keys -o /dev/full 2>&1
echo "exit $?"
echo "\$ reqpath keys --help >/dev/full"
reqpath keys --help 2>&1 >/dev/full
echo "exit $?"

# A reader that goes away is nobody's error.
reqpath keys | head -n 1
