# A sync layer before an async view that waits: in sentences, as a table, and
# what the efforts and kinds of changes do to it.
reqpath advise data/scenarios/mixed-middleware.yaml --profile data/profiles/django-3.2.yaml --effort hybrid=6,access_log=1 --without drop --changes 1 --top 3
reqpath advise data/scenarios/mixed-middleware.yaml --profile data/profiles/django-3.2.yaml --metric p99_ms --changes 1 --top 2 --format csv
reqpath advise data/scenarios/mixed-middleware.yaml --profile data/profiles/django-3.2.yaml --effort audti=2
reqpath advise data/scenarios/mixed-middleware.yaml --profile data/profiles/django-3.2.yaml --without hybird
cp data/scenarios/mixed-middleware.yaml mine.yaml
reqpath advise mine.yaml --profile data/profiles/django-3.2.yaml --changes 1 --top 1 -o mine.yaml
cmp mine.yaml data/scenarios/mixed-middleware.yaml
reqpath advise data/scenarios/mixed-middleware.yaml --profile data/profiles/django-3.2.yaml --effort hybrid=few
