"""The JSON that commands print is what data/schemas says, and nothing else.

    schemas.py REQPATH SOURCE_DIR [COMMAND...]

Every command that `--format json` belongs to is run on examples, and what it
prints is held to the schema of its name; schemas allow no key that they do not
name. Keys of numbers end in their units. Needs Debian's python3-jsonschema.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

try:
    import jsonschema
except ImportError:
    print("SKIPPED: python3-jsonschema is not here")
    sys.exit(77)

REQPATH, SOURCE = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
SCHEMAS = SOURCE / "data/schemas"

# A line for each schema and shape of output: what makes it, in a shell.
EXAMPLES = (SOURCE / "tests/schemas.cmd").read_text()

# What the key of a number ends in, but for the end of an interval; and the "$defs"
# of a schema that numbers without a unit of their own are made of.
UNIT = re.compile(r"(^|_)(ns|us|ms|s|per_s|rps|percent|bytes|mb|per_month|per_unit)"
                  r"(_(low|high|difference|difference_low|difference_high))?$")
UNITLESS = {"amount", "count", "count_or_null", "number_of_its_key", "ratio",
            "ratio_or_null"}


def run(command: str, folder: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        ["sh", "-c", command], cwd=folder, text=True, capture_output=True,
        stdin=subprocess.DEVNULL, timeout=300,
        env={**os.environ, "LC_ALL": "C", "TERM": "dumb", "REQPATH_CPU": "",
             "PATH": f"{folder}/bin:{os.environ['PATH']}"})


def examples() -> list:
    """(schema, command) of each line "SCHEMA: COMMAND"; "-" only prepares."""
    lines = [line for line in EXAMPLES.splitlines()
             if line and not line.startswith("#")]
    return [tuple(line.split(": ", 1)) for line in lines]


def commands_with_json(folder: str) -> set:
    """Of `reqpath --help`, those whose own help has a format of JSON."""
    names = re.findall(r"^  ([a-z]+)  ", run("reqpath --help", folder).stdout, re.M)
    assert len(names) > 10, names
    return {name for name in names
            if re.search(r"--format=FORMAT +.*json",
                         run(f"reqpath {name} --help", folder).stdout)}


def schemas() -> dict:
    """By name; each is itself a schema, with a name that it prints."""
    found = {}
    for path in sorted(SCHEMAS.glob("*.json")):
        schema = json.loads(path.read_text())
        jsonschema.Draft202012Validator.check_schema(schema)
        found[path.stem] = schema
    return found


def is_number(schema: dict) -> bool:
    kinds = schema.get("type", [])
    return bool({"number", "integer"} & set([kinds] if isinstance(kinds, str) else kinds))


def slips(schema, at="", key="") -> list:
    """Objects that are open, and numbers whose unit is not told."""
    found = []
    if isinstance(schema, list):
        return [slip for one in schema for slip in slips(one, at, key)]
    if not isinstance(schema, dict):
        return []
    if schema.get("type") == "object" and "additionalProperties" not in schema:
        found.append(f"{at}: additionalProperties is missing")
    if schema.get("additionalProperties") is True:
        found.append(f"{at}: additionalProperties is true")
    if is_number(schema) and not UNIT.search(key):
        found.append(f"{at}: the key of a number ends in no unit, and no "
                     f"unitless kind ({', '.join(sorted(UNITLESS))}) is named")
    for name, inner in schema.get("properties", {}).items():
        found += slips(inner, f"{at}.{name}", name)
    for name, inner in schema.get("$defs", {}).items():
        if name not in UNITLESS:
            found += slips(inner, f"{at}#{name}", key)
    for word in ("items", "additionalProperties", "anyOf", "oneOf", "prefixItems"):
        found += slips(schema.get(word), f"{at}/{word}", key)
    return found


def broken(value):
    """The same with a key that no schema has, once for each object in it. Where any
    key may stand, its value is none of those that may."""
    if isinstance(value, dict):
        yield {**value, "no schema has this": []}
        for key, inner in value.items():
            for other in broken(inner):
                yield {**value, key: other}
    elif isinstance(value, list) and value:
        for other in broken(value[0]):
            yield [other, *value[1:]]


def check(name: str, command: str, schema: dict, folder: str) -> list:
    told = run(command, folder)
    try:
        printed = json.loads(told.stdout)
    except ValueError as error:
        return [f"{command}\n  no JSON: {error}\n  {told.stderr.strip()}"]
    validator = jsonschema.Draft202012Validator(schema)
    found = [f"{command}\n  {error.json_path}: {error.message[:300]}"
             for error in list(validator.iter_errors(printed))[:5]]
    if not found:
        found = [f"{command}\n  {name}: a strange key is let through"
                 for other in broken(printed) if validator.is_valid(other)]
    return found


def main() -> int:
    wanted, by_name = set(sys.argv[3:]), schemas()
    complaints = [f"data/schemas/{name}.json{slip}" for name, schema in by_name.items()
                  for slip in slips(schema)]
    with tempfile.TemporaryDirectory() as folder:
        for name in ("data", "tests"):
            os.symlink(SOURCE / name, f"{folder}/{name}")
        os.mkdir(f"{folder}/bin")
        os.symlink(REQPATH, f"{folder}/bin/reqpath")
        missing = commands_with_json(folder) - {name.split(".")[0] for name in by_name}
        complaints += [f"reqpath {name} has JSON, and data/schemas/{name}.json is "
                       "missing" for name in sorted(missing)]
        shown = set()
        for name, command in examples():
            if name == "-":
                run(command, folder)
            elif not wanted or name in wanted:
                shown.add(name)
                if name in by_name:
                    complaints += check(name, command, by_name[name], folder)
        if not wanted:
            complaints += [f"tests/schemas.cmd has no example of {name}"
                           for name in sorted(set(by_name) - shown)]
    print("\n".join(complaints) or f"{len(by_name)} schemas hold")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
