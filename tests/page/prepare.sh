# What bundle.sh and browser.sh have in common; they read it.
#
# SPDX-License-Identifier: GPL-3.0-or-later

skip() {
    printf 'SKIPPED: %s\n' "$*"
    exit 77
}

need() {
    for program; do
        command -v "$program" >/dev/null ||
            skip "$program is not there (Debian: nodejs npm chromium)"
    done
}

# install SOURCE FOLDER: the packages that the lock file of SOURCE names, into
# FOLDER; once for each lock file. Without a way to the registry, or one that
# can be trusted, the test is skipped; whatever else goes wrong fails it. npm
# tries three times, but not for minutes.
install() {
    mkdir -p "$2"
    cp "$1/package.json" "$1/package-lock.json" "$2"
    cmp -s "$2/package-lock.json" "$2/installed-lock.json" && return
    (cd "$2" && npm ci --ignore-scripts --no-audit --no-fund \
        --fetch-retry-mintimeout=1000 --fetch-retry-maxtimeout=5000) \
        >"$2/npm.log" 2>&1 || {
        cat "$2/npm.log"
        grep -q -E 'ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ENOTCACHED' \
            "$2/npm.log" && skip "npm does not reach its registry"
        grep -q -E 'SELF_SIGNED_CERT|UNABLE_TO_(GET_ISSUER|VERIFY)' "$2/npm.log" &&
            skip "npm does not trust who answers for its registry: name the" \
                "certificate of your proxy in NODE_EXTRA_CA_CERTS"
        exit 1
    }
    cp "$2/package-lock.json" "$2/installed-lock.json"
}
