#!/bin/sh
# A program for tests, in place of reqpath: its serve says where it listens, and
# has $ANSWERER listen there. $PORT is where.
#
# SPDX-License-Identifier: GPL-3.0-or-later
[ "$1" = help ] && exit 0
if [ "$*" != 'serve s.yaml --profile p.yaml --port 0' ]; then
    echo "fakeserve: found $*"
    exit 2
fi
echo "listening on http://127.0.0.1:$PORT/ (gunicorn, 1 process); SIGTERM ends it"
exec "$ANSWERER" "$PORT"
