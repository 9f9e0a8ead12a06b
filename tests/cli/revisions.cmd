# Two revisions of one repository, measured side by side: what is checked out,
# named and compared. What they took is left out.
say() { echo "-- $*"; echo "-- $*" >&2; }
for tool in git ab python3; do
    command -v $tool >/dev/null || { echo "SKIPPED: no $tool"; exit 0; }
done
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
git init -q -b main shop
in_shop() { git -C shop -c user.name=nobody -c user.email=nobody@localhost "$@"; }
for word in first second; do
    echo "$word" >shop/index.html
    in_shop add index.html
    in_shop commit -q -m "$word"
done
cat >plan.yaml <<END
name: shop
campaign: shop-1
framework_version: 3.2.25
asgiref_version: 3.6.0
python_version: 3.11.2
rounds: 2
seed: 1
warm_up: 5
targets:
- name: app
  kind: command
  git: shop
  build: "cp index.html built.html"
  command: "exec python3 -m http.server {port} --bind 127.0.0.1"
  url: "http://127.0.0.1:{port}/built.html"
  server: gunicorn
runs:
- {stack: "", view: sync, io_ms: 0, cpu_us: 0, concurrency: 1, requests: 30}
END

say measures both and compares
reqpath diff plan.yaml --base main~1 --candidate main --data runs \
    --format csv 2>said | cut -d, -f1-10
echo "exit $?"
say what is not committed is said, and is not measured
echo third >shop/index.html
reqpath diff plan.yaml --base main~1 --candidate main --data runs -o again 2>said
grep committed said
[ -s again ] && echo compared all the same
git -C shop checkout -q index.html
say each has a data set with its commit, and the checkouts are gone
for name in runs/*/dataset.yaml; do
    commit=$(sed -n 's/^commit: "\(.*\)"/\1/p' "$name")
    echo "$(sed -n 's/^revision: //p' "$name"): $(git -C shop log -1 --format=%s "$commit")"
done
git -C shop worktree list | wc -l
say each answered from what it built
sed -n 's/^Document Length: *//p' runs/*/round-0*/*.txt | sort | uniq -c | awk '{ print $1, $2, $3 }'
say a revision that is not there
reqpath diff plan.yaml --base none --candidate main --data other
echo "exit $?"; [ ! -e other ] && echo nothing written
say a build that fails
sed 's/cp index.html/cp absent.html/' plan.yaml >broken.yaml
reqpath diff broken.yaml --base main~1 --candidate main --data broken 2>&1 |
    sed 's/ ([0-9a-f]*)/ (COMMIT)/'
