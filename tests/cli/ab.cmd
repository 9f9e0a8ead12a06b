ln -s tests/data/ab ab

# A file of several runs: a good one, a refused one, one of old.
cat ab/basic.out ab/drop.out ab/drop.err ab/v20.out >log.txt
reqpath ab log.txt
echo "exit code $?"
echo

# What cannot be used, each for its reason.
reqpath ab ab/varlen.out ab/drop_r.out ab/n404.out ab/nopct.out ab/refused.err
echo "exit code $?"
echo

# Warnings rule nothing out.
reqpath ab ab/slow.out ab/trunk_t.out
echo "exit code $?"
echo

# A figure that somebody changed.
sed 's/641.90/741.90/' ab/basic.out | reqpath ab -
echo "exit code $?"
echo

# Files of -e and -g are known by what is in them.
reqpath ab ab/basic.csv ab/basic.tsv ab/small.csv ab/v20.tsv
echo "exit code $?"
echo
reqpath ab --requests 10 ab/small.csv
echo "exit code $?"
