# From runs of the dual path alone: what the single path of 2019 costs.
profile=data/profiles/django-3.2.yaml
reqpath explain data/scenarios/startproject.yaml -p $profile --against single
reqpath explain data/scenarios/startproject.yaml -p $profile --against single --format csv
reqpath explain data/scenarios/startproject.yaml -p $profile --against single --format json |
    sed -n '/"base"/,$p'
reqpath explain data/scenarios/single-path.yaml -p $profile --against dual --format md | tail -n +14
# Mistakes.
reqpath explain data/scenarios/startproject.yaml -p $profile --against dual
reqpath explain data/scenarios/startproject.yaml -p $profile --against singel
reqpath explain data/scenarios/startproject.yaml --against single
reqpath explain --stacks data/scenarios/startproject.yaml --profile $profile --against single
true
