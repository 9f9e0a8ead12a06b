cat >good.yaml <<'END'
name: a blog
server: {kind: uvicorn}
middleware:
  - {name: auth, kind: mixin}
view: {kind: async, wait: 5ms}
END
cat >typo.yaml <<'END'
server:
  kind: uvicron
END
cat >unit.yaml <<'END'
view:
  wait: 5
END
cat >key.yaml <<'END'
midleware: []
END
mkdir folder
printf 'PK\003\004\000\000' >binary.yaml
: >empty.yaml

# All bad files are reported, and the good ones all the same.
reqpath check good.yaml typo.yaml unit.yaml key.yaml folder binary.yaml \
    empty.yaml missing.yaml - good.yaml
