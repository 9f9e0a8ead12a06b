# One scenario in every format, with and without costs.
cat >blog.yaml <<'END'
name: a blog
server: {kind: daphne}
resources: [{name: db, capacity: 10}]
middleware:
  - {name: security, kind: mixin}
  - {name: auth, kind: sync, before: {cpu: 20us}}
  - {name: locale, kind: hybrid}
view: {kind: async, cpu: 300us, wait: {mean: 5ms, cv: 0.5}, uses: db}
END
profile=tests/data/profiles/round.yaml

reqpath explain blog.yaml
echo
reqpath explain blog.yaml --profile $profile
echo
reqpath explain blog.yaml --profile $profile --format md
echo
reqpath explain blog.yaml --profile $profile --format csv
echo
echo 'server: {kind: gunicorn}' >small.yaml
reqpath explain small.yaml --profile $profile --format json
echo
# Warnings are notes, and stand beside a CSV.
cat >new.yaml <<'END'
framework: {version: main, asgiref: "3.12"}
server: {kind: daphne}
END
reqpath explain new.yaml --profile $profile
reqpath explain new.yaml --profile $profile --format csv
echo
# Several classes of requests: the first, or the one that is named.
cat >mix.yaml <<'END'
requests:
  - {name: page, share: 3, view: {cpu: 1ms}}
  - {name: report, view: {kind: async, outcome: template, wait: 9ms}}
END
reqpath explain mix.yaml
echo
reqpath explain mix.yaml --class report
