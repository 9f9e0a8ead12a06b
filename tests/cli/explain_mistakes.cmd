# What goes wrong at explain: one sentence each, exit code 2, nothing written.
say() {
    echo "\$ $*" >&2
    "$@"
    echo "exit $?" >&2
}
cat >good.yaml <<'END'
server: {kind: uvicorn}
END
cat >typo.yaml <<'END'
middleware:
  - {name: auth, knid: sync}
END
cat >server.yaml <<'END'
server: {kind: hypercorn}
END
cat >contradiction.yaml <<'END'
server: {kind: gunicorn, app_built_in_loop: true}
END
cat >layer.yaml <<'END'
middleware:
  - {name: auth, kind: async, hooks: [process_request]}
END
cat >framework.yaml <<'END'
framework: {name: flask}
END
profile=tests/data/profiles/round.yaml
mkdir folder

say reqpath explain
say reqpath explain missing.yaml
say reqpath explain folder
say reqpath explain good.yaml other.yaml
say reqpath explain typo.yaml
say reqpath explain server.yaml
say reqpath explain contradiction.yaml
say reqpath explain layer.yaml
say reqpath explain framework.yaml
say reqpath explain good.yaml --profile missing.yaml
say reqpath explain good.yaml --profile good.yaml
say reqpath explain good.yaml --profile $profile
say reqpath explain $profile
say reqpath explain good.yaml --stacks x.csv
say reqpath explain --stacks x.csv --profile $profile
say reqpath explain good.yaml --path single
say reqpath explain good.yaml --formt csv
say reqpath explain good.yaml --class page
echo 'requests: [{name: page}, {name: report}]' >mix.yaml
say reqpath explain mix.yaml --class reprot
say reqpath explain --stacks x.csv --class page
