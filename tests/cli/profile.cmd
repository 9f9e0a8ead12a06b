# What is made can be made again, byte for byte: by the command in the README
# of data/profiles.
if [ -n "${REQPATH_SLOW_BUILD:-}" ]; then
    echo "SKIPPED: with the release-test preset only, this one is too slow"
    exit
fi
here=$PWD
cd -P tests/.. || exit
notebooks-export/make.sh calibration "$here/calibration.ipynb" "$here/p.yaml" \
    2>/dev/null
cmp "$here/p.yaml" data/profiles/django-3.2.yaml
cmp "$here/calibration.ipynb" notebooks-export/calibration.ipynb && echo same
