# How far a forecast is from what was measured, in every format.
profile=data/profiles/django-3.2.yaml
one() {
    printf 'name: %s\nserver: {kind: %s}\nload: {kind: closed, clients: %s}\nrun: {requests: 200, replications: 2, warm_up: 0}\n' "$1" "$2" "$3"
}
one measured gunicorn 1 >measured.yaml
one busy gunicorn 80 >busy.yaml
one unknown runserver 1 >unknown.yaml
{ one between gunicorn 1; echo 'middleware: [{name: a, kind: sync}, {name: b, kind: sync}]'; } >between.yaml
reqpath simulate measured.yaml between.yaml busy.yaml unknown.yaml -p $profile --format md | cut -d '|' -f 2,9
echo
reqpath simulate measured.yaml between.yaml busy.yaml unknown.yaml -p $profile --format csv 2>/dev/null |
    awk -F, '{print $1, $(NF - 2), $(NF - 1), $NF}' OFS=,
echo
reqpath simulate busy.yaml -p $profile | grep '^validity'
reqpath simulate busy.yaml -p $profile --format json | sed -n '/"validity"/,/^ *}/p'
reqpath explain between.yaml -p $profile | grep '^validity'
echo
# The machine that is asked about, where it is another one: one sentence.
REQPATH_CPU='Other CPU (family 1)' reqpath explain between.yaml -p $profile >/dev/null
REQPATH_CPU='AMD EPYC (family 26)' reqpath explain between.yaml -p $profile >/dev/null
