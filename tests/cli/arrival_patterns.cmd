cat >log.yaml <<'END'
load: {kind: open, trace: logs/access.log}
END
cat >beside.yaml <<'END'
load: {kind: open, trace: access.log}
END
cat >times.yaml <<'END'
load: {kind: open, trace: times.csv, trace_speed: 3}
END
cat >bursts.yaml <<'END'
load: {kind: open, process: mmpp, on_rate: 90/s, on_for: 1s}
END
cat >crowd.yaml <<'END'
load: {kind: open, rate: 9/s, curve: spike, from: 1min, for: 10s, amplitude: 0.5}
END
mkdir logs
cat >logs/access.log <<'END'
192.0.2.1 - - [25/Nov/2026:09:30:00 +0000] "GET / HTTP/1.1" 200 512 "-" "curl/7"
192.0.2.1 - - [25/Nov/2026:09:30:01 +0000] "GET / HTTP/1.1" 200 512 "-" "curl/7"
END
cat >times.csv <<'END'
path,time
/,2026-11-25T09:30:00Z
/,2026-11-25T09:30
END

# A trace is looked for beside the scenario, and its own mistakes have a line.
reqpath check log.yaml beside.yaml times.yaml bursts.yaml crowd.yaml

reqpath keys curve
echo
reqpath keys trace
echo
reqpath keys quantiles
