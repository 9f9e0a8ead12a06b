# What is made can be made again, byte for byte: by the command in the README
# of data/profiles.
if [ -n "${REQPATH_SLOW_BUILD:-}" ]; then
    echo "SKIPPED: with the release-test preset only, this one is too slow"
    exit
fi
sets=data/ab/django-3.2
reqpath calibrate $sets/path $sets/load $sets/cpu $sets/io -o p.yaml \
    --report report.ipynb >text.out 2>text.err
cmp p.yaml data/profiles/django-3.2.yaml
sed 's/-o p.yaml/-o data\/profiles\/django-3.2.yaml/' report.ipynb |
    cmp - tests/../notebooks-export/calibration.ipynb && echo same
