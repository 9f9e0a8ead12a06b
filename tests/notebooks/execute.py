"""Runs notebooks and looks at what they draw.

    execute.py AGAINST_JSON FOLDER

Every notebook of the folder has to be valid; those with pictures are run, and
the numbers in matplotlib's axes have to be those that the marks of the picture
in the notebook carry. The first picture of async-performance.ipynb has to show
the numbers of AGAINST_JSON, which reqpath has just printed.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import json
import math
import pathlib
import re
import sys

import nbformat
from nbconvert.preprocessors import ExecutePreprocessor

# Of bars the widths, of a map the cells, of all else the heights of points.
LOOK = """
import json
if ax.images:
    seen = ax.images[0].get_array().ravel().tolist()
elif ax.patches:
    seen = [bar.get_width() for bar in ax.patches]
else:
    seen = [y for line in ax.lines if line.get_marker() not in ("None", None, "|", "_") for y in line.get_ydata()]
print("seen", json.dumps(seen))
"""


def svg_of(cell):
    for output in cell.get("outputs", []):
        if "image/svg+xml" in output.get("data", {}):
            return output.data["image/svg+xml"]
    return None


def seen_by(cell):
    # what is printed arrives in pieces, cut anywhere
    text = "".join(output.get("text", "") for output in cell.outputs)
    for line in text.splitlines():
        if line.startswith("seen "):
            return json.loads(line[5:])
    raise SystemExit("a cell saw nothing")


def same(a, b):
    a, b = sorted(a), sorted(b)
    return len(a) == len(b) and all(math.isclose(x, y, rel_tol=1e-9, abs_tol=1e-12) for x, y in zip(a, b))


def look(path):
    """What each picture carries; exits where matplotlib draws something else."""
    book = nbformat.read(path, as_version=4)
    nbformat.validate(book)
    carried, cells = [], []
    for cell in book.cells:
        cells.append(cell)
        svg = svg_of(cell)
        if svg:
            carried.append([float(value) for value in re.findall(r'data-value="([^"]*)"', svg)])
            cells.append(nbformat.v4.new_code_cell(LOOK))
    if not carried:
        print(f"{path.name}: valid, no picture")
        return carried
    book.cells = cells
    ExecutePreprocessor(timeout=120, kernel_name="python3").preprocess(book, {"metadata": {"path": "."}})
    drawn = [seen_by(cell) for cell in book.cells if cell.source == LOOK]
    for number, (a, b) in enumerate(zip(carried, drawn), 1):
        if not a or not same(a, b):
            sys.exit(f"{path.name}: picture {number} shows {a}, matplotlib drew {b}")
    print(f"{path.name}: {len(drawn)} pictures, {sum(map(len, drawn))} numbers the same")
    return carried


def main(against_path, folder):
    carried = {path.name: look(path) for path in sorted(pathlib.Path(folder).glob("*.ipynb"))}
    rows = json.loads(pathlib.Path(against_path).read_text())["rows"]
    said = [row[key] for row in rows for key in ("total_us", "against_total_us")]
    if not same(said, carried["async-performance.ipynb"][0]):
        sys.exit(f"reqpath says {said}, the picture shows {carried['async-performance.ipynb'][0]}")
    print("async-performance.ipynb: as reqpath says")


main(*sys.argv[1:])
