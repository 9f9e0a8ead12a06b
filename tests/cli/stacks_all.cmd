# All counts, where they lie beside the tree.
if ! [ -d shared/oracle ]; then
    echo "SKIPPED: there are no counts in ../shared/oracle"
    exit 0
fi
. tests/cli/oracle.sh
check_oracle shared/oracle
