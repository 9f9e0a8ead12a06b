#!/bin/sh
# The committed page is what its sources and its lock file make, byte for byte.
#
#   bundle.sh SOURCE_DIR BUILD_DIR
#
# To write it anew: GOLDEN_UPDATE=1 ctest -R ^page/bundle
#
# SPDX-License-Identifier: GPL-3.0-or-later
set -eu
source=$1/report/page work=$2/page-bundle
. "$1/tests/page/prepare.sh"

need node npm
install "$source" "$work"
rm -rf "$work/src"
cp -r "$source/src" "$source/build.mjs" "$work"
node "$work/build.mjs" "$work/page.html"
if [ -n "${GOLDEN_UPDATE:-}" ]; then
    cp "$work/page.html" "$source/page.html"
elif ! cmp "$source/page.html" "$work/page.html"; then
    echo "report/page/page.html is not what report/page/src makes:" \
        "GOLDEN_UPDATE=1 ctest -R ^page/bundle writes it anew"
    exit 1
fi
