# What is shipped is what its command makes, byte for byte.
if [ -n "${REQPATH_SLOW_BUILD:-}" ]; then
    echo "SKIPPED: with the release-test preset only, this one is too slow"
    exit
fi
here=$PWD
cd -P tests/.. || exit
for name in async-performance io-bound capacity; do
    notebooks-export/make.sh $name "$here/$name.ipynb" 2>/dev/null
    cmp "$here/$name.ipynb" notebooks-export/$name.ipynb && echo "$name: same"
done
